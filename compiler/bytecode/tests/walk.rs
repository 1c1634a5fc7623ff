//! Random programs over the whole table, and random walks through them.
//!
//! What the verifier promises and what liveness claims are properties of every path that
//! execution can take. So: make code of random instructions, have it verified, then walk it
//! at random, take every kind of edge, and look at each step whether the promise was kept.
//! Then break one thing at random: a verified object must still keep the promise.

use taipan_bytecode::lazy::CodeRef;

use taipan_bytecode::access::{for_each_access, instructions};
use taipan_bytecode::code::{CodeObject, Constant, Handler};
use taipan_bytecode::encode::{Operands, decode, encode};
use taipan_bytecode::liveness::Liveness;
use taipan_bytecode::meaning::{Meaning, meaning};
use taipan_bytecode::opcode::Opcode;
use taipan_bytecode::operand::{FeedbackKind, OperandKind, SpanRule, flags};
use taipan_bytecode::verify::verify;

struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        ((self.0 >> 33) as usize) % n.max(1)
    }
}

const WINDOW: u16 = 90;
const FREE: usize = 2;

fn kinds() -> Vec<FeedbackKind> {
    (0..9).filter_map(FeedbackKind::from_u8).collect()
}

/// Operands that the verifier takes, labels still open.
fn operands(random: &mut Random, op: Opcode) -> Operands {
    let mut x = Operands::default();
    for o in op.info().operands {
        let v = match o.kind {
            OperandKind::Out | OperandKind::In | OperandKind::InOut => {
                random.below(WINDOW as usize)
            }
            // Runs here are at most 12 long, receivers included.
            OperandKind::Base | OperandKind::OutBase | OperandKind::InOutBase => {
                random.below(WINDOW as usize - 12)
            }
            OperandKind::Count => random.below(5),
            OperandKind::Const if meaning(op, o.position) == Meaning::Code => {
                2 + usize::from(x.c & 8 != 0)
            }
            OperandKind::Const => random.below(2),
            OperandKind::Name => random.below(3),
            OperandKind::Label => 0,
            OperandKind::Feedback => op.info().feedback.map_or(0, |kind| kind as usize),
            OperandKind::SImm => random.below(0xffff),
            OperandKind::Imm if op.info().span == SpanRule::UnpackEx => random.below(4),
            OperandKind::Imm => match meaning(op, o.position) {
                Meaning::Below(n) => random.below(n as usize),
                Meaning::FreeVariable => random.below(FREE),
                Meaning::Intrinsic1 => random.below(7),
                Meaning::Intrinsic2 => random.below(6),
                Meaning::KeywordNames if x.c > 0 => random.below(2),
                Meaning::KeywordNames => 0,
                _ => random.below(1000),
            },
        };
        x.set(o.position, v as u32);
    }
    x
}

fn program(random: &mut Random) -> CodeObject {
    let leaf = |free: usize| {
        let mut c = CodeObject {
            registers: 1,
            freevars: vec![("v".into(), 0); free],
            ..Default::default()
        };
        encode(Opcode::ReturnNone, &Operands::default(), &mut c.code);
        Constant::Code(CodeRef::from(c))
    };
    let names = Constant::Tuple(vec![Constant::Str(b"k".to_vec())]);
    let mut c = CodeObject {
        registers: WINDOW,
        freevars: vec![("v".into(), 3); FREE],
        consts: vec![names.clone(), names, leaf(0), leaf(1)],
        names: vec!["a".into(), "b".into(), "c".into()],
        feedback: kinds(),
        ..Default::default()
    };
    let mut list: Vec<(Opcode, Operands)> = Vec::new();
    for _ in 0..5 + random.below(40) {
        let op = Opcode::ALL[random.below(Opcode::COUNT)];
        let special = op == Opcode::EnterHandler || op.info().flags & flags::SUSPENDS != 0;
        if !special {
            list.push((op, operands(random, op)));
        }
    }
    list.push((Opcode::LoopBack, operands(random, Opcode::LoopBack)));
    let handlers = random.below(3);
    for _ in 0..handlers {
        for op in [Opcode::EnterHandler, Opcode::Move, Opcode::LoopBack] {
            list.push((op, operands(random, op)));
        }
    }
    list.push((Opcode::ReturnNone, Operands::default()));
    let mut starts = Vec::new();
    let mut at = 0;
    for (op, _) in &list {
        starts.push(at);
        at += op.info().words as u32;
    }
    // A jump may not enter a handler; the first and last instructions never are one.
    let ordinary: Vec<usize> = (0..list.len())
        .filter(|i| list[*i].0 != Opcode::EnterHandler)
        .collect();
    for (i, (op, x)) in list.iter_mut().enumerate() {
        let target = ordinary[random.below(ordinary.len())];
        let target = match op {
            Opcode::LoopBack if target > i => 0,
            Opcode::Jump if target <= i => starts.len() - 1,
            _ => target,
        };
        if let Some(label) = op
            .info()
            .operands
            .iter()
            .find(|o| o.kind == OperandKind::Label)
        {
            x.set(label.position, starts[target]);
        }
    }
    for (i, (op, x)) in list.iter().enumerate() {
        if *op == Opcode::EnterHandler {
            let (from, to) = (random.below(i), random.below(i));
            c.handlers.push(Handler {
                start: starts[from.min(to)],
                end: starts[from.max(to) + 1],
                target: starts[i],
            });
        }
        encode(*op, x, &mut c.code);
    }
    c
}

/// Whether an instruction keeps inside of the tables.
fn inside(c: &CodeObject, op: Opcode, x: &Operands) -> bool {
    let mut ok = true;
    for_each_access(op, x, |a| {
        ok &= a.count == 0 || a.first as u64 + a.count as u64 <= c.registers as u64;
    });
    for o in op.info().operands {
        let v = x.get(o.position) as usize;
        ok &= match o.kind {
            OperandKind::Const => v < c.consts.len(),
            OperandKind::Name => v < c.names.len(),
            OperandKind::Feedback => c.feedback.get(v).copied() == op.info().feedback,
            OperandKind::Label => v < c.code.len(),
            _ => match meaning(op, o.position) {
                Meaning::FreeVariable => v < c.freevars.len(),
                Meaning::KeywordNames => v <= c.consts.len(),
                _ => true,
            },
        };
    }
    ok
}

/// A random path; each step's word and instruction.
fn walk(random: &mut Random, c: &CodeObject) -> Vec<(u32, Opcode, Operands, bool)> {
    let mut path = Vec::new();
    let mut pc = 0;
    for _ in 0..200 {
        let (op, x, next) = decode(&c.code, pc).expect("walked off the code");
        assert!(inside(c, op, &x), "{op:?} {x:?}");
        let does = op.info().flags;
        let mut edges = Vec::new();
        if does & flags::TERMINATES == 0 {
            edges.push((next, true));
        }
        if let Some(target) = op.operand(&x, OperandKind::Label) {
            edges.push((target as usize, false));
        }
        if does & (flags::RAISES | flags::ALLOCATES) != 0
            && let Some(target) = c.handler(pc as u32)
        {
            edges.push((target as usize, false));
        }
        let chosen = edges.get(random.below(edges.len())).copied();
        path.push((pc as u32, op, x, chosen.is_some_and(|(_, writes)| writes)));
        match chosen {
            Some((to, _)) => pc = to,
            None => break,
        }
    }
    path
}

/// Backwards along one path: what is read before it is written must be live.
fn check_liveness(c: &CodeObject, path: &[(u32, Opcode, Operands, bool)]) {
    let live = Liveness::compute(c);
    let mut needed = [false; WINDOW as usize];
    for (pc, op, x, writes) in path.iter().rev() {
        let mut set = |first: u32, count: u32, on| {
            needed[first as usize..(first + count) as usize].fill(on);
        };
        // Outputs count as written only when control goes on to the next instruction.
        for_each_access(*op, x, |a| {
            if a.writes && *writes && a.count != 0 {
                set(a.first, a.count, false);
            }
        });
        for_each_access(*op, x, |a| {
            if a.reads && a.count != 0 {
                set(a.first, a.count, true);
            }
        });
        let claimed = live.live_in(*pc).expect("an instruction starts here");
        for (r, needed) in needed.iter().enumerate() {
            assert!(!needed || claimed.contains(r as u16), "r{r} at {pc}");
        }
    }
}

#[test]
fn promises_hold_on_every_path() {
    let mut random = Random(7);
    let mut seen = std::collections::HashSet::new();
    for _ in 0..2_000 {
        let c = program(&mut random);
        if let Err(e) = verify(&c) {
            panic!("{e}\n{}", taipan_bytecode::disasm::disassemble(&c));
        }
        seen.extend(instructions(&c.code).map(|(_, op, ..)| op));
        for _ in 0..3 {
            let path = walk(&mut random, &c);
            check_liveness(&c, &path);
        }
    }
    // All but the generator instructions.
    let left_out = Opcode::ALL.iter().filter(|op| !seen.contains(op));
    for op in left_out {
        assert!(op.info().flags & flags::SUSPENDS != 0, "{op:?} never made");
    }
}

#[test]
fn promises_hold_after_damage() {
    let mut random = Random(8);
    let mut accepted = 0;
    for _ in 0..20_000 {
        let mut c = program(&mut random);
        match random.below(8) {
            0 => c.registers = random.below(WINDOW as usize) as u16,
            1 => c.names.truncate(random.below(3)),
            2 => c.consts.truncate(random.below(4)),
            3 => c.feedback.truncate(random.below(9)),
            4 => c.freevars.truncate(random.below(2)),
            _ => {
                let i = random.below(c.code.len());
                // Not uniform bits: small changes are what slips through.
                let bit = random.below(64);
                c.code[i] ^= 1 << bit;
            }
        }
        if verify(&c).is_ok() {
            accepted += 1;
            walk(&mut random, &c);
        }
    }
    assert!(accepted > 1_000, "{accepted}");
}
