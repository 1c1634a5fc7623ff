//! Symbol scopes: bindings as lowering asks for them.

use taipan_lower::parse::{Mode, Options, Parsed, parse};
use taipan_lower::scopes::{Binding, Scope};

fn parsed(source: &str) -> Parsed {
    parse(source, Options::new(Mode::Exec)).expect("a valid program")
}

/// The n-th scope of that name.
fn scope<'p>(parsed: &'p Parsed, name: &str, nth: usize) -> &'p Scope {
    let mut found = parsed.scopes.iter().filter(|s| s.name.as_str() == name);
    found.nth(nth).expect("such a scope")
}

#[track_caller]
fn bound(parsed: &Parsed, at: &str, name: &str, binding: Binding, owner: &str) {
    let id = scope(parsed, at, 0).id;
    let resolved = parsed.scopes.resolve(parsed.scopes.module(), id, name);
    assert_eq!(resolved.binding, binding, "{name} in {at}");
    assert_eq!(parsed.scopes[resolved.scope].name.as_str(), owner);
}

fn names(list: &[ruff_python_ast::name::Name]) -> Vec<&str> {
    list.iter().map(|n| n.as_str()).collect()
}

#[test]
fn closures() {
    let p = parsed(
        "def f(a, *r, k, **kw):\n b = 1; c = 2\n def g():\n  nonlocal b\n  b = a; global z; z = y\n",
    );
    assert_eq!(names(&scope(&p, "f", 0).params), ["a", "k", "r", "kw"]);
    assert_eq!(names(&scope(&p, "f", 0).cell_vars), ["a", "b"]);
    assert_eq!(names(&scope(&p, "g", 0).free_vars), ["a", "b"]);
    bound(&p, "f", "c", Binding::Local, "f");
    bound(&p, "f", "a", Binding::Cell, "f");
    bound(&p, "g", "b", Binding::Free, "g");
    bound(&p, "g", "z", Binding::GlobalExplicit, "g");
    bound(&p, "g", "y", Binding::GlobalImplicit, "g");
}

#[test]
fn inlined_comprehensions() {
    let p = parsed("def f(x, n):\n return [x for i in n if (y := i)]\n");
    let comp = scope(&p, "<listcomp>", 0);
    assert!(comp.inlined);
    assert!(scope(&p, "f", 0).cell_vars.is_empty());
    bound(&p, "<listcomp>", "i", Binding::Local, "<listcomp>");
    bound(&p, "<listcomp>", "x", Binding::Local, "f");
    bound(&p, "<listcomp>", "y", Binding::Local, "f");

    let p = parsed("def f(x, n):\n return [lambda: (x, i) for i in n]\n");
    bound(&p, "<listcomp>", "i", Binding::Cell, "<listcomp>");
    bound(&p, "<listcomp>", "x", Binding::Cell, "f");
    assert_eq!(names(&scope(&p, "<lambda>", 0).free_vars), ["i", "x"]);

    let p = parsed("def f(x):\n return (x for x in x)\n");
    assert!(!scope(&p, "<genexpr>", 0).inlined);
    assert!(scope(&p, "<genexpr>", 0).free_vars.is_empty());
}

#[test]
fn classes() {
    let p = parsed(
        "def f():\n x = 1\n class C:\n  x = 2; __p = 3\n  y = [x for _ in '']\n  \
         def m(self): return super().m(x, __class__)\n",
    );
    let class = scope(&p, "C", 0);
    assert!(class.needs_class_closure);
    assert_eq!(names(&class.cell_vars), ["__class__"]);
    assert_eq!(names(&class.free_vars), ["x"]);
    bound(&p, "C", "x", Binding::Local, "C");
    bound(&p, "C", "__p", Binding::Local, "C");
    assert_eq!(
        p.scopes
            .resolve(p.scopes.module(), class.id, "__p")
            .name
            .as_str(),
        "_C__p"
    );
    bound(&p, "<listcomp>", "x", Binding::Free, "C");
    bound(&p, "m", "x", Binding::Free, "m");
    let x = ruff_python_ast::name::Name::new("x");
    assert_eq!(
        p.scopes.capture(p.scopes.module(), class.id, &x).binding,
        Binding::Free
    );
}

#[test]
fn annotations_and_type_parameters() {
    let p = parsed("class C[T]:\n x: T\n def m[U](self, a: U) -> T: ...\ntype A[V] = list[V]\n");
    let class = scope(&p, "C", 1);
    assert!(class.needs_classdict);
    let annotations = p.scopes.annotations_of(class.id).expect("annotations");
    assert!(p.scopes[annotations].can_see_class_scope);
    assert_eq!(
        p.scopes
            .resolve(p.scopes.module(), annotations, "T")
            .binding,
        Binding::Free,
        "T"
    );
    assert_eq!(names(&scope(&p, "A", 0).cell_vars), ["V"]);
}

#[test]
fn flags() {
    let p = parsed(
        "async def a():\n await x\n yield\ndef g():\n yield\nasync def c():\n return [i async for i in x]\n",
    );
    assert!(scope(&p, "a", 0).is_async_generator());
    assert!(scope(&p, "g", 0).is_generator && !scope(&p, "g", 0).is_coroutine);
    assert!(scope(&p, "c", 0).is_coroutine && scope(&p, "<listcomp>", 0).is_coroutine);
}
