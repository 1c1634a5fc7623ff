//! Comparison, identity-or-equality, truth and hashing (Objects/object.c).

use crate::Thread;
use crate::object::slots::CompareOp;
use crate::object::{Result, Value};

impl Thread {
    /// `a op b` as a value (comparisons may give anything). Raises TypeError for unordered classes.
    pub fn compare(&mut self, a: Value, b: Value, op: CompareOp) -> Result {
        self.check_native_stack(" in comparison")?;
        let (ca, cb) = (self.class_of(a), self.class_of(b));
        let mut tried = false;
        if !ca.is(cb)
            && cb.is_subtype(ca)
            && let Some(f) = cb.slots().richcompare
        {
            tried = true;
            let r = f(self, b, a, op.reflected())?;
            if !r.is(self.not_implemented()) {
                return Ok(r);
            }
        }
        if let Some(f) = ca.slots().richcompare {
            let r = f(self, a, b, op)?;
            if !r.is(self.not_implemented()) {
                return Ok(r);
            }
        }
        if !tried && let Some(f) = cb.slots().richcompare {
            let r = f(self, b, a, op.reflected())?;
            if !r.is(self.not_implemented()) {
                return Ok(r);
            }
        }
        match op {
            CompareOp::Eq => Ok(self.bool(a.is(b))),
            CompareOp::Ne => Ok(self.bool(!a.is(b))),
            _ => {
                let (ta, tb) = (self.type_name(a), self.type_name(b));
                Err(self.type_error(format!(
                    "'{}' not supported between instances of '{ta}' and '{tb}'",
                    op.symbol()
                )))
            }
        }
    }

    /// The truth of `a op b` for objects of classes that compare as `object` does: by identity. None
    /// for all else.
    #[inline(always)]
    pub(crate) fn compare_identities(&self, a: Value, b: Value, op: CompareOp) -> Option<bool> {
        let wanted = match op {
            CompareOp::Eq => true,
            CompareOp::Ne => false,
            _ => return None,
        };
        let by_identity = self.vm().ty(crate::types::T::Object).slots().richcompare?;
        let is_plain = |v: Value| {
            let class = self.class_of(v);
            matches!(class.slots().richcompare, Some(f) if std::ptr::fn_addr_eq(f, by_identity))
        };
        (is_plain(a) && is_plain(b)).then(|| a.is(b) == wanted)
    }

    /// The truth of `a op b`.
    pub fn compare_bool(&mut self, a: Value, b: Value, op: CompareOp) -> Result<bool> {
        if let (Some(x), Some(y)) = (a.as_int(), b.as_int()) {
            return Ok(op.test(x.cmp(&y)));
        }
        let r = self.compare(a, b, op)?;
        self.truth(r)
    }

    /// `a is b or a == b`, as containers compare.
    #[inline]
    pub fn equal(&mut self, a: Value, b: Value) -> Result<bool> {
        if a.is(b) && !a.is_tagged_float() {
            return Ok(true);
        }
        if a.is_int() && b.is_int() {
            return Ok(false);
        }
        self.equal_slow(a, b)
    }

    fn equal_slow(&mut self, a: Value, b: Value) -> Result<bool> {
        if a.is(b) {
            return Ok(true);
        }
        if self.is_exact(a, crate::types::T::Str)
            && self.is_exact(b, crate::types::T::Str)
            && let (Some(x), Some(y)) = (
                a.downcast::<crate::types::str_::Str>(),
                b.downcast::<crate::types::str_::Str>(),
            )
        {
            return Ok(x.same_text(&y));
        }
        if let (Some(x), Some(y)) = (
            a.downcast::<crate::types::tuple::Tuple>(),
            b.downcast::<crate::types::tuple::Tuple>(),
        ) && self.compares_as_tuple(a)
            && self.compares_as_tuple(b)
        {
            return crate::types::tuple::equal(self, x, y);
        }
        self.compare_bool(a, b, CompareOp::Eq)
    }

    #[inline(always)]
    fn compares_as_tuple(&self, v: Value) -> bool {
        if self.is_exact(v, crate::types::T::Tuple) {
            return true;
        }
        let plain = self.vm().ty(crate::types::T::Tuple);
        match (
            self.class_of(v).slots().richcompare,
            plain.slots().richcompare,
        ) {
            (Some(f), Some(g)) => std::ptr::fn_addr_eq(f, g),
            _ => false,
        }
    }

    /// The truth of a value.
    #[inline]
    pub fn truth(&mut self, v: Value) -> Result<bool> {
        if v.is(self.bool(true)) {
            return Ok(true);
        }
        if v.is(self.bool(false)) || v.is(self.none()) {
            return Ok(false);
        }
        if let Some(i) = v.as_int() {
            return Ok(i != 0);
        }
        self.truth_slow(v)
    }

    fn truth_slow(&mut self, v: Value) -> Result<bool> {
        if let Some(f) = v.as_tagged_float() {
            return Ok(f != 0.0);
        }
        let class = self.class_of(v);
        let s = class.slots();
        if let Some(f) = s.bool_ {
            return f(self, v);
        }
        if let Some(f) = s.len {
            return f(self, v).map(|n| n != 0);
        }
        Ok(true)
    }

    /// `hash(v)`. Raises TypeError for unhashable classes.
    #[inline]
    pub fn hash(&mut self, v: Value) -> Result<i64> {
        if let Some(i) = v.as_int() {
            return Ok(crate::types::int::hash_i64(i));
        }
        if let Some(s) = v.downcast::<crate::types::str_::Str>()
            && v.header()
                .is_some_and(|h| h.shape() == crate::types::T::Str.shape())
        {
            return Ok(s.hash(self));
        }
        if self.is_exact(v, crate::types::T::Type) {
            return Ok(self.identity_hash(v));
        }
        let is_tuple = v.downcast::<crate::types::tuple::Tuple>().is_some();
        self.check_native_stack(if is_tuple {
            " while hashing a tuple"
        } else {
            ""
        })?;
        match self.class_of(v).slots().hash {
            Some(f) => f(self, v),
            None => self.unhashable(v),
        }
    }

    /// What `__hash__` returned, as a hash. Raises TypeError for what is no int.
    pub fn hash_result(&mut self, r: Value) -> Result<i64> {
        if let Some(i) = r.as_int() {
            return Ok(if i == -1 { -2 } else { i });
        }
        if r.downcast::<crate::types::int::BigInt>().is_none() {
            return Err(self.type_error("__hash__ method should return an integer"));
        }
        match crate::types::int::to_i64(r) {
            Some(i) => Ok(if i == -1 { -2 } else { i }),
            None => {
                let v = crate::types::int::exact(self, r);
                self.hash(v)
            }
        }
    }

    /// Raises "unhashable type".
    #[cold]
    pub fn unhashable(&mut self, v: Value) -> Result<i64> {
        let got = self.type_name(v);
        Err(self.type_error(format!("unhashable type: '{got}'")))
    }

    /// Hash by identity.
    pub fn identity_hash(&self, v: Value) -> i64 {
        let h = (v.bits() as i64 as u64).rotate_right(4) as i64;
        if h == -1 { -2 } else { h }
    }
}
