//! Dead code: instructions without effect whose results nobody reads.

use crate::graph::{Graph, Terminator, Value};
use crate::insts::Effect;

/// Removes what is not needed; gives how many instructions went.
pub fn run<K>(g: &mut Graph<K>) -> usize {
    let order = g.reverse_postorder();
    let mut needed = vec![false; g.values.len()];
    let mut work: Vec<Value> = Vec::new();
    let mut state_done = vec![false; g.states.len()];
    for b in &order {
        let block = g.block(*b);
        for i in &block.insts {
            let inst = &g.insts[*i as usize];
            let keep = !matches!(
                inst.op.effect(),
                Effect::Pure | Effect::Load | Effect::Allocate
            );
            if keep {
                work.push(inst.result);
            }
        }
        match &block.terminator {
            // Parameters pull their arguments in when they are needed.
            Terminator::Jump(..) | Terminator::None => {}
            Terminator::Branch(c, ..) => work.push(*c),
            Terminator::Return(v) => work.push(*v),
            Terminator::Exit(s) => g.states[s.0 as usize].for_each_value(|v| work.push(v)),
        }
    }
    // Arguments by parameter.
    let mut incoming: Vec<Vec<Value>> = vec![Vec::new(); g.values.len()];
    for b in &order {
        if let Terminator::Jump(t, args) = &g.block(*b).terminator {
            for (a, p) in args.iter().zip(&g.block(*t).parameters) {
                incoming[p.0 as usize].push(*a);
            }
        }
    }
    while let Some(v) = work.pop() {
        if std::mem::replace(&mut needed[v.0 as usize], true) {
            continue;
        }
        match g.definition(v) {
            Some(inst) => {
                work.extend(&inst.args);
                if let Some(s) = inst.state
                    && !std::mem::replace(&mut state_done[s.0 as usize], true)
                {
                    g.states[s.0 as usize].for_each_value(|v| work.push(v));
                }
            }
            None => work.extend(&incoming[v.0 as usize]),
        }
    }
    let mut removed = 0;
    for b in &order {
        let insts = std::mem::take(&mut g.block_mut(*b).insts);
        let kept: Vec<u32> = insts
            .iter()
            .copied()
            .filter(|i| needed[g.insts[*i as usize].result.0 as usize])
            .collect();
        removed += insts.len() - kept.len();
        g.block_mut(*b).insts = kept;
    }
    // Parameters that nobody needs.
    for b in &order {
        let keep: Vec<bool> = g
            .block(*b)
            .parameters
            .iter()
            .map(|p| needed[p.0 as usize])
            .collect();
        if keep.iter().all(|k| *k) {
            continue;
        }
        super::parameters::retain(g, &order, *b, &keep);
    }
    removed
}
