//! `resource`: limits and usage.

use taipan_vm::object::Gc;
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::module::Module;
use taipan_vm::types::structseq::StructDef;
use taipan_vm::{Result, Thread, Value, ValueVec, pymodule};

use crate::os_error::raise;
use crate::system::calls;

/// `resource.struct_rusage`
static RUSAGE: StructDef = StructDef {
    name: "struct_rusage",
    module: "resource",
    doc: "struct_rusage: Result from getrusage.\n\nThis object may be accessed either as a tuple of\n    (utime,stime,maxrss,ixrss,idrss,isrss,minflt,majflt,\n    nswap,inblock,oublock,msgsnd,msgrcv,nsignals,nvcsw,nivcsw)\nor via the attributes ru_utime, ru_stime, ru_maxrss, and so on.",
    fields: &[
        "ru_utime",
        "ru_stime",
        "ru_maxrss",
        "ru_ixrss",
        "ru_idrss",
        "ru_isrss",
        "ru_minflt",
        "ru_majflt",
        "ru_nswap",
        "ru_inblock",
        "ru_oublock",
        "ru_msgsnd",
        "ru_msgrcv",
        "ru_nsignals",
        "ru_nvcsw",
        "ru_nivcsw",
    ],
    visible: 16,
    constructible: true,
};

/// The system's structure as Python shows it.
pub fn usage(th: &mut Thread, u: &libc::rusage) -> Result {
    let v = ValueVec::new();
    for t in [u.ru_utime, u.ru_stime] {
        let f = th.float(t.tv_sec as f64 + t.tv_usec as f64 * 1e-6);
        th.push(&v, f)?;
    }
    for n in [
        u.ru_maxrss,
        u.ru_ixrss,
        u.ru_idrss,
        u.ru_isrss,
        u.ru_minflt,
        u.ru_majflt,
        u.ru_nswap,
        u.ru_inblock,
        u.ru_oublock,
        u.ru_msgsnd,
        u.ru_msgrcv,
        u.ru_nsignals,
        u.ru_nvcsw,
        u.ru_nivcsw,
    ] {
        let n = th.int(n);
        th.push(&v, n)?;
    }
    th.new_struct(&RUSAGE, v.as_slice())
}

fn limit(th: &mut Thread, v: Value) -> Result<u64> {
    if th.class_of(v).slots().index.is_none() {
        let got = th.type_name(v);
        return Err(th.type_error(format!(
            "'{got}' object cannot be interpreted as an integer"
        )));
    }
    let i = th.index(v)?;
    match taipan_vm::types::int::to_i64(i) {
        Some(-1) => Ok(libc::RLIM_INFINITY),
        Some(n) if n < 0 => Err(th.value_error("Cannot convert negative int")),
        Some(n) => Ok(n as u64),
        None => {
            let text = th.str_lossy(i);
            match text.parse::<u64>() {
                Ok(n) => Ok(n),
                Err(_) if taipan_vm::types::int::is_negative(i) => {
                    Err(th.value_error("Cannot convert negative int"))
                }
                Err(_) => Err(th.overflow_error("int too big to convert")),
            }
        }
    }
}

fn limits(th: &mut Thread, v: Value) -> Result<(u64, u64)> {
    let t = th.to_tuple(v)?;
    let [soft, hard] = t.as_slice() else {
        return Err(th.value_error("expected a tuple of 2 integers"));
    };
    let (soft, hard) = (*soft, *hard);
    let soft = limit(th, soft)?;
    Ok((soft, limit(th, hard)?))
}

fn pair(th: &mut Thread, (soft, hard): (u64, u64)) -> Value {
    let number = |th: &mut Thread, n: u64| match n {
        libc::RLIM_INFINITY => th.int(-1),
        n => th.int_from_u64(n),
    };
    let (a, b) = (number(th, soft), number(th, hard));
    th.new_tuple(&[a, b]).value()
}

fn kind(th: &mut Thread, resource: i32) -> Result<u32> {
    match resource {
        0..16 => Ok(resource as u32),
        _ => Err(th.value_error("invalid resource specified")),
    }
}

fn set_error(th: &mut Thread, e: i32) -> taipan_vm::Raised {
    match e {
        libc::EINVAL => th.value_error("current limit exceeds maximum limit"),
        libc::EPERM => th.value_error("not allowed to raise maximum limit"),
        e => raise(th, e, None, None),
    }
}

/// The functions hang here.
pub struct Resource;

#[pymodule(name = "resource")]
impl Resource {
    #[pyfunction(sig = "(who, /)")]
    fn getrusage(th: &mut Thread, who: i32) -> Result {
        match calls::getrusage(who) {
            Ok(u) => usage(th, &u),
            Err(libc::EINVAL) => Err(th.value_error("invalid who parameter")),
            Err(e) => Err(raise(th, e, None, None)),
        }
    }

    #[pyfunction(sig = "(resource, /)")]
    fn getrlimit(th: &mut Thread, resource: i32) -> Result {
        let kind = kind(th, resource)?;
        match calls::prlimit(0, kind, None) {
            Ok(old) => Ok(pair(th, old)),
            Err(e) => Err(raise(th, e, None, None)),
        }
    }

    #[pyfunction(sig = "(resource, limits, /)")]
    fn setrlimit(th: &mut Thread, resource: i32, new: Value) -> Result<()> {
        let kind = kind(th, resource)?;
        let new = limits(th, new)?;
        match calls::prlimit(0, kind, Some(new)) {
            Ok(_) => Ok(()),
            Err(e) => Err(set_error(th, e)),
        }
    }

    #[pyfunction(sig = "(pid, resource, limits=None, /)")]
    fn prlimit(th: &mut Thread, pid: i32, resource: i32, new: Option<Value>) -> Result {
        let kind = kind(th, resource)?;
        let new = match th.not_none(new) {
            Some(v) => Some(limits(th, v)?),
            None => None,
        };
        match calls::prlimit(pid, kind, new) {
            Ok(old) => Ok(pair(th, old)),
            Err(libc::EINVAL) => Err(th.value_error("current limit exceeds maximum limit")),
            Err(e) => Err(raise(th, e, None, None)),
        }
    }

    #[pyfunction]
    fn getpagesize(_: &mut Thread) -> usize {
        rustix::param::page_size()
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        let d = m.namespace();
        for (name, n) in CONSTANTS {
            let v = th.int(*n);
            th.dict_set_text(d, name, v);
        }
        let e = th.vm().exception_class(ExceptionClass::OSError).value();
        th.dict_set_text(d, "error", e);
        let c = th.struct_class(&RUSAGE)?.value();
        th.dict_set_text(d, "struct_rusage", c);
        Ok(())
    }
}

const CONSTANTS: &[(&str, i64)] = &[
    ("RLIM_INFINITY", -1),
    ("RLIMIT_AS", libc::RLIMIT_AS as i64),
    ("RLIMIT_CORE", libc::RLIMIT_CORE as i64),
    ("RLIMIT_CPU", libc::RLIMIT_CPU as i64),
    ("RLIMIT_DATA", libc::RLIMIT_DATA as i64),
    ("RLIMIT_FSIZE", libc::RLIMIT_FSIZE as i64),
    ("RLIMIT_MEMLOCK", libc::RLIMIT_MEMLOCK as i64),
    ("RLIMIT_MSGQUEUE", libc::RLIMIT_MSGQUEUE as i64),
    ("RLIMIT_NICE", libc::RLIMIT_NICE as i64),
    ("RLIMIT_NOFILE", libc::RLIMIT_NOFILE as i64),
    ("RLIMIT_NPROC", libc::RLIMIT_NPROC as i64),
    ("RLIMIT_OFILE", libc::RLIMIT_NOFILE as i64),
    ("RLIMIT_RSS", libc::RLIMIT_RSS as i64),
    ("RLIMIT_RTPRIO", libc::RLIMIT_RTPRIO as i64),
    ("RLIMIT_RTTIME", libc::RLIMIT_RTTIME as i64),
    ("RLIMIT_SIGPENDING", libc::RLIMIT_SIGPENDING as i64),
    ("RLIMIT_STACK", libc::RLIMIT_STACK as i64),
    ("RUSAGE_CHILDREN", libc::RUSAGE_CHILDREN as i64),
    ("RUSAGE_SELF", libc::RUSAGE_SELF as i64),
    ("RUSAGE_THREAD", libc::RUSAGE_THREAD as i64),
];
