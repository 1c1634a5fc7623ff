//! `FileIO`: a file descriptor, read and written without buffers.

use std::cell::Cell;
use std::os::fd::{BorrowedFd, IntoRawFd};

use rustix::fs::{Mode, OFlags, SeekFrom};
use taipan_vm::call::Args;
use taipan_vm::object::{Gc, NativeHeader, Slot};
use taipan_vm::types::str_::Str;
use taipan_vm::{NativeObject, Raised, Result, Thread, Value, pytype};

use super::base::{RAW_TYPE, finalize};
use super::state::unsupported;
use super::support::{self, class_argument, offset, retry, system};
use super::{Bound, DEFAULT_BUFFER_SIZE};
use crate::os_error;
use crate::posix::files::with_fd;

/// A file.
#[repr(C)]
#[derive(NativeObject)]
pub struct FileIo {
    head: NativeHeader,
    /// The buffered stream around it, which must be closed first.
    pub owner: Slot,
    /// The descriptor; -1 when closed.
    #[notrace]
    pub fd: Cell<i32>,
    #[notrace]
    created: Cell<bool>,
    #[notrace]
    pub(super) readable: Cell<bool>,
    #[notrace]
    pub(super) writable: Cell<bool>,
    #[notrace]
    appending: Cell<bool>,
    /// -1: not known yet.
    #[notrace]
    seekable: Cell<i8>,
    #[notrace]
    close_fd: Cell<bool>,
    #[notrace]
    finalizing: Cell<bool>,
    #[notrace]
    pub(super) block_size: Cell<usize>,
}

fn io<R>(
    fd: i32,
    mut f: impl FnMut(BorrowedFd<'_>) -> rustix::io::Result<R>,
) -> impl FnMut() -> rustix::io::Result<R> {
    move || with_fd(fd, &mut f)
}

/// Reads up to `n` bytes behind what `out` holds. None when nothing can be had without blocking.
pub fn read_fd(th: &mut Thread, fd: i32, out: &mut Vec<u8>, n: usize) -> Result<Option<usize>> {
    let at = out.len();
    if out.try_reserve_exact(n).is_err() {
        return Err(th.memory_error());
    }
    out.resize(at + n, 0);
    let r = retry(th, io(fd, |fd| rustix::io::read(fd, &mut out[at..])));
    let got = match &r {
        Ok(Ok(n)) => *n,
        _ => 0,
    };
    out.truncate(at + got);
    match r? {
        Ok(n) => Ok(Some(n)),
        Err(rustix::io::Errno::AGAIN) => Ok(None),
        Err(e) => system(th, Err(e)).map(Some),
    }
}

/// Writes bytes, possibly fewer than there are. None when nothing can be taken without blocking.
pub fn write_fd(th: &mut Thread, fd: i32, data: &[u8]) -> Result<Option<usize>> {
    match retry(th, io(fd, |fd| rustix::io::write(fd, data)))? {
        Ok(n) => Ok(Some(n)),
        Err(rustix::io::Errno::AGAIN) => Ok(None),
        Err(e) => system(th, Err(e)).map(Some),
    }
}

/// Moves the position.
pub fn seek_fd(th: &mut Thread, fd: i32, pos: SeekFrom) -> Result<i64> {
    let r = with_fd(fd, |fd| rustix::fs::seek(fd, pos));
    system(th, r).map(|p| p as i64)
}

/// A position argument with its meaning. ValueError.
pub fn whence(th: &mut Thread, pos: i64, whence: i64) -> Result<SeekFrom> {
    match whence {
        0 if pos < 0 => Err(os_error::raise(th, libc::EINVAL, None, None)),
        0 => Ok(SeekFrom::Start(pos as u64)),
        1 => Ok(SeekFrom::Current(pos)),
        2 => Ok(SeekFrom::End(pos)),
        3 => Ok(SeekFrom::Data(pos as u64)),
        4 => Ok(SeekFrom::Hole(pos as u64)),
        _ => Err(os_error::raise(th, libc::EINVAL, None, None)),
    }
}

#[cold]
fn closed(th: &mut Thread) -> Raised {
    th.value_error("I/O operation on closed file")
}

struct OpenMode {
    flags: OFlags,
    created: bool,
    readable: bool,
    writable: bool,
    appending: bool,
}

fn parse_mode(th: &mut Thread, mode: &str) -> Result<OpenMode> {
    let mut m = OpenMode {
        flags: OFlags::CLOEXEC,
        created: false,
        readable: false,
        writable: false,
        appending: false,
    };
    let (mut kind, mut plus) = (false, false);
    const ONE: &str = "Must have exactly one of create/read/write/append mode and at most one plus";
    for c in mode.chars() {
        match c {
            'x' | 'r' | 'w' | 'a' if kind => return Err(th.value_error(ONE)),
            'x' => {
                m.created = true;
                m.writable = true;
                m.flags |= OFlags::EXCL | OFlags::CREATE;
            }
            'r' => m.readable = true,
            'w' => {
                m.writable = true;
                m.flags |= OFlags::CREATE | OFlags::TRUNC;
            }
            'a' => {
                m.writable = true;
                m.appending = true;
                m.flags |= OFlags::APPEND | OFlags::CREATE;
            }
            '+' if plus => return Err(th.value_error(ONE)),
            '+' => plus = true,
            'b' => continue,
            _ => return Err(th.value_error(format!("invalid mode: {mode}"))),
        }
        if c != '+' {
            kind = true;
        }
    }
    if !kind {
        return Err(th.value_error(
            "Must have exactly one of create/read/write/append mode and at most one plus",
        ));
    }
    if plus {
        m.readable = true;
        m.writable = true;
    }
    m.flags |= match (m.readable, m.writable) {
        (true, true) => OFlags::RDWR,
        (true, false) => OFlags::RDONLY,
        _ => OFlags::WRONLY,
    };
    Ok(m)
}

fn open_path(th: &mut Thread, file: Value, flags: OFlags) -> Result<i32> {
    let path = os_error::path_argument(th, file, "open", "path", false)?;
    super::flush_all(th);
    let mut again = true;
    let mut unpacked = false;
    loop {
        let r = retry(th, || {
            rustix::fs::open(&path.path, flags, Mode::from_raw_mode(0o666))
        })?;
        match r {
            Ok(fd) => return Ok(fd.into_raw_fd()),
            // Files that nobody can reach any more may hold the descriptors.
            Err(rustix::io::Errno::MFILE | rustix::io::Errno::NFILE) if again => {
                again = false;
                let gc = th.builtin("__import__")?;
                let name = th.new_str("gc").value();
                let m = th.call(gc, &[name])?;
                th.call_method_str(m, "collect", &[])?;
                th.run_pending();
            }
            Err(rustix::io::Errno::NOENT)
                if !unpacked && crate::archive::unpack(th, &path.path) =>
            {
                unpacked = true;
            }
            Err(e) => return Err(os_error::raise(th, e.raw_os_error(), Some(file), None)),
        }
    }
}

impl FileIo {
    fn open(&self, th: &mut Thread, this: Value, b: &Bound) -> Result<()> {
        if self.fd.get() >= 0 {
            if self.close_fd.get() {
                self.close_now(th)?;
            }
            self.fd.set(-1);
        }
        let file = b.required(th, 0)?;
        let mode = match b.get(1) {
            Some(m) => th.expect::<Str>(m)?.to_string_lossy(),
            None => "r".to_string(),
        };
        let close_fd = match b.get(2) {
            Some(v) => th.truth(v)?,
            None => true,
        };
        let opener = th.not_none(b.get(3));
        if th.is_exact(file, taipan_vm::types::T::Float) {
            return Err(th.type_error("integer argument expected, got float"));
        }
        let m = parse_mode(th, &mode)?;
        let mut number = None;
        if th.class_of(file).slots().index.is_some() && file.downcast::<Str>().is_none() {
            let n = th.index_i64(file, "Python int too large to convert to C int")?;
            if n < 0 {
                return Err(th.value_error("negative file descriptor"));
            }
            number = Some(i32::try_from(n).unwrap_or(i32::MAX));
        }
        self.close_fd.set(close_fd);
        self.created.set(m.created);
        self.readable.set(m.readable);
        self.writable.set(m.writable);
        self.appending.set(m.appending);
        self.seekable.set(-1);
        let opened_here = number.is_none();
        let fd = match (number, opener) {
            (Some(fd), _) => fd,
            (None, _) if !close_fd => {
                return Err(th.value_error("Cannot use closefd=False with file name"));
            }
            (None, Some(o)) => {
                super::flush_all(th);
                let flags = th.int(m.flags.bits() as i64);
                let r = th.call(o, &[file, flags])?;
                if th.class_of(r).slots().index.is_none() {
                    return Err(th.type_error("expected integer from opener"));
                }
                let n = th.index_i64(r, "Python int too large to convert to C int")?;
                if n < 0 {
                    return Err(th.value_error(format!("opener returned {n}")));
                }
                n as i32
            }
            (None, None) => open_path(th, file, m.flags)?,
        };
        let stat = match with_fd(fd, |fd| rustix::fs::fstat(fd)) {
            Ok(s) => s,
            Err(e) => {
                let name = (!opened_here).then_some(file);
                return Err(os_error::raise(th, e.raw_os_error(), name, None));
            }
        };
        if rustix::fs::FileType::from_raw_mode(stat.st_mode) == rustix::fs::FileType::Directory {
            if opened_here {
                super::close_fd(fd);
            }
            return Err(os_error::raise(th, libc::EISDIR, Some(file), None));
        }
        let block = usize::try_from(stat.st_blksize).unwrap_or(0);
        self.block_size.set(if block > 1 {
            block
        } else {
            DEFAULT_BUFFER_SIZE
        });
        self.fd.set(fd);
        let key = th.intern("name");
        th.set_instance_attribute(this, key, file);
        if m.appending {
            let _ = with_fd(fd, |fd| rustix::fs::seek(fd, SeekFrom::End(0)));
        }
        Ok(())
    }

    fn check(&self, th: &mut Thread) -> Result<i32> {
        match self.fd.get() {
            fd if fd < 0 => Err(closed(th)),
            fd => Ok(fd),
        }
    }

    /// The descriptor, for reading. ValueError, UnsupportedOperation.
    pub fn check_readable(&self, th: &mut Thread) -> Result<i32> {
        let fd = self.check(th)?;
        if !self.readable.get() {
            return Err(unsupported(th, "File not open for reading"));
        }
        Ok(fd)
    }

    /// The descriptor, for writing. ValueError, UnsupportedOperation.
    pub fn check_writable(&self, th: &mut Thread) -> Result<i32> {
        let fd = self.check(th)?;
        if !self.writable.get() {
            return Err(unsupported(th, "File not open for writing"));
        }
        Ok(fd)
    }

    fn close_now(&self, th: &mut Thread) -> Result<()> {
        let fd = self.fd.replace(-1);
        if fd >= 0 && self.close_fd.get() {
            let e = th.without_lock(|| super::close_fd(fd));
            if e != 0 {
                return Err(os_error::raise(th, e, None, None));
            }
        }
        Ok(())
    }

    /// Reads all that is left. None when nothing can be had without blocking.
    pub fn read_all(&self, th: &mut Thread) -> Result<Option<Vec<u8>>> {
        let fd = self.check_readable(th)?;
        let mut out = Vec::new();
        let mut size = DEFAULT_BUFFER_SIZE;
        let end = with_fd(fd, |fd| rustix::fs::fstat(fd)).map_or(0, |s| s.st_size);
        if end > 0
            && let Ok(at) = with_fd(fd, |fd| rustix::fs::seek(fd, SeekFrom::Current(0)))
        {
            // One more byte, so that the end of the file is seen with the first read.
            size = (end as u64).saturating_sub(at) as usize + 1;
        }
        loop {
            match read_fd(th, fd, &mut out, size)? {
                Some(0) => return Ok(Some(out)),
                None if out.is_empty() => return Ok(None),
                None => return Ok(Some(out)),
                Some(n) => {
                    size = (size - n.min(size)).max(if n < size { 4096 } else { out.len() });
                }
            }
        }
    }

    /// Can the position be moved?
    pub fn can_seek(&self) -> bool {
        if self.seekable.get() < 0 {
            let r = with_fd(self.fd.get(), |fd| {
                rustix::fs::seek(fd, SeekFrom::Current(0))
            });
            self.seekable.set(r.is_ok() as i8);
        }
        self.seekable.get() > 0
    }

    /// `mode`
    pub fn mode_text(&self) -> &'static str {
        match (
            self.created.get(),
            self.appending.get(),
            self.readable.get(),
            self.writable.get(),
        ) {
            (true, _, true, _) => "xb+",
            (true, ..) => "xb",
            (_, true, true, _) => "ab+",
            (_, true, ..) => "ab",
            (_, _, true, true) => "rb+",
            (_, _, true, _) => "rb",
            _ => "wb",
        }
    }
}

/// Open a file.
#[pytype(name = "FileIO", module = "_io", base = RAW_TYPE, flags = BASETYPE | MUTABLE, table = FILE_IO_TYPE)]
impl FileIo {
    #[pynew(raw, sig = "(file, mode='r', closefd=True, opener=None)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = class_argument(th, args)?;
        Ok(th
            .alloc_native(class, |head| FileIo {
                head,
                owner: Slot::empty(),
                fd: Cell::new(-1),
                created: Cell::new(false),
                readable: Cell::new(false),
                writable: Cell::new(false),
                appending: Cell::new(false),
                seekable: Cell::new(-1),
                close_fd: Cell::new(true),
                finalizing: Cell::new(false),
                block_size: Cell::new(DEFAULT_BUFFER_SIZE),
            })
            .value())
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
        let f = super::base::expect::<FileIo>(th, this, "_io.FileIO")?;
        let b = super::bind(th, &super::FILE_SIGNATURE, args)?;
        f.open(th, this, &b)
    }

    #[pyslot]
    fn del(th: &mut Thread, this: Value) -> Result<()> {
        let Some(f) = this.downcast::<FileIo>() else {
            return Ok(());
        };
        if f.fd.get() < 0 {
            return Ok(());
        }
        if let Some(owner) = f.owner.take() {
            super::buffered::finalize_buffered(th, owner)?;
            if f.fd.get() < 0 {
                return Ok(());
            }
        }
        super::warn_unclosed(th, this);
        finalize(th, this)
    }

    /// Read at most size bytes, returned as bytes.
    #[pymethod(sig = "(size=-1, /)")]
    fn read(th: &mut Thread, this: Gc<FileIo>, size: Option<Value>) -> Result {
        let fd = this.check_readable(th)?;
        let n = support::size(th, size)?;
        if n < 0 {
            return FileIo::readall(th, this);
        }
        let mut out = Vec::new();
        match read_fd(th, fd, &mut out, n as usize)? {
            Some(_) => support::bytes(th, &out),
            None => Ok(th.none()),
        }
    }

    /// Read all data from the file, returned as bytes.
    #[pymethod]
    fn readall(th: &mut Thread, this: Gc<FileIo>) -> Result {
        match this.read_all(th)? {
            Some(b) => support::bytes(th, &b),
            None => Ok(th.none()),
        }
    }

    /// Same as RawIOBase.readinto().
    #[pymethod]
    fn readinto(th: &mut Thread, this: Gc<FileIo>, buffer: Value) -> Result<Option<usize>> {
        let fd = this.check_readable(th)?;
        support::fill_buffer(th, buffer, "readinto", |th, n| {
            let mut out = Vec::new();
            Ok(read_fd(th, fd, &mut out, n)?.map(|_| out))
        })
    }

    /// Write buffer b to file, return number of bytes written.
    #[pymethod]
    fn write(th: &mut Thread, this: Gc<FileIo>, b: Value) -> Result<Option<usize>> {
        let fd = this.check_writable(th)?;
        support::with_bytes(th, b, |th, data| {
            let n = write_fd(th, fd, data)?;
            if n.is_some_and(|n| n < data.len()) {
                // A signal may have cut it short.
                th.poll()?;
            }
            Ok(n)
        })
    }

    /// Move to new file position and return the file position.
    #[pymethod(sig = "(pos, whence=0, /)")]
    fn seek(th: &mut Thread, this: Gc<FileIo>, pos: Value, from: Option<i64>) -> Result<i64> {
        let fd = this.check(th)?;
        if th.is_exact(pos, taipan_vm::types::T::Float) {
            return Err(th.type_error("'float' object cannot be interpreted as an integer"));
        }
        let pos = offset(th, pos)?;
        let to = whence(th, pos, from.unwrap_or(0))?;
        let r = seek_fd(th, fd, to);
        if this.seekable.get() < 0 {
            this.seekable.set(r.is_ok() as i8);
        }
        r
    }

    /// Current file position.
    #[pymethod]
    fn tell(th: &mut Thread, this: Gc<FileIo>) -> Result<i64> {
        let fd = this.check(th)?;
        seek_fd(th, fd, SeekFrom::Current(0))
    }

    /// Truncate the file to at most size bytes and return the truncated size.
    #[pymethod(sig = "(size=None, /)")]
    fn truncate(th: &mut Thread, this: Gc<FileIo>, size: Option<Value>) -> Result<i64> {
        let fd = this.check_writable(th)?;
        let n = match th.not_none(size) {
            Some(v) => offset(th, v)?,
            None => seek_fd(th, fd, SeekFrom::Current(0))?,
        };
        if n < 0 {
            return Err(os_error::raise(th, libc::EINVAL, None, None));
        }
        let r = retry(th, io(fd, |fd| rustix::fs::ftruncate(fd, n as u64)))?;
        system(th, r)?;
        Ok(n)
    }

    /// Close the file.
    #[pymethod]
    fn close(th: &mut Thread, this: Gc<FileIo>) -> Result<()> {
        let r = if this.fd.get() < 0 {
            Ok(())
        } else if th.is_exact_native(this.value(), &FILE_IO_TYPE) {
            th.call_method_str(this.value(), "flush", &[]).map(|_| ())
        } else {
            // (What a derived class's flush raises comes after the descriptor is closed.)
            let base = th.type_for(&super::base::BASE_TYPE);
            let f = th.get_attr_str(base.value(), "close")?;
            th.call(f, &[this.value()]).map(|_| ())
        };
        let pending = r.is_err().then(|| th.take_pending());
        if !this.close_fd.get() {
            this.fd.set(-1);
        } else {
            this.close_now(th)?;
        }
        match pending {
            Some(e) => Err(th.reraise(e)),
            None => Ok(()),
        }
    }

    /// True if file supports random-access.
    #[pymethod]
    fn seekable(th: &mut Thread, this: Gc<FileIo>) -> Result<bool> {
        this.check(th)?;
        Ok(this.can_seek())
    }

    /// True if file was opened in a read mode.
    #[pymethod]
    fn readable(th: &mut Thread, this: Gc<FileIo>) -> Result<bool> {
        this.check(th)?;
        Ok(this.readable.get())
    }

    /// True if file was opened in a write mode.
    #[pymethod]
    fn writable(th: &mut Thread, this: Gc<FileIo>) -> Result<bool> {
        this.check(th)?;
        Ok(this.writable.get())
    }

    /// Return the underlying file descriptor (an integer).
    #[pymethod]
    fn fileno(th: &mut Thread, this: Gc<FileIo>) -> Result<i32> {
        this.check(th)
    }

    /// True if the file is connected to a TTY device.
    #[pymethod]
    fn isatty(th: &mut Thread, this: Gc<FileIo>) -> Result<bool> {
        let fd = this.check(th)?;
        Ok(super::is_tty(fd))
    }

    #[pymethod]
    fn _isatty_open_only(th: &mut Thread, this: Gc<FileIo>) -> Result<bool> {
        FileIo::isatty(th, this)
    }

    #[pymethod]
    fn _dealloc_warn(th: &mut Thread, this: Gc<FileIo>, _source: Value) -> Result<()> {
        super::warn_unclosed(th, this.value());
        Ok(())
    }

    #[pymethod]
    fn __getstate__(th: &mut Thread, this: Value) -> Result {
        Err(support::no_pickle(th, this))
    }

    /// True if the file is closed
    #[pygetter]
    fn closed(_: &mut Thread, this: Gc<FileIo>) -> bool {
        this.fd.get() < 0
    }

    /// True if the file descriptor will be closed by close().
    #[pygetter]
    fn closefd(_: &mut Thread, this: Gc<FileIo>) -> bool {
        this.close_fd.get()
    }

    /// String giving the file mode
    #[pygetter]
    fn mode(_: &mut Thread, this: Gc<FileIo>) -> &'static str {
        this.mode_text()
    }

    #[pygetter(name = "_blksize")]
    fn blksize(_: &mut Thread, this: Gc<FileIo>) -> usize {
        this.block_size.get()
    }

    #[pysetter(name = "_blksize")]
    fn set_blksize(th: &mut Thread, this: Gc<FileIo>, v: Option<Value>) -> Result<()> {
        if let Some(v) = v {
            let n = offset(th, v)?;
            this.block_size.set(usize::try_from(n).unwrap_or(1).max(1));
        }
        Ok(())
    }

    #[pygetter(name = "_finalizing")]
    fn finalizing(_: &mut Thread, this: Gc<FileIo>) -> bool {
        this.finalizing.get()
    }

    #[pysetter(name = "_finalizing")]
    fn set_finalizing(th: &mut Thread, this: Gc<FileIo>, v: Option<Value>) -> Result<()> {
        let on = match v {
            Some(v) => th.truth(v)?,
            None => false,
        };
        this.finalizing.set(on);
        Ok(())
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let f = super::base::expect::<FileIo>(th, this, "_io.FileIO")?;
        let class = th.class_of(this);
        let class = th.qualified_name(class);
        if f.fd.get() < 0 {
            return Ok(th.new_str(&format!("<{class} [closed]>")).value());
        }
        let name = match support::attribute_repr(th, this, "name")? {
            Some(n) => format!("name={n}"),
            None => format!("fd={}", f.fd.get()),
        };
        let close = if f.close_fd.get() { "True" } else { "False" };
        let text = format!("<{class} {name} mode='{}' closefd={close}>", f.mode_text());
        Ok(th.new_str(&text).value())
    }
}
