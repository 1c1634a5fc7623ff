//! The interpreters.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

use crate::cli;

/// An interpreter to measure.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Peer {
    /// What the tables call it.
    pub name: String,
    /// Environment variables of its own.
    pub environment: Vec<(String, String)>,
    /// Program and leading arguments.
    pub command: Vec<String>,
    /// `sys.implementation.name`.
    pub implementation: String,
    /// Its version, with PyPy's own or the commit in brackets.
    pub version: String,
    /// `sys.version_info[:2]`, for packages.
    pub python: String,
    /// Its executable, as it names itself.
    pub executable: String,
    /// It has a JIT that tells what it did.
    pub statistics: bool,
}

/// Prints what is to be known, one a line.
const QUESTION: &str = "\
import sys
print(sys.implementation.name)
own = getattr(sys, 'pypy_version_info', None)
text = '%d.%d.%d' % sys.version_info[:3]
if own:
    text += ' (PyPy %d.%d.%d)' % own[:3]
elif sys.implementation.name != 'cpython':
    text += ' (' + sys.version.split('(')[-1].split(')')[0] + ')'
print(text)
print('%d.%d' % sys.version_info[:2])
print(sys.executable)
";

/// The option that makes Taipan's JIT print statistics at exit.
pub const JIT_STATISTICS: &[&str] = &["-X", "jit-stats"];

impl Peer {
    /// Asks the interpreter who it is. `spec` is `NAME=[VAR=value …] COMMAND [ARG …]`.
    pub fn ask(spec: &str) -> Result<Self, String> {
        let (name, rest) = spec
            .split_once('=')
            .filter(|(name, rest)| !name.is_empty() && !rest.trim().is_empty())
            .ok_or_else(|| format!("--peer wants NAME=COMMAND, not {spec:?}"))?;
        let mut environment = Vec::new();
        let mut words = rest.split_whitespace().peekable();
        while let Some((variable, value)) = words.peek().and_then(|word| word.split_once('=')) {
            environment.push((variable.to_owned(), value.to_owned()));
            words.next();
        }
        let mut command: Vec<String> = words.map(str::to_owned).collect();
        let Some(program) = command.first_mut() else {
            return Err(format!("--peer {name}: no command in {rest:?}"));
        };
        // Benchmarks run in folders of their own.
        if program.contains('/') {
            *program = std::fs::canonicalize(&*program)
                .map_err(|error| format!("{program}: {error}"))?
                .to_string_lossy()
                .into_owned();
        }
        let mut peer = Self {
            name: name.to_owned(),
            environment,
            command,
            implementation: String::new(),
            version: String::new(),
            python: String::new(),
            executable: String::new(),
            statistics: false,
        };
        let output = peer
            .start(&["-c", QUESTION])
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("cannot start {name}: {error}"))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let lines: Vec<&str> = text.lines().collect();
        let [implementation, version, python, executable] = lines.as_slice() else {
            let error = String::from_utf8_lossy(&output.stderr);
            return Err(format!(
                "{name} ({rest}) does not say who it is: {}",
                error.lines().last().unwrap_or("no output")
            ));
        };
        peer.implementation = (*implementation).to_owned();
        peer.version = (*version).to_owned();
        peer.python = (*python).to_owned();
        peer.executable = (*executable).to_owned();
        peer.statistics = peer.tells_of_its_jit();
        Ok(peer)
    }

    /// Whether `-X jit-stats` makes it print something.
    fn tells_of_its_jit(&self) -> bool {
        if matches!(self.implementation.as_str(), "cpython" | "pypy") {
            return false;
        }
        let output = self
            .start(&[JIT_STATISTICS, &["-c", "pass"]].concat())
            .stdin(Stdio::null())
            .output();
        output.is_ok_and(|output| output.status.success() && !output.stderr.is_empty())
    }

    /// A command that starts the interpreter with these arguments.
    pub fn start<S: AsRef<std::ffi::OsStr>>(&self, args: &[S]) -> Command {
        let mut command = Command::new(&self.command[0]);
        command
            .args(&self.command[1..])
            .args(args)
            .envs(self.environment.iter().map(|(k, v)| (k, v)));
        command
    }

    /// The command as a person would type it, without the folder of the program.
    pub fn typed(&self) -> String {
        let environment = self.environment.iter().map(|(k, v)| format!("{k}={v}"));
        let program = self.command[0].rsplit('/').next().unwrap_or_default();
        environment
            .chain(std::iter::once(program.to_owned()))
            .chain(self.command[1..].iter().cloned())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Whether it is a CPython without a JIT, what others are measured against.
    pub fn is_reference(&self) -> bool {
        self.implementation == "cpython"
            && !self
                .environment
                .iter()
                .any(|(name, _)| name == "PYTHON_JIT")
    }
}

/// The peers asked for, or those that can be found.
pub fn find(specs: &[String]) -> Result<Vec<Peer>, String> {
    if !specs.is_empty() {
        let peers: Vec<Peer> = specs
            .iter()
            .map(|spec| Peer::ask(spec))
            .collect::<Result<_, _>>()?;
        for (index, peer) in peers.iter().enumerate() {
            if peers[..index].iter().any(|other| other.name == peer.name) {
                return Err(format!("two peers are called {:?}", peer.name));
            }
        }
        return Ok(peers);
    }
    let mut peers = Vec::new();
    peers.push(Peer::ask(&format!("taipan={}", build()?.display()))?);
    let known = [
        ("cpython314", "", &["peer-cpython314", "python3.14"][..]),
        (
            "cpython315-jit",
            "PYTHON_JIT=1 ",
            &["peer-cpython315", "python3.15"],
        ),
        ("pypy", "", &["peer-pypy", "pypy3"]),
    ];
    for (name, environment, programs) in known {
        if let Some(program) = programs.iter().find(|program| on_path(program).is_some())
            && let Ok(peer) = Peer::ask(&format!("{name}={environment}{program}"))
        {
            peers.push(peer);
        }
    }
    if peers.len() == 1 && on_path("python3").is_some() {
        peers.push(Peer::ask("cpython=python3")?);
    }
    Ok(peers)
}

/// Taipan's release build, brought up to date by cargo when we run in its repository.
fn build() -> Result<PathBuf, String> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let binary = cli::target_folder().join("release/taipan");
    if repository.join("cli/Cargo.toml").is_file() {
        eprintln!("building taipan …");
        let status = Command::new("cargo")
            .args(["build", "--release", "-q", "-p", "taipan"])
            .current_dir(repository)
            .status()
            .map_err(|error| format!("cargo: {error}"))?;
        if !status.success() {
            return Err("taipan does not build; give --peer NAME=COMMAND".to_owned());
        }
    }
    if binary.is_file() {
        Ok(binary)
    } else {
        Err(format!(
            "there is no {}; give --peer NAME=COMMAND",
            binary.display()
        ))
    }
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::Peer;

    #[test]
    fn what_is_no_peer() {
        for spec in [
            "python3",
            "=python3",
            "a=",
            "a=X=1",
            "a=/no/such/program",
            "a=true",
        ] {
            assert!(Peer::ask(spec).is_err(), "{spec}");
        }
    }
}
