//! `_multiprocessing` and `_posixshmem`: semaphores and memory that processes share.

use std::cell::Cell;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use taipan_vm::object::{Gc, NativeHeader};
use taipan_vm::types::module::Module;
use taipan_vm::types::str_::Str;
use taipan_vm::{NativeObject, Result, Thread, Value, pymodule, pytype};

use crate::os_error::raise;
use crate::posix::args::plain;
use crate::system::calls;
use crate::system::memory::Semaphore;

const RECURSIVE_MUTEX: i32 = 0;
const SEM_VALUE_MAX: i64 = i32::MAX as i64;

/// A semaphore or recursive lock between processes.
#[repr(C)]
#[derive(NativeObject)]
pub struct SemLock {
    head: NativeHeader,
    name: Value,
    #[notrace]
    semaphore: Arc<Semaphore>,
    #[notrace]
    kind: i32,
    #[notrace]
    most: i32,
    #[notrace]
    count: Cell<i32>,
    #[notrace]
    owner: Cell<u64>,
}

impl SemLock {
    fn is_mine(&self, th: &Thread) -> bool {
        self.count.get() > 0 && self.owner.get() == th.ident
    }

    fn make(th: &mut Thread, semaphore: Semaphore, kind: i32, most: i32, name: Value) -> Value {
        th.new_native(&SEM_LOCK_TYPE, |head| SemLock {
            head,
            name,
            semaphore: Arc::new(semaphore),
            kind,
            most,
            count: Cell::new(0),
            owner: Cell::new(0),
        })
        .value()
    }
}

fn name_argument(th: &mut Thread, name: Gc<Str>) -> Result<std::ffi::CString> {
    let b = crate::os_error::fs_encode(th, &name)?;
    crate::system::c_string(&b).map_err(|_| th.value_error("embedded null character"))
}

/// Semaphore/Mutex type
#[pytype(name = "SemLock", module = "_multiprocessing", flags = BASETYPE, table = SEM_LOCK_TYPE)]
impl SemLock {
    #[pynew(sig = "(kind, value, maxvalue, name, unlink)")]
    fn new(
        th: &mut Thread,
        _class: Value,
        kind: i32,
        value: i32,
        maxvalue: i32,
        name: Gc<Str>,
        unlink: bool,
    ) -> Result {
        if !(0..=1).contains(&kind) {
            return Err(th.value_error("unrecognized kind"));
        }
        let c = name_argument(th, name)?;
        let s = plain(th, Semaphore::open(&c, Some((0o600, value as u32))))?;
        let shown = match unlink {
            true => {
                plain(th, calls::sem_unlink(&c))?;
                th.none()
            }
            false => name.value(),
        };
        Ok(SemLock::make(th, s, kind, maxvalue, shown))
    }

    #[pyclassmethod(sig = "(handle, kind, maxvalue, name, /)")]
    fn _rebuild(
        th: &mut Thread,
        _class: Value,
        _handle: Value,
        kind: i32,
        maxvalue: i32,
        name: Gc<Str>,
    ) -> Result {
        let c = name_argument(th, name)?;
        let s = plain(th, Semaphore::open(&c, None))?;
        Ok(SemLock::make(th, s, kind, maxvalue, name.value()))
    }

    #[pygetter]
    fn handle(_: &mut Thread, this: Gc<SemLock>) -> u64 {
        this.semaphore.address()
    }

    #[pygetter]
    fn kind(_: &mut Thread, this: Gc<SemLock>) -> i32 {
        this.kind
    }

    #[pygetter]
    fn maxvalue(_: &mut Thread, this: Gc<SemLock>) -> i32 {
        this.most
    }

    #[pygetter]
    fn name(_: &mut Thread, this: Gc<SemLock>) -> Value {
        this.name
    }

    /// Acquire the semaphore/lock.
    #[pymethod(sig = "(block=True, timeout=None)")]
    fn acquire(
        th: &mut Thread,
        this: Gc<SemLock>,
        block: Option<bool>,
        timeout: Option<Value>,
    ) -> Result<bool> {
        if this.kind == RECURSIVE_MUTEX && this.is_mine(th) {
            this.count.set(this.count.get() + 1);
            return Ok(true);
        }
        let timeout = match th.not_none(timeout) {
            Some(t) => Some(th.to_f64(t)?.max(0.0)),
            None => None,
        };
        let s = this.semaphore.clone();
        let mut taken = plain(th, s.try_wait())?;
        if !taken && block.unwrap_or(true) {
            let until = timeout.map(|t| {
                let now = SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .unwrap_or_default();
                now.as_nanos() as i64 + (t.min(9e9) * 1e9) as i64
            });
            loop {
                match th.without_lock(|| s.wait(until)) {
                    Ok(t) => {
                        taken = t;
                        break;
                    }
                    Err(libc::EINTR) => th.poll()?,
                    Err(e) => return Err(raise(th, e, None, None)),
                }
            }
        }
        if taken {
            this.count.set(this.count.get() + 1);
            this.owner.set(th.ident);
        }
        Ok(taken)
    }

    /// Release the semaphore/lock.
    #[pymethod]
    fn release(th: &mut Thread, this: Gc<SemLock>) -> Result<()> {
        if this.kind == RECURSIVE_MUTEX {
            if !this.is_mine(th) {
                return Err(
                    th.assertion_error("attempt to release recursive lock not owned by thread")
                );
            }
            if this.count.get() > 1 {
                this.count.set(this.count.get() - 1);
                return Ok(());
            }
        } else {
            let v = plain(th, this.semaphore.value())?;
            if v >= this.most {
                return Err(th.value_error("semaphore or lock released too many times"));
            }
        }
        plain(th, this.semaphore.post())?;
        this.count.set(this.count.get() - 1);
        Ok(())
    }

    /// Enter the semaphore/lock.
    #[pymethod]
    fn __enter__(th: &mut Thread, this: Gc<SemLock>) -> Result<bool> {
        SemLock::acquire(th, this, None, None)
    }

    /// Exit the semaphore/lock.
    #[pymethod(sig = "(exc_type=None, exc_value=None, exc_tb=None, /)")]
    fn __exit__(
        th: &mut Thread,
        this: Gc<SemLock>,
        _kind: Option<Value>,
        _value: Option<Value>,
        _traceback: Option<Value>,
    ) -> Result<()> {
        SemLock::release(th, this)
    }

    /// Num of `acquire()`s minus num of `release()`s for this process.
    #[pymethod]
    fn _count(_: &mut Thread, this: Gc<SemLock>) -> i32 {
        this.count.get()
    }

    /// Whether the lock is owned by this thread.
    #[pymethod]
    fn _is_mine(th: &mut Thread, this: Gc<SemLock>) -> bool {
        this.is_mine(th)
    }

    /// Get the value of the semaphore.
    #[pymethod]
    fn _get_value(th: &mut Thread, this: Gc<SemLock>) -> Result<i32> {
        plain(th, this.semaphore.value())
    }

    /// Return whether semaphore has value zero.
    #[pymethod]
    fn _is_zero(th: &mut Thread, this: Gc<SemLock>) -> Result<bool> {
        plain(th, this.semaphore.value()).map(|v| v == 0)
    }

    /// Rezero the net acquisition count after fork().
    #[pymethod]
    fn _after_fork(_: &mut Thread, this: Gc<SemLock>) {
        this.count.set(0);
    }
}

/// `_multiprocessing`
pub struct Multiprocessing;

#[pymodule(name = "_multiprocessing", types = [SEM_LOCK_TYPE])]
impl Multiprocessing {
    #[pyfunction(sig = "(name, /)")]
    fn sem_unlink(th: &mut Thread, name: Gc<Str>) -> Result<()> {
        let c = name_argument(th, name)?;
        plain(th, calls::sem_unlink(&c)).map(drop)
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        let class = th.type_for(&SEM_LOCK_TYPE);
        let v = th.int(SEM_VALUE_MAX);
        th.dict_set_text(class.namespace(), "SEM_VALUE_MAX", v);
        let flags = th.new_dict();
        for name in ["HAVE_SEM_OPEN", "HAVE_SEM_TIMEDWAIT"] {
            let one = th.int(1);
            th.dict_set_text(flags, name, one);
        }
        th.dict_set_text(m.namespace(), "flags", flags.value());
        Ok(())
    }
}

/// `_posixshmem`
pub mod shmem {
    use super::*;

    /// The functions hang here.
    pub struct Shmem;

    /// POSIX shared memory module
    #[pymodule(name = "_posixshmem")]
    impl Shmem {
        /// Open a shared memory object.  Returns a file descriptor (integer).
        #[pyfunction(sig = "(path, flags, mode=511)")]
        fn shm_open(th: &mut Thread, path: Gc<Str>, flags: i32, mode: Option<u32>) -> Result<i64> {
            let c = name_argument(th, path)?;
            match calls::shm_open(&c, flags, mode.unwrap_or(0o777)) {
                Ok(fd) => Ok(fd),
                Err(e) => Err(raise(th, e, Some(path.value()), None)),
            }
        }

        /// Remove a shared memory object (similar to unlink()).
        ///
        /// Remove a shared memory object name, and, once all processes  have  unmapped
        /// the object, de-allocates and destroys the contents of the associated memory
        /// region.
        #[pyfunction(sig = "(path)")]
        fn shm_unlink(th: &mut Thread, path: Gc<Str>) -> Result<()> {
            let c = name_argument(th, path)?;
            match calls::shm_unlink(&c) {
                Ok(_) => Ok(()),
                Err(e) => Err(raise(th, e, Some(path.value()), None)),
            }
        }
    }
}
