//! Reads `grammar.peg`.

use rustc_hash::FxHashMap;

use super::super::tokens::Kind;

/// One thing to match.
#[derive(Debug)]
pub(super) enum Item {
    /// A token of a kind.
    Kind(Kind),
    /// A soft keyword, whichever.
    AnySoft,
    /// A keyword or operator.
    Literal(&'static str),
    /// A soft keyword or operator by its text.
    Soft(&'static str),
    /// A rule by its index.
    Rule(usize),
    Group(Vec<Alternative>),
    Optional(Box<Item>),
    Star(Box<Item>),
    Plus(Box<Item>),
    Separated(Box<Item>, Box<Item>),
    Ahead(Box<Item>),
    NotAhead(Box<Item>),
    Forced(&'static str),
    Commit,
}

/// What to make of a match.
#[derive(Debug)]
pub(super) enum Action {
    /// The item itself if it is alone, else a node that groups.
    Default,
    Take(&'static str),
    Make(&'static str, Vec<&'static str>),
    Raise {
        place: &'static str,
        names: Vec<&'static str>,
        message: String,
    },
    Call(&'static str, Vec<&'static str>),
}

#[derive(Debug)]
pub(super) struct Alternative {
    pub items: Vec<(Option<&'static str>, Item)>,
    pub action: Action,
}

/// Which results of a rule are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keep {
    Nothing,
    Memo,
    LeftRecursive,
}

#[derive(Debug)]
pub(super) struct Rule {
    pub name: &'static str,
    pub keep: Keep,
    pub alternatives: Vec<Alternative>,
}

#[derive(Debug)]
pub(super) struct Grammar {
    pub rules: Vec<Rule>,
    pub index: FxHashMap<&'static str, usize>,
}

/// Reads the notation. It is part of the program: a mistake in it is found by the tests, and
/// reads as a rule that matches nothing.
pub(super) fn read(text: &'static str) -> Grammar {
    let mut sections: Vec<(&'static str, Keep, Vec<&'static str>)> = Vec::new();
    for line in text.lines() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line.starts_with(' ') {
            if let Some(section) = sections.last_mut() {
                section.2.push(line);
            }
            continue;
        }
        let (head, rest) = line.split_once(':').unwrap_or((line, ""));
        let (name, keep) = match head.split_once(' ') {
            Some((name, "memo")) => (name, Keep::Memo),
            Some((name, _)) => (name, Keep::LeftRecursive),
            None => (head, Keep::Nothing),
        };
        sections.push((name, keep, vec![rest]));
    }
    let index = sections
        .iter()
        .enumerate()
        .map(|(at, s)| (s.0, at))
        .collect();
    let rules = sections
        .into_iter()
        .map(|(name, keep, lines)| {
            let mut alternatives = Vec::new();
            for line in lines {
                let mut reader = Reader {
                    rest: line.trim().trim_start_matches('|'),
                    index: &index,
                };
                if !reader.rest.is_empty() {
                    alternatives.extend(reader.alternatives());
                }
            }
            Rule {
                name,
                keep,
                alternatives,
            }
        })
        .collect();
    Grammar { rules, index }
}

struct Reader<'g> {
    rest: &'static str,
    index: &'g FxHashMap<&'static str, usize>,
}

impl Reader<'_> {
    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn eat(&mut self, what: &str) -> bool {
        self.skip_space();
        match self.rest.strip_prefix(what) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn at_end(&mut self) -> bool {
        self.skip_space();
        self.rest.is_empty() || self.rest.starts_with([')', ']', '|'])
    }

    fn word(&mut self) -> &'static str {
        self.skip_space();
        let end = self
            .rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn alternatives(&mut self) -> Vec<Alternative> {
        let mut list = vec![self.alternative()];
        while self.eat("|") {
            list.push(self.alternative());
        }
        list
    }

    fn alternative(&mut self) -> Alternative {
        let mut items = Vec::new();
        while !self.at_end() && !self.rest.starts_with("=>") {
            let before = self.rest.len();
            items.push(self.named_item());
            if self.rest.len() == before {
                // Not the notation: give up on the rest.
                self.rest = "";
            }
        }
        let action = if self.eat("=>") {
            self.action()
        } else {
            Action::Default
        };
        Alternative { items, action }
    }

    fn action(&mut self) -> Action {
        let raise = self.eat("!");
        let call = !raise && self.eat("@");
        let head = self.word();
        let mut names = Vec::new();
        while !self.at_end() && !self.rest.starts_with('"') {
            let name = self.word();
            if name.is_empty() {
                break;
            }
            names.push(name);
        }
        if raise {
            let message = self.message();
            return Action::Raise {
                place: head,
                names,
                message,
            };
        }
        if call {
            Action::Call(head, names)
        } else if head.starts_with(|c: char| c.is_ascii_lowercase()) {
            Action::Take(head)
        } else {
            Action::Make(head, names)
        }
    }

    fn message(&mut self) -> String {
        let mut message = String::new();
        let mut chars = self.rest.chars();
        chars.next();
        while let Some(c) = chars.next() {
            match c {
                '"' => break,
                '\\' => message.extend(chars.next()),
                c => message.push(c),
            }
        }
        self.rest = chars.as_str();
        message
    }

    fn named_item(&mut self) -> (Option<&'static str>, Item) {
        self.skip_space();
        let before = self.rest;
        let word = self.word();
        if word.len() == 1 && self.rest.starts_with('=') && !self.rest.starts_with("=>") {
            self.rest = &self.rest[1..];
            return (Some(word), self.item());
        }
        self.rest = before;
        (None, self.item())
    }

    fn item(&mut self) -> Item {
        if self.eat("~") {
            return Item::Commit;
        }
        if self.eat("&&") {
            return Item::Forced(self.quoted());
        }
        if self.eat("&") {
            return Item::Ahead(Box::new(self.item()));
        }
        if self.eat("!") {
            return Item::NotAhead(Box::new(self.item()));
        }
        let atom = self.atom();
        if self.rest.starts_with('.') {
            self.rest = &self.rest[1..];
            let element = self.atom();
            self.eat("+");
            return Item::Separated(Box::new(atom), Box::new(element));
        }
        let Some(suffix) = self.rest.chars().next() else {
            return atom;
        };
        let atom = Box::new(atom);
        let item = match suffix {
            '*' => Item::Star(atom),
            '+' => Item::Plus(atom),
            '?' => Item::Optional(atom),
            _ => return *atom,
        };
        self.rest = &self.rest[1..];
        item
    }

    fn quoted(&mut self) -> &'static str {
        self.skip_space();
        let quote = if self.rest.starts_with('"') {
            '"'
        } else {
            '\''
        };
        let body = self.rest.get(1..).unwrap_or("");
        let end = body.find(quote).unwrap_or(body.len());
        self.rest = body.get(end + 1..).unwrap_or("");
        &body[..end]
    }

    fn atom(&mut self) -> Item {
        self.skip_space();
        match self.rest.chars().next() {
            Some('\'') => Item::Literal(self.quoted()),
            Some('"') => Item::Soft(self.quoted()),
            Some('(') => {
                self.eat("(");
                let list = self.alternatives();
                self.eat(")");
                Item::Group(list)
            }
            Some('[') => {
                self.eat("[");
                let list = self.alternatives();
                self.eat("]");
                Item::Optional(Box::new(Item::Group(list)))
            }
            _ => {
                let word = self.word();
                match word {
                    "NAME" => Item::Kind(Kind::Name),
                    "NUMBER" => Item::Kind(Kind::Number),
                    "STRING" => Item::Kind(Kind::String),
                    "FSTRING_START" => Item::Kind(Kind::FStart),
                    "FSTRING_MIDDLE" => Item::Kind(Kind::FMiddle),
                    "FSTRING_END" => Item::Kind(Kind::FEnd),
                    "TSTRING_START" => Item::Kind(Kind::TStart),
                    "TSTRING_MIDDLE" => Item::Kind(Kind::TMiddle),
                    "TSTRING_END" => Item::Kind(Kind::TEnd),
                    "NEWLINE" => Item::Kind(Kind::Newline),
                    "INDENT" => Item::Kind(Kind::Indent),
                    "DEDENT" => Item::Kind(Kind::Dedent),
                    "ENDMARKER" => Item::Kind(Kind::End),
                    "SOFT_KEYWORD" => Item::AnySoft,
                    _ => match self.index.get(word) {
                        Some(&at) => Item::Rule(at),
                        None => Item::Group(Vec::new()),
                    },
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(alternatives: &[Alternative], rule: &str) {
        assert!(!alternatives.is_empty(), "{rule}: no alternative");
        for alternative in alternatives {
            assert!(!alternative.items.is_empty(), "{rule}: empty alternative");
            for (_, item) in &alternative.items {
                check_item(item, rule);
            }
        }
    }

    fn check_item(item: &Item, rule: &str) {
        match item {
            Item::Group(list) => check(list, rule),
            Item::Optional(i)
            | Item::Star(i)
            | Item::Plus(i)
            | Item::Ahead(i)
            | Item::NotAhead(i) => check_item(i, rule),
            Item::Separated(a, b) => {
                check_item(a, rule);
                check_item(b, rule);
            }
            _ => {}
        }
    }

    #[test]
    fn the_grammar_is_well_formed() {
        let grammar = read(include_str!("grammar.peg"));
        for rule in &grammar.rules {
            check(&rule.alternatives, rule.name);
        }
    }
}
