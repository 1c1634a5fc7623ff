//! Constants of `mmap`.

/// Constants of the module.
#[rustfmt::skip]
pub static CONSTANTS: &[(&str, i64)] = &[
    ("ACCESS_COPY", 3), ("ACCESS_DEFAULT", 0), ("ACCESS_READ", 1), ("ACCESS_WRITE", 2),
    ("ALLOCATIONGRANULARITY", 4096), ("MADV_DODUMP", libc::MADV_DODUMP as i64),
    ("MADV_DOFORK", libc::MADV_DOFORK as i64), ("MADV_DONTDUMP", libc::MADV_DONTDUMP as i64),
    ("MADV_DONTFORK", libc::MADV_DONTFORK as i64), ("MADV_DONTNEED", libc::MADV_DONTNEED as i64),
    ("MADV_FREE", libc::MADV_FREE as i64), ("MADV_HUGEPAGE", libc::MADV_HUGEPAGE as i64),
    ("MADV_HWPOISON", libc::MADV_HWPOISON as i64), ("MADV_MERGEABLE", libc::MADV_MERGEABLE as i64),
    ("MADV_NOHUGEPAGE", libc::MADV_NOHUGEPAGE as i64), ("MADV_NORMAL", libc::MADV_NORMAL as i64),
    ("MADV_RANDOM", libc::MADV_RANDOM as i64), ("MADV_REMOVE", libc::MADV_REMOVE as i64),
    ("MADV_SEQUENTIAL", libc::MADV_SEQUENTIAL as i64),
    ("MADV_UNMERGEABLE", libc::MADV_UNMERGEABLE as i64),
    ("MADV_WILLNEED", libc::MADV_WILLNEED as i64), ("MAP_32BIT", libc::MAP_32BIT as i64),
    ("MAP_ANON", libc::MAP_ANON as i64), ("MAP_ANONYMOUS", libc::MAP_ANONYMOUS as i64),
    ("MAP_DENYWRITE", libc::MAP_DENYWRITE as i64), ("MAP_EXECUTABLE", libc::MAP_EXECUTABLE as i64),
    ("MAP_NORESERVE", libc::MAP_NORESERVE as i64), ("MAP_POPULATE", libc::MAP_POPULATE as i64),
    ("MAP_PRIVATE", libc::MAP_PRIVATE as i64), ("MAP_SHARED", libc::MAP_SHARED as i64),
    ("MAP_STACK", libc::MAP_STACK as i64), ("PAGESIZE", 4096),
    ("PROT_EXEC", libc::PROT_EXEC as i64), ("PROT_READ", libc::PROT_READ as i64),
    ("PROT_WRITE", libc::PROT_WRITE as i64),
];
