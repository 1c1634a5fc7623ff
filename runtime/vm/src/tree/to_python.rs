//! Trees of the compiler as Python objects.

use taipan_lower::asdl::{Field, Node};

use crate::Thread;
use crate::object::{Gc, Result, Value, ValueVec};
use crate::types::dict::Dict;
use crate::types::type_::Type;

/// Where the interpreter keeps the nodes of which there is one.
const SINGLETONS: &str = "_ast.singletons";

struct Maker {
    classes: Gc<Dict>,
    singletons: Gc<Dict>,
}

/// The object for a tree.
pub(super) fn object(th: &mut Thread, tree: &Node) -> Result {
    let classes = super::classes(th)?;
    let kept = th.vm().registry.borrow().get(SINGLETONS).copied();
    let singletons = match kept.and_then(|d| d.downcast::<Dict>()) {
        Some(d) => d,
        None => {
            let d = th.new_dict();
            th.vm().registry.borrow_mut().insert(SINGLETONS, d.value());
            d
        }
    };
    let maker = Maker {
        classes,
        singletons,
    };
    maker.node(th, tree)
}

impl Maker {
    fn class(&self, th: &mut Thread, kind: &str) -> Result<Gc<Type>> {
        match th
            .dict_get_text(self.classes, kind)
            .and_then(|c| c.downcast::<Type>())
        {
            Some(c) => Ok(c),
            None => Err(th.runtime_error(format!("_ast.{kind} is no class any more"))),
        }
    }

    fn node(&self, th: &mut Thread, n: &Node) -> Result {
        th.check_native_stack(" during ast construction")?;
        let class = self.class(th, n.kind)?;
        let Some(new) = class.slots().new else {
            return Err(th.type_error(format!("cannot make an instance of {}", n.kind)));
        };
        let this = new(th, crate::call::Args::positional(&[class.value()]))?;
        for (name, field) in &n.fields {
            let v = self.field(th, field)?;
            let name = th.intern(name);
            th.set_attr(this, name, v)?;
        }
        if let Some(s) = n.span {
            for (name, at) in [
                ("lineno", s.line),
                ("col_offset", s.column),
                ("end_lineno", s.end_line),
                ("end_col_offset", s.end_column),
            ] {
                let v = th.int(i64::from(at));
                let name = th.intern(name);
                th.set_attr(this, name, v)?;
            }
        }
        Ok(this)
    }

    fn field(&self, th: &mut Thread, f: &Field) -> Result {
        Ok(match f {
            Field::None => th.none(),
            Field::Node(n) => self.node(th, n)?,
            Field::Singleton(kind) => self.singleton(th, kind)?,
            Field::List(all) => {
                let items = ValueVec::new();
                for f in all {
                    let v = self.field(th, f)?;
                    th.push(&items, v)?;
                }
                th.list_from_vec(items).value()
            }
            Field::Name(s) => th.intern(s).value(),
            Field::Constant(c) => th.constant(c),
            Field::Int(i) => th.int(*i),
        })
    }

    fn singleton(&self, th: &mut Thread, kind: &'static str) -> Result {
        if let Some(v) = th.dict_get_text(self.singletons, kind) {
            return Ok(v);
        }
        let class = self.class(th, kind)?.value();
        let v: Value = th.call(class, &[])?;
        th.dict_set_text(self.singletons, kind, v);
        Ok(v)
    }
}
