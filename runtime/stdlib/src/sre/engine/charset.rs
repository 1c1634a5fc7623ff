//! Sets of characters: one table for Latin-1, an item list for everything above.

use super::chars::{CharInfo, ascii_lower, is_word};
use super::opcode::{self, Words};
use super::{InvalidCode, bad};

/// What is done to a character before it is looked up in a set, or compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    None,
    Ascii,
    Unicode,
    Locale,
}

impl Fold {
    /// The folded character.
    #[inline]
    pub(super) fn apply(self, ch: u32, chars: &dyn CharInfo) -> u32 {
        match self {
            Fold::None => ch,
            Fold::Ascii => ascii_lower(ch),
            Fold::Unicode => chars.lower(ch),
            Fold::Locale => locale_lower(ch, chars),
        }
    }
}

/// Lower-casing in the current locale, which knows bytes only.
fn locale_lower(ch: u32, chars: &dyn CharInfo) -> u32 {
    if ch < 256 { chars.locale_lower(ch) } else { ch }
}

/// One member of a set program.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Item {
    Literal(u32),
    Range(u32, u32),
    RangeUniIgnore(u32, u32),
    Category(u32),
    Bitmap(Box<[u32]>),
    BigBitmap {
        index: Box<[u32]>,
        blocks: Box<[u32]>,
    },
    Negate,
}

/// A set of characters. `table` answers for characters below 256; it is meaningless when the set
/// depends on the locale (`is_static` is false).
#[derive(Clone, Debug)]
pub(super) struct Set {
    /// Membership of the characters below 256.
    pub(super) table: [bool; 256],
    /// Whether any character above 255 can belong.
    pub(super) high: bool,
    /// Whether `table` may be relied upon.
    pub(super) is_static: bool,
    fold: Fold,
    items: Vec<Item>,
}

impl Set {
    /// Translates the set program at the start of `code`, which must fill it up to and including
    /// its FAILURE.
    pub(super) fn decode(code: &[u32], fold: Fold) -> Result<Set, InvalidCode> {
        let mut items = Vec::new();
        let mut at = 0;
        let word = |i: usize| code.get(i).copied().ok_or(InvalidCode);
        loop {
            match word(at)? {
                opcode::FAILURE => break,
                opcode::NEGATE => {
                    items.push(Item::Negate);
                    at += 1;
                }
                opcode::LITERAL => {
                    items.push(Item::Literal(word(at + 1)?));
                    at += 2;
                }
                op @ (opcode::RANGE | opcode::RANGE_UNI_IGNORE) => {
                    let (low, high) = (word(at + 1)?, word(at + 2)?);
                    items.push(if op == opcode::RANGE {
                        Item::Range(low, high)
                    } else {
                        Item::RangeUniIgnore(low, high)
                    });
                    at += 3;
                }
                opcode::CATEGORY => {
                    let category = word(at + 1)?;
                    if category > 17 {
                        return bad();
                    }
                    items.push(Item::Category(category));
                    at += 2;
                }
                opcode::CHARSET => {
                    let bits = code.get(at + 1..at + 9).ok_or(InvalidCode)?;
                    items.push(Item::Bitmap(bits.into()));
                    at += 9;
                }
                opcode::BIGCHARSET => {
                    let count = word(at + 1)? as usize;
                    let index = code.get(at + 2..at + 66).ok_or(InvalidCode)?;
                    if count > 256
                        || index
                            .iter()
                            .flat_map(|w| w.to_ne_bytes())
                            .any(|b| usize::from(b) >= count)
                    {
                        return bad();
                    }
                    let blocks = code.get(at + 66..at + 66 + count * 8).ok_or(InvalidCode)?;
                    items.push(Item::BigBitmap {
                        index: index.into(),
                        blocks: blocks.into(),
                    });
                    at += 66 + count * 8;
                }
                _ => return bad(),
            }
        }
        if at + 1 != code.len() {
            return bad();
        }
        Ok(Set::build(items, fold))
    }

    /// The set of one literal, or of everything else.
    pub(super) fn literal(ch: u32, negate: bool, fold: Fold) -> Set {
        let mut items = vec![Item::Literal(ch)];
        if negate {
            items.insert(0, Item::Negate);
        }
        Set::build(items, fold)
    }

    /// The set of one category.
    pub(super) fn category(category: u32) -> Result<Set, InvalidCode> {
        if category > 17 {
            return bad();
        }
        Ok(Set::build(vec![Item::Category(category)], Fold::None))
    }

    fn build(items: Vec<Item>, fold: Fold) -> Set {
        let is_static = fold != Fold::Locale
            && !items
                .iter()
                .any(|item| matches!(item, Item::Category(8 | 9)));
        let high = fold == Fold::Unicode
            || items.iter().any(|item| match item {
                Item::Literal(ch) => *ch > 255,
                Item::Range(_, end) => *end > 255,
                Item::Bitmap(_) => false,
                // Digits, spaces, words and line ends of ASCII and of the locale are narrow.
                Item::Category(category) => !matches!(category, 0 | 2 | 4 | 6 | 8),
                Item::Negate | Item::RangeUniIgnore(..) | Item::BigBitmap { .. } => true,
            });
        Set {
            table: [false; 256],
            high,
            is_static,
            fold,
            items,
        }
    }

    /// Whether another set is defined by the same words.
    pub(super) fn same(&self, other: &Set) -> bool {
        self.fold == other.fold && self.items == other.items
    }

    /// Computes the table. Before that, the set must not be used.
    pub(super) fn fill(&mut self, chars: &dyn CharInfo) {
        if self.is_static && !self.fill_by_items(chars) {
            for ch in 0..256u32 {
                let member = self.evaluate(ch, chars);
                if let Some(slot) = self.table.get_mut(ch as usize) {
                    *slot = member;
                }
            }
        }
    }

    /// Fills the table item by item, if the set is of the simple kind: nothing folded, and
    /// negated as a whole or not at all.
    fn fill_by_items(&mut self, chars: &dyn CharInfo) -> bool {
        let (negated, items) = match self.items.split_first() {
            Some((Item::Negate, rest)) => (true, rest),
            _ => (false, &self.items[..]),
        };
        let simple = |item: &Item| {
            matches!(
                item,
                Item::Literal(_) | Item::Range(..) | Item::Bitmap(_) | Item::Category(_)
            )
        };
        if self.fold != Fold::None || !items.iter().all(simple) {
            return false;
        }
        let table = &mut self.table;
        for item in items {
            let (low, high) = match *item {
                Item::Literal(only) => (only, only),
                Item::Range(low, high) => (low, high),
                Item::Bitmap(ref bits) => {
                    for (ch, slot) in (0..).zip(table.iter_mut()) {
                        *slot |= bit(bits, ch);
                    }
                    continue;
                }
                Item::Category(category) => {
                    for (ch, slot) in (0..).zip(table.iter_mut()) {
                        *slot |= in_category(category, ch, chars);
                    }
                    continue;
                }
                _ => continue,
            };
            if low < 256 && low <= high {
                let range = low as usize..=high.min(255) as usize;
                table.get_mut(range).unwrap_or_default().fill(true);
            }
        }
        if negated {
            table.iter_mut().for_each(|slot| *slot = !*slot);
        }
        true
    }

    /// Membership, whatever the character.
    #[inline]
    pub(super) fn contains(&self, ch: u32, chars: &dyn CharInfo) -> bool {
        match self.table.get(ch as usize) {
            Some(&member) if self.is_static => member,
            _ => self.evaluate(ch, chars),
        }
    }

    #[inline(never)]
    fn evaluate(&self, ch: u32, chars: &dyn CharInfo) -> bool {
        match self.fold {
            Fold::None => self.lookup(ch, chars),
            Fold::Ascii | Fold::Unicode => self.lookup(self.fold.apply(ch, chars), chars),
            Fold::Locale => {
                // A lone literal also matches as itself; for sets only both cases count.
                if let [Item::Literal(only)] | [Item::Negate, Item::Literal(only)] = self.items[..]
                {
                    let hit = ch == only
                        || locale_lower(ch, chars) == only
                        || (ch < 256 && chars.locale_upper(ch) == only);
                    return hit == (self.items.len() == 1);
                }
                let low = locale_lower(ch, chars);
                let up = if ch < 256 { chars.locale_upper(ch) } else { ch };
                // A negated set rejects a character either case of which is listed.
                if matches!(self.items.first(), Some(Item::Negate)) {
                    self.lookup(low, chars) && self.lookup(up, chars)
                } else {
                    self.lookup(low, chars) || self.lookup(up, chars)
                }
            }
        }
    }

    fn lookup(&self, ch: u32, chars: &dyn CharInfo) -> bool {
        let mut sense = true;
        for item in &self.items {
            let hit = match item {
                Item::Negate => {
                    sense = !sense;
                    continue;
                }
                Item::Literal(only) => ch == *only,
                Item::Range(low, high) => (*low..=*high).contains(&ch),
                Item::RangeUniIgnore(low, high) => {
                    (*low..=*high).contains(&ch) || (*low..=*high).contains(&chars.upper(ch))
                }
                Item::Category(category) => in_category(*category, ch, chars),
                Item::Bitmap(bits) => bit(bits, ch),
                Item::BigBitmap { index, blocks } => {
                    let word = if ch < 0x10000 {
                        index.get((ch >> 10) as usize)
                    } else {
                        None
                    };
                    word.is_some_and(|word| {
                        let block = u32::from(word.to_ne_bytes()[(ch >> 8 & 3) as usize]);
                        bit(blocks, block << 8 | (ch & 255))
                    })
                }
            };
            if hit {
                return sense;
            }
        }
        !sense
    }
}

fn bit(words: &[u32], index: u32) -> bool {
    words
        .get((index >> 5) as usize)
        .is_some_and(|word| word >> (index & 31) & 1 != 0)
}

/// Whether a character is in one of the CATEGORY_* classes.
fn in_category(category: u32, ch: u32, chars: &dyn CharInfo) -> bool {
    let member = match category & !1 {
        0 => (0x30..=0x39).contains(&ch),
        2 => matches!(ch, 9..=13 | 32),
        4 => is_word(ch, Words::Ascii, chars),
        6 => ch == 10,
        8 => is_word(ch, Words::Locale, chars),
        10 => chars.is_decimal(ch),
        12 => chars.is_space(ch),
        14 => is_word(ch, Words::Unicode, chars),
        _ => chars.is_linebreak(ch),
    };
    member == (category & 1 == 0)
}
