//! What compiled code costs where it is not simply running: a guard, leaving for the interpreter
//! and coming back, and making it.
#![allow(missing_docs)]

use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use taipan_bytecode::code::Constant;
use taipan_lower::parse::{self, Mode};
use taipan_lower::{Options, compile_parsed};
use taipan_micro::Interpreter;

/// A loop with an attribute of an object whose shape must be tested in each round, since a call of
/// something unknown may have changed it.
const GUARDED: &str = "\
class A:
  def __init__(self): self.a = 1
class B(A): pass
def bench(n):
  xs = [A(), B(), A(), A()]
  s = 0
  for i in range(n):
    s += xs[i & 3].a
  return s
";

/// The same without anything to test but the list's index.
const UNGUARDED: &str = "\
def bench(n):
  xs = [1, 2, 3, 4]
  s = 0
  for i in range(n):
    s += xs[i & 3]
  return s
";

fn guards(c: &mut Criterion) {
    let mut compiling = Interpreter::compiling(&[("jit-sync", None)]);
    for (name, source) in [
        ("guard: none but the index", UNGUARDED),
        ("guard: a set of two shapes", GUARDED),
    ] {
        let function = compiling.function(source);
        // Compiled before it is measured.
        compiling.time(function, 200_000);
        c.bench_function(name, |b| {
            b.iter_custom(|rounds| compiling.time(function, rounds));
        });
    }
    let mut leaving = Interpreter::compiling(&[("jit-exit-every", Some("1"))]);
    let function = leaving.function(UNGUARDED);
    leaving.time(function, 200_000);
    c.bench_function("deopt: out of a loop and back, each round", |b| {
        b.iter_custom(|rounds| leaving.time(function, rounds));
    });
}

/// A function of many instructions, as new code in each round.
fn function_to_compile(lines: usize) -> String {
    let body: String = (0..lines)
        .map(|i| {
            format!(
                "  x = (x * {} + n) & 1023\n  if x > {}: y += x\n",
                i + 3,
                i * 7
            )
        })
        .collect();
    format!("def bench(n):\n  x = y = 1\n{body}  return y\n")
}

fn latency(c: &mut Criterion) {
    let source = function_to_compile(20);
    let options = Options::new(Mode::Exec);
    let parsed = parse::parse(&source, options.front).expect("the source parses");
    let compiled = compile_parsed(&parsed, "bench.py", &options).expect("and compiles");
    let words = compiled.code.consts.iter().map(|constant| match constant {
        Constant::Code(function) => function.code.len() as u64,
        _ => 0,
    });
    let words = words.sum();
    let mut compiling = Interpreter::compiling(&[("jit-sync", None), ("jit-threshold", Some("1"))]);
    let mut interpreting = Interpreter::new();
    let mut group = c.benchmark_group("compile latency");
    group.throughput(Throughput::Elements(words));
    for (name, interpreter) in [
        ("first calls, compiled at once", &mut compiling),
        ("first calls, interpreted", &mut interpreting),
    ] {
        group.bench_function(name, |b| {
            b.iter_custom(|rounds| {
                let each = |_| {
                    let function = interpreter.function(&source);
                    (0..3)
                        .map(|_| interpreter.time(function, 1))
                        .sum::<Duration>()
                };
                (0..rounds).map(each).sum()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, guards, latency);
criterion_main!(benches);
