//! Arithmetic by slots (Objects/abstract.c).

use crate::Thread;
use crate::object::slots::{BinaryFn, Slots};
use crate::object::{Raised, Result, Value};

/// The binary operators.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    TrueDiv,
    FloorDiv,
    Mod,
    Pow,
    MatMul,
    LShift,
    RShift,
    And,
    Or,
    Xor,
    DivMod,
}

impl BinaryOp {
    /// As written in source; `inplace` with `=`.
    pub fn symbol(self, inplace: bool) -> &'static str {
        use BinaryOp::*;
        match (self, inplace) {
            (Add, false) => "+",
            (Add, true) => "+=",
            (Sub, false) => "-",
            (Sub, true) => "-=",
            (Mul, false) => "*",
            (Mul, true) => "*=",
            (TrueDiv, false) => "/",
            (TrueDiv, true) => "/=",
            (FloorDiv, false) => "//",
            (FloorDiv, true) => "//=",
            (Mod, false) => "%",
            (Mod, true) => "%=",
            (Pow, false) => "** or pow()",
            (Pow, true) => "**=",
            (MatMul, false) => "@",
            (MatMul, true) => "@=",
            (LShift, false) => "<<",
            (LShift, true) => "<<=",
            (RShift, false) => ">>",
            (RShift, true) => ">>=",
            (And, false) => "&",
            (And, true) => "&=",
            (Or, false) => "|",
            (Or, true) => "|=",
            (Xor, false) => "^",
            (Xor, true) => "^=",
            (DivMod, _) => "divmod()",
        }
    }

    fn slot(self, s: &Slots) -> Option<BinaryFn> {
        use BinaryOp::*;
        match self {
            Add => s.add,
            Sub => s.subtract,
            Mul => s.multiply,
            TrueDiv => s.true_divide,
            FloorDiv => s.floor_divide,
            Mod => s.remainder,
            Pow => None,
            MatMul => s.matrix_multiply,
            LShift => s.lshift,
            RShift => s.rshift,
            And => s.and,
            Or => s.or,
            Xor => s.xor,
            DivMod => s.divmod,
        }
    }

    fn inplace_slot(self, s: &Slots) -> Option<BinaryFn> {
        use BinaryOp::*;
        match self {
            Add => s.inplace_add,
            Sub => s.inplace_subtract,
            Mul => s.inplace_multiply,
            TrueDiv => s.inplace_true_divide,
            FloorDiv => s.inplace_floor_divide,
            Mod => s.inplace_remainder,
            Pow | DivMod => None,
            MatMul => s.inplace_matrix_multiply,
            LShift => s.inplace_lshift,
            RShift => s.inplace_rshift,
            And => s.inplace_and,
            Or => s.inplace_or,
            Xor => s.inplace_xor,
        }
    }
}

fn same(a: Option<BinaryFn>, b: Option<BinaryFn>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if std::ptr::fn_addr_eq(a, b))
}

impl Thread {
    /// Tries the operands' number slots, the right one first when its class is a proper subclass.
    /// NotImplemented when neither knows.
    fn binary_slots(&mut self, op: BinaryOp, a: Value, b: Value) -> Result {
        let (ca, cb) = (self.class_of(a), self.class_of(b));
        let left = op.slot(ca.slots());
        let mut right = if ca.is(cb) { None } else { op.slot(cb.slots()) };
        if same(left, right) {
            right = None;
        }
        if let Some(f) = left {
            if let Some(g) = right
                && cb.is_subtype(ca)
            {
                let r = g(self, a, b)?;
                if !r.is(self.not_implemented()) {
                    return Ok(r);
                }
                right = None;
            }
            let r = f(self, a, b)?;
            if !r.is(self.not_implemented()) {
                return Ok(r);
            }
        }
        match right {
            Some(g) => g(self, a, b),
            None => Ok(self.not_implemented()),
        }
    }

    /// `a op b`. Raises TypeError when neither operand supports it.
    pub fn binary(&mut self, op: BinaryOp, a: Value, b: Value) -> Result {
        if op == BinaryOp::Pow {
            let none = self.none();
            return self.power(a, b, none);
        }
        let r = self.binary_slots(op, a, b)?;
        if !r.is(self.not_implemented()) {
            return Ok(r);
        }
        if let Some(r) = self.sequence_binary(op, a, b, false)? {
            return Ok(r);
        }
        Err(self.unsupported(op, a, b, false))
    }

    /// `a op= b`
    pub fn inplace(&mut self, op: BinaryOp, a: Value, b: Value) -> Result {
        if op == BinaryOp::Pow {
            let none = self.none();
            if let Some(f) = self.class_of(a).slots().inplace_power {
                let r = f(self, a, b, none)?;
                if !r.is(self.not_implemented()) {
                    return Ok(r);
                }
            }
            return self.power_named(a, b, none, true);
        }
        if let Some(f) = op.inplace_slot(self.class_of(a).slots()) {
            let r = f(self, a, b)?;
            if !r.is(self.not_implemented()) {
                return Ok(r);
            }
        }
        let r = self.binary_slots(op, a, b)?;
        if !r.is(self.not_implemented()) {
            return Ok(r);
        }
        if let Some(r) = self.sequence_binary(op, a, b, true)? {
            return Ok(r);
        }
        Err(self.unsupported(op, a, b, true))
    }

    fn sequence_binary(
        &mut self,
        op: BinaryOp,
        a: Value,
        b: Value,
        inplace: bool,
    ) -> Result<Option<Value>> {
        let (ca, cb) = (self.class_of(a), self.class_of(b));
        let (sa, sb) = (ca.slots(), cb.slots());
        match op {
            BinaryOp::Add => {
                let f = if inplace {
                    sa.inplace_concat.or(sa.concat)
                } else {
                    sa.concat
                };
                match f {
                    Some(f) => f(self, a, b).map(Some),
                    None => Ok(None),
                }
            }
            BinaryOp::Mul => {
                let f = if inplace {
                    sa.inplace_repeat.or(sa.repeat)
                } else {
                    sa.repeat
                };
                if let Some(f) = f {
                    let n = self.repeat_operand(b)?;
                    return f(self, a, n).map(Some);
                }
                if let Some(f) = sb.repeat {
                    let n = self.repeat_operand(a)?;
                    return f(self, b, n).map(Some);
                }
                Ok(None)
            }
            _ => Ok(None),
        }
    }

    fn repeat_operand(&mut self, v: Value) -> Result<isize> {
        if let Some(i) = v.as_int() {
            return Ok(i as isize);
        }
        if self.class_of(v).slots().index.is_none() {
            let got = self.type_name(v);
            return Err(self.type_error(format!(
                "can't multiply sequence by non-int of type '{got}'"
            )));
        }
        self.index_i64(v, "cannot fit 'int' into an index-sized integer")
            .map(|i| i as isize)
    }

    #[cold]
    fn unsupported(&mut self, op: BinaryOp, a: Value, b: Value, inplace: bool) -> Raised {
        let (ta, tb) = (self.type_name(a), self.type_name(b));
        let hint = if op == BinaryOp::RShift
            && !inplace
            && ta == "builtin_function_or_method"
            && self.is_builtin_named(a, "print")
        {
            ". Did you mean \"print(<message>, file=<output_stream>)\"?"
        } else {
            ""
        };
        self.type_error(format!(
            "unsupported operand type(s) for {}: '{ta}' and '{tb}'{hint}",
            op.symbol(inplace)
        ))
    }

    /// `pow(a, b, m)`, with None for "no modulus".
    pub fn power(&mut self, a: Value, b: Value, m: Value) -> Result {
        self.power_named(a, b, m, false)
    }

    fn power_named(&mut self, a: Value, b: Value, m: Value, inplace: bool) -> Result {
        let (ca, cb) = (self.class_of(a), self.class_of(b));
        let left = ca.slots().power;
        let mut right = if ca.is(cb) { None } else { cb.slots().power };
        if matches!((left, right), (Some(f), Some(g)) if f as usize == g as usize) {
            right = None;
        }
        if let Some(f) = left {
            if let Some(g) = right
                && cb.is_subtype(ca)
            {
                let r = g(self, a, b, m)?;
                if !r.is(self.not_implemented()) {
                    return Ok(r);
                }
                right = None;
            }
            let r = f(self, a, b, m)?;
            if !r.is(self.not_implemented()) {
                return Ok(r);
            }
        }
        if let Some(g) = right {
            let r = g(self, a, b, m)?;
            if !r.is(self.not_implemented()) {
                return Ok(r);
            }
        }
        let (ta, tb) = (self.type_name(a), self.type_name(b));
        if self.is_none(m) {
            return Err(self.unsupported(BinaryOp::Pow, a, b, inplace));
        }
        if let Some(h) = self.class_of(m).slots().power {
            let r = h(self, a, b, m)?;
            if !r.is(self.not_implemented()) {
                return Ok(r);
            }
        }
        let tm = self.type_name(m);
        Err(self.type_error(format!(
            "unsupported operand type(s) for ** or pow(): '{ta}', '{tb}', '{tm}'"
        )))
    }

    /// `-v`, `+v`, `~v` by slot.
    pub fn unary(&mut self, symbol: &str, v: Value) -> Result {
        let class = self.class_of(v);
        let s = class.slots();
        let f = match symbol {
            "-" => s.negative,
            "+" => s.positive,
            _ => s.invert,
        };
        match f {
            Some(f) => f(self, v),
            None => {
                let got = self.type_name(v);
                Err(self.type_error(format!("bad operand type for unary {symbol}: '{got}'")))
            }
        }
    }
}
