//! The plain interactive loop: reads a statement from standard input, runs it, prints its value.

use std::io::{BufRead, Write};

use taipan_lower::parse::Mode;
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::dict::Dict;
use taipan_vm::{Gc, Result, Thread};

fn prompt(th: &mut Thread, name: &str, default: &str) -> String {
    match taipan_vm::sys::attribute(th, name) {
        Some(v) => th.str_lossy(v),
        None => default.to_owned(),
    }
}

/// Runs statements until the end of input. Raises SystemExit.
pub fn run(th: &mut Thread, dict: Gc<Dict>, banner: bool) -> Result<()> {
    if banner {
        eprint!("{}", crate::help::version(true));
        eprintln!("Type \"help\", \"copyright\", \"credits\" or \"license\" for more information.");
    }
    let sys = th.vm().sys_dict();
    for (name, text) in [("ps1", ">>> "), ("ps2", "... ")] {
        let v = th.new_str(text).value();
        th.dict_set_text(sys, name, v);
    }
    let mut lines = std::io::stdin().lock().lines();
    let mut pending = String::new();
    loop {
        let text = match pending.is_empty() {
            true => prompt(th, "ps1", ">>> "),
            false => prompt(th, "ps2", "... "),
        };
        eprint!("{text}");
        let _ = std::io::stderr().flush();
        let Some(Ok(line)) = lines.next() else {
            eprintln!();
            return Ok(());
        };
        let blank = line.trim().is_empty();
        if pending.is_empty() && blank {
            continue;
        }
        pending.push_str(&line);
        pending.push('\n');
        // A compound statement goes on until an empty line.
        let compound = pending.lines().count() > 1 || line.trim_end().ends_with(':');
        if compound && !blank {
            continue;
        }
        match th.compile(&pending, "<stdin>", Mode::Single) {
            Ok(code) => {
                pending.clear();
                if th.run_code(code, dict, dict.value()).is_err() {
                    if th.pending_matches(ExceptionClass::SystemExit) {
                        return Err(taipan_vm::Raised);
                    }
                    taipan_vm::exceptions::report::finish(th);
                }
            }
            Err(_) => {
                if th.pending_matches(ExceptionClass::IncompleteInputError) && !blank {
                    th.clear_pending();
                    continue;
                }
                pending.clear();
                taipan_vm::exceptions::report::finish(th);
            }
        }
        crate::finish::flush(th);
    }
}
