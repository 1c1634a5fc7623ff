//! Liveness: which registers may still be read when an instruction is about to run.
//!
//! A deopt must restore exactly these. The analysis is the usual backward dataflow over
//! single instructions, driven by the table. Three edges leave an instruction:
//!
//! - to the next one, on which its outputs are dead before;
//! - to its label, on which they are *not*: `ForIter` that jumps leaves its output as it was;
//! - to the innermost handler, if it can raise, on which they are not either, since
//!   the exception may come before they are written.
//!
//! Sweeps go from the last instruction to the first until nothing changes; one more than
//! loops nest, as only `LoopBack` and conditional jumps go back.
//!
//! Liveness speaks of execution. Who looks into the frame from outside (`locals()`, a debugger,
//! `super()` without arguments before it is lowered) sees all named variables, and must
//! keep them alive by other means.

use crate::access::{for_each_access, instructions};
use crate::code::CodeObject;
use crate::encode::Operands;
use crate::opcode::Opcode;
use crate::operand::{OperandKind, flags};

/// Live registers before each instruction of a code object.
#[derive(Debug)]
pub struct Liveness {
    /// Number of each instruction by its first word; `u32::MAX` inside one.
    index: Vec<u32>,
    /// `stride` words of bits for each instruction.
    sets: Vec<u64>,
    stride: usize,
}

/// A set of registers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RegisterSet<'a>(&'a [u64]);

impl<'a> RegisterSet<'a> {
    /// Whether it has a register.
    pub fn contains(self, register: u16) -> bool {
        let word = self.0.get(register as usize / 64).copied().unwrap_or(0);
        word >> (register % 64) & 1 != 0
    }

    /// Its registers, in order.
    pub fn iter(self) -> impl Iterator<Item = u16> + 'a {
        self.0.iter().enumerate().flat_map(|(i, &word)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                let bit = rest.trailing_zeros();
                rest &= rest.checked_sub(1)?;
                Some((i * 64) as u16 + bit as u16)
            })
        })
    }

    /// Number of registers.
    pub fn len(self) -> usize {
        self.0.iter().map(|w| w.count_ones() as usize).sum()
    }

    /// Whether it has none.
    pub fn is_empty(self) -> bool {
        self.0.iter().all(|w| *w == 0)
    }
}

/// May raise, at some point before its outputs are written.
const LEAVES_EARLY: u32 = flags::RAISES | flags::CALLS | flags::ALLOCATES | flags::SUSPENDS;

struct Step {
    op: Opcode,
    x: Operands,
    /// Numbers of the instructions that the label and the innermost handler name.
    target: Option<u32>,
    handler: Option<u32>,
}

impl Liveness {
    /// Analyses verified code; unverified code gives some sets, and no panic.
    pub fn compute(code: &CodeObject) -> Liveness {
        let mut index = vec![u32::MAX; code.code.len()];
        let handlers = handlers_by_word(code);
        let mut steps: Vec<Step> = Vec::new();
        for (pc, op, x, _) in instructions(&code.code) {
            if let Some(i) = index.get_mut(pc) {
                *i = steps.len() as u32;
            }
            let raises = op.info().flags & LEAVES_EARLY != 0;
            let handler = handlers.get(pc).copied().filter(|_| raises);
            steps.push(Step {
                op,
                x,
                target: op.operand(&x, OperandKind::Label),
                handler: handler.filter(|h| *h != u32::MAX),
            });
        }
        // From words to instruction numbers.
        for step in &mut steps {
            for to in [&mut step.target, &mut step.handler] {
                *to = to.and_then(|pc| index.get(pc as usize).copied());
            }
        }
        let stride = (code.registers as usize).div_ceil(64);
        let mut live = Liveness {
            index,
            sets: vec![0; stride * steps.len()],
            stride,
        };
        live.solve(&steps);
        live
    }

    fn solve(&mut self, steps: &[Step]) {
        let mut now = vec![0; self.stride];
        let mut changed = true;
        while changed {
            changed = false;
            for (i, step) in steps.iter().enumerate().rev() {
                now.fill(0);
                if step.op.info().flags & flags::TERMINATES == 0 {
                    join(&mut now, self.row(i + 1));
                }
                for_each_access(step.op, &step.x, |a| {
                    if a.writes {
                        put(&mut now, a.first, a.count, false);
                    }
                });
                for to in [step.target, step.handler].into_iter().flatten() {
                    join(&mut now, self.row(to as usize));
                }
                for_each_access(step.op, &step.x, |a| {
                    if a.reads {
                        put(&mut now, a.first, a.count, true);
                    }
                });
                let at = i * self.stride;
                if let Some(row) = self.sets.get_mut(at..at + self.stride)
                    && *row != now[..]
                {
                    row.copy_from_slice(&now);
                    changed = true;
                }
            }
        }
    }

    fn row(&self, i: usize) -> &[u64] {
        let at = i * self.stride;
        self.sets.get(at..at + self.stride).unwrap_or_default()
    }

    /// The registers that may be read from the instruction at a word on, itself included;
    /// None when no instruction starts there.
    pub fn live_in(&self, pc: u32) -> Option<RegisterSet<'_>> {
        let i = *self.index.get(pc as usize)?;
        match i {
            u32::MAX => None,
            _ => Some(RegisterSet(self.row(i as usize))),
        }
    }
}

/// The innermost handler of each word, `u32::MAX` for none: ranges painted from the outermost in.
fn handlers_by_word(code: &CodeObject) -> Vec<u32> {
    let mut by_word = match code.handlers.is_empty() {
        true => Vec::new(),
        false => vec![u32::MAX; code.code.len()],
    };
    for h in code.handlers.iter().rev() {
        if let Some(range) = by_word.get_mut(h.start as usize..h.end as usize) {
            range.fill(h.target);
        }
    }
    by_word
}

fn join(set: &mut [u64], other: &[u64]) {
    for (to, from) in set.iter_mut().zip(other) {
        *to |= from;
    }
}

fn put(set: &mut [u64], first: u32, count: u32, on: bool) {
    for r in first..first.saturating_add(count) {
        let Some(word) = set.get_mut(r as usize / 64) else {
            return;
        };
        match on {
            true => *word |= 1 << (r % 64),
            false => *word &= !(1 << (r % 64)),
        }
    }
}

/// A register that is read although a call may have clobbered it: the call's word and the
/// register. Correct code has none; for tests of the compiler.
pub fn clobbered_read(code: &CodeObject) -> Option<(u32, u16)> {
    let live = Liveness::compute(code);
    for (pc, op, x, next) in instructions(&code.code) {
        let base = match op.operand(&x, OperandKind::Base) {
            Some(base) if op.clobbers_from_base() => base,
            _ => continue,
        };
        let mut written = None;
        for_each_access(op, &x, |a| {
            written = written.or(a.writes.then_some(a.first))
        });
        let next = live.live_in(next as u32)?;
        let bad = |r: &u16| *r as u32 >= base && Some(*r as u32) != written;
        if let Some(r) = next.iter().find(bad) {
            return Some((pc as u32, r));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Handler;
    use crate::encode::encode;

    /// Code from a list of instructions, and the live sets before each as lists.
    fn live(
        registers: u16,
        handlers: &[[u32; 3]],
        list: &[(Opcode, [u32; 5])],
    ) -> (CodeObject, Vec<Vec<u16>>) {
        let mut c = CodeObject {
            registers,
            ..Default::default()
        };
        for (op, [a, b, cc, d, e]) in list {
            let x = Operands {
                a: *a as u16,
                b: *b as u16,
                c: *cc as u16,
                d: *d,
                e: *e,
            };
            encode(*op, &x, &mut c.code);
        }
        for &[start, end, target] in handlers {
            c.handlers.push(Handler { start, end, target });
        }
        let l = Liveness::compute(&c);
        let sets = instructions(&c.code)
            .filter_map(|(pc, ..)| l.live_in(pc as u32))
            .map(|s| s.iter().collect())
            .collect();
        (c, sets)
    }

    #[test]
    fn loop_carries_registers() {
        use Opcode as O;
        let (_, sets) = live(
            70,
            &[],
            &[
                (O::LoadInt, [69, 0, 0, 0, 0]),
                (O::GetIter, [1, 0, 0, 0, 0]),
                (O::ForIter, [2, 1, 0, 9, 0]), // word 3
                (O::BinaryAdd, [69, 69, 2, 0, 0]),
                (O::LoopBack, [0, 0, 0, 3, 0]),
                (O::Return, [69, 0, 0, 0, 0]), // word 9
            ],
        );
        let expected: [&[u16]; 6] = [&[0], &[0, 69], &[1, 69], &[1, 2, 69], &[1, 69], &[69]];
        assert_eq!(sets, expected);
    }

    #[test]
    fn exit_edge_keeps_the_output() {
        use Opcode as O;
        // `for x in it: pass` and then `x`: unread iteration variables live on.
        let (_, sets) = live(
            3,
            &[],
            &[
                (O::ForIter, [2, 1, 0, 4, 0]),
                (O::LoopBack, [0, 0, 0, 0, 0]),
                (O::Return, [2, 0, 0, 0, 0]),
            ],
        );
        assert_eq!(sets, [vec![1, 2], vec![1, 2], vec![2]]);
    }

    #[test]
    fn handlers_see_the_state_before() {
        use Opcode as O;
        let (_, sets) = live(
            6,
            &[[0, 4, 5]],
            &[
                (O::Move, [0, 1, 0, 0, 0]), // pure: no edge to the handler
                (O::UnaryPos, [0, 1, 0, 0, 0]),
                (O::LoadAttr, [0, 0, 0, 0, 0]),
                (O::Return, [0, 0, 0, 0, 0]), // word 4
                (O::EnterHandler, [2, 3, 0, 0, 0]),
                (O::ExitHandler, [3, 0, 0, 0, 0]),
                (O::Return, [0, 0, 0, 0, 0]),
            ],
        );
        let expected: [&[u16]; 7] = [&[1], &[0, 1], &[0], &[0], &[0], &[0, 3], &[0]];
        assert_eq!(sets, expected);
    }

    #[test]
    fn runs_and_clobbers() {
        use Opcode as O;
        let list = [
            (O::LoadMethod, [2, 0, 0, 0, 0]),
            (O::Move, [4, 1, 0, 0, 0]),
            (O::CallMethod, [2, 2, 1, 0, 0]),
            (O::Return, [2, 0, 0, 0, 0]),
        ];
        let (c, sets) = live(6, &[], &list);
        let expected: [&[u16]; 4] = [&[0, 1], &[1, 2, 3], &[2, 3, 4], &[2]];
        assert_eq!(sets, expected);
        assert_eq!(clobbered_read(&c), None);
        let mut bad = list;
        bad[3].1[0] = 4;
        let (c, _) = live(6, &[], &bad);
        assert_eq!(clobbered_read(&c), Some((3, 4)));
    }

    #[test]
    fn sets() {
        let s = RegisterSet(&[1 << 63 | 5, 0, 2]);
        assert_eq!(s.iter().collect::<Vec<_>>(), [0, 2, 63, 129]);
        assert_eq!((s.len(), s.is_empty()), (4, false));
        assert!(s.contains(63) && !s.contains(64) && !s.contains(4000));
        // Damaged code does not panic.
        let c = CodeObject {
            code: vec![Opcode::Jump as u64, u64::MAX, 0xffff],
            registers: 3,
            ..Default::default()
        };
        assert!(Liveness::compute(&c).live_in(0).is_some());
    }
}
