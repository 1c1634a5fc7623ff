// Arithmetic: small ints and floats here, the others in `ops::arith`.
//
// Part of the dispatch loop: included into `run.rs`, whose macros and locals it uses.

{
    // Arithmetic with fast paths for small ints and tagged floats.
    macro_rules! arith {
        ($op:ident, $inplace:expr, $int:expr, $float:expr) => {{
            let (x, y) = (reg!(b), reg!(c));
            if (x ^ 2 | y ^ 2) & 3 == 0 {
                let r: Option<Value> = $int(x as i64 >> 2, y as i64 >> 2);
                if let Some(r) = r {
                    fb!(d!()).note(seen::INT);
                    set!(a, r);
                    next!(2);
                }
            } else if x & y & 1 == 1 {
                // SAFETY: the words are tagged floats, so not zero.
                let (f, g) = unsafe {
                    (
                        Value::from_bits(x).unwrap_unchecked().float_unchecked(),
                        Value::from_bits(y).unwrap_unchecked().float_unchecked(),
                    )
                };
                let r: Option<f64> = $float(f, g);
                if let Some(r) = r
                    && let Some(r) = Value::try_float(r)
                {
                    fb!(d!()).note(seen::FLOAT);
                    set!(a, r);
                    next!(2);
                }
            }
            save!();
            let (x, y) = (val!(b), val!(c));
            let r = check!(slow_arith(th, BinaryOp::$op, $inplace, x, y, fb!(d!())));
            set!(a, r);
            next!(2);
        }};
    }

    macro_rules! arith_int {
        ($op:ident, $inplace:expr, $int:expr, $float:expr) => {{
            let x = reg!(b);
            let y = c as u16 as i16 as i64;
            if x & 3 == 2 {
                let r: Option<Value> = $int(x as i64 >> 2, y);
                if let Some(r) = r {
                    fb!(d!()).note(seen::INT);
                    set!(a, r);
                    next!(2);
                }
            } else if x & 1 == 1 {
                // SAFETY: the words are tagged floats, so not zero.
                let f = unsafe { Value::from_bits(x).unwrap_unchecked().float_unchecked() };
                let r: Option<f64> = $float(f, y as f64);
                if let Some(r) = r
                    && let Some(r) = Value::try_float(r)
                {
                    fb!(d!()).note(seen::MIXED);
                    set!(a, r);
                    next!(2);
                }
            }
            save!();
            let x = val!(b);
            let r = check!(slow_arith(
                th,
                BinaryOp::$op,
                $inplace,
                x,
                Value::small(y as i32),
                fb!(d!())
            ));
            set!(a, r);
            next!(2);
        }};
    }

    match op {
        Opcode::BinaryAdd => arith!(
            Add,
            false,
            |x: i64, y: i64| Value::try_int(x + y),
            |x: f64, y: f64| Some(x + y)
        ),
        Opcode::SumStep => {
            let (x, y) = (reg!(a), reg!(b));
            if (x ^ 2 | y ^ 2) & 3 == 0
                && reg!(a + 1) == th.none().bits()
                && let Some(r) = Value::try_int((x as i64 >> 2) + (y as i64 >> 2))
            {
                fb!(d!()).note(seen::INT);
                set!(a, r);
                next!(2);
            }
            save!();
            fb!(d!()).note(seen::OTHER);
            let (total, state, v) = (val!(a), val!(a + 1), val!(b));
            let (total, state) = check!(sum_step(th, total, state, v));
            set!(a, total);
            set!(a + 1, state);
            next!(2);
        }
        Opcode::BinarySub => arith!(
            Sub,
            false,
            |x: i64, y: i64| Value::try_int(x - y),
            |x: f64, y: f64| Some(x - y)
        ),
        Opcode::BinaryMul => arith!(
            Mul,
            false,
            |x: i64, y: i64| x.checked_mul(y).and_then(Value::try_int),
            |x: f64, y: f64| Some(x * y)
        ),
        Opcode::BinaryTrueDiv => {
            arith!(TrueDiv, false, int_true_div, |x: f64, y: f64| if y != 0.0 {
                Some(x / y)
            } else {
                None
            })
        }
        Opcode::BinaryFloorDiv => {
            arith!(FloorDiv, false, int_floor_div, |_: f64, _: f64| None)
        }
        Opcode::BinaryMod => arith!(Mod, false, int_mod, |_: f64, _: f64| None),
        Opcode::BinaryPow => {
            arith!(Pow, false, |_: i64, _: i64| None, |_: f64, _: f64| None)
        }
        Opcode::BinaryMatMul => {
            arith!(MatMul, false, |_: i64, _: i64| None, |_: f64, _: f64| None)
        }
        Opcode::BinaryLShift => arith!(LShift, false, int_shl, |_: f64, _: f64| None),
        Opcode::BinaryRShift => arith!(RShift, false, int_shr, |_: f64, _: f64| None),
        Opcode::BinaryAnd => arith!(
            And,
            false,
            |x: i64, y: i64| Value::try_int(x & y),
            |_: f64, _: f64| None
        ),
        Opcode::BinaryOr => arith!(
            Or,
            false,
            |x: i64, y: i64| Value::try_int(x | y),
            |_: f64, _: f64| None
        ),
        Opcode::BinaryXor => arith!(
            Xor,
            false,
            |x: i64, y: i64| Value::try_int(x ^ y),
            |_: f64, _: f64| None
        ),
        Opcode::InplaceAdd => arith!(
            Add,
            true,
            |x: i64, y: i64| Value::try_int(x + y),
            |x: f64, y: f64| Some(x + y)
        ),
        Opcode::InplaceSub => arith!(
            Sub,
            true,
            |x: i64, y: i64| Value::try_int(x - y),
            |x: f64, y: f64| Some(x - y)
        ),
        Opcode::InplaceMul => arith!(
            Mul,
            true,
            |x: i64, y: i64| x.checked_mul(y).and_then(Value::try_int),
            |x: f64, y: f64| Some(x * y)
        ),
        Opcode::InplaceTrueDiv => {
            arith!(TrueDiv, true, int_true_div, |x: f64, y: f64| if y != 0.0 {
                Some(x / y)
            } else {
                None
            })
        }
        Opcode::InplaceFloorDiv => {
            arith!(FloorDiv, true, int_floor_div, |_: f64, _: f64| None)
        }
        Opcode::InplaceMod => arith!(Mod, true, int_mod, |_: f64, _: f64| None),
        Opcode::InplacePow => {
            arith!(Pow, true, |_: i64, _: i64| None, |_: f64, _: f64| None)
        }
        Opcode::InplaceMatMul => {
            arith!(MatMul, true, |_: i64, _: i64| None, |_: f64, _: f64| None)
        }
        Opcode::InplaceLShift => arith!(LShift, true, int_shl, |_: f64, _: f64| None),
        Opcode::InplaceRShift => arith!(RShift, true, int_shr, |_: f64, _: f64| None),
        Opcode::InplaceAnd => arith!(
            And,
            true,
            |x: i64, y: i64| Value::try_int(x & y),
            |_: f64, _: f64| None
        ),
        Opcode::InplaceOr => arith!(
            Or,
            true,
            |x: i64, y: i64| Value::try_int(x | y),
            |_: f64, _: f64| None
        ),
        Opcode::InplaceXor => arith!(
            Xor,
            true,
            |x: i64, y: i64| Value::try_int(x ^ y),
            |_: f64, _: f64| None
        ),
        Opcode::BinaryAddInt => arith_int!(
            Add,
            false,
            |x: i64, y: i64| Value::try_int(x + y),
            |x: f64, y: f64| Some(x + y)
        ),
        Opcode::BinarySubInt => arith_int!(
            Sub,
            false,
            |x: i64, y: i64| Value::try_int(x - y),
            |x: f64, y: f64| Some(x - y)
        ),
        Opcode::BinaryMulInt => arith_int!(
            Mul,
            false,
            |x: i64, y: i64| x.checked_mul(y).and_then(Value::try_int),
            |x: f64, y: f64| Some(x * y)
        ),
        Opcode::BinaryFloorDivInt => {
            arith_int!(FloorDiv, false, int_floor_div, |_: f64, _: f64| None)
        }
        Opcode::BinaryModInt => arith_int!(Mod, false, int_mod, |_: f64, _: f64| None),
        Opcode::BinaryAndInt => arith_int!(
            And,
            false,
            |x: i64, y: i64| Value::try_int(x & y),
            |_: f64, _: f64| None
        ),
        Opcode::BinaryLShiftInt => {
            arith_int!(LShift, false, int_shl, |_: f64, _: f64| None)
        }
        Opcode::BinaryRShiftInt => {
            arith_int!(RShift, false, int_shr, |_: f64, _: f64| None)
        }
        Opcode::InplaceAddInt => arith_int!(
            Add,
            true,
            |x: i64, y: i64| Value::try_int(x + y),
            |x: f64, y: f64| Some(x + y)
        ),
        Opcode::InplaceSubInt => arith_int!(
            Sub,
            true,
            |x: i64, y: i64| Value::try_int(x - y),
            |x: f64, y: f64| Some(x - y)
        ),
        Opcode::UnaryNeg => {
            let v = val!(b);
            if let Some(i) = v.as_int()
                && let Some(r) = Value::try_int(-i)
            {
                fb!(d!()).note(seen::INT);
                set!(a, r);
                next!(2);
            }
            if v.is_tagged_float()
                && let Some(r) = Value::try_float(-v.float_unchecked())
            {
                fb!(d!()).note(seen::FLOAT);
                set!(a, r);
                next!(2);
            }
            save!();
            fb!(d!()).note(seen::OTHER);
            let r = check!(th.unary("-", v));
            set!(a, r);
            next!(2)
        }
        Opcode::UnaryPos => {
            save!();
            let v = val!(b);
            let r = check!(th.unary("+", v));
            set!(a, r);
            next!(1)
        }
        Opcode::UnaryInvert => {
            save!();
            let v = val!(b);
            let r = match v.as_int() {
                Some(i) => th.int(!i),
                None => check!(th.unary("~", v)),
            };
            set!(a, r);
            next!(1)
        }
        Opcode::UnaryNot => {
            save!();
            let v = val!(b);
            let t = check!(th.truth(v));
            set!(a, th.bool(!t));
            next!(1)
        }
        _ => unreachable!("an opcode of another family"),
    }
}
