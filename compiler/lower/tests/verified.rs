//! By hand: compiles every Python file below `PY_LIB`; what comes out must pass the verifier,
//! read no register that a call clobbered, and survive the way through a `.pyc`.

use std::path::Path;
use std::time::{Duration, Instant};

use taipan_bytecode::code::{CodeObject, Constant};
use taipan_bytecode::liveness::clobbered_read;
use taipan_bytecode::{pyc, verify::verify};
use taipan_lower::parse::Mode;
use taipan_lower::{Options, compile};

#[derive(Default)]
struct Totals {
    files: usize,
    bytes: usize,
    faults: usize,
    load: Duration,
}

fn clobbered(code: &CodeObject) -> Option<String> {
    if let Some((pc, r)) = clobbered_read(code) {
        return Some(format!("{}: r{r} clobbered at {pc} is read", code.qualname));
    }
    code.consts.iter().find_map(|k| match k {
        Constant::Code(inner) => clobbered(inner),
        _ => None,
    })
}

fn check(path: &Path, totals: &mut Totals) {
    if path.is_dir() {
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        let mut paths: Vec<_> = entries.map(|e| e.path()).collect();
        paths.sort();
        paths.iter().for_each(|p| check(p, totals));
        return;
    }
    if path.extension().is_none_or(|e| e != "py") {
        return;
    }
    let Ok(source) = std::fs::read_to_string(path) else {
        return;
    };
    let Ok(compiled) = compile(&source, "x.py", &Options::new(Mode::Exec)) else {
        return;
    };
    totals.files += 1;
    let code = &*compiled.code;
    let mut fault = verify(code).err().map(|e| e.to_string());
    fault = fault.or_else(|| clobbered(code));
    if fault.is_none() {
        fault = match pyc::marshal_code(code) {
            Err(e) => Some(e.to_string()),
            Ok(bytes) => {
                totals.bytes += bytes.len();
                let start = Instant::now();
                let loaded = pyc::unmarshal_code(&bytes);
                totals.load += start.elapsed();
                (loaded.as_ref() != Ok(code)).then(|| format!("loads as {:?}", loaded.err()))
            }
        };
    }
    if let Some(fault) = fault {
        println!("{}: {fault}", path.display());
        totals.faults += 1;
    }
}

#[test]
#[ignore = "needs a library to read"]
fn the_library_is_verified() {
    let root = std::env::var("PY_LIB").expect("PY_LIB");
    let mut totals = Totals::default();
    check(Path::new(&root), &mut totals);
    println!(
        "{} files, {} bytes of code, loaded in {:?}",
        totals.files, totals.bytes, totals.load
    );
    assert_eq!(totals.faults, 0);
}
