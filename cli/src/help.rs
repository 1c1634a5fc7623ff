//! What `-h`, `-V` and their kin print.

/// First line of every complaint about the command line.
pub const USAGE_LINE: &str = "usage: taipan [option] ... [-c cmd | -m mod | file | -] [arg] ...";

const OPTIONS: &str = "\
Options (and corresponding environment variables):
-b     : issue warnings about converting bytes/bytearray to str and comparing
         bytes/bytearray with str or bytes with int; also -bb: issue errors
-B     : don't write .pyc files on import; also PYTHONDONTWRITEBYTECODE=x
-c cmd : program passed in as string (terminates option list)
-d     : turn on parser debugging output (no effect); also PYTHONDEBUG=x
-E     : ignore PYTHON* environment variables (such as PYTHONPATH)
-h     : print this help message and exit (also -? or --help)
-i     : inspect interactively after running script; also PYTHONINSPECT=x
-I     : isolate Python from the user's environment (implies -E -P -s)
-m mod : run library module as a script (terminates option list)
-O     : remove assert and __debug__-dependent statements; also
         PYTHONOPTIMIZE=x
-OO    : do -O changes and also discard docstrings
-P     : don't prepend a potentially unsafe path to sys.path; also
         PYTHONSAFEPATH
-q     : don't print version and copyright messages on interactive startup
-s     : don't add user site directory to sys.path; also PYTHONNOUSERSITE=x
-S     : don't imply 'import site' on initialization
-u     : force the stdout and stderr streams to be unbuffered; also
         PYTHONUNBUFFERED=x
-v     : verbose (trace import statements); also PYTHONVERBOSE=x
-V     : print the version number and exit (also --version); -VV prints more
-W arg : warning control; arg is action:message:category:module:lineno; also
         PYTHONWARNINGS=arg
-x     : skip first line of source, allowing use of non-Unix forms of #!cmd
-X opt : set implementation-specific option; see --help-xoptions
--check-hash-based-pycs always|default|never:
         control how invalid hash-based .pyc files are treated
--help-env: print help about environment variables and exit
--help-xoptions: print help about implementation-specific -X options and exit
--help-all: print complete help information and exit

Arguments:
file   : program read from script file
-      : program read from stdin (default; interactive mode if a tty)
arg ...: arguments passed to program in sys.argv[1:]
";

/// `--help-env`
pub const ENVIRONMENT: &str = "\
Environment variables that change behavior:
PYTHONPATH      : ':'-separated list of directories prefixed to the
                  default module search path; the result is sys.path
PYTHONSTARTUP   : file executed on interactive startup (no default)
PYTHONHASHSEED  : if this variable is set to 'random', a random value is used
                  to seed the hashes of str and bytes objects; it can also be
                  an integer in the range [0,4294967295]
PYTHONPYCACHEPREFIX: root directory for bytecode cache (pyc) files
PYTHONIOENCODING: encoding[:errors] used for stdin/stdout/stderr
PYTHONUTF8      : if set to 1, enable the UTF-8 mode
PYTHONDEVMODE   : enable development mode
PYTHONINTMAXSTRDIGITS: limit the size of int<->str conversions; 0 disables it
PYTHONUSERBASE  : defines the user base directory (site.USER_BASE)

These variables have equivalent command-line options (see --help for details):
PYTHONDEBUG, PYTHONDONTWRITEBYTECODE, PYTHONINSPECT, PYTHONNOUSERSITE,
PYTHONOPTIMIZE, PYTHONSAFEPATH, PYTHONUNBUFFERED, PYTHONVERBOSE,
PYTHONWARNINGS
";

/// `--help-xoptions`
pub const XOPTIONS: &str = "\
The following implementation-specific options are available:
-X dev         : enable development mode; also PYTHONDEVMODE
-X importtime  : show how long each import takes
-X int_max_str_digits=N: limit the size of int<->str conversions; 0 disables
                 the limit; also PYTHONINTMAXSTRDIGITS
-X max-heap=SIZE: raise MemoryError when the heap would grow beyond SIZE
-X perf        : support the Linux perf profiler: names of compiled functions
-X perf_jit    : the same with their code and its lines, for perf inject --jit
-X pycache_prefix=path: root directory for bytecode cache (pyc) files; also
                 PYTHONPYCACHEPREFIX
-X utf8[=0|1]  : enable (1) or disable (0) UTF-8 mode; also PYTHONUTF8
Others are kept in sys._xoptions.
";

/// `-h`
pub fn usage() -> String {
    format!("{USAGE_LINE}\n{OPTIONS}")
}

/// `--help-all`
pub fn all() -> String {
    format!("{}\n{ENVIRONMENT}\n{XOPTIONS}", usage())
}

/// `-V`, `-VV`
pub fn version(long: bool) -> String {
    match long {
        false => "Python 3.14.0 (Taipan)\n".into(),
        true => format!(
            "Python 3.14.0 (Taipan {}) [Rust] on {}\n",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::OS
        ),
    }
}
