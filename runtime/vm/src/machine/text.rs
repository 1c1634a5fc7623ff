//! What compiled code knows of the characters below 256.

use crate::Thread;
use crate::unicode::TextRef;
use crate::unicode::types::{Predicate, text_is};

/// What a character can be, as one of its string's methods says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum CharacterClass {
    /// `isalpha`
    Alpha = 1,
    /// `isalnum`
    Alphanumeric = 2,
    /// `isdigit`
    Digit = 4,
    /// `isdecimal`
    Decimal = 8,
    /// `isnumeric`
    Numeric = 16,
    /// `isspace`
    Space = 32,
    /// `islower`
    Lower = 64,
    /// `isupper`
    Upper = 128,
}

impl CharacterClass {
    /// By the name of the method.
    pub fn of(method: &str) -> Option<CharacterClass> {
        Some(match method {
            "isalpha" => CharacterClass::Alpha,
            "isalnum" => CharacterClass::Alphanumeric,
            "isdigit" => CharacterClass::Digit,
            "isdecimal" => CharacterClass::Decimal,
            "isnumeric" => CharacterClass::Numeric,
            "isspace" => CharacterClass::Space,
            "islower" => CharacterClass::Lower,
            "isupper" => CharacterClass::Upper,
            _ => return None,
        })
    }
}

/// Address of the table of one-character strings, by code; they are made once and stay.
pub fn characters(th: &Thread) -> u64 {
    th.vm().latin1_address() as u64
}

/// Address of a table of the classes of each character, by code: a byte of [`CharacterClass`] bits.
pub fn character_classes(th: &Thread) -> u64 {
    th.vm().character_classes.get_or_init(classes).as_ptr() as u64
}

fn classes() -> Box<[u8; 256]> {
    let predicates = [
        (Predicate::Alpha, CharacterClass::Alpha),
        (Predicate::Alphanumeric, CharacterClass::Alphanumeric),
        (Predicate::Digit, CharacterClass::Digit),
        (Predicate::Decimal, CharacterClass::Decimal),
        (Predicate::Numeric, CharacterClass::Numeric),
        (Predicate::Space, CharacterClass::Space),
        (Predicate::Lower, CharacterClass::Lower),
        (Predicate::Upper, CharacterClass::Upper),
    ];
    let mut table = Box::new([0; 256]);
    for (c, classes) in (0..=u8::MAX).zip(table.iter_mut()) {
        for (predicate, class) in predicates {
            if text_is(TextRef::Latin1(&[c]), predicate) {
                *classes |= class as u8;
            }
        }
    }
    table
}
