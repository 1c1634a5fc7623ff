// Unary arithmetic: small ints and floats here, the others in `Thread::unary`.
//
// Part of the dispatch loop: included into `run.rs`, whose macros and locals it uses.

match op {
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
