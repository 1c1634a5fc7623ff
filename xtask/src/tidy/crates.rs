//! Which crate may use which.
//!
//! The table below is the arrows of ARCHITECTURE.md. It covers every kind of
//! dependency, development ones included: a test that needs the whole runtime
//! belongs to `cli` or to the language suite.

use super::tree::Tree;

/// A crate, and the crates of ours it may depend on.
const MAY_USE: [(&str, &[&str]); 13] = [
    (
        "taipan",
        &[
            "taipan-vm",
            "taipan-stdlib",
            "taipan-native",
            "taipan-lower",
            "taipan-bytecode",
        ],
    ),
    (
        "taipan-native",
        &["taipan-ssa", "taipan-abi", "taipan-vm", "taipan-bytecode"],
    ),
    (
        "taipan-stdlib",
        &[
            "taipan-vm",
            "taipan-macros",
            "taipan-library",
            "taipan-bytecode",
        ],
    ),
    ("taipan-library", &["taipan-lower", "taipan-bytecode"]),
    (
        "taipan-vm",
        &[
            "taipan-abi",
            "taipan-macros",
            "taipan-bytecode",
            "taipan-lower",
        ],
    ),
    ("taipan-lower", &["taipan-bytecode"]),
    ("taipan-abi", &["taipan-bytecode"]),
    ("taipan-bytecode", &[]),
    ("taipan-ssa", &[]),
    ("taipan-macros", &[]),
    ("taipan-bench", &[]),
    (
        "taipan-micro",
        &[
            "taipan-vm",
            "taipan-stdlib",
            "taipan-native",
            "taipan-lower",
            "taipan-bytecode",
        ],
    ),
    ("xtask", &[]),
];

/// Complaints about the manifests.
pub fn check(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for (path, text) in &tree.files {
        if path == "Cargo.toml" || !path.ends_with("/Cargo.toml") {
            continue;
        }
        let manifest = Manifest::read(text);
        let Some(name) = manifest.name else {
            complaints.push(format!("{path}: no package name"));
            continue;
        };
        let Some((_, allowed)) = MAY_USE.iter().find(|(known, _)| *known == name) else {
            complaints.push(format!(
                "{path}: crate {name} is not in the table of permitted dependencies"
            ));
            continue;
        };
        for (line, dependency) in manifest.dependencies {
            let ours = MAY_USE.iter().any(|(known, _)| *known == dependency);
            if ours && !allowed.contains(&dependency.as_str()) {
                complaints.push(format!("{path}:{line}: {name} must not use {dependency}"));
            }
        }
    }
    complaints
}

struct Manifest {
    name: Option<String>,
    /// Line and name.
    dependencies: Vec<(usize, String)>,
}

impl Manifest {
    /// Reads section headings and the keys below them, which is all of TOML that is needed.
    fn read(text: &str) -> Self {
        let mut manifest = Self {
            name: None,
            dependencies: Vec::new(),
        };
        let mut section = String::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if let Some(heading) = line.strip_prefix('[') {
                section = heading.trim_end_matches(']').to_owned();
                // `[dependencies.name]`
                if let Some((table, name)) = section.rsplit_once('.')
                    && table.ends_with("dependencies")
                {
                    manifest.dependencies.push((index + 1, name.to_owned()));
                }
                continue;
            }
            let Some((key, value)) = line.split_once('=') else {
                continue;
            };
            let key = key.trim();
            if section == "package" && key == "name" {
                manifest.name = Some(value.trim().trim_matches('"').to_owned());
            }
            if section.ends_with("dependencies") {
                // `name.workspace = true`, `name = "1"`, `alias = { package = "name" }`
                let mut name = key.split('.').next().unwrap_or(key).trim_matches('"');
                if let Some((_, package)) = value.split_once("package = \"") {
                    name = package.split('"').next().unwrap_or(name);
                }
                manifest.dependencies.push((index + 1, name.to_owned()));
            }
        }
        manifest
    }
}
