// Cells, names, imports.
//
// Part of the dispatch loop: included into `run.rs`, whose macros and locals it uses.

match op {
    Opcode::Nop => next!(1),
    Opcode::CheckBound => {
        if reg!(a) == 0 {
            save!();
            if b == 0 {
                name::unbound_local(th, name_at!(d!()));
            } else {
                name::unbound_free(th, name_at!(d!()));
            }
            break 'run false;
        }
        next!(2)
    }
    Opcode::LoadAssertionError => {
        set!(
            a,
            th.vm()
                .exception_class(crate::types::ExceptionClass::AssertionError)
                .value()
        );
        next!(1)
    }
    Opcode::LoadNotImplementedError => {
        set!(
            a,
            th.vm()
                .exception_class(crate::types::ExceptionClass::NotImplementedError)
                .value()
        );
        next!(1)
    }
    Opcode::LoadBuildClass => {
        save!();
        let n = th.names().__build_class__;
        let builtins = function!().builtins();
        match builtins.get_str(n) {
            Some(v) => set!(a, v),
            None => {
                th.name_error(
                    crate::types::ExceptionClass::NameError,
                    "__build_class__",
                    "__build_class__ not found",
                );
                break 'run false;
            }
        }
        next!(1)
    }
    Opcode::MakeCell => {
        save!();
        let cell = th.new_cell(Value::from_bits(reg!(a)));
        set!(a, cell.value());
        next!(1)
    }
    Opcode::LoadClosure => {
        let function = function!();
        let closure = function.closure.get();
        match closure.and_then(|t| t.get(b)) {
            Some(v) => set!(a, v),
            None => {
                save!();
                th.system_error("closure is too short");
                break 'run false;
            }
        }
        next!(1)
    }
    Opcode::DeleteCell => {
        let cell = check!(name::cell(th, Value::from_bits(reg!(a))));
        if cell.contents.take().is_none() {
            save!();
            name::empty_cell(th, code, name_at!(d!()));
            break 'run false;
        }
        next!(2)
    }
    Opcode::StoreGlobal => {
        let s = fb!(e!());
        let globals = function!().globals();
        let v = val!(a);
        if s.kind.get() == CacheKind::Global
            && globals.keys_version.get() == s.version.get()
            && let Some(t) = globals.table()
        {
            if globals.header().has(HeaderFlags::WATCHED) {
                globals.note_change(th, name_at!(d!()).value());
            }
            t.set_value(s.value2.get() as u32, v);
            next!(2);
        }
        save!();
        let n = name_at!(d!());
        globals.set_str(th, n, v);
        remember_global(th, s, globals, n);
        next!(2)
    }
    Opcode::DeleteGlobal => {
        save!();
        let globals = function!().globals();
        let n = name_at!(d!());
        if globals.remove_str(n).is_none() {
            name::not_defined(th, n);
            break 'run false;
        }
        next!(2)
    }
    Opcode::LoadName => {
        let function = function!();
        let locals = locals!();
        let globals = function.globals();
        if locals == globals.value().bits() {
            // Module level.
            include!("load_global.rs");
        }
        save!();
        let n = name_at!(d!());
        let v = match Value::from_bits(locals) {
            Some(l) => check!(name::load_name(th, l, globals, function.builtins(), n)),
            None => {
                check!(name::load_global(th, None, globals, function.builtins(), n))
            }
        };
        set!(a, v);
        next!(2)
    }
    Opcode::StoreName => {
        let v = val!(a);
        let s = fb!(e!());
        let locals = locals!();
        let globals = function!().globals();
        if locals == globals.value().bits()
            && s.kind.get() == CacheKind::Global
            && globals.keys_version.get() == s.version.get()
            && let Some(t) = globals.table()
        {
            if globals.header().has(HeaderFlags::WATCHED) {
                globals.note_change(th, name_at!(d!()).value());
            }
            t.set_value(s.value2.get() as u32, v);
            next!(2);
        }
        save!();
        let n = name_at!(d!());
        match Value::from_bits(locals) {
            Some(l) => check!(name::store_name(th, l, n, v)),
            None => globals.set_str(th, n, v),
        }
        if locals == globals.value().bits() {
            remember_global(th, s, globals, n);
        }
        next!(2)
    }
    Opcode::DeleteName => {
        save!();
        let locals = locals!();
        let l = Value::from_bits(locals)
            .unwrap_or(function!().globals().value());
        check!(name::delete_name(th, l, name_at!(d!())));
        next!(2)
    }
    Opcode::LoadLocals => {
        let locals = locals!();
        set!(
            a,
            Value::from_bits(locals)
                .unwrap_or(function!().globals().value())
        );
        next!(1)
    }
    Opcode::LoadFromDictOrGlobals => {
        save!();
        let m = val!(b);
        let n = name_at!(d!());
        let v = match check!(name::mapping_get(th, m, n)) {
            Some(v) => v,
            None => {
                let f = function!();
                check!(name::load_global(th, None, f.globals(), f.builtins(), n))
            }
        };
        set!(a, v);
        next!(2)
    }
    Opcode::LoadFromDictOrCell => {
        save!();
        let m = val!(b);
        let n = name_at!(d!());
        let v = match check!(name::mapping_get(th, m, n)) {
            Some(v) => v,
            None => {
                let cell = check!(name::cell(th, Value::from_bits(reg!(c))));
                match cell.contents.get() {
                    Some(v) => v,
                    None => {
                        name::empty_cell(th, code, n);
                        break 'run false;
                    }
                }
            }
        };
        set!(a, v);
        next!(2)
    }
    Opcode::ImportName => {
        save!();
        let fromlist = val!(b);
        let r = check!(crate::import::import_name(
            th,
            name_at!(d!()),
            fromlist,
            c as i64
        ));
        set!(a, r);
        next!(2)
    }
    Opcode::ImportFrom => {
        save!();
        let m = val!(b);
        let r = check!(crate::import::import_from(th, m, name_at!(d!())));
        set!(a, r);
        next!(2)
    }
    Opcode::ImportStar => {
        save!();
        let m = val!(a);
        let locals = Value::from_bits(locals!())
            .unwrap_or(function!().globals().value());
        check!(crate::import::import_star(th, m, locals));
        next!(1)
    }
    Opcode::SetupAnnotations => {
        save!();
        let locals = Value::from_bits(locals!())
            .unwrap_or(function!().globals().value());
        let n = th.names().__annotations__;
        if check!(name::mapping_get(th, locals, n)).is_none() {
            let dict = th.new_dict().value();
            check!(name::store_name(th, locals, n, dict));
        }
        next!(1)
    }
    _ => unreachable!("an opcode of another family"),
}
