// Raising and handling; `match` statements.
//
// Part of the dispatch loop: included into `run.rs`, whose macros and locals it uses.

match op {
    Opcode::EnterHandler => {
        save!();
        code.handler_taken(frame_word(frame));
        let exc = th.take_pending();
        // SAFETY: the record of a frame that runs or was just pushed.
        unsafe {
            *regs.add(b) = (*frame).own_handled;
            (*frame).own_handled = exc.bits();
        }
        th.handled.set(Some(exc));
        set!(a, exc);
        next!(1)
    }
    Opcode::ExitHandler => {
        let saved = reg!(a);
        // SAFETY: the record of a frame that runs or was just pushed.
        unsafe {
            (*frame).own_handled = saved;
            let outer = if saved != 0 {
                saved
            } else {
                (*frame).entry_handled
            };
            th.handled.set(Value::from_bits(outer));
        }
        next!(1)
    }
    Opcode::Raise => {
        save!();
        let v = val!(a);
        except::raise(th, v, None);
        break 'run false;
    }
    Opcode::RaiseFrom => {
        save!();
        let (v, cause) = (val!(a), val!(b));
        except::raise(th, v, Some(cause));
        break 'run false;
    }
    Opcode::RaiseCurrent => {
        save!();
        break 'run except::raise_current(th);
    }
    Opcode::Reraise => {
        save!();
        let v = val!(a);
        th.pending.set(Some(v));
        break 'run true;
    }
    Opcode::MatchException => {
        save!();
        let (v, k) = (val!(b), val!(c));
        let r = check!(except::matches(th, v, k));
        set!(a, th.bool(r));
        next!(1)
    }
    Opcode::MatchExceptionGroup => {
        save!();
        let (rest, k) = (val!(b), val!(c));
        let (m, r) = check!(crate::exceptions::group::split_star(th, rest, k));
        if !th.is_none(m) {
            // The clause handles its part only.
            // SAFETY: the record of a frame that runs or was just pushed.
            unsafe { (*frame).own_handled = m.bits() };
            th.handled.set(Some(m));
        }
        set!(a, m);
        set!(b, r);
        next!(1)
    }
    Opcode::PrepareReraiseStar => {
        save!();
        let (orig, list) = (val!(b), val!(c));
        let r = check!(crate::exceptions::group::prepare_reraise(th, orig, list));
        set!(a, r);
        next!(1)
    }
    Opcode::WithExceptStart => {
        save!();
        let f = val!(b);
        let exc = val!(c);
        let class = th.class_of(exc).value();
        let tb = th
            .or_none(crate::types::exception::of(exc).and_then(|e| e.traceback.get()));
        let r = match Value::from_bits(reg!(b + 1)) {
            Some(this) => check!(th.call(f, &[this, class, exc, tb])),
            None => check!(th.call(f, &[class, exc, tb])),
        };
        set!(a, r);
        next!(1)
    }
    Opcode::GetLen => {
        save!();
        let v = val!(b);
        let n = check!(th.len(v));
        let n = th.int(n as i64);
        set!(a, n);
        next!(1)
    }
    Opcode::MatchMapping => {
        let v = val!(b);
        set!(
            a,
            th.bool(th.class_of(v).has(crate::types::type_::flags::MAPPING))
        );
        next!(1)
    }
    Opcode::MatchSequence => {
        let v = val!(b);
        set!(
            a,
            th.bool(th.class_of(v).has(crate::types::type_::flags::SEQUENCE))
        );
        next!(1)
    }
    Opcode::MatchKeys => {
        save!();
        let (v, k) = (val!(b), val!(c));
        let r = check!(matching::keys(th, v, k));
        set!(a, r);
        next!(1)
    }
    Opcode::MatchClass => {
        save!();
        let (v, k) = (val!(b), val!(c));
        let names = code.consts().get(e!() as usize).unwrap_or(th.none());
        let r = check!(matching::class(th, v, k, d!() as usize, names));
        set!(a, r);
        next!(2)
    }
    _ => unreachable!("an opcode of another family"),
}
