// The next item of a loop.
//
// Part of the dispatch loop: included into `run.rs`, whose macros and locals it uses.

{
    let it = val!(b);
    if let Some(h) = it.header() {
        let id = h.shape();
        fb!(e!()).note_shape(id.0);
        if id == T::RangeIterator.shape() {
            // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
            let r: Gc<RangeIterator> = unsafe { cast(it) };
            match r.advance() {
                Some(i) => {
                    let v = match Value::try_int(i) {
                        Some(v) => v,
                        None => {
                            save!();
                            th.int(i)
                        }
                    };
                    set!(a, v);
                    next!(2)
                }
                None => goto!(d!()),
            }
        }
        if id == T::ListIterator.shape() {
            // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
            let l: Gc<ListIterator> = unsafe { cast(it) };
            match l.advance() {
                Some(v) => {
                    set!(a, v);
                    next!(2)
                }
                None => goto!(d!()),
            }
        }
        if id == T::TupleIterator.shape() {
            // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
            let l: Gc<TupleIterator> = unsafe { cast(it) };
            match l.advance() {
                Some(v) => {
                    set!(a, v);
                    next!(2)
                }
                None => goto!(d!()),
            }
        }
        if id == T::Generator.shape() {
            save!();
            // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
            let g: Gc<generator::Generator> = unsafe { cast(it) };
            if g.is_suspended() {
                let none = th.none();
                check!(generator::enter_chain(th, g, none, flags::FOR_ITER, a as u16));
                load_frame!();
                if let Some(entry) = th.resume_entry() {
                    after_machine!(th.enter_machine(entry, regs));
                }
                continue 'run;
            }
        }
    }
    save!();
    // An item that is only taken apart by the next instruction need not be made.
    // SAFETY: labels and the ends of instructions are bounded by the verifier.
    let w = unsafe { *pc.add(2) };
    if w as u16 == Opcode::UnpackSequence as u16
        && (w >> 32) as u16 as usize == a
        && (w >> 48) as u16 == 2
        && a >= code.first_temporary.get() as usize
        && let Some(pair) = crate::types::iterators::pairs::next(th, it)
    {
        match check!(pair) {
            Some((x, y)) => {
                let to = (w >> 16) as u16 as usize;
                set!(to, x);
                set!(to + 1, y);
                next!(4)
            }
            None => goto!(d!()),
        }
    }
    match check!(th.next(it)) {
        Some(v) => {
            set!(a, v);
            next!(2)
        }
        None => goto!(d!()),
    }
}
