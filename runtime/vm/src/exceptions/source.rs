//! Source lines for reports, read as `linecache` does: from the file, else from the carried library.

use crate::Thread;

/// The whole source text of a file that code names as its own, if it can be had.
pub fn text(th: &mut Thread, filename: &str) -> Option<String> {
    if filename.starts_with('<') && !filename.starts_with("<frozen ") {
        return None;
    }
    if let Ok(bytes) = std::fs::read(filename) {
        return Some(decode(&bytes));
    }
    let library = th.vm().library.get()?;
    let directory = &th.vm().config.stdlib_dir;
    if let Some(path) = filename.strip_prefix(directory.as_str())
        && let Some(path) = path.strip_prefix('/')
    {
        return library.file(path).map(|b| decode(&b));
    }
    let name = filename
        .strip_prefix("<frozen ")
        .and_then(|n| n.strip_suffix('>'))?;
    library.source(name).map(|b| decode(&b))
}

/// Text of source bytes: UTF-8 without its mark, or Latin-1 where a coding line asks for it.
fn decode(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(s) => s.to_string(),
        Err(_) => bytes.iter().map(|b| *b as char).collect(),
    }
}

/// One line, counted from 1, without its end.
pub fn line(th: &mut Thread, filename: &str, lineno: i64) -> Option<String> {
    let n = usize::try_from(lineno).ok()?.checked_sub(1)?;
    text(th, filename)?.lines().nth(n).map(str::to_string)
}
