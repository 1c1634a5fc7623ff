//! Sockets, names and addresses.

use std::ffi::{CStr, CString};

use super::{Sys, checked};

/// An address of any family, as the system stores it.
#[derive(Clone, Copy)]
#[repr(C, align(8))]
pub struct Address {
    bytes: [u8; 128],
    len: usize,
}

impl Address {
    /// No address yet; a call fills it.
    pub fn empty() -> Address {
        Address {
            bytes: [0; 128],
            len: 0,
        }
    }

    /// An address of these bytes (family included); None when they are too many.
    pub fn new(bytes: &[u8]) -> Option<Address> {
        let mut a = Address::empty();
        a.bytes.get_mut(..bytes.len())?.copy_from_slice(bytes);
        a.len = bytes.len();
        Some(a)
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len.min(128)]
    }

    /// The family; AF_UNSPEC when there is no address.
    pub fn family(&self) -> i32 {
        match self.bytes().first_chunk() {
            Some(f) => u16::from_ne_bytes(*f) as i32,
            None => libc::AF_UNSPEC,
        }
    }

    fn pointer(&self) -> *const libc::sockaddr {
        self.bytes.as_ptr().cast()
    }

    fn len(&self) -> libc::socklen_t {
        self.len as libc::socklen_t
    }

    /// Lets a call fill the address.
    fn fill(
        f: impl FnOnce(*mut libc::sockaddr, &mut libc::socklen_t) -> i64,
    ) -> Sys<(i64, Address)> {
        let mut a = Address::empty();
        let mut len = a.bytes.len() as libc::socklen_t;
        let r = checked(f(a.bytes.as_mut_ptr().cast(), &mut len))?;
        a.len = len as usize;
        Ok((r, a))
    }
}

/// `socket`
pub fn socket(family: i32, kind: i32, protocol: i32) -> Sys<i32> {
    // SAFETY: numbers.
    checked(unsafe { libc::socket(family, kind | libc::SOCK_CLOEXEC, protocol) } as i64)
        .map(|fd| fd as i32)
}

/// `socketpair`
pub fn socketpair(family: i32, kind: i32, protocol: i32) -> Sys<[i32; 2]> {
    let mut fds = [-1; 2];
    // SAFETY: a place for two numbers.
    checked(unsafe {
        libc::socketpair(
            family,
            kind | libc::SOCK_CLOEXEC,
            protocol,
            fds.as_mut_ptr(),
        )
    } as i64)?;
    Ok(fds)
}

/// `bind`
pub fn bind(fd: i32, a: &Address) -> Sys {
    // SAFETY: the address's length goes with it.
    checked(unsafe { libc::bind(fd, a.pointer(), a.len()) } as i64)
}

/// `connect`
pub fn connect(fd: i32, a: &Address) -> Sys {
    // SAFETY: the address's length goes with it.
    checked(unsafe { libc::connect(fd, a.pointer(), a.len()) } as i64)
}

/// `listen`
pub fn listen(fd: i32, backlog: i32) -> Sys {
    // SAFETY: numbers.
    checked(unsafe { libc::listen(fd, backlog) } as i64)
}

/// `shutdown`
pub fn shutdown(fd: i32, how: i32) -> Sys {
    // SAFETY: numbers.
    checked(unsafe { libc::shutdown(fd, how) } as i64)
}

/// `accept4`
pub fn accept(fd: i32) -> Sys<(i64, Address)> {
    // SAFETY: a place for the address, with its length.
    Address::fill(|a, n| unsafe { libc::accept4(fd, a, n, libc::SOCK_CLOEXEC) } as i64)
}

/// `getsockname`
pub fn getsockname(fd: i32) -> Sys<Address> {
    // SAFETY: a place for the address, with its length.
    Address::fill(|a, n| unsafe { libc::getsockname(fd, a, n) } as i64).map(|r| r.1)
}

/// `getpeername`
pub fn getpeername(fd: i32) -> Sys<Address> {
    // SAFETY: a place for the address, with its length.
    Address::fill(|a, n| unsafe { libc::getpeername(fd, a, n) } as i64).map(|r| r.1)
}

/// `recv`
pub fn recv(fd: i32, buffer: &mut [u8], flags: i32) -> Sys {
    // SAFETY: the buffer's length goes with it.
    checked(unsafe { libc::recv(fd, buffer.as_mut_ptr().cast(), buffer.len(), flags) } as i64)
}

/// `recvfrom`
pub fn recvfrom(fd: i32, buffer: &mut [u8], flags: i32) -> Sys<(i64, Address)> {
    let (p, len) = (buffer.as_mut_ptr().cast(), buffer.len());
    // SAFETY: buffer and address with their lengths.
    Address::fill(|a, n| unsafe { libc::recvfrom(fd, p, len, flags, a, n) } as i64)
}

/// `send`
pub fn send(fd: i32, data: &[u8], flags: i32) -> Sys {
    // SAFETY: the data's length goes with it.
    checked(unsafe { libc::send(fd, data.as_ptr().cast(), data.len(), flags) } as i64)
}

/// `sendto`
pub fn sendto(fd: i32, data: &[u8], flags: i32, a: &Address) -> Sys {
    // SAFETY: data and address with their lengths.
    checked(unsafe {
        libc::sendto(
            fd,
            data.as_ptr().cast(),
            data.len(),
            flags,
            a.pointer(),
            a.len(),
        )
    } as i64)
}

/// Control data: level, kind, bytes.
pub type Control = (i32, i32, Vec<u8>);

/// `CMSG_SPACE`
pub fn control_space(len: u32) -> usize {
    // SAFETY: arithmetic.
    unsafe { libc::CMSG_SPACE(len) as usize }
}

/// `CMSG_LEN`
pub fn control_len(len: u32) -> usize {
    // SAFETY: arithmetic.
    unsafe { libc::CMSG_LEN(len) as usize }
}

/// `sendmsg`
pub fn sendmsg(
    fd: i32,
    parts: &[Vec<u8>],
    control: &[Control],
    flags: i32,
    a: Option<&Address>,
) -> Sys {
    let mut vectors: Vec<libc::iovec> = (parts.iter())
        .map(|p| libc::iovec {
            iov_base: p.as_ptr() as *mut _,
            iov_len: p.len(),
        })
        .collect();
    let space: usize = (control.iter())
        .map(|c| control_space(c.2.len() as u32))
        .sum();
    // Of words, so that the headers are aligned.
    let mut buffer = vec![0u64; space.div_ceil(8)];
    // SAFETY: all parts of the message live as long as the call; the control buffer has room for
    // the headers that are written, by construction.
    let r = unsafe {
        let mut m: libc::msghdr = std::mem::zeroed();
        if let Some(a) = a {
            m.msg_name = a.pointer() as *mut _;
            m.msg_namelen = a.len();
        }
        m.msg_iov = vectors.as_mut_ptr();
        m.msg_iovlen = vectors.len();
        if !control.is_empty() {
            m.msg_control = buffer.as_mut_ptr().cast();
            m.msg_controllen = space;
            let mut h = libc::CMSG_FIRSTHDR(&m);
            for (level, kind, data) in control {
                if h.is_null() {
                    break;
                }
                (*h).cmsg_level = *level;
                (*h).cmsg_type = *kind;
                (*h).cmsg_len = control_len(data.len() as u32) as _;
                std::ptr::copy_nonoverlapping(data.as_ptr(), libc::CMSG_DATA(h), data.len());
                h = libc::CMSG_NXTHDR(&m, h);
            }
        }
        libc::sendmsg(fd, &m, flags)
    };
    checked(r as i64)
}

/// What `recvmsg` gives.
pub struct Received {
    /// Number of bytes.
    pub count: usize,
    /// Control data.
    pub control: Vec<Control>,
    /// `msg_flags`
    pub flags: i32,
    /// From where.
    pub address: Address,
}

/// `recvmsg` into some buffers.
pub fn recvmsg(fd: i32, parts: &mut [Vec<u8>], control: usize, flags: i32) -> Sys<Received> {
    let mut vectors: Vec<libc::iovec> = (parts.iter_mut())
        .map(|p| libc::iovec {
            iov_base: p.as_mut_ptr().cast(),
            iov_len: p.len(),
        })
        .collect();
    let mut buffer = vec![0u64; control.div_ceil(8)];
    let mut address = Address::empty();
    let mut out = Vec::new();
    // SAFETY: all parts of the message live as long as the call; headers are walked by the
    // system's own macros, and data only taken as far as the buffer was filled.
    let (n, flags) = unsafe {
        let mut m: libc::msghdr = std::mem::zeroed();
        m.msg_name = address.bytes.as_mut_ptr().cast();
        m.msg_namelen = address.bytes.len() as _;
        m.msg_iov = vectors.as_mut_ptr();
        m.msg_iovlen = vectors.len();
        m.msg_control = buffer.as_mut_ptr().cast();
        m.msg_controllen = control;
        let n = checked(libc::recvmsg(fd, &mut m, flags) as i64)?;
        address.len = m.msg_namelen as usize;
        let end = buffer.as_ptr() as usize + m.msg_controllen;
        let mut h = libc::CMSG_FIRSTHDR(&m);
        while !h.is_null() {
            let data = libc::CMSG_DATA(h);
            let header = control_len(0);
            let len = ((*h).cmsg_len as usize).saturating_sub(header);
            let len = len.min(end.saturating_sub(data as usize));
            out.push((
                (*h).cmsg_level,
                (*h).cmsg_type,
                std::slice::from_raw_parts(data, len).to_vec(),
            ));
            h = libc::CMSG_NXTHDR(&m, h);
        }
        (n, m.msg_flags)
    };
    Ok(Received {
        count: n as usize,
        control: out,
        flags,
        address,
    })
}

/// `getsockopt` into a buffer: how much was filled.
pub fn getsockopt(fd: i32, level: i32, name: i32, out: &mut [u8]) -> Sys<usize> {
    let mut len = out.len() as libc::socklen_t;
    // SAFETY: the buffer's length goes with it.
    let r = unsafe { libc::getsockopt(fd, level, name, out.as_mut_ptr().cast(), &mut len) };
    checked(r as i64)?;
    Ok(len as usize)
}

/// `setsockopt`
pub fn setsockopt(fd: i32, level: i32, name: i32, value: &[u8]) -> Sys {
    checked(
        // SAFETY: the value's length goes with it.
        unsafe { libc::setsockopt(fd, level, name, value.as_ptr().cast(), value.len() as _) }
            as i64,
    )
}

/// `setsockopt` with no value but a length.
pub fn setsockopt_none(fd: i32, level: i32, name: i32, len: u32) -> Sys {
    // SAFETY: no memory is given.
    checked(unsafe { libc::setsockopt(fd, level, name, std::ptr::null(), len) } as i64)
}

/// `gethostname`
pub fn gethostname() -> Sys<Vec<u8>> {
    let mut out = vec![0u8; 1024];
    // SAFETY: the buffer's length goes with it.
    checked(unsafe { libc::gethostname(out.as_mut_ptr().cast(), out.len() - 1) } as i64)?;
    out.truncate(out.iter().position(|b| *b == 0).unwrap_or(0));
    Ok(out)
}

/// What `getaddrinfo` gives: family, kind, protocol, canonical name, address.
pub struct Found {
    /// `ai_family`
    pub family: i32,
    /// `ai_socktype`
    pub kind: i32,
    /// `ai_protocol`
    pub protocol: i32,
    /// `ai_canonname`
    pub name: Vec<u8>,
    /// `ai_addr`
    pub address: Address,
}

/// A failure of name resolution: its own number and text.
pub struct Unresolved {
    /// `EAI_*`
    pub code: i32,
    /// Error number for EAI_SYSTEM.
    pub errno: i32,
    /// Text.
    pub text: String,
}

fn unresolved(code: i32) -> Unresolved {
    let errno = super::errno();
    // SAFETY: a static text.
    let text = unsafe { CStr::from_ptr(libc::gai_strerror(code)) };
    Unresolved {
        code,
        errno,
        text: text.to_string_lossy().into_owned(),
    }
}

/// `getaddrinfo`
pub fn getaddrinfo(
    host: Option<&CStr>,
    service: Option<&CStr>,
    family: i32,
    kind: i32,
    protocol: i32,
    flags: i32,
) -> Result<Vec<Found>, Unresolved> {
    let mut out = Vec::new();
    // SAFETY: C strings and a structure to read; the list is walked to its end and freed.
    unsafe {
        let mut hints: libc::addrinfo = std::mem::zeroed();
        hints.ai_family = family;
        hints.ai_socktype = kind;
        hints.ai_protocol = protocol;
        hints.ai_flags = flags;
        let mut list = std::ptr::null_mut();
        let text = |s: Option<&CStr>| s.map_or(std::ptr::null(), |s| s.as_ptr());
        let r = libc::getaddrinfo(text(host), text(service), &hints, &mut list);
        if r != 0 {
            return Err(unresolved(r));
        }
        let mut p = list;
        while !p.is_null() {
            let i = &*p;
            let bytes = std::slice::from_raw_parts(i.ai_addr.cast::<u8>(), i.ai_addrlen as usize);
            out.push(Found {
                family: i.ai_family,
                kind: i.ai_socktype,
                protocol: i.ai_protocol,
                name: match i.ai_canonname.is_null() {
                    true => Vec::new(),
                    false => CStr::from_ptr(i.ai_canonname).to_bytes().to_vec(),
                },
                address: Address::new(bytes).unwrap_or(Address::empty()),
            });
            p = i.ai_next;
        }
        libc::freeaddrinfo(list);
    }
    Ok(out)
}

/// `getnameinfo`: host and service.
pub fn getnameinfo(a: &Address, flags: i32) -> Result<(Vec<u8>, Vec<u8>), Unresolved> {
    let (mut host, mut service) = ([0u8; 1025], [0u8; 32]);
    // SAFETY: address and buffers with their lengths.
    let r = unsafe {
        libc::getnameinfo(
            a.pointer(),
            a.len(),
            host.as_mut_ptr().cast(),
            host.len() as _,
            service.as_mut_ptr().cast(),
            service.len() as _,
            flags,
        )
    };
    if r != 0 {
        return Err(unresolved(r));
    }
    let text = |b: &[u8]| b.split(|c| *c == 0).next().unwrap_or_default().to_vec();
    Ok((text(&host), text(&service)))
}

/// Name and aliases of a row of the C library's tables.
///
/// # Safety
/// The pointers are those of a row that the C library gave, or null.
unsafe fn names(
    name: *const libc::c_char,
    mut aliases: *mut *mut libc::c_char,
) -> (Vec<u8>, Vec<Vec<u8>>) {
    let mut out = Vec::new();
    // SAFETY: the caller's row: C strings, an array that ends with null.
    unsafe {
        while !aliases.is_null() && !(*aliases).is_null() {
            out.push(CStr::from_ptr(*aliases).to_bytes().to_vec());
            aliases = aliases.add(1);
        }
        (CStr::from_ptr(name).to_bytes().to_vec(), out)
    }
}

/// A host's name, aliases, and addresses without their families.
pub struct Host {
    /// `h_name`
    pub name: Vec<u8>,
    /// `h_aliases`
    pub aliases: Vec<Vec<u8>>,
    /// `h_addrtype`
    pub family: i32,
    /// `h_addr_list`
    pub addresses: Vec<Vec<u8>>,
}

/// A host by its address (4 or 16 bytes), or by its name. The error is the resolver's number and
/// its text.
pub fn host(family: i32, key: Result<&CStr, &[u8]>) -> Result<Host, (i32, String)> {
    // SAFETY: the signature is that of the C library's netdb.h.
    unsafe extern "C" {
        fn gethostbyaddr_r(
            addr: *const libc::c_void,
            len: libc::socklen_t,
            family: i32,
            result: *mut libc::hostent,
            buffer: *mut libc::c_char,
            size: usize,
            found: *mut *mut libc::hostent,
            error: *mut i32,
        ) -> i32;
        fn gethostbyname2_r(
            name: *const libc::c_char,
            family: i32,
            result: *mut libc::hostent,
            buffer: *mut libc::c_char,
            size: usize,
            found: *mut *mut libc::hostent,
            error: *mut i32,
        ) -> i32;
        fn hstrerror(error: i32) -> *const libc::c_char;
    }
    let mut buffer = vec![0u8; 16384];
    // SAFETY: the row and its texts live in our buffer, whose size goes with it; everything is
    // copied before it goes.
    unsafe {
        let mut row: libc::hostent = std::mem::zeroed();
        let (mut found, mut error) = (std::ptr::null_mut(), 0);
        let (p, n) = (buffer.as_mut_ptr().cast(), buffer.len());
        match key {
            Ok(name) => gethostbyname2_r(
                name.as_ptr(),
                family,
                &mut row,
                p,
                n,
                &mut found,
                &mut error,
            ),
            Err(a) => gethostbyaddr_r(
                a.as_ptr().cast(),
                a.len() as _,
                family,
                &mut row,
                p,
                n,
                &mut found,
                &mut error,
            ),
        };
        if found.is_null() {
            let text = CStr::from_ptr(hstrerror(error));
            return Err((error, text.to_string_lossy().into_owned()));
        }
        let (name, aliases) = names(row.h_name, row.h_aliases);
        let mut addresses = Vec::new();
        let mut a = row.h_addr_list;
        while !a.is_null() && !(*a).is_null() {
            let bytes = std::slice::from_raw_parts((*a).cast::<u8>(), row.h_length as usize);
            addresses.push(bytes.to_vec());
            a = a.add(1);
        }
        Ok(Host {
            name,
            aliases,
            family: row.h_addrtype,
            addresses,
        })
    }
}

/// Port of a service, in host order.
pub fn service_port(name: &CStr, protocol: Option<&CStr>) -> Option<u16> {
    let p = protocol.map_or(std::ptr::null(), |p| p.as_ptr());
    // SAFETY: C strings; the row lives until the next call, under the interpreter's lock.
    unsafe {
        let row = libc::getservbyname(name.as_ptr(), p);
        (!row.is_null()).then(|| u16::from_be((*row).s_port as u16))
    }
}

/// Name of the service on a port.
pub fn service_name(port: u16, protocol: Option<&CStr>) -> Option<Vec<u8>> {
    let p = protocol.map_or(std::ptr::null(), |p| p.as_ptr());
    // SAFETY: C strings; the row lives until the next call, under the interpreter's lock.
    unsafe {
        let row = libc::getservbyport(port.to_be() as i32, p);
        (!row.is_null()).then(|| CStr::from_ptr((*row).s_name).to_bytes().to_vec())
    }
}

/// Number of a protocol.
pub fn protocol_number(name: &CStr) -> Option<i32> {
    // SAFETY: a C string; the row lives until the next call, under the interpreter's lock.
    unsafe {
        let row = libc::getprotobyname(name.as_ptr());
        (!row.is_null()).then(|| (*row).p_proto)
    }
}

/// Interfaces: number and name.
pub fn interfaces() -> Sys<Vec<(u32, Vec<u8>)>> {
    let mut out = Vec::new();
    // SAFETY: an array that ends with a zero index, freed afterwards.
    unsafe {
        let list = libc::if_nameindex();
        if list.is_null() {
            return Err(super::errno());
        }
        let mut p = list;
        while (*p).if_index != 0 && !(*p).if_name.is_null() {
            let name = CStr::from_ptr((*p).if_name).to_bytes().to_vec();
            out.push(((*p).if_index, name));
            p = p.add(1);
        }
        libc::if_freenameindex(list);
    }
    Ok(out)
}

/// Number of an interface.
pub fn interface_number(name: &CStr) -> Option<u32> {
    // SAFETY: a C string.
    let n = unsafe { libc::if_nametoindex(name.as_ptr()) };
    (n != 0).then_some(n)
}

/// Name of an interface.
pub fn interface_name(number: u32) -> Sys<CString> {
    let mut out = [0u8; libc::IF_NAMESIZE];
    // SAFETY: a buffer of the size that is asked for.
    let p = unsafe { libc::if_indextoname(number, out.as_mut_ptr().cast()) };
    if p.is_null() {
        return Err(super::errno());
    }
    let text = out.split(|b| *b == 0).next().unwrap_or_default();
    super::c_string(text)
}
