//! The programs in a folder: `bm_*/run_benchmark.py` as pyperformance has them, and scripts.

use std::fs;
use std::path::{Path, PathBuf};

use super::metadata::{strings, value};
use super::{Kind, Program};

/// Everything in `folder`, by name.
pub fn find(suite: &str, folder: &Path) -> Result<Vec<Program>, String> {
    let mut found = Vec::new();
    for path in entries(folder)? {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if let Some(base) = name.strip_prefix("bm_").filter(|_| path.is_dir()) {
            found.extend(benchmark(suite, base, &path)?);
        } else if let Some(base) = name.strip_suffix(".py")
            && path.is_file()
            && !base.starts_with(['_', '.'])
        {
            found.push(script(suite, base, path)?);
        }
    }
    if found.is_empty() {
        return Err(format!("no programs in {}", folder.display()));
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(entries.flatten().map(|entry| entry.path()).collect())
}

fn script(suite: &str, name: &str, path: PathBuf) -> Result<Program, String> {
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let pyperf = text
        .lines()
        .any(|line| line.starts_with("import pyperf") || line.starts_with("from pyperf "));
    Ok(Program {
        suite: suite.to_owned(),
        name: name.to_owned(),
        script: path,
        args: Vec::new(),
        kind: if pyperf { Kind::Pyperf } else { Kind::Plain },
        requirements: None,
        path: Vec::new(),
    })
}

/// The benchmarks of a folder `bm_BASE`: its own, and one for each `bm_VARIANT.toml` in it.
fn benchmark(suite: &str, base: &str, folder: &Path) -> Result<Vec<Program>, String> {
    let script = folder.join("run_benchmark.py");
    if !script.is_file() {
        return Ok(Vec::new());
    }
    let requirements = Some(folder.join("requirements.txt")).filter(|file| file.is_file());
    // A library that comes with the benchmark, as source.
    let vendored = Some(folder.join("vendor/src")).filter(|path| path.is_dir());
    let program = |name: String, text: &str| Program {
        suite: suite.to_owned(),
        name,
        script: script.clone(),
        args: strings(&value(text, "extra_opts").unwrap_or_default()),
        kind: Kind::Pyperf,
        requirements: requirements.clone(),
        path: vendored.clone().into_iter().collect(),
    };
    let named = |text: &str, otherwise: &str| {
        strings(&value(text, "name").unwrap_or_default())
            .pop()
            .unwrap_or_else(|| otherwise.to_owned())
    };
    let main = fs::read_to_string(folder.join("pyproject.toml")).unwrap_or_default();
    let mut found = vec![program(named(&main, base), &main)];
    for path in entries(folder)? {
        let file = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if let Some(variant) = file
            .strip_prefix("bm_")
            .and_then(|f| f.strip_suffix(".toml"))
        {
            let text = fs::read_to_string(&path).unwrap_or_default();
            found.push(program(named(&text, variant), &text));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_programs_are_found() {
        let programs = find("programs", &super::super::own()).unwrap();
        assert!(programs.iter().all(|program| program.kind == Kind::Plain));
        assert!(programs.len() >= 10);
    }
}
