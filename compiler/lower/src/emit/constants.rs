//! The constants of a code object, each kept once.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};
use taipan_bytecode::code::Constant;

/// Constants by index, without duplicates. Code objects are merged only with
/// themselves.
#[derive(Debug, Default)]
pub(crate) struct ConstantPool {
    list: Vec<Constant>,
    index: FxHashMap<u64, Vec<u32>>,
}

impl ConstantPool {
    /// The index of a constant, which is added if it is new.
    pub fn add(&mut self, constant: Constant) -> u32 {
        let new = self.list.len() as u32;
        if let Constant::Code(code) = &constant {
            let same = |c: &Constant| matches!(c, Constant::Code(other) if other.is(code));
            if let Some(at) = self.list.iter().rposition(same) {
                return at as u32;
            }
        } else {
            let mut hasher = FxHasher::default();
            hash(&constant, &mut hasher);
            let bucket = self.index.entry(hasher.finish()).or_default();
            for &at in bucket.iter() {
                if self.list.get(at as usize) == Some(&constant) {
                    return at;
                }
            }
            bucket.push(new);
        }
        self.list.push(constant);
        new
    }

    pub fn finish(self) -> Vec<Constant> {
        self.list
    }
}

fn hash(constant: &Constant, h: &mut FxHasher) {
    std::mem::discriminant(constant).hash(h);
    match constant {
        Constant::None | Constant::Ellipsis | Constant::Code(_) => {}
        Constant::Bool(b) => b.hash(h),
        Constant::Int(n) => n.hash(h),
        Constant::BigInt {
            negative,
            magnitude,
        } => {
            negative.hash(h);
            magnitude.hash(h);
        }
        Constant::Float(bits) => bits.hash(h),
        Constant::Complex(re, im) => (re, im).hash(h),
        Constant::Str(bytes) | Constant::Bytes(bytes) => bytes.hash(h),
        Constant::Tuple(items) | Constant::FrozenSet(items) => {
            items.len().hash(h);
            items.iter().for_each(|c| hash(c, h));
        }
        Constant::Slice(parts) => parts.iter().for_each(|c| hash(c, h)),
    }
}
