//! The end of a program: threads, `atexit`, streams, and the exit code.

use std::io::Write;

use taipan_vm::Thread;
use taipan_vm::types::ExceptionClass;

/// Exit code when standard output cannot be flushed.
const FLUSH_FAILED: i32 = 120;
/// What [`finish`] gives for a program that SIGINT ends; no exit code, which is a byte.
pub const INTERRUPTED: i32 = 0x100 + 130;

/// Reports the pending exception, lets threads and exit functions finish, flushes, and gives the
/// exit code.
pub fn finish(th: &mut Thread) -> i32 {
    let interrupted = th.pending_matches(ExceptionClass::KeyboardInterrupt);
    let mut code = taipan_vm::exceptions::report::finish(th);
    if interrupted {
        code = INTERRUPTED;
    }
    for (module, function) in [("threading", "_shutdown"), ("atexit", "_run_exitfuncs")] {
        let modules = th.vm().modules_dict();
        if let Some(m) = th.dict_get_text(modules, module)
            && th.call_method_str(m, function, &[]).is_err()
        {
            th.write_unraisable(None, Some("Exception ignored at exit"));
        }
    }
    th.vm().finalizing.set(true);
    th.run_all_finalizers();
    if let Some(tier) = th.vm().tier.get() {
        tier.finish(th);
    }
    match flush(th) {
        true => code,
        false => FLUSH_FAILED,
    }
}

/// Flushes `sys.stdout`, `sys.stderr` and all files; false when standard output cannot be flushed.
pub fn flush(th: &mut Thread) -> bool {
    let good = std::io::stdout().flush().is_ok();
    taipan_stdlib::io::finish(th) && good
}
