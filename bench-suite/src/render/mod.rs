//! What people look at: the terminal, a Markdown table, an HTML page.

pub mod html;
pub mod markdown;
pub mod terminal;
pub mod units;

use std::path::Path;

use crate::results::Results;
use crate::run::write_file;

/// Names and texts of the files of results.
pub fn files(results: &Results) -> Result<Vec<(&'static str, String)>, String> {
    Ok(vec![
        ("results.json", results.json()?),
        ("table.md", markdown::render(results)),
        ("report.html", html::render(results)),
    ])
}

/// `taipan-bench render`: writes table and page beside results, or in another folder.
pub fn command(path: &Path, out: Option<&Path>) -> Result<bool, String> {
    let results = Results::read(path)?;
    let folder = out.or(path.parent()).unwrap_or(Path::new("."));
    print!("{}", terminal::render(&results));
    for (name, text) in files(&results)? {
        if name != "results.json" {
            write_file(&folder.join(name), &text)?;
            println!("{}", folder.join(name).display());
        }
    }
    Ok(true)
}
