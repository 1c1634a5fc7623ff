//! Actions that the notation cannot express.

use super::super::tokens::Kind;
use super::engine::{Engine, Matched, Raised};
use super::node::{Node, NodeRef};
use super::strings;

/// What a bad target is a target of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Assign,
    Delete,
    For,
}

impl Engine<'_> {
    /// Runs an action; `word` is its last argument if that is no binding.
    pub(super) fn call(&mut self, function: &str, arguments: &[NodeRef], word: &str) -> Matched {
        let raised = match (function, arguments) {
            ("target", [a, ..]) => {
                let target = match word {
                    "delete" => Target::Delete,
                    "for" => Target::For,
                    _ => Target::Assign,
                };
                self.bad_target(a, target)
            }
            ("legacy", [a, b, ..]) => {
                let name = self.text_of(a);
                matches!(name, "print" | "exec").then(|| {
                    self.at_range(
                        a,
                        b,
                        format!(
                            "Missing parentheses in call to '{name}'. Did you mean {name}(...)?"
                        ),
                    )
                })
            }
            ("missing_comma", [a, b, ..]) => {
                let legacy = a.kind == "Name" && matches!(self.text_of(a), "print" | "exec");
                let inside = self.token(self.mark().saturating_sub(1)).level > 0;
                (!legacy && inside)
                    .then(|| self.at_range(a, b, "invalid syntax. Perhaps you forgot a comma?"))
            }
            ("in_string", [a, ..]) => {
                let list = a.elements();
                let (first, last) = match (list.first(), list.last()) {
                    (Some(first), Some(last)) => (first.clone(), last.clone()),
                    _ => (a.clone(), a.clone()),
                };
                Some(self.at_range(
                    &first,
                    &last,
                    "invalid syntax. Is this intended to be part of the string?",
                ))
            }
            ("genexp_range", [a, b, ..]) => Some(self.unparenthesized(a, b)),
            ("genexp_in_call", [a, b, ..]) => {
                let positional: Vec<NodeRef> = a
                    .elements()
                    .into_iter()
                    .filter(|e| !matches!(e.kind, "Keyword" | "DoubleStarred"))
                    .collect();
                match positional.as_slice() {
                    [_, .., last] => Some(self.unparenthesized(last, b)),
                    _ => None,
                }
            }
            ("argument_order", [a, ..]) => {
                let unpacking = a.elements().iter().any(|e| e.kind == "DoubleStarred");
                Some(self.at_last(if unpacking {
                    "positional argument follows keyword argument unpacking"
                } else {
                    "positional argument follows keyword argument"
                }))
            }
            ("no_bound", [b, a, ..]) => {
                let what = if a.kind == "Tuple" {
                    "constraints"
                } else {
                    "bound"
                };
                Some(self.starting_from(b, format!("cannot use {what} with {word}")))
            }
            ("no_colon", [a, ..]) => {
                let mut raised = self.at_range(a, a, "':' expected after dictionary key");
                raised.line = self.token(a.first).line;
                raised.col = raised.end_col - 1;
                raised.end_col = 0;
                Some(raised)
            }
            ("mixed", [a, b, ..]) => {
                let list = a.elements();
                let last = list.last().unwrap_or(a);
                Some(self.at_range(
                    last,
                    b,
                    "cannot mix t-string literals with string or bytes literals",
                ))
            }
            ("not_equal", _) => return Ok(None),
            ("real", [a, ..]) | ("imaginary", [a, ..]) => {
                let imaginary = self.text_of(a).ends_with(['j', 'J']);
                if imaginary == (function == "imaginary") {
                    return Ok(Some(a.clone()));
                }
                Some(self.at_range(
                    a,
                    a,
                    if imaginary {
                        "real number required in complex literal"
                    } else {
                        "imaginary number required in complex literal"
                    },
                ))
            }
            ("conversion", [a, b, ..]) => match self.bad_conversion(a, b) {
                Some(raised) => Some(raised),
                None => return Ok(Some(b.clone())),
            },
            ("number", [a, ..]) => {
                match strings::too_many_digits(self.text_of(a), self.max_int_digits) {
                    Some(message) => {
                        let mut raised = self.at_range(a, a, message);
                        (raised.col, raised.end_col) = (0, 0);
                        Some(raised)
                    }
                    None => return Ok(Some(a.clone())),
                }
            }
            ("string", [a, ..]) => match self.bad_string(a) {
                Some(raised) => Some(raised),
                None => return Ok(Some(a.clone())),
            },
            ("joined", [a, ..]) => match self.bad_text(a) {
                Some(raised) => Some(raised),
                None => {
                    let kind = if word == "TemplateStr" {
                        "TemplateStr"
                    } else {
                        "JoinedStr"
                    };
                    return Ok(Some(NodeRef::new(Node {
                        kind,
                        first: a.first.saturating_sub(1),
                        last: self.mark(),
                        children: Vec::new(),
                    })));
                }
            },
            ("middle", [a, ..]) => match strings::bad_escape(self.text_of(a), false) {
                Some(message) => Some(self.at_last(message)),
                None => return Ok(Some(a.clone())),
            },
            ("concatenate", [a, ..]) => match self.bad_concatenation(a) {
                Some(raised) => Some(raised),
                None => {
                    let parts = a.elements();
                    let joined = parts.iter().any(|p| p.kind == "JoinedStr");
                    return Ok(Some(NodeRef::new(Node {
                        kind: if joined { "JoinedStr" } else { "Constant" },
                        first: a.first,
                        last: a.last,
                        children: Vec::new(),
                    })));
                }
            },
            _ => None,
        };
        match raised {
            Some(raised) => Err(raised),
            None => Ok(None),
        }
    }

    fn unparenthesized(&self, from: &Node, clauses: &Node) -> Raised {
        let message = "Generator expression must be parenthesized";
        let clauses = clauses.elements();
        let Some(last) = clauses.last() else {
            return self.at_range(from, from, message);
        };
        let parts = last.elements();
        let end = parts.last().unwrap_or(last);
        self.at_range(from, end, message)
    }

    fn bad_target(&self, node: &NodeRef, target: Target) -> Option<Raised> {
        let bad = find_bad(node, target)?;
        let verb = if target == Target::Delete {
            "delete"
        } else {
            "assign to"
        };
        Some(self.at_range(&bad, &bad, format!("cannot {verb} {}", bad.described())))
    }

    /// The start of the f- or t-string around a token.
    fn interpolated_start(&self, at: usize) -> Option<usize> {
        let mut open = 0;
        for at in (0..at).rev() {
            match self.kind(at) {
                Kind::FEnd | Kind::TEnd => open += 1,
                Kind::FStart | Kind::TStart if open > 0 => open -= 1,
                Kind::FStart | Kind::TStart => return Some(at),
                _ => {}
            }
        }
        None
    }

    fn letter(&self, at: usize) -> char {
        match self.interpolated_start(at) {
            Some(at) if self.kind(at) == Kind::TStart => 't',
            _ => 'f',
        }
    }

    /// A bad escape in the text between an f-string's fields: decoded when all of it was read.
    fn bad_text(&self, parts: &Node) -> Option<Raised> {
        let texts = parts.children.iter().filter(|p| p.kind == "Token");
        texts.into_iter().find_map(|part| {
            let text = (!self.is_raw(part.first)).then(|| self.text_of(part))?;
            let message = strings::bad_escape(text, false)?;
            Some(self.at_range(part, part, message))
        })
    }

    fn is_raw(&self, at: usize) -> bool {
        self.interpolated_start(at)
            .is_some_and(|at| self.text(at).contains(['r', 'R']))
    }

    fn bad_conversion(&self, mark: &Node, name: &Node) -> Option<Raised> {
        let letter = self.letter(mark.first);
        if self.token(mark.first).end != self.token(name.first).start {
            return Some(self.at_range(
                mark,
                name,
                format!(
                    "{letter}-string: conversion type must come right after the exclamation mark"
                ),
            ));
        }
        let text = self.text_of(name);
        (!matches!(text, "s" | "r" | "a")).then(|| {
            self.at_range(
                name,
                name,
                format!(
                    "{letter}-string: invalid conversion character '{text}': expected 's', 'r', \
                     or 'a'"
                ),
            )
        })
    }

    fn bad_string(&self, node: &Node) -> Option<Raised> {
        let text = self.text_of(node);
        let quote = text.find(['\'', '"'])?;
        let (prefix, rest) = text.split_at(quote);
        let size = if rest.len() >= 6 && (rest.starts_with("\"\"\"") || rest.starts_with("'''")) {
            3
        } else {
            1
        };
        let body = rest.get(size..rest.len().saturating_sub(size))?;
        let bytes = prefix.contains(['b', 'B']);
        if bytes && !body.is_ascii() {
            return Some(self.at_range(
                node,
                node,
                "bytes can only contain ASCII literal characters",
            ));
        }
        if prefix.contains(['r', 'R']) {
            return None;
        }
        strings::bad_escape(body, bytes).map(|message| self.at_last(message))
    }

    fn bad_concatenation(&self, node: &Node) -> Option<Raised> {
        let parts = node.elements();
        let is_bytes = |part: &NodeRef| {
            let text = self.text_of(part);
            let prefix = text.split(['\'', '"']).next().unwrap_or("");
            prefix.contains(['b', 'B'])
        };
        let first = parts.first().map(&is_bytes)?;
        parts
            .iter()
            .any(|p| is_bytes(p) != first)
            .then(|| self.at_last("cannot mix bytes and nonbytes literals"))
    }
}

fn find_bad(node: &NodeRef, target: Target) -> Option<NodeRef> {
    match node.kind {
        "Tuple" | "List" => node.elements().iter().find_map(|e| find_bad(e, target)),
        "Starred" if target == Target::Delete => Some(node.clone()),
        "Starred" => node.elements().first().and_then(|e| find_bad(e, target)),
        "Compare" if target == Target::For => {
            let left = node.children.first()?;
            let operator = node.children.get(1).and_then(|o| o.children.first())?;
            (operator.kind == "In")
                .then(|| find_bad(left, target))
                .flatten()
        }
        "Name" | "Subscript" | "Attribute" => None,
        _ => Some(node.clone()),
    }
}
