//! `cargo xtask stress`: the language suite in the modes that make rare things common.
//!
//! What a program prints must not depend on when its functions are compiled, when compiled code
//! is left, what the compiler is told, or when the collector runs.

use std::time::Instant;

/// One way to run the suite.
struct Mode {
    /// Flags of the runtime.
    flags: &'static str,
    /// Seconds for a program.
    timeout: &'static str,
    /// Programs that differ by nature.
    left_out: &'static [&'static str],
}

/// It counts collections.
const COUNTED: &[&str] = &["tests/lang/gc/callbacks.py"];

const MODES: [Mode; 4] = [
    Mode {
        flags: "-X jit-threshold=1",
        timeout: "60",
        left_out: &[],
    },
    Mode {
        flags: "-X jit-threshold=1 -X jit-exit-every=7",
        timeout: "60",
        left_out: &[],
    },
    Mode {
        flags: "-X jit-threshold=2 -X jit-wrong-feedback=1",
        timeout: "60",
        left_out: &[],
    },
    Mode {
        flags: "-X jit-threshold=3 -X gc-every=1000",
        timeout: "60",
        left_out: &[],
    },
];

/// A collection at every safepoint, freed memory poisoned; an hour or two in all with a release
/// build.
const EVERY_SAFEPOINT: [Mode; 3] = [
    Mode {
        flags: "-X gc-every=1",
        timeout: "600",
        left_out: COUNTED,
    },
    Mode {
        flags: "-X gc-every=1 -X jit=off",
        timeout: "600",
        left_out: COUNTED,
    },
    Mode {
        flags: "-X gc-every=1 -X jit-threshold=2",
        timeout: "600",
        left_out: COUNTED,
    },
];

/// Entry point; true when nothing failed in any mode.
pub fn main(args: &[String]) -> Result<bool, String> {
    let (modes, args): (&[Mode], &[String]) = match args.split_first() {
        Some((first, rest)) if first == "--every-safepoint" => (&EVERY_SAFEPOINT, rest),
        _ => (&MODES, args),
    };
    let mut good = true;
    for mode in modes {
        println!("{}", mode.flags);
        let mut line: Vec<String> = ["--flags", mode.flags, "--timeout", mode.timeout]
            .iter()
            .map(|s| s.to_string())
            .collect();
        for path in mode.left_out {
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
