// What a method call calls and on what, through inline caches.
//
// Part of the dispatch loop: included into `run.rs`, whose macros and locals it uses.

{
    let v = val!(b);
    let mut s = fb!(e!());
    let id = th.shape_of(v);
    if id.0 != s.shape.get() {
        s = s.other(id.0).unwrap_or(s);
    }
    if id.0 == s.shape.get()
        && s.kind.get() == CacheKind::Method
        && th.shape(id).version.get() == s.version.get()
    {
        put!(a, s.value.get());
        put!(a + 1, v.bits());
        next!(2);
    }
    if v.kind() == Kind::Type
        && let Some((x, bind)) = attr::cached_on_class(fb!(e!()), v)
    {
        put!(a, x.bits());
        put!(a + 1, if bind { v.bits() } else { 0 });
        next!(2);
    }
    if id.0 == s.shape.get() && s.kind.get() == CacheKind::ModuleAttribute {
        // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
        let m: Gc<Module> = unsafe { cast(v) };
        let ns = m.namespace();
        if ns.value().bits() == s.value.get()
            && ns.keys_version.get() == s.version.get()
            && let Some(x) = ns.table().and_then(|t| t.entry(s.value2.get() as u32))
        {
            put!(a, x.value.bits());
            put!(a + 1, 0);
            next!(2);
        }
    }
    if id.0 == s.shape.get()
        && s.kind.get() == CacheKind::ClassValue
        && th.shape(id).version.get() == s.version.get()
    {
        put!(a, s.value.get());
        put!(a + 1, 0);
        next!(2);
    }
    if id.0 == s.shape.get()
        && s.kind.get() == CacheKind::InlineSlot
        && th.shape(id).version.get() == s.version.get()
    {
        // SAFETY: the shape says that the slot lies in the cell.
        let x = unsafe { *((v.bits() + s.slot.get() as u64) as *const u64) };
        if x != 0 {
            put!(a, x);
            put!(a + 1, 0);
            next!(2);
        }
    }
    save!();
    let (f, r) = check!(attr::method(th, fb!(e!()), v, name_at!(d!())));
    put!(a, f.bits());
    put!(a + 1, r.map_or(0, Value::bits));
    next!(2)
}
