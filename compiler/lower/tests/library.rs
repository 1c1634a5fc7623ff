//! By hand: parses every Python file below `PY_LIB` and prints what was refused, and for
//! `PY_SCOPES` the free and cell variables of every scope, for comparison with the reference.

use std::path::Path;

use taipan_lower::parse::{Mode, Options, parse};

fn walk(dir: &Path, visit: &mut dyn FnMut(&Path)) {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return;
    };
    let mut paths: Vec<_> = entries.flatten().map(|e| e.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            walk(&path, visit);
        } else if path.extension().is_some_and(|e| e == "py") {
            visit(&path);
        }
    }
}

#[test]
#[ignore = "needs a library to read"]
fn accepts_the_library() {
    let root = std::env::var("PY_LIB").expect("PY_LIB");
    let show_scopes = std::env::var_os("PY_SCOPES").is_some();
    let (mut files, mut refused) = (0, 0);
    let start = std::time::Instant::now();
    walk(Path::new(&root), &mut |path| {
        let Ok(bytes) = std::fs::read(path) else {
            return;
        };
        let Ok(text) = taipan_lower::source::decode(&bytes) else {
            println!("UNDECODED {}", path.display());
            return;
        };
        files += 1;
        let shown = path.strip_prefix(&root).unwrap_or(path).display();
        match parse(&text, Options::new(Mode::Exec)) {
            Ok(parsed) => {
                for scope in parsed.scopes.iter().filter(|_| show_scopes) {
                    if scope.inlined {
                        continue;
                    }
                    println!(
                        "SCOPE {shown} {} {} free={:?} cell={:?}",
                        scope.name,
                        parsed.lines.line(scope.range.start()),
                        scope.free_vars,
                        scope.cell_vars
                    );
                }
                for warning in parsed.warnings.iter().filter(|_| show_scopes) {
                    println!(
                        "WARNING {shown}:{} {}",
                        parsed.lines.line(warning.range.start()),
                        warning.message
                    );
                }
            }
            Err(e) => {
                refused += 1;
                println!("REFUSED {shown}: {e}");
            }
        }
    });
    println!("{files} files, {refused} refused, {:?}", start.elapsed());
}
