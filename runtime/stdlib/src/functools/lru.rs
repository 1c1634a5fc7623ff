//! The cache behind `functools.lru_cache`: a dict from keys to links of a ring, the least recently
//! used one first.

use std::cell::Cell;

use taipan_vm::call::Args;
use taipan_vm::object::{Gc, GcSlot, NativeHeader, Result, Slot, Value};
use taipan_vm::types::dict::Dict;
use taipan_vm::types::{T, int};
use taipan_vm::{NativeObject, Thread, ValueVec, pytype};

const MARK: &str = "functools.kwd_mark";

/// A function with a cache of its results.
#[repr(C)]
#[derive(NativeObject)]
pub struct LruCache {
    head: NativeHeader,
    function: Value,
    cache: Gc<Dict>,
    info_type: Value,
    /// A link that holds nothing: its neighbours are the least and the most recently used.
    root: Gc<Link>,
    #[notrace]
    limit: Option<usize>,
    #[notrace]
    typed: bool,
    #[notrace]
    hits: Cell<u64>,
    #[notrace]
    misses: Cell<u64>,
}

/// A result in the ring.
#[repr(C)]
#[derive(NativeObject)]
pub struct Link {
    head: NativeHeader,
    previous: GcSlot<Link>,
    next: GcSlot<Link>,
    key: Slot,
    result: Slot,
    #[notrace]
    hash: Cell<i64>,
}

impl Link {
    fn connect(a: Gc<Link>, b: Gc<Link>) {
        a.next.set(a.header(), b);
        b.previous.set(b.header(), a);
    }

    fn take_out(l: Gc<Link>) {
        if let (Some(p), Some(n)) = (l.previous.get(), l.next.get()) {
            Link::connect(p, n);
        }
    }

    /// Makes it the most recently used one.
    fn put_last(root: Gc<Link>, l: Gc<Link>) {
        if let Some(last) = root.previous.get() {
            Link::connect(last, l);
            Link::connect(l, root);
        }
    }
}

fn new_link(th: &mut Thread) -> Gc<Link> {
    th.new_native(&LINK_TYPE, |head| Link {
        head,
        previous: GcSlot::empty(),
        next: GcSlot::empty(),
        key: Slot::empty(),
        result: Slot::empty(),
        hash: Cell::new(0),
    })
}

#[pytype(name = "_lru_list_elem", module = "functools", flags = NO_INSTANTIATION, table = LINK_TYPE)]
impl Link {}

/// What separates positional from keyword arguments in a key.
fn mark(th: &mut Thread) -> Result {
    if let Some(m) = crate::support::kept(th, MARK) {
        return Ok(m);
    }
    let class = th.vm().ty(T::Object).value();
    let m = th.call(class, &[])?;
    th.vm().registry.borrow_mut().insert(MARK, m);
    Ok(m)
}

fn make_key(th: &mut Thread, args: Args<'_>, typed: bool) -> Result {
    let positional = args.positionals();
    if !typed && args.keyword_count() == 0 {
        if let [v] = *positional
            && (th.is_exact(v, T::Str) || th.is_exact(v, T::Int))
        {
            return Ok(v);
        }
        return Ok(th.new_tuple(positional).value());
    }
    let key = ValueVec::new();
    th.push_all(&key, positional)?;
    if args.keyword_count() > 0 {
        let m = mark(th)?;
        th.push(&key, m)?;
        for (k, v) in args.keywords() {
            th.push(&key, k)?;
            th.push(&key, v)?;
        }
    }
    if typed {
        for v in positional {
            let class = th.class_of(*v).value();
            th.push(&key, class)?;
        }
        for (_, v) in args.keywords() {
            let class = th.class_of(v).value();
            th.push(&key, class)?;
        }
    }
    Ok(th.new_tuple(key.as_slice()).value())
}

fn count(c: &Cell<u64>) {
    c.set(c.get() + 1);
}

fn unbounded(th: &mut Thread, c: Gc<LruCache>, args: Args<'_>) -> Result {
    let key = make_key(th, args, c.typed)?;
    let hash = th.hash(key)?;
    if let Some(v) = c.cache.get_hashed(th, key, hash)? {
        count(&c.hits);
        return Ok(v);
    }
    count(&c.misses);
    let result = th.call_args(c.function, args)?;
    c.cache.set_hashed(th, key, hash, result)?;
    Ok(result)
}

fn bounded(th: &mut Thread, c: Gc<LruCache>, args: Args<'_>, limit: usize) -> Result {
    let key = make_key(th, args, c.typed)?;
    let hash = th.hash(key)?;
    let found = c.cache.get_hashed(th, key, hash)?;
    if let Some(link) = found.and_then(|v| v.downcast::<Link>()) {
        Link::take_out(link);
        Link::put_last(c.root, link);
        count(&c.hits);
        let none = th.none();
        return Ok(link.result.get().unwrap_or(none));
    }
    count(&c.misses);
    let result = th.call_args(c.function, args)?;
    if c.cache.get_hashed(th, key, hash)?.is_some() {
        // The call, or another thread, has made the entry meanwhile.
        return Ok(result);
    }
    let link = if c.cache.len() < limit {
        new_link(th)
    } else {
        let oldest = c.root.next.get().filter(|l| !l.is(c.root));
        let Some(oldest) = oldest else {
            return Ok(result);
        };
        Link::take_out(oldest);
        if let Some(old) = oldest.key.get()
            && let Some(at) = c.cache.find_hashed(th, old, oldest.hash.get())?
        {
            c.cache.remove_at(at);
        } else {
            return Ok(result);
        }
        oldest
    };
    let h = link.header();
    link.key.set(h, key);
    link.result.set(h, result);
    link.hash.set(hash);
    c.cache.set_hashed(th, key, hash, link.value())?;
    Link::put_last(c.root, link);
    Ok(result)
}

/// Create a cached callable that wraps another function.
///
/// user_function:      the function being cached
///
/// maxsize:  0         for no caching
///           None      for unlimited cache size
///           n         for a bounded cache
///
/// typed:    False     cache f(3) and f(3.0) as identical calls
///           True      cache f(3) and f(3.0) as distinct calls
///
/// cache_info_type:    namedtuple class with the fields:
///                         hits misses currsize maxsize
#[pytype(
    name = "_lru_cache_wrapper",
    module = "functools",
    flags = BASETYPE | HAS_DICT | HAS_WEAKREF | METHOD_DESCRIPTOR,
    table = LRU_TYPE,
    more_getsets = &taipan_vm::types::descriptor::INSTANCE_DICT
)]
impl LruCache {
    #[pynew(sig = "(user_function, maxsize, typed, cache_info_type)")]
    fn new(
        th: &mut Thread,
        class: Value,
        user_function: Value,
        maxsize: Value,
        typed: bool,
        cache_info_type: Value,
    ) -> Result {
        let class = th.expect_type(class)?;
        if !th.is_callable(user_function) {
            return Err(th.type_error("the first argument must be callable"));
        }
        let limit = if th.is_none(maxsize) {
            None
        } else if int::is_int(maxsize) || th.class_of(maxsize).slots().index.is_some() {
            let n = th.index_i64(maxsize, "Python int too large to convert to C ssize_t")?;
            Some(n.max(0) as usize)
        } else {
            return Err(th.type_error("maxsize should be integer or None"));
        };
        let cache = th.new_dict();
        let root = new_link(th);
        Link::connect(root, root);
        Ok(th
            .alloc_native(class, |head| LruCache {
                head,
                function: user_function,
                cache,
                info_type: cache_info_type,
                root,
                limit,
                typed,
                hits: Cell::new(0),
                misses: Cell::new(0),
            })
            .value())
    }

    #[pyslot]
    fn call(th: &mut Thread, this: Value, args: Args<'_>) -> Result {
        let Some(c) = this.downcast::<LruCache>() else {
            return Err(th.type_error("not a cache"));
        };
        match c.limit {
            None => unbounded(th, c, args),
            Some(0) => {
                count(&c.misses);
                th.call_args(c.function, args)
            }
            Some(n) => bounded(th, c, args, n),
        }
    }

    #[pyslot]
    fn descr_get(
        th: &mut Thread,
        this: Value,
        object: Option<Value>,
        _owner: Option<Value>,
    ) -> Result {
        match th.not_none(object) {
            Some(o) => Ok(th.new_bound_method(this, o)),
            None => Ok(this),
        }
    }

    /// Report cache statistics
    #[pymethod]
    fn cache_info(th: &mut Thread, this: Gc<LruCache>) -> Result {
        let limit = match this.limit {
            Some(n) => th.int(n as i64),
            None => th.none(),
        };
        let numbers = [
            th.int(this.hits.get() as i64),
            th.int(this.misses.get() as i64),
            limit,
            th.int(this.cache.len() as i64),
        ];
        th.call(this.info_type, &numbers)
    }

    /// Clear the cache and cache statistics
    #[pymethod]
    fn cache_clear(_: &mut Thread, this: Gc<LruCache>) {
        this.hits.set(0);
        this.misses.set(0);
        Link::connect(this.root, this.root);
        this.cache.clear();
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<LruCache>) -> Result {
        th.get_attr_str(this.value(), "__qualname__")
    }

    #[pymethod]
    fn __copy__(_: &mut Thread, this: Gc<LruCache>) -> Value {
        this.value()
    }

    #[pymethod]
    fn __deepcopy__(_: &mut Thread, this: Gc<LruCache>, _memo: Value) -> Value {
        this.value()
    }
}
