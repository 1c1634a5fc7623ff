//! From a graph to machine code, on the program's thread or beside it.
//!
//! The frontend reads objects, so it runs where the program runs. What follows (passes, Cranelift) knows
//! objects by their addresses only, and is done by a thread of its own: a [`Job`] goes there, and
//! what comes back waits until a thread that runs Python code is told by its request word to fetch
//! it. A forked child has no such thread; it starts another one.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use cranelift_codegen::isa::OwnedTargetIsa;
use taipan_vm::thread::request;

use crate::clif::{Environment, Lowered, Workspace};
use crate::frontend::UnitGraph;

/// What of a unit is printed to standard error on the way.
#[derive(Clone, Copy, Default, Debug)]
pub struct Dumps {
    /// The SSA behind the passes.
    pub ssa: bool,
    /// Cranelift's form.
    pub clif: bool,
    /// Machine code.
    pub asm: bool,
}

/// A graph to be compiled.
pub struct Job {
    /// Number of the unit.
    pub number: u32,
    /// Its name, for dumps.
    pub name: String,
    /// The graph.
    pub graph: UnitGraph,
    /// What the lowering must know.
    pub env: Environment,
    /// Code object of each activation.
    pub codes: Vec<u64>,
    /// First instruction word of each.
    pub words: Vec<u64>,
    /// Whether the SSA is verified.
    pub verify: bool,
    /// What is printed.
    pub dumps: Dumps,
    /// The compiler.
    pub isa: OwnedTargetIsa,
    /// Who is told.
    pub requests: Arc<AtomicU32>,
}

/// A compiled graph.
pub struct Done {
    /// Number of the unit.
    pub number: u32,
    /// Machine code and tables, or why there is none.
    pub lowered: Result<Lowered, String>,
    /// How long it took.
    pub time: Duration,
}

/// Compiles a graph.
pub fn work(mut job: Job, workspace: &mut Workspace) -> Done {
    let start = Instant::now();
    let lowered = lower(&mut job, workspace);
    Done {
        number: job.number,
        lowered,
        time: start.elapsed(),
    }
}

fn lower(job: &mut Job, workspace: &mut Workspace) -> Result<Lowered, String> {
    taipan_ssa::passes::pipeline::run(&mut job.graph, job.verify, None)?;
    let name = &job.name;
    if job.dumps.ssa {
        let text = taipan_ssa::printer::print(&job.graph);
        eprintln!("── {name}: ssa\n{text}");
    }
    let want_text = job.dumps.clif || job.dumps.asm;
    let lowered = workspace.compile(
        &job.graph, job.env, &job.codes, &job.words, &job.isa, want_text,
    )?;
    if job.dumps.clif
        && let Some(t) = &lowered.clif
    {
        eprintln!("── {name}: clif\n{t}");
    }
    if job.dumps.asm
        && let Some(t) = &lowered.text
    {
        eprintln!("── {name}: asm\n{t}");
    }
    Ok(lowered)
}

/// The thread that compiles.
pub struct Worker {
    /// The process that it runs in.
    process: u32,
    jobs: mpsc::Sender<Job>,
    done: Arc<Mutex<Vec<Done>>>,
}

impl Worker {
    /// Starts it; None when the system gives no thread.
    pub fn start() -> Option<Worker> {
        let (jobs, inbox) = mpsc::channel::<Job>();
        let done: Arc<Mutex<Vec<Done>>> = Arc::default();
        let out = done.clone();
        std::thread::Builder::new()
            .name("taipan-jit".into())
            .stack_size(16 << 20)
            .spawn(move || {
                // Signals are for the threads that run Python code.
                taipan_vm::machine::block_signals();
                let mut workspace = Workspace::default();
                while let Ok(job) = inbox.recv() {
                    let requests = job.requests.clone();
                    let result = work(job, &mut workspace);
                    out.lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push(result);
                    requests.fetch_or(request::INSTALL, Ordering::Relaxed);
                }
            })
            .ok()?;
        Some(Worker {
            process: std::process::id(),
            jobs,
            done,
        })
    }

    /// Does it run in this process, and not in the one that this was forked from?
    pub fn is_here(&self) -> bool {
        self.process == std::process::id()
    }

    /// Hands it a graph; gives it back when the thread has ended.
    pub fn send(&self, job: Job) -> Result<(), Box<Job>> {
        self.jobs.send(job).map_err(|e| Box::new(e.0))
    }

    /// What is ready.
    pub fn take(&self) -> Vec<Done> {
        match self.done.try_lock() {
            Ok(mut d) => std::mem::take(&mut *d),
            Err(_) => Vec::new(),
        }
    }
}
