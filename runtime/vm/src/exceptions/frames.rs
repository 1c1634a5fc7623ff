//! The lines of a traceback: where, the source, and the `~~~^^^` under it, as `Lib/traceback.py`
//! lays them out.

use taipan_lower::anchors;

use super::source;
use crate::Thread;
use crate::object::Gc;
use crate::types::traceback::Traceback;

/// Repetitions of one line that are shown.
const SHOWN: usize = 3;

/// Removes the white space that all lines begin with; blank lines become empty.
fn dedent(lines: &[String]) -> Vec<String> {
    let indent =
        |l: &str| -> String { l.chars().take_while(|c| *c == ' ' || *c == '\t').collect() };
    let mut margin: Option<String> = None;
    for l in lines.iter().filter(|l| !l.trim().is_empty()) {
        let i = indent(l);
        margin = Some(match margin {
            None => i,
            Some(m) => m
                .chars()
                .zip(i.chars())
                .take_while(|(a, b)| a == b)
                .map(|(a, _)| a)
                .collect(),
        });
    }
    let n = margin.map_or(0, |m| m.len());
    lines
        .iter()
        .map(|l| {
            if l.trim().is_empty() {
                String::new()
            } else {
                l.get(n..).unwrap_or(l).to_string()
            }
        })
        .collect()
}

/// Characters of a line in front of a byte offset.
fn characters(line: &str, bytes: usize) -> usize {
    String::from_utf8_lossy(&line.as_bytes()[..bytes.min(line.len())])
        .chars()
        .count()
}

fn wide(c: char) -> bool {
    matches!(
        crate::unicode::properties::east_asian_width(c as u32),
        "W" | "F"
    )
}

/// Columns that the first characters of a line take on a terminal.
fn width(line: &str, chars: usize) -> usize {
    line.chars()
        .take(chars)
        .map(|c| if !c.is_ascii() && wide(c) { 2 } else { 1 })
        .sum::<usize>()
        + chars.saturating_sub(line.chars().count())
}

fn byte_at(line: &str, chars: usize) -> usize {
    line.char_indices()
        .nth(chars)
        .map_or(line.len(), |(i, _)| i)
}

/// One line of source with its carets.
struct Layout<'a> {
    lines: &'a [String],
    start: usize,
    end: usize,
    anchors: Option<anchors::Anchors>,
    carets: bool,
}

impl Layout<'_> {
    fn push(&self, out: &mut Vec<String>, i: usize) {
        let line = &self.lines[i];
        out.push(line.clone());
        if !self.carets {
            return;
        }
        let last = self.lines.len() - 1;
        let spaces = line.chars().take_while(|c| c.is_whitespace()).count();
        let all = line.chars().count();
        let count = if i == last {
            width(&self.lines[last], self.end)
        } else {
            width(line, all)
        };
        let begin = width(&self.lines[0], self.start);
        let anchors = self.anchors.map(|a| {
            let place = |(l, c): (usize, usize)| {
                let c = if l == 0 { c + self.start } else { c };
                (l, self.lines.get(l).map_or(c, |line| width(line, c)))
            };
            (place(a.left), place(a.right))
        });
        let text = (0..count)
            .map(|col| {
                if col < spaces || (i == 0 && col < begin) {
                    return ' ';
                }
                match anchors {
                    None => '^',
                    Some((left, right)) if (i, col) >= left && (i, col) < right => '^',
                    Some(_) => '~',
                }
            })
            .collect();
        out.push(text);
    }
}

/// The source lines of an instruction, laid out; empty without source.
fn source_lines(
    text: &str,
    line: usize,
    end_line: usize,
    columns: Option<(usize, usize)>,
) -> Vec<String> {
    let original: Vec<String> = (line..=end_line.max(line))
        .map(|n| {
            let l = text.split('\n').nth(n.wrapping_sub(1)).unwrap_or("");
            l.trim_end().to_string()
        })
        .collect();
    let lines = dedent(&original);
    if lines.iter().all(|l| l.trim().is_empty()) {
        return Vec::new();
    }
    let (Some((column, end_column)), Some(first), Some(last)) =
        (columns, original.first(), original.last())
    else {
        return vec![original[0].trim().to_string()];
    };
    let shift = first.chars().count() - lines[0].chars().count();
    let start = characters(first, column).saturating_sub(shift);
    let end = characters(last, end_column).saturating_sub(shift);
    let n = lines.len();
    let joined = lines.join("\n");
    let tail = lines[n - 1].len() - byte_at(&lines[n - 1], end);
    let from = byte_at(&lines[0], start);
    let segment = joined.get(from..joined.len() - tail).unwrap_or("");
    let found = anchors::of_segment(segment);
    let end_byte = byte_at(&lines[n - 1], end);
    let carets = !anchors::is_plain_call(&joined, from, end_byte)
        && (found.is_some()
            || !lines[0][..from].trim_start().is_empty()
            || !lines[n - 1][end_byte..].trim_end().is_empty());
    let layout = Layout {
        lines: &lines,
        start,
        end,
        anchors: found,
        carets,
    };
    // The first and last line, and those around the anchors.
    let mut shown = vec![0, n - 1];
    if let Some(a) = found {
        for l in [a.left.0, a.right.0] {
            shown.extend([l.wrapping_sub(1), l, l + 1]);
        }
    }
    shown.retain(|l| *l < n);
    shown.sort_unstable();
    shown.dedup();
    let mut out = Vec::new();
    for (k, l) in shown.iter().enumerate() {
        if k > 0 {
            match l - shown[k - 1] {
                2 => layout.push(&mut out, l - 1),
                gap if gap > 2 => out.push(format!("...<{} lines>...", gap - 1)),
                _ => {}
            }
        }
        layout.push(&mut out, *l);
    }
    dedent(&out)
}

/// The lines of a traceback, each with its line end.
pub fn render(th: &mut Thread, first: Gc<Traceback>) -> Vec<String> {
    let mut out = Vec::new();
    let mut last: Option<(String, i64, String)> = None;
    let mut count = 0;
    let repeated = |count: usize| {
        let more = count - SHOWN;
        let s = if more > 1 { "s" } else { "" };
        format!("  [Previous line repeated {more} more time{s}]\n")
    };
    let mut at = Some(first);
    // Source of the file that was read last: recursion stays in one.
    let mut read: Option<(String, Option<String>)> = None;
    while let Some(t) = at {
        let code = t.frame.code;
        let file = code
            .filename
            .get()
            .map_or(String::new(), |f| f.to_string_lossy());
        let name = code
            .name
            .get()
            .map_or(String::new(), |n| n.to_string_lossy());
        let position = code.data.position(t.word as u32);
        let line = if position.line == 0 {
            t.line()
        } else {
            position.line as i64
        };
        let here = (file.clone(), line, name.clone());
        if last.as_ref() != Some(&here) {
            if count > SHOWN {
                out.push(repeated(count));
            }
            last = Some(here);
            count = 0;
        }
        count += 1;
        if count <= SHOWN {
            if read.as_ref().is_none_or(|(f, _)| *f != file) {
                let text = source::text(th, &file);
                read = Some((file.clone(), text));
            }
            let mut entry = format!("  File \"{file}\", line {line}, in {name}\n");
            if let Some((_, Some(text))) = &read
                && let Ok(n) = usize::try_from(line)
                && n > 0
            {
                let columns = (position.line != 0)
                    .then_some((position.column as usize, position.end_column as usize));
                for l in source_lines(text, n, position.end_line as usize, columns) {
                    entry.push_str(&format!("    {l}\n"));
                }
            }
            out.push(entry);
        }
        at = t.next.get().and_then(|n| n.downcast::<Traceback>());
    }
    if count > SHOWN {
        out.push(repeated(count));
    }
    out
}
