//! The project's chores: `cargo xtask lang`, `bless` and `tidy`.
//!
//! Each chore is a module of its own and depends on the standard library only,
//! so that checking the house never waits for a dependency to build.
#![forbid(unsafe_code)]

mod bless;
mod conformance;
mod corpus;
mod emulated;
mod exits;
mod fuzz;
mod lang;
mod process;
mod stress;
mod test;
mod tidy;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask COMMAND [OPTIONS]

  lang [--taipan PATH] [--flags \"-X jit=off\"] [--jobs N] [--timeout S] [--times] [-v] [FILTER...]
      run the programs of tests/lang and tests/parity, compare with what CPython printed
  bless [--python CMD] [--jobs N] [--missing] [FILTER...]
      record CPython 3.14's output beside each program
  test [LANG OPTIONS]
      run the unit tests and the language suite
  stress [--every-safepoint] [--taipan PATH] [--jobs N] [FILTER...]
      run the language suite in the compiler's and the collector's stress modes; with
      --every-safepoint in those that collect at every safepoint (long; wants a release build)
  exits [--taipan PATH] [--flags \"-X jit-threshold=2\"] [--folder DIR] [--times N] [--jobs N] [--timeout S] [-v]
        [FILTER...]
      run each program again and again until every exit of compiled code that is reached has been
      taken; -v lists the others
  conformance [--mode default|interp|jit|stress|stress-gc] [--folder DIR] [--taipan CMD] [--jobs N]
              [--test-timeout S] [--module-timeout S] [--memory MB] [--json FILE] [--commit] [-v]
              language|types|all|MODULE...
      run CPython's own test suite; compare with conformance/table.txt, or write it with --commit
  conformance --reference MODULE...
      record which test methods CPython 3.14 passes here
  fuzz [--count N] [--seed N] [--batch N] [--jobs N] [--taipan CMD] [--flags \"-X jit=off\"]... [--python CMD] [--keep DIR]
      run random programs under Taipan and CPython and compare what they print
  emulated [--qemu PATH] [--sysroot DIR] COMMAND [OPTIONS]
      another command, where programs for aarch64 are run by an emulator: with
      lang or stress, and --taipan PATH of a Taipan that was built for aarch64
  tidy [ROOT]
      check the rules of the house (dependencies, unsafe, file sizes, rooting)
";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let command = args.next();
    let rest: Vec<String> = args.collect();
    let outcome = match command.as_deref() {
        Some("lang") => lang::main(&rest),
        Some("bless") => bless::main(&rest),
        Some("test") => test::main(&rest),
        Some("conformance") => conformance::main(&rest),
        Some("stress") => stress::main(&rest),
        Some("exits") => exits::main(&rest),
        Some("emulated") => emulated::main(&rest),
        Some("fuzz") => fuzz::main(&rest),
        Some("tidy") => tidy::main(&rest),
        Some("help" | "--help" | "-h") => {
            print!("{USAGE}");
            Ok(true)
        }
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::from(2)
        }
    }
}

/// The repository's root: the parent of this crate's folder.
fn repository_root() -> std::path::PathBuf {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}
