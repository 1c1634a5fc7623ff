// Comparisons, tests and jumps; the back-edge counts for the compiler.
//
// Part of the dispatch loop: included into `run.rs`, whose macros and locals it uses.

{
    macro_rules! compare {
        ($name:ident, $op:tt) => {{
            let (x, y) = (reg!(b), reg!(c));
            if (x ^ 2 | y ^ 2) & 3 == 0 {
                fb!(d!()).note(seen::INT);
                set!(a, th.bool((x as i64) $op (y as i64)));
                next!(2);
            }
            if x & y & 1 == 1 {
                // SAFETY: the words are tagged floats, so not zero.
                let (f, g) = unsafe { (Value::from_bits(x).unwrap_unchecked().float_unchecked(), Value::from_bits(y).unwrap_unchecked().float_unchecked()) };
                fb!(d!()).note(seen::FLOAT);
                set!(a, th.bool(f $op g));
                next!(2);
            }
            save!();
            let (x, y) = (val!(b), val!(c));
            let r = check!(slow_compare(th, x, y, CompareOp::$name, fb!(d!())));
            set!(a, r);
            next!(2);
        }};
    }

    macro_rules! jump_compare {
        ($name:ident, $op:tt, $y:expr, $yv:expr) => {{
            let x = reg!(a);
            let y: u64 = $y;
            let r: bool = if (x ^ 2 | y ^ 2) & 3 == 0 {
                fb!(e!()).note(seen::INT);
                (x as i64) $op (y as i64)
            } else if x & y & 1 == 1 {
                // SAFETY: the words are tagged floats, so not zero.
                let (f, g) = unsafe { (Value::from_bits(x).unwrap_unchecked().float_unchecked(), Value::from_bits(y).unwrap_unchecked().float_unchecked()) };
                fb!(e!()).note(seen::FLOAT);
                f $op g
            } else {
                save!();
                let x = val!(a);
                let y: Value = $yv;
                check!(slow_compare_bool(th, x, y, CompareOp::$name, fb!(e!())))
            };
            if r == (c != 0) { goto!(d!()) } else { next!(2) }
        }};
    }

    match op {
        Opcode::CompareLt => compare!(Lt, <),
        Opcode::CompareLe => compare!(Le, <=),
        Opcode::CompareEq => compare!(Eq, ==),
        Opcode::CompareNe => compare!(Ne, !=),
        Opcode::CompareGt => compare!(Gt, >),
        Opcode::CompareGe => compare!(Ge, >=),
        Opcode::Contains => {
            save!();
            let (x, y) = (val!(b), val!(c));
            let r = check!(contains(th, x, y, fb!(e!())));
            set!(a, th.bool(r == (d!() == 0)));
            next!(2)
        }
        Opcode::Is => {
            let r = reg!(b) == reg!(c);
            set!(a, th.bool(r == (d!() == 0)));
            next!(2)
        }
        Opcode::Jump => goto!(d!()),
        Opcode::LoopBack => {
            let s = fb!(e!());
            let n = s.count.get().wrapping_add(1);
            s.count.set(n);
            if th.requests.load(Ordering::Relaxed) != 0 {
                save!();
                check!(th.serve_requests());
                if !STEP && th.is_traced() {
                    th.to_traced.set(true);
                    return Err(Raised);
                }
            }
            if n >= th.machine.loop_threshold && !STEP {
                // The frame stands at the header.
                // SAFETY: labels and the ends of instructions are bounded by the verifier.
                pc = unsafe { code.words().add(d!() as usize) };
                save!();
                let header = frame_word(frame);
                if let Some(entry) = th.hot_loop(header, s) {
                    after_machine!(th.enter_machine(entry, regs));
                }
                continue 'run;
            }
            goto!(d!())
        }
        Opcode::JumpIfTrue => {
            let v = val!(a);
            let t = if v.is(th.bool(true)) {
                true
            } else if v.is(th.bool(false)) || v.is(th.none()) {
                false
            } else {
                save!();
                fb!(e!()).note(seen::OTHER);
                fb!(e!()).shape.set(th.shape_of(v).0);
                check!(th.truth(v))
            };
            if t { goto!(d!()) } else { next!(2) }
        }
        Opcode::JumpIfFalse => {
            let v = val!(a);
            let t = if v.is(th.bool(true)) {
                true
            } else if v.is(th.bool(false)) || v.is(th.none()) {
                false
            } else {
                save!();
                fb!(e!()).note(seen::OTHER);
                fb!(e!()).shape.set(th.shape_of(v).0);
                check!(th.truth(v))
            };
            if t { next!(2) } else { goto!(d!()) }
        }
        Opcode::JumpIfNone => {
            if reg!(a) == th.none().bits() {
                goto!(d!())
            } else {
                next!(2)
            }
        }
        Opcode::JumpIfNotNone => {
            if reg!(a) != th.none().bits() {
                goto!(d!())
            } else {
                next!(2)
            }
        }
        Opcode::JumpIfUnbound => {
            if reg!(a) == 0 {
                goto!(d!())
            } else {
                next!(2)
            }
        }
        Opcode::JumpIfNotBuiltin => {
            if th.vm().consumer(b).is_some_and(|v| v.bits() == reg!(a)) {
                next!(2)
            } else {
                goto!(d!())
            }
        }
        Opcode::JumpLt => jump_compare!(Lt, <, reg!(b), val!(b)),
        Opcode::JumpLe => jump_compare!(Le, <=, reg!(b), val!(b)),
        Opcode::JumpEq => jump_compare!(Eq, ==, reg!(b), val!(b)),
        Opcode::JumpNe => jump_compare!(Ne, !=, reg!(b), val!(b)),
        Opcode::JumpGt => jump_compare!(Gt, >, reg!(b), val!(b)),
        Opcode::JumpGe => jump_compare!(Ge, >=, reg!(b), val!(b)),
        Opcode::JumpLtInt => {
            jump_compare!(Lt, <, Value::small(b as u16 as i16 as i32).bits(), Value::small(b as u16 as i16 as i32))
        }
        Opcode::JumpLeInt => {
            jump_compare!(Le, <=, Value::small(b as u16 as i16 as i32).bits(), Value::small(b as u16 as i16 as i32))
        }
        Opcode::JumpEqInt => {
            jump_compare!(Eq, ==, Value::small(b as u16 as i16 as i32).bits(), Value::small(b as u16 as i16 as i32))
        }
        Opcode::JumpNeInt => {
            jump_compare!(Ne, !=, Value::small(b as u16 as i16 as i32).bits(), Value::small(b as u16 as i16 as i32))
        }
        Opcode::JumpGtInt => {
            jump_compare!(Gt, >, Value::small(b as u16 as i16 as i32).bits(), Value::small(b as u16 as i16 as i32))
        }
        Opcode::JumpGeInt => {
            jump_compare!(Ge, >=, Value::small(b as u16 as i16 as i32).bits(), Value::small(b as u16 as i16 as i32))
        }
        Opcode::JumpContains => {
            save!();
            let (x, y) = (val!(a), val!(b));
            let r = check!(contains(th, x, y, fb!(e!())));
            if r == (c != 0) { goto!(d!()) } else { next!(2) }
        }
        Opcode::JumpIs => {
            if (reg!(a) == reg!(b)) == (c != 0) {
                goto!(d!())
            } else {
                next!(2)
            }
        }
        _ => unreachable!("an opcode of another family"),
    }
}
