//! The archive's index: a count, then one fixed-size record an entry, sorted by name.
//!
//! Modules are named as they are imported; data files by `/` and their path.

/// What an entry is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Kind {
    /// A plain module.
    Module = 0,
    /// A package's `__init__`.
    Package = 1,
    /// A file that is no module.
    Data = 2,
}

/// Size of a record in bytes.
pub const RECORD_SIZE: usize = 32;

/// Where an entry's parts are: offset in the archive, and size.
#[derive(Clone, Copy, Debug)]
pub struct Record {
    /// Its name.
    pub name: (u32, u32),
    /// What it is.
    pub kind: Kind,
    /// Bytecode.
    pub code: (u32, u32),
    /// Source or contents, compressed.
    pub data: (u32, u32),
    /// Size of the source or contents.
    pub raw_size: u32,
}

impl Record {
    /// The record as it is stored.
    #[allow(dead_code)]
    pub fn to_bytes(self) -> [u8; RECORD_SIZE] {
        let fields = [
            self.name.0,
            self.name.1,
            self.kind as u32,
            self.code.0,
            self.code.1,
            self.data.0,
            self.data.1,
            self.raw_size,
        ];
        let mut bytes = [0; RECORD_SIZE];
        for (to, field) in bytes.chunks_exact_mut(4).zip(fields) {
            to.copy_from_slice(&field.to_le_bytes());
        }
        bytes
    }

    /// A stored record.
    #[allow(dead_code)]
    pub fn from_bytes(bytes: &[u8]) -> Option<Record> {
        let mut fields = [0u32; RECORD_SIZE / 4];
        for (f, b) in fields.iter_mut().zip(bytes.as_chunks().0) {
            *f = u32::from_le_bytes(*b);
        }
        Some(Record {
            name: (fields[0], fields[1]),
            kind: match fields[2] {
                0 => Kind::Module,
                1 => Kind::Package,
                2 => Kind::Data,
                _ => return None,
            },
            code: (fields[3], fields[4]),
            data: (fields[5], fields[6]),
            raw_size: fields[7],
        })
    }
}
