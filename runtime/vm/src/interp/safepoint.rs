//! What happens at safepoints (back-edges, function entries) when somebody has asked for it.

use std::sync::atomic::Ordering;

use crate::Thread;
use crate::object::Result;
use crate::thread::request;
use crate::types::ExceptionClass;

impl Thread {
    /// Serves all requests. Raises what a signal handler raises, KeyboardInterrupt, MemoryError.
    #[cold]
    pub fn serve_requests(&mut self) -> Result<()> {
        let r = self.requests.swap(0, Ordering::Relaxed);
        if r & request::COLLECT != 0 && self.collect_if_due() {
            return Err(self.memory_error());
        }
        // (A collection may have asked for it just now.)
        if (r | self
            .requests
            .fetch_and(!request::FINALIZE, Ordering::Relaxed))
            & request::FINALIZE
            != 0
        {
            self.run_pending();
        }
        if r & request::ASYNC_EXCEPTION != 0
            && let Some(e) = self.async_exception.take()
        {
            return Err(self.raise_value(e));
        }
        if r & request::INSTALL != 0
            && let Some(tier) = self.vm().tier.get()
        {
            tier.install(self);
        }
        if r & request::SWITCH != 0 {
            self.switch();
        }
        if r & request::TRACE != 0
            && (self.trace_function.get().is_some() || self.profile_function.get().is_some())
        {
            self.request(request::TRACE);
        }
        if r & request::SIGNAL != 0 {
            let hook = self.vm().signal_hook.get();
            if let Some(f) = hook {
                f(self)?;
            }
        }
        Ok(())
    }

    /// MemoryError at the next safepoint, for native code that cannot raise it where it happens.
    #[cold]
    pub fn request_memory_error(&mut self) {
        let class = self.vm().exception_class(ExceptionClass::MemoryError);
        let e = self.call(class.value(), &[]).ok();
        self.async_exception.set(e);
        self.request(request::ASYNC_EXCEPTION);
    }
}
