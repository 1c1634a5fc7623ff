//! Common subexpressions: what was computed or tested on every way here is not again.
//!
//! Pure instructions are merged, and of the guards those that test a word and no memory: where the
//! first has not left, the second will not. Two types of one result must agree, since later stages
//! rely on the ranges. Loads are the frontend's business, which knows what is stored between them.

use std::collections::HashMap;

use crate::graph::{Block, Graph, Inst, Value};
use crate::insts::{Effect, Op};

use super::dominators::Dominators;
use super::parameters::replace;

/// What an instruction computes.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    op: Op,
    args: [Value; 3],
    count: usize,
    imm: (i64, i64),
}

fn key(inst: &Inst, merged: &[Value]) -> Option<Key> {
    let depends_on_words = match inst.op.effect() {
        Effect::Pure => !matches!(
            inst.op,
            Op::Parameter
                | Op::LoadRegister
                | Op::RootFunction
                | Op::RootLocals
                | Op::Second
                | Op::SecondFloat
        ),
        Effect::Guard => matches!(
            inst.op,
            Op::GuardInt
                | Op::GuardFloat
                | Op::NumberToFloat
                | Op::GuardIs
                | Op::GuardBound
                | Op::GuardBool
                | Op::GuardTrue
                | Op::GuardFalse
                | Op::GuardSmall
                | Op::MulChecked
        ),
        _ => false,
    };
    if !depends_on_words || inst.args.is_empty() || inst.args.len() > 3 {
        return None;
    }
    let mut args = [inst.result; 3];
    for (to, from) in args.iter_mut().zip(&inst.args) {
        *to = merged[from.0 as usize];
    }
    for unused in &mut args[inst.args.len()..] {
        *unused = merged[inst.args[0].0 as usize];
    }
    Some(Key {
        op: inst.op,
        args,
        count: inst.args.len(),
        imm: (inst.imm, inst.imm2),
    })
}

/// Merges; gives how many instructions went.
pub fn run<K>(g: &mut Graph<K>) -> usize {
    let dominators = Dominators::compute(g);
    let mut merged: Vec<Value> = (0..g.values.len() as u32).map(Value).collect();
    let mut known: HashMap<Key, Vec<(Block, Value)>> = HashMap::new();
    let mut count = 0;
    for b in dominators.order.clone() {
        let insts = std::mem::take(&mut g.block_mut(b).insts);
        let mut kept = Vec::with_capacity(insts.len());
        for i in insts {
            let inst = &g.insts[i as usize];
            let result = inst.result;
            if let Some(key) = key(inst, &merged) {
                let same = known.entry(key).or_default();
                let first = same.iter().find(|(at, v)| {
                    dominators.dominates(*at, b)
                        && g.ty(*v) == g.ty(result)
                        && g.rep(*v) == g.rep(result)
                });
                if let Some((_, v)) = first {
                    merged[result.0 as usize] = *v;
                    count += 1;
                    continue;
                }
                same.push((b, result));
            }
            kept.push(i);
        }
        g.block_mut(b).insts = kept;
    }
    if count > 0 {
        replace(g, |v| merged[v.0 as usize]);
    }
    count
}
