//! The `-X jit…` options.

use taipan_vm::Vm;

/// Words of the functions that a unit takes in, behind which it takes in only small ones. More makes
/// programs of many functions hardly faster, and compiling them takes as many times longer.
const INLINED_WORDS: usize = 120;

/// Settings of the compiler.
#[derive(Clone, Debug)]
pub struct Options {
    /// `-X jit=off`: nothing is compiled.
    pub off: bool,
    /// Calls that make a function hot (`-X jit-threshold=N`).
    pub call_threshold: u32,
    /// Back-edges that make a loop hot.
    pub loop_threshold: u32,
    /// Does code that becomes hot late have to become hotter? Not where `-X jit-threshold` says how hot.
    pub cools: bool,
    /// `-X jit-exit-every=N`: every Nth guard fails though it holds.
    pub exit_every: u32,
    /// `-X jit-exit-sites=FILE` or `FILE,FOLDER`: every guard fails once, across runs (see [`crate::sites`]).
    pub exit_sites: Option<String>,
    /// `-X jit-wrong-feedback=SEED`: the frontend is told lies.
    pub wrong_feedback: Option<u64>,
    /// `-X jit-verify`: the SSA is checked after each pass.
    pub verify: bool,
    /// `-X jit-inline=off`: calls are not walked into; `-X jit-inline=N`: a unit takes in functions of
    /// N words in all.
    pub inline: usize,
    /// `-X jit-sync`, and all stress modes: the program waits for the compiler.
    pub sync: bool,
    /// `-X jit-stats`: figures at the end.
    pub stats: bool,
    /// `-X jit-dump=STAGE,…:FUNCTION`.
    pub dump: Option<(Vec<String>, String)>,
    /// `-X jit-log=FILE`.
    pub log: Option<String>,
    /// `-X perf`: a map for the profiler `perf`.
    pub perf: bool,
    /// `-X perf_jit`: code and lines for it (see [`crate::perf`]).
    pub perf_jit: bool,
}

impl Options {
    /// From the command line.
    pub fn of(vm: &Vm) -> Options {
        let number = |name: &str| {
            vm.xoption(name)
                .flatten()
                .and_then(|v| v.parse::<u32>().ok())
        };
        let threshold = number("jit-threshold");
        let dump = vm.xoption("jit-dump").flatten().map(|v| {
            let (stages, function) = v.split_once(':').unwrap_or((v, ""));
            (
                stages.split(',').map(str::to_string).collect(),
                function.to_string(),
            )
        });
        Options {
            off: vm.xoption("jit").flatten() == Some("off"),
            call_threshold: threshold.unwrap_or(8000),
            loop_threshold: threshold.unwrap_or(6000),
            cools: threshold.is_none(),
            exit_every: number("jit-exit-every").unwrap_or(0),
            exit_sites: vm.xoption("jit-exit-sites").flatten().map(str::to_string),
            wrong_feedback: number("jit-wrong-feedback").map(u64::from),
            verify: vm.xoption("jit-verify").is_some(),
            inline: match vm.xoption("jit-inline").flatten() {
                Some("off") => 0,
                _ => number("jit-inline").map_or(INLINED_WORDS, |n| n as usize),
            },
            sync: vm.xoption("jit-sync").is_some()
                || number("jit-threshold").is_some()
                || number("jit-exit-every").is_some()
                || vm.xoption("jit-exit-sites").is_some(),
            stats: vm.xoption("jit-stats").is_some(),
            dump,
            log: vm.xoption("jit-log").flatten().map(str::to_string),
            perf: vm.xoption("perf").is_some(),
            perf_jit: vm.xoption("perf_jit").is_some(),
        }
    }
}
