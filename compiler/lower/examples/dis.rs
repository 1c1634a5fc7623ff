//! Prints the bytecode of a Python file, or, for a directory, which files do not compile.

use std::path::Path;
use std::process::ExitCode;

use taipan_bytecode::code::{CodeObject, Constant};
use taipan_lower::parse::Mode;
use taipan_lower::{Options, compile};

/// What the verifier, or the search for reads of clobbered registers, objects to.
fn fault(code: &CodeObject) -> Option<String> {
    if let Err(e) = taipan_bytecode::verify::verify(code) {
        return Some(format!("{}: {e:?}", code.qualname));
    }
    if let Some((pc, reg)) = taipan_bytecode::liveness::clobbered_read(code) {
        return Some(format!("{}: r{reg} is clobbered at {pc}", code.qualname));
    }
    code.consts.iter().find_map(|c| match c {
        Constant::Code(inner) => fault(inner),
        _ => None,
    })
}

fn check(path: &Path, failed: &mut usize, compiled: &mut usize) {
    if path.is_dir() {
        let mut entries: Vec<_> = std::fs::read_dir(path)
            .into_iter()
            .flatten()
            .flatten()
            .map(|e| e.path())
            .collect();
        entries.sort();
        entries.iter().for_each(|e| check(e, failed, compiled));
    } else if path.extension().is_some_and(|e| e == "py") {
        let Ok(source) = std::fs::read_to_string(path) else {
            return;
        };
        match compile(&source, "x", &Options::new(Mode::Exec)) {
            Ok(done) => {
                *compiled += 1;
                if let Some(fault) = fault(&done.code) {
                    *failed += 1;
                    println!("{}: {fault}", path.display());
                }
            }
            Err(e) => {
                *failed += 1;
                println!("{}: {e}", path.display());
            }
        }
    }
}

fn main() -> ExitCode {
    for arg in std::env::args().skip(1) {
        let path = Path::new(&arg);
        if path.is_dir() {
            let (mut failed, mut compiled) = (0, 0);
            check(path, &mut failed, &mut compiled);
            println!("{compiled} compiled, {failed} failed");
            continue;
        }
        let source = match std::fs::read_to_string(path) {
            Ok(source) => source,
            Err(e) => {
                eprintln!("{arg}: {e}");
                return ExitCode::FAILURE;
            }
        };
        match compile(&source, &arg, &Options::new(Mode::Exec)) {
            Ok(compiled) => print!("{}", taipan_bytecode::disasm::disassemble(&compiled.code)),
            Err(e) => {
                eprintln!("{arg}: {e}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}
