//! The command line and the environment: what to run, and the interpreter's settings.

use std::ffi::OsString;

use lexopt::Arg;
use taipan_vm::vm::Config;

use crate::help;

/// What is to be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// `-c`
    Command(String),
    /// `-m`
    Module(String),
    /// A script, a directory or an archive.
    File(String),
    /// `-`, or nothing: standard input.
    Stdin,
}

/// A parsed command line.
#[derive(Debug)]
pub struct CommandLine {
    /// What to run.
    pub target: Target,
    /// Settings.
    pub config: Config,
    /// `-x`
    pub skip_first_line: bool,
    /// `PYTHONPATH`, split.
    pub python_path: Vec<String>,
    /// `-i` (the environment's word counts only at a terminal)
    pub inspect: bool,
    /// Is `faulthandler` wanted?
    pub faulthandler: bool,
}

/// What the command line asks for instead of running something.
#[derive(Debug)]
pub enum Parsed {
    /// Run.
    Run(Box<CommandLine>),
    /// Print a text and end.
    Print(String),
    /// Complain on stderr and end with code 2.
    Usage(String),
    /// Settings that make no interpreter: say so as the interpreter's end, with code 1.
    Fatal(Fatal),
}

/// Why settings make no interpreter.
#[derive(Debug)]
pub struct Fatal {
    /// Which setting it is about.
    pub place: &'static str,
    /// What is wrong with it.
    pub message: String,
    /// How far start-up has come.
    pub state: &'static str,
}

impl Fatal {
    fn new(place: &'static str, message: impl Into<String>) -> Fatal {
        Fatal {
            place,
            message: message.into(),
            state: "preinitialized",
        }
    }
}

fn text(s: OsString) -> String {
    s.to_string_lossy().into_owned()
}

fn split_option(option: &str) -> (String, Option<String>) {
    match option.split_once('=') {
        Some((n, v)) => (n.to_owned(), Some(v.to_owned())),
        None => (option.to_owned(), None),
    }
}

/// Parses the arguments behind the program's name.
pub fn parse(args: Vec<OsString>) -> Parsed {
    let mut config = Config::default();
    let mut versions = 0;
    let mut skip_first_line = false;
    let mut target = None;
    let mut rest = Vec::new();
    let mut parser = lexopt::Parser::from_args(args);
    loop {
        let arg = match parser.next() {
            Ok(Some(a)) => a,
            Ok(None) => break,
            Err(e) => return Parsed::Usage(e.to_string()),
        };
        let letter = match arg {
            Arg::Short(c) => c,
            Arg::Long("help") => return Parsed::Print(help::usage()),
            Arg::Long("version") => {
                versions = 1;
                continue;
            }
            Arg::Long("help-env") => return Parsed::Print(help::ENVIRONMENT.into()),
            Arg::Long("help-xoptions") => return Parsed::Print(help::XOPTIONS.into()),
            Arg::Long("help-all") => return Parsed::Print(help::all()),
            Arg::Long("check-hash-based-pycs") => {
                let value = parser.value().map(text).unwrap_or_default();
                if !["default", "always", "never"].contains(&value.as_str()) {
                    return Parsed::Usage(
                        "--check-hash-based-pycs must be one of 'default', 'always', or 'never'"
                            .into(),
                    );
                }
                config.check_hash_pycs = value;
                continue;
            }
            Arg::Long(name) => return Parsed::Usage(format!("Unknown option: --{name}")),
            Arg::Value(v) => {
                target = Some(match text(v.clone()).as_str() {
                    "-" => Target::Stdin,
                    path => Target::File(path.to_owned()),
                });
                config.argv = vec![v];
                break;
            }
        };
        // Options with a value.
        if matches!(letter, 'c' | 'm' | 'W' | 'X') {
            let Ok(value) = parser.value().map(text) else {
                return Parsed::Usage(format!("Argument expected for the -{letter} option"));
            };
            match letter {
                'c' | 'm' => {
                    config.argv = vec![format!("-{letter}").into()];
                    target = Some(match letter {
                        'c' => Target::Command(value),
                        _ => Target::Module(value),
                    });
                    break;
                }
                'W' => config.warnoptions.push(value),
                _ => config.xoptions.push(split_option(&value)),
            }
            continue;
        }
        match letter {
            'b' => config.bytes_warning += 1,
            'B' => config.dont_write_bytecode = true,
            'd' => config.debug += 1,
            'E' => config.ignore_environment = true,
            'h' | '?' => return Parsed::Print(help::usage()),
            'i' => config.inspect = true,
            'I' => {
                config.isolated = true;
                config.ignore_environment = true;
                config.no_user_site = true;
                config.safe_path = true;
            }
            'O' => config.optimize += 1,
            'P' => config.safe_path = true,
            'q' => config.quiet = true,
            's' => config.no_user_site = true,
            'S' => config.no_site = true,
            'u' => config.unbuffered = true,
            'v' => config.verbose += 1,
            'V' => versions += 1,
            'x' => skip_first_line = true,
            'R' => config.random_hashes = true,
            't' => {}
            c => return Parsed::Usage(format!("Unknown option: -{c}")),
        }
    }
    if versions > 0 {
        return Parsed::Print(help::version(versions > 1));
    }
    if let Ok(raw) = parser.raw_args() {
        rest.extend(raw);
    }
    if target.is_none() {
        config.argv = vec![OsString::new()];
    }
    config.argv.extend(rest);
    let mut line = CommandLine {
        target: target.unwrap_or(Target::Stdin),
        config,
        skip_first_line,
        python_path: Vec::new(),
        inspect: false,
        faulthandler: false,
    };
    match environment(&mut line) {
        Ok(()) => Parsed::Run(Box::new(line)),
        Err(fatal) => Parsed::Fatal(fatal),
    }
}

/// Enters what `PYTHON*` variables and `-X` options say.
fn environment(line: &mut CommandLine) -> Result<(), Fatal> {
    let config = &mut line.config;
    let ignore = config.ignore_environment;
    let var = |name: &str| match ignore {
        true => None,
        false => std::env::var_os(name).map(text).filter(|v| !v.is_empty()),
    };
    // A number counts as itself; any other text as one.
    let level = |name: &str| var(name).map_or(0, |v| v.parse::<u8>().unwrap_or(1));
    let flag = |name: &str| var(name).is_some();
    config.optimize = config.optimize.max(level("PYTHONOPTIMIZE"));
    config.debug = config.debug.max(flag("PYTHONDEBUG").into());
    config.verbose = config.verbose.max(level("PYTHONVERBOSE"));
    config.dont_write_bytecode |= flag("PYTHONDONTWRITEBYTECODE");
    line.inspect = config.inspect;
    config.inspect |= flag("PYTHONINSPECT");
    config.unbuffered |= flag("PYTHONUNBUFFERED");
    config.no_user_site |= flag("PYTHONNOUSERSITE");
    config.safe_path |= flag("PYTHONSAFEPATH");
    let x = |config: &Config, name: &str| {
        let found = config.xoptions.iter().rev().find(|(n, _)| n == name);
        found.map(|(_, v)| v.clone())
    };
    config.dev_mode = x(config, "dev").is_some() || flag("PYTHONDEVMODE");
    line.faulthandler =
        config.dev_mode || x(config, "faulthandler").is_some() || flag("PYTHONFAULTHANDLER");
    config.warn_default_encoding =
        x(config, "warn_default_encoding").is_some() || flag("PYTHONWARNDEFAULTENCODING");
    let count = match x(config, "cpu_count") {
        Some(v) => v.map(|v| ("-X cpu_count", v)),
        None => var("PYTHON_CPU_COUNT").map(|v| ("PYTHON_CPU_COUNT", v)),
    };
    match count {
        Some((setting, v)) if v != "default" => match v.parse::<usize>() {
            Ok(n) if n > 0 => config.cpu_count = Some(n),
            _ => {
                let message = format!(
                    "{setting}=n option: n is missing or an invalid number, n must be greater than 0"
                );
                return Err(Fatal::new("config_init_cpu_count", message));
            }
        },
        _ => {}
    }
    match x(config, "utf8")
        .map(|v| v.unwrap_or("1".into()))
        .or(var("PYTHONUTF8"))
    {
        Some(v) if v == "0" => config.utf8_mode = false,
        Some(v) if v == "1" => config.utf8_mode = true,
        Some(_) => {
            let message = match x(config, "utf8") {
                Some(_) => "invalid -X utf8 option value",
                None => "invalid PYTHONUTF8 environment variable value",
            };
            return Err(Fatal {
                state: "preinitializing",
                ..Fatal::new("preconfig_init_utf8_mode", message)
            });
        }
        None => config.utf8_mode = c_locale(),
    }
    config.pycache_prefix = match x(config, "pycache_prefix") {
        Some(v) => v,
        None => var("PYTHONPYCACHEPREFIX"),
    };
    let option = x(config, "int_max_str_digits");
    let setting = match option {
        Some(_) => "-X int_max_str_digits",
        None => "PYTHONINTMAXSTRDIGITS",
    };
    let digits = match option {
        Some(v) => Some(v.unwrap_or_default()),
        None => var("PYTHONINTMAXSTRDIGITS"),
    };
    if let Some(text) = digits {
        match text.parse::<usize>() {
            Ok(n) if n == 0 || n >= 640 => config.int_max_str_digits = n,
            _ => {
                return Err(Fatal::new(
                    "config_init_int_max_str_digits",
                    format!("{setting}: invalid limit; must be >= 640 or 0 for unlimited."),
                ));
            }
        }
    }
    match var("PYTHONHASHSEED").as_deref() {
        None | Some("random") => {}
        Some(_) if config.random_hashes => {}
        Some(v) => match v.parse() {
            Ok(seed) => config.hash_seed = Some(seed),
            Err(_) => {
                return Err(Fatal::new(
                    "config_init_hash_seed",
                    "PYTHONHASHSEED must be \"random\" or an integer in range [0; 4294967295]",
                ));
            }
        },
    }
    let mut warnings: Vec<String> = Vec::new();
    if config.dev_mode {
        warnings.push("default".into());
    }
    if let Some(v) = var("PYTHONWARNINGS") {
        warnings.extend(v.split(',').map(str::to_owned));
    }
    warnings.append(&mut config.warnoptions);
    match config.bytes_warning {
        0 => {}
        1 => warnings.push("default::BytesWarning".into()),
        _ => warnings.push("error::BytesWarning".into()),
    }
    config.warnoptions = warnings;
    if let Some(v) = var("PYTHONPATH") {
        line.python_path = v.split(':').map(str::to_owned).collect();
    }
    Ok(())
}

/// Does the locale say nothing about encodings?
pub fn c_locale() -> bool {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|n| std::env::var(n).ok().filter(|v| !v.is_empty()));
    set.is_none_or(|v| v == "C" || v == "POSIX")
}
