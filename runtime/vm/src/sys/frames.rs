//! `sys` functions about frames and tracing.

use super::Sys;
use crate::Thread;
use crate::object::{Gc, Result, Value};
use crate::pymethods;
use crate::types::frame::{self, FrameObject};

#[pymethods(table = FUNCTIONS)]
impl Sys {
    /// Return a frame object from the call stack.
    ///
    /// If optional integer depth is given, return the frame object that many
    /// calls below the top of the stack.  If that is deeper than the call
    /// stack, ValueError is raised.  The default for depth is zero, returning
    /// the frame at the top of the call stack.
    ///
    /// This function should be used for internal and specialized purposes
    /// only.
    #[pyfunction(sig = "(depth=0, /)")]
    fn _getframe(th: &mut Thread, depth: Option<i32>) -> Result<Gc<FrameObject>> {
        let depth = depth.unwrap_or(0).max(0) as usize;
        let f = frame::of_depth(th, depth);
        if let Some(f) = f {
            super::audit(th, "sys._getframe", &[f.value()])?;
        }
        match f {
            Some(f) => Ok(f),
            None => Err(th.value_error("call stack is not deep enough")),
        }
    }

    /// Return the name of the module for a calling frame.
    ///
    /// The default depth returns the module containing the call to this API.
    /// A more typical use in a library will pass a depth of 1 to get the user's
    /// module rather than the library module.
    ///
    /// If no frame, module, or name can be found, returns None.
    #[pyfunction(sig = "(depth=0)")]
    fn _getframemodulename(th: &mut Thread, depth: Option<i32>) -> Result<Option<Value>> {
        let depth = depth.unwrap_or(0).max(0) as usize;
        let n = th.int(depth as i64);
        super::audit(th, "sys._getframemodulename", &[n])?;
        let Some(globals) = th.stacks.at(depth).map(|f| f.function.globals()) else {
            return Ok(None);
        };
        Ok(th.dict_get_text(globals, "__name__"))
    }

    /// Return a dict mapping each thread's thread id to its current stack frame.
    ///
    /// This function should be used for specialized purposes only.
    #[pyfunction]
    fn _current_frames(th: &mut Thread) -> Result {
        super::audit(th, "sys._current_frames", &[])?;
        let dict = th.new_dict();
        let ident = th.int_from_u64(th.ident);
        if let Some(f) = frame::of_running(th) {
            dict.set(th, ident, f.value())?;
        }
        Ok(dict.value())
    }

    /// Return a dict mapping each thread's identifier to its current raised exception.
    ///
    /// This function should be used for specialized purposes only.
    #[pyfunction]
    fn _current_exceptions(th: &mut Thread) -> Result {
        super::audit(th, "sys._current_exceptions", &[])?;
        let dict = th.new_dict();
        let ident = th.int_from_u64(th.ident);
        let e = th.or_none(th.handled_exception());
        dict.set(th, ident, e)?;
        Ok(dict.value())
    }

    /// Set the global debug tracing function.
    ///
    /// It will be called on each function call.  See the debugger chapter
    /// in the library manual.
    #[pyfunction(sig = "(function, /)")]
    fn settrace(th: &mut Thread, function: Value) -> Result<()> {
        super::audit(th, "sys.settrace", &[])?;
        let function = th.not_none(Some(function));
        th.set_trace(function);
        Ok(())
    }

    /// Set the profiling function.
    ///
    /// It will be called on each function call and return.  See the profiler chapter
    /// in the library manual.
    #[pyfunction(sig = "(function, /)")]
    fn setprofile(th: &mut Thread, function: Value) -> Result<()> {
        super::audit(th, "sys.setprofile", &[])?;
        let function = th.not_none(Some(function));
        th.set_profile(function);
        Ok(())
    }

    /// Return the global debug tracing function set with sys.settrace.
    ///
    /// See the debugger chapter in the library manual.
    #[pyfunction]
    fn gettrace(th: &mut Thread) -> Option<Value> {
        th.trace_function.get()
    }

    /// Return the profiling function set with sys.setprofile.
    ///
    /// See the profiler chapter in the library manual.
    #[pyfunction]
    fn getprofile(th: &mut Thread) -> Option<Value> {
        th.profile_function.get()
    }
}
