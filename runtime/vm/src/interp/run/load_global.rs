// A global or builtin name, through an inline cache.
//
// Part of the dispatch loop: included into `run.rs`, whose macros and locals it uses.

{
    let s = fb!(e!());
    let function = function!();
    let globals = function.globals();
    match s.kind.get() {
        CacheKind::Global if globals.keys_version.get() == s.version.get() => {
            put!(a, cached_item(globals, s));
            next!(2);
        }
        CacheKind::Builtin if globals.keys_version.get() == s.version.get() => {
            let builtins = function.builtins();
            if builtins.keys_version.get() == s.shape.get() {
                put!(a, cached_item(builtins, s));
                next!(2);
            }
        }
        _ => {}
    }
    save!();
    let v = check!(name::load_global(
        th,
        Some(s),
        globals,
        function.builtins(),
        name_at!(d!())
    ));
    set!(a, v);
    next!(2)
}
