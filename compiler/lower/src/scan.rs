//! A look at the tokens before anything recurses over the AST.
//!
//! Python sets limits on nesting: 200 brackets, 100 levels of indentation, and as deep as the
//! reference's parser and compiler can recurse. The AST's depth is bounded here from tokens alone:
//! within a bracket every operator may add a level, a comma starts afresh.

use ruff_python_ast::token::{Token, TokenKind};
use ruff_python_parser::lexer::{Lexer, lex};
use ruff_text_size::{Ranged, TextRange};

/// Prefix operators (`-`, `not`, `lambda:`, …) in one expression: as far as the reference's parser
/// gets with its stack.
const MAX_PREFIX: usize = 5_500;
/// Chains of operators, attributes and calls: as far as its compiler gets, by order of magnitude.
const MAX_CHAIN: usize = 40_000;
/// Shorter sources cannot exhaust the parser's stack.
const LONG_SOURCE: usize = 1 << 16;

/// A limit that was exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TooDeep {
    /// For the reference's parser.
    Parser,
    /// For its compiler.
    Compiler,
}

/// What the scan found.
#[derive(Default)]
pub(crate) struct Scan {
    /// A bound on the AST's depth.
    pub depth: usize,
    /// A limit is exceeded.
    pub too_deep: Option<TooDeep>,
    /// A limit of the tokenizer may be exceeded: it must be asked.
    pub suspicious: bool,
    /// Length of the longest integer literal.
    pub longest_int: usize,
    /// Number literals that run into a keyword.
    pub numbers: Vec<TextRange>,
}

#[derive(Default)]
struct Level {
    chain: usize,
    prefix: usize,
    /// It is an f- or t-string, not a bracket.
    is_string: bool,
}

struct Scanner {
    levels: Vec<Level>,
    below: usize,
    below_prefix: usize,
    indent: usize,
    operand_before: bool,
    number_before: Option<TextRange>,
    yield_before: bool,
    scan: Scan,
}

/// Looks at a source that might exhaust the parser, in memory or time; only `too_deep` and
/// `suspicious` of the answer mean anything.
pub(crate) fn before_parsing(source: &str) -> Scan {
    if source.len() < LONG_SOURCE && !seems_nested(source) {
        return Scan::default();
    }
    let mut scanner = Scanner::new();
    let mut lexer: Lexer<'_> = lex(source, ruff_python_parser::Mode::Module);
    loop {
        let kind = lexer.next_token();
        scanner.token(kind, TextRange::default());
        let found = scanner.scan.suspicious || scanner.scan.too_deep == Some(TooDeep::Parser);
        if found || kind == TokenKind::EndOfFile {
            return scanner.scan;
        }
    }
}

/// Whether there are enough brackets for a limit, strings and comments included.
fn seems_nested(source: &str) -> bool {
    let mut depth = 0u32;
    source.bytes().any(|b| {
        match b {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > 150
    })
}

/// Looks at the tokens of a parsed source.
pub(crate) fn after_parsing(tokens: &[Token]) -> Scan {
    let mut scanner = Scanner::new();
    for token in tokens {
        scanner.token(token.kind(), token.range());
    }
    scanner.scan
}

impl Scanner {
    fn new() -> Scanner {
        Scanner {
            levels: vec![Level::default()],
            below: 0,
            below_prefix: 0,
            indent: 0,
            operand_before: false,
            number_before: None,
            yield_before: false,
            scan: Scan::default(),
        }
    }

    fn open(&mut self, is_string: bool) {
        if let Some(level) = self.levels.last_mut() {
            if self.operand_before {
                level.chain += 1;
            }
            self.below += level.chain + 1;
            self.below_prefix += level.prefix;
        }
        self.levels.push(Level {
            is_string,
            ..Level::default()
        });
        let brackets = self.levels.iter().filter(|l| !l.is_string).count();
        let fields = self
            .levels
            .iter()
            .rev()
            .take_while(|l| !l.is_string)
            .count();
        let in_string = fields < self.levels.len();
        self.scan.suspicious |= brackets > 200 || (in_string && fields > 3);
        self.scan.suspicious |= is_string && self.levels.len() - brackets > 100;
    }

    fn close(&mut self) {
        if self.levels.len() > 1 {
            self.levels.pop();
            if let Some(level) = self.levels.last() {
                self.below = self.below.saturating_sub(level.chain + 1);
                self.below_prefix = self.below_prefix.saturating_sub(level.prefix);
            }
        }
    }

    fn token(&mut self, kind: TokenKind, range: TextRange) {
        if let Some(number) = self.number_before.take()
            && number.end() == range.start()
            && kind.is_keyword()
        {
            self.scan.numbers.push(number);
        }
        // The parser takes `yield` alone for an operand, which it is not.
        if std::mem::replace(&mut self.yield_before, kind == TokenKind::Yield) {
            self.scan.suspicious |= continues_operand(kind);
        }
        let Some(level) = self.levels.last_mut() else {
            return;
        };
        let mut operand = false;
        match kind {
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => self.open(false),
            TokenKind::FStringStart | TokenKind::TStringStart => self.open(true),
            TokenKind::Rpar
            | TokenKind::Rsqb
            | TokenKind::Rbrace
            | TokenKind::FStringEnd
            | TokenKind::TStringEnd => {
                self.close();
                operand = true;
            }
            TokenKind::Name | TokenKind::String => operand = true,
            TokenKind::Int | TokenKind::Float | TokenKind::Complex => {
                operand = true;
                self.number_before = Some(range);
                let length = range.len().to_usize();
                self.scan.longest_int = self.scan.longest_int.max(length);
            }
            TokenKind::Comma | TokenKind::Semi | TokenKind::Newline => {
                level.chain = 0;
                level.prefix = 0;
            }
            TokenKind::And | TokenKind::Or | TokenKind::EqEqual | TokenKind::Less => {
                level.chain = 0;
            }
            TokenKind::Not | TokenKind::Tilde | TokenKind::Else | TokenKind::Await => {
                level.chain += 1;
                level.prefix += 1;
            }
            TokenKind::Lambda | TokenKind::DoubleStar => {
                level.chain += 1;
                level.prefix += 3;
            }
            TokenKind::Plus | TokenKind::Minus => {
                level.chain += 1;
                level.prefix += usize::from(!self.operand_before);
            }
            TokenKind::Star
            | TokenKind::Slash
            | TokenKind::DoubleSlash
            | TokenKind::Percent
            | TokenKind::At
            | TokenKind::Vbar
            | TokenKind::Amper
            | TokenKind::CircumFlex
            | TokenKind::LeftShift
            | TokenKind::RightShift
            | TokenKind::Dot
            | TokenKind::If
            | TokenKind::For
            | TokenKind::ColonEqual => level.chain += 1,
            TokenKind::Indent => {
                self.indent += 1;
                self.scan.suspicious |= self.indent >= 100;
            }
            TokenKind::Dedent => self.indent = self.indent.saturating_sub(1),
            TokenKind::Comment | TokenKind::NonLogicalNewline => operand = self.operand_before,
            _ => {
                operand = matches!(
                    kind,
                    TokenKind::True | TokenKind::False | TokenKind::None | TokenKind::Ellipsis
                );
            }
        }
        self.operand_before = operand;
        let Some(level) = self.levels.last() else {
            return;
        };
        let chain = self.below + level.chain;
        self.scan.depth = self.scan.depth.max(chain + 2 * self.indent + 8);
        if self.below_prefix + level.prefix > MAX_PREFIX {
            self.scan.too_deep = Some(TooDeep::Parser);
        } else if chain > MAX_CHAIN && self.scan.too_deep.is_none() {
            self.scan.too_deep = Some(TooDeep::Compiler);
        }
    }
}

/// Whether a token can only follow an operand, or a comma behind one.
fn continues_operand(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Comma
            | TokenKind::EqEqual
            | TokenKind::NotEqual
            | TokenKind::Less
            | TokenKind::LessEqual
            | TokenKind::Greater
            | TokenKind::GreaterEqual
            | TokenKind::Slash
            | TokenKind::DoubleSlash
            | TokenKind::DoubleStar
            | TokenKind::Percent
            | TokenKind::At
            | TokenKind::Vbar
            | TokenKind::Amper
            | TokenKind::CircumFlex
            | TokenKind::LeftShift
            | TokenKind::RightShift
            | TokenKind::Dot
            | TokenKind::ColonEqual
            | TokenKind::In
            | TokenKind::Is
            | TokenKind::And
            | TokenKind::Or
            | TokenKind::If
            | TokenKind::Else
            | TokenKind::For
            | TokenKind::As
    )
}

/// Whether lines are indented with tabs and others with spaces, so that they may clash.
pub(crate) fn mixes_indentation(source: &str) -> bool {
    let bytes = source.as_bytes();
    let mut tabs = false;
    let mut spaces = false;
    if !bytes.contains(&b'\t') {
        return false;
    }
    for line in source.split('\n') {
        match line.as_bytes().first() {
            Some(b'\t' | b'\x0c') => tabs = true,
            Some(b' ') => {
                spaces = true;
                let indent = line.len() - line.trim_start_matches([' ', '\t', '\x0c']).len();
                tabs |= line.as_bytes()[..indent].contains(&b'\t');
            }
            _ => {}
        }
        if tabs && spaces {
            return true;
        }
    }
    // Tabs alone can clash with themselves and spaces behind them.
    tabs && source.contains("\t ")
}
