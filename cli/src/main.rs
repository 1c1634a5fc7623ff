//! The `taipan` command.
#![forbid(unsafe_code)]

mod finish;
mod flags;
mod help;
mod paths;
mod repl;
mod run;
mod start;

use std::io::IsTerminal;
use std::process::ExitCode;

use taipan_vm::{Thread, Vm};

use flags::{CommandLine, Parsed};
use run::Outcome;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args_os().skip(1).collect();
    match flags::parse(args) {
        Parsed::Print(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Parsed::Usage(message) => {
            eprintln!(
                "{message}\n{}\nTry `taipan -h' for more information.",
                help::USAGE_LINE
            );
            ExitCode::from(2)
        }
        Parsed::Fatal(f) => {
            eprintln!(
                "Fatal Python error: {}: {}\nPython runtime state: {}\n",
                f.place, f.message, f.state
            );
            ExitCode::FAILURE
        }
        Parsed::Run(line) => match interpret(*line) {
            finish::INTERRUPTED => {
                taipan_stdlib::signal::die_by_interrupt();
                ExitCode::from(finish::INTERRUPTED as u8)
            }
            code => ExitCode::from(code as u8),
        },
    }
}

fn interpret(mut line: CommandLine) -> i32 {
    paths::fill(&mut line.config, &line.python_path);
    line.config.orig_argv = std::env::args_os().collect();
    let vm = Vm::new(line.config.clone());
    taipan_stdlib::register(vm);
    taipan_native::Jit::install(vm);
    let mut th = Thread::new(vm);
    let th = &mut th;
    th.attach();
    taipan_stdlib::signal::install(th);
    let outcome = start::start(th).and_then(|()| run::run(th, &line));
    // A signal that came during the last call.
    let outcome = outcome.and_then(|o| th.poll().map(|()| o));
    if let Ok(Outcome::Unreadable(message)) = &outcome {
        eprintln!("{}: {message}", vm.config.executable);
        return 2;
    }
    if wants_inspection(th, &line) {
        inspect(th);
    }
    finish::finish(th)
}

/// Is there to be an interactive loop after the program?
fn wants_inspection(th: &Thread, line: &CommandLine) -> bool {
    if matches!(line.target, flags::Target::Stdin) {
        return false;
    }
    // The program may have set the variable itself.
    let variable = !th.vm().config.ignore_environment
        && std::env::var_os("PYTHONINSPECT").is_some_and(|v| !v.is_empty());
    line.inspect || (variable && std::io::stdin().is_terminal())
}

/// `-i`: the interactive loop in the namespace of what was run.
fn inspect(th: &mut Thread) {
    if th.pending_exception().is_some() {
        taipan_vm::exceptions::report::show(th);
    }
    let modules = th.vm().modules_dict();
    let main = th.dict_get_text(modules, "__main__");
    if let Some(m) = main.and_then(|m| m.downcast::<taipan_vm::types::module::Module>()) {
        // What it raises is for `finish` to report.
        let _ = repl::run(th, m.namespace(), false);
    }
}
