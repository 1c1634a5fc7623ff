//! Functions that are made where they are used: `def` and `lambda` within a function.
//!
//! The object is not made until somebody else could see it. A call walks into its code with the cells,
//! defaults and globals that it would have got; nothing has to be tested, since nobody can have changed
//! what nobody else sees. Its globals are those of the function that makes it, which the recipe names
//! ("home").

use taipan_abi::helpers::Helper;
use taipan_abi::resume::ObjectKind;
use taipan_bytecode::encode::Operands;
use taipan_bytecode::opcode::Opcode;
use taipan_ssa::{Type, Value};
use taipan_vm::Value as Object;
use taipan_vm::machine::layout as at;
use taipan_vm::object::Gc;
use taipan_vm::types::T;
use taipan_vm::types::code::Code;
use taipan_vm::types::function::Function;
use taipan_vm::types::str_::Str;
use taipan_vm::types::tuple::Tuple;

use super::call::{Arguments, Called, WIDE_WINDOW};
use super::ops::Flow;
use super::state::Abs;
use super::{Builder, Failure, shape_of};

/// Fields of the recipe, by the bits of `MakeFunction`'s parts.
const DEFAULTS: usize = 0;
const KEYWORD_DEFAULTS: usize = 1;
const CLOSURE: usize = 3;

impl Builder<'_> {
    /// `MakeFunction`: a function that is not made.
    pub fn make_function(&mut self, op: Opcode, x: &Operands) -> Result<Flow, Failure> {
        let here = self.code();
        let code = self.th.constant_of(here, x.d as usize);
        let Some(code) = code.and_then(|v| v.downcast::<Code>()) else {
            return self.step(op, x);
        };
        let home = self.function_here().value();
        self.roots.extend([code.value(), home]);
        let fields = (0..4)
            .map(|i| match x.c >> i & 1 {
                0 => Abs::Unbound,
                _ => self.state.get(x.b as usize + i),
            })
            .collect();
        let kind = ObjectKind::Function(code.value().bits(), home.bits());
        let f = self.state.add_object(kind, fields);
        self.state.set(x.a as usize, f);
        Ok(Flow::Next)
    }

    /// Makes a function after all.
    pub fn materialize_function(&mut self, code: u64, home: u64, fields: &[Abs]) -> Value {
        let word = |b: &mut Self, bits: u64| match Object::from_bits(bits) {
            Some(o) => b.constant_object(o),
            None => b.constant_unbound(),
        };
        let mut run = vec![word(self, code), word(self, home)];
        for f in fields {
            run.push(match f {
                Abs::Unbound => self.constant_unbound(),
                f => self.tagged(*f),
            });
        }
        self.made_of_run(
            Helper::new_function,
            &run,
            Type::shape(shape_of(T::Function)),
        )
    }

    /// Calls a function that was not made.
    pub fn call_unmade(
        &mut self,
        object: u32,
        code: Gc<Code>,
        home: Gc<Function>,
        args: &Arguments,
        dst: u16,
    ) -> Result<Called, Failure> {
        let bound = self.bind(code, args, |b, i, name| match name {
            None => b.unmade_default(object, code, i),
            Some(name) => b.unmade_keyword_default(object, name),
        });
        if let Some(regs) = bound {
            if self.may_inline(code) || self.walks_generator(code, dst) {
                return self.inline_call(code, None, Some(home), Abs::O(object), regs, None, dst);
            }
            if code.registers < WIDE_WINDOW {
                let f = self.tagged(Abs::O(object));
                if let Some(g) = self.new_generator(code, f, &regs) {
                    return Ok(Called::Value(g));
                }
                return Ok(Called::Value(self.call_compiled(code, f, &regs)));
            }
        }
        let f = self.tagged(Abs::O(object));
        Ok(Called::Value(self.call_generally(f, args)))
    }

    fn field_of(&self, object: u32, field: usize) -> Abs {
        let fields = &self.state.objects[object as usize].fields;
        fields.get(field).copied().unwrap_or(Abs::Unbound)
    }

    /// The default of a positional parameter.
    fn unmade_default(&mut self, object: u32, code: Gc<Code>, i: usize) -> Option<Abs> {
        let positional = code.data.argcount as usize;
        match self.field_of(object, DEFAULTS) {
            Abs::O(t) if self.state.objects[t as usize].kind == ObjectKind::Tuple => {
                let all = &self.state.objects[t as usize].fields;
                let skip = positional.checked_sub(all.len())?;
                all.get(i.checked_sub(skip)?).copied()
            }
            Abs::V(v) => {
                let all = self.known(v)?.downcast::<Tuple>()?;
                let skip = positional.checked_sub(all.len())?;
                let v = all.get(i.checked_sub(skip)?)?;
                Some(Abs::V(self.constant_object(v)))
            }
            _ => None,
        }
    }

    /// The default of a parameter that is given by keyword only.
    fn unmade_keyword_default(&mut self, object: u32, name: &str) -> Option<Abs> {
        let Abs::O(d) = self.field_of(object, KEYWORD_DEFAULTS) else {
            return None;
        };
        let dict = &self.state.objects[d as usize];
        if dict.kind != ObjectKind::Dict {
            return None;
        }
        dict.fields.chunks_exact(2).find_map(|pair| match pair[0] {
            Abs::V(k) => {
                let key = self.known(k)?.downcast::<Str>()?;
                key.equals_str(name).then_some(pair[1])
            }
            _ => None,
        })
    }

    /// A cell of the closure of the innermost frame's function, if that was not made.
    pub fn unmade_cell(&mut self, index: usize) -> Option<Abs> {
        let Abs::O(f) = self.state.frames.last()?.function else {
            return None;
        };
        match self.field_of(f, CLOSURE) {
            Abs::O(t) => self.state.objects[t as usize].fields.get(index).copied(),
            Abs::V(t) => Some(Abs::V(self.load(
                t,
                at::TUPLE_ITEMS + 8 * index as i32,
                taipan_ssa::graph::Alias::Constant,
                Type::shape(shape_of(T::Cell)),
            ))),
            Abs::Unbound => None,
        }
    }
}
