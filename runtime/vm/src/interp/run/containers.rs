// Slices; making and filling containers and strings.
//
// Part of the dispatch loop: included into `run.rs`, whose macros and locals it uses.

match op {
    Opcode::DeleteSubscript => {
        save!();
        let (v, k) = (val!(a), val!(b));
        check!(th.del_item(v, k));
        next!(1)
    }
    Opcode::LoadSlice => {
        save!();
        let v = val!(b);
        let (x, y) = (val!(c), val!(c + 1));
        let r = check!(load_slice(th, v, x, y));
        set!(a, r);
        next!(2)
    }
    Opcode::LoadSteppedSlice => {
        save!();
        let (v, bounds) = (val!(b), [val!(c), val!(c + 1), val!(c + 2)]);
        let r = check!(load_stepped_slice(th, v, bounds));
        set!(a, r);
        next!(2)
    }
    Opcode::StoreSlice => {
        save!();
        let (v, x) = (val!(a), val!(b));
        let (from, to) = (val!(c), val!(c + 1));
        check!(store_slice(th, v, from, to, x));
        next!(1)
    }
    Opcode::BuildSlice => {
        save!();
        let (x, y, z) = (val!(b), val!(b + 1), val!(b + 2));
        let s = crate::types::slice::new(th, x, y, z);
        set!(a, s);
        next!(1)
    }
    Opcode::BuildTuple => {
        save!();
        // SAFETY: the lowering sets every register of a run that is read.
        let t = th.new_tuple(registers!(b, c));
        set!(a, t.value());
        next!(1)
    }
    Opcode::BuildList => {
        save!();
        let l = th.list_from_slice(registers!(b, c));
        set!(a, l.value());
        next!(1)
    }
    Opcode::BuildSet => {
        save!();
        let s = check!(crate::types::set::set_from(th, registers!(b, c)));
        set!(a, s);
        next!(1)
    }
    Opcode::BuildMap => {
        save!();
        let m = check!(build::map(th, registers!(b, 2 * c)));
        set!(a, m);
        next!(1)
    }
    Opcode::BuildString => {
        save!();
        let s = check!(build::string(th, registers!(b, c)));
        set!(a, s);
        next!(1)
    }
    Opcode::ListAppend => {
        save!();
        let (l, v) = (val!(a), val!(b));
        if let Some(l) = l.downcast::<List>() {
            check!(th.list_append(l, v));
        }
        next!(1)
    }
    Opcode::ListExtend => {
        save!();
        let (l, v) = (val!(a), val!(b));
        check!(build::list_extend(th, l, v));
        next!(1)
    }
    Opcode::ListToTuple => {
        save!();
        let l = val!(b);
        let t = build::list_to_tuple(th, l);
        set!(a, t.value());
        next!(1)
    }
    Opcode::SetAdd => {
        save!();
        let (s, v) = (val!(a), val!(b));
        if let Some(s) = s.downcast::<Set>() {
            check!(s.add(th, v));
        }
        next!(1)
    }
    Opcode::SetUpdate => {
        save!();
        let (s, v) = (val!(a), val!(b));
        check!(build::set_update(th, s, v));
        next!(1)
    }
    Opcode::MapSet => {
        save!();
        let (m, k, v) = (val!(a), val!(b), val!(c));
        if let Some(m) = m.downcast::<Dict>() {
            check!(m.set(th, k, v));
        }
        next!(1)
    }
    Opcode::DictUpdate => {
        save!();
        let (m, v) = (val!(a), val!(b));
        check!(build::dict_update(th, m, v));
        next!(1)
    }
    Opcode::DictMerge => {
        save!();
        let (m, v, f) = (val!(a), val!(b), val!(c));
        check!(build::dict_merge(th, m, v, f));
        next!(1)
    }
    Opcode::FormatValue => {
        save!();
        let v = val!(b);
        let r = check!(build::format(th, v, None, c as u32));
        set!(a, r);
        next!(1)
    }
    Opcode::FormatWithSpec => {
        save!();
        let (v, s) = (val!(b), val!(c));
        let r = check!(build::format(th, v, Some(s), d!()));
        set!(a, r);
        next!(2)
    }
    Opcode::BuildInterpolation => {
        save!();
        let r = check!(crate::builtins::interpolation(th, registers!(b, 4)));
        set!(a, r);
        next!(1)
    }
    Opcode::BuildTemplate => {
        save!();
        let (x, y) = (val!(b), val!(c));
        let r = check!(crate::builtins::template(th, x, y));
        set!(a, r);
        next!(1)
    }
    _ => unreachable!("an opcode of another family"),
}
