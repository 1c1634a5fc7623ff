//! Code objects as the interpreter runs them: verified bytecode, constants and names as values,
//! and the feedback vector.

pub mod introspect;
mod looks;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use taipan_bytecode::access::instructions;
use taipan_bytecode::code::{Constant, SourceRange, co_flags};
use taipan_bytecode::lazy::CodeRef;
use taipan_bytecode::opcode::Opcode;

use crate::Thread;
use crate::feedback::FeedbackSlot;
use crate::machine::Unit;
use crate::object::{Gc, GcSlot, Header, HeapObject, Kind, Result, Tracer, Value, ValueBuffer};
use crate::pytype;
use crate::types::str_::Str;
use crate::types::{T, int};

/// A code object.
#[repr(C)]
pub struct Code {
    head: Header,
    /// The compiler's output; decoded on first use if the code is carried in the binary.
    pub data: CodeRef,
    /// First instruction word; null until somebody needs it.
    words: Cell<*const u64>,
    /// `co_flags`
    pub flags: u32,
    /// Number of positional parameters.
    pub argcount: u32,
    /// Size of the register window.
    pub registers: u32,
    /// Plain positional parameters only, and no generator: frames can be pushed without binding.
    pub simple: bool,
    /// Generator, coroutine or async generator.
    pub is_generator: bool,
    /// Constants; empty until the code is unpacked.
    consts: Cell<Gc<ValueBuffer>>,
    /// Names, interned; empty until the code is unpacked.
    names: Cell<Gc<ValueBuffer>>,
    /// `co_name`
    pub name: GcSlot<Str>,
    /// `co_qualname`
    pub qualname: GcSlot<Str>,
    /// `co_filename`
    pub filename: GcSlot<Str>,
    feedback: RefCell<Box<[FeedbackSlot]>>,
    pub(crate) feedback_base: Cell<*const FeedbackSlot>,
    /// Calls since the code was made, for tiering.
    pub calls: Cell<u32>,
    /// Address of machine code for the function from its beginning on, or 0.
    compiled: Cell<u64>,
    /// What compiled code calls: the same, or what interprets the function.
    pub(crate) entry: Cell<u64>,
    /// Of a generator: compiled code to go on in, by the word behind a yield.
    pub resumed: RefCell<Vec<(u32, u64)>>,
    /// What was compiled of the code.
    units: RefCell<Vec<Rc<Unit>>>,
    /// Which handlers have run: a bit for each first word, modulo 64. A hint for the compiler.
    handlers_taken: Cell<u64>,
    /// The first register that is neither a parameter, a variable nor a cell; 0 until the code is
    /// unpacked.
    pub first_temporary: Cell<u32>,
    /// Of a generator: nothing is to be done when a suspended one dies (no `finally`, `with` or
    /// `except`, nothing that it delegates to). False until the code is unpacked.
    pub is_plain_generator: Cell<bool>,
    /// A generator without handlers, which may delegate. False until the code is unpacked.
    pub has_no_handlers: Cell<bool>,
    /// A generator, coroutine or async generator whose frame has nothing to do before the object
    /// is made. False until the code is unpacked.
    pub makes_at_once: Cell<bool>,
    unpacked: Cell<bool>,
}

// SAFETY: repr(C), header first; constants, names and texts are reported. Feedback is weak: the
// collector clears what died.
#[allow(unsafe_code)]
unsafe impl HeapObject for Code {
    const KIND: Kind = Kind::Code;
    fn trace(&self, t: &mut Tracer) {
        t.pointer(self.consts.get());
        t.pointer(self.names.get());
        t.gc_slot(&self.name);
        t.gc_slot(&self.qualname);
        t.gc_slot(&self.filename);
        if let Ok(units) = self.units.try_borrow() {
            for unit in units.iter() {
                unit.roots.iter().for_each(|v| t.value(*v));
            }
        }
    }
}

impl super::Named for Code {
    const NAME: &'static str = "code";
}

impl Code {
    /// Address of machine code for the function from its beginning on, or 0.
    #[inline(always)]
    pub fn compiled(&self) -> u64 {
        self.compiled.get()
    }

    /// Says where machine code for the function is, or that there is none (0).
    pub fn set_compiled(&self, entry: u64) {
        self.compiled.set(entry);
        self.entry.set(match entry {
            0 => crate::machine::interpreted_entry(),
            e => e,
        });
    }

    /// Of a generator: is the word in no `try` or `with`, only in what makes a RuntimeError of a
    /// StopIteration?
    pub fn is_only_guarded(&self, word: u32) -> bool {
        self.data.handler(word) == self.data.guard()
    }

    /// Where the first instruction word is, for compiled code.
    pub const WORDS_OFFSET: usize = std::mem::offset_of!(Code, words);

    /// Keeps what a unit of this code names, as long as the code itself is reached.
    pub fn attach(&self, unit: Rc<Unit>) {
        if let Ok(mut units) = self.units.try_borrow_mut() {
            units.push(unit);
            crate::object::gc::barrier::write_many(&self.head);
        }
    }

    /// Lets go of a unit that nobody is in, and nobody enters again.
    pub fn detach(&self, unit: &Unit) {
        if let Ok(mut units) = self.units.try_borrow_mut() {
            units.retain(|u| !std::ptr::eq(&**u, unit));
        }
    }

    /// Notes that the handler at a word runs.
    pub fn handler_taken(&self, word: u32) {
        self.handlers_taken
            .set(self.handlers_taken.get() | 1 << (word & 63));
    }

    /// Has the handler at a word ever run? (Or another one, seldom.)
    pub fn was_handler_taken(&self, word: u32) -> bool {
        self.handlers_taken.get() >> (word & 63) & 1 != 0
    }

    /// First instruction word.
    #[inline(always)]
    pub fn words(&self) -> *const u64 {
        match self.words.get() {
            p if p.is_null() => self.find_words(),
            p => p,
        }
    }

    #[cold]
    fn find_words(&self) -> *const u64 {
        self.words.set(self.data.code.as_ptr());
        self.words.get()
    }

    /// First instruction word of code that has run before; null otherwise.
    #[inline(always)]
    pub(crate) fn known_words(&self) -> *const u64 {
        self.words.get()
    }

    /// Constants of code that runs.
    #[inline(always)]
    pub(crate) fn consts(&self) -> Gc<ValueBuffer> {
        self.consts.get()
    }

    /// The name with this index, of code that runs.
    #[inline(always)]
    #[allow(unsafe_code)]
    pub fn name_at(&self, i: u32) -> Gc<Str> {
        match self.names.get().get(i as usize) {
            // SAFETY: `names` holds only strings.
            Some(v) => unsafe { Gc::from_raw(v.bits() as *mut Str) },
            None => unreachable!("the verifier bounds name indices"),
        }
    }

    /// Names of the locals by register.
    pub fn varnames(&self) -> &[String] {
        &self.data.varnames
    }

    /// Is a flag of `co_flags` set?
    pub fn has(&self, flag: u32) -> bool {
        self.flags & flag != 0
    }

    /// The feedback vector, made on first use. What is still packed is unpacked: whoever runs code, or
    /// compiles it, comes by here first.
    #[inline(always)]
    pub(crate) fn feedback_ptr(&self, th: &mut Thread, me: Gc<Code>) -> *const FeedbackSlot {
        let p = self.feedback_base.get();
        if p.is_null() {
            self.make_feedback(th, me)
        } else {
            p
        }
    }

    #[cold]
    fn make_feedback(&self, th: &mut Thread, me: Gc<Code>) -> *const FeedbackSlot {
        th.unpack(me);
        looks::run(th, &self.data);
        let slots: Box<[FeedbackSlot]> = (0..self.data.feedback.len().max(1))
            .map(|_| FeedbackSlot::default())
            .collect();
        let mut f = self.feedback.borrow_mut();
        *f = slots;
        self.feedback_base.set(f.as_ptr());
        th.vm().codes.borrow_mut().push(me);
        th.vm().weak_tables_changed.set(true);
        f.as_ptr()
    }

    /// Calls `f` with each feedback slot and each further case of one.
    pub fn for_each_feedback(&self, mut f: impl FnMut(&FeedbackSlot)) {
        for s in self.feedback.borrow().iter() {
            f(s);
            if let Some(more) = s.more.get() {
                more.iter().for_each(&mut f);
            }
        }
    }

    /// An instruction word with this place in the source, or else on its line; 0 when there is none.
    pub fn word_of_place(&self, place: SourceRange) -> usize {
        let runs = &self.data.positions;
        let found = runs.iter().find(|r| r.range == place);
        let found = found.or_else(|| runs.iter().find(|r| r.range.line == place.line));
        found.map_or(0, |r| r.start as usize)
    }

    /// Source line of an instruction word.
    pub fn line_at(&self, pc: usize) -> u32 {
        self.data.position(pc as u32).line
    }
}

impl Thread {
    /// A constant as a value.
    pub fn constant(&mut self, c: &Constant) -> Value {
        match c {
            Constant::None => self.none(),
            Constant::Bool(b) => self.bool(*b),
            Constant::Ellipsis => self.ellipsis(),
            Constant::Int(i) => self.int(*i),
            Constant::BigInt {
                negative,
                magnitude,
            } => {
                let m = dashu_int::IBig::from(dashu_int::UBig::from_le_bytes(magnitude));
                int::normalize(self, &if *negative { -m } else { m })
            }
            Constant::Float(bits) => self.float(f64::from_bits(*bits)),
            Constant::Complex(re, im) => {
                crate::builtins::complex_constant(self, f64::from_bits(*re), f64::from_bits(*im))
            }
            Constant::Str(s) => {
                let s = self.str_from_wtf8(s);
                // Strings that look like identifiers are interned, as in CPython.
                match s.as_ascii() {
                    Some(t) if t.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') => {
                        self.intern_str(s).value()
                    }
                    _ => s.value(),
                }
            }
            Constant::Bytes(b) => self.new_bytes(b).value(),
            Constant::Tuple(items) => {
                let v = crate::ValueVec::new();
                for i in items {
                    let x = self.constant(i);
                    v.try_push(self.heap(), None, x);
                }
                self.new_tuple(v.as_slice()).value()
            }
            Constant::FrozenSet(items) => {
                let v = crate::ValueVec::new();
                for i in items {
                    let x = self.constant(i);
                    v.try_push(self.heap(), None, x);
                }
                match crate::types::set::frozenset_from(self, v.as_slice()) {
                    Ok(s) => s,
                    Err(_) => {
                        self.clear_pending();
                        self.none()
                    }
                }
            }
            Constant::Slice(parts) => {
                let [a, b, c] = &**parts;
                let (a, b, c) = (self.constant(a), self.constant(b), self.constant(c));
                crate::types::slice::new(self, a, b, c)
            }
            Constant::Code(code) => self.new_code(code.clone()).value(),
        }
    }

    /// A code object from the compiler's (or a verified `.pyc`'s) data.
    pub fn new_code(&mut self, data: CodeRef) -> Gc<Code> {
        let empty = match ValueBuffer::new(self.heap(), 0) {
            Some(b) => b,
            None => unreachable!("no memory for code"),
        };
        let s = data.summary();
        let name = self.intern(s.name);
        let qualname = self.intern(s.qualname);
        let filename = self.intern(s.filename);
        let generator =
            s.flags & (co_flags::GENERATOR | co_flags::COROUTINE | co_flags::ASYNC_GENERATOR) != 0;
        let simple =
            s.flags & (co_flags::VARARGS | co_flags::VARKEYWORDS) == 0 && s.kwonlyargcount == 0;
        let code = Code {
            head: Header::new(Kind::Code, T::Code.shape()),
            words: Cell::new(std::ptr::null()),
            flags: s.flags,
            argcount: s.argcount,
            registers: s.registers as u32,
            simple,
            is_generator: generator,
            consts: Cell::new(empty),
            names: Cell::new(empty),
            name: GcSlot::new(name),
            qualname: GcSlot::new(qualname),
            filename: GcSlot::new(filename),
            feedback: RefCell::default(),
            feedback_base: Cell::new(std::ptr::null()),
            calls: Cell::new(0),
            compiled: Cell::new(0),
            entry: Cell::new(crate::machine::interpreted_entry()),
            resumed: RefCell::default(),
            units: RefCell::default(),
            handlers_taken: Cell::new(0),
            first_temporary: Cell::new(0),
            is_plain_generator: Cell::new(false),
            has_no_handlers: Cell::new(false),
            makes_at_once: Cell::new(false),
            unpacked: Cell::new(false),
            data,
        };
        let code = self.alloc(code);
        self.heap().register_native_drop(code.value());
        if code.data.is_decoded() {
            self.unpack(code);
        }
        code
    }

    /// Makes constants and names of a code object into values, if that was not done yet.
    pub fn unpack(&mut self, code: Gc<Code>) {
        if code.unpacked.replace(true) {
            return;
        }
        let carried = !code.data.is_decoded();
        let data = &*code.data;
        looks::loaded(self, data);
        let (consts, names) = match (
            ValueBuffer::new(self.heap(), data.consts.len()),
            ValueBuffer::new(self.heap(), data.names.len()),
        ) {
            (Some(c), Some(n)) => (c, n),
            _ => unreachable!("no memory for constants and names"),
        };
        for (i, c) in data.consts.iter().enumerate() {
            let v = self.constant(c);
            // It may have been given another one meanwhile.
            if carried
                && let (Some(inner), Some(file)) = (v.downcast::<Code>(), code.filename.get())
            {
                inner.filename.set(inner.header(), file);
            }
            consts.set(i, v);
        }
        for (i, s) in data.names.iter().enumerate() {
            let v = self.intern(s).value();
            names.set(i, v);
        }
        let first_temporary = data
            .cellvars
            .iter()
            .chain(&data.freevars)
            .map(|(_, register)| *register as usize + 1)
            .max()
            .unwrap_or(0)
            .max(data.varnames.len());
        code.first_temporary.set(first_temporary as u32);
        let first = instructions(&data.code).next();
        code.makes_at_once.set(
            code.is_generator && first.is_some_and(|(_, op, ..)| op == Opcode::ReturnGenerator),
        );
        let others = co_flags::COROUTINE | co_flags::ASYNC_GENERATOR;
        code.has_no_handlers.set(
            code.is_generator
                && code.flags & others == 0
                && data.handlers.iter().all(|h| Some(h.target) == data.guard()),
        );
        code.is_plain_generator.set(
            code.has_no_handlers.get()
                && instructions(&data.code).all(|(_, op, ..)| op != Opcode::Delegate),
        );
        code.words();
        code.consts.set(consts);
        code.names.set(names);
        crate::object::gc::barrier::write(code.header(), consts.value());
        crate::object::gc::barrier::write(code.header(), names.value());
        // A frame may have been pushed already.
        if let Some(frame) = self.stacks.current()
            && frame.pc.is_null()
            && frame.code.is(code)
        {
            frame.pc = code.words();
        }
    }

    /// A constant of a code object, as a value.
    pub fn constant_of(&mut self, code: Gc<Code>, i: usize) -> Option<Value> {
        self.unpack(code);
        code.consts.get().get(i)
    }

    /// Replaces a constant of a code object that nobody runs yet.
    pub(crate) fn set_constant(&mut self, code: Gc<Code>, i: usize, v: Value) {
        self.unpack(code);
        code.consts.get().set(i, v);
    }
}

/// Create a code object.  Not for mere mortals.
#[pytype(name = "code", flags = HAS_WEAKREF, more = &introspect::METHODS, more_getsets = &introspect::GETSETS)]
impl Code {
    #[pynew(raw)]
    fn new(th: &mut Thread, args: crate::call::Args<'_>) -> Result {
        let n = args.positionals().len().saturating_sub(1);
        if n < 16 {
            return Err(th.type_error(format!("code expected at least 16 arguments, got {n}")));
        }
        Err(th.not_implemented_error(
            "code objects cannot be made from CPython's bytecode; use compile() or replace()",
        ))
    }

    #[pyslot]
    fn hash(th: &mut Thread, this: Value) -> Result<i64> {
        let c = th.expect::<Code>(this)?;
        Ok(introspect::hash(&c))
    }

    #[pyslot]
    fn richcompare(
        th: &mut Thread,
        this: Value,
        other: Value,
        op: crate::object::slots::CompareOp,
    ) -> Result {
        use crate::object::slots::CompareOp;
        let (Some(a), Some(b)) = (this.downcast::<Code>(), other.downcast::<Code>()) else {
            return Ok(th.not_implemented());
        };
        Ok(match op {
            CompareOp::Eq => th.bool(introspect::equal(&a, &b)),
            CompareOp::Ne => th.bool(!introspect::equal(&a, &b)),
            _ => th.not_implemented(),
        })
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let c = th.expect::<Code>(this)?;
        let text = format!(
            "<code object {} at {:#x}, file \"{}\", line {}>",
            c.data.summary().name,
            this.bits(),
            c.filename
                .get()
                .map_or(String::new(), |f| f.to_string_lossy()),
            c.data.summary().first_line
        );
        Ok(th.new_str(&text).value())
    }

    #[pygetter(member)]
    fn co_name(_: &mut Thread, this: Gc<Code>) -> Option<Gc<Str>> {
        this.name.get()
    }

    #[pygetter(member)]
    fn co_qualname(_: &mut Thread, this: Gc<Code>) -> Option<Gc<Str>> {
        this.qualname.get()
    }

    #[pygetter(member)]
    fn co_filename(_: &mut Thread, this: Gc<Code>) -> Option<Gc<Str>> {
        this.filename.get()
    }

    #[pygetter(member)]
    fn co_argcount(_: &mut Thread, this: Gc<Code>) -> i64 {
        this.argcount as i64
    }

    #[pygetter(member)]
    fn co_posonlyargcount(_: &mut Thread, this: Gc<Code>) -> i64 {
        this.data.summary().posonlyargcount as i64
    }

    #[pygetter(member)]
    fn co_kwonlyargcount(_: &mut Thread, this: Gc<Code>) -> i64 {
        this.data.summary().kwonlyargcount as i64
    }

    #[pygetter(member)]
    fn co_nlocals(_: &mut Thread, this: Gc<Code>) -> i64 {
        this.data.varnames.len() as i64
    }

    #[pygetter(member)]
    fn co_flags(_: &mut Thread, this: Gc<Code>) -> i64 {
        this.flags as i64
    }

    #[pygetter(member)]
    fn co_firstlineno(_: &mut Thread, this: Gc<Code>) -> i64 {
        this.data.summary().first_line as i64
    }

    #[pygetter]
    fn co_varnames(th: &mut Thread, this: Gc<Code>) -> Result {
        let names: Vec<String> = this.data.varnames.clone();
        Ok(th.tuple_of_names(&names))
    }

    #[pygetter(member)]
    fn co_names(th: &mut Thread, this: Gc<Code>) -> Result {
        let names: Vec<String> = this.data.names.clone();
        Ok(th.tuple_of_names(&names))
    }

    #[pygetter]
    fn co_cellvars(th: &mut Thread, this: Gc<Code>) -> Result {
        let names: Vec<String> = this.data.cellvars.iter().map(|c| c.0.clone()).collect();
        Ok(th.tuple_of_names(&names))
    }

    #[pygetter]
    fn co_freevars(th: &mut Thread, this: Gc<Code>) -> Result {
        let names: Vec<String> = this.data.freevars.iter().map(|c| c.0.clone()).collect();
        Ok(th.tuple_of_names(&names))
    }

    #[pygetter(member)]
    fn co_consts(th: &mut Thread, this: Gc<Code>) -> Result {
        th.unpack(this);
        let n = this.data.consts.len();
        Ok(th
            .tuple_from_iter((0..n).filter_map(|i| this.consts.get().get(i)))
            .value())
    }
}

impl Thread {
    /// A tuple of interned strings.
    pub fn tuple_of_names(&mut self, names: &[String]) -> Value {
        let v = crate::ValueVec::new();
        for n in names {
            let s = self.intern(n).value();
            v.try_push(self.heap(), None, s);
        }
        self.new_tuple(v.as_slice()).value()
    }
}
