//! Exceptions, read from ARCHITECTURE.md.
//!
//! A list is the first fenced block after a heading. A line of it is a path
//! pattern (`*` within a folder, `**` across folders) and, after white space,
//! the reason. Lines that begin with `#` are comments.

/// The patterns of one list.
pub struct AllowList {
    patterns: Vec<String>,
    /// Patterns that come without a reason.
    pub unreasoned: Vec<String>,
}

impl AllowList {
    /// Reads the list after the heading that says `heading`; empty when there is none.
    pub fn read(document: &str, heading: &str) -> Self {
        let mut lines = document.lines().skip_while(|line| {
            !(line.starts_with('#') && line.trim_start_matches('#').trim() == heading)
        });
        lines.next();
        let block = lines
            .take_while(|line| !line.starts_with('#') || line.starts_with("# "))
            .skip_while(|line| !line.starts_with("```"))
            .skip(1)
            .take_while(|line| !line.starts_with("```"));
        let mut list = Self {
            patterns: Vec::new(),
            unreasoned: Vec::new(),
        };
        for line in block.map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match line.split_once(char::is_whitespace) {
                Some((pattern, _)) => list.patterns.push(pattern.to_owned()),
                None => {
                    list.patterns.push(line.to_owned());
                    list.unreasoned.push(line.to_owned());
                }
            }
        }
        list
    }

    /// Whether a pattern matches the path.
    pub fn allows(&self, path: &str) -> bool {
        self.patterns.iter().any(|pattern| matches(pattern, path))
    }
}

fn matches(pattern: &str, path: &str) -> bool {
    if let Some(rest) = pattern.strip_prefix("**") {
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        return matches(rest, path)
            || path
                .char_indices()
                .any(|(index, _)| matches(rest, path.get(index + 1..).unwrap_or("")));
    }
    if let Some(rest) = pattern.strip_prefix('*') {
        let folder_end = path.find('/').unwrap_or(path.len());
        return (0..=folder_end)
            .filter_map(|index| path.get(index..))
            .any(|tail| matches(rest, tail));
    }
    match (pattern.chars().next(), path.chars().next()) {
        (None, None) => true,
        (Some(a), Some(b)) if a == b => matches(&pattern[a.len_utf8()..], &path[b.len_utf8()..]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns() {
        assert!(matches("a/**", "a/b/c.rs"));
        assert!(matches("a/*.rs", "a/b.rs"));
        assert!(!matches("a/*.rs", "a/b/c.rs"));
        assert!(matches("**/ffi.rs", "x/y/ffi.rs"));
        assert!(matches("a/b.rs", "a/b.rs"));
        assert!(!matches("a/b.rs", "a/b.rss"));
        assert!(!matches("a/**", "b/a/c"));
    }
}
