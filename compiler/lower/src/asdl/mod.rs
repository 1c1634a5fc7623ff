//! Trees as module `ast` has them: the nodes of Python's abstract grammar, whatever the parser's
//! own types look like. [`parse`] makes them of source text; [`render`](render::render) writes
//! source text that parses to them, which is how a tree from Python code is compiled.
//!
//! Nodes are generic (a constructor's name and fields in the grammar's order), so that who
//! translates them from and to Python objects needs no case for each constructor.

mod build;
mod exprs;
pub mod grammar;
mod patterns;
pub mod render;
mod stmts;
mod strings;

use taipan_bytecode::code::Constant;

use crate::errors::SyntaxError;
use crate::parse::{self, Mode, Tree};

/// Where a node is: lines from one, columns in UTF-8 bytes from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Span {
    /// `lineno`
    pub line: u32,
    /// `col_offset`
    pub column: u32,
    /// `end_lineno`
    pub end_line: u32,
    /// `end_col_offset`
    pub end_column: u32,
}

/// The value of a node's field.
#[derive(Clone, Debug)]
pub enum Field {
    /// `None`
    None,
    /// Another node.
    Node(Box<Node>),
    /// A node without fields or position, of which there is one: `Load()`, `Add()`, ….
    Singleton(&'static str),
    /// A sequence.
    List(Vec<Field>),
    /// An identifier or a string.
    Name(String),
    /// A constant.
    Constant(Constant),
    /// A number (`level`, `conversion`, `simple`, `is_async`).
    Int(i64),
}

/// A node.
#[derive(Clone, Debug)]
pub struct Node {
    /// The constructor's name.
    pub kind: &'static str,
    /// Its fields in the grammar's order.
    pub fields: Vec<(&'static str, Field)>,
    /// Its place, for kinds that have one.
    pub span: Option<Span>,
}

impl Node {
    /// A field by its name.
    pub fn get(&self, name: &str) -> &Field {
        match self.fields.iter().find(|(n, _)| *n == name) {
            Some((_, f)) => f,
            None => &Field::None,
        }
    }
}

impl From<Node> for Field {
    fn from(n: Node) -> Field {
        Field::Node(Box::new(n))
    }
}

/// Parses source text to a tree: `Module`, `Expression` or `Interactive`. What only the compiler
/// proper refuses (`return` outside a function) passes.
pub fn parse(source: &str, options: parse::Options) -> Result<Node, SyntaxError> {
    let syntax = parse::parse_syntax(source, &options)?;
    let depth = syntax.depth;
    let node = parse::with_stack(depth, || {
        let b = build::Builder {
            source: &syntax.source,
            lines: &syntax.lines,
        };
        match &syntax.tree {
            Tree::Expression(e) => Node {
                kind: "Expression",
                fields: vec![("body", b.expr(&e.body))],
                span: None,
            },
            Tree::Module(m) if options.mode == Mode::Single => Node {
                kind: "Interactive",
                fields: vec![("body", b.body(&m.body))],
                span: None,
            },
            Tree::Module(m) => Node {
                kind: "Module",
                fields: vec![
                    ("body", b.body(&m.body)),
                    ("type_ignores", Field::List(Vec::new())),
                ],
                span: None,
            },
        }
    });
    parse::with_stack(depth, || drop(syntax));
    Ok(node)
}
