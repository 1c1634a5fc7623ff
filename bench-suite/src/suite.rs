//! Which benchmarks there are.
//!
//! Found in the package: a folder `bm_NAME` with `run_benchmark.py` and a
//! `pyproject.toml`, and beside it `bm_VARIANT.toml` files that run the same
//! script with other arguments. Of TOML only the three keys that matter are
//! read, each on one line, as they are in every file of the release.

use std::fs;
use std::path::{Path, PathBuf};

use crate::options::{Group, Options};

/// The group `core`, in the order in which it runs: programs that need nothing
/// but the standard library and touch no network, process or database.
const CORE: [&str; 36] = [
    "nbody",
    "fannkuch",
    "richards",
    "richards_super",
    "deltablue",
    "chaos",
    "go",
    "hexiom",
    "raytrace",
    "nqueens",
    "float",
    "spectral_norm",
    "scimark",
    "pyflate",
    "barnes_hut",
    "crypto_pyaes",
    "meteor_contest",
    "mdp",
    "comprehensions",
    "generators",
    "coroutines",
    "async_generators",
    "unpack_sequence",
    "deepcopy",
    "pidigits",
    "telco",
    "json_dumps",
    "json_loads",
    "regex_compile",
    "regex_effbot",
    "regex_v8",
    "logging",
    "pprint",
    "typing_runtime_protocols",
    "base64",
    "bpe_tokeniser",
];

/// One program: a script and its arguments.
#[derive(Clone, Debug)]
pub struct Program {
    /// pyperformance's name for it.
    pub name: String,
    /// The script.
    pub script: PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
    tags: String,
}

/// The programs the options ask for.
pub fn choose(folder: &Path, options: &Options) -> Result<Vec<Program>, String> {
    let all = find(folder)?;
    if !options.only.is_empty() || options.group == Group::Core {
        let named: Vec<&str> = if options.only.is_empty() {
            CORE.to_vec()
        } else {
            options.only.iter().map(String::as_str).collect()
        };
        return named
            .into_iter()
            .map(|name| {
                all.iter()
                    .find(|program| program.name == name)
                    .cloned()
                    .ok_or_else(|| {
                        format!("there is no benchmark {name:?}; see --list --group all")
                    })
            })
            .collect();
    }
    let apps = options.group == Group::Apps;
    Ok(all
        .into_iter()
        .filter(|program| !apps || program.tags.contains("apps"))
        .collect())
}

fn find(folder: &Path) -> Result<Vec<Program>, String> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for path in entries.flatten().map(|entry| entry.path()) {
        let script = path.join("run_benchmark.py");
        let Some(base) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        let Some(base) = base.strip_prefix("bm_").filter(|_| script.is_file()) else {
            continue;
        };
        let main = fs::read_to_string(path.join("pyproject.toml")).unwrap_or_default();
        let tags = value(&main, "tags").unwrap_or_default();
        let files = fs::read_dir(&path).map_err(|error| error.to_string())?;
        let variants = files.flatten().map(|entry| entry.path()).filter(|file| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("bm_") && name.ends_with(".toml")
        });
        let texts = std::iter::once(main.clone())
            .chain(variants.map(|file| fs::read_to_string(file).unwrap_or_default()));
        for text in texts {
            found.push(Program {
                name: strings(&value(&text, "name").unwrap_or_default())
                    .pop()
                    .unwrap_or_else(|| base.to_owned()),
                script: script.clone(),
                args: strings(&value(&text, "extra_opts").unwrap_or_default()),
                tags: value(&text, "tags").unwrap_or_else(|| tags.clone()),
            });
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// The text after `key =` in the section `[tool.pyperformance]`.
fn value(text: &str, key: &str) -> Option<String> {
    let section = text.split("[tool.pyperformance]").nth(1)?;
    section.lines().find_map(|line| {
        let (name, value) = line.split_once('=')?;
        (name.trim() == key).then(|| value.trim().to_owned())
    })
}

/// The double-quoted strings in a TOML value.
fn strings(value: &str) -> Vec<String> {
    value
        .split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_needs_of_toml() {
        let text = "[project]\nname = \"no\"\n[tool.pyperformance]\nname = \"yes\"\nextra_opts = [\"a\", \"--b=1\"]\n";
        assert_eq!(strings(&value(text, "name").unwrap()), ["yes"]);
        assert_eq!(strings(&value(text, "extra_opts").unwrap()), ["a", "--b=1"]);
        assert_eq!(value(text, "tags"), None);
    }
}
