//! `cargo xtask test`: everything that a change must not break, the fast parts first.

use std::process::Command;

/// Runs the unit tests of all crates, builds the `taipan` command and runs the language suite.
pub fn main(args: &[String]) -> Result<bool, String> {
    let root = crate::repository_root();
    for cargo in [
        &["test", "--workspace", "--quiet"][..],
        &["build", "--quiet", "--package", "taipan"][..],
    ] {
        let status = Command::new(env!("CARGO"))
            .args(cargo)
            .current_dir(&root)
            .status()
            .map_err(|e| format!("cargo {}: {e}", cargo.join(" ")))?;
        if !status.success() {
            return Ok(false);
        }
    }
    let taipan = root.join("target/debug/taipan").display().to_string();
    let mut lang = vec!["--taipan".to_string(), taipan];
    lang.extend_from_slice(args);
    crate::lang::main(&lang)
}
