//! `pwd` and `grp`: the databases of users and groups.

use taipan_vm::object::Gc;
use taipan_vm::types::list::List;
use taipan_vm::types::module::Module;
use taipan_vm::types::str_::Str;
use taipan_vm::types::structseq::StructDef;
use taipan_vm::{Result, Thread, Value, pymodule};

use crate::os_error::{fs_decode, fs_encode, raise};
use crate::posix::args::id;
use crate::system;
use crate::system::users::{self, Key, User};

/// `pwd.struct_passwd`
static PASSWD: StructDef = StructDef {
    name: "struct_passwd",
    module: "pwd",
    doc: "pwd.struct_passwd: Results from getpw*() routines.\n\nThis object may be accessed either as a tuple of\n  (pw_name,pw_passwd,pw_uid,pw_gid,pw_gecos,pw_dir,pw_shell)\nor via the object attributes as named in the above tuple.",
    fields: &[
        "pw_name",
        "pw_passwd",
        "pw_uid",
        "pw_gid",
        "pw_gecos",
        "pw_dir",
        "pw_shell",
    ],
    visible: 7,
    constructible: true,
};

/// `grp.struct_group`
static GROUP: StructDef = StructDef {
    name: "struct_group",
    module: "grp",
    doc: "grp.struct_group: Results from getgr*() routines.\n\nThis object may be accessed either as a tuple of\n  (gr_name,gr_passwd,gr_gid,gr_mem)\nor via the object attributes as named in the above tuple.\n",
    fields: &["gr_name", "gr_passwd", "gr_gid", "gr_mem"],
    visible: 4,
    constructible: true,
};

fn number(th: &mut Thread, n: u32) -> Value {
    th.int(if n == u32::MAX { -1 } else { n as i64 })
}

fn user_row(th: &mut Thread, u: &User) -> Result {
    let [name, password, comment, home, shell] =
        [0, 1, 2, 3, 4].map(|i| fs_decode(th, &u.texts[i]));
    let (uid, gid) = (number(th, u.uid), number(th, u.gid));
    th.new_struct(&PASSWD, &[name, password, uid, gid, comment, home, shell])
}

fn group_row(th: &mut Thread, g: &users::Group) -> Result {
    let members = th.new_list();
    for m in &g.members {
        let v = fs_decode(th, m);
        th.list_append(members, v)?;
    }
    let (name, password) = (fs_decode(th, &g.texts[0]), fs_decode(th, &g.texts[1]));
    let gid = number(th, g.gid);
    th.new_struct(&GROUP, &[name, password, gid, members.value()])
}

fn name_argument(th: &mut Thread, v: Value, function: &str) -> Result<std::ffi::CString> {
    let Some(s) = v.downcast::<Str>() else {
        let got = th.type_name_for_error(v);
        return Err(th.type_error(format!("{function}() argument must be str, not {got}")));
    };
    let bytes = fs_encode(th, &s)?;
    system::c_string(&bytes).map_err(|_| th.value_error("embedded null byte"))
}

fn not_found(th: &mut Thread, function: &str, what: &str, text: &str) -> taipan_vm::Raised {
    let text = th
        .new_str(&format!("{function}(): {what} not found: {text}"))
        .value();
    th.key_error(text)
}

/// The number that is looked up, or None for one that no database has.
fn key_number(th: &mut Thread, v: Value, what: &str) -> Result<Option<u32>> {
    match id(th, v, what) {
        Ok(n) => Ok(Some(n)),
        Err(e) => {
            if th.pending_matches(taipan_vm::types::ExceptionClass::OverflowError) {
                th.clear_pending();
                return Ok(None);
            }
            Err(e)
        }
    }
}

/// The functions of `pwd` hang here.
pub struct Pwd;

/// This module provides access to the Unix password database.
///
/// It is available on all Unix versions.
///
/// Password database entries are reported as 7-tuples containing the following
/// items from the password database (see `<pwd.h>'), in order:
/// pw_name, pw_passwd, pw_uid, pw_gid, pw_gecos, pw_dir, pw_shell.
/// The uid and gid items are integers, all others are strings. An
/// exception is raised if the entry asked for cannot be found.
#[pymodule(name = "pwd")]
impl Pwd {
    /// Return the password database entry for the given numeric user ID.
    ///
    /// See `help(pwd)` for more on password database entries.
    #[pyfunction(sig = "(uidobj, /)")]
    fn getpwuid(th: &mut Thread, uidobj: Value) -> Result {
        let found = match key_number(th, uidobj, "uid")? {
            Some(n) => th.without_lock(|| users::user(&Key::Number(n))),
            None => Ok(None),
        };
        match found {
            Ok(Some(u)) => user_row(th, &u),
            Ok(None) => {
                let text = th.str_lossy(uidobj);
                Err(not_found(th, "getpwuid", "uid", &text))
            }
            Err(e) => Err(raise(th, e, None, None)),
        }
    }

    /// Return the password database entry for the given user name.
    ///
    /// See `help(pwd)` for more on password database entries.
    #[pyfunction(sig = "(name, /)")]
    fn getpwnam(th: &mut Thread, name: Value) -> Result {
        let key = name_argument(th, name, "getpwnam")?;
        match th.without_lock(|| users::user(&Key::Name(&key))) {
            Ok(Some(u)) => user_row(th, &u),
            Ok(None) => {
                let text = th.repr_lossy(name);
                Err(not_found(th, "getpwnam", "name", &text))
            }
            Err(e) => Err(raise(th, e, None, None)),
        }
    }

    /// Return a list of all available password database entries, in arbitrary order.
    ///
    /// See help(pwd) for more on password database entries.
    #[pyfunction]
    fn getpwall(th: &mut Thread) -> Result<Gc<List>> {
        let out = th.new_list();
        for u in users::users() {
            let row = user_row(th, &u)?;
            th.list_append(out, row)?;
        }
        Ok(out)
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        let c = th.struct_class(&PASSWD)?.value();
        th.dict_set_text(m.namespace(), "struct_passwd", c);
        Ok(())
    }
}

/// `grp`
pub mod grp {
    use super::*;

    /// The functions hang here.
    pub struct Grp;

    /// Access to the Unix group database.
    ///
    /// Group entries are reported as 4-tuples containing the following fields
    /// from the group database, in order:
    ///
    ///   name   - name of the group
    ///   passwd - group password (encrypted); often empty
    ///   gid    - numeric ID of the group
    ///   mem    - list of members
    ///
    /// The gid is an integer, name and password are strings.  (Note that most
    /// users are not explicitly listed as members of the groups they are in
    /// according to the password database.  Check both databases to get
    /// complete membership information.)
    #[pymodule(name = "grp")]
    impl Grp {
        /// Return the group database entry for the given numeric group ID.
        ///
        /// If id is not valid, raise KeyError.
        #[pyfunction(sig = "(id)")]
        fn getgrgid(th: &mut Thread, key: Value) -> Result {
            let found = match key_number(th, key, "gid")? {
                Some(n) => th.without_lock(|| users::group(&Key::Number(n))),
                None => Ok(None),
            };
            match found {
                Ok(Some(g)) => group_row(th, &g),
                Ok(None) => {
                    let text = th.str_lossy(key);
                    Err(not_found(th, "getgrgid", "gid", &text))
                }
                Err(e) => Err(raise(th, e, None, None)),
            }
        }

        /// Return the group database entry for the given group name.
        ///
        /// If name is not valid, raise KeyError.
        #[pyfunction(sig = "(name)")]
        fn getgrnam(th: &mut Thread, name: Value) -> Result {
            let key = name_argument(th, name, "getgrnam")?;
            match th.without_lock(|| users::group(&Key::Name(&key))) {
                Ok(Some(g)) => group_row(th, &g),
                Ok(None) => {
                    let text = th.repr_lossy(name);
                    Err(not_found(th, "getgrnam", "name", &text))
                }
                Err(e) => Err(raise(th, e, None, None)),
            }
        }

        /// Return a list of all available group entries, in arbitrary order.
        ///
        /// An entry whose name starts with '+' or '-' represents an instruction
        /// to use YP/NIS and may not be accessible via getgrnam or getgrgid.
        #[pyfunction]
        fn getgrall(th: &mut Thread) -> Result<Gc<List>> {
            let out = th.new_list();
            for g in users::groups() {
                let row = group_row(th, &g)?;
                th.list_append(out, row)?;
            }
            Ok(out)
        }

        #[pyexec]
        fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
            let c = th.struct_class(&GROUP)?.value();
            th.dict_set_text(m.namespace(), "struct_group", c);
            Ok(())
        }
    }
}
