//! Wrong programs against the errors that the reference implementation reports for them
//! (`syntax_errors.txt`, recorded by `record_syntax_errors.py`).

mod common;

use common::unescape;
use taipan_lower::parse::{Mode, Options, parse};

#[test]
fn same_errors_as_the_reference() {
    let recorded = include_str!("syntax_errors.txt");
    let (mut total, mut class, mut line, mut place, mut end, mut text, mut all) =
        (0, 0, 0, 0, 0, 0, 0);
    let verbose = std::env::var_os("SHOW").is_some();
    for row in recorded.lines() {
        let fields: Vec<&str> = row.splitn(7, '\t').collect();
        let [name, at_line, at_col, to_line, to_col, message, source] = fields[..] else {
            panic!("malformed row: {row}");
        };
        let (message, source) = (unescape(message), unescape(source));
        total += 1;
        let found = match parse(&source, Options::new(Mode::Exec)) {
            Ok(_) => ("accepted".to_owned(), [0; 4], String::new()),
            Err(e) => (
                e.kind.class_name().to_owned(),
                [e.line as i32, e.col, e.end_line as i32, e.end_col],
                e.message,
            ),
        };
        let wanted: Vec<i32> = [at_line, at_col, to_line, to_col]
            .iter()
            .map(|n| n.parse().expect("a number"))
            .collect();
        let same_class = found.0 == name;
        let same_line = same_class && found.1[0] == wanted[0];
        let same_place = same_line && found.1[1] == wanted[1];
        let same_end = same_place && found.1[2..] == wanted[2..];
        let same_text = same_class && found.2 == message;
        class += usize::from(same_class);
        line += usize::from(same_line);
        place += usize::from(same_place);
        end += usize::from(same_end);
        text += usize::from(same_text);
        all += usize::from(same_end && same_text);
        if verbose && !(same_end && same_text) {
            println!(
                "--- {source:?}\n want {name} {wanted:?} {message}\n got  {} {:?} {}",
                found.0, found.1, found.2
            );
        }
    }
    let share = |n: usize| 100.0 * n as f64 / total as f64;
    println!(
        "{total} programs: class {:.1} %, and line {:.1} %, and column {:.1} %, and end {:.1} %; \
         text {:.1} %; everything {:.1} %",
        share(class),
        share(line),
        share(place),
        share(end),
        share(text),
        share(all)
    );
    assert!(total >= 400);
    assert!(
        share(place) >= 99.8,
        "class, line and column: {:.1} %",
        share(place)
    );
    assert!(share(text) >= 99.8, "text: {:.1} %", share(text));
}
