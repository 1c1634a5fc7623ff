//! Chains of filters, given as dicts.

use liblzma::stream::{Filters, LzmaOptions, MatchFinder, Mode};
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::str_::text;
use taipan_vm::{Result, Thread, Value, ValueVec};

use super::{PRESET_DEFAULT, failed, lzma_error};

/// `FILTER_LZMA1`
pub const LZMA1: u64 = 0x4000_0000_0000_0001;
const LZMA2: u64 = 33;
const DELTA: u64 = 3;

/// Sizes of dictionaries by preset.
const DICTIONARY: [u32; 10] = [18, 20, 21, 22, 22, 23, 23, 24, 25, 26];

/// A filter's dict.
struct Spec {
    id: u64,
    dict: Value,
}

/// The number of a filter.
pub fn id_of(th: &mut Thread, v: Value) -> Result<u64> {
    match u64::try_from(th.index_i64(v, "int too large to convert")?) {
        Ok(n) => Ok(n),
        Err(_) => Err(th.overflow_error("can't convert negative int to unsigned")),
    }
}

fn option(th: &mut Thread, spec: &Spec, name: &str) -> Result<Option<u32>> {
    let key = th.intern(name).value();
    if !th.contains(spec.dict, key)? {
        return Ok(None);
    }
    let v = th.get_item(spec.dict, key)?;
    match u32::try_from(th.index_i64(v, "int too large to convert")?) {
        Ok(n) => Ok(Some(n)),
        Err(_) => Err(th.overflow_error("Value too large for uint32_t type")),
    }
}

fn spec(th: &mut Thread, v: Value) -> Result<Spec> {
    if th.class_of(v).slots().getitem.is_none() || text(v).is_some() {
        return Err(th.type_error("Filter specifier must be a dict or dict-like object"));
    }
    let key = th.intern("id").value();
    let id = match th.get_item(v, key) {
        Ok(id) => id,
        Err(_) if th.pending_matches(ExceptionClass::KeyError) => {
            th.clear_pending();
            return Err(th.value_error("Filter specifier must have an \"id\" entry"));
        }
        Err(e) => return Err(e),
    };
    Ok(Spec {
        id: id_of(th, id)?,
        dict: v,
    })
}

/// ValueError for keys that a filter does not have.
fn only(th: &mut Thread, spec: &Spec, known: &[&str], what: &str) -> Result<()> {
    let mut good = true;
    th.for_each(spec.dict, |_, k| {
        good &= text(k).is_some_and(|k| k == "id" || known.contains(&k.as_str()));
        Ok(())
    })?;
    if good {
        return Ok(());
    }
    Err(th.value_error(format!("Invalid filter specifier for {what} filter")))
}

/// The options of a preset.
pub fn preset(th: &mut Thread, level: u32) -> Result<LzmaOptions> {
    match LzmaOptions::new_preset(level) {
        Ok(o) => Ok(o),
        Err(_) => Err(lzma_error(
            th,
            &format!("Invalid compression preset: {level}"),
        )),
    }
}

/// The numbers of an LZMA filter: options, dictionary's size, lc, lp, pb.
fn lzma(th: &mut Thread, s: &Spec) -> Result<(LzmaOptions, [u32; 4])> {
    const KNOWN: [&str; 9] = [
        "preset",
        "dict_size",
        "lc",
        "lp",
        "pb",
        "mode",
        "nice_len",
        "mf",
        "depth",
    ];
    only(th, s, &KNOWN, "LZMA")?;
    let level = option(th, s, "preset")?.unwrap_or(PRESET_DEFAULT);
    let mut o = preset(th, level)?;
    let shift = DICTIONARY.get((level & 31) as usize).copied().unwrap_or(23);
    let mut numbers = [1 << shift, 3, 0, 2];
    for (slot, name) in numbers.iter_mut().zip(["dict_size", "lc", "lp", "pb"]) {
        if let Some(n) = option(th, s, name)? {
            *slot = n;
        }
    }
    o.dict_size(numbers[0]);
    o.literal_context_bits(numbers[1]);
    o.literal_position_bits(numbers[2]);
    o.position_bits(numbers[3]);
    match option(th, s, "mode")? {
        None => {}
        Some(1) => {
            o.mode(Mode::Fast);
        }
        Some(2) => {
            o.mode(Mode::Normal);
        }
        Some(_) => return Err(lzma_error(th, "Invalid or unsupported options")),
    }
    if let Some(n) = option(th, s, "nice_len")? {
        o.nice_len(n);
    }
    match option(th, s, "mf")? {
        None => {}
        Some(n) => {
            o.match_finder(match n {
                3 => MatchFinder::HashChain3,
                4 => MatchFinder::HashChain4,
                18 => MatchFinder::BinaryTree2,
                19 => MatchFinder::BinaryTree3,
                20 => MatchFinder::BinaryTree4,
                _ => return Err(lzma_error(th, "Invalid or unsupported options")),
            });
        }
    }
    if let Some(n) = option(th, s, "depth")? {
        o.depth(n);
    }
    Ok((o, numbers))
}

/// The properties of a filter that is not an LZMA one.
fn simple(th: &mut Thread, s: &Spec) -> Result<Vec<u8>> {
    if s.id == DELTA {
        only(th, s, &["dist"], "delta")?;
        let dist = option(th, s, "dist")?.unwrap_or(1);
        return match u8::try_from(dist.wrapping_sub(1)) {
            Ok(n) => Ok(vec![n]),
            Err(_) => Err(lzma_error(th, "Invalid or unsupported options")),
        };
    }
    if !(4..=9).contains(&s.id) {
        let id = s.id;
        return Err(th.value_error(format!("Invalid filter ID: {id}")));
    }
    only(th, s, &["start_offset"], "BCJ")?;
    Ok(match option(th, s, "start_offset")?.unwrap_or(0) {
        0 => Vec::new(),
        n => n.to_le_bytes().to_vec(),
    })
}

fn dicts(th: &mut Thread, v: Value) -> Result<ValueVec> {
    if th.len(v)? > 4 {
        return Err(th.value_error("Too many filters - liblzma supports a maximum of 4"));
    }
    th.collect(v)
}

/// A chain of filters.
pub fn chain(th: &mut Thread, v: Value) -> Result<Filters> {
    let mut f = Filters::new();
    let all = dicts(th, v)?;
    for v in all.as_slice() {
        let s = spec(th, *v)?;
        if s.id == LZMA1 || s.id == LZMA2 {
            let (o, _) = lzma(th, &s)?;
            if s.id == LZMA1 {
                f.lzma1(&o);
            } else {
                f.lzma2(&o);
            }
            continue;
        }
        let properties = simple(th, &s)?;
        let p = properties.as_slice();
        let added = match s.id {
            DELTA => f.delta_properties(p),
            4 => f.x86_properties(p),
            5 => f.powerpc_properties(p),
            6 => f.ia64_properties(p),
            7 => f.arm_properties(p),
            8 => f.arm_thumb_properties(p),
            _ => f.sparc_properties(p),
        };
        if let Err(e) = added {
            return Err(failed(th, e));
        }
    }
    Ok(f)
}

/// The one LZMA1 filter that the old format allows.
pub fn only_lzma1(th: &mut Thread, v: Value) -> Result<LzmaOptions> {
    let all = dicts(th, v)?;
    if let [one] = all.as_slice() {
        let s = spec(th, *one)?;
        if s.id == LZMA1 {
            return Ok(lzma(th, &s)?.0);
        }
    }
    Err(th.value_error("Invalid filter chain for FORMAT_ALONE - must be a single LZMA1 filter"))
}

/// The options of a filter as a stream has them.
pub fn encode(th: &mut Thread, v: Value) -> Result<Vec<u8>> {
    let s = spec(th, v)?;
    if s.id != LZMA1 && s.id != LZMA2 {
        return simple(th, &s);
    }
    let (_, [size, lc, lp, pb]) = lzma(th, &s)?;
    if lc + lp > 4 || pb > 4 || size < 4096 {
        return Err(lzma_error(th, "Invalid or unsupported options"));
    }
    if s.id == LZMA1 {
        let mut out = vec![((pb * 5 + lp) * 9 + lc) as u8];
        out.extend_from_slice(&size.to_le_bytes());
        return Ok(out);
    }
    // The next size of the form 2 or 3 times a power of two.
    let code = (0u32..40).find(|n| (2 | (n & 1) as u64) << (n / 2 + 11) >= size as u64);
    Ok(vec![code.unwrap_or(40) as u8])
}

/// A filter's dict from its encoded options.
pub fn decode(th: &mut Thread, id: u64, b: &[u8]) -> Result {
    let d = th.new_dict();
    let number = th.int_from_u64(id);
    th.dict_set_text(d, "id", number);
    let enter = |th: &mut Thread, name: &str, n: u64| {
        let n = th.int_from_u64(n);
        th.dict_set_text(d, name, n);
    };
    let size = |b: &[u8]| b.iter().rev().fold(0, |n, b| n << 8 | *b as u64);
    match (id, b) {
        (LZMA1, [first, rest @ ..]) if rest.len() == 4 && *first < 225 => {
            let n = *first as u64;
            enter(th, "lc", n % 9);
            enter(th, "lp", n / 9 % 5);
            enter(th, "pb", n / 45);
            enter(th, "dict_size", size(rest));
        }
        (LZMA2, [n]) if *n <= 40 => {
            let bytes = if *n == 40 {
                u32::MAX as u64
            } else {
                (2 | (n & 1) as u64) << (n / 2 + 11)
            };
            enter(th, "dict_size", bytes);
        }
        (DELTA, [n]) => enter(th, "dist", *n as u64 + 1),
        (4..=9, []) => {}
        (4..=9, b) if b.len() == 4 => {
            if size(b) != 0 {
                enter(th, "start_offset", size(b));
            }
        }
        _ => return Err(lzma_error(th, "Invalid or unsupported options")),
    }
    Ok(d.value())
}
