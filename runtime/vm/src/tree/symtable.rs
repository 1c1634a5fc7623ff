//! `_symtable`: the compiler's symbol tables.
//!
//! Inlined comprehensions are part of their host here as they are in the reference. What the
//! reference has and the compiler has not: an (empty) scope for the annotations of every function.

use std::cell::Cell;

use taipan_lower::parse::{self, Mode};
use taipan_lower::scopes::{Binding, ComprehensionKind, Scope, ScopeId, ScopeKind, Scopes, Seen};

use crate::object::{Gc, NativeHeader, Result, Value};
use crate::types::dict::Dict;
use crate::types::module::Module;
use crate::types::str_::Str;
use crate::{NativeObject, Thread, pymodule, pytype};

/// Bits of a symbol's flags.
mod def {
    pub const GLOBAL: i64 = 1;
    pub const LOCAL: i64 = 2;
    pub const PARAM: i64 = 4;
    pub const NONLOCAL: i64 = 8;
    pub const USE: i64 = 16;
    pub const FREE_CLASS: i64 = 64;
    pub const IMPORT: i64 = 128;
    pub const ANNOT: i64 = 256;
    pub const COMP_ITER: i64 = 512;
    pub const TYPE_PARAM: i64 = 1024;
    pub const COMP_CELL: i64 = 2048;
    pub const SCOPE_SHIFT: i64 = 12;
}

/// The table of one scope.
#[repr(C)]
#[derive(NativeObject)]
pub struct Entry {
    head: NativeHeader,
    name: Value,
    symbols: Gc<Dict>,
    varnames: Value,
    children: Value,
    #[notrace]
    id: Cell<i64>,
    #[notrace]
    kind: i64,
    #[notrace]
    line: i64,
    #[notrace]
    nested: bool,
}

fn kind(k: ScopeKind) -> i64 {
    match k {
        ScopeKind::Function | ScopeKind::Lambda | ScopeKind::Comprehension(_) => 0,
        ScopeKind::Class => 1,
        ScopeKind::Module => 2,
        ScopeKind::Annotations => 3,
        ScopeKind::TypeAlias => 4,
        ScopeKind::TypeParams => 5,
        ScopeKind::TypeParamBound | ScopeKind::TypeParamDefault => 6,
    }
}

fn name(s: &Scope) -> &str {
    match s.kind {
        ScopeKind::Module => "top",
        ScopeKind::Lambda => "lambda",
        ScopeKind::Comprehension(ComprehensionKind::List) => "listcomp",
        ScopeKind::Comprehension(ComprehensionKind::Set) => "setcomp",
        ScopeKind::Comprehension(ComprehensionKind::Dict) => "dictcomp",
        ScopeKind::Comprehension(ComprehensionKind::Generator) => "genexpr",
        _ => s.name.as_str(),
    }
}

fn flags(seen: Seen, binding: Binding) -> i64 {
    let mut f = 0;
    for (bit, flag) in [
        (Seen::GLOBAL, def::GLOBAL),
        (Seen::ASSIGNED, def::LOCAL),
        (Seen::PARAM, def::PARAM),
        (Seen::NONLOCAL, def::NONLOCAL),
        (Seen::USED, def::USE),
        (Seen::FREE_THROUGH_CLASS, def::FREE_CLASS),
        (Seen::IMPORTED, def::IMPORT),
        (Seen::ANNOTATED, def::ANNOT),
        (Seen::ITERATED, def::COMP_ITER | def::LOCAL),
        (Seen::TYPE_PARAM, def::TYPE_PARAM | def::LOCAL),
    ] {
        if seen.any(bit) {
            f |= flag;
        }
    }
    let scope = match binding {
        Binding::Local => 1,
        Binding::GlobalExplicit => 2,
        Binding::GlobalImplicit => 3,
        Binding::Free => 4,
        Binding::Cell => 5,
    };
    f | scope << def::SCOPE_SHIFT
}

struct Maker<'a> {
    scopes: &'a Scopes,
    lines: &'a parse::LineIndex,
}

impl Maker<'_> {
    /// Adds the symbols and children of a comprehension that is part of its host.
    fn merge(
        &self,
        th: &mut Thread,
        id: ScopeId,
        symbols: Gc<Dict>,
        children: Value,
    ) -> Result<()> {
        let scope = &self.scopes[id];
        for s in scope.symbols.iter() {
            let n = th.intern(&s.name).value();
            if scope.params.contains(&s.name) {
                continue;
            }
            if symbols.get(th, n)?.is_none() {
                let f = th.int(flags(s.seen, s.binding));
                symbols.set(th, n, f)?;
            }
        }
        self.children(th, id, symbols, children)
    }

    fn children(&self, th: &mut Thread, id: ScopeId, symbols: Gc<Dict>, list: Value) -> Result<()> {
        for &child in &self.scopes[id].children {
            if self.scopes[child].inlined {
                self.merge(th, child, symbols, list)?;
                continue;
            }
            let entry = self.entry(th, child)?;
            if let Some(l) = list.downcast::<crate::types::list::List>() {
                th.list_append(l, entry)?;
            }
        }
        Ok(())
    }

    fn entry(&self, th: &mut Thread, id: ScopeId) -> Result {
        th.check_native_stack(" during compilation")?;
        let scope = &self.scopes[id];
        let symbols = th.new_dict();
        for s in scope.symbols.iter() {
            let n = th.intern(&s.name).value();
            let f = th.int(flags(s.seen, s.binding));
            symbols.set(th, n, f)?;
        }
        let varnames = th.new_list();
        for p in &scope.params {
            let p = th.intern(p).value();
            th.list_append(varnames, p)?;
        }
        let children = th.new_list();
        self.children(th, id, symbols, children.value())?;
        let name = th.new_str(name(scope)).value();
        let line = match scope.kind {
            ScopeKind::Module => 0,
            _ => i64::from(self.lines.line(scope.range.start())),
        };
        let entry = th.new_native(&ENTRY_TYPE, |head| Entry {
            head,
            name,
            symbols,
            varnames: varnames.value(),
            children: children.value(),
            id: Cell::new(0),
            kind: kind(scope.kind),
            line,
            nested: scope.nested,
        });
        entry.id.set((entry.value().bits() >> 3) as i64);
        Ok(entry.value())
    }
}

#[pytype(name = "symtable entry", module = "", flags = NO_INSTANTIATION | HAS_WEAKREF, table = ENTRY_TYPE)]
impl Entry {
    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let text = match this.downcast::<Entry>() {
            Some(e) => format!(
                "<symtable entry {}({}), line {}>",
                th.str_lossy(e.name),
                e.id.get(),
                e.line
            ),
            None => String::new(),
        };
        Ok(th.new_str(&text).value())
    }

    #[pygetter]
    fn id(_: &mut Thread, this: Gc<Entry>) -> i64 {
        this.id.get()
    }

    #[pygetter]
    fn name(_: &mut Thread, this: Gc<Entry>) -> Value {
        this.name
    }

    #[pygetter]
    fn symbols(_: &mut Thread, this: Gc<Entry>) -> Value {
        this.symbols.value()
    }

    #[pygetter]
    fn varnames(_: &mut Thread, this: Gc<Entry>) -> Value {
        this.varnames
    }

    #[pygetter]
    fn children(_: &mut Thread, this: Gc<Entry>) -> Value {
        this.children
    }

    #[pygetter]
    fn nested(_: &mut Thread, this: Gc<Entry>) -> i64 {
        i64::from(this.nested)
    }

    #[pygetter(name = "type")]
    fn type_(_: &mut Thread, this: Gc<Entry>) -> i64 {
        this.kind
    }

    #[pygetter]
    fn lineno(_: &mut Thread, this: Gc<Entry>) -> i64 {
        this.line
    }
}

/// The functions hang here.
pub struct Symtable;

#[pymodule(name = "_symtable")]
impl Symtable {
    /// Return symbol and scope dictionaries used internally by compiler.
    #[pyfunction(sig = "(source, filename, startstr, /)")]
    fn symtable(th: &mut Thread, source: Value, filename: Value, startstr: Gc<Str>) -> Result {
        let mode = match startstr.to_string_lossy().as_str() {
            "exec" => Mode::Exec,
            "eval" => Mode::Eval,
            "single" => Mode::Single,
            _ => {
                return Err(th.value_error("symtable() arg 3 must be 'exec' or 'eval' or 'single'"));
            }
        };
        let text = crate::builtins::source::source_text(th, source, "symtable", "string or bytes")?;
        let filename = th.str_lossy(filename);
        let (scopes, lines) = match parse::symbols(&text, parse::Options::new(mode)) {
            Ok(p) => p,
            Err(e) => return Err(crate::builtins::raise_syntax_error(th, &filename, e)),
        };
        let maker = Maker {
            scopes: &scopes,
            lines: &lines,
        };
        maker.entry(th, scopes.module())
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        for (k, v) in [
            ("USE", def::USE),
            ("DEF_GLOBAL", def::GLOBAL),
            ("DEF_NONLOCAL", def::NONLOCAL),
            ("DEF_LOCAL", def::LOCAL),
            ("DEF_PARAM", def::PARAM),
            ("DEF_TYPE_PARAM", def::TYPE_PARAM),
            ("DEF_FREE_CLASS", def::FREE_CLASS),
            ("DEF_IMPORT", def::IMPORT),
            ("DEF_BOUND", def::LOCAL | def::PARAM | def::IMPORT),
            ("DEF_ANNOT", def::ANNOT),
            ("DEF_COMP_ITER", def::COMP_ITER),
            ("DEF_COMP_CELL", def::COMP_CELL),
            ("TYPE_FUNCTION", 0),
            ("TYPE_CLASS", 1),
            ("TYPE_MODULE", 2),
            ("TYPE_ANNOTATION", 3),
            ("TYPE_TYPE_ALIAS", 4),
            ("TYPE_TYPE_PARAMETERS", 5),
            ("TYPE_TYPE_VARIABLE", 6),
            ("LOCAL", 1),
            ("GLOBAL_EXPLICIT", 2),
            ("GLOBAL_IMPLICIT", 3),
            ("FREE", 4),
            ("CELL", 5),
            ("SCOPE_OFF", def::SCOPE_SHIFT),
            ("SCOPE_MASK", 15),
        ] {
            let v = th.int(v);
            th.dict_set_text(m.namespace(), k, v);
        }
        Ok(())
    }
}
