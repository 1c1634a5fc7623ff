//! First pass: what each scope does with each name, and the errors that follow from order alone.

mod expr;
mod pattern;
mod stmt;

use ruff_python_ast as ast;
use ruff_python_ast::name::Name;
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashMap;

use super::symbol::{Seen, Symbols};
use super::{NodeKind, Scope, ScopeId, ScopeKind, ScopeOptions, Scopes};
use crate::errors::SyntaxError;
use crate::parse::LineIndex;

pub(super) type Done = Result<(), SyntaxError>;

/// The table after the first pass, with what the second needs to report errors.
pub(super) struct Collected<'s> {
    pub scopes: Vec<Scope>,
    pub by_node: FxHashMap<(NodeKind, TextRange), ScopeId>,
    /// Per scope: where each name was declared `global` or `nonlocal`.
    pub directives: Vec<Vec<(Name, TextRange)>>,
    pub source: &'s str,
    pub lines: &'s LineIndex,
}

impl Collected<'_> {
    pub fn finish(self) -> Scopes {
        Scopes {
            scopes: self.scopes,
            by_node: self.by_node,
        }
        .finish()
    }
}

/// State of a scope that only the first pass needs.
#[derive(Clone, Default)]
struct Transient {
    in_comprehension_target: bool,
    comprehension_iterables: u32,
    in_conditional: bool,
    in_unevaluated_annotation: bool,
    /// "a TypeVar bound" and the like.
    what: Option<&'static str>,
}

/// How a name expression is used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Load,
    Store,
    Delete,
}

pub(super) struct Collector<'s> {
    out: Collected<'s>,
    transient: Vec<Transient>,
    stack: Vec<ScopeId>,
    private: Option<Name>,
    options: ScopeOptions,
}

pub(super) fn module<'s>(
    body: &[ast::Stmt],
    source: &'s str,
    lines: &'s LineIndex,
    options: ScopeOptions,
) -> Result<Collected<'s>, SyntaxError> {
    let mut c = Collector::new(source, lines, options);
    c.open_module();
    c.cur_mut().has_docstring = has_docstring(body);
    c.stmts(body)?;
    Ok(c.out)
}

pub(super) fn expression<'s>(
    body: &ast::Expr,
    source: &'s str,
    lines: &'s LineIndex,
    options: ScopeOptions,
) -> Result<Collected<'s>, SyntaxError> {
    let mut c = Collector::new(source, lines, options);
    c.open_module();
    c.expr(body)?;
    Ok(c.out)
}

fn has_docstring(body: &[ast::Stmt]) -> bool {
    matches!(body.first(), Some(ast::Stmt::Expr(e)) if e.value.is_string_literal_expr())
}

impl<'s> Collector<'s> {
    fn new(source: &'s str, lines: &'s LineIndex, options: ScopeOptions) -> Self {
        Collector {
            out: Collected {
                scopes: Vec::new(),
                by_node: FxHashMap::default(),
                directives: Vec::new(),
                source,
                lines,
            },
            transient: Vec::new(),
            stack: Vec::new(),
            private: None,
            options,
        }
    }

    fn error<T>(&self, range: TextRange, message: impl Into<String>) -> Result<T, SyntaxError> {
        Err(SyntaxError::at(
            self.out.lines,
            self.out.source,
            range,
            message,
        ))
    }

    fn open_module(&mut self) {
        let range = TextRange::up_to(ruff_text_size::TextSize::of(self.out.source));
        let id = self.make(ScopeKind::Module, Name::new_static("<module>"), range);
        self.push(id, true);
    }

    fn cur_id(&self) -> ScopeId {
        self.stack.last().copied().unwrap_or(ScopeId(0))
    }

    fn cur(&self) -> &Scope {
        &self.out.scopes[self.cur_id().index()]
    }

    fn cur_mut(&mut self) -> &mut Scope {
        let id = self.cur_id();
        &mut self.out.scopes[id.index()]
    }

    fn state(&mut self) -> &mut Transient {
        let id = self.cur_id();
        &mut self.transient[id.index()]
    }

    fn make(&mut self, kind: ScopeKind, name: Name, range: TextRange) -> ScopeId {
        let id = ScopeId(self.out.scopes.len() as u32);
        let (parent, nested) = match self.stack.last() {
            Some(&p) => {
                let scope = &self.out.scopes[p.index()];
                (Some(p), scope.nested || scope.kind.is_function_like())
            }
            None => (None, false),
        };
        self.out.scopes.push(Scope {
            id,
            kind,
            parent,
            children: Vec::new(),
            name,
            range,
            symbols: Symbols::default(),
            params: Vec::new(),
            private: self.private.clone(),
            mangled_names: None,
            nested,
            is_generator: false,
            is_coroutine: false,
            has_varargs: false,
            has_varkeywords: false,
            returns_value: false,
            has_star_import: false,
            annotations_used: false,
            has_docstring: false,
            inlined: false,
            consumer: None,
            assigns_outside: false,
            needs_class_closure: false,
            needs_classdict: false,
            has_conditional_annotations: false,
            can_see_class_scope: false,
            annotations: None,
            cell_vars: Vec::new(),
            free_vars: Vec::new(),
        });
        self.transient.push(Transient::default());
        self.out.directives.push(Vec::new());
        id
    }

    /// Makes `id` the current scope.
    fn push(&mut self, id: ScopeId, new: bool) {
        if let Some(&prev) = self.stack.last() {
            // An assignment expression is disallowed even in scopes nested in an iterable.
            self.transient[id.index()].comprehension_iterables =
                self.transient[prev.index()].comprehension_iterables;
            let kind = self.out.scopes[id.index()].kind;
            if kind != ScopeKind::Class {
                let names = self.out.scopes[prev.index()].mangled_names.clone();
                if names.is_some() {
                    self.out.scopes[id.index()].mangled_names = names;
                }
            }
            let detached = self.options.future_annotations && kind == ScopeKind::Annotations;
            if new && !detached {
                self.out.scopes[prev.index()].children.push(id);
            }
        }
        self.stack.push(id);
    }

    /// Opens a scope inside the current one.
    fn enter(
        &mut self,
        kind: ScopeKind,
        name: Name,
        range: TextRange,
        node: Option<(NodeKind, TextRange)>,
    ) -> Result<ScopeId, SyntaxError> {
        let id = self.make(kind, name, range);
        if let Some(node) = node {
            self.out.by_node.insert(node, id);
        }
        self.push(id, true);
        if matches!(
            kind,
            ScopeKind::Annotations
                | ScopeKind::TypeParamBound
                | ScopeKind::TypeParamDefault
                | ScopeKind::TypeAlias
        ) {
            let format = Name::new_static(".format");
            self.define(&format, Seen::PARAM, range)?;
            self.define(&format, Seen::USED, range)?;
        }
        Ok(id)
    }

    fn leave(&mut self) {
        self.stack.pop();
    }

    fn seen(&self, scope: ScopeId, name: &str) -> Seen {
        let scope = &self.out.scopes[scope.index()];
        scope
            .symbols
            .seen(&mangle_in(scope, self.private.as_deref(), name))
    }

    fn check_name(&self, name: &str, range: TextRange, access: Access) -> Done {
        if name == "__debug__" {
            match access {
                Access::Store => return self.error(range, "cannot assign to __debug__"),
                Access::Delete => return self.error(range, "cannot delete __debug__"),
                Access::Load => {}
            }
        }
        Ok(())
    }

    fn define(&mut self, name: &Name, seen: Seen, range: TextRange) -> Done {
        let access = if seen == Seen::USED {
            Access::Load
        } else {
            Access::Store
        };
        self.define_as(name, seen, range, access)
    }

    fn define_as(&mut self, name: &Name, seen: Seen, range: TextRange, access: Access) -> Done {
        let written = Seen::PARAM.with(Seen::ASSIGNED).with(Seen::IMPORTED);
        if seen.any(written) {
            self.check_name(name, range, access)?;
        }
        if seen.any(Seen::TYPE_PARAM)
            && let Some(names) = &mut self.cur_mut().mangled_names
            && !names.contains(name)
        {
            names.push(name.clone());
        }
        self.define_in(self.cur_id(), name, seen, range)
    }

    fn define_in(&mut self, scope: ScopeId, name: &Name, seen: Seen, range: TextRange) -> Done {
        let mangled = mangle_in(self.cur(), self.private.as_deref(), name);
        let in_target = self.transient[scope.index()].in_comprehension_target;
        let symbol = self.out.scopes[scope.index()].symbols.entry(&mangled);
        let before = symbol.seen;
        if seen.any(Seen::PARAM) && before.any(Seen::PARAM) {
            return self.error(
                range,
                format!("duplicate argument '{name}' in function definition"),
            );
        }
        if seen.any(Seen::TYPE_PARAM) && before.any(Seen::TYPE_PARAM) {
            return self.error(range, format!("duplicate type parameter '{name}'"));
        }
        let mut after = before.with(seen);
        if in_target {
            if after.any(Seen::GLOBAL.with(Seen::NONLOCAL)) {
                return self.error(
                    range,
                    format!(
                        "comprehension inner loop cannot rebind assignment expression target \
                         '{name}'"
                    ),
                );
            }
            after = after.with(Seen::ITERATED);
        }
        symbol.seen = after;
        if seen.any(Seen::PARAM) {
            self.out.scopes[scope.index()].params.push(mangled);
        } else if seen.any(Seen::GLOBAL) && scope != ScopeId(0) {
            let global = self.out.scopes[0].symbols.entry(&mangled);
            global.seen = global.seen.with(Seen::GLOBAL);
        }
        Ok(())
    }

    fn record_directive(&mut self, name: &str, range: TextRange) {
        let mangled = mangle_in(self.cur(), self.private.as_deref(), name);
        let id = self.cur_id();
        self.out.directives[id.index()].push((mangled, range));
    }

    fn conditionally(&mut self, f: impl FnOnce(&mut Self) -> Done) -> Done {
        let before = std::mem::replace(&mut self.state().in_conditional, true);
        let done = f(self);
        self.state().in_conditional = before;
        done
    }

    /// An annotation of a variable in a module, class body or function.
    fn variable_annotation(&mut self, annotation: &ast::Expr) -> Done {
        let owner = self.cur_id();
        let kind = self.cur().kind;
        let unevaluated = !matches!(kind, ScopeKind::Module | ScopeKind::Class);
        let conditional =
            (kind == ScopeKind::Class && self.state().in_conditional) || kind == ScopeKind::Module;
        let name = Name::new_static("__conditional_annotations__");
        if conditional && !self.cur().has_conditional_annotations {
            self.cur_mut().has_conditional_annotations = true;
            self.define(&name, Seen::USED, annotation.range())?;
        }
        match self.cur().annotations {
            Some(id) => self.push(id, false),
            None => {
                let id = self.enter(
                    ScopeKind::Annotations,
                    Name::new_static("__annotate__"),
                    annotation.range(),
                    None,
                )?;
                self.out.scopes[owner.index()].annotations = Some(id);
                if kind == ScopeKind::Class && !self.options.future_annotations {
                    self.cur_mut().can_see_class_scope = true;
                    let classdict = Name::new_static("__classdict__");
                    self.define(&classdict, Seen::USED, annotation.range())?;
                }
            }
        }
        if self.out.scopes[owner.index()].has_conditional_annotations
            && !self.options.future_annotations
        {
            self.define(&name, Seen::USED, annotation.range())?;
        }
        if unevaluated {
            self.state().in_unevaluated_annotation = true;
        }
        let done = self.expr(annotation);
        if unevaluated {
            self.state().in_unevaluated_annotation = false;
        }
        self.leave();
        done
    }
}

/// The spelling of `name` when met in `scope` inside class `private`.
fn mangle_in(scope: &Scope, private: Option<&str>, name: &str) -> Name {
    if let Some(only) = &scope.mangled_names
        && !only.iter().any(|n| n.as_str() == name)
    {
        return Name::new(name);
    }
    super::mangle::mangle(private, name)
}

/// The range of a definition from its `def`, `async` or `class` on.
fn without_decorators(source: &str, range: TextRange, decorators: &[ast::Decorator]) -> TextRange {
    let Some(last) = decorators.last() else {
        return range;
    };
    let mut at = last.range.end();
    let rest = source
        .get(at.to_usize()..range.end().to_usize())
        .unwrap_or("");
    let mut in_comment = false;
    for c in rest.chars() {
        match c {
            '#' => in_comment = true,
            '\n' | '\r' => in_comment = false,
            _ if in_comment || c.is_whitespace() || c == '\\' => {}
            _ => break,
        }
        at += ruff_text_size::TextSize::of(c);
    }
    TextRange::new(at, range.end())
}

/// The range of `args` or `kwargs` without the stars.
fn unstarred(parameter: &ast::Parameter) -> TextRange {
    TextRange::new(parameter.name.range.start(), parameter.range.end())
}
