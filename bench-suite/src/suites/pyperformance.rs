//! The benchmarks of the package pyperformance, in two suites: those that need nothing but a
//! standard library, and those that need packages. Of the former also those that the package has
//! but does not run itself (its manifest leaves them out: barnes_hut, decimal_pi).

use std::path::Path;

use super::Program;
use super::folder;

/// The first ones, in the order in which they run: what a reader knows best comes first.
const FIRST: [&str; 12] = [
    "nbody",
    "fannkuch",
    "richards",
    "deltablue",
    "chaos",
    "go",
    "hexiom",
    "raytrace",
    "nqueens",
    "float",
    "spectral_norm",
    "scimark",
];

/// The suite `pyperformance`, or `apps`.
pub fn find(folder: &Path, apps: bool) -> Result<Vec<Program>, String> {
    let suite = if apps { "apps" } else { "pyperformance" };
    let mut programs = folder::find(suite, folder)?;
    programs.retain(|program| program.requirements.is_some() == apps);
    let manifest = std::fs::read_to_string(folder.join("MANIFEST"))
        .map_err(|error| format!("MANIFEST: {error}"))?;
    programs.retain(|program| {
        let folder = program
            .script
            .parent()
            .and_then(Path::file_name)
            .unwrap_or_default();
        let folder = folder.to_string_lossy();
        // What a folder's own program is called may be no name of the manifest.
        !apps
            || listed(&manifest, &program.name)
            || listed(&manifest, folder.trim_start_matches("bm_"))
    });
    let place = |program: &Program| {
        FIRST
            .iter()
            .position(|name| *name == program.name)
            .unwrap_or(FIRST.len())
    };
    programs.sort_by_key(place);
    Ok(programs)
}

/// Whether pyperformance itself runs it: a line of its manifest begins with the name.
fn listed(manifest: &str, name: &str) -> bool {
    manifest
        .lines()
        .any(|line| line.split_whitespace().next() == Some(name))
}
