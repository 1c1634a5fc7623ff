//! What happens at safepoints (back-edges, function entries) when somebody has asked for it.

use std::sync::atomic::Ordering;

use crate::Thread;
use crate::object::Result;
use crate::thread::request;
use crate::types::ExceptionClass;

/// What waits for the next safepoint when an exception comes before it.
const UNSERVED: u32 =
    request::SIGNAL | request::FINALIZE | request::ASYNC_EXCEPTION | request::SWITCH;

impl Thread {
    /// Serves all requests. Raises what a signal handler raises, KeyboardInterrupt, MemoryError.
    ///
    /// Signals come before finalizers: what a handler raises within one of those is only reported, so
    /// that a Ctrl-C that came before would be lost. What an exception leaves unserved waits for the next
    /// safepoint.
    #[cold]
    pub fn serve_requests(&mut self) -> Result<()> {
        let r = self.requests.swap(0, Ordering::Relaxed);
        if r & request::INSTALL != 0
            && let Some(tier) = self.vm().tier.get()
        {
            tier.install(self);
        }
        if r & request::TRACE != 0
            && (self.trace_function.get().is_some() || self.profile_function.get().is_some())
        {
            self.request(request::TRACE);
        }
        if r & request::COLLECT != 0 && self.collect_if_due() {
            self.request(r & UNSERVED);
            return Err(self.memory_error());
        }
        // (They may have come with the collection just now.)
        let came = request::SIGNAL | request::FINALIZE;
        let r = r | (self.requests.fetch_and(!came, Ordering::Relaxed) & came);
        if r & request::SIGNAL != 0 {
            let hook = self.vm().signal_hook.get();
            if let Some(f) = hook
                && let Err(raised) = f(self)
            {
                self.request(r & UNSERVED & !request::SIGNAL);
                return Err(raised);
            }
        }
        if r & request::FINALIZE != 0 {
            self.run_pending();
        }
        if r & request::ASYNC_EXCEPTION != 0
            && let Some(e) = self.async_exception.take()
        {
            self.request(r & request::SWITCH);
            return Err(self.raise_value(e));
        }
        if r & request::SWITCH != 0 {
            self.switch();
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
