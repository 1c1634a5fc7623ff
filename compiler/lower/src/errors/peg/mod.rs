//! A second parser whose only product is an error message.
//!
//! # Theory
//! The reference parses with a PEG (parsing expression grammar): alternatives are tried in order,
//! and after a failure once more with extra alternatives that match common mistakes and raise an
//! error that names them. Which message is shown, and where, follows from that search: from the
//! order of alternatives, from how far tokens were fetched, from what was memoised. So the exact
//! answer needs the same search. `grammar.peg` holds the rules as data, `grammar.rs` reads them,
//! `engine.rs` interprets them over the tokens, `actions.rs` holds what cannot be said in the
//! notation. Nothing here runs for a program that parses, so its speed hardly matters.
//!
//! # Notation of `grammar.peg`
//! `'x'` a keyword or operator, `"x"` a soft keyword, `NAME` a kind of token, `rule`, `(…|…)`,
//! `[e]` and `e?` optional, `e*`, `e+`, `s.e+` separated by `s`, `&e` and `!e` look ahead, `&&'x'`
//! must be here or an error is raised, `~` commit to this alternative, `a=e` a name for actions.
//! Behind a rule's name `memo` or `left` (recursive) say that its results are kept.
//!
//! An action behind `=>` makes the result: `a` is that item, `Kind a b` a node with those
//! children, `!place a b "message"` an error, `@function a b` calls into `actions.rs`. A message
//! may hold `%n` (what kind of expression `a` is), `%t` (its text) and `%l` (its line).

mod actions;
mod engine;
mod grammar;
mod node;
mod strings;

use super::tokens::{self, Kind};
use super::{ErrorKind, SyntaxError};
use crate::parse::{LineIndex, Mode, Options};
use engine::{Engine, Raised};

/// The error that the reference reports for `source`; none if its grammar accepts it.
pub(crate) fn diagnose(source: &str, lines: &LineIndex, options: &Options) -> Option<SyntaxError> {
    let mut text = source.to_owned();
    if options.mode == Mode::Exec && !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    let single = options.mode == Mode::Single;
    let tokens = tokens::tokenize(&text, single, !options.dont_imply_dedent);
    let grammar = grammar::read(include_str!("grammar.peg"));
    let start = match options.mode {
        Mode::Exec => "file",
        Mode::Eval => "eval",
        Mode::Single => "interactive",
    };
    let mut engine = Engine::new(&grammar, &tokens, &text);
    engine.max_int_digits = options.max_int_digits;
    let first = engine.run(start);
    if matches!(first, Ok(Some(_))) {
        if single && let Some(raised) = engine.more_than_one_statement() {
            return Some(finish(raised, lines, source, &text));
        }
        return None;
    }
    if options.allow_incomplete && engine.saw_end() {
        let raised = engine.at_last("incomplete input").of(ErrorKind::Incomplete);
        return Some(finish(raised, lines, source, &text));
    }
    let raised = match first {
        Err(raised) => {
            let by_parser = !raised.by_tokenizer && raised.kind != ErrorKind::Memory;
            let checked = by_parser.then(|| engine.rest_of_source()).flatten();
            checked.unwrap_or(raised)
        }
        Ok(_) => {
            let last = engine.fetched().saturating_sub(1);
            match engine.run_with_mistakes(start) {
                Err(raised) => {
                    let by_parser = !raised.by_tokenizer;
                    let checked = by_parser.then(|| engine.rest_of_source()).flatten();
                    checked.unwrap_or(raised)
                }
                Ok(_) => match engine.kind(last) {
                    Kind::Indent => engine
                        .at_last("unexpected indent")
                        .of(ErrorKind::Indentation),
                    Kind::Dedent => engine
                        .at_last("unexpected unindent")
                        .of(ErrorKind::Indentation),
                    _ => {
                        let message = match engine.text(last) {
                            "<>" => "invalid syntax.  Maybe you meant '!=' instead of '<>'?",
                            _ => "invalid syntax",
                        };
                        let generic = engine.at_token(last, message);
                        engine.rest_of_source().unwrap_or(generic)
                    }
                },
            }
        }
    };
    Some(finish(raised, lines, source, &text))
}

/// Byte columns become character columns.
fn finish(raised: Raised, lines: &LineIndex, source: &str, text: &str) -> SyntaxError {
    let line_text = lines.text(source, raised.line);
    let line_in_text = text
        .split_inclusive('\n')
        .nth((raised.line as usize).saturating_sub(1))
        .unwrap_or("");
    let column = |col: i32| -> i32 {
        if raised.in_chars || col <= 0 {
            return col;
        }
        // The line the tokenizer is on still has its newline.
        let bytes = if raised.line < raised.current_line {
            line_in_text.trim_end_matches('\n').as_bytes()
        } else {
            line_in_text.as_bytes()
        };
        let at = (col as usize).min(bytes.len() + 1);
        let past = i32::from(at > bytes.len());
        let within = &bytes[..at.min(bytes.len())];
        String::from_utf8_lossy(within).chars().count() as i32 + past
    };
    SyntaxError {
        kind: raised.kind,
        message: raised.message.clone(),
        line: raised.line,
        col: column(raised.col),
        end_line: raised.end_line,
        end_col: column(raised.end_col),
        text: line_text.to_owned(),
    }
}
