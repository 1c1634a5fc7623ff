//! The constants of `sys`, and the struct sequences among them.

use crate::Thread;
use crate::object::{Result, Value};
use crate::structseq;
use crate::types::type_::flags::NO_INSTANTIATION;

/// Language version that the runtime implements.
pub const VERSION: (i32, i32, i32) = (3, 14, 0);
/// `sys.hexversion`
pub const HEX_VERSION: i64 = 0x030E_00F0;
/// `sys.implementation.cache_tag`
pub const CACHE_TAG: &str = "taipan-314";

structseq!(
    /// `sys.version_info`
    pub VERSION_INFO = "sys", "version_info",
    "sys.version_info\n\nVersion information as a named tuple.",
    visible 5, unnamed 0, NO_INSTANTIATION,
    [
        ("major", "Major release number"),
        ("minor", "Minor release number"),
        ("micro", "Patch release number"),
        ("releaselevel", "'alpha', 'beta', 'candidate', or 'final'"),
        ("serial", "Serial release number"),
    ]
);

structseq!(
    /// `sys.flags`
    pub FLAGS = "sys", "flags",
    "sys.flags\n\nFlags provided through command line arguments or environment vars.",
    visible 18, unnamed 0, NO_INSTANTIATION,
    [
        ("debug", "-d"),
        ("inspect", "-i"),
        ("interactive", "-i"),
        ("optimize", "-O or -OO"),
        ("dont_write_bytecode", "-B"),
        ("no_user_site", "-s"),
        ("no_site", "-S"),
        ("ignore_environment", "-E"),
        ("verbose", "-v"),
        ("bytes_warning", "-b"),
        ("quiet", "-q"),
        ("hash_randomization", "-R"),
        ("isolated", "-I"),
        ("dev_mode", "-X dev"),
        ("utf8_mode", "-X utf8"),
        ("warn_default_encoding", "-X warn_default_encoding"),
        ("safe_path", "-P"),
        ("int_max_str_digits", "-X int_max_str_digits"),
        ("gil", "-X gil"),
        ("thread_inherit_context", "-X thread_inherit_context"),
        ("context_aware_warnings", "-X context_aware_warnings"),
    ]
);

structseq!(
    /// `sys.float_info`
    pub FLOAT_INFO = "sys", "float_info",
    "sys.float_info\n\nA named tuple holding information about the float type. It contains low level\ninformation about the precision and internal representation. Please study\nyour system's :file:`float.h` for more information.",
    visible 11, unnamed 0, 0,
    [
        ("max", "DBL_MAX -- maximum representable finite float"),
        ("max_exp", "DBL_MAX_EXP -- maximum int e such that radix**(e-1) is representable"),
        ("max_10_exp", "DBL_MAX_10_EXP -- maximum int e such that 10**e is representable"),
        ("min", "DBL_MIN -- Minimum positive normalized float"),
        ("min_exp", "DBL_MIN_EXP -- minimum int e such that radix**(e-1) is a normalized float"),
        ("min_10_exp", "DBL_MIN_10_EXP -- minimum int e such that 10**e is a normalized float"),
        ("dig", "DBL_DIG -- maximum number of decimal digits that can be faithfully represented in a float"),
        ("mant_dig", "DBL_MANT_DIG -- mantissa digits"),
        ("epsilon", "DBL_EPSILON -- Difference between 1 and the next representable float"),
        ("radix", "FLT_RADIX -- radix of exponent"),
        ("rounds", "FLT_ROUNDS -- rounding mode used for arithmetic operations"),
    ]
);

structseq!(
    /// `sys.int_info`
    pub INT_INFO = "sys", "int_info",
    "sys.int_info\n\nA named tuple that holds information about Python's\ninternal representation of integers.  The attributes are read only.",
    visible 4, unnamed 0, 0,
    [
        ("bits_per_digit", "size of a digit in bits"),
        ("sizeof_digit", "size in bytes of the C type used to represent a digit"),
        ("default_max_str_digits", "maximum string conversion digits limitation"),
        ("str_digits_check_threshold", "minimum positive value for int_max_str_digits"),
    ]
);

structseq!(
    /// `sys.hash_info`
    pub HASH_INFO = "sys", "hash_info",
    "hash_info\n\nA named tuple providing parameters used for computing hashes. The attributes are read only.",
    visible 9, unnamed 0, 0,
    [
        ("width", "width of the type used for hashing, in bits"),
        ("modulus", "prime number giving the modulus on which the hash function is based"),
        ("inf", "value to be used for hash of a positive infinity"),
        ("nan", "value to be used for hash of a nan"),
        ("imag", "multiplier used for the imaginary part of a complex number"),
        ("algorithm", "name of the algorithm for hashing of str, bytes and memoryviews"),
        ("hash_bits", "internal output size of hash algorithm"),
        ("seed_bits", "seed size of hash algorithm"),
        ("cutoff", "small string optimization cutoff"),
    ]
);

structseq!(
    /// `sys.thread_info`
    pub THREAD_INFO = "sys", "thread_info",
    "sys.thread_info\n\nA named tuple holding information about the thread implementation.",
    visible 3, unnamed 0, 0,
    [
        ("name", "name of the thread implementation"),
        ("lock", "name of the lock implementation"),
        ("version", "name and version of the thread library"),
    ]
);

structseq!(
    /// `sys.get_asyncgen_hooks()`
    pub ASYNCGEN_HOOKS = "builtins", "asyncgen_hooks",
    "asyncgen_hooks(sequence, /)\n--\n\nA named tuple object that is returned by sys.get_asyncgen_hooks().",
    visible 2, unnamed 0, 0,
    [("firstiter", "Hook to intercept first iteration"), ("finalizer", "Hook to intercept finalization")]
);

structseq!(
    /// Argument of `sys.unraisablehook`.
    pub UNRAISABLE_ARGS = "builtins", "UnraisableHookArgs",
    "UnraisableHookArgs\n\nType used to pass arguments to sys.unraisablehook.",
    visible 5, unnamed 0, 0,
    [
        ("exc_type", "Exception type"),
        ("exc_value", "Exception value"),
        ("exc_traceback", "Exception traceback"),
        ("err_msg", "Error message"),
        ("object", "Object causing the exception"),
    ]
);

const COPYRIGHT: &str = "Copyright (c) 2001 Python Software Foundation.\nAll Rights Reserved.\n\nCopyright (c) 2000 BeOpen.com.\nAll Rights Reserved.\n\nCopyright (c) 1995-2001 Corporation for National Research Initiatives.\nAll Rights Reserved.\n\nCopyright (c) 1991-1995 Stichting Mathematisch Centrum, Amsterdam.\nAll Rights Reserved.";

/// `sys.version_info`
pub fn version_info(th: &mut Thread) -> Value {
    let level = th.intern("final").value();
    let (a, b, c) = VERSION;
    let values = [
        Value::small(a),
        Value::small(b),
        Value::small(c),
        level,
        Value::small(0),
    ];
    th.new_structseq(&VERSION_INFO, &values)
}

fn flags(th: &mut Thread) -> Value {
    let c = &th.vm().config;
    let n = |b: bool| Value::small(b as i32);
    let mut values: Vec<i64> = vec![
        c.debug as i64,
        (c.inspect || c.interactive) as i64,
        c.interactive as i64,
        c.optimize as i64,
        c.dont_write_bytecode as i64,
        c.no_user_site as i64,
        c.no_site as i64,
        c.ignore_environment as i64,
        c.verbose as i64,
        c.bytes_warning as i64,
        c.quiet as i64,
        (c.hash_seed != Some(0)) as i64,
        c.isolated as i64,
    ];
    let out = crate::ValueVec::new();
    for v in values.drain(..) {
        let v = th.int(v);
        out.try_push(th.heap(), None, v);
    }
    let digits = th.int(th.vm().int_max_str_digits.get() as i64);
    let rest = [
        th.bool(c.dev_mode),
        n(c.utf8_mode),
        n(c.warn_default_encoding),
        th.bool(c.safe_path),
        digits,
        n(true),
        n(false),
        n(false),
    ];
    for v in rest {
        out.try_push(th.heap(), None, v);
    }
    th.new_structseq(&FLAGS, out.as_slice())
}

fn float_info(th: &mut Thread) -> Value {
    let f = [f64::MAX, f64::MIN_POSITIVE, f64::EPSILON].map(|x| th.float(x));
    let s = Value::small;
    let values = [
        f[0],
        s(1024),
        s(308),
        f[1],
        s(-1021),
        s(-307),
        s(15),
        s(53),
        f[2],
        s(2),
        s(1),
    ];
    th.new_structseq(&FLOAT_INFO, &values)
}

fn hash_info(th: &mut Thread) -> Value {
    let modulus = th.int((1 << 61) - 1);
    let algorithm = th.intern("siphash13").value();
    let s = Value::small;
    let values = [
        s(64),
        modulus,
        s(314159),
        s(0),
        s(1_000_003),
        algorithm,
        s(64),
        s(128),
        s(0),
    ];
    th.new_structseq(&HASH_INFO, &values)
}

fn thread_info(th: &mut Thread) -> Value {
    let (name, lock) = (th.intern("pthread").value(), th.intern("semaphore").value());
    let version = th.none();
    th.new_structseq(&THREAD_INFO, &[name, lock, version])
}

fn strings(th: &mut Thread, items: &[String]) -> Value {
    let list = th.new_list();
    for s in items {
        let s = th.new_str(s).value();
        if th.list_append(list, s).is_err() {
            break;
        }
    }
    list.value()
}

fn xoptions(th: &mut Thread) -> Value {
    let dict = th.new_dict();
    for (k, v) in &th.vm().config.xoptions {
        let v = match v {
            Some(v) => th.new_str(v).value(),
            None => th.bool(true),
        };
        th.dict_set_text(dict, k, v);
    }
    dict.value()
}

/// `sys.implementation`
fn implementation(th: &mut Thread) -> Value {
    let name = th.intern("taipan").value();
    let tag = th.intern(CACHE_TAG).value();
    let version = version_info(th);
    let hex = th.int(HEX_VERSION);
    let multiarch = th
        .new_str(&format!("{}-linux-gnu", std::env::consts::ARCH))
        .value();
    let isolated = th.bool(false);
    let out = th.new_namespace();
    for (k, v) in [
        ("name", name),
        ("cache_tag", tag),
        ("version", version),
        ("hexversion", hex),
        ("_multiarch", multiarch),
        ("supports_isolated_interpreters", isolated),
    ] {
        let k = th.intern(k);
        th.set_instance_attribute(out, k, v);
    }
    out
}

/// Enters the constants in the namespace of `sys`.
pub fn fill(th: &mut Thread, dict: crate::Gc<crate::types::dict::Dict>) -> Result<()> {
    let config = &th.vm().config;
    let version = format!(
        // As `platform` takes it apart: build, date, compiler.
        "{}.{}.{} (taipan-{}, main) [Rust]",
        VERSION.0,
        VERSION.1,
        VERSION.2,
        env!("CARGO_PKG_VERSION")
    );
    let endian = if cfg!(target_endian = "little") {
        "little"
    } else {
        "big"
    };
    let platform = std::env::consts::OS;
    for (k, text) in [
        ("version", version.as_str()),
        (
            "platform",
            if platform == "macos" {
                "darwin"
            } else {
                platform
            },
        ),
        ("byteorder", endian),
        ("copyright", COPYRIGHT),
        ("float_repr_style", "short"),
        ("platlibdir", "lib"),
        ("abiflags", ""),
        ("_framework", ""),
        ("executable", &config.executable),
        ("_base_executable", &config.executable),
        ("prefix", ""),
        ("exec_prefix", ""),
        ("base_prefix", ""),
        ("base_exec_prefix", ""),
    ] {
        let v = th.new_str(text).value();
        th.dict_set_text(dict, k, v);
    }
    for (k, n) in [
        ("hexversion", HEX_VERSION),
        ("api_version", 1013),
        ("maxsize", i64::MAX),
        ("maxunicode", 0x10FFFF),
    ] {
        let v = th.int(n);
        th.dict_set_text(dict, k, v);
    }
    for (k, items) in [
        ("warnoptions", &config.warnoptions),
        ("path", &config.module_search_paths),
    ] {
        let v = strings(th, items);
        th.dict_set_text(dict, k, v);
    }
    for (k, items) in [("argv", &config.argv), ("orig_argv", &config.orig_argv)] {
        let list = th.new_list();
        for item in items {
            let v = th.decode_fs(item.as_encoded_bytes()).value();
            th.list_append(list, v)?;
        }
        th.dict_set_text(dict, k, list.value());
    }
    for k in ["meta_path", "path_hooks"] {
        let v = th.new_list().value();
        th.dict_set_text(dict, k, v);
    }
    let cache = th.new_dict().value();
    th.dict_set_text(dict, "path_importer_cache", cache);
    let prefix = match &config.pycache_prefix {
        Some(p) => th.new_str(p).value(),
        None => th.none(),
    };
    th.dict_set_text(dict, "pycache_prefix", prefix);
    let b = th.bool(config.dont_write_bytecode);
    th.dict_set_text(dict, "dont_write_bytecode", b);
    let git = th.tuple_of_names(&["Taipan".into(), String::new(), String::new()]);
    th.dict_set_text(dict, "_git", git);
    let s = Value::small;
    let int_info = th.new_structseq(&INT_INFO, &[s(30), s(4), s(4300), s(640)]);
    let made = [
        ("version_info", version_info(th)),
        ("flags", flags(th)),
        ("float_info", float_info(th)),
        ("int_info", int_info),
        ("hash_info", hash_info(th)),
        ("thread_info", thread_info(th)),
        ("implementation", implementation(th)),
        ("_xoptions", xoptions(th)),
    ];
    for (k, v) in made {
        th.dict_set_text(dict, k, v);
    }
    let names = crate::ValueVec::new();
    for n in super::stdlib_names::STDLIB_MODULE_NAMES {
        let n = th.intern(n).value();
        th.push(&names, n)?;
    }
    let set = crate::types::set::frozenset_from(th, names.as_slice())?;
    th.dict_set_text(dict, "stdlib_module_names", set);
    let mut builtin: Vec<String> = th
        .vm()
        .native_modules
        .borrow()
        .iter()
        .map(|d| d.name.to_string())
        .chain(["builtins".to_string(), "sys".to_string()])
        .collect();
    builtin.sort();
    builtin.dedup();
    let builtin = th.tuple_of_names(&builtin);
    th.dict_set_text(dict, "builtin_module_names", builtin);
    Ok(())
}

/// `sys.flags` again, after a setting changed.
pub fn refresh_flags(th: &mut Thread) {
    let v = flags(th);
    let dict = th.vm().sys_dict();
    th.dict_set_text(dict, "flags", v);
}
