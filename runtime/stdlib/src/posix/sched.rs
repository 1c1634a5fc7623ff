//! The scheduler: policies, priorities, processors.

use taipan_vm::call::{Args, GetSetDef, Param, ParamKind, Signature};
use taipan_vm::object::Gc;
use taipan_vm::types::structseq::{self, StructSeq};
use taipan_vm::types::tuple::Tuple;
use taipan_vm::{Result, Thread, Value, ValueVec, pymethods};

use super::args::plain;
use crate::system::calls;

/// `posix.sched_param`
pub static SCHED_PARAM: StructSeq = {
    static ROWS: [GetSetDef; 1] =
        structseq::rows(&[("sched_priority", "the scheduling priority")], 1, 0);
    let doc = "Currently has only one field: sched_priority\n\n  sched_priority\n    A scheduling parameter.";
    let mut ty = structseq::definition("posix", "sched_param", doc, &[&ROWS], 0);
    // Its constructor takes the field itself.
    ty.slots.new = Some(new_param);
    ty.methods = &[&PARAM_METHODS];
    StructSeq {
        ty,
        visible: 1,
        unnamed: 0,
    }
};

fn new_param(th: &mut Thread, args: Args<'_>) -> Result {
    static SIGNATURE: Signature = Signature {
        name: "sched_param",
        has_self: true,
        params: &[Param {
            name: "sched_priority",
            kind: ParamKind::PositionalOrKeyword,
            required: true,
        }],
    };
    let mut bound = [None; 2];
    taipan_vm::call::bind(th, &SIGNATURE, &args, &mut bound)?;
    let class = th.expect_type(bound[0].unwrap_or(th.none()))?;
    let value = bound[1].unwrap_or(th.none());
    Ok(th.tuple_of_class(class, &[value]).value())
}

/// Methods of `sched_param`.
struct ParamMethods;

#[pymethods(table = PARAM_METHODS)]
impl ParamMethods {
    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<Tuple>) -> Value {
        let args = th.new_tuple(this.as_slice()).value();
        let class = th.class_of(this.value()).value();
        th.new_tuple(&[class, args]).value()
    }
}

fn priority(th: &mut Thread, param: Value) -> Result<i32> {
    let class = th.structseq_type(&SCHED_PARAM);
    if !th.is_instance(param, class)? {
        return Err(th.type_error("must have a sched_param object"));
    }
    let v = param
        .downcast::<Tuple>()
        .and_then(|t| t.get(0))
        .unwrap_or(param);
    let n = th.index_i64(v, "Python int too large to convert to C long")?;
    match i32::try_from(n) {
        Ok(n) => Ok(n),
        Err(_) => Err(th.overflow_error("sched_priority out of range")),
    }
}

/// What `sched_param` of a scheduler argument says.
pub fn priority_of(th: &mut Thread, param: Value) -> Result<i32> {
    priority(th, param)
}

/// The functions hang here.
pub struct Sched;

#[pymethods(table = FUNCTIONS)]
impl Sched {
    /// Get the maximum scheduling priority for policy.
    #[pyfunction(sig = "(policy)")]
    fn sched_get_priority_max(th: &mut Thread, policy: i32) -> Result<i64> {
        plain(th, calls::sched_get_priority_max(policy))
    }

    /// Get the minimum scheduling priority for policy.
    #[pyfunction(sig = "(policy)")]
    fn sched_get_priority_min(th: &mut Thread, policy: i32) -> Result<i64> {
        plain(th, calls::sched_get_priority_min(policy))
    }

    /// Get the scheduling policy for the process identified by pid.
    ///
    /// Passing 0 for pid returns the scheduling policy for the calling process.
    #[pyfunction(sig = "(pid, /)")]
    fn sched_getscheduler(th: &mut Thread, pid: i32) -> Result<i64> {
        plain(th, calls::sched_getscheduler(pid))
    }

    /// Set the scheduling policy for the process identified by pid.
    ///
    /// If pid is 0, the calling process is changed.
    /// param is an instance of sched_param.
    #[pyfunction(sig = "(pid, policy, param, /)")]
    fn sched_setscheduler(th: &mut Thread, pid: i32, policy: i32, param: Value) -> Result<()> {
        let p = priority(th, param)?;
        plain(th, calls::sched_setscheduler(pid, policy, p)).map(drop)
    }

    /// Returns scheduling parameters for the process identified by pid.
    ///
    /// If pid is 0, returns parameters for the calling process.
    /// Return value is an instance of sched_param.
    #[pyfunction(sig = "(pid, /)")]
    fn sched_getparam(th: &mut Thread, pid: i32) -> Result {
        let p = plain(th, calls::sched_getparam(pid))?;
        Ok(th.new_structseq(&SCHED_PARAM, &[Value::small(p)]))
    }

    /// Set scheduling parameters for the process identified by pid.
    ///
    /// If pid is 0, sets parameters for the calling process.
    /// param should be an instance of sched_param.
    #[pyfunction(sig = "(pid, param, /)")]
    fn sched_setparam(th: &mut Thread, pid: i32, param: Value) -> Result<()> {
        let p = priority(th, param)?;
        plain(th, calls::sched_setparam(pid, p)).map(drop)
    }

    /// Return the round-robin quantum for the process identified by pid, in seconds.
    ///
    /// Value returned is a float.
    #[pyfunction(sig = "(pid, /)")]
    fn sched_rr_get_interval(th: &mut Thread, pid: i32) -> Result<f64> {
        plain(th, calls::sched_rr_get_interval(pid))
    }

    /// Return the affinity of the process identified by pid (or the current process if zero).
    ///
    /// The affinity is returned as a set of CPU identifiers.
    #[pyfunction(sig = "(pid, /)")]
    fn sched_getaffinity(th: &mut Thread, pid: i32) -> Result {
        let processors = plain(th, calls::sched_getaffinity(pid))?;
        let v = ValueVec::new();
        for p in processors {
            th.push(&v, Value::small(p as i32))?;
        }
        taipan_vm::types::set::set_from(th, v.as_slice())
    }

    /// Set the CPU affinity of the process identified by pid to mask.
    ///
    ///   pid
    ///     The process ID of the process to modify.
    ///   mask
    ///     An iterable of integers identifying CPUs.
    #[pyfunction(sig = "(pid, mask, /)")]
    fn sched_setaffinity(th: &mut Thread, pid: i32, mask: Value) -> Result<()> {
        let items = th.collect(mask)?;
        let mut out = Vec::new();
        for v in items.as_slice() {
            if th.class_of(*v).slots().index.is_none() {
                let got = th.type_name(*v);
                return Err(th.type_error(format!(
                    "expected an iterator of ints, but iterator yielded {got}"
                )));
            }
            let n = th.index_i64(*v, "CPU number too large")?;
            match usize::try_from(n) {
                Ok(n) if n < i32::MAX as usize => out.push(n),
                Ok(_) => return Err(th.overflow_error("CPU number too large")),
                Err(_) => return Err(th.value_error("negative CPU number")),
            }
        }
        plain(th, calls::sched_setaffinity(pid, &out)).map(drop)
    }

    /// Voluntarily relinquish the CPU.
    #[pyfunction]
    fn sched_yield(th: &mut Thread) {
        th.without_lock(std::thread::yield_now);
    }

    /// Return the number of logical CPUs in the system; return None if indeterminable.
    #[pyfunction]
    fn cpu_count(th: &mut Thread) -> Option<i64> {
        if let Some(n) = th.vm().config.cpu_count {
            return Some(n as i64);
        }
        calls::sysconf(libc::_SC_NPROCESSORS_ONLN)
            .ok()
            .filter(|n| *n > 0)
    }
}
