//! Moves loads and pure instructions that are the same in every round in front of their loop.
//!
//! Guards on invariant values are placed in front by the frontend, which knows the frame state
//! there; a load then follows when nothing in the loop writes its class of memory. A load that
//! is not reached in every round may be moved too: what makes it safe, the guard of its object,
//! is its operand. A division is safe only behind a test of its divisor, so it is moved only if the
//! divisor's range says that it is not zero.

use crate::graph::{Alias, Block, Definition, Graph, Inst};
use crate::insts::{Effect, Op};
use crate::types::kinds;

use super::dominators::Dominators;

/// Moves; gives how many instructions.
pub fn run<K>(g: &mut Graph<K>) -> usize {
    let dominators = Dominators::compute(g);
    let order = dominators.order.clone();
    let headers: Vec<Block> = order
        .iter()
        .copied()
        .filter(|b| g.block(*b).preheader.is_some())
        .collect();
    let mut moved = 0;
    // Inner loops first, so that what leaves an inner loop can leave the outer one too.
    for header in headers.into_iter().rev() {
        moved += hoist(g, &dominators, header);
    }
    moved
}

/// Blocks of the loop with this header.
fn body<K>(g: &Graph<K>, dominators: &Dominators, header: Block) -> Vec<bool> {
    let mut inside = vec![false; g.blocks.len()];
    inside[header.0 as usize] = true;
    let mut predecessors: Vec<Vec<Block>> = vec![Vec::new(); g.blocks.len()];
    for b in &dominators.order {
        for s in g.successors(*b) {
            predecessors[s.0 as usize].push(*b);
        }
    }
    let mut work: Vec<Block> = predecessors[header.0 as usize]
        .iter()
        .copied()
        .filter(|p| dominators.dominates(header, *p))
        .collect();
    while let Some(b) = work.pop() {
        if !std::mem::replace(&mut inside[b.0 as usize], true) {
            work.extend(&predecessors[b.0 as usize]);
        }
    }
    inside
}

/// Can the instruction be done where what it stands behind has not been tested?
fn is_safe_in_front<K>(g: &Graph<K>, inst: &Inst) -> bool {
    match inst.op {
        Op::FloorDiv | Op::FloorMod => {
            let divisor = g.ty(inst.args[1]);
            let number = g.definition(inst.args[1]);
            let number = number.filter(|i| matches!(i.op, Op::Const | Op::ConstInt));
            divisor.is_int() && (divisor.low > 0 || divisor.high < 0)
                || number.is_some_and(|i| i.imm != 0)
        }
        // What stands for a value that nobody reads is no object.
        _ if inst.op.effect() == Effect::Load => {
            let from = inst.args.first().map(|a| g.ty(*a));
            from.is_none_or(|ty| !ty.within(kinds::UNBOUND))
        }
        _ => true,
    }
}

fn hoist<K>(g: &mut Graph<K>, dominators: &Dominators, header: Block) -> usize {
    let Some(preheader) = g.block(header).preheader else {
        return 0;
    };
    let inside = body(g, dominators, header);
    let blocks: Vec<Block> = dominators
        .order
        .iter()
        .copied()
        .filter(|b| inside[b.0 as usize])
        .collect();
    let mut clobbered: Vec<Alias> = Vec::new();
    let mut calls = false;
    for b in &blocks {
        for i in &g.block(*b).insts {
            let inst = &g.insts[*i as usize];
            match inst.op.effect() {
                Effect::Call => calls = true,
                Effect::Store => {
                    clobbered.push(inst.alias);
                    if inst.op == Op::ListAppend {
                        clobbered.push(Alias::Items);
                    }
                }
                _ => {}
            }
        }
    }
    let mut in_loop = vec![false; g.values.len()];
    for b in &blocks {
        for v in &g.block(*b).parameters {
            in_loop[v.0 as usize] = true;
        }
        for i in &g.block(*b).insts {
            in_loop[g.insts[*i as usize].result.0 as usize] = true;
        }
    }
    let mut moved = Vec::new();
    for b in &blocks {
        let insts = std::mem::take(&mut g.block_mut(*b).insts);
        let mut kept = Vec::with_capacity(insts.len());
        for i in insts {
            let inst = &g.insts[i as usize];
            let movable = match inst.op.effect() {
                Effect::Pure => inst.op != Op::Parameter,
                Effect::Load => {
                    inst.alias == Alias::Constant || (!calls && !clobbered.contains(&inst.alias))
                }
                _ => false,
            };
            let movable = movable
                && !matches!(
                    inst.op,
                    Op::LoadRegister
                        | Op::RootFunction
                        | Op::RootLocals
                        | Op::LoadIndexed
                        | Op::LoadFloatIndexed
                        | Op::LoadSized
                        | Op::ReloadRegister
                        | Op::Second
                        | Op::SecondFloat
                )
                && inst.alias != Alias::Thread
                && is_safe_in_front(g, inst)
                // Safe only behind a guard that is no operand.
                && !(inst.op.effect() == Effect::Load && inst.imm2 != 0)
                && inst.args.iter().all(|a| !in_loop[a.0 as usize]);
            if movable {
                in_loop[inst.result.0 as usize] = false;
                moved.push(i);
            } else {
                kept.push(i);
            }
        }
        g.block_mut(*b).insts = kept;
    }
    let count = moved.len();
    for i in &moved {
        let v = g.insts[*i as usize].result;
        g.values[v.0 as usize].def = Definition::Inst(*i);
    }
    g.block_mut(preheader).insts.extend(moved);
    count
}
