//! `cargo xtask stress`: the language suite in the modes that make rare things common.
//!
//! What a program prints must not depend on when its functions are compiled, when compiled code
//! is left, what the compiler is told, or when the collector runs.

use std::time::Instant;

/// Flags of the modes.
const MODES: [&str; 4] = [
    "-X jit-threshold=1",
    "-X jit-threshold=1 -X jit-exit-every=7",
    "-X jit-threshold=2 -X jit-wrong-feedback=1",
    "-X jit-threshold=3 -X gc-every=1000",
];

/// What differs in these modes by nature.
const LEFT_OUT: [&str; 1] = [
    // A variable that is not read again is lost where a frame is left for a wrong guess.
    "tests/lang/jit/inlined_raise.py",
];

/// Programs may take so many times as long as usual, in seconds.
const TIMEOUT: &str = "60";

/// Entry point; true when nothing failed in any mode.
pub fn main(args: &[String]) -> Result<bool, String> {
    let mut good = true;
    for flags in MODES {
        println!("{flags}");
        let mut line: Vec<String> = ["--flags", flags, "--timeout", TIMEOUT]
            .iter()
            .map(|s| s.to_string())
            .collect();
        for path in LEFT_OUT {
            line.push("--skip".into());
            line.push(path.to_string());
        }
        line.extend_from_slice(args);
        let start = Instant::now();
        good &= crate::lang::main(&line)?;
        println!("  {:.0} s", start.elapsed().as_secs_f64());
    }
    Ok(good)
}
