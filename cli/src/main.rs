//! The `taipan` command.
#![forbid(unsafe_code)]

use taipan_vm::vm::Config;
use taipan_vm::{Thread, Vm};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    let mut args = std::env::args().skip(1);
    let mut xoptions = Vec::new();
    let mut next = args.next();
    while next.as_deref() == Some("-X") {
        if let Some(option) = args.next() {
            xoptions.push(match option.split_once('=') {
                Some((name, value)) => (name.to_string(), Some(value.to_string())),
                None => (option, None),
            });
        }
        next = args.next();
    }
    let Some(path) = next else {
        eprintln!("usage: taipan SCRIPT");
        return std::process::ExitCode::from(2);
    };
    let source = match std::fs::read_to_string(&path) {
        Ok(s) => s,
        Err(e) => {
            eprintln!("taipan: can't open file '{path}': {e}");
            return std::process::ExitCode::from(2);
        }
    };
    let vm = Vm::new(Config {
        argv: std::iter::once(path.clone()).chain(args).collect(),
        xoptions,
        ..Config::default()
    });
    taipan_stdlib::register(vm);
    let mut th = Thread::new(vm);
    let th = &mut th;
    th.attach();
    let run = |th: &mut Thread| -> taipan_vm::Result<()> {
        taipan_vm::builtins::install(th)?;
        taipan_vm::sys::install(th)?;
        let m = th.new_module("__main__");
        let modules = th.vm().modules_dict();
        th.dict_set_text(modules, "__main__", m.value());
        let code = th.compile(&source, &path, taipan_lower::parse::Mode::Exec)?;
        let dict = m.namespace();
        th.run_code(code, dict, dict.value())?;
        Ok(())
    };
    let r = run(th);
    let _ = r;
    let code = taipan_vm::exceptions::report::finish(th);
    std::process::ExitCode::from(code as u8)
}
