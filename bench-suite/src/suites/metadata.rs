//! The three keys of a benchmark's TOML that matter, each on one line, as they are in every
//! file of pyperformance.

/// The text after `key =` in the section `[tool.pyperformance]`.
pub fn value(text: &str, key: &str) -> Option<String> {
    let section = text.split("[tool.pyperformance]").nth(1)?;
    section.lines().find_map(|line| {
        let (name, value) = line.split_once('=')?;
        (name.trim() == key).then(|| value.trim().to_owned())
    })
}

/// The double-quoted strings in a TOML value.
pub fn strings(value: &str) -> Vec<String> {
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
