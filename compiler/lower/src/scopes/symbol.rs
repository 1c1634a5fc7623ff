//! One name in one scope: what was seen of it, and what that makes it.

use ruff_python_ast::name::Name;
use rustc_hash::FxHashMap;

/// How a name is to be read and written in the scope that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Binding {
    /// Bound in this scope, and used by no closure below it. In a function: a register. In a
    /// module or class body: an entry of the namespace mapping.
    Local,
    /// Bound in this scope (never in a class or module body, save `__class__` and its like, see
    /// [`Scope::needs_class_closure`](super::Scope::needs_class_closure)) and captured by a scope
    /// below: a cell this scope creates.
    Cell,
    /// Bound in an enclosing function: a cell received through the closure. In a class body a
    /// read looks into the namespace first.
    Free,
    /// Declared with `global`: always the module's namespace, then builtins.
    GlobalExplicit,
    /// Bound nowhere: the module's namespace, then builtins; in a class body the namespace first.
    GlobalImplicit,
}

/// What the first pass saw of a name; a set of bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen(pub(super) u16);

impl Seen {
    /// Declared `global` here.
    pub const GLOBAL: Seen = Seen(1);
    /// Assigned to.
    pub const ASSIGNED: Seen = Seen(1 << 1);
    /// A parameter.
    pub const PARAM: Seen = Seen(1 << 2);
    /// Declared `nonlocal` here.
    pub const NONLOCAL: Seen = Seen(1 << 3);
    /// Read.
    pub const USED: Seen = Seen(1 << 4);
    /// Bound by an import.
    pub const IMPORTED: Seen = Seen(1 << 5);
    /// Has an annotation (`x: int`).
    pub const ANNOTATED: Seen = Seen(1 << 6);
    /// The iteration variable of a comprehension.
    pub const ITERATED: Seen = Seen(1 << 7);
    /// A type parameter.
    pub const TYPE_PARAM: Seen = Seen(1 << 8);
    /// Free in a scope below a class body that also has this name itself, so that the class
    /// needs it both in its namespace and in its closure.
    pub const FREE_THROUGH_CLASS: Seen = Seen(1 << 9);
    /// Any way of binding a name.
    pub const BOUND: Seen =
        Seen(Self::ASSIGNED.0 | Self::PARAM.0 | Self::IMPORTED.0 | Self::TYPE_PARAM.0);

    /// Whether any bit of `other` is set.
    pub fn any(self, other: Seen) -> bool {
        self.0 & other.0 != 0
    }

    /// Both sets of bits together.
    #[must_use]
    pub const fn with(self, other: Seen) -> Seen {
        Seen(self.0 | other.0)
    }
}

/// A name of a scope.
#[derive(Clone, Debug)]
pub struct Symbol {
    /// The mangled name.
    pub name: Name,
    /// What the scope does with it.
    pub seen: Seen,
    /// Where it lives. Meaningful after analysis only.
    pub binding: Binding,
}

/// The names of a scope in the order they were first seen.
#[derive(Clone, Debug, Default)]
pub struct Symbols {
    list: Vec<Symbol>,
    index: FxHashMap<Name, u32>,
}

impl Symbols {
    /// The entry of a (mangled) name.
    pub fn get(&self, name: &str) -> Option<&Symbol> {
        self.index
            .get(name)
            .and_then(|&at| self.list.get(at as usize))
    }

    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut Symbol> {
        self.index
            .get(name)
            .and_then(|&at| self.list.get_mut(at as usize))
    }

    /// The entry of `name`, made if it is new.
    pub(super) fn entry(&mut self, name: &Name) -> &mut Symbol {
        let at = match self.index.get(name.as_str()) {
            Some(&at) => at as usize,
            None => {
                let at = self.list.len();
                self.index.insert(name.clone(), at as u32);
                self.list.push(Symbol {
                    name: name.clone(),
                    seen: Seen::default(),
                    binding: Binding::GlobalImplicit,
                });
                at
            }
        };
        &mut self.list[at]
    }

    /// What was seen of `name`; nothing for an unknown one.
    pub fn seen(&self, name: &str) -> Seen {
        self.get(name).map_or(Seen::default(), |s| s.seen)
    }

    /// All names, in the order they were first seen.
    pub fn iter(&self) -> impl Iterator<Item = &Symbol> {
        self.list.iter()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Symbol> {
        self.list.iter_mut()
    }
}
