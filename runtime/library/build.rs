//! Compiles the library ahead: every module of the carried `Lib`, with our own files laid over
//! it, becomes bytecode; bytecode, sources and data files become one archive.
//!
//! A file that does not compile fails the build.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

mod edits;
#[path = "src/format.rs"]
mod format;

use format::{Kind, RECORD_SIZE, Record};

/// Parts of `Lib` that are not carried: they need Tk, or only serve another runtime.
const DROPPED: &[&str] = &[
    "README.md",
    "PSF-LICENSE",
    "_dummy_os.py",
    "_dummy_thread.py",
    "_pycodecs.py",
    "dummy_threading.py",
    "idlelib",
    "tkinter",
    "turtle.py",
    "turtledemo",
    "ctypes/macholib",
];

/// An entry before it is written.
struct Entry {
    name: String,
    kind: Kind,
    code: Vec<u8>,
    data: Vec<u8>,
    raw_size: usize,
}

fn main() {
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let overlay = Path::new(env!("CARGO_MANIFEST_DIR")).join("overlay");
    println!("cargo:rerun-if-changed={}", overlay.display());
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=edits.rs");
    println!("cargo:rerun-if-changed=src/format.rs");
    let mut files = BTreeMap::new();
    let library = Path::new(rustpython_pylib::LIB_PATH);
    collect(library, String::new(), &mut files);
    files.retain(|path, _| {
        !DROPPED
            .iter()
            .any(|d| path == d || path.strip_prefix(d).is_some_and(|r| r.starts_with('/')))
    });
    collect(&overlay, String::new(), &mut files);

    let work: Vec<(String, PathBuf)> = files.into_iter().collect();
    let next = AtomicUsize::new(0);
    let entries = Mutex::new(Vec::new());
    let failures = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(2, |n| n.get());
    std::thread::scope(|s| {
        for _ in 0..threads {
            std::thread::Builder::new()
                .stack_size(64 << 20)
                .spawn_scoped(s, || {
                    while let Some((path, file)) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
                        match entry(path, file) {
                            Ok(e) => entries.lock().expect("no panics").push(e),
                            Err(e) => failures
                                .lock()
                                .expect("no panics")
                                .push(format!("{path}: {e}")),
                        }
                    }
                })
                .expect("a thread");
        }
    });
    let failures = failures.into_inner().expect("no panics");
    assert!(failures.is_empty(), "not compiled: {failures:#?}");
    let mut entries = entries.into_inner().expect("no panics");
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    std::fs::write(out.join("library.bin"), archive(&entries)).expect("OUT_DIR is writable");
}

fn collect(dir: &Path, prefix: String, files: &mut BTreeMap<String, PathBuf>) {
    for e in std::fs::read_dir(dir).expect("the library is readable") {
        let path = e.expect("an entry").path();
        let Some(name) = path.file_name().and_then(|n| n.to_str()) else {
            continue;
        };
        if name == "__pycache__" || name.ends_with(".pyc") {
            continue;
        }
        let key = match prefix.is_empty() {
            true => name.to_owned(),
            false => format!("{prefix}/{name}"),
        };
        if path.is_dir() {
            collect(&path, key, files);
        } else {
            files.insert(key, path);
        }
    }
}

fn entry(path: &str, file: &Path) -> Result<Entry, String> {
    let mut bytes = std::fs::read(file).map_err(|e| e.to_string())?;
    if edits::EDITS.iter().any(|e| e.0 == path) {
        let text = String::from_utf8(bytes).map_err(|e| e.to_string())?;
        bytes = edits::edited(path, text)?.into_bytes();
    }
    let data = lz4_flex::block::compress(&bytes);
    let raw_size = bytes.len();
    let Some(stem) = path.strip_suffix(".py") else {
        return Ok(Entry {
            name: format!("/{path}"),
            kind: Kind::Data,
            code: Vec::new(),
            data,
            raw_size,
        });
    };
    let text = taipan_lower::source::decode(&bytes).map_err(|e| format!("{e:?}"))?;
    let options = taipan_lower::Options::new(taipan_lower::parse::Mode::Exec);
    let compiled =
        taipan_lower::compile(&text, path, &options).map_err(|e| format!("{}: {e}", e.line))?;
    taipan_bytecode::verify::verify(&compiled.code).map_err(|e| format!("{e:?}"))?;
    let code = taipan_bytecode::pyc::marshal_code(&compiled.code).map_err(|e| format!("{e:?}"))?;
    let (kind, stem) = match stem.strip_suffix("/__init__") {
        Some(package) => (Kind::Package, package),
        None => (Kind::Module, stem),
    };
    Ok(Entry {
        name: stem.replace('/', "."),
        kind,
        code,
        data,
        raw_size,
    })
}

fn archive(entries: &[Entry]) -> Vec<u8> {
    let mut out = (entries.len() as u32).to_le_bytes().to_vec();
    out.resize(4 + entries.len() * RECORD_SIZE, 0);
    let mut records = Vec::new();
    // Names first, then code, then sources: what start-up touches lies together.
    for e in entries {
        let name = (out.len() as u32, e.name.len() as u32);
        out.extend(e.name.as_bytes());
        records.push(Record {
            name,
            kind: e.kind,
            code: (0, e.code.len() as u32),
            data: (0, e.data.len() as u32),
            raw_size: e.raw_size as u32,
        });
    }
    for (r, e) in records.iter_mut().zip(entries) {
        out.resize(out.len().next_multiple_of(8), 0);
        r.code.0 = out.len() as u32;
        out.extend(&e.code);
    }
    for (r, e) in records.iter_mut().zip(entries) {
        r.data.0 = out.len() as u32;
        out.extend(&e.data);
    }
    for (i, r) in records.iter().enumerate() {
        let at = 4 + i * RECORD_SIZE;
        out[at..at + RECORD_SIZE].copy_from_slice(&r.to_bytes());
    }
    out
}
