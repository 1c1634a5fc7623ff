//! Graphs as text.

use std::fmt::{Debug, Write};

use crate::graph::{Alias, Graph, Terminator, Value};
use crate::state::{Operand, State};
use crate::types::{INT_MAX, INT_MIN, Rep, Type, kinds};

/// A type as text.
pub fn type_text(t: Type) -> String {
    if t.kinds == 0 {
        return "raw".into();
    }
    let mut s = String::new();
    let names = [
        (kinds::INT, "int"),
        (kinds::FLOAT, "float"),
        (kinds::BOOL, "bool"),
        (kinds::NONE, "none"),
        (kinds::OBJECT, "object"),
        (kinds::UNBOUND, "unbound"),
    ];
    if t.kinds & kinds::ANY == kinds::ANY {
        s.push_str("any");
        if t.kinds & kinds::UNBOUND != 0 {
            s.push_str("|unbound");
        }
    } else {
        for (bit, name) in names {
            if t.kinds & bit != 0 {
                if !s.is_empty() {
                    s.push('|');
                }
                s.push_str(name);
            }
        }
    }
    if t.kinds & kinds::INT != 0 && (t.low != INT_MIN || t.high != INT_MAX) {
        let _ = write!(s, "[{}..{}]", t.low, t.high);
    }
    if t.shapes != 0 {
        let _ = write!(s, "#set{}", t.shapes - 1);
    }
    if t.shape != 0 {
        let _ = write!(s, "#{}", t.shape);
    }
    s
}

fn rep_text(r: Rep) -> &'static str {
    match r {
        Rep::Tagged => "t",
        Rep::Int => "i",
        Rep::Float => "f",
        Rep::Bool => "b",
    }
}

/// A state as text.
pub fn state_text<K: Debug>(s: &State<K>) -> String {
    let operand = |o: &Operand| match o {
        Operand::Value(v) => format!("v{}", v.0),
        Operand::Object(n) => format!("o{n}"),
    };
    let mut t = format!("<{}", s.reason);
    if s.shown {
        t.push_str(" shown");
    }
    for f in &s.frames {
        let _ = write!(t, " @{}:{}", f.frame, f.pc);
        if let Some(o) = &f.function
            && s.frames.len() > 1
        {
            let _ = write!(t, " f={}", operand(o));
        }
        if f.dst != 0 {
            let _ = write!(t, " d{}", f.dst);
        }
        if let Some(o) = &f.construct {
            let _ = write!(t, " new={}", operand(o));
        }
        if let Some(o) = &f.handled {
            let _ = write!(t, " handles={}", operand(o));
        }
        if let Some(o) = &f.generator {
            let _ = write!(t, " of={}", operand(o));
        }
        for (r, o) in &f.registers {
            let _ = write!(t, " r{r}={}", operand(o));
        }
    }
    for (i, o) in s.objects.iter().enumerate() {
        let fields: Vec<String> = o
            .fields
            .iter()
            .map(|x| x.as_ref().map_or("-".into(), operand))
            .collect();
        let _ = write!(t, " o{i}={:?}({})", o.kind, fields.join(", "));
    }
    t.push('>');
    t
}

/// A graph as text.
pub fn print<K: Debug>(g: &Graph<K>) -> String {
    let mut s = String::new();
    let value = |v: &Value| format!("v{}", v.0);
    let typed = |v: &Value| {
        let d = g.value(*v);
        format!("v{}:{} {}", v.0, rep_text(d.rep), type_text(d.ty))
    };
    for b in g.reverse_postorder() {
        let block = g.block(b);
        let parameters: Vec<String> = block.parameters.iter().map(typed).collect();
        let _ = write!(s, "b{}({})", b.0, parameters.join(", "));
        if let Some(p) = block.preheader {
            let _ = write!(s, " loop(b{})", p.0);
        }
        if block.cold {
            s.push_str(" cold");
        }
        s.push_str(":\n");
        for i in &block.insts {
            let inst = &g.insts[*i as usize];
            let args: Vec<String> = inst.args.iter().map(value).collect();
            let _ = write!(s, "    {} = {}", typed(&inst.result), inst.op.text());
            if !args.is_empty() {
                let _ = write!(s, " {}", args.join(", "));
            }
            if inst.imm != 0 || inst.imm2 != 0 {
                let _ = write!(s, " [{}, {}]", inst.imm, inst.imm2);
            }
            if inst.alias != Alias::Constant {
                let _ = write!(s, " {{{:?}}}", inst.alias);
            }
            if let Some(state) = inst.state {
                let _ = write!(s, " {}", state_text(&g.states[state.0 as usize]));
            }
            s.push('\n');
        }
        match &block.terminator {
            Terminator::None => s.push_str("    none\n"),
            Terminator::Jump(t, args) => {
                let args: Vec<String> = args.iter().map(value).collect();
                let _ = writeln!(s, "    jump b{}({})", t.0, args.join(", "));
            }
            Terminator::Branch(c, t, f) => {
                let _ = writeln!(s, "    branch v{}, b{}, b{}", c.0, t.0, f.0);
            }
            Terminator::Return(v) => {
                let _ = writeln!(s, "    return v{}", v.0);
            }
            Terminator::Exit(state) => {
                let _ = writeln!(s, "    exit {}", state_text(&g.states[state.0 as usize]));
            }
        }
    }
    s
}
