// Calls with unpacked arguments, functions, intrinsics.
//
// Part of the dispatch loop: included into `run.rs`, whose macros and locals it uses.

match op {
    Opcode::CallEx => {
        save!();
        let (f, x) = (val!(b), val!(b + 1));
        let k = Value::from_bits(reg!(b + 2));
        calls::note_called(th, fb!(d!()), f);
        let r = check!(calls::call_ex(th, f, x, k));
        set!(a, r);
        next!(2)
    }
    Opcode::MakeFunction => {
        save!();
        let part = |i: usize| {
            if c >> i & 1 == 1 {
                Value::from_bits(reg!(b + i))
            } else {
                None
            }
        };
        let parts = [part(0), part(1), part(2), part(3)];
        let globals = function!().globals();
        let fc: Gc<Code> = match code.consts().get(d!() as usize) {
            // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
            Some(v) => unsafe { cast(v) },
            None => unreachable!("verified"),
        };
        let f = calls::make_function(th, fc, globals, parts);
        if !std::ptr::eq(f.builtins().as_ptr(), function!().builtins().as_ptr()) {
            f.builtins
                .set(f.header(), function!().builtins());
        }
        set!(a, f.value());
        next!(2)
    }
    Opcode::CallIntrinsic1 => {
        save!();
        let v = val!(b);
        let r = match Intrinsic1::from_u16(c as u16) {
            Some(i) => check!(crate::builtins::intrinsic1(th, i, v)),
            None => unreachable!("verified"),
        };
        set!(a, r);
        next!(1)
    }
    Opcode::CallIntrinsic2 => {
        save!();
        let (x, y) = (val!(b), val!(c));
        let r = match Intrinsic2::from_u16(d!() as u16) {
            Some(i) => check!(crate::builtins::intrinsic2(th, i, x, y)),
            None => unreachable!("verified"),
        };
        set!(a, r);
        next!(2)
    }
    _ => unreachable!("an opcode of another family"),
}
