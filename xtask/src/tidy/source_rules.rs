//! Rules about Rust sources.

use super::allow::AllowList;
use super::blank::{blank, is_word};
use super::tree::Tree;

/// Lines a file may have.
const LONGEST: usize = 1200;

/// Headings in ARCHITECTURE.md whose fenced blocks list the exceptions.
const UNSAFE: &str = "Where unsafe may live";
const LONG: &str = "Files that may be long";
const ROOTING: &str = "Where values may be kept in Rust memory";

/// Crates whose values the collector must find.
const COLLECTED: [&str; 3] = ["runtime/vm/", "runtime/stdlib/", "jit/native/"];

/// Containers whose memory the collector does not look into.
const CONTAINERS: [&str; 14] = [
    "Vec",
    "VecDeque",
    "Box",
    "Rc",
    "Arc",
    "SmallVec",
    "HashMap",
    "HashSet",
    "BTreeMap",
    "BTreeSet",
    "FxHashMap",
    "FxHashSet",
    "IndexMap",
    "BinaryHeap",
];

/// Complaints about the sources.
pub fn check(tree: &Tree) -> Vec<String> {
    let document = tree.text("ARCHITECTURE.md").unwrap_or_default();
    let [unsafe_list, long_list, rooting_list] =
        [UNSAFE, LONG, ROOTING].map(|heading| AllowList::read(document, heading));
    let mut complaints = Vec::new();
    for (list, heading) in [(&long_list, LONG), (&rooting_list, ROOTING)] {
        for pattern in &list.unreasoned {
            complaints.push(format!(
                "ARCHITECTURE.md: {heading}: {pattern} has no reason"
            ));
        }
    }
    for (path, text) in &tree.files {
        if !path.ends_with(".rs") {
            continue;
        }
        let lines = text.lines().count();
        if lines > LONGEST && !long_list.allows(path) {
            complaints.push(format!(
                "{path}: {lines} lines, the limit is {LONGEST}: split it"
            ));
        }
        if !has_module_docs(text) {
            complaints.push(format!("{path}:1: no module docs (`//!`)"));
        }
        let code = blank(text);
        for (index, line) in code.lines().enumerate() {
            let place = format!("{path}:{}", index + 1);
            if words(line).any(|word| word == "unsafe") && !unsafe_list.allows(path) {
                complaints.push(format!("{place}: unsafe outside the places for it"));
            }
            let mut pairs = words(line).zip(words(line).skip(1));
            if pairs.any(|pair| pair == ("static", "mut")) {
                complaints.push(format!("{place}: static mut"));
            }
        }
        if COLLECTED.iter().any(|prefix| path.starts_with(prefix)) && !rooting_list.allows(path) {
            for (line, what) in unrooted(&code) {
                complaints.push(format!(
                    "{path}:{line}: the collector does not look into {what}"
                ));
            }
        }
    }
    complaints
}

/// Whether the first thing in a file, after inner attributes, is its documentation.
/// A file that is included as a block cannot have module docs: an ordinary comment in front says what it
/// is.
fn has_module_docs(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    let mut filled = lines
        .by_ref()
        .filter(|l| !l.is_empty() && !l.starts_with("#!["));
    let Some(first) = filled.next() else {
        return false;
    };
    let mut is_block = || {
        filled
            .find(|l| !l.starts_with("//"))
            .is_some_and(|l| l.ends_with("{"))
    };
    first.starts_with("//!") || (first.starts_with("//") && is_block())
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c| !is_word(c)).filter(|word| !word.is_empty())
}

/// Containers with `Value` among their type arguments: line and type.
fn unrooted(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(offset) = code[from..].find('<') {
        let open = from + offset;
        from = open + 1;
        let head = code[..open].trim_end_matches("::");
        let name_start = head
            .char_indices()
            .rev()
            .take_while(|(_, c)| is_word(*c))
            .last()
            .map_or(head.len(), |(index, _)| index);
        let name = &head[name_start..];
        if !CONTAINERS.contains(&name) {
            continue;
        }
        let Some(arguments) = type_arguments(&code[open..]) else {
            continue;
        };
        // A boxed closure mentions the type, but keeps no value by that.
        let is_function =
            words(arguments).any(|word| matches!(word, "fn" | "Fn" | "FnMut" | "FnOnce"));
        if words(arguments).any(|word| word == "Value") && !is_function {
            let line = code[..open].matches('\n').count() + 1;
            let what: Vec<&str> = arguments.split_whitespace().collect();
            found.push((line, format!("{name}{}", what.join(" "))));
            from = open + arguments.len();
        }
    }
    found
}

/// `<…>` with its brackets matched; `None` where `<` is an operator.
fn type_arguments(text: &str) -> Option<&str> {
    let mut depth = 0;
    let mut previous = ' ';
    for (index, character) in text.char_indices() {
        match character {
            '<' => depth += 1,
            // Not the arrow of a function type.
            '>' if previous != '-' => {
                depth -= 1;
                if depth == 0 {
                    return Some(&text[..=index]);
                }
            }
            ';' if !text[..index].contains('[') => return None,
            '{' | '}' => return None,
            _ => {}
        }
        previous = character;
    }
    None
}
