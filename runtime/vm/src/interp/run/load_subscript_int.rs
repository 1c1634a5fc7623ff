// `v[k]` with a small number in the instruction.
//
// Part of the dispatch loop: included into `run.rs`, whose macros and locals it uses.

{
    let v = val!(b);
    let i = c as u16 as i16 as i64;
    let s = fb!(d!());
    sequence_item!(v, i, s);
    save!();
    general_subscript!(v, Value::small(i as i32), s)
}
