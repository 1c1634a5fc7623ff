//! Source text to a checked AST: the front half of `compile()`.
//!
//! [`parse`] takes text, [`crate::source::decode`] turns bytes into text. The result owns the text
//! that the AST's ranges refer to, with line ends turned into `\n` as the reference does, so
//! always slice [`Parsed::source`], never the text that was passed in.
//!
//! # Depth
//! The AST is walked by recursion everywhere. A scan of the tokens bounds how deep it can get
//! before anything recurses, and refuses what the reference would refuse; where the bound is more
//! than an ordinary stack holds, [`with_stack`] is to be used around any walk of the AST.

use std::borrow::Cow;

use ruff_python_ast::token::{Token, TokenKind};
use ruff_python_ast::{self as ast, Mod};
use ruff_python_parser::{Mode as RuffMode, ParseErrorType, ParseOptions as RuffOptions};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::bare_raise;
use crate::errors::checks::{self, future};
use crate::errors::{ErrorKind, SyntaxError, Warning, peg};
use crate::flufl;
pub use crate::lines::{LineIndex, Location};
use crate::scan::{self, TooDeep};
use crate::scopes::{ScopeOptions, Scopes};

/// What kind of input to compile: `compile()`'s third argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// A module.
    Exec,
    /// One expression.
    Eval,
    /// One interactive statement.
    Single,
}

/// How to compile; the flags of `compile()` that concern the front end.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The kind of input.
    pub mode: Mode,
    /// Tell input that is merely incomplete apart (`PyCF_ALLOW_INCOMPLETE_INPUT`).
    pub allow_incomplete: bool,
    /// Indented blocks need not be complete (`PyCF_DONT_IMPLY_DEDENT`).
    pub dont_imply_dedent: bool,
    /// `await` at module level (`PyCF_ALLOW_TOP_LEVEL_AWAIT`).
    pub top_level_await: bool,
    /// `annotations` is inherited from the code that calls `compile()`.
    pub future_annotations: bool,
    /// `barry_as_FLUFL` is among the flags.
    pub barry_as_flufl: bool,
    /// The most digits of a decimal integer literal (`sys.set_int_max_str_digits()`); zero for no
    /// limit.
    pub max_int_digits: usize,
}

impl Options {
    /// Options for a mode with every flag off.
    pub fn new(mode: Mode) -> Options {
        Options {
            mode,
            allow_incomplete: false,
            dont_imply_dedent: false,
            top_level_await: false,
            future_annotations: false,
            barry_as_flufl: false,
            max_int_digits: 4300,
        }
    }
}

/// The AST of one input.
#[derive(Clone, Debug)]
pub enum Tree {
    /// Of a module or an interactive statement.
    Module(ast::ModModule),
    /// Of an expression.
    Expression(ast::ModExpression),
}

/// Everything the lowering needs.
#[derive(Debug)]
pub struct Parsed {
    /// The text that all ranges refer to.
    pub source: String,
    /// Its lines.
    pub lines: LineIndex,
    /// Its AST.
    pub tree: Tree,
    /// What its names mean.
    pub scopes: Scopes,
    /// `from __future__ import annotations` is in force.
    pub future_annotations: bool,
    /// Warnings in source order.
    pub warnings: Vec<Warning>,
    /// An upper bound of the AST's depth; see [`with_stack`].
    pub depth: usize,
}

impl Drop for Parsed {
    /// Dropping an AST recurses as deep as it is.
    fn drop(&mut self) {
        let nothing = Tree::Module(ast::ModModule {
            node_index: ast::AtomicNodeIndex::NONE,
            range: TextRange::default(),
            body: Default::default(),
        });
        let tree = std::mem::replace(&mut self.tree, nothing);
        with_stack(self.depth, || drop(tree));
    }
}

/// What the parser proper gives.
pub(crate) struct Syntax {
    pub source: String,
    pub lines: LineIndex,
    pub tree: Tree,
    pub depth: usize,
    numbers: Vec<Warning>,
    refused: Option<SyntaxError>,
}

/// Parses and checks: an `Ok` is free of compile-time errors.
pub fn parse(source: &str, options: Options) -> Result<Parsed, SyntaxError> {
    let syntax = read(source, &options)?;
    checked(syntax, &options)
}

/// Parses; what only the compiler proper refuses passes.
pub(crate) fn parse_syntax(source: &str, options: &Options) -> Result<Syntax, SyntaxError> {
    let mut syntax = read(source, options)?;
    match syntax.refused.take() {
        Some(refused) => {
            with_stack(syntax.depth, || drop(syntax));
            Err(refused)
        }
        None => Ok(syntax),
    }
}

/// The symbol tables of a source text, and its lines. What only the compiler proper refuses
/// passes.
pub fn symbols(source: &str, options: Options) -> Result<(Scopes, LineIndex), SyntaxError> {
    let syntax = parse_syntax(source, &options)?;
    let depth = syntax.depth;
    let scopes = with_stack(depth, || {
        let (source, lines) = (&syntax.source, &syntax.lines);
        let body: &[ast::Stmt] = match &syntax.tree {
            Tree::Module(m) => &m.body,
            Tree::Expression(_) => &[],
        };
        let features = future::features(body, source, lines)?;
        let scope_options = ScopeOptions {
            future_annotations: options.future_annotations || features.annotations,
            top_level_await: options.top_level_await,
            future_end: features.end,
        };
        match &syntax.tree {
            Tree::Module(m) => Scopes::build(&m.body, source, lines, scope_options),
            Tree::Expression(e) => Scopes::build_expression(&e.body, source, lines, scope_options),
        }
    })?;
    let lines = syntax.lines.clone();
    with_stack(depth, || drop(syntax));
    Ok((scopes, lines))
}

/// Everything behind the parser.
pub(crate) fn checked(syntax: Syntax, options: &Options) -> Result<Parsed, SyntaxError> {
    let Syntax {
        source,
        lines,
        tree,
        depth,
        mut numbers,
        refused,
    } = syntax;
    with_stack(depth, || {
        let (tree, scopes, mut warnings, future_annotations) =
            analyse(tree, &source, &lines, options)?;
        if let Some(refused) = refused {
            return Err(refused);
        }
        numbers.append(&mut warnings);
        Ok(Parsed {
            source,
            lines,
            tree,
            scopes,
            future_annotations,
            warnings: numbers,
            depth,
        })
    })
}

fn read(source: &str, options: &Options) -> Result<Syntax, SyntaxError> {
    if source.contains('\0') {
        return Err(SyntaxError::nowhere(
            ErrorKind::Syntax,
            "source code string cannot contain null bytes",
        ));
    }
    let mut source = normalize_newlines(source).into_owned();
    let lines = LineIndex::new(&source);
    if let Some(replaced) = flufl::replace(&source, &lines, options.barry_as_flufl)? {
        source = replaced;
    }
    let early = scan::before_parsing(&source);
    if early.suspicious
        && let Some(error) = peg::diagnose(&source, &lines, options)
    {
        return Err(error);
    }
    if early.too_deep == Some(TooDeep::Parser) {
        return Err(too_deep(TooDeep::Parser));
    }
    let mode = match options.mode {
        Mode::Exec | Mode::Single => RuffMode::Module,
        Mode::Eval => RuffMode::Expression,
    };
    let version = RuffOptions::from(mode).with_target_version(ast::PythonVersion::PY314);
    let mut parsed = ruff_python_parser::parse_unchecked(&source, version.clone());
    let mut has_bare_raise = false;
    if !parsed.errors().is_empty()
        && let Some(patched) = bare_raise::replace(&source, &parsed)
    {
        has_bare_raise = true;
        parsed = ruff_python_parser::parse_unchecked(&patched, version);
    }
    let mut refused = refusal(&parsed, &source, &lines);
    let scan = scan::after_parsing(parsed.tokens());
    if let Some(which) = scan.too_deep
        && !scan.suspicious
    {
        // The AST cannot even be dropped without a stack as deep.
        with_stack(scan.depth, || drop(parsed));
        return Err(too_deep(which));
    }
    // A parser for whole modules cannot tell what an interactive statement may be.
    let in_doubt = refused.is_some()
        || scan.suspicious
        || source.starts_with('\u{feff}')
        || (options.max_int_digits != 0 && scan.longest_int > options.max_int_digits)
        || options.mode == Mode::Single
        || scan::mixes_indentation(&source);
    if in_doubt && let Some(error) = peg::diagnose(&source, &lines, options) {
        with_stack(scan.depth, || drop(parsed));
        return Err(error);
    }
    // The parser takes a name `match` behind a semicolon for the keyword, but goes on rightly.
    if !parsed.errors().is_empty()
        && parsed.errors().iter().all(|e| {
            matches!(
                e.error,
                ParseErrorType::SimpleAndCompoundStatementOnSameLine
            ) && source.get(e.location.to_std_range()) == Some("match")
        })
    {
        refused = None;
    }
    let numbers = number_warnings(&scan.numbers, &source);
    let tree = with_stack(scan.depth, || {
        let mut syntax = parsed.into_syntax();
        if has_bare_raise {
            bare_raise::restore(&mut syntax, &source);
        }
        match syntax {
            Mod::Module(m) => Tree::Module(m),
            Mod::Expression(e) => Tree::Expression(e),
        }
    });
    Ok(Syntax {
        source,
        lines,
        tree,
        depth: scan.depth,
        numbers,
        refused,
    })
}

type Analysed = (Tree, Scopes, Vec<Warning>, bool);

fn analyse(
    tree: Tree,
    source: &str,
    lines: &LineIndex,
    options: &Options,
) -> Result<Analysed, SyntaxError> {
    let body: &[ast::Stmt] = match &tree {
        Tree::Module(m) => &m.body,
        Tree::Expression(_) => &[],
    };
    let features = future::features(body, source, lines)?;
    let future_annotations = options.future_annotations || features.annotations;
    let scope_options = ScopeOptions {
        future_annotations,
        top_level_await: options.top_level_await,
        future_end: features.end,
    };
    let (scopes, warnings) = match &tree {
        Tree::Module(m) => {
            let scopes = Scopes::build(&m.body, source, lines, scope_options)?;
            let warnings = checks::check(&m.body, source, lines, &scopes)?;
            (scopes, warnings)
        }
        Tree::Expression(e) => {
            let scopes = Scopes::build_expression(&e.body, source, lines, scope_options)?;
            let warnings = checks::check_expression(&e.body, source, lines, &scopes)?;
            (scopes, warnings)
        }
    };
    Ok((tree, scopes, warnings, future_annotations))
}

fn too_deep(which: TooDeep) -> SyntaxError {
    match which {
        TooDeep::Parser => SyntaxError::nowhere(
            ErrorKind::Memory,
            "Parser stack overflowed - Python source too complex to parse",
        ),
        TooDeep::Compiler => {
            SyntaxError::nowhere(ErrorKind::Recursion, "Stack overflow during compilation")
        }
    }
}

/// `1if x else y` still is a number and a keyword, but not for ever.
fn number_warnings(numbers: &[TextRange], source: &str) -> Vec<Warning> {
    let kind = |text: &str| match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => "hexadecimal",
        [b'0', b'o' | b'O', ..] => "octal",
        [b'0', b'b' | b'B', ..] => "binary",
        [.., b'j' | b'J'] => "imaginary",
        _ => "decimal",
    };
    let warnings = numbers.iter().map(|range| {
        let text = source.get(range.start().to_usize()..range.end().to_usize());
        let message = format!("invalid {} literal", kind(text.unwrap_or("")));
        Warning {
            as_error: message.clone(),
            message,
            range: TextRange::empty(range.end() - TextSize::new(1)),
        }
    });
    warnings.collect()
}

/// What ruff's parser has against the source, in its own words: the last resort.
fn refusal(
    parsed: &ruff_python_parser::Parsed<Mod>,
    source: &str,
    lines: &LineIndex,
) -> Option<SyntaxError> {
    if let Some(e) = parsed.errors().first() {
        // Only a mapping pattern's grammar is stricter than the reference's about these.
        if let ParseErrorType::ExpectedToken { found, .. } = &e.error
            && matches!(found, TokenKind::FStringStart | TokenKind::TStringStart)
        {
            let range = braces_around(parsed.tokens(), e.location);
            let message = "mapping pattern keys may only match literals and attribute lookups";
            return Some(SyntaxError::at(lines, source, range, message));
        }
        return Some(SyntaxError::at(
            lines,
            source,
            e.location,
            e.error.to_string(),
        ));
    }
    let e = parsed.unsupported_syntax_errors().first()?;
    Some(SyntaxError::at(lines, source, e.range, e.to_string()))
}

/// The innermost braces that a place lies in.
fn braces_around(tokens: &[Token], place: TextRange) -> TextRange {
    let depth = |t: &Token| match t.kind() {
        TokenKind::Lbrace => 1,
        TokenKind::Rbrace => -1,
        _ => 0,
    };
    let (before, behind) = tokens.split_at(tokens.partition_point(|t| t.start() < place.start()));
    let mut open = 0;
    let first = before.iter().rev().find(|t| {
        open += depth(t);
        open == 1
    });
    let mut open = 1;
    let last = behind.iter().find(|t| {
        open += depth(t);
        open == 0
    });
    match (first, last) {
        (Some(first), Some(last)) => TextRange::new(first.start(), last.end()),
        _ => place,
    }
}

/// `\r\n` and lone `\r` become `\n`.
fn normalize_newlines(source: &str) -> Cow<'_, str> {
    if !source.contains('\r') {
        return Cow::Borrowed(source);
    }
    Cow::Owned(source.replace("\r\n", "\n").replace('\r', "\n"))
}

/// Runs `f` with a stack that suffices for walking an AST of `depth` by recursion.
pub fn with_stack<T>(depth: usize, f: impl FnOnce() -> T) -> T {
    /// Generous for one level of the AST in an unoptimised build: several Rust frames.
    const BYTES_PER_LEVEL: usize = 16 * 1024;
    /// Depth that the stack any thread has is enough for.
    const SHALLOW: usize = 64;
    if depth <= SHALLOW {
        f()
    } else {
        stacker::maybe_grow(
            depth * BYTES_PER_LEVEL,
            depth * BYTES_PER_LEVEL + 1024 * 1024,
            f,
        )
    }
}
