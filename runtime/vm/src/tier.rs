//! The runtime's side of tiering: a trait that the JIT implements and `cli` plugs in.

use crate::Thread;
use crate::object::Gc;
use crate::types::code::Code;

/// Who is told of hot code.
pub trait TierUp: Send + Sync {
    /// A function was called often.
    fn hot_function(&self, th: &mut Thread, code: Gc<Code>);
    /// A loop's back-edge at this word ran often.
    fn hot_loop(&self, th: &mut Thread, code: Gc<Code>, header: u32);
}
