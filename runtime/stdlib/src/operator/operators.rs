//! The operators as functions: one call each of the interpreter's own operations.

use taipan_vm::object::slots::CompareOp;
use taipan_vm::protocol::arith::BinaryOp;
use taipan_vm::{Result, Thread, Value, pymethods};

/// The functions hang here.
pub struct Operators;

#[pymethods(table = FUNCTIONS)]
impl Operators {
    /// Same as a + b.
    #[pyfunction(name = "add")]
    fn add(th: &mut Thread, a: Value, b: Value) -> Result {
        th.binary(BinaryOp::Add, a, b)
    }

    /// Same as a - b.
    #[pyfunction(name = "sub")]
    fn sub(th: &mut Thread, a: Value, b: Value) -> Result {
        th.binary(BinaryOp::Sub, a, b)
    }

    /// Same as a * b.
    #[pyfunction(name = "mul")]
    fn mul(th: &mut Thread, a: Value, b: Value) -> Result {
        th.binary(BinaryOp::Mul, a, b)
    }

    /// Same as a / b.
    #[pyfunction(name = "truediv")]
    fn truediv(th: &mut Thread, a: Value, b: Value) -> Result {
        th.binary(BinaryOp::TrueDiv, a, b)
    }

    /// Same as a // b.
    #[pyfunction(name = "floordiv")]
    fn floordiv(th: &mut Thread, a: Value, b: Value) -> Result {
        th.binary(BinaryOp::FloorDiv, a, b)
    }

    /// Same as a % b.
    #[pyfunction(name = "mod")]
    fn modulo(th: &mut Thread, a: Value, b: Value) -> Result {
        th.binary(BinaryOp::Mod, a, b)
    }

    /// Same as a ** b.
    #[pyfunction(name = "pow")]
    fn pow(th: &mut Thread, a: Value, b: Value) -> Result {
        th.binary(BinaryOp::Pow, a, b)
    }

    /// Same as a @ b.
    #[pyfunction(name = "matmul")]
    fn matmul(th: &mut Thread, a: Value, b: Value) -> Result {
        th.binary(BinaryOp::MatMul, a, b)
    }

    /// Same as a << b.
    #[pyfunction(name = "lshift")]
    fn lshift(th: &mut Thread, a: Value, b: Value) -> Result {
        th.binary(BinaryOp::LShift, a, b)
    }

    /// Same as a >> b.
    #[pyfunction(name = "rshift")]
    fn rshift(th: &mut Thread, a: Value, b: Value) -> Result {
        th.binary(BinaryOp::RShift, a, b)
    }

    /// Same as a & b.
    #[pyfunction(name = "and_")]
    fn and_(th: &mut Thread, a: Value, b: Value) -> Result {
        th.binary(BinaryOp::And, a, b)
    }

    /// Same as a | b.
    #[pyfunction(name = "or_")]
    fn or_(th: &mut Thread, a: Value, b: Value) -> Result {
        th.binary(BinaryOp::Or, a, b)
    }

    /// Same as a ^ b.
    #[pyfunction(name = "xor")]
    fn xor(th: &mut Thread, a: Value, b: Value) -> Result {
        th.binary(BinaryOp::Xor, a, b)
    }

    /// Same as a += b.
    #[pyfunction]
    fn iadd(th: &mut Thread, a: Value, b: Value) -> Result {
        th.inplace(BinaryOp::Add, a, b)
    }

    /// Same as a -= b.
    #[pyfunction]
    fn isub(th: &mut Thread, a: Value, b: Value) -> Result {
        th.inplace(BinaryOp::Sub, a, b)
    }

    /// Same as a *= b.
    #[pyfunction]
    fn imul(th: &mut Thread, a: Value, b: Value) -> Result {
        th.inplace(BinaryOp::Mul, a, b)
    }

    /// Same as a /= b.
    #[pyfunction]
    fn itruediv(th: &mut Thread, a: Value, b: Value) -> Result {
        th.inplace(BinaryOp::TrueDiv, a, b)
    }

    /// Same as a //= b.
    #[pyfunction]
    fn ifloordiv(th: &mut Thread, a: Value, b: Value) -> Result {
        th.inplace(BinaryOp::FloorDiv, a, b)
    }

    /// Same as a %= b.
    #[pyfunction]
    fn imod(th: &mut Thread, a: Value, b: Value) -> Result {
        th.inplace(BinaryOp::Mod, a, b)
    }

    /// Same as a **= b.
    #[pyfunction]
    fn ipow(th: &mut Thread, a: Value, b: Value) -> Result {
        th.inplace(BinaryOp::Pow, a, b)
    }

    /// Same as a @= b.
    #[pyfunction]
    fn imatmul(th: &mut Thread, a: Value, b: Value) -> Result {
        th.inplace(BinaryOp::MatMul, a, b)
    }

    /// Same as a <<= b.
    #[pyfunction]
    fn ilshift(th: &mut Thread, a: Value, b: Value) -> Result {
        th.inplace(BinaryOp::LShift, a, b)
    }

    /// Same as a >>= b.
    #[pyfunction]
    fn irshift(th: &mut Thread, a: Value, b: Value) -> Result {
        th.inplace(BinaryOp::RShift, a, b)
    }

    /// Same as a &= b.
    #[pyfunction]
    fn iand(th: &mut Thread, a: Value, b: Value) -> Result {
        th.inplace(BinaryOp::And, a, b)
    }

    /// Same as a |= b.
    #[pyfunction]
    fn ior(th: &mut Thread, a: Value, b: Value) -> Result {
        th.inplace(BinaryOp::Or, a, b)
    }

    /// Same as a ^= b.
    #[pyfunction]
    fn ixor(th: &mut Thread, a: Value, b: Value) -> Result {
        th.inplace(BinaryOp::Xor, a, b)
    }

    /// Same as a < b.
    #[pyfunction]
    fn lt(th: &mut Thread, a: Value, b: Value) -> Result {
        th.compare(a, b, CompareOp::Lt)
    }

    /// Same as a <= b.
    #[pyfunction]
    fn le(th: &mut Thread, a: Value, b: Value) -> Result {
        th.compare(a, b, CompareOp::Le)
    }

    /// Same as a == b.
    #[pyfunction]
    fn eq(th: &mut Thread, a: Value, b: Value) -> Result {
        th.compare(a, b, CompareOp::Eq)
    }

    /// Same as a != b.
    #[pyfunction]
    fn ne(th: &mut Thread, a: Value, b: Value) -> Result {
        th.compare(a, b, CompareOp::Ne)
    }

    /// Same as a > b.
    #[pyfunction]
    fn gt(th: &mut Thread, a: Value, b: Value) -> Result {
        th.compare(a, b, CompareOp::Gt)
    }

    /// Same as a >= b.
    #[pyfunction]
    fn ge(th: &mut Thread, a: Value, b: Value) -> Result {
        th.compare(a, b, CompareOp::Ge)
    }

    /// Same as -a.
    #[pyfunction]
    fn neg(th: &mut Thread, a: Value) -> Result {
        th.unary("-", a)
    }

    /// Same as +a.
    #[pyfunction]
    fn pos(th: &mut Thread, a: Value) -> Result {
        th.unary("+", a)
    }

    /// Same as ~a.
    #[pyfunction]
    fn inv(th: &mut Thread, a: Value) -> Result {
        th.unary("~", a)
    }

    /// Same as ~a.
    #[pyfunction]
    fn invert(th: &mut Thread, a: Value) -> Result {
        th.unary("~", a)
    }
}
