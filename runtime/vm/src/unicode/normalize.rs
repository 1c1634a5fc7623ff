//! Normalization forms.
//!
//! Decompose, order combining marks, and for the composed forms compose again.
//! Text of low code points is known to be normalized and is only copied.

use super::properties::{combining, decomposition};
use super::tables::decomposition::COMPOSITIONS;
use super::{Text, TextRef};

/// A normalization form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Canonical, composed.
    Nfc,
    /// Compatible, composed.
    Nfkc,
    /// Canonical, decomposed.
    Nfd,
    /// Compatible, decomposed.
    Nfkd,
}

impl Form {
    /// Form of a name.
    pub fn parse(name: &str) -> Option<Form> {
        Some(match name {
            "NFC" => Form::Nfc,
            "NFKC" => Form::Nfkc,
            "NFD" => Form::Nfd,
            "NFKD" => Form::Nfkd,
            _ => return None,
        })
    }

    fn is_composed(self) -> bool {
        matches!(self, Form::Nfc | Form::Nfkc)
    }

    fn is_compatible(self) -> bool {
        matches!(self, Form::Nfkc | Form::Nfkd)
    }

    /// Below this code point nothing changes.
    fn first_unstable(self) -> u32 {
        match self {
            Form::Nfc => 0x300,
            Form::Nfd => 0xC0,
            Form::Nfkc | Form::Nfkd => 0xA0,
        }
    }
}

const S_BASE: u32 = 0xAC00;
const L_BASE: u32 = 0x1100;
const V_BASE: u32 = 0x1161;
const T_BASE: u32 = 0x11A7;
const L_COUNT: u32 = 19;
const V_COUNT: u32 = 21;
const T_COUNT: u32 = 28;
const S_COUNT: u32 = L_COUNT * V_COUNT * T_COUNT;

fn push_decomposed(out: &mut Vec<u32>, c: u32, compatible: bool) {
    if let Some(syllable) = c.checked_sub(S_BASE).filter(|&s| s < S_COUNT) {
        out.push(L_BASE + syllable / (V_COUNT * T_COUNT));
        out.push(V_BASE + syllable % (V_COUNT * T_COUNT) / T_COUNT);
        if syllable % T_COUNT != 0 {
            out.push(T_BASE + syllable % T_COUNT);
        }
        return;
    }
    match decomposition(c) {
        Some((tag, points)) if compatible || tag.is_empty() => points
            .iter()
            .for_each(|&part| push_decomposed(out, part, compatible)),
        _ => out.push(c),
    }
}

/// Stable sort of each run of combining marks by class.
fn order_marks(points: &mut [u32]) {
    let mut start = 0;
    while start < points.len() {
        if combining(points[start]) == 0 {
            start += 1;
            continue;
        }
        let run = points[start..]
            .iter()
            .position(|&c| combining(c) == 0)
            .unwrap_or(points.len() - start);
        points[start..start + run].sort_by_key(|&c| combining(c));
        start += run;
    }
}

fn composite(first: u32, second: u32) -> Option<u32> {
    if let Some(l) = first.checked_sub(L_BASE).filter(|&l| l < L_COUNT)
        && let Some(v) = second.checked_sub(V_BASE).filter(|&v| v < V_COUNT)
    {
        return Some(S_BASE + (l * V_COUNT + v) * T_COUNT);
    }
    if let Some(s) = first.checked_sub(S_BASE).filter(|&s| s < S_COUNT)
        && s % T_COUNT == 0
        && let Some(t) = second
            .checked_sub(T_BASE)
            .filter(|t| (1..T_COUNT).contains(t))
    {
        return Some(S_BASE + s + t);
    }
    let found = COMPOSITIONS
        .binary_search_by_key(&(first, second), |row| (row.0, row.1))
        .ok()?;
    Some(COMPOSITIONS[found].2)
}

fn compose(points: &[u32]) -> Vec<u32> {
    let mut out: Vec<u32> = Vec::with_capacity(points.len());
    let mut starter: Option<usize> = None;
    let mut last_class = 0;
    for &c in points {
        let class = combining(c);
        if let Some(index) = starter {
            let adjacent = out.len() == index + 1;
            if (adjacent || last_class < class && last_class != 0)
                && let Some(whole) = composite(out[index], c)
            {
                out[index] = whole;
                continue;
            }
        }
        if class == 0 {
            starter = Some(out.len());
        }
        last_class = class;
        out.push(c);
    }
    out
}

/// `unicodedata.normalize`
pub fn normalize(text: TextRef<'_>, form: Form) -> Text {
    normalize_by(text, form, |_| None)
}

/// Normalizes, but some code points decompose to one that the caller gives.
pub(super) fn normalize_by(
    text: TextRef<'_>,
    form: Form,
    exception: impl Fn(u32) -> Option<u32>,
) -> Text {
    let unstable = form.first_unstable();
    if text.iter().all(|c| c < unstable) {
        return text.to_text();
    }
    let mut points = Vec::with_capacity(text.len() + 8);
    for c in text.iter() {
        match exception(c) {
            Some(c) => points.push(c),
            None => push_decomposed(&mut points, c, form.is_compatible()),
        }
    }
    order_marks(&mut points);
    if form.is_composed() {
        points = compose(&points);
    }
    Text::from_code_points(points)
}

/// `unicodedata.is_normalized`
pub fn is_normalized(text: TextRef<'_>, form: Form) -> bool {
    let unstable = form.first_unstable();
    text.iter().all(|c| c < unstable) || normalize(text, form).as_ref().iter().eq(text.iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let show = |text: &str, form| normalize(Text::from(text).as_ref(), form).to_string();
        assert_eq!(show("e\u{301}", Form::Nfc), "é");
        assert_eq!(show("é", Form::Nfd), "e\u{301}");
        assert_eq!(show("ﬁ½", Form::Nfkc), "fi1⁄2");
        assert_eq!(show("한", Form::Nfd), "\u{1112}\u{1161}\u{11ab}");
        assert_eq!(show("\u{1112}\u{1161}\u{11ab}", Form::Nfc), "한");
        assert_eq!(show("a\u{301}\u{323}", Form::Nfc), "ạ\u{301}");
        assert_eq!(show("\u{958}", Form::Nfc), "\u{915}\u{93c}");
        assert!(!is_normalized(Text::from("é").as_ref(), Form::Nfd));
    }
}
