// Iteration, unpacking, and the suspending of generators and coroutines.
//
// Part of the dispatch loop: included into `run.rs`, whose macros and locals it uses.

{
    match op {
        Opcode::GetIter => {
            save!();
            let v = val!(b);
            fb!(d!()).note_shape(th.shape_of(v).0);
            if shape_is(v, T::Generator) {
                set!(a, v);
                next!(2);
            }
            if shape_is(v, T::List) {
                // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
                let it = crate::types::iterators::list_iterator(th, unsafe { cast(v) });
                set!(a, it);
                next!(2);
            }
            if shape_is(v, T::Tuple) {
                // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
                let it = crate::types::iterators::tuple_iterator(th, unsafe { cast(v) });
                set!(a, it);
                next!(2);
            }
            let it = check!(th.iter(v));
            set!(a, it);
            next!(2)
        }
        Opcode::UnpackSequence => {
            let v = val!(b);
            fb!(d!()).note_shape(th.shape_of(v).0);
            if shape_is(v, T::Tuple) {
                // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
                let t: Gc<Tuple> = unsafe { cast(v) };
                if t.len() == c {
                    for (i, x) in t.as_slice().iter().enumerate() {
                        set!(a + i, *x);
                    }
                    next!(2);
                }
                save!();
                build::unpack_length(th, c, t.len(), true);
                break 'run false;
            }
            if shape_is(v, T::List) {
                // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
                let l: Gc<List> = unsafe { cast(v) };
                if l.items.len() == c {
                    for (i, x) in l.items.as_slice().iter().enumerate() {
                        set!(a + i, *x);
                    }
                    next!(2);
                }
                save!();
                build::unpack_length(th, c, l.items.len(), true);
                break 'run false;
            }
            save!();
            let items = check!(build::unpack(th, v, c));
            for (i, x) in items.as_slice().iter().enumerate() {
                set!(a + i, *x);
            }
            next!(2)
        }
        Opcode::UnpackEx => {
            save!();
            let v = val!(b);
            let items = check!(build::unpack_ex(th, v, d!() as usize, e!() as usize));
            for (i, x) in items.as_slice().iter().enumerate() {
                set!(a + i, *x);
            }
            next!(2)
        }
        Opcode::ReturnGenerator => {
            save!();
            return_behind!(1);
            let g = generator::from_frame(th);
            // SAFETY: the record of a frame that runs or was just pushed.
            let (fl, dst) = unsafe { ((*frame).flags, (*frame).dst) };
            // SAFETY: as above.
            let result = unsafe { (*frame).result };
            th.pop_frame();
            if fl & flags::ENTRY != 0 {
                th.yielded = false;
                return Ok(g);
            }
            load_frame!();
            if fl & flags::CONSTRUCT != 0 {
                let _ = result;
                let got = th.type_name(g);
                th.type_error(format!("__init__() should return None, not '{got}'"));
                break 'run false;
            }
            set!(dst as usize, g);
            continue 'run;
        }
        Opcode::Yield => {
            let mut v = val!(b);
            if c == 1 {
                save!();
                v = generator::wrap_async(th, v);
            }
            save!();
            yield_up!(v)
        }
        Opcode::Delegate => {
            save!();
            let (it, sent) = (val!(b), val!(c));
            if !STEP && let Some(g) = generator::resumable(th, it, sent) {
                check!(generator::enter_chain(th, g, sent, flags::DELEGATE, a as u16));
                load_frame!();
                if let Some(entry) = th.resume_entry() {
                    after_machine!(th.enter_machine(entry, regs));
                }
                continue 'run;
            }
            match check!(generator::delegate(th, it, sent)) {
                generator::Sent::Returned(v) => {
                    set!(a, v);
                    next!(1)
                }
                generator::Sent::Yielded(v) => yield_up!(v),
            }
        }
        Opcode::GetYieldFromIter => {
            save!();
            let v = val!(b);
            let r = check!(generator::yield_from_iter(th, v, code));
            set!(a, r);
            next!(1)
        }
        Opcode::GetAwaitable => {
            save!();
            let v = val!(b);
            let r = check!(generator::awaitable(th, v, c as u16));
            set!(a, r);
            next!(1)
        }
        Opcode::GetAIter => {
            save!();
            let v = val!(b);
            let r = check!(generator::get_aiter(th, v));
            set!(a, r);
            next!(1)
        }
        Opcode::GetANext => {
            save!();
            let v = val!(b);
            let r = check!(generator::get_anext(th, v));
            set!(a, r);
            next!(1)
        }
        Opcode::JumpIfStopAsync => {
            let v = val!(a);
            if th.exception_matches(v, crate::types::ExceptionClass::StopAsyncIteration) {
                goto!(d!())
            } else {
                next!(2)
            }
        }
        _ => unreachable!("an opcode of another family"),
    }
}
