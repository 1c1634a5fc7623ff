//! `conformance/reasons.txt`: why a test does not apply, or why it fails.
//!
//! ```text
//! skip PATTERN           a reason of a skip that is a detail of CPython
//! n/a  PATTERN  REASON   a test that checks a detail of CPython
//! fail PATTERN  REASON   a test that we do not pass yet
//! ```
//!
//! A pattern is a test's name, `*` stands for any text.

use std::fs;
use std::path::Path;

/// The file's lines.
#[derive(Default)]
pub struct Reasons {
    skips: Vec<String>,
    inapplicable: Vec<(String, String)>,
    failures: Vec<(String, String)>,
}

impl Reasons {
    /// Reads the file; a missing one gives no reasons.
    pub fn read(path: &Path) -> Result<Self, String> {
        let mut reasons = Self::default();
        for line in fs::read_to_string(path).unwrap_or_default().lines() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (kind, rest) = line.split_once(' ').unwrap_or((line, ""));
            let rest = rest.trim();
            if kind == "skip" {
                reasons.skips.push(rest.to_owned());
                continue;
            }
            let Some((pattern, reason)) = rest.split_once(' ') else {
                return Err(format!("{}: no reason in: {line}", path.display()));
            };
            let row = (pattern.to_owned(), reason.trim().to_owned());
            match kind {
                "n/a" => reasons.inapplicable.push(row),
                "fail" => reasons.failures.push(row),
                _ => return Err(format!("{}: what is {kind}?", path.display())),
            }
        }
        Ok(reasons)
    }

    /// Whether a skip with this reason is a detail of CPython.
    pub fn accepts_skip(&self, reason: &str) -> bool {
        self.skips.iter().any(|pattern| matches(pattern, reason))
    }

    /// Why a test does not apply to us.
    pub fn inapplicable(&self, id: &str) -> Option<&str> {
        lookup(&self.inapplicable, id)
    }

    /// Why a test fails, in words for a reader.
    pub fn failure(&self, id: &str) -> Option<&str> {
        lookup(&self.failures, id)
    }
}

fn lookup<'r>(rows: &'r [(String, String)], id: &str) -> Option<&'r str> {
    let row = rows.iter().find(|(pattern, _)| matches(pattern, id))?;
    Some(&row.1)
}

/// Whether a text has the form of a pattern in which `*` is any text.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((head, mut pattern)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut text) = text.strip_prefix(head) else {
        return false;
    };
    while let Some((part, rest)) = pattern.split_once('*') {
        let Some(at) = text.find(part) else {
            return false;
        };
        text = &text[at + part.len()..];
        pattern = rest;
    }
    text.ends_with(pattern)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_are_any_text() {
        assert!(matches("a*c", "abc"));
        assert!(matches("*b*", "abc"));
        assert!(matches("abc", "abc"));
        assert!(!matches("a*d", "abc"));
        assert!(!matches("*abcd", "bcd"));
    }
}
