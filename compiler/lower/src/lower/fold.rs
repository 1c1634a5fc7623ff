//! Constant folding.
//!
//! What is folded, and the limits on the size of results, follow the reference, so that code
//! objects do not grow from `'x' * 10**9`. Integers are folded while they fit 128 bits.

use ruff_python_ast::{CmpOp, Expr, Number, Operator, UnaryOp};
use taipan_bytecode::code::Constant;

use super::{Lowerer, literal};

/// Longest string or bytes that a fold may make.
const MAX_STRING: usize = 4096;
/// Longest tuple that a repetition may make.
const MAX_COLLECTION: usize = 256;
/// Bits of the largest int that a product, power or shift may make.
const MAX_INT_BITS: u32 = 128;
/// Constants inside of constants.
const MAX_TOTAL: usize = 1024;

impl<'a> Lowerer<'a> {
    /// The value of an expression that is a constant.
    pub(super) fn fold(&self, e: &Expr) -> Option<Constant> {
        match e {
            Expr::NoneLiteral(_) => Some(Constant::None),
            Expr::BooleanLiteral(e) => Some(Constant::Bool(e.value)),
            Expr::EllipsisLiteral(_) => Some(Constant::Ellipsis),
            Expr::NumberLiteral(e) => Some(match &e.value {
                Number::Int(n) => literal::int(n),
                Number::Float(x) => Constant::Float(x.to_bits()),
                Number::Complex { real, imag } => Constant::Complex(real.to_bits(), imag.to_bits()),
            }),
            Expr::StringLiteral(e) => Some(Constant::Str(self.string_value(&e.value))),
            Expr::BytesLiteral(e) => Some(Constant::Bytes(self.bytes_literal(&e.value))),
            Expr::Name(e) if e.id.as_str() == "__debug__" => {
                Some(Constant::Bool(self.optimize == 0))
            }
            Expr::UnaryOp(e) => {
                if matches!(e.op, UnaryOp::Not) && !may_fold(&e.operand) {
                    return None;
                }
                unary(e.op, self.fold(&e.operand)?)
            }
            Expr::BinOp(e) => {
                let right = self.fold(&e.right)?;
                // Down the left side without recursion.
                let mut spine = vec![(e.op, right)];
                let mut leaf = e.left.as_ref();
                while let Expr::BinOp(e) = leaf {
                    spine.push((e.op, self.fold(&e.right)?));
                    leaf = &e.left;
                }
                let mut value = self.fold(leaf)?;
                for (op, right) in spine.into_iter().rev() {
                    value = binary(op, &value, &right)?;
                }
                Some(value)
            }
            Expr::Tuple(e) => self.fold_all(&e.elts).map(Constant::Tuple),
            Expr::Subscript(e) => {
                let (Expr::NumberLiteral(_) | Expr::UnaryOp(_)) = e.slice.as_ref() else {
                    return None;
                };
                if !matches!(
                    e.value.as_ref(),
                    Expr::Tuple(_) | Expr::StringLiteral(_) | Expr::BytesLiteral(_)
                ) {
                    return None;
                }
                index(self.fold(&e.value)?, self.fold(&e.slice)?)
            }
            Expr::Slice(e) => {
                let part = |p: &Option<Box<Expr>>| match p {
                    Some(p) => self.fold(p),
                    None => Some(Constant::None),
                };
                let parts = [part(&e.lower)?, part(&e.upper)?, part(&e.step)?];
                Some(Constant::Slice(Box::new(parts)))
            }
            _ => None,
        }
    }

    pub(super) fn fold_all(&self, elements: &[Expr]) -> Option<Vec<Constant>> {
        let mut out = Vec::new();
        for e in elements {
            out.push(self.fold(e)?);
        }
        Some(out)
    }

    /// A constant in place of a list or set display that is only iterated or searched.
    pub(super) fn fold_display(&self, e: &Expr) -> Option<Constant> {
        match e {
            Expr::List(e) => self.fold_all(&e.elts).map(Constant::Tuple),
            Expr::Set(e) => {
                let mut items: Vec<Constant> = Vec::new();
                for item in self.fold_all(&e.elts)? {
                    if !items.contains(&item) {
                        items.push(item);
                    }
                }
                Some(Constant::FrozenSet(items))
            }
            _ => None,
        }
    }

    /// The value of an int literal (or constant expression) that fits an immediate operand.
    pub(super) fn small_int(&self, e: &Expr) -> Option<i16> {
        match e {
            Expr::NumberLiteral(_) | Expr::UnaryOp(_) => match self.fold(e)? {
                Constant::Int(n) => i16::try_from(n).ok(),
                _ => None,
            },
            _ => None,
        }
    }

    /// The truth of an expression that is a constant.
    pub(super) fn constant_truth(&self, e: &Expr) -> Option<bool> {
        match e {
            Expr::Compare(_) | Expr::Call(_) | Expr::Attribute(_) => None,
            _ => Some(truth(&self.fold(e)?)),
        }
    }
}

fn may_fold(e: &Expr) -> bool {
    !matches!(
        e,
        Expr::Compare(_) | Expr::Call(_) | Expr::Attribute(_) | Expr::BoolOp(_)
    )
}

/// The comparison that holds when the other does not; only for those that cannot be overridden.
pub(super) fn inverse(op: CmpOp) -> Option<CmpOp> {
    match op {
        CmpOp::Is => Some(CmpOp::IsNot),
        CmpOp::IsNot => Some(CmpOp::Is),
        CmpOp::In => Some(CmpOp::NotIn),
        CmpOp::NotIn => Some(CmpOp::In),
        _ => None,
    }
}

pub(super) fn truth(constant: &Constant) -> bool {
    match constant {
        Constant::None => false,
        Constant::Bool(b) => *b,
        Constant::Ellipsis | Constant::BigInt { .. } | Constant::Code(_) | Constant::Slice(_) => {
            true
        }
        Constant::Int(n) => *n != 0,
        Constant::Float(bits) => f64::from_bits(*bits) != 0.0,
        Constant::Complex(re, im) => f64::from_bits(*re) != 0.0 || f64::from_bits(*im) != 0.0,
        Constant::Str(b) | Constant::Bytes(b) => !b.is_empty(),
        Constant::Tuple(items) | Constant::FrozenSet(items) => !items.is_empty(),
    }
}

fn as_int(constant: &Constant) -> Option<i128> {
    match constant {
        Constant::Bool(b) => Some(*b as i128),
        Constant::Int(n) => Some(*n as i128),
        Constant::BigInt {
            negative,
            magnitude,
        } if magnitude.len() < 16 => {
            let mut bytes = [0; 16];
            bytes[..magnitude.len()].copy_from_slice(magnitude);
            let n = i128::from_le_bytes(bytes);
            Some(if *negative { -n } else { n })
        }
        _ => None,
    }
}

fn from_int(n: i128) -> Constant {
    if let Ok(n) = i64::try_from(n) {
        return Constant::Int(n);
    }
    let mut magnitude = n.unsigned_abs().to_le_bytes().to_vec();
    while magnitude.last() == Some(&0) {
        magnitude.pop();
    }
    Constant::BigInt {
        negative: n < 0,
        magnitude,
    }
}

fn as_float(constant: &Constant) -> Option<f64> {
    match constant {
        Constant::Float(bits) => Some(f64::from_bits(*bits)),
        Constant::Int(n) if n.unsigned_abs() < 1 << 53 => Some(*n as f64),
        Constant::Bool(b) => Some(*b as u8 as f64),
        _ => None,
    }
}

fn float(x: f64) -> Option<Constant> {
    Some(Constant::Float(x.to_bits()))
}

fn unary(op: UnaryOp, value: Constant) -> Option<Constant> {
    match op {
        UnaryOp::Not => Some(Constant::Bool(!truth(&value))),
        UnaryOp::USub => match &value {
            Constant::Float(bits) => float(-f64::from_bits(*bits)),
            Constant::Complex(re, im) => Some(Constant::Complex(
                (-f64::from_bits(*re)).to_bits(),
                (-f64::from_bits(*im)).to_bits(),
            )),
            Constant::BigInt {
                negative,
                magnitude,
            } => Some(normalize(!negative, magnitude.clone())),
            _ => as_int(&value)?.checked_neg().map(from_int),
        },
        UnaryOp::UAdd => match value {
            Constant::Bool(b) => Some(Constant::Int(b as i64)),
            Constant::Int(_)
            | Constant::BigInt { .. }
            | Constant::Float(_)
            | Constant::Complex(..) => Some(value),
            _ => None,
        },
        UnaryOp::Invert => match value {
            Constant::Int(n) => Some(Constant::Int(!n)),
            Constant::BigInt { .. } => as_int(&value).map(|n| from_int(!n)),
            _ => None,
        },
    }
}

/// An int from sign and magnitude: -2**63 fits 64 bits although its magnitude does not.
fn normalize(negative: bool, magnitude: Vec<u8>) -> Constant {
    let big = Constant::BigInt {
        negative,
        magnitude,
    };
    match as_int(&big).map(from_int) {
        Some(small) => small,
        None => big,
    }
}

/// `l op r`, if it is to be folded.
pub(super) fn binary(op: Operator, l: &Constant, r: &Constant) -> Option<Constant> {
    if let (Some(a), Some(b)) = (as_int(l), as_int(r)) {
        return int_op(op, a, b);
    }
    match (l, r) {
        (Constant::Str(a), Constant::Str(b)) if matches!(op, Operator::Add) => {
            concat(a, b).map(Constant::Str)
        }
        (Constant::Bytes(a), Constant::Bytes(b)) if matches!(op, Operator::Add) => {
            concat(a, b).map(Constant::Bytes)
        }
        (Constant::Tuple(a), Constant::Tuple(b)) if matches!(op, Operator::Add) => {
            Some(Constant::Tuple([a.as_slice(), b].concat()))
        }
        (Constant::Complex(..), _) | (_, Constant::Complex(..)) => complex_op(op, l, r),
        (Constant::Str(_) | Constant::Bytes(_) | Constant::Tuple(_), n)
            if matches!(op, Operator::Mult) =>
        {
            repeat(l, as_int(n)?)
        }
        (n, Constant::Str(_) | Constant::Bytes(_) | Constant::Tuple(_))
            if matches!(op, Operator::Mult) =>
        {
            repeat(r, as_int(n)?)
        }
        _ => float_op(op, as_float(l)?, as_float(r)?),
    }
}

fn concat(a: &[u8], b: &[u8]) -> Option<Vec<u8>> {
    // Two halves of a surrogate pair would have to be joined.
    if a.last_chunk::<3>()
        .is_some_and(|t| t[0] == 0xED && t[1] >= 0xA0)
    {
        return None;
    }
    Some([a, b].concat())
}

fn repeat(what: &Constant, n: i128) -> Option<Constant> {
    let n = usize::try_from(n.clamp(0, 1 << 32)).ok()?;
    match what {
        Constant::Str(b) if b.len().checked_mul(n)? <= MAX_STRING => {
            if b.first_chunk::<2>()
                .is_some_and(|t| t[0] == 0xED && t[1] >= 0xA0)
            {
                return None;
            }
            Some(Constant::Str(b.repeat(n)))
        }
        Constant::Bytes(b) if b.len().checked_mul(n)? <= MAX_STRING => {
            Some(Constant::Bytes(b.repeat(n)))
        }
        Constant::Tuple(items) if items.len().checked_mul(n)? <= MAX_COLLECTION => {
            if n > 0 && count(what) > MAX_TOTAL / n {
                return None;
            }
            let all = std::iter::repeat_n(items, n).flatten();
            Some(Constant::Tuple(all.cloned().collect()))
        }
        _ => None,
    }
}

fn count(constant: &Constant) -> usize {
    match constant {
        Constant::Tuple(items) | Constant::FrozenSet(items) => {
            1 + items.iter().map(count).sum::<usize>()
        }
        _ => 1,
    }
}

fn bits(n: i128) -> u32 {
    128 - n.unsigned_abs().leading_zeros()
}

fn int_op(op: Operator, a: i128, b: i128) -> Option<Constant> {
    let n = match op {
        Operator::Add => a.checked_add(b)?,
        Operator::Sub => a.checked_sub(b)?,
        Operator::Mult => a.checked_mul(b)?,
        Operator::FloorDiv if b != 0 => {
            let q = a.checked_div(b)?;
            if a % b != 0 && (a < 0) != (b < 0) {
                q - 1
            } else {
                q
            }
        }
        Operator::Mod if b != 0 => {
            let r = a.checked_rem(b)?;
            if r != 0 && (r < 0) != (b < 0) {
                r + b
            } else {
                r
            }
        }
        Operator::Div if b != 0 => {
            // Exact in doubles up to 2**53; beyond that rounding is the runtime's business.
            if bits(a) > 53 || bits(b) > 53 {
                return None;
            }
            return float(a as f64 / b as f64);
        }
        Operator::Pow => {
            let exponent = u32::try_from(b).ok()?;
            if bits(a).checked_mul(exponent)? > MAX_INT_BITS {
                return None;
            }
            a.checked_pow(exponent)?
        }
        Operator::LShift => {
            let shift = u32::try_from(b).ok()?;
            if bits(a).checked_add(shift)? >= MAX_INT_BITS {
                return None;
            }
            a.checked_shl(shift)?
        }
        Operator::RShift => {
            let shift = u32::try_from(b).ok()?;
            a >> shift.min(127)
        }
        Operator::BitAnd | Operator::BitOr | Operator::BitXor => return None,
        _ => return None,
    };
    Some(from_int(n))
}

fn float_op(op: Operator, a: f64, b: f64) -> Option<Constant> {
    match op {
        Operator::Add => float(a + b),
        Operator::Sub => float(a - b),
        Operator::Mult => float(a * b),
        Operator::Div if b != 0.0 => float(a / b),
        _ => None,
    }
}

/// Sums of a real and an imaginary literal, the usual spelling of a complex constant.
fn complex_op(op: Operator, l: &Constant, r: &Constant) -> Option<Constant> {
    let (re, im) = match (l, r) {
        (Constant::Complex(a, b), Constant::Complex(c, d)) => {
            let (a, b) = (f64::from_bits(*a), f64::from_bits(*b));
            let (c, d) = (f64::from_bits(*c), f64::from_bits(*d));
            match op {
                Operator::Add => (a + c, b + d),
                Operator::Sub => (a - c, b - d),
                _ => return None,
            }
        }
        (real, Constant::Complex(c, d)) => {
            let (a, c, d) = (as_float(real)?, f64::from_bits(*c), f64::from_bits(*d));
            match op {
                Operator::Add => (a + c, d),
                // Since 3.14 a real operand has no imaginary part, not a zero one.
                Operator::Sub => (a - c, -d),
                _ => return None,
            }
        }
        (Constant::Complex(a, b), real) => {
            let (a, b, c) = (f64::from_bits(*a), f64::from_bits(*b), as_float(real)?);
            match op {
                Operator::Add => (a + c, b),
                Operator::Sub => (a - c, b),
                _ => return None,
            }
        }
        _ => return None,
    };
    Some(Constant::Complex(re.to_bits(), im.to_bits()))
}

fn index(value: Constant, at: Constant) -> Option<Constant> {
    let Constant::Int(at) = at else {
        return None;
    };
    let place = |len: usize| {
        let at = if at < 0 { at + len as i64 } else { at };
        usize::try_from(at).ok().filter(|&i| i < len)
    };
    match value {
        Constant::Tuple(items) => items.get(place(items.len())?).cloned(),
        Constant::Bytes(b) => b.get(place(b.len())?).map(|&b| Constant::Int(b as i64)),
        Constant::Str(b) if b.is_ascii() => b.get(place(b.len())?).map(|&c| Constant::Str(vec![c])),
        _ => None,
    }
}
