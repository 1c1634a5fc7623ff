//! The standard library's Python part, compiled ahead and carried in the binary.
//!
//! [`build.rs`](../build.rs) makes one archive of bytecode, sources and data files from CPython's
//! `Lib` with the files of `overlay/` laid over it. Bytecode is stored as it is, so that a module
//! loads from the mapped binary; sources are compressed, since only tracebacks want them.
#![forbid(unsafe_code)]

pub mod format;

pub use format::Kind;
use format::{RECORD_SIZE, Record};

static ARCHIVE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/library.bin"));

/// An entry of the archive.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    record: Record,
}

fn part((offset, size): (u32, u32)) -> &'static [u8] {
    let end = offset.saturating_add(size) as usize;
    ARCHIVE.get(offset as usize..end).unwrap_or_default()
}

fn count() -> usize {
    ARCHIVE
        .first_chunk()
        .map_or(0, |n| u32::from_le_bytes(*n) as usize)
}

fn record(i: usize) -> Option<Record> {
    let at = 4 + i * RECORD_SIZE;
    Record::from_bytes(ARCHIVE.get(at..at + RECORD_SIZE)?)
}

/// The entry with a name: a module's dotted name, or `/` and a data file's path.
pub fn find(name: &str) -> Option<Entry> {
    let (mut low, mut high) = (0, count());
    while low < high {
        let middle = (low + high) / 2;
        let record = record(middle)?;
        match part(record.name).cmp(name.as_bytes()) {
            std::cmp::Ordering::Equal => return Some(Entry { record }),
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    None
}

/// The first entry whose name is not below `name`.
fn lower_bound(name: &[u8]) -> usize {
    let (mut low, mut high) = (0, count());
    while low < high {
        let middle = (low + high) / 2;
        if record(middle).is_some_and(|r| part(r.name) < name) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// Is there anything below a directory of the library, given with `/`?
pub fn is_directory(path: &str) -> bool {
    let begins = |prefix: String| {
        record(lower_bound(prefix.as_bytes()))
            .is_some_and(|r| part(r.name).starts_with(prefix.as_bytes()))
    };
    let package = path.replace('/', ".");
    path.is_empty()
        || begins(format!("/{path}/"))
        || !path.contains('.')
            && (begins(format!("{package}."))
                || find(&package).is_some_and(|e| e.kind() == Kind::Package))
}

/// The entry for a path below the library's directory, with `/`.
pub fn find_path(path: &str) -> Option<Entry> {
    match path.strip_suffix(".py") {
        None => find(&format!("/{path}")),
        Some(stem) => {
            let (stem, package) = match stem.strip_suffix("/__init__") {
                Some(p) => (p, true),
                None => (stem, false),
            };
            let entry = find(&stem.replace('/', "."))?;
            ((entry.kind() == Kind::Package) == package).then_some(entry)
        }
    }
}

/// All entries, by name.
pub fn entries() -> impl Iterator<Item = Entry> {
    (0..count()).filter_map(|i| Some(Entry { record: record(i)? }))
}

impl Entry {
    /// Its name.
    pub fn name(&self) -> &'static str {
        std::str::from_utf8(part(self.record.name)).unwrap_or_default()
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        self.record.kind
    }

    /// Bytecode, as `marshal` carries it; its file name is relative to the library.
    pub fn code(&self) -> &'static [u8] {
        part(self.record.code)
    }

    /// Source, or contents of a data file.
    pub fn contents(&self) -> Vec<u8> {
        let size = self.record.raw_size as usize;
        lz4_flex::block::decompress(part(self.record.data), size).unwrap_or_default()
    }

    /// Size of source or contents.
    pub fn size(&self) -> usize {
        self.record.raw_size as usize
    }

    /// Path below the library's directory.
    pub fn path(&self) -> String {
        let name = self.name();
        match self.kind() {
            Kind::Module => format!("{}.py", name.replace('.', "/")),
            Kind::Package => format!("{}/__init__.py", name.replace('.', "/")),
            Kind::Data => name.trim_start_matches('/').to_owned(),
        }
    }
}
