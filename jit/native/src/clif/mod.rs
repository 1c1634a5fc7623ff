//! From the typed SSA to Cranelift's intermediate form.
//!
//! Signature of a unit: `fn(thread, window) -> word` (see the runtime's `machine`). Guards branch
//! to one shared exit block for each number of values (rounded up), which stores them in the
//! thread's exit buffer and calls `deopt`.

mod calls;
mod exits;
mod insts;
mod places;
mod requests;

use cranelift_codegen::Context;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{self, AbiParam, InstBuilder, MemFlagsData, types};
use cranelift_codegen::isa::{CallConv, OwnedTargetIsa};
use cranelift_codegen::settings::{self, Configurable};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use rustc_hash::FxHashMap;
use taipan_abi::helpers::{Helper, Kind};
use taipan_abi::resume::Exit;
use taipan_ssa::{Block, Op, Rep, StateId, Terminator, Value};
use taipan_vm::machine::layout as at;

use crate::frontend::UnitGraph;
use requests::Held;

pub use places::CodePlace;

/// What the lowering needs to know of the outside.
#[derive(Clone, Copy, Debug)]
pub struct Environment {
    /// Address of the unit.
    pub unit: u64,
    /// Words of each activation's code begin here.
    pub none: u64,
    /// `True`.
    pub true_: u64,
    /// `False`.
    pub false_: u64,
    /// When guards fail that hold.
    pub forced: Forced,
}

/// When guards fail that hold, for tests.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Forced {
    /// Never.
    Never,
    /// When the thread's count of guards has run out.
    Counted,
    /// The first time that each is reached.
    Once,
}

/// A unit's machine code and tables.
pub struct Lowered {
    /// The code.
    pub code: Vec<u8>,
    /// Exits by number.
    pub exits: Vec<Exit>,
    /// Where the code comes from, in order, if the graph says it.
    pub places: Vec<CodePlace>,
    /// Disassembly, if asked for.
    pub text: Option<String>,
    /// Cranelift's form, if asked for.
    pub clif: Option<String>,
}

/// A machine that code can be made for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Machine {
    /// 64-bit x86.
    X86_64,
    /// 64-bit ARM.
    Aarch64,
}

impl Machine {
    /// The one that this program runs on.
    pub const NATIVE: Machine = if cfg!(target_arch = "aarch64") {
        Machine::Aarch64
    } else {
        Machine::X86_64
    };

    fn triple(self) -> &'static str {
        match self {
            Machine::X86_64 => "x86_64-unknown-linux-gnu",
            Machine::Aarch64 => "aarch64-unknown-linux-gnu",
        }
    }
}

/// The compiler for the machine it runs on, with what the processor can do.
pub fn native_isa() -> Result<OwnedTargetIsa, String> {
    isa(Machine::NATIVE, &native_features())
}

/// The compiler for a machine, with these of Cranelift's names for what processors can do.
pub fn isa(machine: Machine, features: &[&str]) -> Result<OwnedTargetIsa, String> {
    let mut flags = settings::builder();
    for (k, v) in [
        ("opt_level", "speed"),
        ("regalloc_algorithm", "backtracking"),
        (
            "enable_verifier",
            if cfg!(debug_assertions) {
                "true"
            } else {
                "false"
            },
        ),
        ("preserve_frame_pointers", "true"),
        ("is_pic", "false"),
        ("unwind_info", "false"),
        ("enable_probestack", "false"),
    ] {
        flags.set(k, v).map_err(|e| e.to_string())?;
    }
    let mut builder = cranelift_codegen::isa::lookup_by_name(machine.triple())
        .map_err(|e| format!("{machine:?}: {e}"))?;
    for name in features {
        builder.enable(name).map_err(|e| e.to_string())?;
    }
    builder
        .finish(settings::Flags::new(flags))
        .map_err(|e| e.to_string())
}

#[cfg(target_arch = "x86_64")]
fn native_features() -> Vec<&'static str> {
    let features: [(&str, bool); 8] = [
        ("has_sse3", std::is_x86_feature_detected!("sse3")),
        ("has_ssse3", std::is_x86_feature_detected!("ssse3")),
        ("has_sse41", std::is_x86_feature_detected!("sse4.1")),
        ("has_sse42", std::is_x86_feature_detected!("sse4.2")),
        ("has_avx", std::is_x86_feature_detected!("avx")),
        ("has_avx2", std::is_x86_feature_detected!("avx2")),
        ("has_bmi1", std::is_x86_feature_detected!("bmi1")),
        ("has_bmi2", std::is_x86_feature_detected!("bmi2")),
    ];
    features
        .iter()
        .filter(|(_, has)| *has)
        .map(|(name, _)| *name)
        .collect()
}

#[cfg(not(target_arch = "x86_64"))]
fn native_features() -> Vec<&'static str> {
    Vec::new()
}

/// Lowers one graph.
pub(crate) struct Lowering<'a, 'b> {
    g: &'a UnitGraph,
    b: FunctionBuilder<'b>,
    env: Environment,
    thread: ir::Value,
    window: ir::Value,
    /// The unit's own record on the frame stack.
    frame: ir::Value,
    values: Vec<Option<ir::Value>>,
    blocks: Vec<Option<ir::Block>>,
    exits: Vec<Exit>,
    /// Exit block by number of values.
    exit_blocks: FxHashMap<usize, ir::Block>,
    /// Exits by the values that they save, in order: they are one block's work.
    exit_groups: FxHashMap<Vec<Value>, ExitGroup>,
    /// The exit of a state, and the block that leads to it: all guards with the state leave there.
    leaving: FxHashMap<StateId, (usize, ir::Block)>,
    /// The instruction behind the one that is being lowered, in its block.
    following: Option<Op>,
    /// What was not tested where it was found, because the next instruction tests it with its own.
    held: Held,
    signatures: FxHashMap<Helper, ir::SigRef>,
    unit_signature: Option<ir::SigRef>,
    /// Where runs of arguments lie during a call.
    run_slot: Option<ir::StackSlot>,
    words: &'a [u64],
    codes: &'a [u64],
    call_conv: CallConv,
}

/// Exits that save the same values.
pub(super) struct ExitGroup {
    /// The values, as their words lie in the exit buffer.
    saved: Vec<Value>,
    /// Number of each exit, the block that leads to it, and where that comes from.
    exits: Vec<(usize, ir::Block, ir::SourceLoc)>,
}

/// What compiling needs, and keeps for the next graph.
pub struct Workspace {
    context: Context,
    builder: FunctionBuilderContext,
}

impl Default for Workspace {
    fn default() -> Workspace {
        Workspace {
            context: Context::new(),
            builder: FunctionBuilderContext::new(),
        }
    }
}

impl Workspace {
    /// Compiles a graph. `codes` has the code object of each activation, `words` the address of its
    /// first instruction word.
    ///
    /// # Errors
    /// Why there is no code for it: what the lowering or Cranelift refused.
    pub fn compile(
        &mut self,
        g: &UnitGraph,
        env: Environment,
        codes: &[u64],
        words: &[u64],
        isa: &OwnedTargetIsa,
        want_text: bool,
    ) -> Result<Lowered, String> {
        // (Where the builder stops in the middle, what it leaves behind is not used again.)
        let mut own = std::mem::take(self);
        let Workspace { context, builder } = &mut own;
        let call_conv = isa.default_call_conv();
        let mut signature = ir::Signature::new(call_conv);
        signature.params.push(AbiParam::new(types::I64));
        signature.params.push(AbiParam::new(types::I64));
        signature.returns.push(AbiParam::new(types::I64));
        context.func.signature = signature;
        let exits = {
            let mut b = FunctionBuilder::new(&mut context.func, builder);
            let entry = b.create_block();
            b.append_block_params_for_function_params(entry);
            b.switch_to_block(entry);
            let (thread, window) = (b.block_params(entry)[0], b.block_params(entry)[1]);
            let trusted = MemFlagsData::trusted();
            let frame = b
                .ins()
                .load(types::I64, trusted, thread, at::THREAD_CURRENT);
            let mut l = Lowering {
                g,
                b,
                env,
                thread,
                window,
                frame,
                values: vec![None; g.values.len()],
                blocks: vec![None; g.blocks.len()],
                exits: Vec::new(),
                exit_blocks: FxHashMap::default(),
                exit_groups: FxHashMap::default(),
                leaving: FxHashMap::default(),
                following: None,
                held: Held::default(),
                signatures: FxHashMap::default(),
                unit_signature: None,
                run_slot: None,
                words,
                codes,
                call_conv,
            };
            l.blocks[0] = Some(entry);
            l.run()?;
            let Lowering { mut b, exits, .. } = l;
            b.seal_all_blocks();
            b.finalize(isa.frontend_config());
            exits
        };
        let clif = want_text.then(|| context.func.display().to_string());
        context.set_disasm(want_text);
        let compiled = context
            .compile(&**isa, &mut ControlPlane::default())
            .map_err(|e| format!("{:?}", e.inner))?;
        if !compiled.buffer.relocs().is_empty() {
            return Err("relocations are left".into());
        }
        let text = compiled.vcode.clone();
        let code = compiled.code_buffer().to_vec();
        let places = match g.places.is_empty() {
            true => Vec::new(),
            false => places::of(compiled.buffer.get_srclocs_sorted(), codes),
        };
        own.context.clear();
        *self = own;
        Ok(Lowered {
            code,
            exits,
            places,
            text,
            clif,
        })
    }
}

impl Lowering<'_, '_> {
    fn run(&mut self) -> Result<(), String> {
        let order = self.g.reverse_postorder();
        for b in &order {
            if self.blocks[b.0 as usize].is_none() {
                let block = self.b.create_block();
                if self.g.block(*b).cold {
                    self.b.set_cold_block(block);
                }
                self.blocks[b.0 as usize] = Some(block);
            }
            let block = self.block(*b);
            for p in &self.g.block(*b).parameters {
                let ty = clif_type(self.g.rep(*p));
                let v = self.b.append_block_param(block, ty);
                self.values[p.0 as usize] = Some(v);
            }
        }
        for b in &order {
            let block = self.block(*b);
            if b.0 != 0 {
                self.b.switch_to_block(block);
            }
            let insts = &self.g.block(*b).insts;
            for (at, i) in insts.iter().enumerate() {
                let following = insts.get(at + 1).map(|n| &self.g.insts[*n as usize]);
                self.following = following.filter(|n| n.state.is_some()).map(|n| n.op);
                self.locate_inst(*i);
                self.inst(*i)?;
            }
            match &self.g.block(*b).terminator {
                Terminator::None => return Err(format!("b{} has no end", b.0)),
                Terminator::Jump(t, args) => {
                    let args: Vec<ir::BlockArg> =
                        args.iter().map(|a| self.value(*a).into()).collect();
                    let target = self.block(*t);
                    self.b.ins().jump(target, &args);
                }
                Terminator::Branch(c, t, f) => {
                    let c = self.value(*c);
                    let (t, f) = (self.block(*t), self.block(*f));
                    self.b.ins().brif(c, t, &[], f, &[]);
                }
                Terminator::Return(v) => {
                    let v = self.value(*v);
                    self.b.ins().return_(&[v]);
                }
                Terminator::Exit(s) => {
                    self.locate_state(*s);
                    self.exit(*s)?;
                }
            }
        }
        self.locate(None);
        self.finish_exits();
        Ok(())
    }

    fn block(&self, b: Block) -> ir::Block {
        match self.blocks[b.0 as usize] {
            Some(b) => b,
            None => unreachable!("blocks were made"),
        }
    }

    fn value(&self, v: Value) -> ir::Value {
        match self.values[v.0 as usize] {
            Some(v) => v,
            None => unreachable!("v{} is used before it is defined", v.0),
        }
    }

    fn word(&mut self, n: i64) -> ir::Value {
        self.b.ins().iconst(types::I64, n)
    }

    fn load_thread(&mut self, offset: i32) -> ir::Value {
        let th = self.thread;
        self.b
            .ins()
            .load(types::I64, MemFlagsData::trusted(), th, offset)
    }

    fn store_thread(&mut self, v: ir::Value, offset: i32) {
        let th = self.thread;
        self.b.ins().store(MemFlagsData::trusted(), v, th, offset);
    }

    fn signature(&mut self, h: Helper) -> ir::SigRef {
        if let Some(s) = self.signatures.get(&h) {
            return *s;
        }
        let mut s = ir::Signature::new(self.call_conv);
        s.params.push(AbiParam::new(types::I64));
        for p in h.parameters() {
            s.params.push(AbiParam::new(kind_type(*p)));
        }
        if h.result() != Kind::None {
            s.returns.push(AbiParam::new(kind_type(h.result())));
        }
        let s = self.b.import_signature(s);
        self.signatures.insert(h, s);
        s
    }

    /// Calls a helper; its result, if it has one.
    fn helper(&mut self, h: Helper, args: &[ir::Value]) -> Option<ir::Value> {
        let signature = self.signature(h);
        let table = self.load_thread(at::THREAD_HELPERS);
        let address = self.b.ins().load(
            types::I64,
            MemFlagsData::trusted().with_readonly(),
            table,
            8 * h as i32,
        );
        let mut all = vec![self.thread];
        all.extend(args);
        let call = self.b.ins().call_indirect(signature, address, &all);
        self.b.inst_results(call).first().copied()
    }
}

fn kind_type(k: Kind) -> ir::Type {
    match k {
        Kind::Float => types::F64,
        _ => types::I64,
    }
}

fn clif_type(r: Rep) -> ir::Type {
    match r {
        Rep::Tagged | Rep::Int => types::I64,
        Rep::Float => types::F64,
        Rep::Bool => types::I8,
    }
}
