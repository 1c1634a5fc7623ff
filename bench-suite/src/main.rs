//! `taipan-bench`: runs pyperformance's benchmarks on several interpreters, side by side.
//!
//! The benchmark scripts are pyperformance's own, unmodified, taken from the
//! package at run time. What is ours is the small `pyperf` module they import
//! (`harness/pyperf.py`), which measures two things: the first call, which is
//! what a batch job pays, and the steady state after a warm-up.
//!
//! The interpreters take turns on each benchmark, in processes of their own,
//! pinned to one core, so that a change of the machine's mood hits all of them.
//! There is deliberately no calibration across processes and no statistics
//! beyond best and median: differences that need more are too small to claim.
#![forbid(unsafe_code)]

mod fetch;
mod options;
mod report;
mod run;
mod suite;

use std::process::ExitCode;

use options::{Options, Parsed};
use report::{Entry, Report};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match options::parse(&args) {
        Ok(Parsed::Run(options)) => execute(&options),
        Ok(Parsed::Help) => {
            print!("{}", options::USAGE);
            Ok(true)
        }
        Err(message) => Err(message),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("taipan-bench: {message}");
            ExitCode::from(2)
        }
    }
}

/// Runs the chosen benchmarks; false when one failed or two results differ.
fn execute(options: &Options) -> Result<bool, String> {
    let folder = fetch::pyperformance(options)?;
    let programs = suite::choose(&folder, options)?;
    if options.list {
        for program in &programs {
            println!("{}", program.name);
        }
        return Ok(true);
    }
    let harness = fetch::harness(options)?;
    let core = run::core(options);
    let mut report = Report::new(options)?;
    for program in &programs {
        let mut path = vec![harness.clone()];
        path.extend(fetch::requirements(program, options)?);
        for python in &options.pythons {
            let outcome = run::run(program, python, &path, core, options)?;
            for measured in outcome.measured {
                report.add(Entry::measured(program, python, measured))?;
            }
            if let Some(error) = outcome.error {
                report.add(Entry::failed(program, python, error))?;
            }
        }
    }
    report.finish()
}
