// An attribute, through inline caches of up to four cases.
//
// Part of the dispatch loop: included into `run.rs`, whose macros and locals it uses.

{
    let v = val!(b);
    let mut s = fb!(e!());
    if let Some(h) = v.header() {
        let id = h.shape();
        if id.0 != s.shape.get() {
            s = s.other(id.0).unwrap_or(s);
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
        if v.kind() == Kind::Type
            && let Some((x, false)) = attr::cached_on_class(fb!(e!()), v)
        {
            set!(a, x);
            next!(2);
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
            CacheKind::GetSet if th.shape(id).version.get() == s.version.get() => {
                save!();
                if let Some(r) = attr::native_attribute(th, s, v) {
                    let r = check!(r);
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
