// `v[k] = x`
//
// Part of the dispatch loop: included into `run.rs`, whose macros and locals it uses.

{
    let (v, k, x) = (val!(a), val!(b), val!(c));
    let s = fb!(d!());
    if shape_is(v, T::List) && k.is_int() {
        // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
        let l: Gc<List> = unsafe { cast(v) };
        let i = k.int_unchecked();
        let n = l.items.len();
        let i = if i < 0 { i + n as i64 } else { i };
        if (i as u64) < n as u64 {
            s.note(seen::LIST);
            l.items.set(i as usize, x);
            next!(2);
        }
    }
    save!();
    if shape_is(v, T::Dict) {
        s.note(seen::DICT);
        // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
        let dict: Gc<Dict> = unsafe { cast(v) };
        check!(dict.set(th, k, x));
        next!(2);
    }
    s.note(seen::OTHER);
    crate::machine::arrays::note_container(th, s, v);
    check!(th.set_item(v, k, x));
    next!(2)
}
