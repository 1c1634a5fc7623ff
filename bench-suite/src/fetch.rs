//! Getting pyperformance, and putting the harness where Python can import it.
//!
//! The package is downloaded by pip once and unpacked below `target/`; it never
//! enters the repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::options::Options;
use crate::suite::Program;

/// The release whose scripts are measured. Numbers of two releases do not compare.
const REQUIREMENT: &str = "pyperformance==1.14.0";

/// The module that stands in for pyperf.
const HARNESS: &str = include_str!("../harness/pyperf.py");

/// Where the benchmarks are inside the package.
const BENCHMARKS: &str = "pyperformance/data-files/benchmarks";

/// The folder of `bm_*` folders, downloaded if need be.
pub fn pyperformance(options: &Options) -> Result<PathBuf, String> {
    if let Some(folder) = &options.pyperformance {
        let nested = folder.join(BENCHMARKS);
        let found = if nested.is_dir() {
            nested
        } else {
            folder.clone()
        };
        return absolute(&found);
    }
    let unpacked = options.cache.join("unpacked");
    let benchmarks = unpacked.join(BENCHMARKS);
    if !benchmarks.is_dir() {
        download(&options.cache, &unpacked)?;
    }
    absolute(&benchmarks)
}

/// The folder to put on PYTHONPATH.
pub fn harness(options: &Options) -> Result<PathBuf, String> {
    let folder = options.cache.join("harness");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let file = folder.join("pyperf.py");
    // Left alone when it is up to date, so that a cached compilation stays valid.
    if !fs::read_to_string(&file).is_ok_and(|old| old == HARNESS) {
        fs::write(&file, HARNESS).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    absolute(&folder)
}

/// The folder with the packages that a program's `requirements.txt` names, when it has one.
///
/// Installed by the host's pip, so only packages that are or can fall back to
/// pure Python work; the others fail on import, and the report says so.
pub fn requirements(program: &Program, options: &Options) -> Result<Option<PathBuf>, String> {
    let Some(folder) = program.script.parent() else {
        return Ok(None);
    };
    let list = folder.join("requirements.txt");
    if !list.is_file() {
        return Ok(None);
    }
    let site = options.cache.join("site");
    let installed = site.join(folder.file_name().unwrap_or_default());
    if !installed.is_dir() {
        let partial = site.join("partial");
        if partial.exists() {
            fs::remove_dir_all(&partial).map_err(|error| error.to_string())?;
        }
        let pip = ["-m", "pip", "install", "-q", "--no-compile", "--target"];
        if let Err(error) = python(&pip, &[&partial, Path::new("-r"), &list]) {
            eprintln!("{}: {error}", program.name);
            return Ok(None);
        }
        fs::rename(&partial, &installed).map_err(|error| error.to_string())?;
    }
    absolute(&installed).map(Some)
}

fn download(cache: &Path, unpacked: &Path) -> Result<(), String> {
    let wheels = cache.join("wheels");
    python(
        &[
            "-m",
            "pip",
            "download",
            REQUIREMENT,
            "--no-deps",
            "--only-binary=:all:",
            "-q",
            "-d",
        ],
        &[&wheels],
    )?;
    let wheel = fs::read_dir(&wheels)
        .map_err(|error| format!("{}: {error}", wheels.display()))?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|end| end == "whl"))
        .ok_or("pip downloaded no wheel")?;
    // Unpacked beside its final place, so that an interrupted run leaves nothing half done.
    let partial = cache.join("unpacked.partial");
    if partial.exists() {
        fs::remove_dir_all(&partial).map_err(|error| error.to_string())?;
    }
    python(&["-m", "zipfile", "-e"], &[&wheel, &partial])?;
    fs::rename(&partial, unpacked).map_err(|error| error.to_string())
}

fn python(args: &[&str], paths: &[&Path]) -> Result<(), String> {
    let status = Command::new("python3")
        .args(args)
        .args(paths)
        .stdin(Stdio::null())
        .status()
        .map_err(|error| format!("python3: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("python3 {} failed: {status}", args.join(" ")))
    }
}

fn absolute(path: &Path) -> Result<PathBuf, String> {
    fs::canonicalize(path).map_err(|error| format!("{}: {error}", path.display()))
}
