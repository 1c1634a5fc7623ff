//! Users and groups, as the C library looks them up.

use std::ffi::{CStr, c_char};

use super::Sys;

/// A row of the user database: name, password, uid, gid, comment, home, shell.
pub struct User {
    /// Texts: name, password, comment, home, shell.
    pub texts: [Vec<u8>; 5],
    /// `pw_uid`
    pub uid: u32,
    /// `pw_gid`
    pub gid: u32,
}

/// A row of the group database.
pub struct Group {
    /// Name and password.
    pub texts: [Vec<u8>; 2],
    /// `gr_gid`
    pub gid: u32,
    /// Names of members.
    pub members: Vec<Vec<u8>>,
}

/// By what a row is looked up.
pub enum Key<'a> {
    /// By name.
    Name(&'a CStr),
    /// By number.
    Number(u32),
}

fn text(p: *const c_char) -> Vec<u8> {
    if p.is_null() {
        return Vec::new();
    }
    // SAFETY: the C library's rows hold C strings, which live as long as the row.
    unsafe { CStr::from_ptr(p) }.to_bytes().to_vec()
}

fn user_of(p: &libc::passwd) -> User {
    User {
        texts: [p.pw_name, p.pw_passwd, p.pw_gecos, p.pw_dir, p.pw_shell].map(|t| text(t)),
        uid: p.pw_uid,
        gid: p.pw_gid,
    }
}

fn group_of(g: &libc::group) -> Group {
    let mut members = Vec::new();
    let mut p = g.gr_mem;
    // SAFETY: an array of C strings that ends with null.
    unsafe {
        while !p.is_null() && !(*p).is_null() {
            members.push(text(*p));
            p = p.add(1);
        }
    }
    Group {
        texts: [text(g.gr_name), text(g.gr_passwd)],
        gid: g.gr_gid,
        members,
    }
}

/// Calls `f` with growing buffers until one is large enough.
fn with_buffer<R>(mut f: impl FnMut(&mut [c_char]) -> (i32, Option<R>)) -> Sys<Option<R>> {
    let mut size = 1024;
    loop {
        let mut buffer = vec![0; size];
        match f(&mut buffer) {
            (libc::ERANGE, _) if size < 1 << 26 => size *= 2,
            (0 | libc::ENOENT | libc::ESRCH | libc::EBADF | libc::EPERM, r) => return Ok(r),
            (e, _) => return Err(e),
        }
    }
}

/// Looks a user up.
pub fn user(key: &Key<'_>) -> Sys<Option<User>> {
    with_buffer(|b| {
        // SAFETY: the row and the buffer live as long as the call and the copy of its texts.
        unsafe {
            let mut row = std::mem::zeroed();
            let mut found = std::ptr::null_mut();
            let (p, n) = (b.as_mut_ptr(), b.len());
            let r = match key {
                Key::Name(s) => libc::getpwnam_r(s.as_ptr(), &mut row, p, n, &mut found),
                Key::Number(u) => libc::getpwuid_r(*u, &mut row, p, n, &mut found),
            };
            (r, (!found.is_null()).then(|| user_of(&row)))
        }
    })
}

/// Looks a group up.
pub fn group(key: &Key<'_>) -> Sys<Option<Group>> {
    with_buffer(|b| {
        // SAFETY: as in `user`.
        unsafe {
            let mut row = std::mem::zeroed();
            let mut found = std::ptr::null_mut();
            let (p, n) = (b.as_mut_ptr(), b.len());
            let r = match key {
                Key::Name(s) => libc::getgrnam_r(s.as_ptr(), &mut row, p, n, &mut found),
                Key::Number(g) => libc::getgrgid_r(*g, &mut row, p, n, &mut found),
            };
            (r, (!found.is_null()).then(|| group_of(&row)))
        }
    })
}

/// All users.
pub fn users() -> Vec<User> {
    let mut out = Vec::new();
    // SAFETY: rows live until the next call; only called under the interpreter's lock.
    unsafe {
        libc::setpwent();
        loop {
            let p = libc::getpwent();
            if p.is_null() {
                break;
            }
            out.push(user_of(&*p));
        }
        libc::endpwent();
    }
    out
}

/// All groups.
pub fn groups() -> Vec<Group> {
    let mut out = Vec::new();
    // SAFETY: rows live until the next call; only called under the interpreter's lock.
    unsafe {
        libc::setgrent();
        loop {
            let p = libc::getgrent();
            if p.is_null() {
                break;
            }
            out.push(group_of(&*p));
        }
        libc::endgrent();
    }
    out
}

/// Groups of a user.
pub fn group_list(name: &CStr, group: u32) -> Vec<u32> {
    let mut count = 64;
    loop {
        let mut out = vec![0; count as usize];
        // SAFETY: the buffer's length goes with it.
        let r = unsafe { libc::getgrouplist(name.as_ptr(), group, out.as_mut_ptr(), &mut count) };
        if r >= 0 || count as usize <= out.len() {
            out.truncate(count.max(0) as usize);
            return out;
        }
    }
}
