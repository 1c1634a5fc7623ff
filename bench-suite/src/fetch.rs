//! Getting pyperformance, and putting the harness where Python can import it.
//!
//! The package is downloaded by pip once and unpacked in the cache folder; it
//! never enters the repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The release whose scripts are measured. Numbers of two releases do not compare.
const REQUIREMENT: &str = "pyperformance==1.14.0";

/// What runs inside the interpreter that is measured.
const HARNESS: [(&str, &str); 3] = [
    ("benchmeter.py", include_str!("../harness/benchmeter.py")),
    ("pyperf.py", include_str!("../harness/pyperf.py")),
    ("script.py", include_str!("../harness/script.py")),
];

/// Where the benchmarks are inside the package.
const BENCHMARKS: &str = "pyperformance/data-files/benchmarks";

/// The folder of `bm_*` folders, downloaded if need be.
pub fn pyperformance(cache: &Path) -> Result<PathBuf, String> {
    let unpacked = cache.join("pyperformance-1.14.0");
    let benchmarks = unpacked.join(BENCHMARKS);
    if !benchmarks.is_dir() {
        eprintln!("downloading {REQUIREMENT} …");
        download(cache, &unpacked)?;
    }
    absolute(&benchmarks)
}

/// The folder to put on PYTHONPATH.
pub fn harness(cache: &Path) -> Result<PathBuf, String> {
    let folder = cache.join("harness");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for (name, text) in HARNESS {
        let file = folder.join(name);
        // Left alone when it is up to date, so that a cached compilation stays valid.
        if !fs::read_to_string(&file).is_ok_and(|old| old == text) {
            fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))?;
        }
    }
    absolute(&folder)
}

fn download(cache: &Path, unpacked: &Path) -> Result<(), String> {
    let wheels = cache.join("wheels");
    let pip = [
        "-m",
        "pip",
        "download",
        REQUIREMENT,
        "--no-deps",
        "--only-binary=:all:",
        "-q",
        "-d",
    ];
    python(&pip, &[&wheels])?;
    let wheel = fs::read_dir(&wheels)
        .map_err(|error| format!("{}: {error}", wheels.display()))?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|end| end == "whl"))
        .ok_or("pip downloaded no wheel")?;
    // Unpacked beside its final place, so that an interrupted run leaves nothing half done.
    let partial = cache.join("pyperformance.partial");
    if partial.exists() {
        fs::remove_dir_all(&partial).map_err(|error| error.to_string())?;
    }
    python(&["-m", "zipfile", "-e"], &[&wheel, &partial])?;
    fs::rename(&partial, unpacked).map_err(|error| error.to_string())
}

/// Runs the machine's own Python, which is expected to have pip.
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

/// The path from the root.
pub fn absolute(path: &Path) -> Result<PathBuf, String> {
    fs::canonicalize(path).map_err(|error| format!("{}: {error}", path.display()))
}
