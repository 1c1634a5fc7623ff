// An attribute is given a value, through inline caches.
//
// Part of the dispatch loop: included into `run.rs`, whose macros and locals it uses.

{
    let v = val!(a);
    let x = val!(b);
    let mut s = fb!(e!());
    if let Some(h) = v.header() {
        let id = h.shape().0;
        if id != s.shape.get()
            && let Some(other) = s.other(id)
        {
            s = other;
        }
    }
    if let Some(h) = v.header()
        && h.shape().0 == s.shape.get()
        && th.shape(h.shape()).version.get() == s.version.get()
    {
        match s.kind.get() {
            CacheKind::InlineSlot => {
                debug_assert!(th.slot_is_inside(v, s.slot.get() as usize));
                // SAFETY: the shape says that the slot lies in the cell.
                unsafe {
                    *((v.bits() + s.slot.get() as u64) as *mut u64) = x.bits()
                };
                crate::object::gc::barrier::write(h, x);
                next!(2);
            }
            CacheKind::AddSlot => {
                debug_assert!(th.slot_is_inside(v, s.slot.get() as usize));
                // SAFETY: as above; the new shape has the same cell layout.
                unsafe {
                    *((v.bits() + s.slot.get() as u64) as *mut u64) = x.bits()
                };
                h.set_shape(crate::object::ShapeId(s.value2.get() as u32));
                crate::object::gc::barrier::write(h, x);
                next!(2);
            }
            CacheKind::Member => {
                crate::object::attributes::set_inline_slot(
                    h,
                    th.shape(h.shape()),
                    s.slot.get(),
                    Some(x),
                );
                next!(2);
            }
            _ => {}
        }
    }
    save!();
    check!(attr::store(th, fb!(e!()), v, name_at!(d!()), x));
    next!(2)
}
