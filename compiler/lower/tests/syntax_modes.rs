//! Interactive, incomplete and mutated programs against what the reference implementation makes of
//! them (`syntax_modes.txt`, recorded by `record_syntax_modes.py`).

mod common;

use common::unescape;
use taipan_lower::parse::{Mode, Options, parse};

const INCOMPLETE: u32 = 0x4000;
const DONT_IMPLY_DEDENT: u32 = 0x200;

#[test]
fn same_outcome_as_the_reference() {
    let (mut total, mut wrong) = (0, 0);
    for row in include_str!("syntax_modes.txt").lines() {
        let fields: Vec<&str> = row.splitn(4, '\t').collect();
        let [mode, flags, source, wanted] = fields[..] else {
            panic!("malformed row: {row}");
        };
        let flags: u32 = flags.parse().expect("flags");
        let mut options = Options::new(match mode {
            "single" => Mode::Single,
            "eval" => Mode::Eval,
            _ => Mode::Exec,
        });
        options.allow_incomplete = flags & INCOMPLETE != 0;
        options.dont_imply_dedent = flags & DONT_IMPLY_DEDENT != 0;
        let source = unescape(source);
        let wanted = wanted.trim_matches(['[', ']']);
        let (class, rest) = wanted.split_once(", ").unwrap_or((wanted, ""));
        let mut places = rest.splitn(5, ", ");
        let numbers: Vec<i32> = places
            .by_ref()
            .take(4)
            .filter_map(|n| n.parse().ok())
            .collect();
        let message = places.next().map(unescape).unwrap_or_default();
        let class = unescape(class);
        let (found, place, text) = match parse(&source, options) {
            Ok(_) => ("ok", Vec::new(), String::new()),
            Err(e) => (
                e.kind.class_name(),
                vec![e.line as i32, e.col, e.end_line as i32, e.end_col],
                e.message,
            ),
        };
        total += 1;
        let same = found == class
            && (class == "_IncompleteInputError" || (place == numbers && text == message));
        if !same {
            wrong += 1;
            println!(
                "{mode} {flags} {source:?}\n want {class} {numbers:?} {message}\n got  {found} \
                 {place:?} {text}"
            );
        }
    }
    println!("{total} programs, {wrong} differ");
    assert!(total > 2_000);
    assert!(wrong * 500 <= total, "{wrong} of {total}");
}
