//! From source to verified bytecode, each step alone, on a program of ours.
#![allow(missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use taipan_bytecode::{pyc, verify};
use taipan_lower::parse::{self, Mode};
use taipan_lower::{Options, compile_parsed};

const SOURCE: &str = include_str!("../../programs/little_language.py");

fn steps(c: &mut Criterion) {
    let options = Options::new(Mode::Exec);
    let parsed = parse::parse(SOURCE, options.front).expect("the program parses");
    let compiled = compile_parsed(&parsed, "little_language.py", &options).expect("and compiles");
    let code = compiled.code;
    let bytes = pyc::marshal_code(&code).expect("its code can be written");

    let mut group = c.benchmark_group("compiler");
    group.throughput(Throughput::Bytes(SOURCE.len() as u64));
    group.bench_function("parse", |b| b.iter(|| parse::parse(SOURCE, options.front)));
    group.bench_function("lower", |b| {
        b.iter(|| compile_parsed(&parsed, "little_language.py", &options));
    });
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("verify", |b| b.iter(|| verify::verify(&code)));
    group.bench_function("write pyc", |b| b.iter(|| pyc::marshal_code(&code)));
    group.bench_function("read pyc", |b| b.iter(|| pyc::unmarshal_code(&bytes)));
    group.finish();
}

criterion_group!(benches, steps);
criterion_main!(benches);
