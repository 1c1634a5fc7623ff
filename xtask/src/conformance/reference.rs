//! Which test methods CPython 3.14 itself passes here: the denominator.
//!
//! A committed text, grouped by class so that it can be read and diffed:
//!
//! ```text
//! test_bool 31
//!   BoolTest test_and test_bool_called_with_keyword …
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::events::{Module, Outcome};

/// Test names by module.
pub type Reference = BTreeMap<String, BTreeSet<String>>;

/// Reads the committed reference; a missing file knows nothing.
pub fn read(path: &Path) -> Reference {
    let mut found = Reference::new();
    let mut module = String::new();
    for line in fs::read_to_string(path).unwrap_or_default().lines() {
        let mut words = line.split(' ').filter(|word| !word.is_empty());
        let Some(head) = words.next() else { continue };
        if line.starts_with('#') {
            continue;
        }
        if line.starts_with(' ') {
            let tests = found.entry(module.clone()).or_default();
            let class = if head == "-" {
                String::new()
            } else {
                format!(".{head}")
            };
            tests.extend(words.map(|name| format!("{module}{class}.{name}")));
        } else {
            module = head.to_owned();
            found.entry(module.clone()).or_default();
        }
    }
    found
}

/// Writes the reference, keeping what is known of modules that did not run now.
pub fn write(path: &Path, modules: &BTreeMap<String, Module>) -> Result<(), String> {
    let mut known = read(path);
    for (name, module) in modules {
        let passed = module.tests.iter();
        let passed = passed.filter(|(_, test)| test.outcome == Outcome::Passed);
        known.insert(name.clone(), passed.map(|(id, _)| id.clone()).collect());
    }
    let mut text = String::from(
        "# The test methods that CPython 3.14 passes here, by module and class.\n\
         # Written by `cargo xtask conformance --reference`.\n",
    );
    for (name, tests) in &known {
        text.push_str(&format!("{name} {}\n", tests.len()));
        let mut classes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for id in tests {
            let rest = id.strip_prefix(name.as_str()).unwrap_or(id);
            let rest = rest.trim_start_matches('.');
            let (class, method) = rest.rsplit_once('.').unwrap_or(("-", rest));
            classes.entry(class).or_default().push(method);
        }
        for (class, methods) in classes {
            text.push_str(&format!("  {class} {}\n", methods.join(" ")));
        }
    }
    fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))
}
