//! Round trips of random code objects, and of damaged files; a measurement of loading.

use super::*;
use crate::code::{PositionRun, SourceRange, co_flags};
use crate::encode::{Operands, encode};

/// SplitMix64: small, seeded, good enough to make cases.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }

    /// Of any magnitude, small ones often.
    fn number(&mut self) -> u64 {
        let bits = self.below(65);
        self.next().checked_shr(64 - bits as u32).unwrap_or(0)
    }

    fn bytes(&mut self) -> Vec<u8> {
        let n = match self.below(10) {
            0 => 200 + self.below(300),
            _ => self.below(12),
        };
        (0..n).map(|_| self.next() as u8).collect()
    }

    fn text(&mut self) -> String {
        match self.below(8) {
            0 => String::from_utf8_lossy(&self.bytes()).into_owned(),
            1 => "long".repeat(100),
            _ => format!("name{}", self.below(30)),
        }
    }

    fn list<T>(&mut self, n: u64, mut item: impl FnMut(&mut Random) -> T) -> Vec<T> {
        (0..self.below(n)).map(|_| item(self)).collect()
    }

    fn constant(&mut self, depth: u32) -> Constant {
        match self.below(if depth == 0 { 10 } else { 14 }) {
            0 => Constant::None,
            1 => Constant::Bool(self.next() & 1 == 0),
            2 => Constant::Ellipsis,
            3 => Constant::Int(self.number() as i64),
            4 => Constant::Int((self.number() as i64).wrapping_neg()),
            5 => Constant::BigInt {
                negative: self.next() & 1 == 0,
                magnitude: [&self.bytes()[..], &[1; 9]].concat(),
            },
            6 => Constant::Float(self.next()),
            7 => Constant::Complex(self.next(), self.next()),
            8 => Constant::Str([self.text().as_bytes(), b"\xed\xa0\x80"].concat()),
            9 => Constant::Bytes(self.bytes()),
            10 => Constant::Tuple(self.list(5, |r| r.constant(depth - 1))),
            11 => Constant::FrozenSet(self.list(5, |r| r.constant(depth - 1))),
            12 => Constant::Slice(Box::new([
                self.constant(depth - 1),
                self.constant(depth - 1),
                self.constant(depth - 1),
            ])),
            _ => Constant::Code(CodeRef::from(self.valid_code(depth - 1))),
        }
    }

    /// Any field values: fit for a round trip, not for the verifier.
    fn code(&mut self, depth: u32) -> CodeObject {
        let pair = |r: &mut Random| (r.text(), r.next() as u16);
        CodeObject {
            name: self.text(),
            qualname: self.text(),
            filename: self.text(),
            flags: self.number() as u32,
            argcount: self.number() as u32,
            posonlyargcount: self.number() as u32,
            kwonlyargcount: self.number() as u32,
            varnames: self.list(10, Random::text),
            cellvars: self.list(4, pair),
            freevars: self.list(4, pair),
            registers: self.next() as u16,
            code: self.list(40, Random::number),
            consts: self.list(8, |r| r.constant(depth)),
            names: self.list(10, Random::text),
            handlers: self.list(4, |r| Handler {
                start: r.number() as u32,
                end: r.number() as u32,
                target: r.number() as u32,
            }),
            positions: self
                .list(20, |r| PositionRun {
                    start: r.number() as u32,
                    range: SourceRange {
                        line: r.number() as u32,
                        end_line: r.number() as u32,
                        column: r.number() as u32,
                        end_column: r.number() as u32,
                    },
                })
                .into(),
            first_line: self.number() as u32,
            feedback: self.list(9, |r| {
                FeedbackKind::from_u8(r.below(9) as u8).unwrap_or(FeedbackKind::Loop)
            }),
        }
    }

    /// A code object that the verifier takes.
    fn valid_code(&mut self, depth: u32) -> CodeObject {
        let mut c = self.code(depth);
        c.flags = co_flags::OPTIMIZED;
        (c.argcount, c.posonlyargcount, c.kwonlyargcount) = (0, 0, 0);
        c.registers = 20 + self.below(1000) as u16;
        for (_, r) in c.cellvars.iter_mut().chain(&mut c.freevars) {
            *r %= c.registers;
        }
        c.code.clear();
        c.handlers.clear();
        let mut positions = Vec::new();
        for line in 0..self.below(30) {
            positions.push(PositionRun {
                start: c.code.len() as u32,
                range: SourceRange {
                    line: line as u32 + self.below(3) as u32,
                    end_line: line as u32 + 2,
                    column: self.below(80) as u32,
                    end_column: self.below(80) as u32,
                },
            });
            let x = Operands {
                a: self.below(c.registers as u64) as u16,
                b: self.below(20) as u16,
                c: self.below(20) as u16,
                ..Default::default()
            };
            let op = [Opcode::Move, Opcode::LoadInt, Opcode::Is, Opcode::UnaryNot];
            encode(op[self.below(4) as usize], &x, &mut c.code);
        }
        encode(Opcode::ReturnNone, &Operands::default(), &mut c.code);
        c.positions = positions.into();
        c
    }
}

const HEADER: Header = Header::Timestamp {
    mtime: 0x1234_5678,
    size: 42,
};

#[test]
fn headers() {
    for header in [
        HEADER,
        Header::Hash {
            hash: source_hash(b"x = 1\n"),
            check_source: true,
        },
        Header::Hash {
            hash: [255; 8],
            check_source: false,
        },
    ] {
        assert_eq!(read_header(&header.to_bytes()), Ok(header));
    }
    let bytes = HEADER.to_bytes();
    assert_eq!(&bytes[8..16], b"\x78\x56\x34\x12\x2a\0\0\0");
    assert_eq!(&bytes[2..4], b"\r\n");
    for cut in 0..bytes.len() {
        assert_eq!(read_header(&bytes[..cut]), Err(PycError::Truncated));
    }
    let mut bad = bytes;
    bad[4] = 2;
    assert_eq!(read_header(&bad), Err(PycError::BadFlags));
    // CPython 3.14's own number.
    bad[..4].copy_from_slice(b"+\x0e\r\n");
    assert_eq!(read_header(&bad), Err(PycError::BadMagic));
}

#[test]
fn round_trips() {
    let mut random = Random(1);
    for _ in 0..500 {
        let code = random.code(3);
        let payload = marshal_code(&code).unwrap();
        assert_eq!(decode_payload(&payload), Ok(code.clone()));
        assert_eq!(marshal_code(&code).unwrap(), payload);
        let valid = random.valid_code(3);
        let file = write(&valid, HEADER).unwrap();
        assert_eq!(read(&file), Ok(valid));
    }
}

fn mutate(random: &mut Random, file: &mut Vec<u8>) {
    let at = |random: &mut Random, file: &[u8]| random.below(file.len() as u64) as usize;
    match random.below(6) {
        0 => {
            let i = at(random, file);
            file[i] ^= 1 << random.below(8);
        }
        1 => {
            let i = at(random, file);
            file[i] = random.next() as u8;
        }
        2 => file.truncate(at(random, file)),
        3 => {
            let (i, j) = (at(random, file), at(random, file));
            file.swap(i, j);
        }
        4 => {
            let (i, j) = (at(random, file), at(random, file));
            file.drain(i.min(j)..i.max(j));
        }
        _ => {
            let i = at(random, file);
            let extra: Vec<u8> = (0..random.below(10)).map(|_| random.next() as u8).collect();
            file.splice(i..i, extra);
        }
    }
}

/// Damaged files are refused, or are the same code (only the header's dates were hit).
#[test]
fn damaged_files() {
    let mut random = Random(2);
    let mut accepted = 0;
    for round in 0..10_000 {
        let code = match round % 3 {
            0 => random.valid_code(2),
            _ => random.valid_code(0),
        };
        let mut file = write(&code, HEADER).unwrap();
        for _ in 0..=random.below(3) {
            if !file.is_empty() {
                mutate(&mut random, &mut file);
            }
        }
        if let Ok(found) = read(&file) {
            assert_eq!(found, code);
            accepted += 1;
        }
    }
    assert!(accepted < 2_000);
}

/// With the checksum made right again the decoder is on its own: any result, but no panic,
/// and what is accepted has passed the verifier and can be written again.
#[test]
fn damage_behind_the_checksum() {
    let mut random = Random(3);
    for _ in 0..10_000 {
        let mut body = marshal_code(&random.valid_code(1)).unwrap().split_off(16);
        for _ in 0..=random.below(3) {
            if !body.is_empty() {
                mutate(&mut random, &mut body);
            }
        }
        let data = [&FINGERPRINT.to_le_bytes()[..], &body].concat();
        let payload = [&checksum(&data).to_le_bytes()[..], &data].concat();
        if let Ok(code) = unmarshal_code(&payload) {
            assert!(verify(&code).is_ok());
            let again = marshal_code(&code).unwrap();
            assert_eq!(unmarshal_code(&again), Ok(code));
        }
        // Text of damaged code must not panic either.
        if let Ok(code) = decode_payload(&payload) {
            crate::disasm::disassemble(&code);
            code.co_lines().count();
        }
    }
}

#[test]
fn depth_is_limited() {
    let nest = |n: u32| {
        let mut k = Constant::None;
        for _ in 0..n {
            k = Constant::Tuple(vec![k]);
        }
        let mut c = Random(4).valid_code(0);
        c.consts = vec![k];
        c
    };
    let deep = nest(MAX_NESTING - 1);
    let bytes = marshal_code(&deep).unwrap();
    assert_eq!(unmarshal_code(&bytes), Ok(deep));
    assert_eq!(marshal_code(&nest(MAX_NESTING)), Err(PycError::TooDeep));
}

#[test]
fn carried_code_is_decoded_late_and_is_the_same() {
    let mut random = Random(11);
    for _ in 0..50 {
        let code = random.valid_code(3);
        let payload: &'static [u8] = marshal_code(&code).expect("not too deep").leak();
        let carried = unmarshal_carried(payload, &code.filename).expect("what was written");
        for k in &carried.consts {
            if let Constant::Code(inner) = k {
                assert!(!inner.is_decoded());
                assert_eq!(inner.summary().name, inner.name);
            }
        }
        let named = unmarshal_carried(payload, "other.py").expect("what was written");
        assert_eq!(named.filename, "other.py");
        assert_eq!(unmarshal_code(payload).expect("verified"), code);
        assert_eq!((&carried.names, &carried.code), (&code.names, &code.code));
    }
}

#[test]
fn shared_strings_are_written_once() {
    let mut c = Random(5).valid_code(0);
    c.names = vec!["a_rather_long_identifier".into(); 50];
    let bytes = marshal_code(&c).unwrap();
    let needle = b"a_rather_long_identifier";
    let found = bytes.windows(needle.len()).filter(|w| w == needle).count();
    assert_eq!(found, 1);
}

/// A function of ordinary size, as the standard library's are on average.
fn ordinary_function(random: &mut Random, n: u64) -> CodeObject {
    let mut c = CodeObject {
        name: format!("function_{n}"),
        qualname: format!("SomeClass{}.function_{n}", n / 10),
        filename: "/usr/lib/python3.14/some_package/some_module.py".into(),
        flags: co_flags::OPTIMIZED | co_flags::NEWLOCALS,
        varnames: (0..5).map(|i| format!("local_{i}")).collect(),
        registers: 30,
        names: (0..8).map(|i| format!("attr_{}", n * 3 + i)).collect(),
        first_line: n as u32 * 15,
        ..Default::default()
    };
    c.consts = (0..4)
        .map(|i| Constant::Str(format!("some text {n} {i}").into_bytes()))
        .collect();
    let mut positions = Vec::new();
    for i in 0..40 {
        positions.push(PositionRun {
            start: c.code.len() as u32,
            range: SourceRange {
                line: c.first_line + i / 4,
                end_line: c.first_line + i / 4,
                column: random.below(40) as u32,
                end_column: 40 + random.below(30) as u32,
            },
        });
        let x = Operands {
            a: random.below(30) as u16,
            b: random.below(30) as u16,
            d: random.below(8) as u32,
            e: c.feedback.len() as u32,
            ..Default::default()
        };
        match i % 3 {
            0 => encode(Opcode::Move, &x, &mut c.code),
            1 => {
                encode(Opcode::LoadAttr, &x, &mut c.code);
                c.feedback.push(FeedbackKind::Attr);
            }
            _ => {
                encode(Opcode::LoadGlobal, &x, &mut c.code);
                c.feedback.push(FeedbackKind::Global);
            }
        }
    }
    encode(Opcode::ReturnNone, &Operands::default(), &mut c.code);
    c.positions = positions.into();
    c
}

/// `cargo test --release -p taipan-bytecode -- --ignored --nocapture load_speed`
#[test]
#[ignore = "a measurement"]
fn load_speed() {
    use std::time::Instant;
    let mut random = Random(6);
    let mut module = ordinary_function(&mut random, 0);
    module.consts.extend((1..2000).map(|n| {
        let c = ordinary_function(&mut random, n);
        Constant::Code(CodeRef::from(c))
    }));
    let file = write(&module, HEADER).unwrap();
    let best = |f: &dyn Fn()| {
        let times = (0..50).map(|_| {
            let start = Instant::now();
            f();
            start.elapsed().as_secs_f64()
        });
        times.fold(f64::MAX, f64::min) * 1e3
    };
    let payload = &file[HEADER_SIZE..];
    println!("2,000 functions, {} bytes", file.len());
    println!(
        "checksum  {:.3} ms",
        best(&|| assert_ne!(checksum(payload), 0))
    );
    println!("verify    {:.3} ms", best(&|| verify(&module).unwrap()));
    println!(
        "decode    {:.3} ms",
        best(&|| drop(decode_payload(payload).unwrap()))
    );
    println!("read      {:.3} ms", best(&|| drop(read(&file).unwrap())));
    println!(
        "write     {:.3} ms",
        best(&|| drop(write(&module, HEADER).unwrap()))
    );
}
