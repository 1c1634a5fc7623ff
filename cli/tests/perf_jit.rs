//! What `-X perf_jit` writes for the profiler `perf`: the records of the dump, as Linux'
//! `tools/perf/Documentation/jitdump-specification.txt` has them.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

const CODE_LOAD: u32 = 0;
const CODE_DEBUG_INFO: u32 = 2;
const CODE_CLOSE: u32 = 3;

/// A hot function (lines 6 to 10) that walks into another one (lines 3 and 4).
const PROGRAM: &str = "\
import os, sys

def scaled(x):
    return x * 0.5

def f(n):
    x = 0.0
    for i in range(n):
        x = scaled(x) + 1.25
    return x

for _ in range(100):
    r = f(100)
if sys.argv[1:] == ['fork']:
    child = os.fork()
    if child == 0:
        def g(n):
            return n + 1.5
        for _ in range(1000):
            g(2.0)
    else:
        os.waitpid(child, 0)
print(os.getpid())
";

/// A field of a record.
fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_ne_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

fn long(bytes: &[u8], at: usize) -> u64 {
    u64::from_ne_bytes(bytes[at..at + 8].try_into().expect("eight bytes"))
}

/// A text that a zero ends, and where what follows begins.
fn text(bytes: &[u8], at: usize) -> (String, usize) {
    let n = bytes[at..].iter().position(|b| *b == 0).expect("a zero");
    let s = String::from_utf8_lossy(&bytes[at..at + n]).into_owned();
    (s, at + n + 1)
}

/// Number and contents of each record; all are as long as they say, and in order.
fn records(dump: &[u8]) -> Vec<(u32, &[u8])> {
    let (mut at, mut all, mut time) = (word(dump, 8) as usize, Vec::new(), long(dump, 24));
    while at < dump.len() {
        let size = word(dump, at + 4) as usize;
        assert!(time <= long(dump, at + 8));
        time = long(dump, at + 8);
        all.push((word(dump, at), &dump[at + 16..at + size]));
        at += size;
    }
    all
}

/// Name and code address of a function's code; its bytes are what is left.
fn load(record: &[u8], process: u32) -> (String, u64) {
    assert_eq!(word(record, 0), process);
    assert_eq!(long(record, 8), long(record, 16));
    let (name, code) = text(record, 40);
    assert_eq!(long(record, 24), (record.len() - code) as u64, "{name}");
    assert!(code < record.len(), "{name}");
    (name, long(record, 16))
}

/// Address, line and file of each entry.
fn entries(record: &[u8]) -> Vec<(u64, u32, String)> {
    let (mut at, mut all) = (16, Vec::new());
    for _ in 0..long(record, 8) {
        let (file, next) = text(record, at + 16);
        all.push((long(record, at), word(record, at + 8), file));
        at = next;
    }
    assert_eq!(at, record.len());
    all
}

/// Runs the program; its file, and the dumps of the processes whose numbers it prints.
fn dumps(test: &str, arguments: &[&str]) -> (String, Vec<(u32, Vec<u8>)>) {
    let folder = std::env::temp_dir().join(format!("taipan-perf-{}-{test}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("hot.py");
    fs::write(&file, PROGRAM).expect("a file");
    let run = Command::new(env!("CARGO_BIN_EXE_taipan"))
        .args(["-X", "perf_jit", "-X", "jit-threshold=60", "-X", "jit-sync"])
        .arg(&file)
        .args(arguments)
        .output()
        .expect("it runs");
    let errors = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success() && errors.is_empty(), "{errors}");
    let dumps = String::from_utf8_lossy(&run.stdout)
        .lines()
        .map(|pid| {
            let path = PathBuf::from(format!("/tmp/jit-{pid}.dump"));
            let dump = fs::read(&path).expect("a dump");
            fs::remove_file(&path).expect("a file of our own");
            (pid.parse().expect("a number"), dump)
        })
        .collect();
    fs::remove_dir_all(&folder).expect("a folder of our own");
    (file.to_string_lossy().into_owned(), dumps)
}

fn check_header(dump: &[u8], process: u32) {
    let machine = if cfg!(target_arch = "aarch64") {
        183
    } else {
        62
    };
    let header: Vec<u32> = (0..6).map(|i| word(dump, 4 * i)).collect();
    assert_eq!(header, [0x4A69_5444, 1, 40, machine, 0, process]);
    assert_eq!(long(dump, 32), 0);
}

#[test]
fn the_dump_has_code_and_lines_of_a_hot_function() {
    let (file, dumps) = dumps("lines", &[]);
    let [(process, dump)] = &dumps[..] else {
        panic!("one process")
    };
    check_header(dump, *process);
    let records = records(dump);
    assert_eq!(
        records.last().map(|(n, contents)| (*n, contents.len())),
        Some((CODE_CLOSE, 0))
    );
    let name = format!("py::f:{file}");
    let at = records
        .iter()
        .position(|(n, r)| *n == CODE_LOAD && load(r, *process).0 == name)
        .expect("the function");
    let (_, address) = load(records[at].1, *process);
    let size = long(records[at].1, 24);
    // Its lines come right in front of it.
    let (number, lines) = records[at - 1];
    assert_eq!(number, CODE_DEBUG_INFO);
    assert_eq!(long(lines, 0), address);
    let entries = entries(lines);
    assert_eq!(entries[0].0, address);
    assert!(entries.is_sorted_by_key(|e| e.0));
    for (place, line, of) in &entries {
        assert!((address..address + size).contains(place));
        assert_eq!(*of, file);
        assert!((3..=10).contains(line), "{line}");
    }
    // The addition, the function that was walked into, and the way back.
    for wanted in [4, 9, 10] {
        assert!(entries.iter().any(|e| e.1 == wanted), "{entries:?}");
    }
}

#[test]
fn a_forked_child_has_a_dump_of_its_own() {
    let (file, dumps) = dumps("fork", &["fork"]);
    let [(child, of_child), (parent, of_parent)] = &dumps[..] else {
        panic!("two processes")
    };
    let names = |process: u32, dump: &[u8]| -> Vec<String> {
        check_header(dump, process);
        let records = records(dump);
        assert_eq!(records.last().map(|r| r.0), Some(CODE_CLOSE));
        let loads = records.iter().filter(|(n, _)| *n == CODE_LOAD);
        loads.map(|(_, r)| load(r, process).0).collect()
    };
    let (child, parent) = (names(*child, of_child), names(*parent, of_parent));
    let (f, g) = (format!("py::f:{file}"), format!("py::g:{file}"));
    assert!(parent.contains(&f) && !parent.contains(&g), "{parent:?}");
    assert!(child.contains(&g) && !child.contains(&f), "{child:?}");
}
