// A call of what is known only now: a function, a method, a class, something native.
//
// Part of the dispatch loop: included into `run.rs`, whose macros and locals it uses.

{
    save!();
    let mut f = val!(b);
    // First argument register and number of arguments.
    let (mut base, mut n) = (b + 1, c);
    if matches!(op, Opcode::CallMethod) {
        if reg!(b + 1) != 0 {
            n += 1;
        } else {
            base += 1;
        }
    }
    // A method that is a class needs the register below its receiver, which is not free.
    if shape_is(f, T::BoundMethod)
        // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
        && unsafe { cast::<BoundMethod>(f) }.function.kind() != Kind::Type
    {
        // SAFETY: its shape was just tested.
        let m: Gc<BoundMethod> = unsafe { cast(f) };
        // The callable's (or empty receiver's) register is free for the receiver.
        base -= 1;
        n += 1;
        set!(base, m.receiver);
        f = m.function;
        fb!(e!()).note(seen::BOUND_METHOD);
    }
    let kw = d!();
    if f.kind() == Kind::Function {
        // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
        let function: Gc<Function> = unsafe { cast(f) };
        let fc = function.code();
        // SAFETY: registers of the running frame, within its window.
        let window = unsafe { regs.add(base) };
        let bound = if kw == 0 && fc.simple && fc.argcount as usize == n {
            n
        } else {
            let args = Args {
                // SAFETY: the lowering sets every register of a run that is read, and the verifier bounds runs.
                values: unsafe { window_slice(window, n) },
                kwnames: kwnames(code, kw),
            };
            check!(th.bind_arguments(function, args, window))
        };
        let calls = fc.calls.get().wrapping_add(1);
        fc.calls.set(calls);
        if calls >= th.machine.call_threshold {
            th.hot_function(function);
        }
        note_callee(th, fb!(e!()), f, fc);
        if fc.makes_at_once.get() && generator::is_made_at_once(th, fc) {
            // SAFETY: the parameters were bound in the window.
            let parameters = unsafe { window_slice(window, bound) };
            let g = check!(generator::from_parameters(th, function, parameters));
            set!(a, g);
            next!(2)
        }
        check!(th.push_frame(function, fc, window, bound, a as u16, 0));
        return_behind!(2);
        if th.requests.load(Ordering::Relaxed) != 0 {
            load_frame!();
            check!(th.serve_requests());
            if !STEP && th.is_traced() {
                th.to_traced.set(true);
                return Err(Raised);
            }
        }
        let compiled = fc.compiled();
        if compiled != 0 && !STEP && th.may_enter() {
            after_machine!(th.enter_machine(compiled, window));
        }
        load_frame!();
        continue 'run;
    }
    {
        let s = fb!(e!());
        s.note(seen::NATIVE);
        // The compiler wants to know what builtins are given, and methods that were bound.
        if s.kind.get() == CacheKind::Empty {
            let bound = shape_is(f, T::Builtin) && {
                // SAFETY: its shape was just tested.
                let builtin: Gc<Builtin> = unsafe { cast(f) };
                calls::note_bound_builtin(th, s, builtin)
            };
            if n > 0 && !bound {
                s.note_shape(th.shape_of(val!(base)).0);
                if n > 1 {
                    s.version.set(th.shape_of(val!(base + 1)).0);
                }
            }
        }
    }
    let args = Args {
        values: registers!(base, n),
        kwnames: kwnames(code, kw),
    };
    let r = match f.kind() {
        Kind::Builtin if shape_is(f, T::Builtin) => {
            // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
            let bf: Gc<Builtin> = unsafe { cast(f) };
            check!(crate::types::builtin_function::call(th, bf, args))
        }
        Kind::Builtin if shape_is(f, T::MethodDescriptor) => {
            // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
            let bf: Gc<Builtin> = unsafe { cast(f) };
            check!(crate::types::builtin_function::call_unbound(th, bf, args))
        }
        Kind::Type => {
            // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
            let class: Gc<Type> = unsafe { cast(f) };
            let s = fb!(e!());
            let init = if class.def.is_some() {
                None
            } else if s.kind.get() == CacheKind::Construct
                && s.value.get() == f.bits()
                && class.version.get() == s.version.get()
            {
                Value::from_bits(s.value2.get())
                    // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
                    .map(|v| unsafe { cast::<Function>(v) })
            } else {
                calls::construct_target(th, s, class)
            };
            match init {
                Some(init) => {
                    let object = crate::types::object::new_instance(th, class);
                    // The class's register (just below the arguments) receives `self`.
                    // SAFETY: a window behind the running frame's registers, with room for the arguments.
                    let window = unsafe { regs.add(base - 1) };
                    // SAFETY: as above, the first register of that window.
                    unsafe { *window = object.bits() };
                    let ic = init.code();
                    let bound =
                        if kw == 0 && ic.simple && ic.argcount as usize == n + 1 {
                            n + 1
                        } else {
                            let args = Args {
                                // SAFETY: the lowering sets every register of a run that is read, and the verifier bounds runs.
                                values: unsafe { window_slice(window, n + 1) },
                                kwnames: kwnames(code, kw),
                            };
                            check!(th.bind_arguments(init, args, window))
                        };
                    let new = check!(th.push_frame(
                        init,
                        ic,
                        window,
                        bound,
                        a as u16,
                        flags::CONSTRUCT
                    ));
                    // SAFETY: the record of a frame that runs or was just pushed.
                    unsafe {
                        (*new).result = object.bits();
                        (*frame).pc = pc.add(2);
                    }
                    let calls = ic.calls.get().wrapping_add(1);
                    ic.calls.set(calls);
                    if calls >= th.machine.call_threshold {
                        th.hot_function(init);
                    }
                    let compiled = ic.compiled();
                    if compiled != 0 && !STEP && th.may_enter() {
                        after_machine!(th.enter_machine(compiled, window));
                    }
                    load_frame!();
                    continue 'run;
                }
                None if shape_is(f, T::Type) && class.def.is_some() => {
                    // The register just below the arguments is free for the class.
                    // SAFETY: the lowering sets every register of a run that is read, and the verifier bounds runs.
                    let with_class = unsafe {
                        *regs.add(base - 1) = f.bits();
                        window_slice(regs.add(base - 1), n + 1)
                    };
                    check!(crate::types::type_::methods::construct_native(
                        th,
                        class,
                        Args {
                            values: with_class,
                            kwnames: args.kwnames,
                        }
                    ))
                }
                None => check!(th.call_args(f, args)),
            }
        }
        _ => check!(th.call_args(f, args)),
    };
    set!(a, r);
    if th.requests.load(Ordering::Relaxed) != 0 {
        check!(th.serve_requests());
        if !STEP && th.is_traced() {
            // SAFETY: labels and the ends of instructions are bounded by the verifier.
            pc = unsafe { pc.add(2) };
            save!();
            th.to_traced.set(true);
            return Err(Raised);
        }
    }
    next!(2)
}
