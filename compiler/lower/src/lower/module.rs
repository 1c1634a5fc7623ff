//! Entry points: a source, or a tree, to a code object.

use std::sync::Arc;

use ruff_python_ast::{self as ast, Expr, Stmt};
use rustc_hash::FxHashMap;
use taipan_bytecode::code::{CodeObject, Constant, SourceRange, co_flags};
use taipan_bytecode::lazy::CodeRef;
use taipan_bytecode::opcode::Opcode;

use super::marks::Marks;
use super::unit::Unit;
use super::{Lowerer, Result};
use crate::asdl::{self, render::Invalid};
use crate::errors::{SyntaxError, Warning};
use crate::parse::{self, Mode, Parsed, Tree};

/// How to compile.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// What the front end is to know.
    pub front: parse::Options,
    /// 0; 1 leaves out `assert` and makes `__debug__` false; 2 leaves out docstrings too.
    pub optimize: u8,
}

impl Options {
    /// Options for a mode with every flag off.
    pub fn new(mode: Mode) -> Options {
        Options {
            front: parse::Options::new(mode),
            optimize: 0,
        }
    }
}

/// What compilation gives.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The code.
    pub code: CodeRef,
    /// Warnings to be issued, in source order.
    pub warnings: Vec<Warning>,
}

/// Compiles a source text.
pub fn compile(
    source: &str,
    filename: &str,
    options: &Options,
) -> std::result::Result<Compiled, SyntaxError> {
    let parsed = parse::parse(source, options.front)?;
    compile_parsed(&parsed, filename, options)
}

/// Why a tree from Python code does not compile.
#[derive(Debug)]
pub enum TreeError {
    /// It is no tree of the grammar.
    Invalid(Invalid),
    /// SyntaxError and its kin.
    Syntax(SyntaxError),
}

/// Compiles a tree as module `ast` has them.
pub fn compile_tree(
    tree: &asdl::Node,
    filename: &str,
    options: &Options,
) -> std::result::Result<Compiled, TreeError> {
    let rendered = asdl::render::render(tree).map_err(TreeError::Invalid)?;
    let mut front = options.front;
    front.max_int_digits = 0;
    if front.mode == Mode::Single {
        // More than one statement is fine here.
        front.mode = Mode::Exec;
    }
    let places = Arc::new(rendered.places);
    let mut syntax = parse::parse_syntax(&rendered.text, &front).map_err(|e| {
        // What the text gets wrong, the tree does.
        TreeError::Syntax(SyntaxError {
            text: String::new(),
            ..e
        })
    })?;
    syntax.lines.set_places(places);
    let parsed = parse::checked(syntax, &front).map_err(TreeError::Syntax)?;
    let compiled = compile_parsed(&parsed, filename, options).map_err(TreeError::Syntax)?;
    if rendered.names.is_empty() {
        return Ok(compiled);
    }
    let names: FxHashMap<&str, &str> = rendered
        .names
        .iter()
        .map(|(p, n)| (p.as_str(), n.as_str()))
        .collect();
    Ok(Compiled {
        code: CodeRef::from(renamed(&compiled.code, &names)),
        warnings: compiled.warnings,
    })
}

/// The code with placeholders replaced by the names they stand for.
fn renamed(code: &CodeObject, names: &FxHashMap<&str, &str>) -> CodeObject {
    let mut code = code.clone();
    let fix = |s: &mut String| {
        if let Some(real) = names.get(s.as_str()) {
            *s = (*real).to_string();
        }
    };
    code.names.iter_mut().for_each(fix);
    code.varnames.iter_mut().for_each(fix);
    code.cellvars.iter_mut().for_each(|(n, _)| fix(n));
    code.freevars.iter_mut().for_each(|(n, _)| fix(n));
    fix(&mut code.name);
    code.qualname = code
        .qualname
        .split('.')
        .map(|part| names.get(part).copied().unwrap_or(part))
        .collect::<Vec<_>>()
        .join(".");
    code.consts.iter_mut().for_each(|c| rename_in(c, names));
    code
}

fn rename_in(c: &mut Constant, names: &FxHashMap<&str, &str>) {
    match c {
        Constant::Code(code) => *code = CodeRef::from(renamed(code, names)),
        Constant::Tuple(all) => all.iter_mut().for_each(|c| rename_in(c, names)),
        Constant::Str(s) => {
            if let Some(real) = std::str::from_utf8(s).ok().and_then(|s| names.get(s)) {
                *s = real.as_bytes().to_vec();
            }
        }
        _ => {}
    }
}

/// Compiles a tree with its scopes.
pub fn compile_parsed(
    parsed: &Parsed,
    filename: &str,
    options: &Options,
) -> std::result::Result<Compiled, SyntaxError> {
    let code = parse::with_stack(parsed.depth, || {
        let mut lowerer = Lowerer {
            source: &parsed.source,
            lines: &parsed.lines,
            scopes: &parsed.scopes,
            filename,
            optimize: options.optimize,
            future_annotations: parsed.future_annotations,
            top_level_await: options.front.top_level_await,
            interactive: options.front.mode == Mode::Single,
            marks: match &parsed.tree {
                Tree::Module(m) => Marks::of_body(&m.body),
                Tree::Expression(e) => Marks::of_expr(&e.body),
            },
            unit: Unit::placeholder(parsed.scopes.module()),
            outer: Vec::new(),
        };
        match &parsed.tree {
            Tree::Module(m) => lowerer.module(m),
            Tree::Expression(e) => lowerer.expression(&e.body),
        }
    })?;
    Ok(Compiled {
        code,
        warnings: parsed.warnings.clone(),
    })
}

impl<'a> Lowerer<'a> {
    fn begin(&mut self) {
        let scope = self.scopes.module();
        self.enter(scope, "<module>", 1, false);
        self.unit.b.at = SourceRange::default();
        if self.top_level_await && self.scopes[scope].is_coroutine {
            self.unit.code.flags |= co_flags::COROUTINE;
            self.enter_generator();
        }
    }

    fn module(&mut self, m: &'a ast::ModModule) -> Result<CodeRef> {
        self.begin();
        let mut body: &'a [Stmt] = &m.body;
        if let Some(first) = body.first() {
            self.at(first);
        }
        let t = self.temp();
        self.prepare_annotations(body, t)?;
        if !self.interactive
            && let Some((doc, rest)) = self.split_docstring(body)
        {
            if self.optimize < 2 {
                if let Some(first) = body.first() {
                    self.at(first);
                }
                self.b().load_const(t, doc);
                self.store_special("__doc__", t);
            }
            body = rest;
        }
        self.release(t.0);
        self.suite(body)?;
        self.leave()
    }

    fn expression(&mut self, e: &'a Expr) -> Result<CodeRef> {
        self.begin();
        let value = self.expr(e, None)?;
        self.at(e);
        self.b().op1(Opcode::Return, value);
        self.leave()
    }
}
