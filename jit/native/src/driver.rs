//! Decides what is compiled when, installs code, and takes it back.

mod retire;

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use std::time::Instant;

use cranelift_codegen::isa::OwnedTargetIsa;
use rustc_hash::{FxHashMap, FxHashSet};
use taipan_abi::resume::Reason;
use taipan_vm::machine::Unit;
use taipan_vm::machine::assumptions::{Assumption, Assumptions};
use taipan_vm::object::Gc;
use taipan_vm::object::gc::Collection;
use taipan_vm::tier::TierUp;
use taipan_vm::types::code::Code;
use taipan_vm::types::function::Function;
use taipan_vm::{Thread, Value, Vm};

use crate::clif::{self, Environment, Forced};
use crate::code::Arena;
use crate::frontend::plan::Plan;
use crate::frontend::{self, Failure, Request};
use crate::nesting::{self, WordKind};
use crate::options::Options;
use crate::perf::Perf;
use crate::sites::Sites;
use crate::stats::Stats;
use crate::worker::{self, Done, Dumps, Job, Worker};

/// How often a unit is compiled anew from better feedback.
const MAX_GENERATIONS: u32 = 10;
/// Exits after which a unit is compiled anew.
const EXITS_BEFORE_ANEW: u32 = 40;

/// Rounds of a loop for each call of its function, below which the function is compiled instead: it is
/// called again soon, and a unit of each of its loops besides would be compiled for nothing.
const FEW_ROUNDS: u32 = 300;
/// Rounds for each call from which on what stands outside of a function's loops runs seldom.
const LONG_LOOPS: u32 = 8;
/// How often a loop of a function that has a unit must be hot before it gets one, too: its function is
/// left there now and then, and entered again at the next call.
const LONG_CALL: u32 = 16;
/// Exits for what only the interpreter does, after which a unit is more trouble than it is worth.
const INTERPRETED_TOO_OFTEN: u32 = 5000;

/// Bytes of machine code of a function's own, from which on it is called and not walked into: the call
/// is little beside what it does, and to compile it once more is much.
const LARGE_CODE: usize = 5500;

/// Instructions of SSA that the program waits for before a thread is started that compiles beside it:
/// about two milliseconds. A short script has no more, and the thread would cost it as much.
const AT_ONCE: usize = 600;

/// Instructions of SSA that are compiled as soon as their code is hot: about 25 milliseconds.
const MADE_FREELY: usize = 3000;
/// For each so many more, code must have become hot once more before it is compiled.
const MADE_FOR_HEAT: usize = 300;
/// How often more at most: a round of a loop may take long.
const MOST_HEAT: usize = 15;

/// Machine code of an SSA instruction in bytes, about: what a unit is thought to have while it is made.
const INSTRUCTION_BYTES: usize = 27;

/// Of the calls that make a function hot, the share from which on it is worth walking into.
const COLD_SHARE: u32 = 64;

/// A unit's name: address of the code object, loop header.
type Key = (u64, Option<u32>);

#[derive(Clone, Copy)]
enum Status {
    /// Being compiled: number of the unit.
    Making(u32),
    /// Compiled: number of the unit.
    Compiled(u32),
    /// Taken back; compiled so many times before, found hot again so many times since.
    Discarded(u32, u32),
    /// Hot, but not yet hot enough to be compiled; asked for so many times.
    Waiting(u32),
    /// Not to be compiled.
    Refused,
}

/// The compiler of an interpreter.
pub struct Jit {
    options: Options,
    isa: RefCell<Option<OwnedTargetIsa>>,
    arena: Arena,
    /// What compiling needs where the program waits for it.
    workspace: RefCell<clif::Workspace>,
    /// All units by their numbers; what is gone leaves a hole.
    units: RefCell<Vec<Option<Rc<Unit>>>>,
    /// Machine code of dead code objects.
    left: RefCell<Vec<Rc<Unit>>>,
    /// Since the last collection the tables may have got entries of code objects made since it.
    touched: Cell<bool>,
    /// Bytes of machine code made since the last full collection.
    unswept: Cell<usize>,
    status: RefCell<FxHashMap<Key, Status>>,
    stats: Stats,
    /// The frontend is at work: hot code found meanwhile waits.
    busy: Cell<bool>,
    /// Instructions that were compiled before there was a thread for it.
    at_once: Cell<usize>,
    /// SSA instructions of all units so far.
    made: Cell<usize>,
    /// The thread that compiles, once there is one.
    worker: RefCell<Option<Worker>>,
    log: RefCell<Option<std::fs::File>>,
    perf: Perf,
    /// Exit sites that earlier runs took, in the mode that takes each.
    sites: Option<Sites>,
    /// Instructions that left too often: they are compiled in their general form.
    general: RefCell<FxHashSet<(u64, u32)>>,
    /// Code objects with much machine code of their own, as far as is known.
    large: RefCell<FxHashSet<u64>>,
}

impl Jit {
    /// Plugs a compiler into an interpreter, unless `-X jit=off`.
    pub fn install(vm: &'static Vm) {
        let options = Options::of(vm);
        if options.off {
            return;
        }
        let log = options.log.as_ref().and_then(|path| {
            let f = std::fs::File::create(path);
            if f.is_err() {
                eprintln!("taipan: -X jit-log: cannot write {path}");
            }
            f.ok()
        });
        let sites = options.exit_sites.as_deref().map(Sites::of);
        let perf = Perf::of(&options);
        let jit: &'static Jit = Box::leak(Box::new(Jit {
            options,
            isa: RefCell::new(None),
            arena: Arena::new(),
            workspace: RefCell::default(),
            units: RefCell::default(),
            left: RefCell::default(),
            touched: Cell::new(false),
            unswept: Cell::new(0),
            status: RefCell::default(),
            stats: Stats::default(),
            busy: Cell::new(false),
            at_once: Cell::new(0),
            made: Cell::new(0),
            worker: RefCell::new(None),
            log: RefCell::new(log),
            perf,
            sites,
            general: RefCell::default(),
            large: RefCell::default(),
        }));
        vm.tier.set(Some(jit));
    }

    fn isa(&self) -> Result<OwnedTargetIsa, String> {
        if let Some(i) = &*self.isa.borrow() {
            return Ok(i.clone());
        }
        let i = clif::native_isa()?;
        *self.isa.borrow_mut() = Some(i.clone());
        Ok(i)
    }

    fn name(code: Gc<Code>, header: Option<u32>) -> String {
        match header {
            Some(h) => format!("{}:{}", code.data.qualname, code.line_at(h as usize)),
            None => code.data.qualname.clone(),
        }
    }

    /// Compiles, now or beside the program. The unit's number when it can be entered at once.
    fn compile(&self, th: &mut Thread, request: Request) -> Option<u32> {
        let code = request.function.code();
        let key = (code.value().bits(), request.header);
        let generation = match self.status.borrow().get(&key) {
            Some(Status::Refused | Status::Making(_)) => return None,
            Some(Status::Compiled(n)) => return Some(*n),
            Some(Status::Discarded(n, _)) => *n,
            Some(Status::Waiting(_)) | None => 0,
        };
        if self.busy.replace(true) {
            return None;
        }
        let r = self.begin(th, request, generation);
        self.busy.set(false);
        match r {
            Ok(job) => {
                let number = job.number;
                self.status.borrow_mut().insert(key, Status::Making(number));
                self.hand_over(th, job);
            }
            Err(why) => self.refuse(key, &Jit::name(code, request.header), why),
        }
        match self.status.borrow().get(&key) {
            Some(Status::Compiled(n)) => Some(*n),
            _ => None,
        }
    }

    fn refuse(&self, key: Key, name: &str, why: String) {
        self.status.borrow_mut().insert(key, Status::Refused);
        self.stats
            .refused
            .borrow_mut()
            .push((name.to_string(), why));
    }

    /// To the worker; or it is done here.
    fn hand_over(&self, th: &mut Thread, job: Job) {
        let mut job = job;
        let size = job.graph.insts.len();
        self.made.set(self.made.get() + size);
        let at_once = self.at_once.get() + size;
        let begins = self.worker.borrow().is_none() && at_once <= AT_ONCE;
        if begins {
            self.at_once.set(at_once);
        }
        if !self.options.sync && !begins {
            let mut worker = self.worker.borrow_mut();
            if worker.as_ref().is_none_or(|w| !w.is_here()) {
                *worker = Worker::start();
                // What the other process was making is not made here.
                self.forget_others(job.number);
            }
            if let Some(w) = &*worker {
                match w.send(job) {
                    Ok(()) => return,
                    Err(back) => job = *back,
                }
            }
        }
        let done = worker::work(job, &mut self.workspace.borrow_mut());
        self.finish_unit(th, done);
    }

    /// Notes whether a function has much machine code of its own. (What was taken back is made again,
    /// and a loop that is long by itself makes its function long.)
    fn weigh(&self, unit: &Unit) {
        let mut large = self.large.borrow_mut();
        if unit.size.get() > LARGE_CODE {
            large.insert(unit.code.bits());
        } else if unit.header.is_none() {
            large.remove(&unit.code.bits());
        }
    }

    /// Units that are being made and never will be, but for this one.
    fn forget_others(&self, number: u32) {
        for s in self.status.borrow_mut().values_mut() {
            if matches!(s, Status::Making(n) if *n != number) {
                *s = Status::Discarded(0, 0);
            }
        }
    }

    /// The frontend's part.
    fn begin(&self, th: &mut Thread, request: Request, generation: u32) -> Result<Job, String> {
        let code = request.function.code();
        if code.is_generator && request.header.is_none() {
            return Err("it is a generator".into());
        }
        if let Some(h) = request.header
            && frontend::suspends_in_loop(code, h)
        {
            return Err("its loop suspends in each round".into());
        }
        let start = Instant::now();
        let mut plan = Plan {
            hoist: true,
            inline: self.options.inline,
            cold_calls: self.options.call_threshold / COLD_SHARE,
            for_loops: request.for_loops,
            hot: self
                .status
                .borrow()
                .keys()
                .filter(|(_, header)| header.is_none())
                .map(|(code, _)| *code)
                .collect(),
            large: self.large.borrow().clone(),
            lies: self
                .options
                .wrong_feedback
                .map(|seed| (seed << 8) ^ generation as u64),
            general: self.general.borrow().clone(),
            places: self.options.perf_jit,
            ..Plan::default()
        };
        let built = match frontend::build(th, request, &mut plan) {
            Ok(b) => b,
            Err(Failure::Refused(why)) => return Err(why.into()),
            Err(Failure::Again) => return Err("the types of its loops do not settle".into()),
        };
        self.stats.built(start.elapsed(), built.inlined);
        let name = Jit::name(code, request.header);
        let wants = |stage: &str| {
            self.options.dump.as_ref().is_some_and(|(stages, f)| {
                (f.is_empty() || name.contains(f.as_str())) && stages.iter().any(|s| s == stage)
            })
        };
        if wants("bytecode") {
            eprintln!("{}", taipan_bytecode::disasm::disassemble(&code.data));
        }
        if wants("built") {
            let text = taipan_ssa::printer::print(&built.graph);
            eprintln!("── {name}: built\n{text}");
        }
        let dumps = Dumps {
            ssa: wants("ssa"),
            clif: wants("clif"),
            asm: wants("asm"),
        };
        let unit = Rc::new(Unit {
            valid: Cell::new(u64::MAX),
            entry: Cell::new(0),
            size: Cell::new(built.graph.insts.len() * INSTRUCTION_BYTES),
            code: code.value(),
            header: request.header,
            exits: OnceCell::new(),
            taken: OnceCell::new(),
            roots: built.roots,
            left: Cell::new(0),
            generation,
        });
        self.weigh(&unit);
        let s = th.vm().singletons();
        let env = Environment {
            unit: Rc::as_ptr(&unit) as u64,
            none: s.none.bits(),
            true_: s.true_.bits(),
            false_: s.false_.bits(),
            forced: match self.options.exit_every {
                _ if self.sites.is_some() => Forced::Once,
                0 => Forced::Never,
                _ => Forced::Counted,
            },
        };
        // From here on the collector knows the unit's objects, and broken assumptions reach it.
        let number = self.units.borrow().len() as u32;
        self.units.borrow_mut().push(Some(unit.clone()));
        code.attach(unit.clone());
        let unseen = (!plan.keep).then_some(Assumption::UnseenVariables);
        let every = [Assumption::Untraced].into_iter().chain(unseen);
        for a in built.assumptions.into_iter().chain(every) {
            th.vm().assumptions.add(a, number, unit.clone());
        }
        let first = taipan_vm::machine::first_word;
        Ok(Job {
            number,
            name,
            graph: built.graph,
            env,
            codes: built.codes.iter().map(|c| c.value().bits()).collect(),
            words: built.codes.iter().map(|c| first(*c)).collect(),
            verify: self.options.verify || cfg!(debug_assertions),
            dumps,
            isa: self.isa()?,
            requests: th.request_word(),
        })
    }

    /// Installs a unit whose code has been made.
    fn finish_unit(&self, th: &mut Thread, done: Done) {
        let Some(unit) = self.unit(done.number) else {
            return;
        };
        let key = (unit.code.bits(), unit.header);
        let wanted =
            matches!(self.status.borrow().get(&key), Some(Status::Making(n)) if *n == done.number);
        let Some(code) = unit.code.downcast::<Code>() else {
            return;
        };
        if !wanted {
            return;
        }
        let name = Jit::name(code, unit.header);
        let lowered = match done.lowered {
            Ok(l) => l,
            Err(why) => return self.refuse(key, &name, why),
        };
        if unit.valid.get() == 0 {
            // What it relied on was broken meanwhile.
            let again = Status::Discarded(unit.generation, 0);
            self.status.borrow_mut().insert(key, again);
            return;
        }
        let Some(entry) = self.arena.add(&lowered.code) else {
            return self.refuse(key, &name, "no memory for machine code".into());
        };
        unit.entry.set(entry);
        unit.size.set(lowered.code.len());
        self.weigh(&unit);
        self.want_collection(th, lowered.code.len());
        let known = |e| self.sites.as_ref().is_some_and(|s| s.is_known(&unit, e));
        let taken = lowered
            .exits
            .iter()
            .map(|e| Cell::new(u32::from(known(e))))
            .collect();
        let _ = unit.taken.set(taken);
        let _ = unit.exits.set(lowered.exits);
        self.stats.compiled(lowered.code.len(), done.time);
        match unit.header {
            None => code.set_compiled(entry as u64),
            Some(word) if frontend::is_resumed_at(code, word) => {
                if let Ok(mut resumed) = code.resumed.try_borrow_mut() {
                    resumed.push((word, entry as u64));
                }
            }
            Some(_) => {}
        }
        self.status
            .borrow_mut()
            .insert(key, Status::Compiled(done.number));
        self.event("compiled", &name, &format!("{} bytes", unit.size.get()));
        self.perf
            .installed(&unit, code, &name, &lowered.code, &lowered.places);
    }

    /// Installs what is ready.
    fn poll(&self, th: &mut Thread) {
        let ready = match &*self.worker.borrow() {
            Some(w) => w.take(),
            None => return,
        };
        for done in ready {
            self.finish_unit(th, done);
        }
    }

    /// Writes an event to the log.
    fn event(&self, what: &str, name: &str, detail: &str) {
        use std::io::Write;
        if let Some(f) = &mut *self.log.borrow_mut() {
            // The log is for reading along; a full disk must not stop the program.
            let _ = writeln!(
                f,
                "{{\"event\":\"{what}\",\"function\":{name:?},\"detail\":{detail:?}}}"
            );
        }
    }

    /// Takes a unit back: it is not entered again.
    fn discard(&self, number: u32, count: bool) {
        let Some(unit) = self.unit(number) else {
            return;
        };
        unit.invalidate();
        let key = (unit.code.bits(), unit.header);
        let current = matches!(self.status.borrow().get(&key), Some(Status::Compiled(n) | Status::Making(n)) if *n == number);
        if current {
            self.stats.invalidated.set(self.stats.invalidated.get() + 1);
            let generation = unit.generation + count as u32;
            let status = if generation >= MAX_GENERATIONS {
                Status::Refused
            } else {
                Status::Discarded(generation, 0)
            };
            self.status.borrow_mut().insert(key, status);
        }
    }

    /// Instructions that leave often are compiled in their general form the next time: at once where
    /// objects differ, and where types do when better feedback did not help.
    fn generalise(&self, th: &mut Thread, unit: &Unit, exit: usize) {
        for (i, (e, n)) in unit.exits().iter().zip(unit.taken()).enumerate() {
            if e.reason == Reason::Caught {
                continue;
            }
            let differs = matches!(e.reason, Reason::Shape | Reason::Identity);
            let numbers = matches!(e.reason, Reason::NotInt | Reason::NotFloat);
            let entry = e.reason == Reason::NotNumber
                && e.frames.len() == 1
                && unit.header.is_some_and(|h| e.frames[0].pc == h);
            if entry && (i == exit || n.get() > 0) {
                let header = unit.header.unwrap_or(0);
                self.general
                    .borrow_mut()
                    .insert((unit.code.bits(), frontend::plan::entry_of(header)));
                continue;
            }
            let often = i == exit || n.get() >= EXITS_BEFORE_ANEW / 4;
            let settled = if differs { 2 } else { 1 };
            let Some(frame) = e.frames.last() else {
                continue;
            };
            // (Of strings with wide units, too, nothing is known but that it was wrong.)
            let wide = e.reason == Reason::Arithmetic;
            if !often || (unit.generation < settled && !differs && !numbers && !wide) {
                continue;
            }
            let c = frame.code;
            let at = taipan_vm::Value::from_bits(c)
                .and_then(|v| v.downcast::<Code>())
                .and_then(|code| nesting::kind_of_word(code, frame.pc));
            let general = match at {
                // Better feedback does not tell what the ways into a loop bring,
                Some(WordKind::Header) if unit.generation < settled && !wide => {
                    frontend::plan::front_of(frame.pc, numbers)
                }
                // nor which form of number has an attribute, and what cannot be cached.
                Some(WordKind::Attribute(slot))
                    if numbers || (differs && cases_seen(th, c, slot) == 1) =>
                {
                    frame.pc
                }
                Some(WordKind::Items) if wide => frame.pc,
                _ if unit.generation >= settled => frame.pc,
                _ => continue,
            };
            self.general.borrow_mut().insert((c, general));
        }
    }

    fn number_of(&self, unit: &Unit) -> Option<u32> {
        let units = self.units.borrow();
        let is_it = |u: &Option<Rc<Unit>>| u.as_deref().is_some_and(|u| std::ptr::eq(u, unit));
        units.iter().position(is_it).map(|at| at as u32)
    }

    /// The unit with a number, unless it is gone.
    fn unit(&self, number: u32) -> Option<Rc<Unit>> {
        self.units.borrow().get(number as usize).cloned().flatten()
    }

    /// Is a loop not to be compiled?
    fn is_refused(&self, code: Gc<Code>, header: u32) -> bool {
        let key = (code.value().bits(), Some(header));
        matches!(self.status.borrow().get(&key), Some(Status::Refused))
            || frontend::suspends_in_loop(code, header)
    }

    /// After a unit was taken back, twice as much heat is wanted each time.
    fn waits(&self, key: Key) -> bool {
        match self.status.borrow_mut().get_mut(&key) {
            Some(Status::Discarded(generation, visits)) => {
                *visits += 1;
                *visits < 1 << (*generation).min(10)
            }
            _ => false,
        }
    }

    /// Has something that is not compiled yet to become hotter? The more has been compiled, the more
    /// heat is wanted for the rest: what is hottest comes first, and the tepid may never.
    fn is_tepid(&self, key: Key) -> bool {
        let beyond = self.made.get().saturating_sub(MADE_FREELY);
        if beyond == 0 || !self.options.cools {
            return false;
        }
        let wanted = beyond.div_ceil(MADE_FOR_HEAT).min(MOST_HEAT) as u32;
        let mut status = self.status.borrow_mut();
        match status.entry(key).or_insert(Status::Waiting(0)) {
            Status::Waiting(asked) => {
                *asked += 1;
                *asked <= wanted
            }
            _ => false,
        }
    }

    /// Has a function that a loop has made hot far more rounds than calls?
    fn has_long_loops(&self, code: Gc<Code>, key: Key) -> bool {
        let asked = match self.status.borrow().get(&key) {
            Some(Status::Waiting(n)) => *n,
            _ => 1,
        };
        let rounds = self.options.loop_threshold.saturating_mul(asked.max(1));
        code.calls.get().saturating_mul(LONG_LOOPS) < rounds
    }

    /// Is a loop of a compiled function best left to the interpreter until the next call?
    fn is_entered_soon(&self, key: Key) -> bool {
        let mut status = self.status.borrow_mut();
        match status.entry(key).or_insert(Status::Waiting(0)) {
            Status::Waiting(asked) => {
                *asked += 1;
                *asked < LONG_CALL
            }
            _ => false,
        }
    }

    /// Exits that were taken, the most often taken ones first.
    fn exits(&self) -> Vec<(String, u32)> {
        let mut all = self.stats.exits.take();
        all.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        all
    }

    /// Notes for the report what exits of a unit were taken, while its code object is there.
    fn note_exits(&self, u: &Unit) {
        if let Some(sites) = &self.sites {
            sites.note(u);
        }
        let Some(code) = u.code.downcast::<Code>() else {
            return;
        };
        if !self.options.stats {
            return;
        }
        for (e, n) in u.exits().iter().zip(u.taken()) {
            if n.get() > 0 {
                let f = e.frames.last();
                let line = e.frames.first().map_or(0, |f| code.line_at(f.pc as usize));
                let what = format!(
                    "{:?} in {} line {line}, depth {}, word {}",
                    e.reason,
                    Jit::name(code, u.header),
                    e.frames.len(),
                    f.map_or(0, |f| f.pc),
                );
                self.stats.exits.borrow_mut().push((what, n.get()));
            }
        }
    }
}

/// How many shapes the interpreter has seen at an instruction with a feedback slot.
fn cases_seen(th: &mut Thread, code: u64, slot: u32) -> usize {
    let code = taipan_vm::Value::from_bits(code).and_then(|v| v.downcast::<Code>());
    let slots = code.map(|c| taipan_vm::machine::feedback_slots(th, c));
    let slot = slots.and_then(|all| all.get(slot as usize).copied());
    slot.map_or(0, |s| s.cases().count())
}

impl TierUp for Jit {
    fn thresholds(&self) -> (u32, u32) {
        (self.options.call_threshold, self.options.loop_threshold)
    }

    fn exit_every(&self) -> u32 {
        self.options.exit_every
    }

    fn install(&self, th: &mut Thread) {
        self.touched.set(true);
        self.poll(th);
    }

    fn hot_function(&self, th: &mut Thread, function: Gc<Function>) {
        self.touched.set(true);
        self.poll(th);
        let code = function.code();
        // Ask again after as many calls.
        code.calls.set(0);
        if code.compiled() != 0 {
            return;
        }
        let key = (code.value().bits(), None);
        if self.waits(key) || self.is_tepid(key) {
            return;
        }
        self.compile(
            th,
            Request {
                function,
                header: None,
                for_loops: false,
            },
        );
    }

    fn hot_loop(&self, th: &mut Thread, header: u32) -> Option<u64> {
        self.touched.set(true);
        self.poll(th);
        let function = th.running_function()?;
        let code = function.code();
        let loop_key = (code.value().bits(), Some(header));
        let has_unit = matches!(
            self.status.borrow().get(&loop_key),
            Some(Status::Compiled(_))
        );
        // A loop of few rounds in a function that is called often: the function is what is hot.
        let few_rounds = if has_unit {
            FEW_ROUNDS / 10
        } else {
            FEW_ROUNDS
        };
        let few = code.calls.get().saturating_mul(few_rounds) > self.options.loop_threshold;
        if few && code.compiled() == 0 && !code.is_generator {
            let key = (code.value().bits(), None);
            let known = self.status.borrow().get(&key).copied();
            match known {
                Some(Status::Refused | Status::Compiled(_)) => {}
                Some(Status::Making(_)) => return None,
                Some(Status::Discarded(..)) if self.waits(key) => return None,
                _ if self.is_tepid(key) => return None,
                _ => {
                    self.compile(
                        th,
                        Request {
                            function,
                            header: None,
                            for_loops: self.has_long_loops(code, key),
                        },
                    );
                    return None;
                }
            }
        }
        let key = loop_key;
        if code.compiled() != 0 && self.is_entered_soon(key) {
            return None;
        }
        let known = self.status.borrow().get(&key).copied();
        // (Later, the counts do not tell how many rounds there were.)
        if known.is_none()
            && let Some(around) = nesting::around_a_short_one(th, code, header)
            && !self.is_refused(code, around.header)
        {
            around.ask(self.options.loop_threshold);
            return None;
        }
        let number = match known {
            Some(Status::Compiled(n)) => n,
            Some(Status::Refused | Status::Making(_)) => return None,
            _ if self.waits(key) || self.is_tepid(key) => return None,
            _ => self.compile(
                th,
                Request {
                    function,
                    header: Some(header),
                    // (A generator is resumed as often as that.)
                    for_loops: !frontend::is_resumed_at(code, header),
                },
            )?,
        };
        let unit = self.unit(number)?;
        (unit.valid.get() != 0).then_some(unit.entry.get() as u64)
    }

    fn left(&self, th: &mut Thread, unit: &Unit, exit: usize) {
        self.touched.set(true);
        let reason = unit.exits().get(exit).map(|e| e.reason);
        if self.log.borrow().is_some()
            && let (Some(code), Some(e)) = (unit.code.downcast::<Code>(), unit.exits().get(exit))
        {
            self.event(
                "exit",
                &Jit::name(code, unit.header),
                &format!("{exit} {e:?}"),
            );
        }
        if matches!(
            reason,
            Some(Reason::Interpret | Reason::Stress | Reason::Raised)
        ) {
            unit.left.set(unit.left.get().saturating_sub(1));
            let useless = reason == Some(Reason::Interpret)
                && unit
                    .taken()
                    .get(exit)
                    .is_some_and(|n| n.get() >= INTERPRETED_TOO_OFTEN);
            if useless && let Some(n) = self.number_of(unit) {
                self.discard(n, true);
                self.status
                    .borrow_mut()
                    .insert((unit.code.bits(), unit.header), Status::Refused);
            }
            return;
        }
        // Behind a loop that was entered in its first run, everything is untaken.
        let patience = match reason {
            Some(Reason::Untaken) => 5 * EXITS_BEFORE_ANEW,
            _ => EXITS_BEFORE_ANEW,
        };
        let often = unit
            .taken()
            .get(exit)
            .is_some_and(|n| n.get() >= patience << unit.generation.min(5));
        if often && self.options.exit_every == 0 {
            let number = self.number_of(unit);
            self.generalise(th, unit, exit);
            if let Some(n) = number {
                self.discard(n, true);
            }
        }
    }

    fn broken(&self, _: &mut Thread, units: Vec<u32>) {
        self.touched.set(true);
        for n in units {
            self.discard(n, false);
        }
    }

    fn finish(&self, _: &mut Thread) {
        self.perf.finish();
        for u in self.units.borrow().iter().flatten() {
            self.note_exits(u);
        }
        if self.options.stats {
            eprint!("{}", self.stats.report(&self.exits()));
        }
        if let Some(sites) = &self.sites
            && let Err(e) = sites.write()
        {
            eprintln!("taipan: -X jit-exit-sites: {e}");
        }
    }

    fn sweep(&self, kind: Collection, assumptions: &Assumptions, is_live: &dyn Fn(Value) -> bool) {
        if kind == Collection::Full || self.touched.replace(false) {
            self.sweep_codes(assumptions, is_live);
        }
    }

    fn collected(&self, th: &mut Thread) {
        self.unswept.set(0);
        self.free_left(th);
    }

    fn forking(&self) {
        self.arena.keep();
    }
}
