//! Hosts, services, protocols, interfaces, and addresses as numbers.

use std::ffi::CString;
use std::net::{Ipv4Addr, Ipv6Addr};

use taipan_vm::object::Gc;
use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::list::List;
use taipan_vm::types::str_::Str;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::{Result, Thread, Value, pymethods};

use super::address::{self, host_name, raise_own, raise_unresolved};
use crate::os_error::fs_decode;
use crate::posix::args::plain;
use crate::system::sockets::{self, Address};

fn os_error(th: &mut Thread, text: &str) -> taipan_vm::Raised {
    th.raise(taipan_vm::types::ExceptionClass::OSError, text)
}

fn text_argument(th: &mut Thread, s: Gc<Str>) -> Result<CString> {
    let b = s.to_wtf8();
    CString::new(b).map_err(|_| th.value_error("embedded null character"))
}

fn optional_text(th: &mut Thread, s: Option<Gc<Str>>) -> Result<Option<CString>> {
    match s {
        Some(s) => text_argument(th, s).map(Some),
        None => Ok(None),
    }
}

fn ip_text(family: i32, b: &[u8]) -> String {
    match family {
        libc::AF_INET => <[u8; 4]>::try_from(b)
            .map(|b| Ipv4Addr::from(b).to_string())
            .unwrap_or_default(),
        _ => <[u8; 16]>::try_from(b)
            .map(|b| Ipv6Addr::from(b).to_string())
            .unwrap_or_default(),
    }
}

/// `(name, aliases, addresses)`
fn host_result(th: &mut Thread, r: std::result::Result<sockets::Host, (i32, String)>) -> Result {
    let h = match r {
        Ok(h) => h,
        Err((code, text)) => return Err(raise_own(th, "socket.herror", code, &text)),
    };
    let name = fs_decode(th, &h.name);
    let (aliases, addresses) = (th.new_list(), th.new_list());
    for a in &h.aliases {
        let v = fs_decode(th, a);
        th.list_append(aliases, v)?;
    }
    for a in &h.addresses {
        let v = th.new_str(&ip_text(h.family, a)).value();
        th.list_append(addresses, v)?;
    }
    Ok(th
        .new_tuple(&[name, aliases.value(), addresses.value()])
        .value())
}

/// The functions hang here.
pub struct Resolve;

#[pymethods(table = FUNCTIONS)]
impl Resolve {
    /// Return the current host name.
    #[pyfunction]
    fn gethostname(th: &mut Thread) -> Result {
        let name = plain(th, sockets::gethostname())?;
        Ok(fs_decode(th, &name))
    }

    /// Sets the hostname to name.
    #[pyfunction(sig = "(name, /)")]
    fn sethostname(th: &mut Thread, name: Value) -> Result<()> {
        let b = match name.downcast::<Str>() {
            Some(s) => crate::os_error::fs_encode(th, &s)?,
            None => crate::buffer_bytes(th, name)?,
        };
        plain(th, crate::system::calls::sethostname(&b)).map(drop)
    }

    /// Return the IP address (a string of the form '255.255.255.255') for a host.
    #[pyfunction(sig = "(host, /)")]
    fn gethostbyname(th: &mut Thread, host: Value) -> Result {
        let (port, zero) = (th.int(0), host);
        let pair = th.new_tuple(&[zero, port]).value();
        let a = address::from_python(th, libc::AF_INET, pair, "gethostbyname")?;
        let v = address::to_python(th, &a)?;
        Ok(v.downcast::<Tuple>().and_then(|t| t.get(0)).unwrap_or(v))
    }

    /// Return the true host name, a list of aliases, and a list of IP addresses, for a host.
    ///
    /// The host argument is a string giving a host name or IP number.
    #[pyfunction(sig = "(host, /)")]
    fn gethostbyname_ex(th: &mut Thread, host: Value) -> Result {
        let name = host_name(th, host)?;
        let r = th.without_lock(move || sockets::host(libc::AF_INET, Ok(&name)));
        host_result(th, r)
    }

    /// Return the true host name, a list of aliases, and a list of IP addresses, for a host.
    ///
    /// The host argument is a string giving a host name or IP number.
    #[pyfunction(sig = "(host, /)")]
    fn gethostbyaddr(th: &mut Thread, host: Value) -> Result {
        let name = host_name(th, host)?;
        let found = {
            let name = name.clone();
            th.without_lock(move || {
                sockets::getaddrinfo(Some(&name), None, libc::AF_UNSPEC, libc::SOCK_DGRAM, 0, 0)
            })
        };
        let a = match found {
            Ok(list) => match list.first() {
                Some(f) => f.address,
                None => return Err(os_error(th, "unsupported address family")),
            },
            Err(u) => return Err(raise_unresolved(th, u)),
        };
        let r = th.without_lock(move || {
            let b = match a.family() {
                libc::AF_INET => a.bytes().get(4..8),
                _ => a.bytes().get(8..24),
            };
            sockets::host(a.family(), Err(b.unwrap_or_default()))
        });
        host_result(th, r)
    }

    /// Resolve host and port into list of address info entries.
    ///
    /// Translate the host/port argument into a sequence of 5-tuples that contain
    /// all the necessary arguments for creating a socket connected to that service.
    #[pyfunction(sig = "(host, port, family=0, type=0, proto=0, flags=0)")]
    fn getaddrinfo(
        th: &mut Thread,
        host: Value,
        port: Value,
        family: Option<i32>,
        kind: Option<i32>,
        proto: Option<i32>,
        flags: Option<i32>,
    ) -> Result<Gc<List>> {
        let host = match th.not_none(Some(host)) {
            None => None,
            Some(v) => {
                let known = v.downcast::<Str>().is_some() || v.downcast::<Bytes>().is_some();
                if !known {
                    return Err(th.type_error("getaddrinfo() argument 1 must be string or None"));
                }
                Some(host_name(th, v)?)
            }
        };
        let service = if th.is_none(port) {
            None
        } else if th.class_of(port).slots().index.is_some() {
            let n = th.index(port)?;
            let text = th.str_lossy(n);
            // The system's number is a C long, whose text it reads.
            if taipan_vm::types::int::to_i64(n).is_none() {
                return Err(th.overflow_error("Python int too large to convert to C long"));
            }
            CString::new(text).ok()
        } else if let Some(s) = port.downcast::<Str>() {
            if s.to_utf8().is_none() {
                let utf8 = th.new_str("utf-8").value();
                th.call_method_str(port, "encode", &[utf8])?;
            }
            Some(text_argument(th, s)?)
        } else if let Some(b) = port.downcast::<Bytes>() {
            CString::new(b.as_slice()).ok()
        } else {
            return Err(th.raise(
                taipan_vm::types::ExceptionClass::OSError,
                "Int or String expected",
            ));
        };
        let (family, kind, proto, flags) = (
            family.unwrap_or(0),
            kind.unwrap_or(0),
            proto.unwrap_or(0),
            flags.unwrap_or(0),
        );
        let found = th.without_lock(move || {
            sockets::getaddrinfo(
                host.as_deref(),
                service.as_deref(),
                family,
                kind,
                proto,
                flags,
            )
        });
        let found = match found {
            Ok(f) => f,
            Err(u) => return Err(raise_unresolved(th, u)),
        };
        let out = th.new_list();
        for f in &found {
            let a = address::to_python(th, &f.address)?;
            let name = fs_decode(th, &f.name);
            let (x, y, z) = (
                th.int(f.family as i64),
                th.int(f.kind as i64),
                th.int(f.protocol as i64),
            );
            let row = th.new_tuple(&[x, y, z, name, a]).value();
            th.list_append(out, row)?;
        }
        Ok(out)
    }

    /// Get host and port for a sockaddr.
    #[pyfunction(sig = "(sockaddr, flags, /)")]
    fn getnameinfo(th: &mut Thread, sockaddr: Value, flags: i32) -> Result {
        let Some(t) = sockaddr.downcast::<Tuple>() else {
            return Err(th.type_error("getnameinfo() argument 1 must be a tuple"));
        };
        let s = th.value_vec(t.as_slice())?;
        let s = s.as_slice();
        if !(2..=4).contains(&s.len()) {
            return Err(th.type_error("getnameinfo(): illegal sockaddr argument"));
        }
        let Some(host) = s[0].downcast::<Str>() else {
            return Err(th.type_error("getnameinfo(): illegal sockaddr argument"));
        };
        let host = text_argument(th, host)?;
        let mut numbers = [0i64; 3];
        for (n, v) in numbers.iter_mut().zip(&s[1..]) {
            *n = th.index_i64(*v, "Python int too large to convert to C int")?;
        }
        if !(0..=0xfffff).contains(&numbers[1]) {
            return Err(th.overflow_error("getnameinfo(): flowinfo must be 0-1048575."));
        }
        let service = CString::new(numbers[0].to_string()).unwrap_or_default();
        let found = th.without_lock(move || {
            sockets::getaddrinfo(
                Some(&host),
                Some(&service),
                libc::AF_UNSPEC,
                libc::SOCK_DGRAM,
                0,
                libc::AI_NUMERICHOST,
            )
        });
        let a = match found {
            Ok(list) if list.len() == 1 => list[0].address,
            Ok(_) => return Err(os_error(th, "sockaddr resolved to multiple addresses")),
            Err(u) => return Err(raise_unresolved(th, u)),
        };
        let a = match a.family() {
            libc::AF_INET if s.len() != 2 => {
                return Err(os_error(th, "IPv4 sockaddr must be 2 tuple"));
            }
            libc::AF_INET6 => {
                let mut b = a.bytes().to_vec();
                b[4..8].copy_from_slice(&(numbers[1] as u32).to_be_bytes());
                b[24..28].copy_from_slice(&(numbers[2] as u32).to_ne_bytes());
                Address::new(&b).unwrap_or(a)
            }
            _ => a,
        };
        match th.without_lock(move || sockets::getnameinfo(&a, flags)) {
            Ok((host, service)) => {
                let (h, s) = (fs_decode(th, &host), fs_decode(th, &service));
                Ok(th.new_tuple(&[h, s]).value())
            }
            Err(u) => Err(raise_unresolved(th, u)),
        }
    }

    /// Return a port number from a service name and protocol name.
    ///
    /// The optional protocol name, if given, should be 'tcp' or 'udp',
    /// otherwise any protocol will match.
    #[pyfunction(sig = "(servicename, protocolname=<unrepresentable>, /)")]
    fn getservbyname(th: &mut Thread, name: Gc<Str>, protocol: Option<Gc<Str>>) -> Result<u32> {
        let (n, p) = (text_argument(th, name)?, optional_text(th, protocol)?);
        match sockets::service_port(&n, p.as_deref()) {
            Some(port) => Ok(port as u32),
            None => Err(os_error(th, "service/proto not found")),
        }
    }

    /// Return the service name from a port number and protocol name.
    ///
    /// The optional protocol name, if given, should be 'tcp' or 'udp',
    /// otherwise any protocol will match.
    #[pyfunction(sig = "(port, protocolname=<unrepresentable>, /)")]
    fn getservbyport(th: &mut Thread, port: i32, protocol: Option<Gc<Str>>) -> Result {
        let Ok(port) = u16::try_from(port) else {
            return Err(th.overflow_error("getservbyport: port must be 0-65535."));
        };
        let p = optional_text(th, protocol)?;
        match sockets::service_name(port, p.as_deref()) {
            Some(name) => Ok(fs_decode(th, &name)),
            None => Err(os_error(th, "port/proto not found")),
        }
    }

    /// Return the protocol number for the named protocol.  (Rarely used.)
    #[pyfunction(sig = "(name, /)")]
    fn getprotobyname(th: &mut Thread, name: Gc<Str>) -> Result<i32> {
        let n = text_argument(th, name)?;
        match sockets::protocol_number(&n) {
            Some(p) => Ok(p),
            None => Err(os_error(th, "protocol not found")),
        }
    }

    /// Returns a list of network interface information (index, name) tuples.
    #[pyfunction]
    fn if_nameindex(th: &mut Thread) -> Result<Gc<List>> {
        let found = plain(th, sockets::interfaces())?;
        let out = th.new_list();
        for (n, name) in found {
            let (n, name) = (th.int(n as i64), fs_decode(th, &name));
            let row = th.new_tuple(&[n, name]).value();
            th.list_append(out, row)?;
        }
        Ok(out)
    }

    /// Returns the interface index corresponding to the interface name if_name.
    #[pyfunction(sig = "(oname, /)")]
    fn if_nametoindex(th: &mut Thread, name: Value) -> Result<u32> {
        let n = crate::posix::ids_name(th, name, "if_nametoindex")?;
        match sockets::interface_number(&n) {
            Some(n) => Ok(n),
            None => Err(os_error(th, "no interface with this name")),
        }
    }

    /// Returns the interface name corresponding to the interface index if_index.
    #[pyfunction(sig = "(if_index, /)")]
    fn if_indextoname(th: &mut Thread, index: i64) -> Result {
        let Ok(n) = u32::try_from(index) else {
            return Err(if index < 0 {
                th.value_error("Cannot convert negative int")
            } else {
                th.overflow_error("index is too large")
            });
        };
        let name = plain(th, sockets::interface_name(n))?;
        Ok(fs_decode(th, name.as_bytes()))
    }

    /// Convert an IP address in string format (123.45.67.89) to the 32-bit packed binary format.
    #[pyfunction(sig = "(ip_addr, /)")]
    fn inet_aton(th: &mut Thread, text: Gc<Str>) -> Result<Gc<Bytes>> {
        match aton(&text.to_string_lossy()) {
            Some(b) => Ok(th.new_bytes(&b)),
            None => Err(os_error(
                th,
                "illegal IP address string passed to inet_aton",
            )),
        }
    }

    /// Convert an IP address from 32-bit packed binary format to string format.
    #[pyfunction(sig = "(packed_ip, /)")]
    fn inet_ntoa(th: &mut Thread, packed: Value) -> Result<String> {
        let b = crate::buffer_bytes(th, packed)?;
        match <[u8; 4]>::try_from(&b[..]) {
            Ok(b) => Ok(Ipv4Addr::from(b).to_string()),
            Err(_) => Err(os_error(th, "packed IP wrong length")),
        }
    }

    /// Convert an IP address from string format to a packed string suitable for use with low-level network functions.
    #[pyfunction(sig = "(address_family, ip_string, /)")]
    fn inet_pton(th: &mut Thread, family: i32, text: Gc<Str>) -> Result<Gc<Bytes>> {
        let s = text.to_string_lossy();
        let b = match family {
            libc::AF_INET => s.parse::<Ipv4Addr>().ok().map(|a| a.octets().to_vec()),
            libc::AF_INET6 => s.parse::<Ipv6Addr>().ok().map(|a| a.octets().to_vec()),
            _ => return Err(crate::os_error::raise(th, libc::EAFNOSUPPORT, None, None)),
        };
        match b {
            Some(b) => Ok(th.new_bytes(&b)),
            None => Err(os_error(
                th,
                "illegal IP address string passed to inet_pton",
            )),
        }
    }

    /// Convert a packed IP address of the given family to string format.
    #[pyfunction(sig = "(address_family, packed_ip, /)")]
    fn inet_ntop(th: &mut Thread, family: i32, packed: Value) -> Result<String> {
        let b = crate::buffer_bytes(th, packed)?;
        let wanted = match family {
            libc::AF_INET => 4,
            libc::AF_INET6 => 16,
            _ => return Err(th.value_error(format!("unknown address family {family}"))),
        };
        if b.len() != wanted {
            return Err(th.value_error("invalid length of packed IP address string"));
        }
        Ok(ip_text(family, &b))
    }

    /// Convert a 16-bit unsigned integer from network to host byte order.
    #[pyfunction(sig = "(x, /)")]
    fn ntohs(th: &mut Thread, x: Value) -> Result<u32> {
        short(th, x, "ntohs").map(|n| u16::from_be(n) as u32)
    }

    /// Convert a 16-bit unsigned integer from host to network byte order.
    #[pyfunction(sig = "(x, /)")]
    fn htons(th: &mut Thread, x: Value) -> Result<u32> {
        short(th, x, "htons").map(|n| n.to_be() as u32)
    }

    /// Convert a 32-bit unsigned integer from network to host byte order.
    #[pyfunction(sig = "(x, /)")]
    fn ntohl(th: &mut Thread, x: Value) -> Result<u32> {
        long(th, x, "ntohl").map(u32::from_be)
    }

    /// Convert a 32-bit unsigned integer from host to network byte order.
    #[pyfunction(sig = "(x, /)")]
    fn htonl(th: &mut Thread, x: Value) -> Result<u32> {
        long(th, x, "htonl").map(u32::to_be)
    }
}

fn short(th: &mut Thread, v: Value, function: &str) -> Result<u16> {
    let n = th.index_i64(v, "Python int too large to convert to C int")?;
    match u16::try_from(n) {
        Ok(n) => Ok(n),
        Err(_) if n < 0 => Err(th.overflow_error(format!(
            "{function}: can't convert negative Python int to C 16-bit unsigned integer"
        ))),
        Err(_) => Err(th.overflow_error(format!(
            "{function}: Python int too large to convert to C 16-bit unsigned integer"
        ))),
    }
}

fn long(th: &mut Thread, v: Value, function: &str) -> Result<u32> {
    if th.class_of(v).slots().index.is_none() {
        let got = th.type_name(v);
        return Err(th.type_error(format!("expected int, {got} found")));
    }
    let _ = function;
    let n = th.index_i64(v, "int larger than 32 bits")?;
    match u32::try_from(n) {
        Ok(n) => Ok(n),
        Err(_) if n < 0 => Err(th.overflow_error("can't convert negative value to unsigned int")),
        Err(_) => Err(th.overflow_error("int larger than 32 bits")),
    }
}

/// `inet_aton`: one to four numbers, each decimal, octal or hexadecimal, the last filling the rest.
fn aton(text: &str) -> Option<[u8; 4]> {
    let text = text.split_ascii_whitespace().next()?;
    let parts: Vec<u64> = (text.split('.'))
        .map(|p| match p {
            _ if p.starts_with("0x") || p.starts_with("0X") => u64::from_str_radix(&p[2..], 16),
            _ if p.len() > 1 && p.starts_with('0') => u64::from_str_radix(p, 8),
            _ => p.parse(),
        })
        .collect::<std::result::Result<_, _>>()
        .ok()?;
    let (last, first) = parts.split_last()?;
    if first.len() > 3 || first.iter().any(|n| *n > 255) {
        return None;
    }
    let room = 8 * (4 - first.len() as u32);
    if *last >= 1 << room {
        return None;
    }
    let mut n = *last;
    for (i, p) in first.iter().enumerate() {
        n |= p << (24 - 8 * i as u32);
    }
    Some((n as u32).to_be_bytes())
}
