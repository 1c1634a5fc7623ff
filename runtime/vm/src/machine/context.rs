//! What compiled code reaches through the thread.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use taipan_abi::resume::EXIT_WORDS;

use crate::object::gc::Bump;

/// The part of a thread that compiled code reads and writes.
#[repr(C)]
pub struct MachineContext {
    /// Addresses of the runtime's helpers.
    pub helpers: *const usize,
    /// The thread's request word.
    pub requests: *const AtomicU32,
    /// The heap's allocation windows.
    pub bumps: *mut Bump,
    /// Where the recursion limit is.
    pub depth_limit: *const usize,
    /// Second result of a helper.
    pub second: u64,
    /// Second result of a helper, a float.
    pub second_float: f64,
    /// Back-edges after which a loop is hot.
    pub loop_threshold: u32,
    /// Calls after which a function is hot; `u32::MAX` without compiler.
    pub call_threshold: u32,
    /// Stress mode: every that many guards fail; 0 for never.
    pub exit_every: u32,
    /// Guards until the next one fails.
    pub exit_countdown: u32,
    /// The pending exception, which compiled code has raised again, has its traceback entry for the
    /// running frame.
    pub reraised: bool,
    /// Values that an exit saves.
    pub exit: [u64; EXIT_WORDS],
}

impl MachineContext {
    /// A context without compiler.
    pub(crate) fn new(vm: &crate::Vm, requests: &Arc<AtomicU32>) -> MachineContext {
        let tier = vm.tier.get();
        MachineContext {
            helpers: super::helpers::TABLE.as_ptr() as *const usize,
            requests: Arc::as_ptr(requests),
            bumps: vm.heap_cell().get() as *mut Bump,
            depth_limit: vm.recursion_limit.as_ptr(),
            second: 0,
            second_float: 0.0,
            loop_threshold: tier.map_or(u32::MAX, |t| t.thresholds().1),
            call_threshold: tier.map_or(u32::MAX, |t| t.thresholds().0),
            exit_every: tier.map_or(0, |t| t.exit_every()),
            exit_countdown: tier.map_or(0, |t| t.exit_every()),
            reraised: false,
            exit: [0; EXIT_WORDS],
        }
    }
}

const _: () = assert!(crate::object::gc::Heap::bump_offset(0) == 0);
