//! The command line.

use std::path::{Path, PathBuf};
use std::time::Duration;

/// What `--help` prints.
pub const USAGE: &str = "\
usage: taipan-bench [OPTIONS]

  --python NAME=COMMAND   an interpreter; repeatable, the first is what the others are compared with
  --only a,b,c            these benchmarks
  --group core|apps|all   pure Python ones (default), those tagged as applications, everything
  --check                 run each once, say ok or fail, compare the results
  --quick                 warm up for 1 s and measure for 0.5 s
  --warmup S, --time S    how long to warm up (3) and to measure (2)
  --timeout S             kill a benchmark after this long (300)
  --core N|none           the core to pin to (default: the last that is allowed)
  --out DIR               where results.jsonl and table.md go (default: target/bench)
  --pyperformance DIR     an unpacked pyperformance package, instead of downloading it
  --list                  only say what would run
";

/// Which benchmarks to run when `--only` does not say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Group {
    /// Those that need nothing but a Python and its standard library.
    Core,
    /// Those tagged "apps", which need packages from PyPI.
    Apps,
    /// Every one.
    All,
}

/// An interpreter to measure.
#[derive(Clone, Debug)]
pub struct Python {
    /// What the tables call it.
    pub name: String,
    /// Program and leading arguments.
    pub command: Vec<String>,
}

/// Everything the command line can say.
#[derive(Debug)]
pub struct Options {
    /// At least one interpreter.
    pub pythons: Vec<Python>,
    /// Names given to `--only`.
    pub only: Vec<String>,
    /// The group, for when `only` is empty.
    pub group: Group,
    /// Correctness instead of speed.
    pub check: bool,
    /// Seconds of warm-up.
    pub warmup: f64,
    /// Seconds of measuring.
    pub time: f64,
    /// The limit of one process.
    pub timeout: Duration,
    /// `None`: choose one; `Some(None)`: do not pin.
    pub core: Option<Option<usize>>,
    /// Folder for results.
    pub out: PathBuf,
    /// An unpacked package, when given.
    pub pyperformance: Option<PathBuf>,
    /// Where downloads and the harness go.
    pub cache: PathBuf,
    /// Only list the names.
    pub list: bool,
}

/// What the command line asks for.
#[derive(Debug)]
pub enum Parsed {
    /// Print the usage.
    Help,
    /// Run benchmarks.
    Run(Box<Options>),
}

/// Parses the command line.
pub fn parse(args: &[String]) -> Result<Parsed, String> {
    let target = target_folder();
    let mut options = Options {
        pythons: Vec::new(),
        only: Vec::new(),
        group: Group::Core,
        check: false,
        warmup: 3.0,
        time: 2.0,
        timeout: Duration::from_secs(300),
        core: None,
        out: target.join("bench"),
        pyperformance: None,
        cache: target.join("pyperformance"),
        list: false,
    };
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let (name, inline) = match arg.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
            _ => (arg.as_str(), None),
        };
        let mut value = || {
            inline
                .clone()
                .or_else(|| rest.next().cloned())
                .ok_or_else(|| format!("{name} wants a value"))
        };
        match name {
            "-h" | "--help" => return Ok(Parsed::Help),
            "--python" => options.pythons.push(python(&value()?)?),
            "--only" => options.only.extend(value()?.split(',').map(str::to_owned)),
            "--group" => options.group = group(&value()?)?,
            "--check" => options.check = true,
            "--quick" => (options.warmup, options.time) = (1.0, 0.5),
            "--warmup" => options.warmup = seconds(name, &value()?)?,
            "--time" => options.time = seconds(name, &value()?)?,
            "--timeout" => {
                options.timeout = Duration::from_secs_f64(seconds(name, &value()?)?);
            }
            "--core" => options.core = Some(core(&value()?)?),
            "--out" => options.out = PathBuf::from(value()?),
            "--pyperformance" => options.pyperformance = Some(PathBuf::from(value()?)),
            "--list" => options.list = true,
            _ => return Err(format!("unknown option {arg}; see --help")),
        }
    }
    if options.pythons.is_empty() && !options.list {
        return Err("no interpreter: give --python NAME=COMMAND".to_owned());
    }
    Ok(Parsed::Run(Box::new(options)))
}

fn python(text: &str) -> Result<Python, String> {
    let wrong = || format!("--python wants NAME=COMMAND, not {text:?}");
    let (name, command) = text.split_once('=').ok_or_else(wrong)?;
    let command: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
    if name.is_empty() || command.is_empty() {
        return Err(wrong());
    }
    Ok(Python {
        name: name.to_owned(),
        command,
    })
}

fn group(text: &str) -> Result<Group, String> {
    match text {
        "core" => Ok(Group::Core),
        "apps" => Ok(Group::Apps),
        "all" => Ok(Group::All),
        _ => Err(format!("--group is core, apps or all, not {text:?}")),
    }
}

fn seconds(name: &str, text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if (0.0..1e6).contains(&value) => Ok(value),
        _ => Err(format!("{name} wants seconds, not {text:?}")),
    }
}

fn core(text: &str) -> Result<Option<usize>, String> {
    if text == "none" {
        return Ok(None);
    }
    let number = text.parse().map_err(|_| "--core wants a number or none")?;
    Ok(Some(number))
}

/// Cargo's target folder: results and downloads never go into the repository.
fn target_folder() -> PathBuf {
    if let Some(folder) = std::env::var_os("CARGO_TARGET_DIR") {
        return PathBuf::from(folder);
    }
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_folder.parent().unwrap_or(crate_folder).join("target")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &str) -> Result<Options, String> {
        let args: Vec<String> = words.split(' ').map(str::to_owned).collect();
        match parse(&args)? {
            Parsed::Run(options) => Ok(*options),
            Parsed::Help => Err("help".to_owned()),
        }
    }

    #[test]
    fn commands_keep_their_equals_signs() {
        let options = parsed("--python a=py --python b=taipan=x --quick --only=x,y").unwrap();
        assert_eq!(options.pythons[1].name, "b");
        assert_eq!(options.pythons[1].command, ["taipan=x"]);
        assert_eq!(options.only, ["x", "y"]);
        assert!(options.warmup < 3.0);
    }

    #[test]
    fn nonsense_is_refused() {
        for words in [
            "--quick",
            "--python a",
            "--python a=b --group x",
            "--timeout -1",
            "--what",
        ] {
            assert!(parsed(words).is_err(), "{words}");
        }
    }
}
