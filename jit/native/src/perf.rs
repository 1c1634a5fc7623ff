//! What the profiler `perf` is told of compiled code, in the files that CPython writes for it.
//!
//! `-X perf`: names, in `/tmp/perf-PID.map`. `-X perf_jit`: names, the code itself and the lines that it
//! comes from, in `/tmp/jit-PID.dump`, for `perf record -k mono`, `perf inject --jit`, `perf report` and
//! `perf annotate`. Format of the dump: `tools/perf/Documentation/jitdump-specification.txt` of Linux.

use std::cell::RefCell;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;

use taipan_vm::Value;
use taipan_vm::machine::Unit;
use taipan_vm::object::Gc;
use taipan_vm::types::code::Code;

use crate::clif::CodePlace;
use crate::code::marker;
use crate::options::Options;

/// "JiTD", in the byte order of the machine.
const MAGIC: u32 = 0x4A69_5444;
const VERSION: u32 = 1;
/// Bytes of the file's header.
const HEADER: u32 = 40;
/// Bytes in front of a record's contents.
const RECORD_HEADER: usize = 16;
/// The machine as ELF files name it: `EM_AARCH64`, `EM_X86_64`.
const MACHINE: u32 = if cfg!(target_arch = "aarch64") {
    183
} else {
    62
};

/// Records by number.
const CODE_LOAD: u32 = 0;
const CODE_DEBUG_INFO: u32 = 2;
const CODE_CLOSE: u32 = 3;

/// The files for `perf`.
pub struct Perf {
    map: bool,
    dumps: bool,
    dump: RefCell<Option<Dump>>,
}

impl Perf {
    /// Those that the options ask for; they are made with the first compiled code.
    pub fn of(options: &Options) -> Perf {
        Perf {
            map: options.perf,
            dumps: options.perf_jit,
            dump: RefCell::new(None),
        }
    }

    /// Tells of a unit whose code is in its place. A profile without it is still a profile, so whatever
    /// fails, the program goes on.
    pub fn installed(
        &self,
        unit: &Unit,
        code: Gc<Code>,
        name: &str,
        bytes: &[u8],
        places: &[CodePlace],
    ) {
        if !self.map && !self.dumps {
            return;
        }
        let name = format!("py::{name}:{}", code.data.filename);
        let address = unit.entry.get() as u64;
        if self.map {
            let _ = write_map(address, bytes.len(), &name);
        }
        if self.dumps {
            let mut dump = self.dump.borrow_mut();
            let process = std::process::id();
            // A forked child has its parent's: what it says is for a file of its own.
            if dump.as_ref().is_none_or(|d| d.process != process) {
                *dump = Some(Dump::create(process));
            }
            if let Some(d) = &mut *dump {
                d.add(address, &name, bytes, &lines(code, places));
            }
        }
    }

    /// Says that there will be no more.
    pub fn finish(&self) {
        if let Some(d) = &mut *self.dump.borrow_mut()
            && d.process == std::process::id()
        {
            d.append(&record(CODE_CLOSE, &[]));
            d.file = None;
        }
    }
}

/// A line of the map; format: `tools/perf/Documentation/jit-interface.txt` of Linux.
fn write_map(address: u64, size: usize, name: &str) -> io::Result<()> {
    let path = format!("/tmp/perf-{}.map", std::process::id());
    let mut f = OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .custom_flags(libc::O_NOFOLLOW)
        .open(path)?;
    writeln!(f, "{address:x} {size:x} {name}")
}

/// From an offset on, machine code comes from this line of this code's file.
struct Line {
    offset: u32,
    code: Gc<Code>,
    line: u32,
}

impl Line {
    fn file(&self) -> &str {
        &self.code.data.filename
    }
}

/// The lines that code comes from; what is of the whole unit is of where its function begins.
fn lines(unit: Gc<Code>, places: &[CodePlace]) -> Vec<Line> {
    let mut all: Vec<Line> = Vec::new();
    for p in places {
        // (Units keep the code objects of functions that they walk into.)
        let origin = p.origin.and_then(|(bits, pc)| {
            let code = Value::from_bits(bits).and_then(|v| v.downcast::<Code>())?;
            Some((code, code.line_at(pc as usize)))
        });
        let (code, line) = match origin {
            Some((code, line)) if line > 0 => (code, line),
            _ => (unit, unit.data.first_line),
        };
        let line = Line {
            offset: p.offset,
            code,
            line,
        };
        let same = |l: &Line| l.line == line.line && l.file() == line.file();
        if !all.last().is_some_and(same) {
            all.push(line);
        }
    }
    all
}

/// A process's dump.
struct Dump {
    process: u32,
    /// None when it could not be written, and behind its end.
    file: Option<File>,
    /// Units so far.
    units: u64,
}

impl Dump {
    fn create(process: u32) -> Dump {
        let path = format!("/tmp/jit-{process}.dump");
        let file = open(&path, process);
        if let Err(e) = &file {
            eprintln!("taipan: -X perf_jit: cannot write {path}: {e}");
        }
        Dump {
            process,
            file: file.ok(),
            units: 0,
        }
    }

    /// A unit's code: `JIT_CODE_DEBUG_INFO`, which must come first, and `JIT_CODE_LOAD`.
    fn add(&mut self, address: u64, name: &str, bytes: &[u8], lines: &[Line]) {
        let mut out = Vec::new();
        if !lines.is_empty() {
            let mut r = Vec::new();
            long(&mut r, address);
            long(&mut r, lines.len() as u64);
            for l in lines {
                long(&mut r, address + u64::from(l.offset));
                word(&mut r, l.line);
                // The column is not said.
                word(&mut r, 0);
                text(&mut r, l.file());
            }
            out.extend(record(CODE_DEBUG_INFO, &r));
        }
        let mut r = Vec::new();
        word(&mut r, self.process);
        word(&mut r, marker::thread_number());
        long(&mut r, address);
        long(&mut r, address);
        long(&mut r, bytes.len() as u64);
        long(&mut r, self.units);
        text(&mut r, name);
        r.extend(bytes);
        out.extend(record(CODE_LOAD, &r));
        self.units += 1;
        self.append(&out);
    }

    fn append(&mut self, bytes: &[u8]) {
        // Behind a record that was written in part, nothing could be read.
        if let Some(f) = &mut self.file
            && f.write_all(bytes).is_err()
        {
            self.file = None;
        }
    }
}

/// Makes the file, its header, and `perf` notice it.
fn open(path: &str, process: u32) -> io::Result<File> {
    // What has the name was left by a process that had the number before. Anybody may put something
    // there: it is removed, and only a new file is written, not what a link leads to.
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let mut f = OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    let mut header = Vec::new();
    for n in [MAGIC, VERSION, HEADER, MACHINE, 0, process] {
        word(&mut header, n);
    }
    long(&mut header, marker::monotonic_time());
    // No flags: the timestamps are no processor's.
    long(&mut header, 0);
    f.write_all(&header)?;
    marker::map(&f)?;
    Ok(f)
}

/// A record of the dump.
fn record(number: u32, contents: &[u8]) -> Vec<u8> {
    let mut r = Vec::with_capacity(RECORD_HEADER + contents.len());
    word(&mut r, number);
    word(&mut r, (RECORD_HEADER + contents.len()) as u32);
    long(&mut r, marker::monotonic_time());
    r.extend(contents);
    r
}

fn word(out: &mut Vec<u8>, n: u32) {
    out.extend(n.to_ne_bytes());
}

fn long(out: &mut Vec<u8>, n: u64) {
    out.extend(n.to_ne_bytes());
}

/// A text and the zero that ends it; zeros in it are left out.
fn text(out: &mut Vec<u8>, s: &str) {
    out.extend(s.bytes().filter(|b| *b != 0));
    out.push(0);
}
