//! Combinatoric iterators: `product`, `combinations`, `combinations_with_replacement`,
//! `permutations`.

use std::cell::{Cell, RefCell};

use super::endless::only_keyword;
use taipan_vm::call::Args;
use taipan_vm::object::{Gc, NativeHeader, Result, Value, ValueVec};
use taipan_vm::types::tuple::Tuple;
use taipan_vm::types::type_::Type;
use taipan_vm::{NativeObject, Thread, pytype};

/// Where a run stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Fresh,
    Running,
    Done,
}

fn pick(th: &mut Thread, pool: Gc<Tuple>, indices: &[usize]) -> Value {
    th.tuple_from_iter(indices.iter().filter_map(|i| pool.get(*i)))
        .value()
}

fn count_argument(th: &mut Thread, r: isize) -> Result<usize> {
    match usize::try_from(r) {
        Ok(r) => Ok(r),
        Err(_) => Err(th.value_error("r must be non-negative")),
    }
}

/// Cartesian product.
#[repr(C)]
#[derive(NativeObject)]
pub struct Product {
    head: NativeHeader,
    pools: Gc<Tuple>,
    #[notrace]
    indices: RefCell<Vec<usize>>,
    #[notrace]
    state: Cell<State>,
}

impl Product {
    fn pool(&self, i: usize) -> Option<Gc<Tuple>> {
        self.pools.get(i)?.downcast::<Tuple>()
    }

    fn step(&self) -> State {
        let mut ix = self.indices.borrow_mut();
        if self.state.get() == State::Fresh {
            let empty = (0..ix.len()).any(|i| self.pool(i).is_none_or(|p| p.is_empty()));
            return if empty { State::Done } else { State::Running };
        }
        for i in (0..ix.len()).rev() {
            ix[i] += 1;
            if self.pool(i).is_some_and(|p| ix[i] < p.len()) {
                return State::Running;
            }
            ix[i] = 0;
        }
        State::Done
    }
}

/// Cartesian product of input iterables.  Equivalent to nested for-loops.
///
/// For example, product(A, B) returns the same as:  ((x,y) for x in A for y in B).
#[pytype(name = "product", module = "itertools", flags = BASETYPE, table = PRODUCT_TYPE)]
impl Product {
    #[pynew(raw, sig = "(*iterables, repeat=1)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        let repeat = match only_keyword(th, &args, "repeat", "product")? {
            Some(r) => th.index_i64(r, "Python int too large to convert to C ssize_t")?,
            None => 1,
        };
        let Ok(repeat) = usize::try_from(repeat) else {
            return Err(th.value_error("repeat argument cannot be negative"));
        };
        let once = ValueVec::new();
        for v in args.positionals().iter().skip(1) {
            let p = th.to_tuple(*v)?.value();
            th.push(&once, p)?;
        }
        let Some(n) = once
            .len()
            .checked_mul(repeat)
            .filter(|n| *n < isize::MAX as usize / 8)
        else {
            return Err(th.overflow_error("repeat argument too large"));
        };
        let all = ValueVec::new();
        if n > 0 {
            for _ in 0..repeat {
                th.push_all(&all, once.as_slice())?;
            }
        }
        let pools = th.new_tuple(all.as_slice());
        Ok(th
            .alloc_native(class, |head| Product {
                head,
                pools,
                indices: RefCell::new(vec![0; n]),
                state: Cell::new(State::Fresh),
            })
            .value())
    }

    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(p) = this.downcast::<Product>() else {
            return Ok(None);
        };
        if p.state.get() == State::Done {
            return Ok(None);
        }
        p.state.set(p.step());
        if p.state.get() == State::Done {
            return Ok(None);
        }
        let out = {
            let ix = p.indices.borrow();
            let items = ix
                .iter()
                .enumerate()
                .filter_map(|(i, j)| p.pool(i)?.get(*j));
            th.tuple_from_iter(items)
        };
        Ok(Some(out.value()))
    }

    #[pymethod]
    fn __sizeof__(_: &mut Thread, this: Gc<Product>) -> usize {
        size_of::<Product>() + 8 * this.indices.borrow().len()
    }
}

macro_rules! combinatoric {
    ($t:ident, $name:literal, $table:ident, $sig:literal, $step:ident, $start:expr, $(#[$doc:meta])*) => {
        #[doc = concat!("`", $name, "`")]
        #[repr(C)]
        #[derive(NativeObject)]
        pub struct $t {
            head: NativeHeader,
            pool: Gc<Tuple>,
            #[notrace]
            indices: RefCell<Vec<usize>>,
            #[notrace]
            state: Cell<State>,
        }

        $(#[$doc])*
        #[pytype(name = $name, module = "itertools", flags = BASETYPE, table = $table)]
        impl $t {
            #[pynew(sig = $sig)]
            fn new(th: &mut Thread, class: Gc<Type>, iterable: Value, r: isize) -> Result {
                let pool = th.to_tuple(iterable)?;
                let r = count_argument(th, r)?;
                let start: fn(usize, usize) -> Option<Vec<usize>> = $start;
                let first = start(pool.len(), r);
                let state = if first.is_some() { State::Fresh } else { State::Done };
                Ok(th
                    .alloc_native(class, |head| $t {
                        head,
                        pool,
                        indices: RefCell::new(first.unwrap_or_default()),
                        state: Cell::new(state),
                    })
                    .value())
            }

            #[pyslot]
            fn iter(_: &mut Thread, this: Value) -> Result {
                Ok(this)
            }

            #[pyslot]
            fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
                let Some(c) = this.downcast::<$t>() else {
                    return Ok(None);
                };
                match c.state.get() {
                    State::Done => return Ok(None),
                    State::Fresh => c.state.set(State::Running),
                    State::Running => {
                        if !$step(&mut c.indices.borrow_mut(), c.pool.len()) {
                            c.state.set(State::Done);
                            return Ok(None);
                        }
                    }
                }
                let out = {
                    let ix = c.indices.borrow();
                    pick(th, c.pool, &ix)
                };
                Ok(Some(out))
            }
        }
    };
}

fn next_combination(ix: &mut [usize], n: usize) -> bool {
    let r = ix.len();
    let Some(i) = (0..r).rev().find(|i| ix[*i] != i + n - r) else {
        return false;
    };
    ix[i] += 1;
    for j in i + 1..r {
        ix[j] = ix[j - 1] + 1;
    }
    true
}

fn next_multiset(ix: &mut [usize], n: usize) -> bool {
    let Some(i) = (0..ix.len()).rev().find(|i| ix[*i] + 1 != n) else {
        return false;
    };
    let v = ix[i] + 1;
    ix[i..].fill(v);
    true
}

combinatoric!(
    Combinations,
    "combinations",
    COMBINATIONS_TYPE,
    "(iterable, r)",
    next_combination,
    |n, r| (r <= n).then(|| (0..r).collect()),
    /// Return successive r-length combinations of elements in the iterable.
    ///
    /// combinations(range(4), 3) --> (0,1,2), (0,1,3), (0,2,3), (1,2,3)
);

combinatoric!(
    Replacement,
    "combinations_with_replacement",
    REPLACEMENT_TYPE,
    "(iterable, r)",
    next_multiset,
    |n, r| (n > 0 || r == 0).then(|| vec![0; r]),
    /// Return successive r-length combinations of elements in the iterable allowing individual elements to have successive repeats.
    ///
    /// combinations_with_replacement('ABC', 2) --> ('A','A'), ('A','B'), ('A','C'), ('B','B'), ('B','C'), ('C','C')
);

/// Permutations.
#[repr(C)]
#[derive(NativeObject)]
pub struct Permutations {
    head: NativeHeader,
    pool: Gc<Tuple>,
    /// All indices, of which the first `cycles.len()` are given.
    #[notrace]
    indices: RefCell<Vec<usize>>,
    #[notrace]
    cycles: RefCell<Vec<usize>>,
    #[notrace]
    state: Cell<State>,
}

fn next_permutation(ix: &mut [usize], cycles: &mut [usize]) -> bool {
    let n = ix.len();
    for i in (0..cycles.len()).rev() {
        cycles[i] -= 1;
        if cycles[i] == 0 {
            ix[i..].rotate_left(1);
            cycles[i] = n - i;
        } else {
            ix.swap(i, n - cycles[i]);
            return true;
        }
    }
    false
}

/// Return successive r-length permutations of elements in the iterable.
///
/// permutations(range(3), 2) --> (0,1), (0,2), (1,0), (1,2), (2,0), (2,1)
#[pytype(name = "permutations", module = "itertools", flags = BASETYPE, table = PERMUTATIONS_TYPE)]
impl Permutations {
    #[pynew(sig = "(iterable, r=None)")]
    fn new(th: &mut Thread, class: Gc<Type>, iterable: Value, r: Option<Value>) -> Result {
        let pool = th.to_tuple(iterable)?;
        let n = pool.len();
        let r = match th.not_none(r) {
            None => n,
            Some(r) if !taipan_vm::types::int::is_int(r) => {
                return Err(th.type_error("Expected int as r"));
            }
            Some(r) => {
                let r = th.index_i64(r, "Python int too large to convert to C ssize_t")?;
                count_argument(th, r as isize)?
            }
        };
        let state = if r > n { State::Done } else { State::Fresh };
        let cycles = (0..r.min(n)).map(|i| n - i).collect();
        Ok(th
            .alloc_native(class, |head| Permutations {
                head,
                pool,
                indices: RefCell::new((0..n).collect()),
                cycles: RefCell::new(cycles),
                state: Cell::new(state),
            })
            .value())
    }

    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(p) = this.downcast::<Permutations>() else {
            return Ok(None);
        };
        match p.state.get() {
            State::Done => return Ok(None),
            State::Fresh => p.state.set(State::Running),
            State::Running => {
                if !next_permutation(&mut p.indices.borrow_mut(), &mut p.cycles.borrow_mut()) {
                    p.state.set(State::Done);
                    return Ok(None);
                }
            }
        }
        let r = p.cycles.borrow().len();
        let out = {
            let ix = p.indices.borrow();
            pick(th, p.pool, &ix[..r])
        };
        Ok(Some(out))
    }
}
