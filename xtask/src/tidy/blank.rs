//! Rust source with comments and literals blanked out.
//!
//! Every character that is part of a comment, string, byte string or character
//! literal becomes a space; line breaks stay, so that line numbers do too.

/// Blanks out what is not code.
pub fn blank(source: &str) -> String {
    let text: Vec<char> = source.chars().collect();
    let at = |index: usize| text.get(index).copied().unwrap_or('\0');
    let mut out = String::with_capacity(source.len());
    let mut index = 0;
    while index < text.len() {
        let end = if at(index) == '/' && at(index + 1) == '/' {
            (index..text.len())
                .find(|&i| at(i) == '\n')
                .unwrap_or(text.len())
        } else if at(index) == '/' && at(index + 1) == '*' {
            end_of_block_comment(&text, index)
        } else if at(index) == '"' {
            end_of_string(&text, index)
        } else if at(index) == 'r'
            && (index == 0 || !is_word(at(index - 1)) || at(index - 1) == 'b')
        {
            end_of_raw_string(&text, index).unwrap_or(index)
        } else if at(index) == '\'' {
            end_of_char(&text, index).unwrap_or(index)
        } else {
            index
        };
        if end == index {
            out.push(at(index));
            index += 1;
            continue;
        }
        for &character in &text[index..end] {
            out.push(if character == '\n' { '\n' } else { ' ' });
        }
        index = end;
    }
    out
}

/// Whether a character can be part of an identifier.
pub fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn end_of_block_comment(text: &[char], start: usize) -> usize {
    let mut depth = 0;
    let mut index = start;
    while index < text.len() {
        match (text[index], text.get(index + 1)) {
            ('/', Some('*')) => {
                depth += 1;
                index += 2;
            }
            ('*', Some('/')) => {
                depth -= 1;
                index += 2;
                if depth == 0 {
                    return index;
                }
            }
            _ => index += 1,
        }
    }
    text.len()
}

fn end_of_string(text: &[char], start: usize) -> usize {
    let mut index = start + 1;
    while index < text.len() {
        match text[index] {
            '\\' => index += 2,
            '"' => return index + 1,
            _ => index += 1,
        }
    }
    text.len()
}

/// `None` when this `r` does not begin a raw string.
fn end_of_raw_string(text: &[char], start: usize) -> Option<usize> {
    let hashes = text[start + 1..].iter().take_while(|&&c| c == '#').count();
    if text.get(start + 1 + hashes) != Some(&'"') {
        return None;
    }
    let mut index = start + 2 + hashes;
    while index < text.len() {
        let closing = &text[index + 1..];
        if text[index] == '"'
            && closing.iter().take(hashes).filter(|&&c| c == '#').count() == hashes
        {
            return Some(index + 1 + hashes);
        }
        index += 1;
    }
    Some(text.len())
}

/// `None` when this quote begins a lifetime.
fn end_of_char(text: &[char], start: usize) -> Option<usize> {
    match (text.get(start + 1)?, text.get(start + 2)) {
        ('\\', _) => {
            let close = text[start + 3..].iter().position(|&c| c == '\'')?;
            Some(start + 3 + close + 1)
        }
        (_, Some('\'')) => Some(start + 3),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::blank;

    #[test]
    fn only_code_is_left() {
        assert_eq!(blank("a // unsafe\nb"), "a          \nb");
        assert_eq!(blank("a /* x /* y */ z */ b"), "a                   b");
        assert_eq!(
            blank(r#"f("un\"safe", 'x', '\'', b)"#),
            "f(          ,    ,     , b)"
        );
        assert_eq!(blank("r#\"unsafe\"# c"), "            c");
        assert_eq!(blank("fn f<'a>(x: &'a str)"), "fn f<'a>(x: &'a str)");
        assert_eq!(blank("for r in x"), "for r in x");
    }
}
