//! What the operations of a running program cost, one at a time.
//!
//! Each is a function `bench(n)` that does it n times; the loop around it is part of the time,
//! and is measured alone as "dispatch: loop".
#![allow(missing_docs)]

use criterion::{Criterion, criterion_group, criterion_main};
use taipan_micro::Interpreter;

/// Name, what is defined before, and what the loop does with `i`; `pass` for the loop alone.
const OPERATIONS: [(&str, &str, &str, &str); 17] = [
    ("dispatch: loop", "", "", "pass"),
    (
        "dispatch: int arithmetic",
        "",
        "x = 1",
        "x = (x * 3 + i) & 1023",
    ),
    (
        "dispatch: float arithmetic",
        "",
        "x = 1.5",
        "x = x * 0.5 + 1.0",
    ),
    (
        "dispatch: compare and branch",
        "",
        "x = 0",
        "if i > x: x = i",
    ),
    ("call: function", "def f(a, b): return a", "", "f(i, i)"),
    (
        "call: keywords and defaults",
        "def f(a, b=1, *, c=2): return a",
        "",
        "f(i, c=i)",
    ),
    (
        "call: method",
        "class A:\n  def f(self, a): return a\n",
        "x = A()",
        "x.f(i)",
    ),
    ("call: builtin", "", "x = [1]", "len(x)"),
    (
        "attribute: one shape",
        "class A:\n  def __init__(self): self.a = self.b = 1\n",
        "x = A()",
        "x.b",
    ),
    ("attribute: four shapes", FOUR_SHAPES, "", "xs[i & 3].v"),
    (
        "dict: probe by string",
        "",
        "d = {'a': 1, 'b': 2, 'c': 3}",
        "d['b']",
    ),
    (
        "dict: probe by int",
        "",
        "d = dict.fromkeys(range(1000))",
        "d[i % 1000]",
    ),
    ("list: append", "", "x = []", "x.append(i)"),
    ("string: build by +=", "", "s = ''", "s += 'x'"),
    (
        "allocation: object, young collections included",
        "class A:\n  def __init__(self, a): self.a = a\n",
        "",
        "A(i)",
    ),
    ("allocation: list and tuple", "", "", "[i, (i, 1)]"),
    (
        "exception: raise and catch",
        "e = ValueError()",
        "",
        "\n    try: raise e\n    except ValueError: pass",
    ),
];

const FOUR_SHAPES: &str = "\
class A:
  def __init__(self): self.v = 1
class B:
  def __init__(self): self.u = self.v = 1
class C:
  def __init__(self): self.t = self.u = self.v = 1
class D(A): pass
xs = [A(), B(), C(), D()]
";

fn operations(c: &mut Criterion) {
    let mut interpreter = Interpreter::new();
    for (name, before, first, operation) in OPERATIONS {
        let source = format!(
            "{before}\ndef bench(n):\n  {}\n  for i in range(n):\n    {operation}\n",
            if first.is_empty() { "pass" } else { first }
        );
        let function = interpreter.function(&source);
        c.bench_function(name, |b| {
            b.iter_custom(|rounds| interpreter.time(function, rounds))
        });
    }
}

fn generators(c: &mut Criterion) {
    let mut interpreter = Interpreter::new();
    let source =
        "def g(n):\n  for i in range(n):\n    yield i\ndef bench(n):\n  for i in g(n):\n    pass\n";
    let function = interpreter.function(source);
    c.bench_function("generator: resume", |b| {
        b.iter_custom(|rounds| interpreter.time(function, rounds));
    });
}

criterion_group!(benches, operations, generators);
criterion_main!(benches);
