//! Second pass: from what was seen of names to where they live.

use ruff_python_ast::name::Name;
use rustc_hash::FxHashSet;

use taipan_bytecode::code::Consumer;

use super::collect::Collected;
use super::symbol::{Binding, Seen};
use super::{ComprehensionKind, ScopeId, ScopeKind};
use crate::errors::SyntaxError;

type Names = FxHashSet<Name>;

/// Names of a class that are cells of their own beside its namespace.
const CLASS_CELLS: [&str; 3] = ["__class__", "__classdict__", "__conditional_annotations__"];

/// Names of what would tell a generator's frame from its host's.
const SEE_FRAMES: [&str; 7] = [
    "locals",
    "vars",
    "dir",
    "eval",
    "exec",
    "super",
    "__class__",
];

pub(super) fn run(table: &mut Collected<'_>) -> Result<(), SyntaxError> {
    Analyzer { table }.scope(ScopeId(0), None, &Names::default(), &Names::default(), None)?;
    Ok(())
}

struct Analyzer<'a, 's> {
    table: &'a mut Collected<'s>,
}

impl Analyzer<'_, '_> {
    fn error_at_directive<T>(
        &self,
        scope: ScopeId,
        name: &str,
        message: String,
    ) -> Result<T, SyntaxError> {
        let range = self.table.directives[scope.index()]
            .iter()
            .find(|(n, _)| n == name)
            .map_or(self.table.scopes[scope.index()].range, |(_, range)| *range);
        Err(SyntaxError::at(
            self.table.lines,
            self.table.source,
            range,
            message,
        ))
    }

    /// Decides the names of `id` and everything below it. `bound`: names bound by functions
    /// around it (none at all for the module); `global`: names they declare global; `class`: the
    /// class body whose namespace an annotation scope sees. Returns the names that are free in
    /// it and in scopes below.
    fn scope(
        &mut self,
        id: ScopeId,
        bound: Option<&Names>,
        global: &Names,
        type_params: &Names,
        class: Option<ScopeId>,
    ) -> Result<Names, SyntaxError> {
        let kind = self.table.scopes[id.index()].kind;
        let mut bound = bound.cloned();
        let mut global = global.clone();
        let mut type_params = type_params.clone();
        let mut local = Names::default();
        let mut free = Names::default();

        // A class's own names are invisible below it, so children get the sets as they were.
        let outer = (kind == ScopeKind::Class).then(|| (bound.clone(), global.clone()));

        let names: Vec<(Name, Seen)> = self.table.scopes[id.index()]
            .symbols
            .iter()
            .map(|s| (s.name.clone(), s.seen))
            .collect();
        for (name, seen) in names {
            let binding = if seen.any(Seen::GLOBAL) {
                if seen.any(Seen::NONLOCAL) {
                    return self.error_at_directive(
                        id,
                        &name,
                        format!("name '{name}' is nonlocal and global"),
                    );
                }
                global.insert(name.clone());
                if let Some(bound) = &mut bound {
                    bound.remove(&name);
                }
                Binding::GlobalExplicit
            } else if seen.any(Seen::NONLOCAL) {
                let Some(bound) = &bound else {
                    return self.error_at_directive(
                        id,
                        &name,
                        "nonlocal declaration not allowed at module level".to_owned(),
                    );
                };
                if !bound.contains(&name) {
                    return self.error_at_directive(
                        id,
                        &name,
                        format!("no binding for nonlocal '{name}' found"),
                    );
                }
                if type_params.contains(&name) {
                    return self.error_at_directive(
                        id,
                        &name,
                        format!("nonlocal binding not allowed for type parameter '{name}'"),
                    );
                }
                free.insert(name.clone());
                Binding::Free
            } else if seen.any(Seen::BOUND) {
                local.insert(name.clone());
                global.remove(&name);
                if seen.any(Seen::TYPE_PARAM) {
                    type_params.insert(name.clone());
                } else {
                    type_params.remove(&name);
                }
                Binding::Local
            } else {
                self.implicit(&name, bound.as_ref(), class, &mut free)
            };
            if let Some(symbol) = self.table.scopes[id.index()].symbols.get_mut(&name) {
                symbol.binding = binding;
            }
        }

        let (below_bound, below_global) = match outer {
            Some((bound, global)) => {
                let mut below = bound.unwrap_or_default();
                below.extend(CLASS_CELLS.map(Name::new_static));
                (below, global)
            }
            None => {
                let mut below = bound.clone().unwrap_or_default();
                if kind.is_function_like() {
                    below.extend(local.iter().cloned());
                }
                (below, global)
            }
        };

        let sees_class = self.table.scopes[id.index()].can_see_class_scope;
        let children = self.table.scopes[id.index()].children.clone();
        for child in children {
            let child_scope = &self.table.scopes[child.index()];
            let child_class = match child_scope.can_see_class_scope {
                true if kind == ScopeKind::Class => Some(id),
                true => class,
                false => None,
            };
            let inline = match child_scope.kind {
                ScopeKind::Comprehension(ComprehensionKind::Generator) => {
                    !sees_class && self.is_consumed(id, child)
                }
                ScopeKind::Comprehension(_) => !sees_class,
                _ => false,
            };
            let mut child_free = self.scope(
                child,
                Some(&below_bound),
                &below_global,
                &type_params,
                child_class,
            )?;
            if inline {
                self.inline(id, child, &mut child_free);
            }
            free.extend(child_free);
        }

        if kind.is_function_like() {
            for symbol in self.table.scopes[id.index()].symbols.iter_mut() {
                if symbol.binding == Binding::Local && free.remove(&symbol.name) {
                    symbol.binding = Binding::Cell;
                }
            }
        } else if kind == ScopeKind::Class {
            let scope = &mut self.table.scopes[id.index()];
            scope.needs_class_closure |= free.remove("__class__");
            scope.needs_classdict |= free.remove("__classdict__");
            scope.has_conditional_annotations |= free.remove("__conditional_annotations__");
        }
        self.pass_through(
            id,
            bound.as_ref(),
            &free,
            kind == ScopeKind::Class || sees_class,
        );
        Ok(free)
    }

    /// Is the generator expression `child` of `host` consumed on the spot, as far as can be told
    /// from the source? What the name of the consumer is bound to is tested at run time.
    fn is_consumed(&self, host: ScopeId, child: ScopeId) -> bool {
        let (scope, outer) = (
            &self.table.scopes[child.index()],
            &self.table.scopes[host.index()],
        );
        let Some(consumer) = scope.consumer else {
            return false;
        };
        let module = &self.table.scopes[0];
        let is_builtin = || {
            let name = Consumer::NAMES[consumer as usize];
            outer.lookup(name) == Binding::GlobalImplicit
                && !module.symbols.seen(name).any(Seen::BOUND)
                && !module.has_star_import
        };
        scope.children.is_empty()
            && !scope.is_coroutine
            && !scope.assigns_outside
            && !SEE_FRAMES.iter().any(|n| scope.symbols.get(n).is_some())
            && matches!(
                outer.kind,
                ScopeKind::Module
                    | ScopeKind::Function
                    | ScopeKind::Lambda
                    | ScopeKind::Comprehension(_)
            )
            && (consumer == Consumer::Join || is_builtin())
    }

    /// A name that the scope only reads.
    fn implicit(
        &self,
        name: &Name,
        bound: Option<&Names>,
        class: Option<ScopeId>,
        free: &mut Names,
    ) -> Binding {
        // A scope that sees a class body finds the class's own name there, or else the global:
        // not a function's variable that the class hides.
        if let Some(class) = class {
            let seen = self.table.scopes[class.index()].symbols.seen(name);
            if seen.any(Seen::GLOBAL) {
                return Binding::GlobalExplicit;
            }
            if seen.any(Seen::BOUND) && !seen.any(Seen::NONLOCAL) {
                return Binding::GlobalImplicit;
            }
        }
        if bound.is_some_and(|b| b.contains(name)) {
            free.insert(name.clone());
            return Binding::Free;
        }
        Binding::GlobalImplicit
    }

    /// Notes names that are free below `id` and come from above it.
    fn pass_through(&mut self, id: ScopeId, bound: Option<&Names>, free: &Names, is_class: bool) {
        let symbols = &mut self.table.scopes[id.index()].symbols;
        let mut free: Vec<&Name> = free.iter().collect();
        free.sort();
        for name in free {
            if let Some(symbol) = symbols.get_mut(name) {
                if is_class {
                    symbol.seen = symbol.seen.with(Seen::FREE_THROUGH_CLASS);
                }
            } else if bound.is_some_and(|b| b.contains(name)) {
                symbols.entry(name).binding = Binding::Free;
            }
        }
    }

    /// Makes comprehension `child` part of `host`: names it takes from the host need no cell on
    /// its account.
    fn inline(&mut self, host: ScopeId, child: ScopeId, child_free: &mut Names) {
        self.table.scopes[child.index()].inlined = true;
        let host_is_class = self.table.scopes[host.index()].kind == ScopeKind::Class;
        let names: Vec<(Name, Binding, Seen)> = self.table.scopes[child.index()]
            .symbols
            .iter()
            .map(|s| (s.name.clone(), s.binding, s.seen))
            .collect();
        for (name, binding, seen) in names {
            if seen.any(Seen::PARAM) {
                continue;
            }
            let is_class_cell = CLASS_CELLS.contains(&name.as_str());
            if host_is_class && binding == Binding::Free && is_class_cell {
                if !self.free_below(child, &name) {
                    child_free.remove(&name);
                }
                if let Some(symbol) = self.table.scopes[child.index()].symbols.get_mut(&name) {
                    symbol.binding = Binding::GlobalImplicit;
                }
                continue;
            }
            let in_host = self.table.scopes[host.index()].symbols.seen(&name);
            if in_host.any(Seen::BOUND) && !host_is_class && !self.free_below(child, &name) {
                child_free.remove(&name);
            }
        }
    }

    /// Whether a closure inside `id` (not merely an inlined comprehension) needs `name`.
    fn free_below(&self, id: ScopeId, name: &str) -> bool {
        self.table.scopes[id.index()].children.iter().any(|&c| {
            let child = &self.table.scopes[c.index()];
            if child.inlined {
                self.free_below(c, name)
            } else {
                child.lookup(name) == Binding::Free
            }
        })
    }
}
