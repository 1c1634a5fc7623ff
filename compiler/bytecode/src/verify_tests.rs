//! Each fault of the verifier, found; and what stands just beside it, accepted.

use super::*;
use crate::code::{Handler, PositionRun};
use crate::encode::encode;
use crate::lazy::CodeRef;
use crate::operand::FeedbackKind;

fn words(list: &[(Opcode, [u32; 5])]) -> Vec<u64> {
    let mut out = Vec::new();
    for (op, [a, b, c, d, e]) in list {
        let x = Operands {
            a: *a as u16,
            b: *b as u16,
            c: *c as u16,
            d: *d,
            e: *e,
        };
        encode(*op, &x, &mut out);
    }
    out
}

fn function(list: &[(Opcode, [u32; 5])]) -> CodeObject {
    let leaf = CodeObject {
        code: words(&[(Opcode::ReturnNone, [0; 5])]),
        ..Default::default()
    };
    let closure = CodeObject {
        freevars: vec![("v".into(), 0)],
        registers: 1,
        ..leaf.clone()
    };
    CodeObject {
        qualname: "f".into(),
        registers: 8,
        code: words(list),
        consts: vec![
            Constant::None,
            Constant::Tuple(vec![Constant::Str(b"k".to_vec())]),
            Constant::Code(CodeRef::from(leaf)),
            Constant::Code(CodeRef::from(closure)),
            Constant::Tuple(vec![Constant::None]),
        ],
        names: vec!["n".into()],
        feedback: vec![FeedbackKind::Call, FeedbackKind::Loop, FeedbackKind::Attr],
        freevars: vec![("w".into(), 0)],
        ..Default::default()
    }
}

fn fault(code: &CodeObject) -> Option<Fault> {
    verify(code).err().map(|e| e.fault)
}

/// The fault of one instruction followed by a return.
fn one(op: Opcode, x: [u32; 5]) -> Option<Fault> {
    fault(&function(&[(op, x), (Opcode::ReturnNone, [0; 5])]))
}

#[test]
fn operands() {
    use Opcode as O;
    let cases: &[(Opcode, [u32; 5], Option<Fault>)] = &[
        (O::Move, [7, 0, 0, 0, 0], None),
        (O::Move, [8, 0, 0, 0, 0], Some(Fault::Register)),
        (O::Move, [0, 8, 0, 0, 0], Some(Fault::Register)),
        (O::MakeCell, [8, 0, 0, 0, 0], Some(Fault::Register)),
        (O::LoadConst, [0, 4, 0, 0, 0], None),
        (O::LoadConst, [0, 5, 0, 0, 0], Some(Fault::Const)),
        (O::LoadConst, [0, 0, 1, 0, 0], Some(Fault::Const)),
        (O::DeleteGlobal, [0, 0, 0, 0, 0], None),
        (O::DeleteGlobal, [0, 0, 0, 1, 0], Some(Fault::Name)),
        (O::BuildTuple, [0, 8, 0, 0, 0], None),
        (O::BuildTuple, [0, 9, 0, 0, 0], Some(Fault::Register)),
        (O::BuildTuple, [0, 6, 2, 0, 0], None),
        (O::BuildTuple, [0, 7, 2, 0, 0], Some(Fault::Register)),
        (O::BuildTuple, [0, 0, 0xffff, 0, 0], Some(Fault::Register)),
        (O::BuildMap, [0, 4, 2, 0, 0], None),
        (O::BuildMap, [0, 5, 2, 0, 0], Some(Fault::Register)),
        (O::UnpackEx, [0, 0, 0, 4, 3], None),
        (O::UnpackEx, [0, 0, 0, 4, 4], Some(Fault::Register)),
        (
            O::UnpackEx,
            [0, 0, 0, u32::MAX, u32::MAX],
            Some(Fault::Register),
        ),
        (O::BuildSlice, [0, 5, 0, 0, 0], None),
        (O::BuildSlice, [0, 6, 0, 0, 0], Some(Fault::Register)),
        (O::Call, [0, 4, 2, 0, 0], None),
        (O::Call, [0, 5, 2, 0, 0], Some(Fault::Register)),
        (O::CallMethod, [0, 4, 2, 0, 0], None),
        (O::CallMethod, [0, 5, 2, 0, 0], Some(Fault::Register)),
        (O::Call, [0, 0, 1, 2, 0], None),
        (O::Call, [0, 0, 0, 2, 0], Some(Fault::ConstKind)),
        (O::Call, [0, 0, 1, 1, 0], Some(Fault::ConstKind)),
        (O::Call, [0, 0, 1, 5, 0], Some(Fault::ConstKind)),
        (O::Call, [0, 0, 1, 6, 0], Some(Fault::Const)),
        (O::Call, [0, 0, 0, 0, 1], Some(Fault::FeedbackKind)),
        (O::Call, [0, 0, 0, 0, 3], Some(Fault::Feedback)),
        (O::LoadClosure, [0, 0, 0, 0, 0], None),
        (O::LoadClosure, [0, 1, 0, 0, 0], Some(Fault::Immediate)),
        (O::LoadSpecial, [0, 0, 4, 0, 0], Some(Fault::Immediate)),
        (O::MatchClass, [0, 0, 0, 9, 1], None),
        (O::MatchClass, [0, 0, 0, 9, 0], Some(Fault::ConstKind)),
        (O::MatchClass, [0, 0, 0, 9, 4], Some(Fault::ConstKind)),
        (O::CallIntrinsic1, [0, 0, 6, 0, 0], None),
        (O::CallIntrinsic1, [0, 0, 7, 0, 0], Some(Fault::Immediate)),
        (O::CallIntrinsic2, [0, 0, 0, 3, 0], None),
        (
            O::CallIntrinsic2,
            [0, 0, 0, 0x10000, 0],
            Some(Fault::Immediate),
        ),
        (O::MakeFunction, [0, 4, 7, 2, 0], None),
        (O::MakeFunction, [0, 4, 15, 3, 0], None),
        (O::MakeFunction, [0, 5, 8, 3, 0], Some(Fault::Register)),
        (O::MakeFunction, [0, 0, 16, 2, 0], Some(Fault::Immediate)),
        (O::MakeFunction, [0, 0, 0, 0, 0], Some(Fault::ConstKind)),
        (O::MakeFunction, [0, 0, 0, 3, 0], Some(Fault::Closure)),
        (O::MakeFunction, [0, 0, 8, 2, 0], Some(Fault::Closure)),
        (O::Yield, [0, 0, 0, 0, 0], Some(Fault::Generator)),
        (O::ReturnGenerator, [0, 0, 0, 0, 0], Some(Fault::Generator)),
    ];
    for (op, x, expected) in cases {
        assert_eq!(one(*op, *x), *expected, "{op:?} {x:?}");
    }
}

#[test]
fn control() {
    use Opcode as O;
    let ret = (O::ReturnNone, [0; 5]);
    let jump = |op, target| (op, [0, 0, 0, target, 1]);
    assert_eq!(fault(&function(&[])), Some(Fault::Empty));
    assert_eq!(
        fault(&function(&[(O::Nop, [0; 5])])),
        Some(Fault::FallsOffEnd)
    );
    assert_eq!(fault(&function(&[jump(O::Jump, 2), ret])), None);
    assert_eq!(
        fault(&function(&[jump(O::Jump, 1), ret])),
        Some(Fault::Label)
    );
    assert_eq!(
        fault(&function(&[jump(O::Jump, 3), ret])),
        Some(Fault::Label)
    );
    assert_eq!(
        fault(&function(&[jump(O::Jump, 0), ret])),
        Some(Fault::JumpDirection)
    );
    assert_eq!(fault(&function(&[jump(O::LoopBack, 0), ret])), None);
    assert_eq!(
        fault(&function(&[jump(O::LoopBack, 2), ret])),
        Some(Fault::JumpDirection)
    );
    assert_eq!(
        fault(&function(&[ret, (O::EnterHandler, [0; 5]), ret])),
        None
    );
    assert_eq!(
        fault(&function(&[
            (O::Nop, [0; 5]),
            (O::EnterHandler, [0; 5]),
            ret
        ])),
        Some(Fault::IntoHandler)
    );
    assert_eq!(
        fault(&function(&[
            jump(O::Jump, 2),
            (O::EnterHandler, [0; 5]),
            ret
        ])),
        Some(Fault::IntoHandler)
    );
    let mut cut = function(&[jump(O::Jump, 2)]);
    cut.code.pop();
    assert_eq!(fault(&cut), Some(Fault::UnknownInstruction));
    cut.code = vec![0xffff];
    assert_eq!(fault(&cut), Some(Fault::UnknownInstruction));
}

#[test]
fn handlers_and_positions() {
    use Opcode as O;
    let base = function(&[
        (O::Nop, [0; 5]),
        (O::Jump, [0, 0, 0, 5, 0]),
        (O::EnterHandler, [0; 5]),
        (O::Reraise, [0; 5]),
        (O::ReturnNone, [0; 5]),
    ]);
    let with = |start, end, target| {
        let handlers = vec![Handler { start, end, target }];
        fault(&CodeObject {
            handlers,
            ..base.clone()
        })
    };
    assert_eq!(with(0, 3, 3), None);
    assert_eq!(with(0, 6, 3), None);
    assert_eq!(with(0, 7, 3), Some(Fault::HandlerRange));
    assert_eq!(with(1, 1, 3), Some(Fault::HandlerRange));
    assert_eq!(with(2, 3, 3), Some(Fault::HandlerRange));
    assert_eq!(with(0, 2, 3), Some(Fault::HandlerRange));
    assert_eq!(with(0, 3, 4), Some(Fault::HandlerTarget));
    assert_eq!(with(0, 3, 99), Some(Fault::HandlerTarget));

    let at = |starts: &[u32]| {
        let run = |start: &u32| PositionRun {
            start: *start,
            range: Default::default(),
        };
        fault(&CodeObject {
            positions: starts.iter().map(run).collect(),
            ..base.clone()
        })
    };
    assert_eq!(at(&[0, 1, 3]), None);
    for bad in [&[1][..], &[0, 0], &[0, 3, 1], &[0, 2], &[0, 6]] {
        assert_eq!(at(bad), Some(Fault::Positions), "{bad:?}");
    }
}

#[test]
fn header() {
    let base = function(&[(Opcode::ReturnNone, [0; 5])]);
    let check = |change: &dyn Fn(&mut CodeObject)| {
        let mut c = base.clone();
        change(&mut c);
        fault(&c)
    };
    let names = |n: usize| vec![String::from("x"); n];
    assert_eq!(check(&|c| c.varnames = names(9)), Some(Fault::Locals));
    assert_eq!(check(&|c| c.argcount = 1), Some(Fault::Parameters));
    assert_eq!(check(&|c| c.argcount = u32::MAX), Some(Fault::Parameters));
    assert_eq!(check(&|c| c.posonlyargcount = 1), Some(Fault::Parameters));
    let star = |c: &mut CodeObject| {
        (c.varnames, c.argcount) = (names(1), 1);
        c.flags = co_flags::VARARGS;
    };
    assert_eq!(check(&star), Some(Fault::Parameters));
    assert_eq!(
        check(&|c| c.cellvars = vec![("c".into(), 8)]),
        Some(Fault::CellRegister)
    );
    assert_eq!(
        check(&|c| c.flags = co_flags::HAS_DOCSTRING),
        Some(Fault::Docstring)
    );
    assert_eq!(
        check(&|c| c.flags = co_flags::GENERATOR),
        Some(Fault::Generator)
    );
    let both = co_flags::GENERATOR | co_flags::COROUTINE;
    assert_eq!(check(&|c| c.flags = both), Some(Fault::Flags));
}

#[test]
fn generators() {
    use Opcode as O;
    let generator = |list: &[(Opcode, [u32; 5])]| {
        let mut c = function(list);
        c.flags = co_flags::GENERATOR;
        fault(&c)
    };
    let ret = (O::ReturnNone, [0; 5]);
    let start = (O::ReturnGenerator, [0; 5]);
    let nop = (O::Nop, [0; 5]);
    let suspend = (O::Yield, [0; 5]);
    assert_eq!(generator(&[nop, start, suspend, ret]), None);
    assert_eq!(generator(&[suspend, start, ret]), Some(Fault::Generator));
    assert_eq!(generator(&[start, start, ret]), Some(Fault::Generator));
    assert_eq!(generator(&[ret, start, ret]), Some(Fault::Generator));
    let back = (O::LoopBack, [0, 0, 0, 0, 1]);
    assert_eq!(generator(&[start, back]), Some(Fault::Generator));
    assert_eq!(generator(&[nop, start, nop, back]), Some(Fault::Generator));
    let mut guarded = function(&[nop, start, nop, ret, (O::EnterHandler, [0; 5]), ret]);
    guarded.flags = co_flags::GENERATOR;
    for (start, expected) in [
        (0, Some(Fault::Generator)),
        (1, Some(Fault::Generator)),
        (2, None),
    ] {
        guarded.handlers = vec![Handler {
            start,
            end: 4,
            target: 4,
        }];
        assert_eq!(fault(&guarded), expected);
    }
}

#[test]
fn nesting() {
    let wrap = |depth: u32| {
        let mut c = function(&[(Opcode::ReturnNone, [0; 5])]);
        for _ in 0..depth {
            c = CodeObject {
                consts: vec![Constant::Code(CodeRef::from(c))],
                code: words(&[(Opcode::ReturnNone, [0; 5])]),
                ..Default::default()
            };
        }
        c
    };
    assert_eq!(fault(&wrap(MAX_NESTING - 1)), None);
    assert_eq!(fault(&wrap(MAX_NESTING)), Some(Fault::TooDeep));
    // A fault deep inside is found, and named.
    let mut c = wrap(0);
    c.consts = vec![Constant::Tuple(vec![Constant::Code(CodeRef::from(
        CodeObject {
            qualname: "inner".into(),
            ..Default::default()
        },
    ))])];
    let e = verify(&c).unwrap_err();
    assert_eq!((e.code.as_str(), e.fault), ("inner", Fault::Empty));
    assert_eq!(e.to_string(), "inner: no instructions");
}

#[test]
fn constants() {
    let with = |k: Constant| {
        let mut c = function(&[(Opcode::ReturnNone, [0; 5])]);
        c.consts.push(Constant::Tuple(vec![k]));
        fault(&c)
    };
    let text = |s: &[u8]| with(Constant::Str(s.to_vec()));
    assert_eq!(text(b"a\xed\xa0\x80\xed\xb0\x80\xc3\xa9"), None);
    for bad in [&b"\xff"[..], b"\xed\xa0", b"\xc0\x80", b"a\xe9"] {
        assert_eq!(text(bad), Some(Fault::ConstValue), "{bad:?}");
    }
    let wide = |magnitude: &[u8]| {
        with(Constant::BigInt {
            negative: false,
            magnitude: magnitude.to_vec(),
        })
    };
    assert_eq!(wide(&[1; 9]), None);
    assert_eq!(wide(&[1; 7]), Some(Fault::ConstValue));
    assert_eq!(wide(&[1, 1, 1, 1, 1, 1, 1, 1, 0]), Some(Fault::ConstValue));
}
