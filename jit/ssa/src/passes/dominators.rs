//! Dominators (Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm").

use crate::graph::{Block, Graph};

/// The dominator tree of the blocks that can be reached.
pub struct Dominators {
    /// Reverse postorder.
    pub order: Vec<Block>,
    /// Position in the order; `usize::MAX` when it cannot be reached.
    number: Vec<usize>,
    /// Immediate dominators, by position.
    parent: Vec<usize>,
}

impl Dominators {
    /// Computes them.
    pub fn compute<K>(g: &Graph<K>) -> Dominators {
        let order = g.reverse_postorder();
        let mut number = vec![usize::MAX; g.blocks.len()];
        for (i, b) in order.iter().enumerate() {
            number[b.0 as usize] = i;
        }
        let mut predecessors: Vec<Vec<usize>> = vec![Vec::new(); order.len()];
        for (i, b) in order.iter().enumerate() {
            for s in g.successors(*b) {
                predecessors[number[s.0 as usize]].push(i);
            }
        }
        let mut parent = vec![usize::MAX; order.len()];
        if !order.is_empty() {
            parent[0] = 0;
        }
        let mut changed = true;
        while changed {
            changed = false;
            for i in 1..order.len() {
                let mut new = usize::MAX;
                for &p in &predecessors[i] {
                    if parent[p] == usize::MAX {
                        continue;
                    }
                    new = if new == usize::MAX {
                        p
                    } else {
                        intersect(&parent, p, new)
                    };
                }
                if new != parent[i] {
                    parent[i] = new;
                    changed = true;
                }
            }
        }
        Dominators {
            order,
            number,
            parent,
        }
    }

    /// Does every path to `b` lead through `a`?
    pub fn dominates(&self, a: Block, b: Block) -> bool {
        let (a, mut b) = (self.number[a.0 as usize], self.number[b.0 as usize]);
        if a == usize::MAX || b == usize::MAX {
            return false;
        }
        while b > a {
            b = self.parent[b];
        }
        a == b
    }
}

fn intersect(parent: &[usize], mut a: usize, mut b: usize) -> usize {
    while a != b {
        while a > b {
            a = parent[a];
        }
        while b > a {
            b = parent[b];
        }
    }
    a
}
