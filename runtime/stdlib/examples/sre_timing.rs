//! Times the regular-expression matcher on workloads recorded by `sre_timing.py`, next to
//! CPython's times. Usage: `sre_timing RECORDING [LINES]`; the `LINES` worst patterns are listed.
//!
//! CPython's figures include its call and the objects it makes; the last column has the cost of
//! a call that does nothing taken off each of them.

use std::collections::BTreeMap;
use std::time::Instant;

use taipan_stdlib::sre::engine::{Context, Cursor, Program, Scratch, StdChars, Subject};

fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut parts = text.split('\\');
    bytes.extend(parts.next().unwrap_or("").bytes());
    for part in parts {
        let (code, rest) = part
            .split_once(';')
            .expect("an escape ends with a semicolon");
        bytes.push(u8::from_str_radix(code, 16).expect("a byte"));
        bytes.extend(rest.bytes());
    }
    bytes
}

fn main() {
    let path = std::env::args()
        .nth(1)
        .expect("usage: sre_timing RECORDING [LINES]");
    let list: usize = std::env::args()
        .nth(2)
        .map_or(15, |n| n.parse().expect("a number"));
    let text = std::fs::read_to_string(path).expect("a readable recording");
    let mut lines = text.lines();
    let floor: f64 = lines
        .next()
        .and_then(|l| l.parse().ok())
        .expect("the call's cost");
    let mut totals: BTreeMap<&str, [f64; 3]> = BTreeMap::new();
    let mut worst = Vec::new();
    let mut scratch = Scratch::default();
    let mut never = || false;
    let mut context = Context {
        chars: &StdChars,
        interrupt: &mut never,
    };
    let mut compile = (0.0, 0);
    for line in lines {
        let fields: Vec<&str> = line.split('\t').collect();
        let number = |i: usize| fields[i].parse::<f64>().expect("a number");
        let code: Vec<u32> = fields[7]
            .split(' ')
            .map(|w| w.parse().expect("a word"))
            .collect();
        let begin = Instant::now();
        let program = Program::new(&code, number(5) as usize, number(6) as u32, &StdChars)
            .expect("a valid program");
        compile = (compile.0 + begin.elapsed().as_nanos() as f64, compile.1 + 1);
        let bytes = unescape(fields[8]);
        let subject = Subject::Latin1(&bytes);
        let count = if number(3) == 0.0 {
            usize::MAX
        } else {
            number(3) as usize
        };
        let mut once = || {
            if fields[1] == "search" {
                let found = program.search(subject, 0, usize::MAX, &mut scratch, &mut context);
                return usize::from(found.expect("an answer").is_some());
            }
            let mut cursor = Cursor::new(0, usize::MAX);
            let mut found = 0;
            while found < count
                && cursor
                    .search(&program, subject, &mut scratch, &mut context)
                    .expect("an answer")
                    .is_some()
            {
                found += 1;
            }
            found
        };
        let mut best = f64::INFINITY;
        let mut loops = 1;
        for _ in 0..6 {
            let begin = Instant::now();
            for _ in 0..loops {
                std::hint::black_box(once());
            }
            let spent = begin.elapsed().as_nanos() as f64;
            best = best.min(spent / f64::from(loops));
            if spent < 3e5 {
                loops = ((f64::from(loops) * 3e5 / spent.max(1.0)) as i32 + 1).min(20_000);
            }
        }
        let weight = number(2);
        let theirs = number(4);
        let total = totals.entry(fields[0]).or_default();
        total[0] += weight * theirs;
        total[1] += weight * (theirs - floor).max(0.0);
        total[2] += weight * best;
        let kept = fields[8].get(..40).unwrap_or(fields[8]);
        worst.push((
            weight * best,
            theirs / best,
            best,
            fields[0],
            fields[9],
            kept,
        ));
    }
    println!(
        "translation: {:.0} ns each, of {}",
        compile.0 / f64::from(compile.1),
        compile.1
    );
    println!(
        "{:14} {:>12} {:>12} {:>7} {:>7}",
        "", "CPython us", "ours us", "ratio", "net"
    );
    for (name, [theirs, net, ours]) in &totals {
        println!(
            "{name:14} {:12.0} {:12.0} {:7.2} {:7.2}",
            theirs / 1e3,
            ours / 1e3,
            theirs / ours,
            net / ours
        );
    }
    worst.sort_by(|a, b| b.0.total_cmp(&a.0));
    println!("most of our time (us), ratio, ns each:");
    for (time, ratio, best, name, pattern, subject) in worst.iter().take(list) {
        let pattern: String = pattern.chars().take(60).collect();
        println!(
            "{:9.0} {ratio:7.2} {best:10.0} {name} {pattern} on {subject}",
            time / 1e3
        );
    }
}
