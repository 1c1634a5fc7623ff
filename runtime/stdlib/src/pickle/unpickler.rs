//! `Unpickler`: its options, its stack and memo.

use std::cell::{Cell, RefCell};

use super::source::Source;
use super::{find, load, unpickling_error};
use taipan_vm::call::Args;
use taipan_vm::object::{Gc, GcSlot, Header, NativeHeader, Slot};
use taipan_vm::types::Named;
use taipan_vm::types::dict::Dict;
use taipan_vm::types::int;
use taipan_vm::types::str_::Str;
use taipan_vm::{NativeObject, Result, Thread, Value, ValueVec, pytype};

/// An unpickler.
#[repr(C)]
#[derive(NativeObject)]
pub struct Unpickler {
    head: NativeHeader,
    /// The object itself, for methods that have a plain reference.
    me: GcSlot<Unpickler>,
    pub(super) source: Source,
    pub(super) stack: ValueVec,
    /// Memoized objects by number; the unbound marker (the unpickler itself) where there is none.
    pub(super) memo: ValueVec,
    /// Memoized objects with numbers that are far too large.
    pub(super) sparse: Slot,
    pub(super) buffers: Slot,
    pub(super) persistent_load: Slot,
    pub(super) find_class: Slot,
    pub(super) encoding: Slot,
    pub(super) errors: Slot,
    #[notrace]
    pub(super) marks: RefCell<Vec<usize>>,
    #[notrace]
    pub(super) protocol: Cell<u8>,
    #[notrace]
    pub(super) fix_imports: Cell<bool>,
    #[notrace]
    pub(super) ready: Cell<bool>,
}

impl Named for Unpickler {
    const NAME: &'static str = "_pickle.Unpickler";
}

/// What `Unpickler.memo` gives.
#[repr(C)]
#[derive(NativeObject)]
pub struct UnpicklerMemo {
    head: NativeHeader,
    unpickler: Gc<Unpickler>,
}

/// An unpickler that is not set up yet.
pub(super) fn make(th: &mut Thread, class: Option<Value>) -> Result<Gc<Unpickler>> {
    let class = match class {
        Some(c) => th.expect_type(c)?,
        None => th.type_for(&UNPICKLER_TYPE),
    };
    let made = th.alloc_native(class, |head| Unpickler {
        head,
        me: GcSlot::empty(),
        source: Source::new(),
        stack: ValueVec::new(),
        memo: ValueVec::new(),
        sparse: Slot::empty(),
        buffers: Slot::empty(),
        persistent_load: Slot::empty(),
        find_class: Slot::empty(),
        encoding: Slot::empty(),
        errors: Slot::empty(),
        marks: RefCell::default(),
        protocol: Cell::new(0),
        fix_imports: Cell::new(true),
        ready: Cell::new(false),
    });
    made.me.set(made.header(), made);
    Ok(made)
}

impl Unpickler {
    pub(super) fn header(&self) -> &Header {
        &self.head.header
    }

    pub(super) fn this(&self) -> Gc<Unpickler> {
        match self.me.get() {
            Some(me) => me,
            None => unreachable!("an object that was not made by make()"),
        }
    }

    pub(super) fn value(&self) -> Value {
        self.this().value()
    }

    pub(super) fn set_up(
        &self,
        th: &mut Thread,
        fix_imports: bool,
        encoding: Option<Value>,
        errors: Option<Value>,
        buffers: Option<Value>,
    ) -> Result<()> {
        let h = self.header();
        for (slot, v, what) in [
            (&self.encoding, encoding, "encoding"),
            (&self.errors, errors, "errors"),
        ] {
            if let Some(v) = v
                && v.downcast::<Str>().is_none()
            {
                let got = th.type_name(v);
                return Err(th.type_error(format!(
                    "Unpickler() argument '{what}' must be str, not {got}"
                )));
            }
            slot.set_option(h, v);
        }
        let buffers = match th.not_none(buffers) {
            Some(b) => Some(th.iter(b)?),
            None => None,
        };
        self.buffers.set_option(h, buffers);
        self.fix_imports.set(fix_imports);
        self.memo.clear();
        self.sparse.set_option(h, None);
        self.ready.set(true);
        Ok(())
    }

    /// Stores a memoized object.
    pub(super) fn remember(&self, th: &mut Thread, n: u64, v: Value) -> Result<()> {
        let len = self.memo.len();
        let Some(n) = usize::try_from(n).ok().filter(|n| *n <= 2 * len + 1024) else {
            let d = match self.sparse.get().and_then(|d| d.downcast::<Dict>()) {
                Some(d) => d,
                None => {
                    let d = th.new_dict();
                    self.sparse.set(self.header(), d.value());
                    d
                }
            };
            let key = th.int_from_u64(n);
            return d.set(th, key, v);
        };
        while self.memo.len() <= n {
            if !self
                .memo
                .try_push(th.heap(), Some(self.header()), self.value())
            {
                return Err(th.memory_error());
            }
        }
        self.memo.set(n, v);
        Ok(())
    }

    /// A memoized object.
    pub(super) fn recall(&self, th: &mut Thread, n: u64) -> Result {
        let found = usize::try_from(n).ok().and_then(|n| self.memo.get(n));
        if let Some(v) = found
            && !v.is(self.value())
        {
            return Ok(v);
        }
        if let Some(d) = self.sparse.get().and_then(|d| d.downcast::<Dict>()) {
            let key = th.int_from_u64(n);
            if let Some(v) = d.get(th, key)? {
                return Ok(v);
            }
        }
        Err(unpickling_error(
            th,
            format!("Memo value not found at index {n}"),
        ))
    }
}

/// This takes a binary file for reading a pickle data stream.
#[pytype(name = "Unpickler", module = "_pickle", flags = BASETYPE | HAS_WEAKREF, table = UNPICKLER_TYPE)]
impl Unpickler {
    #[pynew(
        raw,
        sig = "(file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())"
    )]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        Ok(make(th, args.values.first().copied())?.value())
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
        let u = th.expect::<Unpickler>(this)?;
        let [file] = *args.positionals() else {
            let n = args.positionals().len();
            return Err(th.type_error(format!(
                "Unpickler() takes exactly 1 positional argument ({n} given)"
            )));
        };
        let mut given = [None; 4];
        let names = ["fix_imports", "encoding", "errors", "buffers"];
        for (k, v) in args.keywords() {
            let at = names
                .iter()
                .position(|n| k.downcast::<Str>().is_some_and(|k| k.equals_str(n)));
            match at {
                Some(i) => given[i] = Some(v),
                None => {
                    let k = th.str_lossy(k);
                    return Err(th.type_error(format!(
                        "Unpickler() got an unexpected keyword argument '{k}'"
                    )));
                }
            }
        }
        let [fix, encoding, errors, buffers] = given;
        let fix = match fix {
            Some(v) => th.truth(v)?,
            None => true,
        };
        u.source.set_file(th, u, file)?;
        u.set_up(th, fix, encoding, errors, buffers)
    }

    /// Load a pickle.
    ///
    /// Read a pickled object representation from the open file object given
    /// in the constructor, and return the reconstituted object hierarchy
    /// specified therein.
    #[pymethod(name = "load")]
    fn load_method(th: &mut Thread, this: Gc<Unpickler>) -> Result {
        load::load(th, this)
    }

    /// Return an object from a specified module.
    ///
    /// If necessary, the module will be imported. Subclasses may override
    /// this method (e.g. to restrict unpickling of arbitrary classes and
    /// functions).
    #[pymethod]
    fn find_class(
        th: &mut Thread,
        this: Gc<Unpickler>,
        module_name: Value,
        global_name: Value,
    ) -> Result {
        find::class(th, this, module_name, global_name)
    }

    /// The object for a persistent id.
    #[pymethod]
    fn persistent_load(th: &mut Thread, _this: Gc<Unpickler>, _pid: Value) -> Result {
        Err(unpickling_error(th, load::NO_PERSISTENT_LOAD))
    }

    #[pygetter]
    fn memo(th: &mut Thread, this: Gc<Unpickler>) -> Value {
        th.new_native(&MEMO_TYPE, |head| UnpicklerMemo {
            head,
            unpickler: this,
        })
        .value()
    }

    #[pysetter]
    fn set_memo(th: &mut Thread, this: Gc<Unpickler>, v: Option<Value>) -> Result<()> {
        let Some(v) = v else {
            return Err(th.type_error("attribute deletion is not supported"));
        };
        if let Some(m) = v.downcast::<UnpicklerMemo>() {
            let all = ValueVec::new();
            for x in m.unpickler.memo.as_slice() {
                let x = if x.is(m.unpickler.value()) {
                    this.value()
                } else {
                    *x
                };
                th.push(&all, x)?;
            }
            this.memo.swap(Some(this.header()), &all, None);
            return Ok(());
        }
        let Some(d) = v.downcast::<Dict>() else {
            let got = th.type_name(v);
            return Err(th.type_error(format!(
                "'memo' attribute must be an UnpicklerMemoProxy object or dict, not {got}"
            )));
        };
        this.memo.clear();
        let mut at = 0;
        while let Some((next, k, v)) = d.entry_from(at) {
            at = next;
            match int::to_i64(k) {
                Some(n) if n >= 0 => this.remember(th, n as u64, v)?,
                Some(_) => return Err(th.value_error("memo key must be positive integers.")),
                None => return Err(th.type_error("memo key must be integers")),
            }
        }
        Ok(())
    }
}

fn copy_of(th: &mut Thread, m: Gc<UnpicklerMemo>) -> Result<Gc<Dict>> {
    let d = th.new_dict();
    let mut i = 0;
    while let Some(o) = m.unpickler.memo.get(i) {
        if !o.is(m.unpickler.value()) {
            let key = th.int(i as i64);
            d.set(th, key, o)?;
        }
        i += 1;
    }
    Ok(d)
}

#[pytype(name = "UnpicklerMemoProxy", module = "_pickle", flags = NO_INSTANTIATION, table = MEMO_TYPE)]
impl UnpicklerMemo {
    /// Remove all items from memo.
    #[pymethod]
    fn clear(_: &mut Thread, this: Gc<UnpicklerMemo>) {
        this.unpickler.memo.clear();
    }

    /// Copy the memo to a new object.
    #[pymethod]
    fn copy(th: &mut Thread, this: Gc<UnpicklerMemo>) -> Result {
        Ok(copy_of(th, this)?.value())
    }

    /// Implement pickling support.
    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<UnpicklerMemo>) -> Result {
        let contents = copy_of(th, this)?.value();
        let class = th.vm().ty(taipan_vm::types::T::Dict).value();
        let args = th.new_tuple(&[contents]).value();
        Ok(th.new_tuple(&[class, args]).value())
    }
}
