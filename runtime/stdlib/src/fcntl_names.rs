//! Constants of `fcntl`.

/// Constants of the module.
#[rustfmt::skip]
pub static CONSTANTS: &[(&str, i64)] = &[
    ("DN_ACCESS", 1), ("DN_ATTRIB", 32), ("DN_CREATE", 4), ("DN_DELETE", 8), ("DN_MODIFY", 2),
    ("DN_MULTISHOT", 2147483648), ("DN_RENAME", 16), ("FASYNC", 8192),
    ("FD_CLOEXEC", libc::FD_CLOEXEC as i64), ("FICLONE", libc::FICLONE as i64),
    ("FICLONERANGE", libc::FICLONERANGE as i64), ("F_ADD_SEALS", libc::F_ADD_SEALS as i64),
    ("F_DUPFD", libc::F_DUPFD as i64), ("F_DUPFD_CLOEXEC", libc::F_DUPFD_CLOEXEC as i64),
    ("F_DUPFD_QUERY", 1027), ("F_EXLCK", 4), ("F_GETFD", libc::F_GETFD as i64),
    ("F_GETFL", libc::F_GETFL as i64), ("F_GETLEASE", libc::F_GETLEASE as i64),
    ("F_GETLK", libc::F_GETLK as i64), ("F_GETLK64", 5), ("F_GETOWN", libc::F_GETOWN as i64),
    ("F_GETOWN_EX", 16), ("F_GETPIPE_SZ", libc::F_GETPIPE_SZ as i64), ("F_GETSIG", 11),
    ("F_GET_FILE_RW_HINT", 1037), ("F_GET_RW_HINT", 1035),
    ("F_GET_SEALS", libc::F_GET_SEALS as i64), ("F_NOTIFY", libc::F_NOTIFY as i64),
    ("F_OFD_GETLK", libc::F_OFD_GETLK as i64), ("F_OFD_SETLK", libc::F_OFD_SETLK as i64),
    ("F_OFD_SETLKW", libc::F_OFD_SETLKW as i64), ("F_OWNER_PGRP", 2), ("F_OWNER_PID", 1),
    ("F_OWNER_TID", 0), ("F_RDLCK", libc::F_RDLCK as i64),
    ("F_SEAL_FUTURE_WRITE", libc::F_SEAL_FUTURE_WRITE as i64),
    ("F_SEAL_GROW", libc::F_SEAL_GROW as i64), ("F_SEAL_SEAL", libc::F_SEAL_SEAL as i64),
    ("F_SEAL_SHRINK", libc::F_SEAL_SHRINK as i64), ("F_SEAL_WRITE", libc::F_SEAL_WRITE as i64),
    ("F_SETFD", libc::F_SETFD as i64), ("F_SETFL", libc::F_SETFL as i64),
    ("F_SETLEASE", libc::F_SETLEASE as i64), ("F_SETLK", libc::F_SETLK as i64), ("F_SETLK64", 6),
    ("F_SETLKW", libc::F_SETLKW as i64), ("F_SETLKW64", 7), ("F_SETOWN", libc::F_SETOWN as i64),
    ("F_SETOWN_EX", 15), ("F_SETPIPE_SZ", libc::F_SETPIPE_SZ as i64), ("F_SETSIG", 10),
    ("F_SET_FILE_RW_HINT", 1038), ("F_SET_RW_HINT", 1036), ("F_SHLCK", 8),
    ("F_UNLCK", libc::F_UNLCK as i64), ("F_WRLCK", libc::F_WRLCK as i64),
    ("LOCK_EX", libc::LOCK_EX as i64), ("LOCK_MAND", 32), ("LOCK_NB", libc::LOCK_NB as i64),
    ("LOCK_READ", 64), ("LOCK_RW", 192), ("LOCK_SH", libc::LOCK_SH as i64),
    ("LOCK_UN", libc::LOCK_UN as i64), ("LOCK_WRITE", 128), ("RWH_WRITE_LIFE_EXTREME", 5),
    ("RWH_WRITE_LIFE_LONG", 4), ("RWH_WRITE_LIFE_MEDIUM", 3), ("RWH_WRITE_LIFE_NONE", 1),
    ("RWH_WRITE_LIFE_NOT_SET", 0), ("RWH_WRITE_LIFE_SHORT", 2),
];
