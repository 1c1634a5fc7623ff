//! Interprets the grammar over tokens.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::super::ErrorKind;
use super::super::tokens::{Kind, Token, Tokens};
use super::grammar::{Action, Alternative, Grammar, Item, Keep};
use super::node::{Node, NodeRef};

/// An error on its way out. Columns are byte columns from one, unless `in_chars`.
#[derive(Clone, Debug)]
pub(super) struct Raised {
    pub kind: ErrorKind,
    pub message: String,
    pub line: u32,
    pub col: i32,
    pub end_line: u32,
    pub end_col: i32,
    pub in_chars: bool,
    pub by_tokenizer: bool,
    /// The line the tokenizer was on.
    pub current_line: u32,
}

impl Raised {
    pub fn of(mut self, kind: ErrorKind) -> Raised {
        self.kind = kind;
        self
    }
}

pub(super) type Matched = Result<Option<NodeRef>, Raised>;

const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

/// How deep rules may be nested: the reference's own limit.
const MAX_DEPTH: usize = 6000;

pub(super) struct Engine<'a> {
    grammar: &'a Grammar,
    tokens: &'a Tokens,
    pub source: &'a str,
    pub max_int_digits: usize,
    mark: usize,
    fetched: usize,
    mistakes: bool,
    memo: FxHashMap<(usize, usize), (Option<NodeRef>, usize)>,
    depth: usize,
}

type Bound = Vec<(&'static str, NodeRef)>;

impl<'a> Engine<'a> {
    pub fn new(grammar: &'a Grammar, tokens: &'a Tokens, source: &'a str) -> Self {
        Engine {
            grammar,
            tokens,
            source,
            max_int_digits: 0,
            mark: 0,
            fetched: 0,
            mistakes: false,
            memo: FxHashMap::default(),
            depth: 0,
        }
    }

    pub fn run(&mut self, rule: &str) -> Matched {
        match self.grammar.index.get(rule) {
            Some(&at) => self.rule(at),
            None => Ok(None),
        }
    }

    /// The second pass.
    pub fn run_with_mistakes(&mut self, rule: &str) -> Matched {
        self.mark = 0;
        self.memo.clear();
        self.mistakes = true;
        self.run(rule)
    }

    pub fn fetched(&self) -> usize {
        self.fetched
    }

    pub fn token(&self, at: usize) -> Token {
        self.tokens.list[at.min(self.tokens.list.len() - 1)]
    }

    pub fn kind(&self, at: usize) -> Kind {
        self.token(at).kind
    }

    pub fn text(&self, at: usize) -> &'a str {
        let token = self.token(at);
        self.source.get(token.start..token.end).unwrap_or("")
    }

    /// The end of input was seen.
    pub fn saw_end(&self) -> bool {
        let Some(last) = self.fetched.checked_sub(1) else {
            return false;
        };
        match (self.kind(last), &self.tokens.error) {
            (Kind::Error, Some(error)) => error.at_end,
            _ => self.token(last).at_end,
        }
    }

    fn tokenizer_error(&self) -> Option<Raised> {
        self.tokens.error.as_ref().map(|e| Raised {
            kind: e.kind,
            message: e.message.clone(),
            line: e.line,
            col: e.col,
            end_line: e.line,
            end_col: e.end_col,
            in_chars: true,
            by_tokenizer: true,
            current_line: 0,
        })
    }

    /// A tokenizer error in the rest of the source hides the parser's error; so does a bracket
    /// that was opened on an earlier line and never closed.
    pub fn rest_of_source(&self) -> Option<Raised> {
        let error = self.tokens.error.as_ref()?;
        if error.in_string {
            return None;
        }
        if error.eager {
            return self.tokenizer_error();
        }
        let open = self.tokens.open.last()?;
        let line = self.token(self.fetched.saturating_sub(1)).line;
        (line > open.line).then(|| Raised {
            kind: ErrorKind::Syntax,
            message: format!("'{}' was never closed", open.bracket),
            line: open.line,
            col: open.col + 1,
            end_line: open.line,
            end_col: 0,
            in_chars: true,
            by_tokenizer: true,
            current_line: 0,
        })
    }

    /// An interactive statement is followed by another.
    pub fn more_than_one_statement(&self) -> Option<Raised> {
        let rest = self
            .source
            .get(self.token(self.mark.checked_sub(1)?).end..)?;
        let more = rest.lines().any(|line| {
            let line = line.trim_start_matches([' ', '\t', '\x0c']);
            !(line.is_empty() || line.starts_with('#'))
        });
        more.then(|| self.at_last("multiple statements found while compiling a single statement"))
    }

    fn raised(&self, start: (u32, i32), end: (u32, i32), message: impl Into<String>) -> Raised {
        Raised {
            kind: ErrorKind::Syntax,
            message: message.into(),
            line: start.0,
            col: start.1,
            end_line: end.0,
            end_col: end.1,
            in_chars: false,
            by_tokenizer: false,
            current_line: self.token(self.fetched.saturating_sub(1)).stop.0,
        }
    }

    /// The position that a token without one gets: where the tokenizer stands.
    fn start_of(&self, token: Token) -> (u32, i32) {
        if token.col < 0 {
            let stop = self.token(self.fetched.saturating_sub(1)).stop;
            (token.line, stop.1)
        } else {
            (token.line, token.col + 1)
        }
    }

    fn end_of(&self, token: Token) -> (u32, i32) {
        let col = if token.end_col < 0 {
            -1
        } else {
            token.end_col + 1
        };
        (token.end_line, col)
    }

    /// At the token fetched last.
    pub fn at_last(&self, message: impl Into<String>) -> Raised {
        self.loosely_at(self.fetched.saturating_sub(1), message)
    }

    fn loosely_at(&self, at: usize, message: impl Into<String>) -> Raised {
        let token = self.token(at);
        self.raised(self.start_of(token), self.end_of(token), message)
    }

    /// Exactly at a token.
    pub fn at_token(&self, at: usize, message: impl Into<String>) -> Raised {
        let token = self.token(at);
        self.raised(
            (token.line, token.col + 1),
            (token.end_line, token.end_col + 1),
            message,
        )
    }

    /// At a node, or from one node to another.
    pub fn at_range(&self, from: &Node, to: &Node, message: impl Into<String>) -> Raised {
        let start = self.token(from.first);
        let end = self.token(to.last.saturating_sub(1).max(to.first));
        self.raised(
            (start.line, start.col + 1),
            (end.end_line, end.end_col + 1),
            message,
        )
    }

    /// From a node to where the tokenizer stands.
    pub fn starting_from(&self, from: &Node, message: impl Into<String>) -> Raised {
        let start = self.token(from.first);
        let stop = self.token(self.fetched.saturating_sub(1)).stop;
        self.raised((start.line, start.col + 1), stop, message)
    }

    /// The text of a node's first token.
    pub fn text_of(&self, node: &Node) -> &'a str {
        self.text(node.first)
    }

    /// Index of the next token.
    pub fn mark(&self) -> usize {
        self.mark
    }

    /// Makes sure that the next token was fetched; tokenizer errors come up here.
    fn fetch(&mut self) -> Result<Token, Raised> {
        if self.mark >= self.fetched {
            self.fetched = (self.mark + 1).min(self.tokens.list.len());
            if self.kind(self.mark) == Kind::Error
                && let Some(raised) = self.tokenizer_error()
            {
                return Err(raised);
            }
        }
        Ok(self.token(self.mark))
    }

    fn take(&mut self) -> NodeRef {
        let kind = match self.kind(self.mark) {
            Kind::Name => "Name",
            _ => "Token",
        };
        let first = self.mark;
        self.mark += 1;
        Rc::new(Node {
            kind,
            first,
            last: first + 1,
            children: Vec::new(),
        })
    }

    fn rule(&mut self, at: usize) -> Matched {
        let grammar = self.grammar;
        let rule = &grammar.rules[at];
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let message = "Parser stack overflowed - Python source too complex to parse";
            return Err(self.at_last(message).of(ErrorKind::Memory));
        }
        let result = stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || match rule.keep {
            Keep::Nothing if rule.name.ends_with("_without_invalid") => {
                let before = std::mem::replace(&mut self.mistakes, false);
                let result = self.alternatives(&rule.alternatives);
                self.mistakes = before;
                result
            }
            Keep::Nothing => self.alternatives(&rule.alternatives),
            Keep::Memo => {
                let start = self.mark;
                if let Some((node, end)) = self.memo.get(&(at, start)) {
                    self.mark = *end;
                    return Ok(node.clone());
                }
                let result = self.alternatives(&rule.alternatives)?;
                self.memo.insert((at, start), (result.clone(), self.mark));
                Ok(result)
            }
            Keep::LeftRecursive => self.grow(at, &rule.alternatives),
        });
        self.depth -= 1;
        result
    }

    /// Left recursion: starts with failure as the inner result, and grows while it gets longer.
    fn grow(&mut self, at: usize, alternatives: &[Alternative]) -> Matched {
        let start = self.mark;
        if let Some((node, end)) = self.memo.get(&(at, start)) {
            self.mark = *end;
            return Ok(node.clone());
        }
        let mut best = None;
        let mut best_end = start;
        loop {
            self.memo.insert((at, start), (best.clone(), best_end));
            self.mark = start;
            match self.alternatives(alternatives)? {
                Some(node) if self.mark > best_end => {
                    best = Some(node);
                    best_end = self.mark;
                }
                _ => break,
            }
        }
        self.mark = best_end;
        Ok(best)
    }

    fn alternatives(&mut self, list: &[Alternative]) -> Matched {
        let start = self.mark;
        for alternative in list {
            // Only where a mistake's rule stands alone does the first pass skip it; in the
            // middle of an alternative it is tried always.
            if !self.mistakes
                && let [(_, Item::Rule(at))] = alternative.items.as_slice()
                && self.grammar.rules[*at].name.starts_with("invalid_")
            {
                continue;
            }
            self.mark = start;
            let mut committed = false;
            if let Some((nodes, bound)) = self.items(alternative, &mut committed)? {
                let result = self.act(alternative, start, nodes, bound)?;
                if result.is_none() {
                    self.mark = start;
                }
                return Ok(result);
            }
            if committed {
                break;
            }
        }
        self.mark = start;
        Ok(None)
    }

    fn items(
        &mut self,
        alternative: &Alternative,
        committed: &mut bool,
    ) -> Result<Option<(Vec<NodeRef>, Bound)>, Raised> {
        let mut nodes = Vec::new();
        let mut bound = Bound::new();
        for (name, item) in &alternative.items {
            if matches!(item, Item::Commit) {
                *committed = true;
                continue;
            }
            let Some(node) = self.item(item)? else {
                return Ok(None);
            };
            if let Some(name) = name {
                bound.push((name, node.clone()));
            }
            if !matches!(item, Item::Ahead(_) | Item::NotAhead(_)) {
                nodes.push(node);
            }
        }
        Ok(Some((nodes, bound)))
    }

    fn node(&self, kind: &'static str, first: usize, children: Vec<NodeRef>) -> NodeRef {
        let mut last = self.mark;
        while last > first + 1
            && matches!(
                self.kind(last - 1),
                Kind::Newline | Kind::Indent | Kind::Dedent | Kind::End
            )
        {
            last -= 1;
        }
        Rc::new(Node {
            kind,
            first,
            last,
            children,
        })
    }

    fn act(
        &mut self,
        alternative: &Alternative,
        start: usize,
        nodes: Vec<NodeRef>,
        bound: Bound,
    ) -> Matched {
        let get = |name: &&str| {
            bound
                .iter()
                .rev()
                .find(|(n, _)| n == name)
                .map(|(_, node)| node.clone())
        };
        Ok(Some(match &alternative.action {
            Action::Default => match <[NodeRef; 1]>::try_from(nodes) {
                Ok([node]) => node,
                Err(nodes) => self.node("Items", start, nodes),
            },
            Action::Take(name) => match get(name) {
                Some(node) => node,
                None => return Ok(None),
            },
            Action::Make(kind, names) => {
                let children = if names.is_empty() {
                    nodes
                } else {
                    names.iter().filter_map(get).collect()
                };
                self.node(kind, start, children)
            }
            Action::Raise {
                place,
                names,
                message,
            } => {
                let a = get(&"a");
                let arguments: Vec<NodeRef> = names.iter().filter_map(get).collect();
                let message = self.fill_in(message, a.as_deref());
                return Err(self.raise(place, &arguments, message));
            }
            Action::Call(function, names) => {
                let arguments: Vec<NodeRef> = names.iter().filter_map(get).collect();
                let word = names.last().copied().unwrap_or_default();
                return self.call(function, &arguments, word);
            }
        }))
    }

    fn fill_in(&self, message: &str, a: Option<&Node>) -> String {
        let Some(a) = a else {
            return message.to_owned();
        };
        message
            .replace("%n", a.described())
            .replace("%t", self.text_of(a))
            .replace("%l", &self.token(a.first).line.to_string())
    }

    fn raise(&self, place: &str, arguments: &[NodeRef], message: String) -> Raised {
        match (place, arguments) {
            ("at", [a, ..]) => self.at_range(a, a, message),
            ("range", [a, b, ..]) => self.at_range(a, b, message),
            ("from", [a, ..]) => self.starting_from(a, message),
            ("next", _) => self.loosely_at(self.mark, message),
            ("indent", _) => self.at_last(message).of(ErrorKind::Indentation),
            _ => self.at_last(message),
        }
    }

    fn item(&mut self, item: &Item) -> Matched {
        match item {
            Item::Kind(kind) => {
                let token = self.fetch()?;
                let matches = token.kind == *kind
                    && (*kind != Kind::Name || !KEYWORDS.contains(&self.text(self.mark)));
                Ok(matches.then(|| self.take()))
            }
            Item::AnySoft => {
                let token = self.fetch()?;
                let matches = token.kind == Kind::Name
                    && matches!(self.text(self.mark), "_" | "case" | "match" | "type");
                Ok(matches.then(|| self.take()))
            }
            Item::Literal(text) | Item::Soft(text) => {
                let token = self.fetch()?;
                let matches =
                    matches!(token.kind, Kind::Name | Kind::Op) && self.text(self.mark) == *text;
                Ok(matches.then(|| self.take()))
            }
            Item::Rule(at) => self.rule(*at),
            Item::Group(list) => self.alternatives(list),
            Item::Optional(inner) => {
                let start = self.mark;
                Ok(Some(match self.item(inner)? {
                    Some(node) => node,
                    None => {
                        self.mark = start;
                        self.node("Nothing", start, Vec::new())
                    }
                }))
            }
            Item::Star(inner) => {
                let start = self.mark;
                let nodes = self.repeat(inner)?;
                Ok(Some(self.node("Items", start, nodes)))
            }
            Item::Plus(inner) => {
                let start = self.mark;
                let nodes = self.repeat(inner)?;
                Ok((!nodes.is_empty()).then(|| self.node("Items", start, nodes)))
            }
            Item::Separated(separator, element) => {
                let start = self.mark;
                let Some(first) = self.item(element)? else {
                    self.mark = start;
                    return Ok(None);
                };
                let mut nodes = vec![first];
                loop {
                    let before = self.mark;
                    if self.item(separator)?.is_some()
                        && let Some(node) = self.item(element)?
                    {
                        nodes.push(node);
                    } else {
                        self.mark = before;
                        break;
                    }
                }
                Ok(Some(self.node("Items", start, nodes)))
            }
            Item::Ahead(inner) | Item::NotAhead(inner) => {
                let start = self.mark;
                let found = self.item(inner)?.is_some();
                self.mark = start;
                let wanted = matches!(item, Item::Ahead(_));
                Ok((found == wanted).then(|| self.node("Nothing", start, Vec::new())))
            }
            Item::Forced(text) => {
                self.fetch()?;
                if self.text(self.mark) == *text {
                    return Ok(Some(self.take()));
                }
                Err(self.at_token(self.mark, format!("expected '{text}'")))
            }
            Item::Commit => Ok(None),
        }
    }

    fn repeat(&mut self, inner: &Item) -> Result<Vec<NodeRef>, Raised> {
        let mut nodes = Vec::new();
        loop {
            let before = self.mark;
            match self.item(inner)? {
                Some(node) if self.mark > before => nodes.push(node),
                _ => {
                    self.mark = before;
                    return Ok(nodes);
                }
            }
        }
    }
}
