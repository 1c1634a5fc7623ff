//! The files that tidy looks at, in memory.

use std::fs;
use std::path::Path;

/// Manifests, Rust sources and ARCHITECTURE.md, by path from the root, sorted.
pub struct Tree {
    /// Path with `/`, and text.
    pub files: Vec<(String, String)>,
}

impl Tree {
    /// Reads the files below `root`, leaving out hidden folders and `target`.
    pub fn read(root: &Path) -> Result<Self, String> {
        let mut files = Vec::new();
        visit(root, "", &mut files)?;
        files.sort();
        Ok(Self { files })
    }

    /// The text of a file.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files
            .iter()
            .find(|(name, _)| name == path)
            .map(|(_, text)| text.as_str())
    }
}

fn visit(folder: &Path, prefix: &str, files: &mut Vec<(String, String)>) -> Result<(), String> {
    let wrong = |error: std::io::Error| format!("{}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(wrong)? {
        let entry = entry.map_err(wrong)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type().map_err(wrong)?;
        if kind.is_dir() {
            if !name.starts_with('.') && name != "target" {
                visit(&entry.path(), &format!("{prefix}{name}/"), files)?;
            }
        } else if name.ends_with(".rs") || name == "Cargo.toml" || name == "ARCHITECTURE.md" {
            let text = fs::read_to_string(entry.path()).map_err(wrong)?;
            files.push((format!("{prefix}{name}"), text));
        }
    }
    Ok(())
}
