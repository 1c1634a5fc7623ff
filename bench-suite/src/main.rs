//! `taipan-bench`: runs benchmarks on several Pythons, side by side, and shows what came out.
//!
//! The path of a figure: [`suites`] says which programs there are, [`schedule`] lets the
//! interpreters take turns on them in processes of their own ([`process`]), where
//! `harness/benchmeter.py` measures and prints samples ([`protocol`]). Each process is a line of
//! the [`journal`], so that nothing is lost and a run can be resumed. [`results`] makes rows of
//! the journal ([`stats`] finds where a warm-up ends), and [`render`] makes tables and pages of
//! the rows. [`compare`] sets two results against each other.
#![forbid(unsafe_code)]

mod cli;
mod compare;
mod fetch;
mod index;
mod interrupt;
mod journal;
mod machine;
mod pace;
mod packages;
mod peers;
mod process;
mod progress;
mod protocol;
mod render;
mod results;
#[cfg(test)]
mod results_tests;
mod run;
mod schedule;
mod stats;
mod suites;

use std::process::ExitCode;

use cli::Command;

fn main() -> ExitCode {
    let outcome = match cli::parse(std::env::args_os()) {
        Ok(Command::Help) => {
            print!("{}", cli::USAGE);
            Ok(true)
        }
        Ok(Command::Run(options)) => run::run(&options),
        Ok(Command::List(options)) => run::list(&options),
        Ok(Command::Compare {
            before,
            after,
            peer,
        }) => compare::command(&before, &after, peer.as_deref()),
        Ok(Command::ComparePeers {
            results,
            before,
            after,
        }) => compare::peers(&results, &before, &after),
        Ok(Command::Render { results, out }) => render::command(&results, out.as_deref()),
        Ok(Command::Index { folder }) => index::write(&folder).map(|()| true),
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
