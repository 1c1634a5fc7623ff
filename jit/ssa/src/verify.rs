//! Checks a graph: every use is dominated by its definition, states are where they must be,
//! jumps carry as many arguments as there are parameters, in their representation.

use std::fmt::Debug;

use crate::graph::{Block, Graph, Terminator, Value};
use crate::passes::dominators::Dominators;

/// Verifies; the error says what is wrong where.
pub fn verify<K: Debug>(g: &Graph<K>) -> Result<(), String> {
    let dominators = Dominators::compute(g);
    // Block and position of each definition.
    let mut at: Vec<Option<(Block, usize)>> = vec![None; g.values.len()];
    for b in &dominators.order {
        let block = g.block(*b);
        for v in &block.parameters {
            at[v.0 as usize] = Some((*b, 0));
        }
        for (i, inst) in block.insts.iter().enumerate() {
            at[g.insts[*inst as usize].result.0 as usize] = Some((*b, i + 1));
        }
    }
    let check = |v: Value, b: Block, position: usize, what: &str| match at
        .get(v.0 as usize)
        .copied()
        .flatten()
    {
        Some((d, p)) if d == b && p <= position => Ok(()),
        Some((d, _)) if d != b && dominators.dominates(d, b) => Ok(()),
        Some((d, p)) => Err(format!(
            "v{} of b{}:{p} does not reach {what} in b{}:{position}",
            v.0, d.0, b.0
        )),
        None => Err(format!(
            "v{} is nowhere defined, used by {what} in b{}",
            v.0, b.0
        )),
    };
    for b in &dominators.order {
        let block = g.block(*b);
        for (i, n) in block.insts.iter().enumerate() {
            let inst = &g.insts[*n as usize];
            for v in &inst.args {
                check(*v, *b, i, inst.op.text())?;
            }
            if inst.op.exits() && !inst.op.may_branch() && inst.state.is_none() {
                return Err(format!("{} in b{} has no state", inst.op.text(), b.0));
            }
            if let Some(s) = inst.state {
                let mut result = Ok(());
                g.states[s.0 as usize].for_each_value(|v| {
                    if result.is_ok() {
                        result = check(v, *b, i, &format!("the state of {}", inst.op.text()));
                    }
                });
                result?;
            }
        }
        let end = block.insts.len();
        match &block.terminator {
            Terminator::None => return Err(format!("b{} has no end", b.0)),
            Terminator::Jump(t, args) => {
                let parameters = &g.block(*t).parameters;
                if parameters.len() != args.len() {
                    return Err(format!("b{} → b{}: wrong number of arguments", b.0, t.0));
                }
                for (a, p) in args.iter().zip(parameters) {
                    check(*a, *b, end, "jump")?;
                    if g.rep(*a) != g.rep(*p) {
                        return Err(format!(
                            "b{} → b{}: v{} and v{} differ in representation",
                            b.0, t.0, a.0, p.0
                        ));
                    }
                }
            }
            Terminator::Branch(c, ..) => check(*c, *b, end, "branch")?,
            Terminator::Return(v) => check(*v, *b, end, "return")?,
            Terminator::Exit(s) => {
                let mut result = Ok(());
                g.states[s.0 as usize].for_each_value(|v| {
                    if result.is_ok() {
                        result = check(v, *b, end, "exit");
                    }
                });
                result?;
            }
        }
    }
    Ok(())
}
