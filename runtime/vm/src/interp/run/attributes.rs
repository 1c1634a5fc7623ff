// Attributes and methods, through inline caches of up to four cases.
//
// Part of the dispatch loop: included into `run.rs`, whose macros and locals it uses.

match op {
    Opcode::LoadAttr => {
        let v = val!(b);
        let mut s = fb!(e!());
        if let Some(h) = v.header() {
            let id = h.shape();
            if id.0 != s.shape.get() {
                s = s.other(id.0).unwrap_or(s);
            }
            if id == T::Type.shape()
                && let Some((x, false)) = attr::cached_on_class(th, fb!(e!()), v)
            {
                set!(a, x);
                next!(2);
            }
            let fits = id.0 == s.shape.get();
            if fits
                && s.kind.get() == CacheKind::InlineSlot
                && th.shape(id).version.get() == s.version.get()
            {
                // SAFETY: the shape says that the slot lies in the cell.
                let x = unsafe { *((v.bits() + s.slot.get() as u64) as *const u64) };
                if x != 0 {
                    put!(a, x);
                    next!(2);
                }
            }
            let kind = if fits { s.kind.get() } else { CacheKind::Empty };
            match kind {
                CacheKind::OverflowSlot
                    if th.shape(id).version.get() == s.version.get() =>
                {
                    if let Some(x) = attr::overflow(th, v, s.slot.get()) {
                        set!(a, x);
                        next!(2);
                    }
                }
                CacheKind::ClassValue
                    if th.shape(id).version.get() == s.version.get() =>
                {
                    put!(a, s.value.get());
                    next!(2);
                }
                CacheKind::Member if th.shape(id).version.get() == s.version.get() => {
                    if let Some(x) = attr::member(th, v, s.slot.get()) {
                        set!(a, x);
                        next!(2);
                    }
                }
                CacheKind::ModuleAttribute => {
                    // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
                    let m: Gc<Module> = unsafe { cast(v) };
                    let ns = m.namespace();
                    if ns.value().bits() == s.value.get()
                        && ns.keys_version.get() == s.version.get()
                        && let Some(x) =
                            ns.table().and_then(|t| t.entry(s.value2.get() as u32))
                    {
                        set!(a, x.value);
                        next!(2);
                    }
                }
                CacheKind::Property
                    if th.shape(id).version.get() == s.version.get() =>
                {
                    save!();
                    if let Some(f) = Value::from_bits(s.value.get()) {
                        // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
                        let f: Gc<Function> = unsafe { cast(f) };
                        let fc = f.code();
                        if fc.simple && fc.argcount == 1 {
                            enter_function!(f, v);
                        }
                        let r = check!(th.call(f.value(), &[v]));
                        set!(a, r);
                        next!(2);
                    }
                }
                _ => {}
            }
        }
        save!();
        let r = check!(attr::load(th, fb!(e!()), v, name_at!(d!())));
        set!(a, r);
        next!(2)
    }
    Opcode::StoreAttr => {
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
    Opcode::DeleteAttr => {
        save!();
        let v = val!(a);
        check!(th.del_attr(v, name_at!(d!())));
        next!(2)
    }
    Opcode::LoadMethod => {
        let v = val!(b);
        let mut s = fb!(e!());
        let id = th.shape_of(v);
        if id.0 != s.shape.get() {
            s = s.other(id.0).unwrap_or(s);
        }
        if id == T::Type.shape()
            && let Some((x, bind)) = attr::cached_on_class(th, fb!(e!()), v)
        {
            put!(a, x.bits());
            put!(a + 1, if bind { v.bits() } else { 0 });
            next!(2);
        }
        if id.0 == s.shape.get()
            && s.kind.get() == CacheKind::Method
            && th.shape(id).version.get() == s.version.get()
        {
            put!(a, s.value.get());
            put!(a + 1, v.bits());
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
