//! `_random`: the Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998), the stream that the
//! reference gives for every seed.

use std::cell::RefCell;

use dashu_int::IBig;
use taipan_vm::call::Args;
use taipan_vm::object::{Gc, NativeHeader};
use taipan_vm::types::int;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::{NativeObject, Result, Thread, Value, pymodule, pytype};

const N: usize = 624;
const M: usize = 397;

/// The generator's state.
struct Twister {
    words: [u32; N],
    next: usize,
}

impl Twister {
    fn new(seed: u32) -> Twister {
        let mut words = [0u32; N];
        let mut last = seed;
        words[0] = last;
        for (i, w) in words.iter_mut().enumerate().skip(1) {
            last = 1812433253u32
                .wrapping_mul(last ^ (last >> 30))
                .wrapping_add(i as u32);
            *w = last;
        }
        Twister { words, next: N }
    }

    fn seed(key: &[u32]) -> Twister {
        let mut t = Twister::new(19650218);
        let w = &mut t.words;
        let (mut i, mut j) = (1, 0);
        for _ in 0..N.max(key.len()) {
            let mixed = w[i - 1] ^ (w[i - 1] >> 30);
            w[i] = (w[i] ^ mixed.wrapping_mul(1664525))
                .wrapping_add(key[j])
                .wrapping_add(j as u32);
            i += 1;
            j += 1;
            if i >= N {
                w[0] = w[N - 1];
                i = 1;
            }
            if j >= key.len() {
                j = 0;
            }
        }
        for _ in 0..N - 1 {
            let mixed = w[i - 1] ^ (w[i - 1] >> 30);
            w[i] = (w[i] ^ mixed.wrapping_mul(1566083941)).wrapping_sub(i as u32);
            i += 1;
            if i >= N {
                w[0] = w[N - 1];
                i = 1;
            }
        }
        w[0] = 0x8000_0000;
        t
    }

    fn refill(&mut self) {
        let w = &mut self.words;
        for i in 0..N {
            let y = (w[i] & 0x8000_0000) | (w[(i + 1) % N] & 0x7fff_ffff);
            let twist = if y & 1 == 1 { 0x9908_b0df } else { 0 };
            w[i] = w[(i + M) % N] ^ (y >> 1) ^ twist;
        }
        self.next = 0;
    }

    #[inline]
    fn u32(&mut self) -> u32 {
        if self.next >= N {
            self.refill();
        }
        let mut y = self.words[self.next];
        self.next += 1;
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c_5680;
        y ^= (y << 15) & 0xefc6_0000;
        y ^ (y >> 18)
    }

    /// In [0, 1), with 53 random bits.
    #[inline]
    fn f64(&mut self) -> f64 {
        let a = (self.u32() >> 5) as f64;
        let b = (self.u32() >> 6) as f64;
        (a * 67108864.0 + b) * (1.0 / 9007199254740992.0)
    }
}

/// Random() -> create a random number generator with its own internal state.
#[repr(C)]
#[derive(NativeObject)]
pub struct Random {
    head: NativeHeader,
    #[notrace]
    state: RefCell<Box<Twister>>,
}

fn entropy() -> [u32; N] {
    let mut words = [0u32; N];
    let mut bytes = [0u8; N * 4];
    let read = std::fs::File::open("/dev/urandom")
        .and_then(|mut f| std::io::Read::read_exact(&mut f, &mut bytes));
    if read.is_err() {
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |d| d.as_nanos() as u64);
        bytes[..8].copy_from_slice(&now.to_le_bytes());
        bytes[8..12].copy_from_slice(&std::process::id().to_le_bytes());
    }
    for (w, b) in words.iter_mut().zip(bytes.chunks_exact(4)) {
        *w = u32::from_le_bytes([b[0], b[1], b[2], b[3]]);
    }
    words
}

fn seed_words(n: &IBig) -> Vec<u32> {
    let (_, words) = n.as_sign_words();
    let mut key: Vec<u32> = words
        .iter()
        .flat_map(|w| [*w as u32, (*w >> 32) as u32])
        .collect();
    while key.len() > 1 && key.last() == Some(&0) {
        key.pop();
    }
    if key.is_empty() {
        key.push(0);
    }
    key
}

fn seed(th: &mut Thread, this: Gc<Random>, n: Option<Value>) -> Result<()> {
    let t = match th.not_none(n) {
        None => Twister::seed(&entropy()),
        Some(n) => {
            let key = match int::to_ibig(n) {
                Some(i) => seed_words(&i),
                None => {
                    let hash = th.hash(n)?;
                    seed_words(&IBig::from(hash as u64))
                }
            };
            Twister::seed(&key)
        }
    };
    **this.state.borrow_mut() = t;
    Ok(())
}

#[pytype(name = "Random", module = "_random", flags = BASETYPE, table = RANDOM_TYPE)]
impl Random {
    #[pynew(raw)]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        let this = th.alloc_native(class, |head| Random {
            head,
            state: RefCell::new(Box::new(Twister::new(0))),
        });
        if args.values.len() > 1 || class.is(th.type_for(&RANDOM_TYPE)) {
            return Ok(this.value());
        }
        // A subclass may never call `__init__`.
        seed(th, this, None)?;
        Ok(this.value())
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
        let Some(this) = this.downcast::<Random>() else {
            return Err(th.type_error("Random() needs a Random object"));
        };
        if args.keyword_count() > 0 {
            return Err(th.type_error("Random() takes no keyword arguments"));
        }
        if args.values.len() > 1 {
            let n = args.values.len();
            return Err(th.type_error(format!("Random expected at most 1 argument, got {n}")));
        }
        seed(th, this, args.values.first().copied())
    }

    /// random() -> x in the interval [0, 1).
    #[pymethod(sig = "()")]
    fn random(_: &mut Thread, this: Gc<Random>) -> Result<f64> {
        Ok(this.state.borrow_mut().f64())
    }

    /// seed([n]) -> None.
    ///
    /// Defaults to use urandom and falls back to a combination
    /// of the current time and the process identifier.
    #[pymethod(sig = "(n=None, /)")]
    fn seed(th: &mut Thread, this: Gc<Random>, n: Option<Value>) -> Result<()> {
        seed(th, this, n)
    }

    /// getstate() -> tuple containing the current state.
    #[pymethod(sig = "()")]
    fn getstate(th: &mut Thread, this: Gc<Random>) -> Result<Gc<Tuple>> {
        let mut values = [Value::small(0); N + 1];
        {
            let t = this.state.borrow();
            for (v, w) in values.iter_mut().zip(t.words.iter().map(|w| *w as i64)) {
                *v = Value::try_int(w).unwrap_or(Value::small(0));
            }
            values[N] = Value::small(t.next as i32);
        }
        Ok(th.new_tuple(&values))
    }

    /// setstate(state) -> None.  Restores generator state.
    #[pymethod]
    fn setstate(th: &mut Thread, this: Gc<Random>, state: Value) -> Result<()> {
        let Some(state) = state.downcast::<Tuple>() else {
            return Err(th.type_error("state vector must be a tuple"));
        };
        if state.len() != N + 1 {
            return Err(th.value_error("state vector is the wrong size"));
        }
        let mut words = [0u32; N];
        for (w, v) in words.iter_mut().zip(state.as_slice()) {
            let i = th.index(*v)?;
            *w = match int::to_i64(i) {
                Some(i) if i < 0 => {
                    return Err(th.overflow_error("can't convert negative value to unsigned int"));
                }
                Some(i) => i as u32,
                None => {
                    return Err(
                        th.overflow_error("Python int too large to convert to C unsigned long")
                    );
                }
            };
        }
        let next = th.index_i64(
            state.get(N).unwrap_or(Value::small(0)),
            "Python int too large to convert to C long",
        )?;
        if !(0..=N as i64).contains(&next) {
            return Err(th.value_error("invalid state"));
        }
        **this.state.borrow_mut() = Twister {
            words,
            next: next as usize,
        };
        Ok(())
    }

    /// getrandbits(k) -> x.  Generates an int with k random bits.
    #[pymethod]
    fn getrandbits(th: &mut Thread, this: Gc<Random>, k: Value) -> Result {
        let k = th.index(k)?;
        if int::is_negative(k) {
            return Err(th.value_error("Cannot convert negative int"));
        }
        let Some(k) = int::to_i64(k) else {
            return Err(th.overflow_error("Python int too large to convert to C uint64_t"));
        };
        if k == 0 {
            return Ok(Value::small(0));
        }
        if k <= 32 {
            let r = this.state.borrow_mut().u32() >> (32 - k);
            return Ok(th.int(r as i64));
        }
        if k <= 64 {
            let mut t = this.state.borrow_mut();
            let low = t.u32() as u64;
            let high = (t.u32() >> (64 - k)) as u64;
            drop(t);
            return Ok(th.int_from_u64(high << 32 | low));
        }
        let words = (k as u64).div_ceil(32) as usize;
        let r = taipan_vm::number::check_memory(words.saturating_mul(4));
        th.format_result(r)?;
        let mut bytes = Vec::with_capacity(words * 4);
        let mut left = k;
        let mut t = this.state.borrow_mut();
        while left > 0 {
            let mut r = t.u32();
            if left < 32 {
                r >>= 32 - left;
            }
            bytes.extend_from_slice(&r.to_le_bytes());
            left -= 32;
        }
        drop(t);
        let n = IBig::from(dashu_int::UBig::from_le_bytes(&bytes));
        Ok(int::normalize(th, &n))
    }
}

/// The functions hang here.
pub struct RandomModule;

/// Module implements the Mersenne Twister random number generator.
#[pymodule(name = "_random", types = [RANDOM_TYPE])]
impl RandomModule {}
