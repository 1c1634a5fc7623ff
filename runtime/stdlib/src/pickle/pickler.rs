//! `Pickler`: its options, its memo.

use std::cell::{Cell, RefCell};

use rustc_hash::FxHashMap;
use taipan_vm::call::Args;
use taipan_vm::object::{Gc, GcSlot, Header, NativeHeader, Slot};
use taipan_vm::types::Named;
use taipan_vm::types::dict::Dict;
use taipan_vm::types::int;
use taipan_vm::types::str_::Str;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::{NativeObject, Result, Thread, Value, ValueVec, pytype};

use super::opcodes::*;
use super::{pickling_error, protocol};

/// Objects that a memo has room for at first: so many that small pickles do not make it grow.
const USUAL_MEMO: usize = 28;

/// A pickler.
#[repr(C)]
#[derive(NativeObject)]
pub struct Pickler {
    head: NativeHeader,
    /// The object itself, for methods that have a plain reference.
    me: GcSlot<Pickler>,
    /// The `write` method of the file.
    pub(super) write: Slot,
    pub(super) buffer_callback: Slot,
    pub(super) dispatch_table: Slot,
    pub(super) persistent_id: Slot,
    pub(super) reducer_override: Slot,
    /// The memoized objects by their numbers.
    pub(super) kept: ValueVec,
    /// Numbers of memoized objects by address.
    #[notrace]
    pub(super) memo: RefCell<FxHashMap<u64, u32>>,
    #[notrace]
    pub(super) output: RefCell<Vec<u8>>,
    #[notrace]
    pub(super) frame: Cell<Option<usize>>,
    #[notrace]
    pub(super) framing: Cell<bool>,
    #[notrace]
    pub(super) protocol: Cell<i64>,
    #[notrace]
    pub(super) fix_imports: Cell<bool>,
    #[notrace]
    pub(super) fast: Cell<bool>,
    #[notrace]
    ready: Cell<bool>,
}

impl Named for Pickler {
    const NAME: &'static str = "_pickle.Pickler";
}

/// What `Pickler.memo` gives.
#[repr(C)]
#[derive(NativeObject)]
pub struct MemoProxy {
    head: NativeHeader,
    pickler: Gc<Pickler>,
}

/// A pickler that is not set up yet.
pub(super) fn make(th: &mut Thread, class: Option<Value>) -> Result<Gc<Pickler>> {
    let class = match class {
        Some(c) => th.expect_type(c)?,
        None => th.type_for(&PICKLER_TYPE),
    };
    let made = th.alloc_native(class, |head| Pickler {
        head,
        me: GcSlot::empty(),
        write: Slot::empty(),
        buffer_callback: Slot::empty(),
        dispatch_table: Slot::empty(),
        persistent_id: Slot::empty(),
        reducer_override: Slot::empty(),
        kept: ValueVec::new(),
        memo: RefCell::new(FxHashMap::with_capacity_and_hasher(
            USUAL_MEMO,
            Default::default(),
        )),
        output: RefCell::default(),
        frame: Cell::new(None),
        framing: Cell::new(false),
        protocol: Cell::new(0),
        fix_imports: Cell::new(false),
        fast: Cell::new(false),
        ready: Cell::new(false),
    });
    made.me.set(made.header(), made);
    Ok(made)
}

impl Pickler {
    pub(super) fn header(&self) -> &Header {
        &self.head.header
    }

    pub(super) fn this(&self) -> Gc<Pickler> {
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
        wanted: Option<Value>,
        fix_imports: bool,
        callback: Option<Value>,
    ) -> Result<()> {
        let n = protocol(th, wanted)?;
        self.protocol.set(n);
        self.fix_imports.set(fix_imports && n < 3);
        let callback = th.not_none(callback);
        if callback.is_some() && n < 5 {
            return Err(th.value_error("buffer_callback needs protocol >= 5"));
        }
        self.buffer_callback.set_option(&self.head.header, callback);
        self.memo.borrow_mut().clear();
        self.kept.clear();
        self.ready.set(true);
        Ok(())
    }

    pub(super) fn set_file(&self, th: &mut Thread, file: Value) -> Result<()> {
        match th.get_attr_str_option(file, "write")? {
            Some(w) => {
                self.write.set(&self.head.header, w);
                Ok(())
            }
            None => Err(th.type_error("file must have a 'write' attribute")),
        }
    }

    /// Pickles with opcodes of protocol 1 and above?
    pub(super) fn binary(&self) -> bool {
        self.protocol.get() > 0
    }
}

impl Pickler {
    /// The number of a memoized object.
    pub(super) fn memoized(&self, v: Value) -> Option<u32> {
        self.memo.borrow().get(&v.bits()).copied()
    }

    pub(super) fn memoize(&self, th: &mut Thread, v: Value) -> Result<()> {
        if self.fast.get() {
            return Ok(());
        }
        let n = self.kept.len();
        if !self.kept.try_push(th.heap(), Some(self.header()), v) {
            return Err(th.memory_error());
        }
        self.memo.borrow_mut().insert(v.bits(), n as u32);
        if self.protocol.get() >= 4 {
            self.op(MEMOIZE);
        } else if !self.binary() {
            self.put(format!("p{n}\n").as_bytes());
        } else if n < 256 {
            self.put(&[BINPUT, n as u8]);
        } else {
            self.op(LONG_BINPUT);
            self.put(&(n as u32).to_le_bytes());
        }
        Ok(())
    }

    /// Fetches a memoized object.
    pub(super) fn get(&self, n: u32) {
        if !self.binary() {
            self.put(format!("g{n}\n").as_bytes());
        } else if n < 256 {
            self.put(&[BINGET, n as u8]);
        } else {
            self.op(LONG_BINGET);
            self.put(&n.to_le_bytes());
        }
    }

    /// Writes the whole pickle of an object.
    pub(super) fn dump(&self, th: &mut Thread, v: Value) -> Result<()> {
        if !self.ready.get() {
            let name = th.type_name(self.value());
            return Err(pickling_error(
                th,
                format!("Pickler.__init__() was not called by {name}.__init__()"),
            ));
        }
        self.output.borrow_mut().clear();
        self.frame.set(None);
        self.framing.set(false);
        self.hooks(th)?;
        let p = self.protocol.get();
        if p >= 2 {
            self.put(&[PROTO, p as u8]);
            self.framing.set(p >= 4);
        }
        let r = self.save(th, v, true);
        if r.is_ok() {
            self.op(STOP);
            self.end_frame();
        }
        self.framing.set(false);
        self.reducer_override.set_option(self.header(), None);
        r?;
        self.flush(th)
    }

    /// Looks for what a subclass overrides.
    fn hooks(&self, th: &mut Thread) -> Result<()> {
        let own = th.type_for(&PICKLER_TYPE);
        let sub = !th.class_of(self.value()).is(own);
        let hook = match sub {
            true => th.get_attr_str_option(self.value(), "reducer_override")?,
            false => None,
        };
        self.reducer_override.set_option(self.header(), hook);
        if sub {
            let f = th.get_attr_str_option(self.value(), "persistent_id")?;
            let f = f.filter(|f| !th.is_builtin_named(*f, "persistent_id"));
            self.persistent_id.set_option(self.header(), f);
            if let Some(t) = th.get_attr_str_option(self.value(), "dispatch_table")? {
                self.dispatch_table.set(self.header(), t);
            }
        }
        Ok(())
    }
}

/// This takes a binary file for writing a pickle data stream.
#[pytype(name = "Pickler", module = "_pickle", flags = BASETYPE | HAS_WEAKREF, table = PICKLER_TYPE)]
impl Pickler {
    #[pynew(
        raw,
        sig = "(file, protocol=None, fix_imports=True, buffer_callback=None)"
    )]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        Ok(make(th, args.values.first().copied())?.value())
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
        let p = th.expect::<Pickler>(this)?;
        let mut given = [None; 4];
        let positional = args.positionals();
        if positional.len() > 4 {
            let n = positional.len();
            return Err(th.type_error(format!("Pickler() takes at most 4 arguments ({n} given)")));
        }
        for (slot, v) in given.iter_mut().zip(positional) {
            *slot = Some(*v);
        }
        let names = ["file", "protocol", "fix_imports", "buffer_callback"];
        for (k, v) in args.keywords() {
            let at = names
                .iter()
                .position(|n| k.downcast::<Str>().is_some_and(|k| k.equals_str(n)));
            match at {
                Some(i) if given[i].is_none() => given[i] = Some(v),
                _ => {
                    let k = th.str_lossy(k);
                    return Err(th.type_error(format!(
                        "Pickler() got an unexpected keyword argument '{k}'"
                    )));
                }
            }
        }
        let [Some(file), wanted, fix, callback] = given else {
            return Err(th.type_error("Pickler() missing required argument 'file' (pos 1)"));
        };
        let fix = match fix {
            Some(v) => th.truth(v)?,
            None => true,
        };
        p.set_up(th, wanted, fix, callback)?;
        p.set_file(th, file)
    }

    /// Write a pickled representation of the given object to the open file.
    #[pymethod(name = "dump")]
    fn dump_method(th: &mut Thread, this: Gc<Pickler>, obj: Value) -> Result<()> {
        this.dump(th, obj)
    }

    /// Clears the pickler's "memo".
    #[pymethod]
    fn clear_memo(_: &mut Thread, this: Gc<Pickler>) {
        this.memo.borrow_mut().clear();
        this.kept.clear();
    }

    /// The persistent id of an object; None pickles it as usual.
    #[pymethod(name = "persistent_id")]
    fn persistent_id_method(th: &mut Thread, _this: Gc<Pickler>, _obj: Value) -> Value {
        th.none()
    }

    #[pygetter]
    fn bin(_: &mut Thread, this: Gc<Pickler>) -> bool {
        this.binary()
    }

    #[pygetter]
    fn fast(_: &mut Thread, this: Gc<Pickler>) -> i64 {
        i64::from(this.fast.get())
    }

    #[pysetter]
    fn set_fast(th: &mut Thread, this: Gc<Pickler>, v: Option<Value>) -> Result<()> {
        let on = match v {
            Some(v) => th.truth(v)?,
            None => false,
        };
        this.fast.set(on);
        Ok(())
    }

    #[pygetter]
    fn dispatch_table(th: &mut Thread, this: Gc<Pickler>) -> Result {
        match this.dispatch_table.get() {
            Some(t) => Ok(t),
            None => Err(th.raise(
                taipan_vm::types::ExceptionClass::AttributeError,
                "dispatch_table",
            )),
        }
    }

    #[pysetter]
    fn set_dispatch_table(_: &mut Thread, this: Gc<Pickler>, v: Option<Value>) -> Result<()> {
        this.dispatch_table.set_option(this.header(), v);
        Ok(())
    }

    #[pygetter]
    fn memo(th: &mut Thread, this: Gc<Pickler>) -> Value {
        th.new_native(&MEMO_TYPE, |head| MemoProxy {
            head,
            pickler: this,
        })
        .value()
    }

    #[pysetter]
    fn set_memo(th: &mut Thread, this: Gc<Pickler>, v: Option<Value>) -> Result<()> {
        let Some(v) = v else {
            return Err(th.type_error("attribute deletion is not supported"));
        };
        let objects = ValueVec::new();
        if let Some(m) = v.downcast::<MemoProxy>() {
            th.push_all(&objects, m.pickler.kept.as_slice())?;
        } else if let Some(d) = v.downcast::<Dict>() {
            let mut at = 0;
            let none = th.none();
            for _ in 0..d.len() {
                th.push(&objects, none)?;
            }
            while let Some((next, _, pair)) = d.entry_from(at) {
                at = next;
                let pair = pair.downcast::<Tuple>().filter(|t| t.len() == 2);
                let Some(t) = pair else {
                    return Err(th.type_error("'memo' values must be 2-item tuples"));
                };
                let n = t.get(0).and_then(int::to_i64).unwrap_or(-1);
                match (usize::try_from(n), t.get(1)) {
                    (Ok(i), Some(o)) if i < objects.len() => objects.set(i, o),
                    _ => return Err(th.value_error("memo key must be positive integers.")),
                }
            }
        } else {
            let got = th.type_name(v);
            return Err(th.type_error(format!(
                "'memo' attribute must be a PicklerMemoProxy object or dict, not {got}"
            )));
        }
        let mut memo = this.memo.borrow_mut();
        memo.clear();
        for (i, o) in objects.as_slice().iter().enumerate() {
            memo.insert(o.bits(), i as u32);
        }
        this.kept.swap(Some(this.header()), &objects, None);
        Ok(())
    }
}

fn copy_of(th: &mut Thread, m: Gc<MemoProxy>) -> Result<Gc<Dict>> {
    let d = th.new_dict();
    let mut i = 0;
    while let Some(o) = m.pickler.kept.get(i) {
        let pair = [th.int(i as i64), o];
        let pair = th.new_tuple(&pair).value();
        let id = th.builtin("id")?;
        let key = th.call(id, &[o])?;
        d.set(th, key, pair)?;
        i += 1;
    }
    Ok(d)
}

#[pytype(name = "PicklerMemoProxy", module = "_pickle", flags = NO_INSTANTIATION, table = MEMO_TYPE)]
impl MemoProxy {
    /// Remove all items from memo.
    #[pymethod]
    fn clear(_: &mut Thread, this: Gc<MemoProxy>) {
        this.pickler.memo.borrow_mut().clear();
        this.pickler.kept.clear();
    }

    /// Copy the memo to a new object.
    #[pymethod]
    fn copy(th: &mut Thread, this: Gc<MemoProxy>) -> Result {
        Ok(copy_of(th, this)?.value())
    }

    /// Implement pickle support.
    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<MemoProxy>) -> Result {
        let contents = copy_of(th, this)?.value();
        let class = th.vm().ty(taipan_vm::types::T::Dict).value();
        let args = th.new_tuple(&[contents]).value();
        Ok(th.new_tuple(&[class, args]).value())
    }
}
