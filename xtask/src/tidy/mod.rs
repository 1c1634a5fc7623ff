//! `cargo xtask tidy`: the rules of the house that no compiler checks.
//!
//! A rule is a module with a function from the tree to complaints. Exceptions
//! live in ARCHITECTURE.md, in fenced blocks that this module reads, so that
//! the document cannot say one thing and the check another.
//!
//! Sources are looked at as text with comments and literals blanked out
//! ([`blank`]), not parsed: the rules are about words, and must also work on
//! code that does not compile yet.

mod allow;
mod blank;
mod crates;
mod source_rules;
mod tree;

#[cfg(test)]
mod golden;

use std::path::PathBuf;

use tree::Tree;

/// Entry point; true when nothing is wrong.
pub fn main(args: &[String]) -> Result<bool, String> {
    let root = match args {
        [] => crate::repository_root(),
        [root] => PathBuf::from(root),
        _ => return Err("tidy: one root at most".to_owned()),
    };
    let tree = Tree::read(&root)?;
    let complaints = check(&tree);
    for complaint in &complaints {
        println!("{complaint}");
    }
    println!(
        "{} files, {} complaints",
        tree.files.len(),
        complaints.len()
    );
    Ok(complaints.is_empty())
}

/// All complaints about a tree, in a fixed order.
fn check(tree: &Tree) -> Vec<String> {
    let mut complaints = crates::check(tree);
    complaints.extend(source_rules::check(tree));
    complaints
}
