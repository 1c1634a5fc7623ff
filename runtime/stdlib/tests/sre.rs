//! Compares the matcher with CPython's answers, recorded by `sre_corpus.py`.

use taipan_stdlib::sre::engine::{
    Context, Cursor, Match, MatchError, Program, Scratch, StdChars, Subject,
};

/// The interrupt check of tests that are not about it.
fn never() -> bool {
    false
}

fn unescape(text: &str) -> Vec<u32> {
    let mut units = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '\\' {
            let end = rest.find(';').unwrap();
            units.push(u32::from_str_radix(&rest[1..end], 16).unwrap());
            rest = &rest[end + 1..];
        } else {
            units.push(c as u32);
            rest = &rest[c.len_utf8()..];
        }
    }
    units
}

fn show(found: Option<Match>, program: &Program, scratch: &Scratch) -> String {
    let Some(found) = found else {
        return "!".into();
    };
    let mut text = format!(
        "{}-{}/{}",
        found.start,
        found.end,
        found.last_index.unwrap_or(0)
    );
    for group in 1..=program.groups() {
        match scratch.group(group) {
            Some((start, end)) => text.push_str(&format!(",{start}-{end}")),
            None => text.push_str(",~"),
        }
    }
    text
}

fn answers(program: &Program, subject: Subject, pos: usize, end: usize) -> [String; 3] {
    let mut scratch = Scratch::default();
    let mut stop = never;
    let mut context = Context {
        chars: &StdChars,
        interrupt: &mut stop,
    };
    let found = program
        .match_at(subject, pos, end, &mut scratch, &mut context)
        .unwrap();
    let first = show(found, program, &scratch);
    let found = program
        .fullmatch(subject, pos, end, &mut scratch, &mut context)
        .unwrap();
    let second = show(found, program, &scratch);
    let mut cursor = Cursor::new(pos, end);
    let mut all = Vec::new();
    while let Some(found) = cursor
        .search(program, subject, &mut scratch, &mut context)
        .unwrap()
    {
        all.push(show(Some(found), program, &scratch));
    }
    [first, second, all.join(";")]
}

#[test]
fn corpus() {
    let path = std::env::var("SRE_CORPUS")
        .unwrap_or(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sre_corpus.txt").into());
    let text = std::fs::read_to_string(path).unwrap();
    let mut program = None;
    let mut code = "";
    let (mut count, mut failures) = (0, 0);
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("P ") {
            let words: Vec<u32> = rest.split(' ').map(|w| w.parse().unwrap()).collect();
            code = rest;
            program = Some(
                Program::new(&words[2..], words[0] as usize, words[1], &StdChars)
                    .unwrap_or_else(|_| panic!("refused: {rest}")),
            );
            continue;
        }
        let fields: Vec<&str> = line.split('\t').collect();
        let head: Vec<&str> = fields[0].splitn(5, ' ').collect();
        let (pos, end) = (head[2].parse().unwrap(), head[3].parse().unwrap());
        let units = unescape(head[4]);
        let program = program.as_ref().unwrap();
        let narrow: Option<Vec<u8>> = units.iter().map(|&u| u8::try_from(u).ok()).collect();
        let medium: Option<Vec<u16>> = units.iter().map(|&u| u16::try_from(u).ok()).collect();
        let mut subjects = vec![Subject::Ucs4(&units)];
        subjects.extend(medium.as_deref().map(Subject::Ucs2));
        subjects.extend(narrow.as_deref().map(Subject::Latin1));
        for subject in subjects {
            count += 1;
            let got = answers(program, subject, pos, end);
            if got != fields[1..4] {
                failures += 1;
                if failures < 20 {
                    eprintln!(
                        "{code}\n  {} {subject:?}\n  want {:?}\n  got  {got:?}",
                        head[4],
                        &fields[1..4]
                    );
                }
            }
        }
    }
    assert!(count > 5000);
    assert_eq!(failures, 0, "of {count}");
}

/// `(?:a|b)*c` over a long subject, within and beyond the memory limit.
#[test]
fn limits() {
    // MARK makes every round leave something to undo, so the stack grows with the subject.
    let code = [
        23,
        14,
        0,
        u32::MAX,
        17,
        0,
        7,
        5,
        16,
        97,
        15,
        7,
        5,
        16,
        98,
        15,
        2,
        0,
        17,
        1,
        18,
        16,
        97,
        1,
    ];
    let mut code = code.to_vec();
    code[1] = 19;
    let program = Program::new(&code, 1, 0, &StdChars).unwrap();
    let subject = vec![b'a'; 200_000];
    let subject = Subject::Bytes(&subject);
    let mut stop = never;
    let mut context = Context {
        chars: &StdChars,
        interrupt: &mut stop,
    };
    let mut scratch = Scratch::default();
    let found = program
        .match_at(subject, 0, usize::MAX, &mut scratch, &mut context)
        .unwrap();
    assert_eq!(found.map(|found| found.end), Some(200_000));
    let mut scratch = Scratch::with_limit(100_000);
    let found = program.match_at(subject, 0, usize::MAX, &mut scratch, &mut context);
    assert_eq!(found, Err(MatchError::Memory));
    let mut stop = || true;
    let mut context = Context {
        chars: &StdChars,
        interrupt: &mut stop,
    };
    let mut scratch = Scratch::default();
    let found = program.match_at(subject, 0, usize::MAX, &mut scratch, &mut context);
    assert_eq!(found, Err(MatchError::Interrupted));
}

/// Any words at all are either refused or run without a panic.
#[test]
fn damaged_programs() {
    let text = include_str!("sre_corpus.txt");
    let mut seed = 1u64;
    let mut next = move |bound: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) as usize % bound
    };
    let mut accepted = 0;
    for line in text.lines().filter(|line| line.starts_with("P ")) {
        let words: Vec<u32> = line[2..].split(' ').map(|w| w.parse().unwrap()).collect();
        for _ in 0..20 {
            let mut code = words[2..].to_vec();
            let at = next(code.len());
            code[at] = match next(4) {
                0 => u32::MAX - next(3) as u32,
                _ => next(44) as u32,
            };
            let Ok(program) = Program::new(&code, words[0] as usize, 0, &StdChars) else {
                continue;
            };
            accepted += 1;
            let mut scratch = Scratch::with_limit(1 << 20);
            let mut calls = 0;
            let mut stop = || {
                calls += 1;
                calls > 20
            };
            let mut context = Context {
                chars: &StdChars,
                interrupt: &mut stop,
            };
            let subject = Subject::Latin1(b"aabbc\nAB ab");
            _ = program.search(subject, 0, usize::MAX, &mut scratch, &mut context);
        }
    }
    assert!(accepted > 100);
}
