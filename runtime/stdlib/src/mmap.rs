//! `mmap`: files and anonymous memory as buffers.

use std::cell::{Cell, RefCell};

use taipan_vm::call::buffer::{BufferSource, BufferView, Exports};
use taipan_vm::object::{Gc, NativeHeader};
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::module::Module;
use taipan_vm::types::slice::Slice;
use taipan_vm::{NativeObject, Result, Thread, Value, pymodule, pytype};

use crate::mmap_names::{CONSTANTS, OF_MACHINE};
use crate::posix::args::plain;
use crate::system::calls;
use crate::system::memory::Mapping;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Default,
    Read,
    Write,
    Copy,
}

/// A mapping.
#[repr(C)]
#[derive(NativeObject)]
pub struct Mmap {
    head: NativeHeader,
    #[notrace]
    mapping: RefCell<Option<Mapping>>,
    #[notrace]
    exports: Exports,
    #[notrace]
    position: Cell<usize>,
    #[notrace]
    fd: Cell<i32>,
    #[notrace]
    offset: i64,
    #[notrace]
    access: Access,
    #[notrace]
    writable: bool,
}

fn closed(th: &mut Thread) -> taipan_vm::Raised {
    th.value_error("mmap closed or invalid")
}

impl Mmap {
    fn length(&self, th: &mut Thread) -> Result<usize> {
        match self.mapping.borrow().as_ref() {
            Some(m) => Ok(m.len()),
            None => Err(closed(th)),
        }
    }

    /// Copies a range, clamped to the mapping.
    fn copy(&self, from: usize, to: usize) -> Vec<u8> {
        match self.mapping.borrow().as_ref() {
            Some(m) => m.as_slice().get(from..to).unwrap_or_default().to_vec(),
            None => Vec::new(),
        }
    }

    fn check_writable(&self, th: &mut Thread) -> Result<()> {
        if self.writable {
            return Ok(());
        }
        Err(th.type_error("mmap can't modify a readonly memory map."))
    }

    fn write_at(&self, at: usize, data: &[u8]) -> bool {
        match self.mapping.borrow().as_ref() {
            Some(m) => m.write(at, data),
            None => false,
        }
    }

    /// An index as a position; negative ones count from the end.
    fn index(&self, th: &mut Thread, v: Value) -> Result<usize> {
        let n = self.length(th)? as i64;
        let i = th.item_index(v)?;
        let i = if i < 0 { i + n } else { i };
        match (0..n).contains(&i) {
            true => Ok(i as usize),
            false => Err(th.index_error("mmap index out of range")),
        }
    }

    fn find_in(
        th: &mut Thread,
        this: Gc<Mmap>,
        sub: Value,
        start: Option<Value>,
        end: Option<Value>,
        backwards: bool,
    ) -> Result<i64> {
        let needle = crate::buffer_bytes(th, sub)?;
        let size = this.length(th)?;
        let clamp = |i: isize| match i {
            i if i < 0 => (i + size as isize).max(0) as usize,
            i => (i as usize).min(size),
        };
        let start = match th.not_none(start) {
            Some(v) => clamp(th.index_clamped(v)?),
            None => this.position.get().min(size),
        };
        let end = match th.not_none(end) {
            Some(v) => clamp(th.index_clamped(v)?),
            None => size,
        };
        if start > end {
            return Ok(-1);
        }
        let m = this.mapping.borrow();
        let Some(m) = m.as_ref() else {
            return Ok(-1);
        };
        let text = &m.as_slice()[start..end];
        let found = match backwards {
            true => memchr::memmem::rfind(text, &needle),
            false => memchr::memmem::find(text, &needle),
        };
        Ok(found.map_or(-1, |i| (start + i) as i64))
    }

    fn check_exports(&self, th: &mut Thread, what: &str) -> Result<()> {
        if self.exports.may_be_in_use(th) {
            return Err(th.buffer_error(what));
        }
        Ok(())
    }

    fn flags_argument(access: Access, flags: i32, protection: i32) -> (i32, i32) {
        match access {
            Access::Default => (flags, protection),
            Access::Read => (libc::MAP_SHARED, libc::PROT_READ),
            Access::Write => (libc::MAP_SHARED, libc::PROT_READ | libc::PROT_WRITE),
            Access::Copy => (libc::MAP_PRIVATE, libc::PROT_READ | libc::PROT_WRITE),
        }
    }
}

/// mmap(fileno, length[, flags[, prot[, access[, offset[, trackfd]]]]])
///
/// Maps length bytes from the file specified by the file descriptor fileno,
/// and returns a mmap object.  If length is larger than the current size
/// of the file, the file is extended to contain length bytes.  If length is
/// 0, the maximum length of the map is the current size of the file.
#[pytype(name = "mmap", module = "mmap", flags = BASETYPE | HAS_WEAKREF, table = MMAP_TYPE)]
impl Mmap {
    #[pynew(sig = "(fileno, length, flags=1, prot=3, access=0, offset=0, *, trackfd=True)")]
    fn new(
        th: &mut Thread,
        class: Value,
        fileno: i32,
        length: Value,
        flags: Option<i32>,
        prot: Option<i32>,
        access: Option<i32>,
        offset: Option<i64>,
        trackfd: Option<bool>,
    ) -> Result {
        let class = th.expect_type(class)?;
        let length = th.index_i64(length, "cannot fit 'int' into an index-sized integer")?;
        let offset = offset.unwrap_or(0);
        if length < 0 {
            return Err(th.overflow_error("memory mapped length must be positive"));
        }
        if offset < 0 {
            return Err(th.overflow_error("memory mapped offset must be positive"));
        }
        let access = match access.unwrap_or(0) {
            0 => Access::Default,
            1 => Access::Read,
            2 => Access::Write,
            3 => Access::Copy,
            _ => return Err(th.value_error("mmap invalid access parameter.")),
        };
        if access != Access::Default && (flags.is_some() || prot.is_some()) {
            return Err(th.value_error("mmap can't specify both access and flags, prot."));
        }
        let both = libc::PROT_READ | libc::PROT_WRITE;
        let (mut flags, prot) = Mmap::flags_argument(
            access,
            flags.unwrap_or(libc::MAP_SHARED),
            prot.unwrap_or(both),
        );
        let mut length = length as usize;
        let mut fd = -1;
        if fileno == -1 {
            flags |= libc::MAP_ANONYMOUS;
        } else {
            let stat = crate::posix::files::with_fd(fileno, |f| rustix::fs::fstat(f));
            let stat = stat.map_err(|e| crate::posix::fail(th, e, None))?;
            let regular = stat.st_mode & libc::S_IFMT == libc::S_IFREG;
            if regular && length == 0 {
                if stat.st_size == 0 {
                    return Err(th.value_error("cannot mmap an empty file"));
                }
                if offset >= stat.st_size {
                    return Err(th.value_error("mmap offset is greater than file size"));
                }
                length = (stat.st_size - offset) as usize;
            } else if regular && (offset > stat.st_size || stat.st_size - offset < length as i64) {
                return Err(th.value_error("mmap length is greater than file size"));
            }
            if trackfd.unwrap_or(true) {
                fd = plain(th, calls::dup_cloexec(fileno))? as i32;
            }
        }
        let mapping = Mapping::new(length, prot, flags, fileno, offset);
        let mapping = match mapping {
            Ok(m) => m,
            Err(e) => {
                let _ = calls::close(fd);
                return Err(crate::os_error::raise(th, e, None, None));
            }
        };
        let writable = match access {
            Access::Default => prot & libc::PROT_WRITE != 0,
            a => a != Access::Read,
        };
        let m = th.alloc_native(class, |head| Mmap {
            head,
            mapping: RefCell::new(Some(mapping)),
            exports: Exports::default(),
            position: Cell::new(0),
            fd: Cell::new(fd),
            offset,
            access,
            writable,
        });
        Ok(m.value())
    }

    #[pyslot]
    fn del(_: &mut Thread, this: Value) -> Result<()> {
        if let Some(m) = this.downcast::<Mmap>() {
            m.mapping.take();
            let fd = m.fd.replace(-1);
            if fd >= 0 {
                let _ = calls::close(fd);
            }
        }
        Ok(())
    }

    #[pyslot]
    fn buffer(th: &mut Thread, this: Value, _flags: u32) -> Result<BufferView> {
        let Some(m) = this.downcast::<Mmap>() else {
            return Err(closed(th));
        };
        let (start, len) = match m.mapping.borrow().as_ref() {
            Some(x) => (x.start(), x.len()),
            None => return Err(closed(th)),
        };
        Ok(BufferView {
            owner: this,
            source: BufferSource::Foreign(start, len),
            offset: 0,
            len,
            readonly: !m.writable,
            itemsize: 1,
            format: "B",
            guard: Some(m.exports.guard()),
        })
    }

    #[pyslot]
    fn len(th: &mut Thread, this: Value) -> Result<usize> {
        match this.downcast::<Mmap>() {
            Some(m) => m.length(th),
            None => Ok(0),
        }
    }

    #[pyslot]
    fn getitem(th: &mut Thread, this: Value, key: Value) -> Result {
        let Some(m) = this.downcast::<Mmap>() else {
            return Ok(this);
        };
        let size = m.length(th)?;
        if let Some(s) = key.downcast::<Slice>() {
            let b = s.bounds(th, size)?;
            let (start, step, count) = (b.start, b.step, b.count);
            let out: Vec<u8> = {
                let b = m.mapping.borrow();
                let all = b.as_ref().map_or(&[][..], |b| b.as_slice());
                (0..count)
                    .filter_map(|i| all.get((start + i as isize * step) as usize).copied())
                    .collect()
            };
            return Ok(th.new_bytes(&out).value());
        }
        if th.class_of(key).slots().index.is_none() {
            return Err(th.type_error("mmap indices must be integers"));
        }
        let i = m.index(th, key)?;
        let b = m.copy(i, i + 1).first().copied().unwrap_or(0);
        Ok(th.int(b as i64))
    }

    #[pyslot]
    fn setitem(th: &mut Thread, this: Value, key: Value, v: Option<Value>) -> Result<()> {
        let Some(m) = this.downcast::<Mmap>() else {
            return Ok(());
        };
        let size = m.length(th)?;
        m.check_writable(th)?;
        if let Some(s) = key.downcast::<Slice>() {
            let Some(v) = v else {
                return Err(th.type_error("mmap object doesn't support slice deletion"));
            };
            let b = s.bounds(th, size)?;
            let (start, step, count) = (b.start, b.step, b.count);
            let data = crate::buffer_bytes(th, v)?;
            if data.len() != count {
                return Err(th.index_error("mmap slice assignment is wrong size"));
            }
            for (i, b) in data.iter().enumerate() {
                m.write_at((start + i as isize * step) as usize, &[*b]);
            }
            return Ok(());
        }
        if th.class_of(key).slots().index.is_none() {
            return Err(th.type_error("mmap indices must be integers"));
        }
        let i = m.index(th, key)?;
        let Some(v) = v else {
            return Err(th.type_error("mmap object doesn't support item deletion"));
        };
        if th.class_of(v).slots().index.is_none() {
            return Err(th.type_error("mmap item value must be an int"));
        }
        let n = th.index_i64(v, "cannot fit 'int' into an index-sized integer")?;
        let Ok(b) = u8::try_from(n) else {
            return Err(th.value_error("mmap item value must be in range(0, 256)"));
        };
        m.write_at(i, &[b]);
        Ok(())
    }

    #[pymethod]
    fn close(th: &mut Thread, this: Gc<Mmap>) -> Result<()> {
        this.check_exports(th, "cannot close exported pointers exist")?;
        Mmap::del(th, this.value())
    }

    #[pygetter]
    fn closed(_: &mut Thread, this: Gc<Mmap>) -> bool {
        this.mapping.borrow().is_none()
    }

    #[pymethod(sig = "(view, start=None, end=None, /)")]
    fn find(
        th: &mut Thread,
        this: Gc<Mmap>,
        view: Value,
        start: Option<Value>,
        end: Option<Value>,
    ) -> Result<i64> {
        Mmap::find_in(th, this, view, start, end, false)
    }

    #[pymethod(sig = "(view, start=None, end=None, /)")]
    fn rfind(
        th: &mut Thread,
        this: Gc<Mmap>,
        view: Value,
        start: Option<Value>,
        end: Option<Value>,
    ) -> Result<i64> {
        Mmap::find_in(th, this, view, start, end, true)
    }

    #[pymethod(sig = "(offset=0, size=<unrepresentable>, /)")]
    fn flush(
        th: &mut Thread,
        this: Gc<Mmap>,
        offset: Option<i64>,
        size: Option<i64>,
    ) -> Result<()> {
        let all = this.length(th)? as i64;
        let offset = offset.unwrap_or(0);
        let size = size.unwrap_or(all - offset);
        if offset < 0 || size < 0 || offset.checked_add(size).is_none_or(|e| e > all) {
            return Err(th.value_error("flush values out of range"));
        }
        if matches!(this.access, Access::Read | Access::Copy) {
            return Ok(());
        }
        let r = match this.mapping.borrow().as_ref() {
            Some(m) => m.flush(offset as usize, size as usize, libc::MS_SYNC),
            None => Ok(()),
        };
        plain(th, r)
    }

    #[pymethod(sig = "(option, start=0, length=<unrepresentable>, /)")]
    fn madvise(
        th: &mut Thread,
        this: Gc<Mmap>,
        option: i32,
        start: Option<i64>,
        length: Option<i64>,
    ) -> Result<()> {
        let size = this.length(th)? as i64;
        let start = start.unwrap_or(0);
        if !(0..size).contains(&start) {
            return Err(th.value_error("madvise start out of bounds"));
        }
        let length = length.unwrap_or(size);
        if length < 0 {
            return Err(th.value_error("madvise length invalid"));
        }
        if start.checked_add(length).is_none() {
            return Err(th.overflow_error("madvise length too large"));
        }
        let length = length.min(size - start);
        let r = match this.mapping.borrow().as_ref() {
            Some(m) => m.advise(start as usize, length as usize, option),
            None => Ok(()),
        };
        plain(th, r)
    }

    #[pymethod(name = "move", sig = "(dest, src, count, /)")]
    fn move_(th: &mut Thread, this: Gc<Mmap>, dest: i64, src: i64, count: i64) -> Result<()> {
        this.length(th)?;
        this.check_writable(th)?;
        let all = (
            usize::try_from(dest),
            usize::try_from(src),
            usize::try_from(count),
        );
        let moved = match (all, this.mapping.borrow().as_ref()) {
            ((Ok(d), Ok(s), Ok(n)), Some(m)) => m.copy_within(d, s, n),
            _ => false,
        };
        match moved {
            true => Ok(()),
            false => Err(th.value_error("source, destination, or count out of range")),
        }
    }

    #[pymethod(sig = "(n=None, /)")]
    fn read(th: &mut Thread, this: Gc<Mmap>, n: Option<Value>) -> Result<Gc<Bytes>> {
        let size = this.length(th)?;
        let at = this.position.get().min(size);
        let n = match th.not_none(n) {
            Some(v) => {
                if th.class_of(v).slots().index.is_none() {
                    let got = th.type_name(v);
                    return Err(
                        th.type_error(format!("argument should be integer or None, not '{got}'"))
                    );
                }
                usize::try_from(th.index_clamped(v)?).unwrap_or(usize::MAX)
            }
            None => usize::MAX,
        };
        let end = at + n.min(size - at);
        let data = this.copy(at, end);
        this.position.set(end);
        Ok(th.new_bytes(&data))
    }

    #[pymethod]
    fn read_byte(th: &mut Thread, this: Gc<Mmap>) -> Result<i64> {
        let (size, at) = (this.length(th)?, this.position.get());
        if at >= size {
            return Err(th.value_error("read byte out of range"));
        }
        this.position.set(at + 1);
        Ok(this.copy(at, at + 1).first().map_or(0, |b| *b as i64))
    }

    #[pymethod]
    fn readline(th: &mut Thread, this: Gc<Mmap>) -> Result<Gc<Bytes>> {
        let size = this.length(th)?;
        let at = this.position.get().min(size);
        let line = {
            let m = this.mapping.borrow();
            let all = m.as_ref().map_or(&[][..], |m| m.as_slice());
            let rest = &all[at.min(all.len())..];
            let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |i| i + 1);
            rest[..end].to_vec()
        };
        this.position.set(at + line.len());
        Ok(th.new_bytes(&line))
    }

    #[pymethod(sig = "(newsize, /)")]
    fn resize(th: &mut Thread, this: Gc<Mmap>, newsize: i64) -> Result<()> {
        this.length(th)?;
        this.check_exports(th, "mmap can't resize with extant pointers exported.")?;
        if !matches!(this.access, Access::Default | Access::Write) || !this.writable {
            return Err(th.type_error("mmap can't resize a readonly or copy-on-write memory map."));
        }
        let Ok(n) = usize::try_from(newsize) else {
            return Err(th.value_error("new size out of range"));
        };
        let fd = this.fd.get();
        if fd >= 0 {
            let end = (this.offset as u64).saturating_add(n as u64);
            let r = crate::posix::files::with_fd(fd, |f| rustix::fs::ftruncate(f, end));
            r.map_err(|e| crate::posix::fail(th, e, None))?;
        }
        let r = match this.mapping.borrow_mut().as_mut() {
            Some(m) => m.resize(n),
            None => Ok(()),
        };
        plain(th, r)
    }

    #[pymethod(sig = "(pos, whence=0, /)")]
    fn seek(th: &mut Thread, this: Gc<Mmap>, pos: i64, whence: Option<i32>) -> Result<i64> {
        let size = this.length(th)? as i64;
        let base = match whence.unwrap_or(0) {
            0 => 0,
            1 => this.position.get() as i64,
            2 => size,
            _ => return Err(th.value_error("unknown seek type")),
        };
        match base.checked_add(pos) {
            Some(p) if (0..=size).contains(&p) => {
                this.position.set(p as usize);
                Ok(p)
            }
            _ => Err(th.value_error("seek out of range")),
        }
    }

    #[pymethod]
    fn seekable(_: &mut Thread, _this: Gc<Mmap>) -> bool {
        true
    }

    #[pymethod]
    fn size(th: &mut Thread, this: Gc<Mmap>) -> Result<i64> {
        let n = this.length(th)? as i64;
        let fd = this.fd.get();
        if fd < 0 {
            return Ok(n);
        }
        match crate::posix::files::with_fd(fd, |f| rustix::fs::fstat(f)) {
            Ok(s) => Ok(s.st_size),
            Err(e) => Err(crate::posix::fail(th, e, None)),
        }
    }

    #[pymethod]
    fn tell(th: &mut Thread, this: Gc<Mmap>) -> Result<usize> {
        this.length(th)?;
        Ok(this.position.get())
    }

    #[pymethod(sig = "(bytes, /)")]
    fn write(th: &mut Thread, this: Gc<Mmap>, data: Value) -> Result<usize> {
        let data = crate::buffer_bytes(th, data)?;
        let size = this.length(th)?;
        this.check_writable(th)?;
        let at = this.position.get();
        if at > size || size - at < data.len() {
            return Err(th.value_error("data out of range"));
        }
        this.write_at(at, &data);
        this.position.set(at + data.len());
        Ok(data.len())
    }

    #[pymethod(sig = "(byte, /)")]
    fn write_byte(th: &mut Thread, this: Gc<Mmap>, byte: i64) -> Result<()> {
        let size = this.length(th)?;
        this.check_writable(th)?;
        let Ok(b) = u8::try_from(byte) else {
            return Err(th.overflow_error("unsigned byte integer is greater than maximum"));
        };
        let at = this.position.get();
        if at >= size {
            return Err(th.value_error("write byte out of range"));
        }
        this.write_at(at, &[b]);
        this.position.set(at + 1);
        Ok(())
    }

    #[pymethod]
    fn __enter__(th: &mut Thread, this: Gc<Mmap>) -> Result<Value> {
        this.length(th)?;
        Ok(this.value())
    }

    #[pymethod(sig = "(*exc_info)")]
    fn __exit__(th: &mut Thread, this: Gc<Mmap>, _exc: taipan_vm::call::VarArgs) -> Result<()> {
        Mmap::close(th, this)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let Some(m) = this.downcast::<Mmap>() else {
            return Ok(this);
        };
        let class = th.class_of(this);
        let name = th.qualified_name(class);
        let len = m.mapping.borrow().as_ref().map(|m| m.len());
        let text = match len {
            None => format!("<{name} closed=True>"),
            Some(n) => {
                let access = match m.access {
                    Access::Default => "ACCESS_DEFAULT",
                    Access::Read => "ACCESS_READ",
                    Access::Write => "ACCESS_WRITE",
                    Access::Copy => "ACCESS_COPY",
                };
                format!(
                    "<{name} closed=False, access={access}, length={n}, pos={}, offset={}>",
                    m.position.get(),
                    m.offset
                )
            }
        };
        Ok(th.new_str(&text).value())
    }
}

/// The module.
pub struct MmapModule;

#[pymodule(name = "mmap", types = [MMAP_TYPE])]
impl MmapModule {
    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        crate::enter_numbers(th, m, CONSTANTS);
        crate::enter_numbers(th, m, OF_MACHINE);
        let e = th.vm().exception_class(ExceptionClass::OSError).value();
        th.dict_set_text(m.namespace(), "error", e);
        let page = th.int(rustix::param::page_size() as i64);
        for name in ["PAGESIZE", "ALLOCATIONGRANULARITY"] {
            th.dict_set_text(m.namespace(), name, page);
        }
        Ok(())
    }
}
