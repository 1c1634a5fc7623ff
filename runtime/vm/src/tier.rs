//! The runtime's side of tiering: a trait that the JIT implements and `cli` plugs in.

use crate::Thread;
use crate::machine::Unit;
use crate::machine::assumptions::Assumptions;
use crate::object::gc::Collection;
use crate::object::{Gc, Value};
use crate::types::function::Function;

/// Who is told of hot code.
pub trait TierUp {
    /// Calls that make a function hot, and back-edges that make a loop hot.
    fn thresholds(&self) -> (u32, u32);
    /// Stress mode: every that many guards fail though they hold; 0 for never.
    fn exit_every(&self) -> u32;
    /// A function was called often. It may be compiled now, or later.
    fn hot_function(&self, th: &mut Thread, function: Gc<Function>);
    /// The loop of the running frame with its header at this word ran often. Gives the address of
    /// compiled code to go on in, if there is any.
    fn hot_loop(&self, th: &mut Thread, header: u32) -> Option<u64>;
    /// Code that was being made elsewhere may be ready.
    fn install(&self, th: &mut Thread);
    /// Compiled code was left by this exit.
    fn left(&self, th: &mut Thread, unit: &Unit, exit: usize);
    /// Assumptions of these units were broken.
    fn broken(&self, th: &mut Thread, units: Vec<u32>);
    /// What the interpreter should know at its end (statistics are printed).
    fn finish(&self, th: &mut Thread);
    /// A collection has found out what lives (what is old does, in a young one); what is not live is about
    /// to be freed. Must not allocate, and must not forget anything: another code object may be made at
    /// the same address.
    fn sweep(&self, kind: Collection, assumptions: &Assumptions, is_live: &dyn Fn(Value) -> bool);
    /// A full collection is over: memory of machine code that nobody is in can be used again.
    fn collected(&self, th: &mut Thread);
    /// The process is about to be doubled; the other one goes on in the same machine code.
    fn forking(&self);
}
