//! The numbers of the SRE instruction set, as `re._constants` of CPython 3.14 defines them.

/// The instruction-set version that `re._constants.MAGIC` must equal.
pub const MAGIC: u32 = 20_230_612;
/// "No upper bound" in a repeat instruction.
pub const MAXREPEAT: u32 = u32::MAX;
/// Flag of an INFO block: a literal prefix follows.
pub(super) const INFO_PREFIX: u32 = 1;
/// Flag of an INFO block: a set of possible first characters follows.
pub(super) const INFO_CHARSET: u32 = 4;
/// Highest number of nested groups, repeats and assertions accepted.
pub(super) const MAX_NESTING: u32 = 1500;

/// Declares consecutive opcode constants.
macro_rules! number {
    ($($name:ident = $value:expr),* $(,)?) => { $(pub(super) const $name: u32 = $value;)* };
}

number! {
    FAILURE = 0, SUCCESS = 1, ANY = 2, ANY_ALL = 3, ASSERT = 4, ASSERT_NOT = 5, AT = 6,
    BRANCH = 7, CATEGORY = 8, CHARSET = 9, BIGCHARSET = 10, GROUPREF = 11,
    GROUPREF_EXISTS = 12, IN = 13, INFO = 14, JUMP = 15, LITERAL = 16, MARK = 17,
    MAX_UNTIL = 18, MIN_UNTIL = 19, NOT_LITERAL = 20, NEGATE = 21, RANGE = 22, REPEAT = 23,
    REPEAT_ONE = 24, MIN_REPEAT_ONE = 26, ATOMIC_GROUP = 27,
    POSSESSIVE_REPEAT = 28, POSSESSIVE_REPEAT_ONE = 29, GROUPREF_IGNORE = 30,
    IN_IGNORE = 31, LITERAL_IGNORE = 32, NOT_LITERAL_IGNORE = 33,
    GROUPREF_LOC_IGNORE = 34, IN_LOC_IGNORE = 35, LITERAL_LOC_IGNORE = 36,
    NOT_LITERAL_LOC_IGNORE = 37, GROUPREF_UNI_IGNORE = 38, IN_UNI_IGNORE = 39,
    LITERAL_UNI_IGNORE = 40, NOT_LITERAL_UNI_IGNORE = 41, RANGE_UNI_IGNORE = 42,
}

/// A position test (operand of AT).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    Beginning,
    BeginningLine,
    Boundary(Words),
    NonBoundary(Words),
    End,
    EndLine,
    EndString,
}

/// Which characters make up a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Words {
    Ascii,
    Locale,
    Unicode,
}

impl At {
    /// Decodes the operand of AT.
    pub(super) fn decode(code: u32) -> Option<At> {
        Some(match code {
            0 | 2 => At::Beginning,
            1 => At::BeginningLine,
            3 => At::Boundary(Words::Ascii),
            4 => At::NonBoundary(Words::Ascii),
            5 => At::End,
            6 => At::EndLine,
            7 => At::EndString,
            8 => At::Boundary(Words::Locale),
            9 => At::NonBoundary(Words::Locale),
            10 => At::Boundary(Words::Unicode),
            11 => At::NonBoundary(Words::Unicode),
            _ => return None,
        })
    }
}
