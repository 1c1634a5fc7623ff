//! `_stat`: constants and tests of file modes.

use taipan_vm::object::Gc;
use taipan_vm::types::module::Module;
use taipan_vm::{Result, Thread, pymodule};

/// The functions hang here.
pub struct Stat;

#[allow(non_snake_case)]
#[pymodule(name = "_stat")]
impl Stat {
    /// S_ISDIR(mode) -> bool
    #[pyfunction]
    fn S_ISDIR(_: &mut Thread, mode: u32) -> bool {
        mode & 0o170000 == 0o040000
    }
    /// S_ISCHR(mode) -> bool
    #[pyfunction]
    fn S_ISCHR(_: &mut Thread, mode: u32) -> bool {
        mode & 0o170000 == 0o020000
    }
    /// S_ISBLK(mode) -> bool
    #[pyfunction]
    fn S_ISBLK(_: &mut Thread, mode: u32) -> bool {
        mode & 0o170000 == 0o060000
    }
    /// S_ISREG(mode) -> bool
    #[pyfunction]
    fn S_ISREG(_: &mut Thread, mode: u32) -> bool {
        mode & 0o170000 == 0o100000
    }
    /// S_ISFIFO(mode) -> bool
    #[pyfunction]
    fn S_ISFIFO(_: &mut Thread, mode: u32) -> bool {
        mode & 0o170000 == 0o010000
    }
    /// S_ISLNK(mode) -> bool
    #[pyfunction]
    fn S_ISLNK(_: &mut Thread, mode: u32) -> bool {
        mode & 0o170000 == 0o120000
    }
    /// S_ISSOCK(mode) -> bool
    #[pyfunction]
    fn S_ISSOCK(_: &mut Thread, mode: u32) -> bool {
        mode & 0o170000 == 0o140000
    }
    /// S_ISDOOR(mode) -> bool
    #[pyfunction]
    fn S_ISDOOR(_: &mut Thread, _mode: u32) -> bool {
        false
    }
    /// S_ISPORT(mode) -> bool
    #[pyfunction]
    fn S_ISPORT(_: &mut Thread, _mode: u32) -> bool {
        false
    }
    /// S_ISWHT(mode) -> bool
    #[pyfunction]
    fn S_ISWHT(_: &mut Thread, _mode: u32) -> bool {
        false
    }
    /// Return the portion of the file's mode that can be set by os.chmod().
    #[pyfunction]
    fn S_IMODE(_: &mut Thread, mode: u32) -> u32 {
        mode & 0o7777
    }
    /// Return the portion of the file's mode that describes the file type.
    #[pyfunction]
    fn S_IFMT(_: &mut Thread, mode: u32) -> u32 {
        mode & 0o170000
    }
    /// Convert a file's mode to a string of the form '-rwxrwxrwx'
    #[pyfunction]
    fn filemode(_: &mut Thread, mode: u32) -> String {
        let kind = match mode & 0o170000 {
            0o100000 => '-',
            0o040000 => 'd',
            0o120000 => 'l',
            0o060000 => 'b',
            0o020000 => 'c',
            0o010000 => 'p',
            0o140000 => 's',
            _ => '?',
        };
        let mut s = String::from(kind);
        for (shift, special, c) in [(6, 0o4000, 's'), (3, 0o2000, 's'), (0, 0o1000, 't')] {
            let bits = mode >> shift & 7;
            s.push(if bits & 4 != 0 { 'r' } else { '-' });
            s.push(if bits & 2 != 0 { 'w' } else { '-' });
            s.push(match (mode & special != 0, bits & 1 != 0) {
                (true, true) => c,
                (true, false) => c.to_ascii_uppercase(),
                (false, true) => 'x',
                (false, false) => '-',
            });
        }
        s
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        const CONSTANTS: &[(&str, i64)] = &[
            ("S_IFDIR", 0o040000),
            ("S_IFCHR", 0o020000),
            ("S_IFBLK", 0o060000),
            ("S_IFREG", 0o100000),
            ("S_IFIFO", 0o010000),
            ("S_IFLNK", 0o120000),
            ("S_IFSOCK", 0o140000),
            ("S_IFDOOR", 0),
            ("S_IFPORT", 0),
            ("S_IFWHT", 0),
            ("S_ISUID", 0o4000),
            ("S_ISGID", 0o2000),
            ("S_ISVTX", 0o1000),
            ("S_ENFMT", 0o2000),
            ("S_IREAD", 0o400),
            ("S_IWRITE", 0o200),
            ("S_IEXEC", 0o100),
            ("S_IRWXU", 0o700),
            ("S_IRUSR", 0o400),
            ("S_IWUSR", 0o200),
            ("S_IXUSR", 0o100),
            ("S_IRWXG", 0o070),
            ("S_IRGRP", 0o040),
            ("S_IWGRP", 0o020),
            ("S_IXGRP", 0o010),
            ("S_IRWXO", 0o007),
            ("S_IROTH", 0o004),
            ("S_IWOTH", 0o002),
            ("S_IXOTH", 0o001),
            ("UF_SETTABLE", 0xffff),
            ("UF_NODUMP", 1),
            ("UF_IMMUTABLE", 2),
            ("UF_APPEND", 4),
            ("UF_OPAQUE", 8),
            ("UF_NOUNLINK", 0x10),
            ("UF_COMPRESSED", 0x20),
            ("UF_TRACKED", 0x40),
            ("UF_DATAVAULT", 0x80),
            ("UF_HIDDEN", 0x8000),
            ("SF_SETTABLE", 0x3fff0000),
            ("SF_ARCHIVED", 0x10000),
            ("SF_IMMUTABLE", 0x20000),
            ("SF_APPEND", 0x40000),
            ("SF_NOUNLINK", 0x100000),
            ("SF_SNAPSHOT", 0x200000),
            ("ST_MODE", 0),
            ("ST_INO", 1),
            ("ST_DEV", 2),
            ("ST_NLINK", 3),
            ("ST_UID", 4),
            ("ST_GID", 5),
            ("ST_SIZE", 6),
            ("ST_ATIME", 7),
            ("ST_MTIME", 8),
            ("ST_CTIME", 9),
        ];
        for (k, v) in CONSTANTS {
            let v = th.int(*v);
            th.dict_set_text(m.namespace(), k, v);
        }
        Ok(())
    }
}
