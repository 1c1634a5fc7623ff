// `v[k]`
//
// Part of the dispatch loop: included into `run.rs`, whose macros and locals it uses.

{
    let (v, k) = (val!(b), val!(c));
    let s = fb!(d!());
    if k.is_int() {
        let i = k.int_unchecked();
        sequence_item!(v, i, s);
        if shape_is(v, T::Str) {
            // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
            let t: Gc<crate::types::str_::Str> = unsafe { cast(v) };
            let i = if i < 0 { i + t.len() as i64 } else { i };
            if let Some(x) = t.at(i as usize) {
                s.note(seen::STR);
                save!();
                let x = th.str_from_char(x);
                set!(a, x.value());
                next!(2);
            }
        }
    }
    save!();
    if shape_is(v, T::Dict) {
        s.note(seen::DICT);
        // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
        let dict: Gc<Dict> = unsafe { cast(v) };
        match check!(dict.get(th, k)) {
            Some(x) => {
                set!(a, x);
                next!(2)
            }
            None => {
                th.key_error(k);
                break 'run false;
            }
        }
    }
    general_subscript!(v, k, s)
}
