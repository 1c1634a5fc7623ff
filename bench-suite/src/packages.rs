//! The packages that a benchmark's `requirements.txt` names, installed once for each interpreter.
//!
//! An interpreter's own pip installs them, so that it gets the wheels that are made for it;
//! where it has none, a virtual environment of it provides one. Taipan has no pip: it is given
//! what CPython of the same version gets, and imports the pure-Python half of it.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::fetch::absolute;
use crate::peers::Peer;

/// In every environment that pyperformance makes; old packages need the `distutils` in it.
const SETUPTOOLS: &str = "setuptools==80.9.0";

/// Makes a folder on PYTHONPATH a site folder, where `.pth` files count.
const CUSTOMIZE: &str = "\
import os, site
site.addsitedir(os.path.dirname(os.path.abspath(__file__)))
";

/// What has been installed, or why not.
#[derive(Debug, Default)]
pub struct Packages {
    known: HashMap<(PathBuf, PathBuf), Result<PathBuf, String>>,
}

impl Packages {
    /// The folder with the packages of `requirements` for `peer`.
    pub fn folder(
        &mut self,
        requirements: &Path,
        peer: &Peer,
        peers: &[Peer],
        cache: &Path,
    ) -> Result<PathBuf, String> {
        let installer = Installer::of(peer, peers);
        let folder = cache.join("packages").join(&installer.label);
        let key = (folder.clone(), requirements.to_owned());
        self.known
            .entry(key)
            .or_insert_with(|| install(requirements, &installer, &folder, cache))
            .clone()
    }
}

/// Who installs.
struct Installer<'a> {
    peer: Option<&'a Peer>,
    label: String,
}

impl<'a> Installer<'a> {
    fn of(peer: &'a Peer, peers: &'a [Peer]) -> Self {
        let able = |p: &&Peer| matches!(p.implementation.as_str(), "cpython" | "pypy");
        let peer = Some(peer).filter(able).or_else(|| {
            peers
                .iter()
                .find(|p| p.implementation == "cpython" && p.python == peer.python)
        });
        let label = match peer {
            Some(p) => format!("{}-{}", p.implementation, p.python),
            None => "host".to_owned(),
        };
        Self { peer, label }
    }

    fn command(&self, args: &[&str]) -> Command {
        match self.peer {
            Some(peer) => peer.start(args),
            None => {
                let mut command = Command::new("python3");
                command.args(args);
                command
            }
        }
    }

    /// What PYTHONPATH must be for `-m pip` to work.
    fn pip(&self, cache: &Path) -> Result<PathBuf, String> {
        if run(&mut self.command(&["-m", "pip", "--version"])).is_ok() {
            return Ok(PathBuf::new());
        }
        let folder = cache.join("pip").join(&self.label);
        if !folder.is_dir() {
            let path = folder.to_string_lossy().into_owned();
            run(&mut self.command(&["-m", "venv", &path]))?;
        }
        // lib/python3.14/site-packages, lib/pypy3.11/site-packages
        let entries = fs::read_dir(folder.join("lib")).map_err(|error| error.to_string())?;
        entries
            .flatten()
            .map(|entry| entry.path().join("site-packages"))
            .find(|path| path.join("pip").is_dir())
            .ok_or_else(|| format!("no pip in {}", folder.display()))
            .and_then(|path| absolute(&path))
    }
}

fn install(
    requirements: &Path,
    installer: &Installer,
    folder: &Path,
    cache: &Path,
) -> Result<PathBuf, String> {
    let benchmark = requirements
        .parent()
        .and_then(Path::file_name)
        .unwrap_or_default();
    let site = folder.join(benchmark);
    if !site.is_dir() {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let pip = installer.pip(&absolute(cache)?)?;
        let partial = absolute(folder)?.join("partial");
        if partial.exists() {
            fs::remove_dir_all(&partial).map_err(|error| error.to_string())?;
        }
        let (target, list) = (partial.to_string_lossy(), requirements.to_string_lossy());
        let mut command = installer.command(&[
            "-m",
            "pip",
            "install",
            "-q",
            "--no-compile",
            "--target",
            &target,
            "-r",
            &list,
            SETUPTOOLS,
        ]);
        run(command.env("PYTHONPATH", pip))?;
        fs::write(partial.join("sitecustomize.py"), CUSTOMIZE)
            .map_err(|error| error.to_string())?;
        fs::rename(&partial, &site).map_err(|error| error.to_string())?;
    }
    absolute(&site)
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{:?}: {error}", command.get_program()))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let line = text
        .lines()
        .find(|line| line.to_ascii_lowercase().contains("error"))
        .unwrap_or("pip failed");
    Err(format!("packages: {}", line.trim()))
}
