//! Trees as source text that parses to them.
//!
//! A tree that comes from Python code has no source. Instead of a second way into scopes and
//! lowering, it gets one: text with all the parentheses it needs, and a table of which stretch of
//! text is which node, so that positions (and errors) are the tree's own. Names that no source
//! could spell (`@py_assert1`) stand in the text as placeholders.

mod exprs;
mod patterns;
mod stmts;

use ruff_text_size::{TextRange, TextSize};
use rustc_hash::FxHashMap;

use super::{Field, Node, Span};

/// The text of a tree.
#[derive(Debug, Default)]
pub struct Rendered {
    /// Source text.
    pub text: String,
    /// Where the nodes are in it.
    pub places: Places,
    /// Placeholders and the names they stand for.
    pub names: Vec<(String, String)>,
}

/// Which stretches of a text are nodes, and where those say that they are.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// By start, wider ones first.
    sorted: Vec<(TextRange, Span)>,
    exact: FxHashMap<TextRange, Span>,
}

impl Places {
    fn finish(&mut self) {
        self.sorted
            .sort_by_key(|(r, _)| (r.start(), std::cmp::Reverse(r.end())));
        for (r, s) in &self.sorted {
            self.exact.entry(*r).or_insert(*s);
        }
    }

    /// The place of the node at a range, or of the innermost one around it.
    pub fn find(&self, range: TextRange) -> Span {
        if let Some(s) = self.exact.get(&range) {
            return *s;
        }
        let end = self
            .sorted
            .partition_point(|(r, _)| r.start() <= range.start());
        self.sorted[..end]
            .iter()
            .rev()
            .find(|(r, _)| r.end() >= range.end())
            .map_or(Span::default(), |(_, s)| *s)
    }
}

/// Why a tree cannot be compiled: the message of a ValueError or TypeError.
#[derive(Debug)]
pub enum Invalid {
    /// ValueError
    Value(String),
    /// TypeError
    Type(String),
}

type Result<T = ()> = std::result::Result<T, Invalid>;

fn invalid<T>(message: impl Into<String>) -> Result<T> {
    Err(Invalid::Value(message.into()))
}

/// What an expression is used for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Context {
    Load,
    Store,
    Del,
}

#[derive(Default)]
struct Renderer {
    out: Rendered,
    indent: usize,
    placeholders: FxHashMap<String, String>,
}

const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

fn is_name(s: &str) -> bool {
    let mut chars = s.chars();
    chars
        .next()
        .is_some_and(|c| c == '_' || unicode_ident::is_xid_start(c))
        && chars.all(unicode_ident::is_xid_continue)
        && !KEYWORDS.contains(&s)
}

impl Renderer {
    fn at(&self) -> TextSize {
        TextSize::new(self.out.text.len() as u32)
    }

    fn put(&mut self, text: &str) {
        self.out.text.push_str(text);
    }

    fn record(&mut self, start: TextSize, span: Option<Span>) {
        if let Some(span) = span {
            let range = TextRange::new(start, self.at());
            self.out.places.sorted.push((range, span));
        }
    }

    /// An identifier, or the placeholder for what is none.
    fn name(&mut self, name: &str) -> Result {
        if matches!(name, "None" | "True" | "False") {
            return invalid(format!(
                "identifier field can't represent '{name}' constant"
            ));
        }
        if is_name(name) {
            self.put(name);
            return Ok(());
        }
        let next = self.placeholders.len();
        let stand_in = self
            .placeholders
            .entry(name.to_string())
            .or_insert_with(|| format!("taipan_name_{next}"))
            .clone();
        self.put(&stand_in);
        Ok(())
    }

    fn name_of(&mut self, n: &Node, field: &str) -> Result {
        match n.get(field) {
            Field::Name(s) => {
                let s = s.clone();
                self.name(&s)
            }
            _ => Err(missing(n, field)),
        }
    }

    fn separated<T>(
        &mut self,
        all: &[T],
        mut each: impl FnMut(&mut Renderer, &T) -> Result,
    ) -> Result {
        for (i, x) in all.iter().enumerate() {
            if i > 0 {
                self.put(", ");
            }
            each(self, x)?;
        }
        Ok(())
    }
}

fn missing(n: &Node, field: &str) -> Invalid {
    Invalid::Type(format!(
        "required field \"{field}\" missing from {}",
        n.kind
    ))
}

fn node<'n>(n: &'n Node, field: &str) -> Result<&'n Node> {
    match n.get(field) {
        Field::Node(x) => Ok(x),
        Field::None => invalid(format!("field '{field}' is required for {}", n.kind)),
        _ => Err(missing(n, field)),
    }
}

fn optional<'n>(n: &'n Node, field: &str) -> Option<&'n Node> {
    match n.get(field) {
        Field::Node(x) => Some(x),
        _ => None,
    }
}

fn list<'n>(n: &'n Node, field: &str) -> &'n [Field] {
    match n.get(field) {
        Field::List(l) => l,
        _ => &[],
    }
}

/// The nodes of a list. None elements are errors.
fn nodes<'n>(n: &'n Node, field: &str) -> Result<Vec<&'n Node>> {
    list(n, field)
        .iter()
        .map(|f| match f {
            Field::Node(x) => Ok(&**x),
            _ => invalid("None disallowed in expression list"),
        })
        .collect()
}

fn singleton(n: &Node, field: &str) -> Result<&'static str> {
    match n.get(field) {
        Field::Singleton(s) => Ok(s),
        _ => Err(missing(n, field)),
    }
}

/// The source text of a `Module`, `Interactive` or `Expression`.
pub fn render(tree: &Node) -> Result<Rendered> {
    let mut r = Renderer::default();
    match tree.kind {
        "Expression" => r.expr(node(tree, "body")?, Context::Load)?,
        _ => {
            for s in nodes(tree, "body")? {
                r.stmt(s)?;
            }
        }
    }
    r.out.places.finish();
    let mut out = r.out;
    out.names = r
        .placeholders
        .into_iter()
        .map(|(real, p)| (p, real))
        .collect();
    Ok(out)
}
