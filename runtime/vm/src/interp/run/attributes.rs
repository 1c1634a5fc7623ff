// Attributes and methods that are looked for without inline caches, or by `super()`.
//
// Part of the dispatch loop: included into `run.rs`, whose macros and locals it uses.

match op {
    Opcode::DeleteAttr => {
        save!();
        let v = val!(a);
        check!(th.del_attr(v, name_at!(d!())));
        next!(2)
    }
    Opcode::LoadSuperAttr => {
        save!();
        let (x, y, z) = (val!(b), val!(b + 1), val!(b + 2));
        let r = check!(attr::super_attr(th, x, y, z, name_at!(d!())));
        set!(a, r);
        next!(2)
    }
    Opcode::LoadSuperMethod => {
        save!();
        let (x, y, z) = (val!(a), val!(a + 1), val!(a + 2));
        let (f, r) = check!(attr::super_method(th, fb!(e!()), x, y, z, name_at!(d!())));
        put!(a, f.bits());
        put!(a + 1, r.map_or(0, Value::bits));
        next!(2)
    }
    Opcode::LoadSpecial => {
        save!();
        let v = val!(b);
        let (f, r) = check!(attr::special(th, v, c as u16));
        put!(a, f.bits());
        put!(a + 1, r.map_or(0, Value::bits));
        next!(1)
    }
    _ => unreachable!("an opcode of another family"),
}
