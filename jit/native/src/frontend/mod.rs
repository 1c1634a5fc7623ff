//! From bytecode and feedback to the typed SSA.
//!
//! An abstract interpreter: it walks the bytecode once, keeps for every register what is known
//! of it ([`state`]), and emits instructions specialised by what the interpreter has seen. Calls
//! of known functions are walked into (inlining); objects that nobody else can see yet are not
//! made but kept as recipes; a guard that is known to hold is not emitted. Where ways meet, what
//! differs becomes a block parameter ([`merge`]); a loop begins with a guess from the way in and
//! is built again when a way back does not fit it ([`plan`], [`loops`]).
//!
//! It runs on the thread that found the code hot, holding the interpreter lock; the graph it
//! makes names objects by address only, so that the rest can be done elsewhere.

mod arith;
mod arrays;
mod attr;
mod build;
mod builtins;
mod bytes;
mod call;
mod classes;
mod compare;
mod consume;
mod emit;
mod exits;
mod feedback;
mod forward;
mod functions;
mod generators;
mod handlers;
mod inline;
mod iterate;
mod loops;
mod merge;
mod names;
mod objects;
mod ops;
pub mod plan;
mod repeat;
mod shapes;
mod shown;
pub mod state;
mod subscript;
mod text;

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use taipan_abi::resume::{ObjectKind, Reason};
use taipan_bytecode::liveness::Liveness;
use taipan_ssa::{Block, Graph, Op, Rep, Terminator, Type, Value};
use taipan_vm::machine::assumptions::Assumption;
use taipan_vm::object::Gc;
use taipan_vm::types::code::Code;
use taipan_vm::types::function::Function;
use taipan_vm::{Thread, Value as Object};

use plan::Plan;
use state::{Abs, FrameRegs, State};

/// The graph of a unit.
pub type UnitGraph = Graph<ObjectKind>;

/// Why nothing was built.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// A loop's guess was wrong: build again.
    Again,
    /// The function is not compiled, and why.
    Refused(&'static str),
}

/// Instructions that a unit may have.
const MAX_INSTS: usize = 24_000;

/// What is known of a code object for as long as a graph is built.
pub struct CodeFacts {
    /// Live registers.
    pub liveness: Liveness,
    /// Loops by header: registers written in them.
    pub loops: FxHashMap<u32, FxHashSet<u16>>,
    /// Header and last word of each loop.
    pub ranges: FxHashMap<u32, u32>,
    /// Words where ways meet or jumps lead.
    pub targets: FxHashSet<u32>,
    /// The feedback slots.
    pub feedback: Vec<&'static taipan_vm::feedback::FeedbackSlot>,
}

/// One frame's code in the unit: the compiled function or an inlined call.
pub struct Activation {
    /// The code.
    pub code: Gc<Code>,
    /// What is known of it.
    pub facts: Rc<CodeFacts>,
    /// Names the activation across attempts: the way of calls to it.
    pub key: u64,
    /// The function, when it is known.
    pub function: Option<Gc<Function>>,
    /// Of a function that was not made: one with the same globals and builtins.
    pub home: Option<Gc<Function>>,
    /// The function as a value.
    pub function_value: Option<Value>,
}

impl Activation {
    /// The register with the cell `__class__` of a method, which `super()` looks for.
    pub fn class_cell(&self) -> Option<u16> {
        let free = &self.code.data.freevars;
        free.iter().find(|(n, _)| n == "__class__").map(|(_, r)| *r)
    }
}

/// A way into a word.
pub struct Edge {
    /// The block it comes from, not yet ended.
    pub block: Block,
    /// The state there.
    pub state: State,
}

/// What comes back from a walk over a function.
pub struct Returned {
    /// From where.
    pub edge: Edge,
    /// The value.
    pub value: Abs,
    /// Word of the instruction that returns it.
    pub pc: u32,
    /// It was yielded, by the instruction at this word.
    pub yielded: Option<u32>,
}

/// What was built.
pub struct Built {
    /// The graph.
    pub graph: UnitGraph,
    /// Frames: code of each activation, by number.
    pub codes: Vec<Gc<Code>>,
    /// What it relies on.
    pub assumptions: Vec<Assumption>,
    /// Objects it names.
    pub roots: Vec<Object>,
    /// Calls that were inlined.
    pub inlined: usize,
}

/// Builds graphs.
pub struct Builder<'a> {
    th: &'a mut Thread,
    graph: UnitGraph,
    block: Block,
    state: State,
    activations: Vec<Activation>,
    plan: &'a mut Plan,
    roots: Vec<Object>,
    assumptions: Vec<Assumption>,
    constants: FxHashMap<(Op, i64), Value>,
    facts: FxHashMap<u64, Rc<CodeFacts>>,
    loops: Vec<loops::Loop>,
    /// Word of the instruction that is being walked, and of the one behind it.
    pc: u32,
    next_pc: u32,
    /// Register that the instruction being walked writes.
    destination: u16,
    inlined: usize,
    inlined_words: usize,
    /// The header of the loop at which the unit begins, with a window that the interpreter has filled.
    header: Option<u32>,
    /// Calls of anything that may run Python code, so far.
    calls: u32,
    /// Ways to handlers that are not walked yet: activation, word, where from.
    raised: Vec<(usize, u32, Edge)>,
    /// Callables that were chosen by the receiver's shape.
    chosen: FxHashMap<Value, shapes::Chosen>,
    /// The codes of characters that are items of strings.
    bytes_of: FxHashMap<Value, Value>,
    /// Calls of generator functions that were walked into.
    sites: Vec<generators::Site>,
}

/// What to build.
#[derive(Clone, Copy)]
pub struct Request {
    /// The function.
    pub function: Gc<Function>,
    /// The loop header at which the unit begins.
    pub header: Option<u32>,
    /// It is compiled for its loops; what stands outside of them has run far less often.
    pub for_loops: bool,
}

/// Builds the graph of a function, or of the running frame from a loop's header on.
pub fn build(th: &mut Thread, request: Request, plan: &mut Plan) -> Result<Built, Failure> {
    for _ in 0..24 {
        plan.changed = false;
        let looks = plan.looks || looks_into_frame(request.function.code());
        plan.keep = looks || th.vm().variables_are_seen.get();
        let mut b = Builder {
            th,
            graph: Graph::default(),
            block: Block(0),
            state: State::default(),
            activations: Vec::new(),
            plan,
            roots: Vec::new(),
            assumptions: Vec::new(),
            constants: FxHashMap::default(),
            facts: FxHashMap::default(),
            loops: Vec::new(),
            pc: 0,
            next_pc: 0,
            destination: 0,
            inlined: 0,
            inlined_words: 0,
            header: None,
            calls: 0,
            chosen: FxHashMap::default(),
            raised: Vec::new(),
            bytes_of: FxHashMap::default(),
            sites: Vec::new(),
        };
        match b.unit(request) {
            Ok(()) if !b.plan.changed && b.relies_on_what_holds() => {
                b.graph.shape_sets = b.plan.shape_sets.clone();
                return Ok(Built {
                    codes: b.activations.iter().map(|a| a.code).collect(),
                    graph: b.graph,
                    assumptions: b.assumptions,
                    roots: b.roots,
                    inlined: b.inlined,
                });
            }
            Ok(()) | Err(Failure::Again) => {}
            // (What was guessed in vain may be what it was refused for.)
            Err(_) if b.plan.changed => {}
            Err(f) => return Err(f),
        }
    }
    Err(Failure::Refused("the types of its loops do not settle"))
}

/// Names whose functions look into the frame of their caller.
const LOOKS_INTO_FRAME: [&str; 8] = [
    "locals",
    "vars",
    "eval",
    "exec",
    "dir",
    "_getframe",
    "currentframe",
    "breakpoint",
];

/// Does the code look at its own variables? Then it keeps them all, and is not walked into.
pub fn looks_into_frame(code: Gc<Code>) -> bool {
    code.data
        .names
        .iter()
        .any(|n| LOOKS_INTO_FRAME.contains(&n.as_str()))
}

/// Does a generator go on at this word after it was made, has yielded, or what it delegated to has
/// ended?
pub fn is_resumed_at(code: Gc<Code>, word: u32) -> bool {
    use taipan_bytecode::opcode::Opcode;
    code.is_generator
        && taipan_bytecode::access::instructions(&code.data.code).any(|(_, op, _, next)| match op {
            Opcode::Yield | Opcode::Delegate | Opcode::ReturnGenerator => next as u32 == word,
            _ => false,
        })
}

/// The last word from which the loop with this header goes back.
pub fn loop_end(code: Gc<Code>, header: u32) -> u32 {
    use taipan_bytecode::opcode::Opcode;
    taipan_bytecode::access::instructions(&code.data.code)
        .filter(|(_, op, x, _)| *op == Opcode::LoopBack && x.d == header)
        .map(|(pc, ..)| pc as u32)
        .max()
        .unwrap_or(header)
}

/// Does the loop with this header suspend its frame?
pub fn suspends_in_loop(code: Gc<Code>, header: u32) -> bool {
    use taipan_bytecode::opcode::Opcode;
    if !code.is_generator {
        return false;
    }
    let end = loop_end(code, header);
    taipan_bytecode::access::instructions(&code.data.code).any(|(pc, op, _, _)| {
        (header..=end).contains(&(pc as u32)) && matches!(op, Opcode::Yield | Opcode::Delegate)
    })
}

impl Builder<'_> {
    fn unit(&mut self, request: Request) -> Result<(), Failure> {
        let code = request.function.code();
        let facts = self.facts_of(code);
        self.roots.push(code.value());
        self.roots.push(request.function.value());
        // Block 0 holds the constants, block 1 the entry.
        self.graph.new_block();
        self.block = self.graph.new_block();
        self.header = request.header;
        self.activations.push(Activation {
            code,
            facts,
            key: request.header.map_or(1, |h| 2 + h as u64),
            function: None,
            home: None,
            function_value: None,
        });
        let n = code.registers as usize;
        let mut regs = vec![Abs::Unbound; n];
        let pc = request.header.unwrap_or(0);
        self.pc = pc;
        let parameters = taipan_vm::machine::parameter_count(code);
        let live = self.live_registers(0, pc);
        for (r, slot) in regs.iter_mut().enumerate() {
            let wanted = match request.header {
                None => r < parameters,
                // Variables that are not read again may be looked at.
                Some(_) => live.contains(&(r as u16)) || r < code.data.varnames.len(),
            };
            if wanted {
                let ty = if request.header.is_none() && r < code.argcount as usize && code.simple {
                    Type::ANY
                } else {
                    Type::ANY_OR_UNBOUND
                };
                let v = self.push(Op::LoadRegister, &[], r as i64, Rep::Tagged, ty);
                *slot = Abs::V(v);
            }
        }
        // The arguments are in the window, and so is what a loop's header finds.
        let mut shown = state::Shown::default();
        for (r, a) in regs.iter().enumerate() {
            if let Abs::V(v) = a {
                shown.stored.push((r as u16, *v));
            }
        }
        let root = self.constant_object(request.function.value());
        self.state.frames.push(FrameRegs {
            activation: 0,
            pc,
            dst: 0,
            construct: None,
            handled: Abs::Unbound,
            function: Abs::V(root),
            regs,
            shown,
            resumed_by: None,
        });
        let f = self.push(
            Op::RootFunction,
            &[],
            0,
            Rep::Tagged,
            Type::shape(shape_of(taipan_vm::types::T::Function)),
        );
        self.activations[0].function_value = Some(f);
        self.guard_globals(request.function, f)?;
        if let Some(header) = request.header {
            self.guard_entry_types(header);
        } else {
            let state = self.state_at(pc, Reason::StackEnd, false);
            self.push_state(Op::StackCheck, &[], 0, Rep::Int, Type::RAW, state);
            let state = self.state_at(pc, Reason::Safepoint, false);
            self.push_state(Op::Safepoint, &[], 0, Rep::Int, Type::RAW, state);
        }
        let block = self.block;
        let state = std::mem::take(&mut self.state);
        let returns = self.walk(0, pc, Edge { block, state })?;
        for r in returns {
            self.block = r.edge.block;
            self.state = r.edge.state;
            self.pc = r.pc;
            let v = self.tagged(r.value);
            self.end(Terminator::Return(v));
        }
        self.graph.block_mut(Block(0)).terminator = Terminator::Jump(Block(1), Vec::new());
        Ok(())
    }

    /// Types of registers at a loop entered from the interpreter: what they hold now.
    fn guard_entry_types(&mut self, header: u32) {
        let code = self.activations[0].code.value().bits();
        if self.plan.general.contains(&(code, plan::entry_of(header))) {
            return;
        }
        let live = self.live_registers(0, header);
        for r in live {
            let Abs::V(v) = self.state.get(r as usize) else {
                continue;
            };
            let now = self.th.frame_register(r as usize);
            let state = self.state_at(header, Reason::NotNumber, false);
            let guarded = match now {
                None => continue,
                Some(x) if x.is_int() => {
                    self.push_state(Op::GuardInt, &[v], 0, Rep::Tagged, Type::INT, state)
                }
                Some(x) if x.is_tagged_float() => {
                    self.push_state(Op::GuardFloat, &[v], 0, Rep::Tagged, Type::FLOAT, state)
                }
                Some(_) => self.push_state(Op::GuardBound, &[v], 0, Rep::Tagged, Type::ANY, state),
            };
            self.state.replace(v, guarded);
        }
    }

    fn facts_of(&mut self, code: Gc<Code>) -> Rc<CodeFacts> {
        // (A function that never ran may be walked into.)
        self.th.unpack(code);
        let key = code.value().bits();
        if let Some(f) = self.facts.get(&key) {
            return f.clone();
        }
        let facts = Rc::new(repeat::code_facts(self.th, code));
        self.facts.insert(key, facts.clone());
        facts
    }

    fn live_registers(&self, activation: usize, pc: u32) -> Vec<u16> {
        self.activations[activation]
            .facts
            .liveness
            .live_in(pc)
            .map_or(Vec::new(), |s| s.iter().collect())
    }

    fn activation(&self) -> usize {
        self.state.frames.last().map_or(0, |f| f.activation)
    }

    fn code(&self) -> Gc<Code> {
        self.activations[self.activation()].code
    }

    /// Ends the current block.
    fn end(&mut self, t: Terminator) {
        self.graph.block_mut(self.block).terminator = t;
    }

    /// Has the instruction being walked left so often that it is done in the general way?
    fn is_general(&self) -> bool {
        self.plan
            .general
            .contains(&(self.code().value().bits(), self.pc))
    }

    /// The feedback slot with a number; what it says is read through [`Builder::sight`].
    fn slot(&self, i: u32) -> &'static taipan_vm::feedback::FeedbackSlot {
        let facts = &self.activations[self.activation()].facts;
        facts.feedback[i as usize]
    }
}

/// The shape of exact instances of a builtin type.
pub fn shape_of(t: taipan_vm::types::T) -> u32 {
    t.shape().0
}
