//! Addresses: from Python's tuples and texts to the system's bytes and back.

use std::ffi::CString;
use std::net::{Ipv4Addr, Ipv6Addr};

use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::str_::Str;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::{Raised, Result, Thread, Value};

use crate::os_error::{fs_decode, fs_encode, raise};
use crate::system::sockets::{self, Address, Unresolved};

/// Raises `socket.gaierror`, or OSError for a system error.
pub fn raise_unresolved(th: &mut Thread, u: Unresolved) -> Raised {
    if u.code == libc::EAI_SYSTEM {
        return raise(th, u.errno, None, None);
    }
    raise_own(th, "socket.gaierror", u.code, &u.text)
}

/// Raises one of the module's own classes with a number and a text.
pub fn raise_own(th: &mut Thread, class: &'static str, code: i32, text: &str) -> Raised {
    let found = th.vm().registry.borrow().get(class).copied();
    let (n, text) = (th.int(code as i64), th.new_str(text).value());
    match found {
        Some(c) => match th.call(c, &[n, text]) {
            Ok(e) => th.raise_value(e),
            Err(r) => r,
        },
        None => th.raise_with(taipan_vm::types::ExceptionClass::OSError, &[n, text]),
    }
}

/// A host name as the resolver wants it: ASCII, or encoded by the codec `idna`.
pub fn host_name(th: &mut Thread, v: Value) -> Result<CString> {
    let bytes = if let Some(s) = v.downcast::<Str>() {
        match s.to_utf8().filter(|t| t.is_ascii()) {
            Some(t) => t.into_owned().into_bytes(),
            None => {
                let idna = th.new_str("idna").value();
                let b = th.call_method_str(v, "encode", &[idna])?;
                crate::buffer_bytes(th, b)?
            }
        }
    } else if v.downcast::<Bytes>().is_some()
        || v.downcast::<taipan_vm::types::bytearray::ByteArray>()
            .is_some()
    {
        crate::buffer_bytes(th, v)?
    } else {
        let got = th.type_name(v);
        return Err(th.type_error(format!("str, bytes or bytearray expected, not {got}")));
    };
    match CString::new(bytes) {
        Ok(s) => Ok(s),
        Err(_) => Err(th.type_error("host name must not contain null character")),
    }
}

/// Resolves a host of one family to its address (without port).
fn resolve(th: &mut Thread, host: &CString, family: i32) -> Result<Address> {
    let text = host.to_str().unwrap_or_default();
    let quick = match family {
        libc::AF_INET => match text {
            "" => Some(v4(Ipv4Addr::UNSPECIFIED, 0)),
            "255.255.255.255" | "<broadcast>" => Some(v4(Ipv4Addr::BROADCAST, 0)),
            t => t.parse().ok().map(|a| v4(a, 0)),
        },
        _ => match text {
            "" => Some(v6(Ipv6Addr::UNSPECIFIED, 0, 0, 0)),
            t => t.parse().ok().map(|a| v6(a, 0, 0, 0)),
        },
    };
    if let Some(a) = quick {
        return Ok(a);
    }
    let found = {
        let host = host.clone();
        th.without_lock(move || {
            sockets::getaddrinfo(Some(&host), None, family, libc::SOCK_DGRAM, 0, 0)
        })
    };
    match found {
        Ok(list) => match list.first() {
            Some(f) => Ok(f.address),
            None => Err(th.raise(
                taipan_vm::types::ExceptionClass::OSError,
                "getaddrinfo returns an empty list",
            )),
        },
        Err(u) => Err(raise_unresolved(th, u)),
    }
}

/// `sockaddr_in`
pub fn v4(a: Ipv4Addr, port: u16) -> Address {
    let mut b = Vec::with_capacity(16);
    b.extend((libc::AF_INET as u16).to_ne_bytes());
    b.extend(port.to_be_bytes());
    b.extend(a.octets());
    b.resize(16, 0);
    Address::new(&b).unwrap_or(Address::empty())
}

/// `sockaddr_in6`
pub fn v6(a: Ipv6Addr, port: u16, flow: u32, scope: u32) -> Address {
    let mut b = Vec::with_capacity(28);
    b.extend((libc::AF_INET6 as u16).to_ne_bytes());
    b.extend(port.to_be_bytes());
    b.extend(flow.to_be_bytes());
    b.extend(a.octets());
    b.extend(scope.to_ne_bytes());
    Address::new(&b).unwrap_or(Address::empty())
}

fn port(th: &mut Thread, v: Value, function: &str) -> Result<u16> {
    let n = th.index_i64(v, "Python int too large to convert to C int")?;
    match u16::try_from(n) {
        Ok(p) => Ok(p),
        Err(_) => Err(th.overflow_error(format!("{function}(): port must be 0-65535."))),
    }
}

fn parts(th: &mut Thread, v: Value, function: &str, family: &str) -> Result<taipan_vm::Gc<Tuple>> {
    match v.downcast::<Tuple>() {
        Some(t) => Ok(t),
        None => {
            let got = th.type_name(v);
            Err(th.type_error(format!(
                "{function}(): {family} address must be tuple, not {got}"
            )))
        }
    }
}

fn number(th: &mut Thread, v: Value) -> Result<u32> {
    let n = th.index_i64(v, "Python int too large to convert to C unsigned int")?;
    Ok(n as u32)
}

/// An address from what Python code gives for a family.
pub fn from_python(th: &mut Thread, family: i32, v: Value, function: &str) -> Result<Address> {
    match family {
        libc::AF_UNIX => {
            let bytes = if let Some(s) = v.downcast::<Str>() {
                fs_encode(th, &s)?
            } else if th.supports_buffer(v) {
                crate::buffer_bytes(th, v)?
            } else {
                let got = th.type_name(v);
                return Err(th.type_error(format!("a bytes-like object is required, not '{got}'")));
            };
            let mut b = (libc::AF_UNIX as u16).to_ne_bytes().to_vec();
            b.extend(&bytes);
            // Names in the file system end with a null; abstract ones are as long as they are.
            let named = bytes.first().is_some_and(|c| *c != 0);
            if bytes.len() + named as usize > 108 {
                return Err(th.raise(
                    taipan_vm::types::ExceptionClass::OSError,
                    "AF_UNIX path too long",
                ));
            }
            if named {
                b.push(0);
            }
            Ok(Address::new(&b).unwrap_or(Address::empty()))
        }
        libc::AF_INET => {
            let t = parts(th, v, function, "AF_INET")?;
            let [host, p] = t.as_slice() else {
                return Err(th.type_error(format!(
                    "{function}(): AF_INET address must be a pair (host, port)"
                )));
            };
            let (host, p) = (*host, *p);
            let name = host_name(th, host)?;
            let p = port(th, p, function)?;
            let a = resolve(th, &name, libc::AF_INET)?;
            let ip = a
                .bytes()
                .get(4..8)
                .and_then(|b| <[u8; 4]>::try_from(b).ok());
            Ok(v4(Ipv4Addr::from(ip.unwrap_or_default()), p))
        }
        libc::AF_INET6 => {
            let t = parts(th, v, function, "AF_INET6")?;
            let t = th.value_vec(t.as_slice())?;
            let s = t.as_slice();
            if !(2..=4).contains(&s.len()) {
                return Err(th.type_error(format!(
                    "{function}(): AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])"
                )));
            }
            let name = host_name(th, s[0])?;
            let p = port(th, s[1], function)?;
            let flow = match s.get(2) {
                Some(v) => number(th, *v)?,
                None => 0,
            };
            if flow > 0xfffff {
                return Err(th.overflow_error(format!("{function}(): flowinfo must be 0-1048575.")));
            }
            let a = resolve(th, &name, libc::AF_INET6)?;
            let given = s.get(3).copied();
            let found = a.bytes().get(24..28).and_then(|b| b.try_into().ok());
            let scope = match given {
                Some(v) => number(th, v)?,
                None => found.map_or(0, u32::from_ne_bytes),
            };
            let ip = a
                .bytes()
                .get(8..24)
                .and_then(|b| <[u8; 16]>::try_from(b).ok());
            Ok(v6(Ipv6Addr::from(ip.unwrap_or_default()), p, flow, scope))
        }
        libc::AF_NETLINK => {
            let t = parts(th, v, function, "AF_NETLINK")?;
            let [pid, groups] = t.as_slice() else {
                return Err(th.type_error(format!(
                    "{function}(): AF_NETLINK address must be a pair (pid, groups)"
                )));
            };
            let (pid, groups) = (*pid, *groups);
            let (pid, groups) = (number(th, pid)?, number(th, groups)?);
            let mut b = (libc::AF_NETLINK as u16).to_ne_bytes().to_vec();
            b.extend([0, 0]);
            b.extend(pid.to_ne_bytes());
            b.extend(groups.to_ne_bytes());
            Ok(Address::new(&b).unwrap_or(Address::empty()))
        }
        libc::AF_VSOCK => {
            let t = parts(th, v, function, "AF_VSOCK")?;
            let [cid, p] = t.as_slice() else {
                return Err(th.type_error(format!(
                    "{function}(): AF_VSOCK address must be a pair (cid, port)"
                )));
            };
            let (cid, p) = (*cid, *p);
            let (cid, p) = (number(th, cid)?, number(th, p)?);
            let mut b = (libc::AF_VSOCK as u16).to_ne_bytes().to_vec();
            b.extend([0, 0]);
            b.extend(p.to_ne_bytes());
            b.extend(cid.to_ne_bytes());
            b.resize(16, 0);
            Ok(Address::new(&b).unwrap_or(Address::empty()))
        }
        _ => Err(th.raise(
            taipan_vm::types::ExceptionClass::OSError,
            &format!("{function}(): bad family"),
        )),
    }
}

fn be16(b: &[u8], at: usize) -> i64 {
    b.get(at..at + 2)
        .and_then(|b| b.try_into().ok())
        .map_or(0, |b| u16::from_be_bytes(b) as i64)
}

fn ne32(b: &[u8], at: usize) -> i64 {
    b.get(at..at + 4)
        .and_then(|b| b.try_into().ok())
        .map_or(0, |b| u32::from_ne_bytes(b) as i64)
}

/// Text of an IPv6 address with its scope, as `getnameinfo` writes it.
fn v6_text(a: &Address) -> String {
    match sockets::getnameinfo(a, libc::NI_NUMERICHOST | libc::NI_NUMERICSERV) {
        Ok((host, _)) => String::from_utf8_lossy(&host).into_owned(),
        Err(_) => String::new(),
    }
}

/// What Python code sees of an address.
pub fn to_python(th: &mut Thread, a: &Address) -> Result {
    let b = a.bytes();
    if b.is_empty() {
        return Ok(th.none());
    }
    Ok(match a.family() {
        libc::AF_INET => {
            let ip: [u8; 4] = b
                .get(4..8)
                .and_then(|b| b.try_into().ok())
                .unwrap_or_default();
            let host = th.new_str(&Ipv4Addr::from(ip).to_string()).value();
            let port = th.int(be16(b, 2));
            th.new_tuple(&[host, port]).value()
        }
        libc::AF_INET6 => {
            let host = th.new_str(&v6_text(a)).value();
            let flow = b
                .get(4..8)
                .and_then(|b| b.try_into().ok())
                .map_or(0, |b| u32::from_be_bytes(b) as i64);
            let (port, flow, scope) = (th.int(be16(b, 2)), th.int(flow), th.int(ne32(b, 24)));
            th.new_tuple(&[host, port, flow, scope]).value()
        }
        libc::AF_UNIX => {
            let path = b.get(2..).unwrap_or_default();
            match path.first() {
                None => th.empty_str().value(),
                Some(0) => th.new_bytes(path).value(),
                Some(_) => {
                    let text = path.split(|c| *c == 0).next().unwrap_or_default();
                    fs_decode(th, text)
                }
            }
        }
        libc::AF_NETLINK => {
            let (pid, groups) = (th.int(ne32(b, 4)), th.int(ne32(b, 8)));
            th.new_tuple(&[pid, groups]).value()
        }
        libc::AF_VSOCK => {
            let (cid, port) = (th.int(ne32(b, 8)), th.int(ne32(b, 4)));
            th.new_tuple(&[cid, port]).value()
        }
        family => {
            let (f, rest) = (
                th.int(family as i64),
                th.new_bytes(b.get(2..).unwrap_or_default()).value(),
            );
            th.new_tuple(&[f, rest]).value()
        }
    })
}
