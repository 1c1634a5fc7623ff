// `v[k]` with a small number in the instruction.
//
// Part of the dispatch loop: included into `run.rs`, whose macros and locals it uses.

{
    let v = val!(b);
    let i = c as u16 as i16 as i64;
    let s = fb!(d!());
    if shape_is(v, T::List) {
        // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
        let l: Gc<List> = unsafe { cast(v) };
        let i = if i < 0 { i + l.items.len() as i64 } else { i };
        if let Some(x) = l.items.get(i as usize) {
            s.note(seen::LIST);
            set!(a, x);
            next!(2);
        }
    } else if shape_is(v, T::Tuple) {
        // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
        let t: Gc<Tuple> = unsafe { cast(v) };
        let i = if i < 0 { i + t.len() as i64 } else { i };
        if let Some(x) = t.get(i as usize) {
            s.note(seen::TUPLE);
            set!(a, x);
            next!(2);
        }
    }
    save!();
    general_subscript!(v, Value::small(i as i32), s)
}
