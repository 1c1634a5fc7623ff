//! Calls.

use taipan_abi::helpers::Helper;
use taipan_abi::resume::{ObjectKind, Reason};
use taipan_bytecode::code::co_flags;
use taipan_bytecode::encode::Operands;
use taipan_ssa::graph::Alias;
use taipan_ssa::insts::Compare;
use taipan_ssa::types::kinds;
use taipan_ssa::{Op, Rep, Type, Value};
use taipan_vm::Value as Object;
use taipan_vm::feedback::{CacheKind, seen};
use taipan_vm::machine::assumptions::Assumption;
use taipan_vm::machine::layout as at;
use taipan_vm::object::{Gc, Kind};
use taipan_vm::types::T;
use taipan_vm::types::code::Code;
use taipan_vm::types::function::Function;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::types::type_::Type as Class;

use super::ops::Flow;
use super::state::{Abs, FrameRegs};
use super::{Builder, Failure, shape_of};

/// What became of an attempt to call.
pub enum Called {
    /// The value.
    Value(Abs),
    /// It never comes back here.
    Ended,
    /// It must be done in the general way.
    No,
}

/// A call's arguments.
#[derive(Clone)]
pub struct Arguments {
    /// Positional ones, then the keywords' values.
    pub values: Vec<Abs>,
    /// Names of the last ones.
    pub names: Option<Gc<Tuple>>,
}

impl Builder<'_> {
    /// `Call` and `CallMethod`.
    pub fn call_op(&mut self, x: &Operands, method: bool) -> Result<Flow, Failure> {
        let (dst, base, count) = (x.a as usize, x.b as usize, x.c as usize);
        let names = match x.d {
            0 => None,
            n => {
                let code = self.code();
                let names = self.th.constant_of(code, n as usize - 1);
                names.and_then(|v| v.downcast::<Tuple>())
            }
        };
        let mut values: Vec<Abs> = Vec::with_capacity(count + 1);
        let mut first = base + 1;
        let mut dynamic_receiver = None;
        if method {
            first += 1;
            match self.state.get(base + 1) {
                Abs::Unbound => {}
                Abs::V(v) if self.ty(v).may_be(kinds::UNBOUND) => {
                    if self.ty(v).within(kinds::UNBOUND) {
                    } else {
                        dynamic_receiver = Some(v);
                    }
                }
                r => values.push(r),
            }
        }
        for r in first..first + count {
            let v = self.state.get(r);
            values.push(v);
        }
        let callee = self.state.get(base);
        if let Some(r) = dynamic_receiver {
            let f = self.tagged(callee);
            let mut run = vec![r];
            for v in values {
                run.push(self.tagged(v));
            }
            let kw = self.names_value(names);
            let v = self.call_run(Helper::call_method, &[f, kw], &run, Type::ANY);
            self.state.set(dst, Abs::V(v));
            return Ok(Flow::Next);
        }
        let args = Arguments { values, names };
        match self.call_value(callee, args, dst as u16, x.e)? {
            Called::Value(v) => {
                self.state.set(dst, v);
                Ok(Flow::Next)
            }
            Called::Ended | Called::No => Ok(Flow::Ended),
        }
    }

    fn names_value(&mut self, names: Option<Gc<Tuple>>) -> Value {
        match names {
            Some(n) => self.constant_object(n.value()),
            None => self.constant_unbound(),
        }
    }

    /// Calls what is known by the feedback only, or better.
    pub fn call_value(
        &mut self,
        callee: Abs,
        mut args: Arguments,
        dst: u16,
        fb: u32,
    ) -> Result<Called, Failure> {
        // Bound methods that were not made.
        let mut callee = callee;
        if let Abs::O(o) = callee
            && self.state.objects[o as usize].kind == ObjectKind::BoundMethod
        {
            let f = self.state.objects[o as usize].fields.clone();
            args.values.insert(0, f[1]);
            callee = f[0];
        }
        if let Abs::O(o) = callee
            && let ObjectKind::Function(code, home) = self.state.objects[o as usize].kind
            && let Some(code) = Object::from_bits(code).and_then(|v| v.downcast())
            && let Some(home) = Object::from_bits(home).and_then(|v| v.downcast())
        {
            return self.call_unmade(o, code, home, &args, dst);
        }
        let mut f = match callee {
            Abs::V(v) => v,
            c => self.tagged(c),
        };
        let sight = self.sight(fb);
        if self.known(f).is_none() && !self.is_general() {
            let seen_here = sight.seen;
            let value = Object::from_bits(sight.value);
            match value {
                Some(class) if sight.kind == CacheKind::Construct => {
                    f = self.identity(f, class);
                }
                Some(function)
                    if function.kind() == Kind::Function && seen_here & seen::OTHER_CODE == 0 =>
                {
                    if seen_here & seen::BOUND_METHOD != 0 {
                        let m = self.builtin_shape(f, T::BoundMethod);
                        let r = self.load(m, at::METHOD_RECEIVER, Alias::Constant, Type::ANY);
                        let g = self.load(m, at::METHOD_FUNCTION, Alias::Constant, Type::ANY);
                        args.values.insert(0, Abs::V(r));
                        f = g;
                    }
                    if seen_here & seen::OTHER_FUNCTION == 0 {
                        f = self.identity(f, function);
                    } else if let Some(function) = function.downcast::<Function>()
                        && let told = Assumption::FunctionsOf(function.code().value().bits())
                        && !self.th.vm().assumptions.is_unstable(told)
                    {
                        // Closures over the same code.
                        self.assume(told);
                        let g = self.builtin_shape(f, T::Function);
                        let code = self.load(
                            g,
                            at::FUNCTION_CODE,
                            Alias::Constant,
                            Type::of(kinds::OBJECT),
                        );
                        let want = function.code().value();
                        self.identity(code, want);
                        return self.call_closure(function, g, args, dst);
                    }
                }
                Some(method)
                    if sight.kind == CacheKind::Empty
                        && seen_here & (seen::OTHER_FUNCTION | seen::OTHER_CODE) == 0
                        && let Some(row) =
                            taipan_vm::machine::method_row(self.th, method, sight.shape) =>
                {
                    let r = self.bound_builtin(f, row, sight.shape);
                    args.values.insert(0, Abs::V(r));
                    self.roots.push(method);
                    f = self.constant_object(method);
                }
                _ if seen_here == 0 && sight.kind == CacheKind::Empty => {
                    self.leave(Reason::Untaken);
                    return Ok(Called::Ended);
                }
                _ => {}
            }
        }
        if let Some(chosen) = self.chosen.get(&f).cloned()
            && !self.is_general()
        {
            return self.call_chosen(f, chosen, &args, dst, fb);
        }
        self.call_object(f, &args, dst, fb)
    }

    /// The receiver, of this shape, of a builtin that is bound to one and has this row in the method
    /// table.
    fn bound_builtin(&mut self, f: Value, row: usize, shape: u32) -> Value {
        let b = self.builtin_shape(f, T::Builtin);
        let ty = Type::int(0, 1 << 48);
        let have = self.load_raw(b, at::BUILTIN_DEF, Alias::Constant, ty);
        let want = self.constant_int(row as i64);
        let same = self.push(
            Op::CompareInt,
            &[have, want],
            Compare::Eq as i64,
            Rep::Bool,
            Type::BOOL,
        );
        self.guard_true(same, Reason::Identity);
        let r = self.load(b, at::BUILTIN_RECEIVER, Alias::Constant, Type::ANY);
        self.shape(r, shape)
    }

    /// Calls what depends on the receiver's shape.
    fn call_chosen(
        &mut self,
        f: Value,
        chosen: super::shapes::Chosen,
        args: &Arguments,
        dst: u16,
        fb: u32,
    ) -> Result<Called, Failure> {
        let x = chosen.receiver;
        // Behind a call the receiver may have got another shape: then the callable tells.
        let set = self.graph.ty(x).shapes;
        let now = set != 0 && (chosen.calls == self.calls || !self.any_may_change(set - 1));
        let n = chosen.cases.len();
        let cases = chosen.cases;
        let r = self.part(
            n,
            dst,
            |b, i| {
                if i + 1 == n {
                    return None;
                }
                Some(if now {
                    b.has_one_of(x, &cases[i].0)
                } else {
                    let g = b.constant_object(cases[i].1);
                    b.push(Op::Same, &[f, g], 0, Rep::Bool, Type::BOOL)
                })
            },
            |b, i| {
                if now {
                    b.narrow_shapes(x, &cases[i].0);
                }
                let g = b.constant_object(cases[i].1);
                Ok(match b.call_object(g, args, dst, fb)? {
                    Called::Value(v) => Some(v),
                    Called::Ended | Called::No => None,
                })
            },
        )?;
        Ok(r.map_or(Called::Ended, Called::Value))
    }

    /// Calls a value, which may be known.
    fn call_object(
        &mut self,
        f: Value,
        args: &Arguments,
        dst: u16,
        fb: u32,
    ) -> Result<Called, Failure> {
        if let Some(o) = self.known(f) {
            match self.call_known_object(o, args, dst, fb)? {
                Called::No => {}
                done => return Ok(done),
            }
            if o.kind() == Kind::Builtin && args.names.is_none() {
                let mut run = Vec::new();
                for v in &args.values {
                    run.push(self.tagged(*v));
                }
                let ty = super::builtins::result_type(self.th, o);
                let v = self.call_run(Helper::call_builtin, &[f], &run, ty);
                return Ok(Called::Value(Abs::V(v)));
            }
        }
        Ok(Called::Value(self.call_generally(f, args)))
    }

    fn call_known_object(
        &mut self,
        o: Object,
        args: &Arguments,
        dst: u16,
        fb: u32,
    ) -> Result<Called, Failure> {
        match o.kind() {
            Kind::Function => match o.downcast::<Function>() {
                Some(f) => {
                    let fv = self.constant_object(o);
                    self.call_function(f, Abs::V(fv), args, None, dst)
                }
                None => Ok(Called::No),
            },
            Kind::BoundMethod => {
                let Some((f, r)) = taipan_vm::machine::bound_method_parts(o) else {
                    return Ok(Called::No);
                };
                let mut args = args.clone();
                let r = self.constant_object(r);
                args.values.insert(0, Abs::V(r));
                match f.downcast::<Function>() {
                    Some(function) => {
                        let fv = self.constant_object(f);
                        self.call_function(function, Abs::V(fv), &args, None, dst)
                    }
                    None => Ok(Called::No),
                }
            }
            // It scans the machine stack, where this unit must have left nothing.
            Kind::Builtin if taipan_vm::machine::is_collector(self.th, o) => {
                self.leave(Reason::Interpret);
                Ok(Called::Ended)
            }
            Kind::Builtin => self.call_builtin(o, args, fb),
            // `super()` looks into the frame.
            Kind::Type if args.values.is_empty() && o.is(self.th.vm().ty(T::Super).value()) => {
                self.leave_showing_cells();
                Ok(Called::Ended)
            }
            Kind::Type => match o.downcast::<Class>() {
                Some(c) => self.call_class(c, args, dst, fb),
                None => Ok(Called::No),
            },
            // (It takes no other arguments, or asks the class about them.)
            _ if args.values.len() == 1
                && args.names.is_none()
                && taipan_vm::machine::is_object_init(self.th, o) =>
            {
                let none = self.th.none();
                Ok(Called::Value(Abs::V(self.constant_object(none))))
            }
            _ => Ok(Called::No),
        }
    }

    /// A closure whose code is known, but not its cells.
    fn call_closure(
        &mut self,
        example: Gc<Function>,
        f: Value,
        args: Arguments,
        dst: u16,
    ) -> Result<Called, Failure> {
        let code = example.code();
        self.roots.push(example.value());
        let mut default_used = false;
        let bound = self.bind(code, &args, |b, i, name| {
            default_used = true;
            // (Those by keyword are each closure's own.)
            match name {
                None => b.default_of(example, i, None),
                Some(_) => None,
            }
        });
        let Some(regs) = bound.filter(|_| !code.is_generator || args.names.is_none()) else {
            return Ok(Called::Value(self.call_generally(f, &args)));
        };
        if default_used && let Some(defaults) = example.defaults.get() {
            let at = at::FUNCTION_DEFAULTS;
            let d = self.load(f, at, Alias::Constant, Type::ANY_OR_UNBOUND);
            self.identity(d, defaults.value());
        }
        if self.may_inline(code) || self.walks_generator(code, dst) {
            self.guard_globals_of(example, f);
            return self.inline_call(code, None, Some(example), Abs::V(f), regs, None, dst);
        }
        if code.registers < WIDE_WINDOW {
            if let Some(g) = self.new_generator(code, f, &regs) {
                return Ok(Called::Value(g));
            }
            if self.runs_seldom() {
                return Ok(Called::Value(self.call_generally(f, &args)));
            }
            return Ok(Called::Value(self.call_compiled(code, f, &regs)));
        }
        Ok(Called::Value(self.call_generally(f, &args)))
    }

    /// Calls a value in the general way.
    pub fn call_generally(&mut self, f: Value, args: &Arguments) -> Abs {
        let kw = self.names_value(args.names);
        let mut run = Vec::new();
        for v in &args.values {
            run.push(self.tagged(*v));
        }
        let f = self.tag(f);
        Abs::V(self.call_run(Helper::call, &[f, kw], &run, Type::ANY))
    }

    /// Calls a class.
    fn call_class(
        &mut self,
        class: Gc<Class>,
        args: &Arguments,
        dst: u16,
        fb: u32,
    ) -> Result<Called, Failure> {
        match self.call_builtin_class(class, args, fb)? {
            Called::No => {}
            done => return Ok(done),
        }
        let Some(plan) = taipan_vm::machine::construction(self.th, class) else {
            return Ok(Called::No);
        };
        self.assume(plan.assumption);
        self.roots.push(class.value());
        let object = self.state.add_object(
            ObjectKind::Instance(plan.shape, class.value().bits()),
            vec![Abs::Unbound; plan.slots],
        );
        let Some(init) = plan.init else {
            if args.values.is_empty() {
                return Ok(Called::Value(object));
            }
            return Ok(Called::No);
        };
        let mut all = args.clone();
        all.values.insert(0, object);
        let fv = self.constant_object(init.value());
        match self.call_function(init, Abs::V(fv), &all, Some(object), dst)? {
            Called::No => {
                // The object exists; __init__ is called in the general way.
                let o = self.tagged(object);
                let kw = self.names_value(args.names);
                let mut run = vec![o];
                for v in &args.values {
                    run.push(self.tagged(*v));
                }
                let r = self.call_run(Helper::call_init, &[fv, kw], &run, Type::ANY);
                let _ = r;
                // Its attributes have given it another shape than it was made with.
                let made = self.push(Op::Retype, &[o], 0, Rep::Tagged, Type::of(kinds::OBJECT));
                Ok(Called::Value(Abs::V(made)))
            }
            done => Ok(done),
        }
    }

    /// Arguments by parameter register, or None when only the runtime can bind them. What is not given
    /// is asked for: by the number of the parameter, and its name if it has one only by keyword.
    pub fn bind(
        &mut self,
        code: Gc<Code>,
        args: &Arguments,
        mut default: impl FnMut(&mut Self, usize, Option<&str>) -> Option<Abs>,
    ) -> Option<Vec<Abs>> {
        let d = code.data.clone();
        let positional = d.argcount as usize;
        let total = positional + d.kwonlyargcount as usize;
        let varkeywords = d.flags & co_flags::VARKEYWORDS != 0;
        let mut rest = Vec::new();
        let names: Vec<Object> = args.names.map_or(Vec::new(), |t| t.as_slice().to_vec());
        let given = args.values.len() - names.len();
        let varargs = d.flags & co_flags::VARARGS != 0;
        if given > positional && !varargs {
            return None;
        }
        let mut out: Vec<Option<Abs>> = vec![None; taipan_vm::machine::parameter_count(code)];
        for (slot, v) in out.iter_mut().zip(&args.values).take(given.min(positional)) {
            *slot = Some(*v);
        }
        for (i, n) in names.iter().enumerate() {
            let text = n.downcast::<taipan_vm::types::str_::Str>()?;
            let at = d.varnames[d.posonlyargcount as usize..total]
                .iter()
                .position(|p| text.equals_str(p));
            let Some(at) = at else {
                if !varkeywords {
                    return None;
                }
                rest.extend([Abs::V(self.constant_object(*n)), args.values[given + i]]);
                continue;
            };
            let at = at + d.posonlyargcount as usize;
            if out[at].is_some() {
                return None;
            }
            out[at] = Some(args.values[given + i]);
        }
        for i in 0..total {
            if out[i].is_none() {
                let name = (i >= positional).then(|| d.varnames[i].as_str());
                out[i] = Some(default(self, i, name)?);
            }
        }
        if varargs {
            let rest: Vec<Abs> = args.values.get(positional..given).unwrap_or(&[]).to_vec();
            let v = if rest.is_empty() {
                let e = self.th.empty_tuple().value();
                Abs::V(self.constant_object(e))
            } else {
                self.state.add_object(ObjectKind::Tuple, rest)
            };
            out[total] = Some(v);
        }
        if varkeywords {
            out[total + varargs as usize] = Some(self.removed_dict(rest)?);
        }
        out.into_iter().collect()
    }

    /// The default of a function's parameter. (Calls rely on the function's defaults as on its code.)
    fn default_of(&mut self, f: Gc<Function>, i: usize, name: Option<&str>) -> Option<Abs> {
        let Some(name) = name else {
            let all = f.defaults.get()?;
            let skip = (f.code().data.argcount as usize).checked_sub(all.len())?;
            let v = all.get(i.checked_sub(skip)?)?;
            return Some(Abs::V(self.constant_object(v)));
        };
        let d = f.kwdefaults.get()?;
        let name = self.th.intern(name);
        let v = d.get_str(name)?;
        // A dict that can be changed in place: watched as a namespace.
        let a = Assumption::Name(d.value().bits(), name.value().bits());
        if self.th.vm().assumptions.is_unstable(a) {
            return None;
        }
        taipan_vm::machine::assumptions::watch(d);
        self.roots.push(d.value());
        self.assume(a);
        Some(Abs::V(self.constant_object(v)))
    }

    /// Calls a known function with arguments.
    pub fn call_function(
        &mut self,
        f: Gc<Function>,
        fv: Abs,
        args: &Arguments,
        construct: Option<Abs>,
        dst: u16,
    ) -> Result<Called, Failure> {
        let code = f.code();
        let bound = self.bind(code, args, |b, i, name| b.default_of(f, i, name));
        let Some(regs) = bound else {
            return Ok(Called::No);
        };
        // Its code may be replaced.
        self.assume(Assumption::Function(f.value().bits()));
        self.roots.push(f.value());
        if self.may_inline(code) || construct.is_none() && self.walks_generator(code, dst) {
            return self.inline_call(code, Some(f), None, fv, regs, construct, dst);
        }
        if construct.is_some()
            || code.is_generator && args.names.is_some()
            || code.registers >= WIDE_WINDOW
        {
            return Ok(Called::No);
        }
        let fv = self.tagged(fv);
        if let Some(g) = self.new_generator(code, fv, &regs) {
            return Ok(Called::Value(g));
        }
        if self.runs_seldom() {
            return Ok(Called::Value(self.call_generally(fv, args)));
        }
        Ok(Called::Value(self.call_compiled(code, fv, &regs)))
    }

    /// The value of a call of a generator function with these parameters, if the object can be made
    /// without a frame.
    pub fn new_generator(&mut self, code: Gc<Code>, f: Value, regs: &[Abs]) -> Option<Abs> {
        self.th.unpack(code);
        if !code.makes_at_once.get() || !code.simple || regs.len() != code.argcount as usize {
            return None;
        }
        let mut all = vec![f];
        for v in regs {
            all.push(self.tagged(*v));
        }
        let t = match code.flags {
            x if x & co_flags::ASYNC_GENERATOR != 0 => T::AsyncGenerator,
            x if x & co_flags::COROUTINE != 0 => T::Coroutine,
            _ => T::Generator,
        };
        let (h, ty) = (Helper::new_generator, self.exact(t));
        Some(Abs::V(match t {
            // (It may want to know where it was made.)
            T::Coroutine => self.call_run(h, &[], &all, ty),
            _ => self.call_run_quiet(h, &all, ty),
        }))
    }

    /// A native call of the code's machine code, or of the interpreter while there is none.
    pub fn call_compiled(&mut self, code: Gc<Code>, f: Value, regs: &[Abs]) -> Abs {
        // Its words are where the machine code finds them.
        self.th.unpack(code);
        let mut all = vec![f];

        for v in regs {
            all.push(self.tagged(*v));
        }
        self.roots.push(code.value());
        let inlined = self.show_frames();
        let window = self.window_of(self.state.frames.len());
        let imm2 = code.registers as i64 | (inlined as i64) << 16 | window << 32;
        let v = self.raising(
            Op::CallCompiled,
            &all,
            (code.value().bits() as i64, imm2),
            Type::ANY,
            true,
        );
        self.called();
        Abs::V(v)
    }

    /// Calls a function with positional arguments for an instruction whose value goes to a register;
    /// None when it must be done in the general way.
    pub fn call_known(&mut self, f: Object, args: &[Abs]) -> Result<Abs, Failure> {
        let dst = self.destination;
        let all = Arguments {
            values: args.to_vec(),
            names: None,
        };
        if let Some(function) = f.downcast::<Function>() {
            let fv = self.constant_object(f);
            match self.call_function(function, Abs::V(fv), &all, None, dst)? {
                Called::Value(v) => return Ok(v),
                // What follows is never reached.
                Called::Ended => return Ok(Abs::V(self.constant_unbound())),
                Called::No => {}
            }
        }
        let fv = self.constant_object(f);
        let kw = self.constant_unbound();
        let mut run = Vec::new();
        for v in args {
            run.push(self.tagged(*v));
        }
        let v = self.call_run(Helper::call, &[fv, kw], &run, Type::ANY);
        Ok(Abs::V(v))
    }

    /// May the code be walked into as a call?
    pub fn may_inline(&self, code: Gc<Code>) -> bool {
        !code.is_generator && self.has_room_for(code)
    }

    /// Does the unit have room for the code, and is it not forbidden to walk into it here?
    pub fn has_room_for(&self, code: Gc<Code>) -> bool {
        let words = code.data.code.len();
        let depth = self.state.frames.len();
        let recursive = self
            .state
            .frames
            .iter()
            .filter(|f| self.activations[f.activation].code.is(code))
            .count();
        let cold = !code.is_generator
            && code.compiled() == 0
            && code.calls.get() < self.plan.cold_calls
            && !self.plan.hot.contains(&code.value().bits());
        let large = !code.is_generator && self.plan.large.contains(&code.value().bits());
        self.plan.inline > 0
            && !cold
            && !large
            && !super::looks_into_frame(code)
            && depth < MAX_DEPTH
            && recursive < 1
            && (words <= TINY_WORDS || code.is_generator || !self.runs_seldom())
            && (words <= TINY_WORDS && self.inlined_words < TINY_IN_ALL * self.plan.inline
                || words <= SMALL_WORDS && self.inlined_words < 2 * self.plan.inline
                || words <= LARGE_WORDS / depth && self.inlined_words + words < self.plan.inline)
            && self.graph.insts.len() < MAX_INLINE_INSTS
            && !self.plan.not_inlined.contains(&code.value().bits())
    }

    /// Does what is walked run seldom, because it stands in no loop of a unit that is made for loops?
    fn runs_seldom(&self) -> bool {
        let frames = &self.state.frames;
        let in_loop = |(i, f): (usize, &FrameRegs)| {
            let at = if i + 1 == frames.len() { self.pc } else { f.pc };
            let loops = &self.activations[f.activation].facts.ranges;
            loops
                .iter()
                .any(|(header, end)| (*header..=*end).contains(&at))
        };
        self.plan.for_loops && !frames.iter().enumerate().any(in_loop)
    }

    /// The type of a shape.
    pub fn exact(&self, t: T) -> Type {
        Type::shape(shape_of(t))
    }
}

/// Frames that are inlined in each other.
const MAX_DEPTH: usize = 10;
/// Words of a function that is inlined as long as the unit has taken in no more than so many times its
/// words: what an index or a property is.
const TINY_WORDS: usize = 30;
const TINY_IN_ALL: usize = 6;
/// Words of a function that is inlined nearly everywhere.
const SMALL_WORDS: usize = 60;
/// Words of the largest function that is inlined in the unit's own frame.
const LARGE_WORDS: usize = 400;
/// Registers from which on a function is called in the general way.
pub const WIDE_WINDOW: u32 = 0x8000;
/// Instructions behind which nothing is inlined any more.
const MAX_INLINE_INSTS: usize = 12_000;
