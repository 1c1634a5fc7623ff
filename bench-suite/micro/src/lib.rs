//! Micro-benchmarks: what single parts of Taipan cost. `cargo bench -p taipan-micro [-- FILTER]`.
//!
//! Whole programs are the business of `taipan-bench`; these are for whoever works on one part
//! and wants to see it alone. This library is the interpreter that they share.
#![forbid(unsafe_code)]

use std::time::{Duration, Instant};

use taipan_lower::parse::Mode;
use taipan_vm::vm::Config;
use taipan_vm::{Thread, Value, Vm};

/// An interpreter without `site` and without importers of files.
pub struct Interpreter {
    thread: Thread,
}

impl Interpreter {
    /// A new one that only interprets. Panics when it does not start, as everything else would be
    /// in vain.
    pub fn new() -> Self {
        Self::start(Vm::new(Self::config(&[])))
    }

    /// A new one with the compiler to machine code, and these `-X` options for it. Panics as
    /// [`Interpreter::new`] does.
    pub fn compiling(options: &[(&str, Option<&str>)]) -> Self {
        let vm = Vm::new(Self::config(options));
        taipan_native::Jit::install(vm);
        Self::start(vm)
    }

    fn config(options: &[(&str, Option<&str>)]) -> Config {
        let option =
            |(name, value): &(&str, Option<&str>)| (name.to_string(), value.map(str::to_string));
        Config {
            no_site: true,
            xoptions: options.iter().map(option).collect(),
            ..Config::default()
        }
    }

    fn start(vm: &'static Vm) -> Self {
        taipan_stdlib::register(vm);
        let mut thread = Thread::new(vm);
        thread.attach();
        let started = taipan_vm::builtins::install(&mut thread)
            .and_then(|()| taipan_vm::sys::install(&mut thread));
        assert!(started.is_ok(), "the interpreter does not start");
        Self { thread }
    }

    /// Runs `source` in a module and gives its function `bench`.
    pub fn function(&mut self, source: &str) -> Value {
        let th = &mut self.thread;
        let module = th.new_module("bench");
        let dict = module.namespace();
        let builtins = th.builtins_module();
        th.dict_set_text(dict, "__builtins__", builtins);
        // The collector finds the module, and so the function, by way of `sys.modules`.
        let modules = th.vm().modules_dict();
        th.dict_set_text(modules, "bench", module.value());
        let code = th.compile(source, "<bench>", Mode::Exec);
        let done = code.and_then(|code| th.run_code(code, dict, dict.value()));
        assert!(done.is_ok(), "the benchmark does not run: {source}");
        th.dict_get_text(dict, "bench")
            .expect("there is a function `bench`")
    }

    /// How long `function(rounds)` takes.
    pub fn time(&mut self, function: Value, rounds: u64) -> Duration {
        let th = &mut self.thread;
        let rounds = th.int(rounds as i64);
        let begin = Instant::now();
        let result = th.call(function, &[rounds]);
        let elapsed = begin.elapsed();
        assert!(result.is_ok(), "the benchmark raises");
        elapsed
    }
}

impl Default for Interpreter {
    fn default() -> Self {
        Self::new()
    }
}
