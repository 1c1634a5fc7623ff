//! What is asked of an object's class: `isinstance(x, C)`, `type(x)`.

use taipan_abi::resume::ObjectKind;
use taipan_ssa::Value;
use taipan_ssa::types::kinds;
use taipan_vm::feedback::seen;
use taipan_vm::object::Gc;
use taipan_vm::types::T;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::types::type_::Type as Class;

use super::state::Abs;
use super::{Builder, shape_of};

/// A shape that an object has, or had whenever the interpreter looked.
struct Sight {
    shape: u32,
    /// The value that must be tested for it.
    unsure: Option<Value>,
}

impl Builder<'_> {
    /// The shape of the first argument of a call; None when it is not known or differs.
    fn shape_of_argument(&self, a: Abs, fb: u32) -> Option<Sight> {
        let sure = |shape| {
            Some(Sight {
                shape,
                unsure: None,
            })
        };
        let v = match a {
            Abs::O(o) => {
                return match self.state.objects[o as usize].kind {
                    ObjectKind::Instance(s, _) => sure(s),
                    ObjectKind::Tuple => sure(shape_of(T::Tuple)),
                    _ => None,
                };
            }
            Abs::Unbound => return None,
            Abs::V(v) => v,
        };
        let t = self.ty(v);
        if t.is_int() {
            return sure(shape_of(T::Int));
        }
        if t.is_float() {
            return sure(shape_of(T::Float));
        }
        if t.within(kinds::BOOL) {
            return sure(shape_of(T::Bool));
        }
        if t.shape != 0 && t.within(kinds::OBJECT) {
            return sure(t.shape);
        }
        let shape = self.argument_shape(fb);
        let possible = match shape {
            0 => false,
            s if s == shape_of(T::Int) => t.may_be(kinds::INT),
            s if s == shape_of(T::Float) => t.may_be(kinds::FLOAT),
            s if [T::Bool, T::None].map(shape_of).contains(&s) => false,
            _ => t.may_be(kinds::OBJECT),
        };
        (possible && self.seen(fb) & seen::OTHER == 0).then_some(Sight {
            shape,
            unsure: Some(v),
        })
    }

    /// Leaves unless the value has the shape.
    fn make_sure(&mut self, sight: &Sight) {
        let Some(v) = sight.unsure else { return };
        if sight.shape == shape_of(T::Int) {
            self.int(v);
        } else if sight.shape == shape_of(T::Float) {
            self.float(v);
        } else {
            self.shape(v, sight.shape);
        }
    }

    /// The classes that a value is known to be, or to be a tuple of.
    fn classes(&self, c: Abs) -> Option<Vec<Gc<Class>>> {
        if let Abs::O(o) = c {
            let object = &self.state.objects[o as usize];
            if object.kind != ObjectKind::Tuple {
                return None;
            }
            let one = |f: &Abs| self.known_abs(*f)?.downcast::<Class>();
            return object.fields.iter().map(one).collect();
        }
        let known = self.known_abs(c)?;
        match known.downcast::<Tuple>() {
            Some(t) => {
                let each = (0..t.len()).map(|i| t.get(i)?.downcast::<Class>());
                each.collect()
            }
            None => Some(vec![known.downcast::<Class>()?]),
        }
    }

    /// `isinstance` where the class of the object is known, or was always the same.
    pub fn instance_of(&mut self, a: Abs, c: Abs, fb: u32) -> Option<Value> {
        let classes = self.classes(c)?;
        let sight = self.shape_of_argument(a, fb)?;
        let mut answers = Vec::with_capacity(classes.len());
        for class in classes {
            let one = taipan_vm::machine::is_instance(self.th, sight.shape, class)?;
            if one.0 {
                answers = vec![one];
                break;
            }
            answers.push(one);
        }
        self.make_sure(&sight);
        let is = answers.iter().any(|(yes, _)| *yes);
        for (_, assumption) in answers {
            self.assume(assumption);
        }
        Some(self.constant_bool(is))
    }

    /// `type(x)` where the class of the object is known, or was always the same.
    pub fn type_of(&mut self, a: Abs, fb: u32) -> Option<Value> {
        let sight = self.shape_of_argument(a, fb)?;
        let class = taipan_vm::machine::class_with_shape(self.th, sight.shape)?;
        self.make_sure(&sight);
        Some(self.constant_object(class))
    }
}
