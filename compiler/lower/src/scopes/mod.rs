//! Symbol scopes: for every name of every scope, where it lives.
//!
//! # Theory
//! [`Scopes::build`] makes two passes, as the language reference requires. The first
//! (`collect/`) walks the AST once and notes, per scope, what is done with each name ([`Seen`]);
//! it raises the errors that depend on the order of statements ("assigned to before global
//! declaration"). The second (`analyze.rs`) walks the tree of scopes from the module down with
//! the set of names bound by enclosing functions, and decides each name's [`Binding`]; free
//! names travel back up and turn locals into cells.
//!
//! # How lowering uses it
//! * Find a scope by the AST node that opens it: [`Scopes::function`], [`Scopes::lambda`],
//!   [`Scopes::class`], [`Scopes::comprehension`], [`Scopes::type_params`],
//!   [`Scopes::function_annotations`], [`Scopes::annotations_of`], [`Scopes::type_alias`],
//!   [`Scopes::type_param_bound`], [`Scopes::type_param_default`]. [`Scopes::module`] is the root
//!   (also of an expression or interactive input).
//! * Resolve a name: [`Scopes::resolve`] takes the name as written, mangles it where the scope
//!   says so, and answers with the mangled name and its [`Binding`].
//! * Parameters in the order arguments are laid out (positional-only, positional, keyword-only,
//!   `*args`, `**kwargs`): [`Scope::params`]. Cells to make: [`Scope::cell_vars`]; closure to
//!   receive: [`Scope::free_vars`]; both sorted by name. A closure passed to a child is found by
//!   resolving each of the child's `free_vars` with [`Scopes::capture`] in the scope that creates
//!   the child (an inlined comprehension included).
//!
//! ## Comprehensions (PEP 709)
//! List, set and dict comprehensions are inlined ([`Scope::inlined`]) except in annotation scopes
//! that see a class body; generator expressions never are. An inlined comprehension keeps a scope
//! of its own, and no name has to be renamed in the AST: the lowering gives its [`Binding::Local`]
//! names fresh registers in the host's frame, and makes a new cell for each of its
//! [`Binding::Cell`] names when the comprehension is entered. For a name it does not bind,
//! `resolve` answers from the host's point of view: a local of the host is `Local` or `Cell` of
//! the *host*; [`Resolved::scope`] says whose it is. The first iterable is evaluated in the host's
//! scope and must be resolved there.
//!
//! ## Class bodies
//! Names are in the namespace mapping: `Local` and `GlobalImplicit` are by-name operations, `Free`
//! reads the mapping, then the cell. If a method uses `super` or `__class__`,
//! [`Scope::needs_class_closure`] is set and the body makes a cell `__class__`;
//! [`Scope::needs_classdict`] asks likewise for a cell `__classdict__` that holds the namespace
//! (annotation scopes and type parameter scopes with [`Scope::can_see_class_scope`] read names
//! through it first), and [`Scope::has_conditional_annotations`] for `__conditional_annotations__`
//! (a set of the annotations that were executed; in a module a global, in a class a cell).
//!
//! ## Annotation scopes (PEP 649, 695, 696)
//! Annotations of a function, a class body or a module are evaluated in a scope of kind
//! [`ScopeKind::Annotations`]: a function of one parameter called `.format`. With
//! `from __future__ import annotations` the scope exists but is detached: nothing in it has an
//! effect on enclosing scopes. Bounds, defaults and the value of `type X = …` have such a scope
//! each. A type parameter list opens a [`ScopeKind::TypeParams`] scope around the definition; it
//! has parameters `.defaults` and `.kwdefaults` if the function has such defaults, and for a class
//! the locals `.type_params` and `.generic_base`.
//!
//! # Absent on purpose
//! Iteration variables of inlined comprehensions are not copied into the host's table, since here
//! they never share a slot with a host's variable.

mod analyze;
mod collect;
pub mod mangle;
mod symbol;

use ruff_python_ast as ast;
use ruff_python_ast::name::Name;
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashMap;
use taipan_bytecode::code::Consumer;

use crate::errors::SyntaxError;
use crate::parse::LineIndex;

pub use symbol::{Binding, Seen, Symbol, Symbols};

/// Index of a scope in [`Scopes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScopeId(pub(crate) u32);

impl ScopeId {
    /// As an index into tables kept beside [`Scopes`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Which form a comprehension has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ComprehensionKind {
    /// `[… for …]`
    List,
    /// `{… for …}`
    Set,
    /// `{…: … for …}`
    Dict,
    /// `(… for …)`
    Generator,
}

/// What opened a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScopeKind {
    /// A module, an interactive input or an expression.
    Module,
    /// `def` or `async def`.
    Function,
    /// `lambda`.
    Lambda,
    /// `class`.
    Class,
    /// A comprehension or generator expression; its first iterable comes as parameter `.0`
    /// unless it is inlined.
    Comprehension(ComprehensionKind),
    /// The annotations of a function, class body or module.
    Annotations,
    /// `[T, *Ts, **P]` after a name.
    TypeParams,
    /// A type variable's bound or constraints.
    TypeParamBound,
    /// A type parameter's default.
    TypeParamDefault,
    /// The value of a `type` statement.
    TypeAlias,
}

impl ScopeKind {
    /// Whether names bound here are fast locals that scopes below can capture.
    pub fn is_function_like(self) -> bool {
        !matches!(self, ScopeKind::Module | ScopeKind::Class)
    }

    /// A `def`, `lambda` or comprehension, as against annotation scopes.
    pub fn is_function(self) -> bool {
        matches!(
            self,
            ScopeKind::Function | ScopeKind::Lambda | ScopeKind::Comprehension(_)
        )
    }
}

/// One scope.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Its own index.
    pub id: ScopeId,
    /// What opened it.
    pub kind: ScopeKind,
    /// The scope around it; none for the module.
    pub parent: Option<ScopeId>,
    /// Scopes directly inside, in source order of their opening.
    pub children: Vec<ScopeId>,
    /// The function's or class's name, `<lambda>`, `<listcomp>`, `<module>`, `__annotate__`, ….
    pub name: Name,
    /// The node that opened it.
    pub range: TextRange,
    /// Its names.
    pub symbols: Symbols,
    /// Parameters in the order their arguments are laid out.
    pub params: Vec<Name>,
    /// The class whose name mangles private names here.
    pub private: Option<Name>,
    /// In the type parameter scope of a generic class only these names are mangled.
    mangled_names: Option<Vec<Name>>,
    /// It is, however deep, inside a function.
    pub nested: bool,
    /// Has `yield`, or is a generator expression.
    pub is_generator: bool,
    /// `async def`, or has `await` or an asynchronous comprehension.
    pub is_coroutine: bool,
    /// Has `*args`.
    pub has_varargs: bool,
    /// Has `**kwargs`.
    pub has_varkeywords: bool,
    /// Has `return` with a value.
    pub returns_value: bool,
    /// Has `from … import *`.
    pub has_star_import: bool,
    /// Has any annotation.
    pub annotations_used: bool,
    /// The body's first statement is a docstring.
    pub has_docstring: bool,
    /// A comprehension that is part of its host's code. (Of a generator expression there is a
    /// generator's code too, see [`Scope::consumer`].)
    pub inlined: bool,
    /// Of a generator expression: the builtin that, by its name, consumes it at once.
    pub consumer: Option<Consumer>,
    /// A comprehension with `:=`, which binds outside of it.
    pub assigns_outside: bool,
    /// A class whose body must make a `__class__` cell.
    pub needs_class_closure: bool,
    /// A class whose body must make a `__classdict__` cell.
    pub needs_classdict: bool,
    /// A class or module with annotations that are executed or not at run time.
    pub has_conditional_annotations: bool,
    /// Names are looked up in the enclosing class body's namespace (`__classdict__`) first.
    pub can_see_class_scope: bool,
    annotations: Option<ScopeId>,
    /// Names of cells this scope creates, sorted.
    pub cell_vars: Vec<Name>,
    /// Names of cells it receives through its closure, sorted.
    pub free_vars: Vec<Name>,
}

impl Scope {
    /// The spelling of `name` in this scope.
    pub fn mangle(&self, name: &str) -> Name {
        if let Some(only) = &self.mangled_names
            && !only.iter().any(|n| n.as_str() == name)
        {
            return Name::new(name);
        }
        mangle::mangle(self.private.as_deref(), name)
    }

    /// Where an (already mangled) name lives, from this scope's own table. A name the scope never
    /// mentions is an implicit global. See [`Scopes::resolve`] for inlined comprehensions.
    pub fn lookup(&self, mangled: &str) -> Binding {
        self.symbols
            .get(mangled)
            .map_or(Binding::GlobalImplicit, |s| s.binding)
    }

    /// An asynchronous generator: `async def` with `yield`, or a generator expression that awaits.
    pub fn is_async_generator(&self) -> bool {
        self.is_generator && self.is_coroutine
    }

    /// Names bound here that need no cell, in order of first sight; parameters first.
    pub fn locals(&self) -> impl Iterator<Item = &Name> {
        self.params.iter().chain(
            self.symbols
                .iter()
                .filter(|s| s.binding == Binding::Local && !s.seen.any(Seen::PARAM))
                .map(|s| &s.name),
        )
    }
}

/// The answer of [`Scopes::resolve`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The mangled name.
    pub name: Name,
    /// Where it lives.
    pub binding: Binding,
    /// Whose register, cell, or closure entry it is: the asking scope, or the host of an inlined
    /// comprehension.
    pub scope: ScopeId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum NodeKind {
    Function,
    FunctionAnnotations,
    Lambda,
    Class,
    Comprehension,
    TypeParams,
    Bound,
    Default,
    TypeAlias,
}

/// How to build the table.
#[derive(Clone, Copy, Debug, Default)]
pub struct ScopeOptions {
    /// `from __future__ import annotations` is in force.
    pub future_annotations: bool,
    /// `await` at module level is allowed (`PyCF_ALLOW_TOP_LEVEL_AWAIT`).
    pub top_level_await: bool,
    /// Where the last valid `from __future__` import ends; a later one is an error.
    pub future_end: Option<ruff_text_size::TextSize>,
}

/// All scopes of a compilation unit.
#[derive(Clone, Debug)]
pub struct Scopes {
    scopes: Vec<Scope>,
    by_node: FxHashMap<(NodeKind, TextRange), ScopeId>,
}

impl std::ops::Index<ScopeId> for Scopes {
    type Output = Scope;

    fn index(&self, id: ScopeId) -> &Scope {
        &self.scopes[id.index()]
    }
}

impl Scopes {
    /// Builds the table of a module or interactive input. The recursion is as deep as the AST;
    /// [`crate::parse`] bounds that.
    pub fn build(
        body: &[ast::Stmt],
        source: &str,
        lines: &LineIndex,
        options: ScopeOptions,
    ) -> Result<Scopes, SyntaxError> {
        let mut scopes = collect::module(body, source, lines, options)?;
        analyze::run(&mut scopes)?;
        Ok(scopes.finish())
    }

    /// Builds the table of an expression (`eval`).
    pub fn build_expression(
        body: &ast::Expr,
        source: &str,
        lines: &LineIndex,
        options: ScopeOptions,
    ) -> Result<Scopes, SyntaxError> {
        let mut scopes = collect::expression(body, source, lines, options)?;
        analyze::run(&mut scopes)?;
        Ok(scopes.finish())
    }

    fn at(&self, kind: NodeKind, range: TextRange) -> Option<ScopeId> {
        self.by_node.get(&(kind, range)).copied()
    }

    /// The root.
    pub fn module(&self) -> ScopeId {
        ScopeId(0)
    }

    /// Body of a `def`.
    pub fn function(&self, node: &ast::StmtFunctionDef) -> Option<ScopeId> {
        self.at(NodeKind::Function, node.range)
    }

    /// The annotations of a `def`; none if it has none. (The reference makes an empty scope then,
    /// which gives every class with a method a `__classdict__` cell; here only those that need it.)
    pub fn function_annotations(&self, node: &ast::StmtFunctionDef) -> Option<ScopeId> {
        self.at(NodeKind::FunctionAnnotations, node.range)
    }

    /// The annotations of a module, a class body or (never evaluated) a function's local variables.
    pub fn annotations_of(&self, scope: ScopeId) -> Option<ScopeId> {
        self[scope].annotations
    }

    /// Body of a `lambda`.
    pub fn lambda(&self, node: &ast::ExprLambda) -> Option<ScopeId> {
        self.at(NodeKind::Lambda, node.range)
    }

    /// Body of a `class`.
    pub fn class(&self, node: &ast::StmtClassDef) -> Option<ScopeId> {
        self.at(NodeKind::Class, node.range)
    }

    /// A comprehension or generator expression.
    pub fn comprehension(&self, node: &impl Ranged) -> Option<ScopeId> {
        self.at(NodeKind::Comprehension, node.range())
    }

    /// A type parameter list.
    pub fn type_params(&self, node: &ast::TypeParams) -> Option<ScopeId> {
        self.at(NodeKind::TypeParams, node.range)
    }

    /// The bound or constraints of a type variable.
    pub fn type_param_bound(&self, node: &ast::TypeParamTypeVar) -> Option<ScopeId> {
        self.at(NodeKind::Bound, node.range)
    }

    /// The default of a type parameter.
    pub fn type_param_default(&self, node: &ast::TypeParam) -> Option<ScopeId> {
        self.at(NodeKind::Default, node.range())
    }

    /// The value of a `type` statement.
    pub fn type_alias(&self, node: &ast::StmtTypeAlias) -> Option<ScopeId> {
        self.at(NodeKind::TypeAlias, node.range)
    }

    /// Every scope, the root first.
    pub fn iter(&self) -> impl Iterator<Item = &Scope> {
        self.scopes.iter()
    }

    /// Where `name`, as written in `scope`, lives for code whose own scope is `own`.
    pub fn resolve(&self, own: ScopeId, scope: ScopeId, name: &str) -> Resolved {
        let name = self[scope].mangle(name);
        self.find(own, scope, name)
    }

    /// Where `scope` has the cell of one of a child's `free_vars`. Unlike with `resolve`, the names
    /// in a class body's namespace do not matter: it passes cells of enclosing functions through.
    pub fn capture(&self, own: ScopeId, scope: ScopeId, mangled: &Name) -> Resolved {
        let mut resolved = self.find(own, scope, mangled.clone());
        let owner = &self[resolved.scope];
        if owner.kind == ScopeKind::Class {
            resolved.binding = if owner.cell_vars.contains(mangled) {
                Binding::Cell
            } else {
                Binding::Free
            };
        }
        resolved
    }

    fn find(&self, own: ScopeId, scope: ScopeId, name: Name) -> Resolved {
        let mut at = scope;
        loop {
            let here = &self[at];
            let binding = here.lookup(&name);
            let host = here.parent.filter(|_| here.inlined && at != own);
            let scope = match host {
                Some(host) if binding == Binding::Free => {
                    if self[host].kind != ScopeKind::Class {
                        at = host;
                        continue;
                    }
                    // A comprehension does not see the names of the class body it is in.
                    host
                }
                _ => at,
            };
            return Resolved {
                name,
                binding,
                scope,
            };
        }
    }

    fn finish(mut self) -> Scopes {
        for scope in &mut self.scopes {
            let class = scope.kind == ScopeKind::Class;
            for symbol in scope.symbols.iter() {
                if symbol.binding == Binding::Cell {
                    scope.cell_vars.push(symbol.name.clone());
                } else if symbol.binding == Binding::Free
                    || symbol.seen.any(Seen::FREE_THROUGH_CLASS)
                {
                    scope.free_vars.push(symbol.name.clone());
                }
            }
            if class {
                let cells = [
                    (scope.needs_class_closure, "__class__"),
                    (scope.needs_classdict, "__classdict__"),
                    (
                        scope.has_conditional_annotations,
                        "__conditional_annotations__",
                    ),
                ];
                for (needed, name) in cells {
                    if needed {
                        scope.cell_vars.push(Name::new_static(name));
                    }
                }
            }
            scope.cell_vars.sort();
            scope.free_vars.sort();
        }
        self
    }
}
