//! Parameters that always get the same value are that value.

use crate::graph::{Block, Definition, Graph, Terminator, Value};

/// Replaces such parameters; gives how many went.
pub fn run<K>(g: &mut Graph<K>) -> usize {
    let order = g.reverse_postorder();
    let mut replaced: Vec<Value> = (0..g.values.len() as u32).map(Value).collect();
    let mut count = 0;
    let mut changed = true;
    let mut incoming: Vec<Vec<(Block, usize)>> = vec![Vec::new(); g.blocks.len()];
    for (i, b) in order.iter().enumerate() {
        if let Terminator::Jump(t, _) = &g.block(*b).terminator {
            incoming[t.0 as usize].push((*b, i));
        }
    }
    let find = |replaced: &[Value], mut v: Value| {
        while replaced[v.0 as usize] != v {
            v = replaced[v.0 as usize];
        }
        v
    };
    while changed {
        changed = false;
        for b in &order {
            for (i, p) in g.block(*b).parameters.iter().enumerate() {
                if replaced[p.0 as usize] != *p {
                    continue;
                }
                let mut same = None;
                let mut one = true;
                for (from, _) in &incoming[b.0 as usize] {
                    if let Terminator::Jump(_, args) = &g.block(*from).terminator {
                        let a = find(&replaced, args[i]);
                        if a == *p {
                            continue;
                        }
                        match same {
                            None => same = Some(a),
                            Some(s) if s == a => {}
                            Some(_) => one = false,
                        }
                    }
                }
                if let (true, Some(s)) = (one, same) {
                    replaced[p.0 as usize] = s;
                    count += 1;
                    changed = true;
                }
            }
        }
    }
    if count == 0 {
        return 0;
    }
    for b in &order {
        let keep: Vec<bool> = g
            .block(*b)
            .parameters
            .iter()
            .map(|p| replaced[p.0 as usize] == *p)
            .collect();
        if !keep.iter().all(|k| *k) {
            retain(g, &order, *b, &keep);
        }
    }
    replace(g, |v| find(&replaced, v));
    count
}

/// Keeps only some parameters of a block, and the arguments that go with them.
pub fn retain<K>(g: &mut Graph<K>, order: &[Block], b: Block, keep: &[bool]) {
    let filter = |v: &mut Vec<Value>| {
        let mut i = 0;
        v.retain(|_| {
            i += 1;
            keep[i - 1]
        });
    };
    filter(&mut g.block_mut(b).parameters);
    for (i, p) in g.block(b).parameters.clone().iter().enumerate() {
        g.values[p.0 as usize].def = Definition::Parameter(b, i as u16);
    }
    for from in order {
        if let Terminator::Jump(t, args) = &mut g.block_mut(*from).terminator
            && *t == b
        {
            filter(args);
        }
    }
}

/// Replaces values everywhere.
pub fn replace<K>(g: &mut Graph<K>, f: impl Fn(Value) -> Value) {
    for inst in &mut g.insts {
        inst.args.iter_mut().for_each(|v| *v = f(*v));
    }
    for s in &mut g.states {
        s.map_values(&f);
    }
    for b in &mut g.blocks {
        match &mut b.terminator {
            Terminator::Jump(_, args) => args.iter_mut().for_each(|v| *v = f(*v)),
            Terminator::Branch(c, ..) => *c = f(*c),
            Terminator::Return(v) => *v = f(*v),
            Terminator::None | Terminator::Exit(_) => {}
        }
    }
}
