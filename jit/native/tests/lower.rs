//! File tests of the lowering: a graph, and what the machine code for it has.
//!
//! Behind the graph, `; x86-64` and `; aarch64` each begin a list of texts that the disassembly for that
//! machine has in this order; a line with `!` in front is a text that it must not have. `$name` in a
//! graph is the number of a helper. The file tests of the passes are lowered for both machines, too.
//! All machine code for ARM must decode, to its last byte. `-- --nocapture` with `LOWER=FILE` prints a listing.

use std::fs;
use std::path::{Path, PathBuf};

use taipan_abi::helpers::{Helper, Kind as Parameter};
use taipan_abi::resume::{ObjectKind, Reason};
use taipan_native::clif::{self, Environment, Forced, Lowered, Machine};
use taipan_native::frontend::UnitGraph;
use taipan_ssa::Op;
use taipan_ssa::graph::Graph;
use taipan_ssa::parser::{self, parse};
use taipan_ssa::passes::pipeline;
use taipan_ssa::state::{RemovedObject, State};
use taipan_ssa::verify::verify;

const MACHINES: [(Machine, &str, &[&str]); 2] = [
    (
        Machine::X86_64,
        "; x86-64",
        &["has_sse3", "has_ssse3", "has_sse41"],
    ),
    (Machine::Aarch64, "; aarch64", &[]),
];

const ENVIRONMENT: Environment = Environment {
    unit: 0x1234_5670_0000,
    none: 0x1111_0010,
    true_: 0x1111_0020,
    false_: 0x1111_0030,
    forced: Forced::Never,
};

/// `Instance(17, 99)`
fn object_kind(text: &str) -> Result<ObjectKind, String> {
    let (name, rest) = text.split_once('(').unwrap_or((text, ""));
    let mut numbers = rest.trim_end_matches(')').split(", ");
    let mut number = || numbers.next().and_then(|n| n.parse::<u64>().ok());
    Ok(match name {
        "Tuple" => ObjectKind::Tuple,
        "List" => ObjectKind::List,
        "Dict" => ObjectKind::Dict,
        "Cell" => ObjectKind::Cell,
        "Range" => ObjectKind::Range,
        "BoundMethod" => ObjectKind::BoundMethod,
        "Instance" => match (number(), number()) {
            (Some(shape), Some(class)) => ObjectKind::Instance(shape as u32, class),
            _ => return Err(format!("{text:?} has no shape and class")),
        },
        _ => return Err(format!("{name:?} is no removed object")),
    })
}

/// The graph as the frontend would give it.
fn unit_graph(g: Graph<parser::Kind>) -> Result<UnitGraph, String> {
    let state = |s: State<parser::Kind>| {
        let objects = s.objects.into_iter().map(|o| {
            Ok(RemovedObject {
                kind: object_kind(&o.kind.0)?,
                fields: o.fields,
            })
        });
        Ok(State {
            reason: s.reason,
            shown: s.shown,
            frames: s.frames,
            objects: objects.collect::<Result<_, String>>()?,
        })
    };
    Ok(UnitGraph {
        blocks: g.blocks,
        insts: g.insts,
        values: g.values,
        states: g
            .states
            .into_iter()
            .map(state)
            .collect::<Result<_, String>>()?,
        shape_sets: vec![vec![17, 18, 300]],
        places: g.places,
    })
}

fn lower(g: &UnitGraph, machine: Machine, features: &[&str]) -> Result<Lowered, String> {
    let isa = clif::isa(machine, features)?;
    clif::Workspace::default().compile(
        g,
        ENVIRONMENT,
        &[0x7000_0000, 0x7000_1000],
        &[0x7100_0000, 0x7100_1000],
        &isa,
        false,
    )
}

/// The listing of machine code; an error when a part of it is no instruction. (Behind code for x86
/// stand its constants, which are none.)
fn disassemble(code: &[u8], machine: Machine) -> Result<String, String> {
    let isa = clif::isa(machine, &[])?;
    let capstone = isa.to_capstone().map_err(|e| e.to_string())?;
    let listed = capstone.disasm_all(code, 0).map_err(|e| e.to_string())?;
    let mut text = String::new();
    let mut end = 0;
    for i in listed.iter() {
        end = i.address() as usize + i.len();
        text.push_str(&format!(
            "{:5x}  {} {}\n",
            i.address(),
            i.mnemonic().unwrap_or("?"),
            i.op_str().unwrap_or("")
        ));
    }
    match end == code.len() || machine == Machine::X86_64 {
        true => Ok(text),
        false => Err(format!(
            "{text}no instruction at {end:x} of {:x}",
            code.len()
        )),
    }
}

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|f| f.expect("it can be read").path())
        .collect();
    files.sort();
    files
}

fn graph_of(text: &str) -> Result<UnitGraph, String> {
    // From the last row of the table on: a name may be the beginning of another one.
    let mut names: Vec<&Helper> = Helper::ALL.iter().collect();
    names.sort_by_key(|h| std::cmp::Reverse(h.name().len()));
    let mut text = text.to_owned();
    for h in names {
        text = text.replace(&format!("${}", h.name()), &(*h as u16).to_string());
    }
    let g = parse(&text)?;
    verify(&g)?;
    unit_graph(g)
}

/// What is wrong with a listing.
fn complaint(listing: &str, checks: &str) -> Option<String> {
    let mut rest = listing.lines();
    for check in checks.lines() {
        let check = check.trim_start_matches(';').trim();
        if let Some(text) = check.strip_prefix('!') {
            let text = text.trim();
            if let Some(line) = listing.lines().find(|line| line.contains(text)) {
                return Some(format!("there is {text:?}: {line}"));
            }
        } else if !rest.any(|line| line.contains(check)) {
            return Some(format!("no {check:?}, or not behind what comes before it"));
        }
    }
    None
}

#[test]
fn machine_code_has_what_each_file_says() {
    let mut wrong = String::new();
    let shown = std::env::var("LOWER").ok();
    for file in files("tests/lower") {
        let text = fs::read_to_string(&file).expect("it can be read");
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let graph = text.split("\n; x86-64\n").next().unwrap_or("");
        let g = match graph_of(graph) {
            Ok(g) => g,
            Err(e) => {
                wrong.push_str(&format!("{name}: {e}\n"));
                continue;
            }
        };
        for (machine, header, features) in MACHINES {
            let outcome = lower(&g, machine, features).and_then(|l| {
                let listing = disassemble(&l.code, machine)?;
                if shown.as_deref() == Some(&*name) {
                    println!("{machine:?}\n{listing}");
                }
                let checks = text.split_once(&format!("\n{header}\n"));
                let (_, checks) = checks.ok_or("it checks nothing")?;
                let checks = checks.split("\n; aarch64\n").next().unwrap_or("");
                match complaint(&listing, checks) {
                    None => Ok(()),
                    Some(c) => Err(format!("{c}\n{listing}")),
                }
            });
            if let Err(e) = outcome {
                wrong.push_str(&format!("{name} for {machine:?}: {e}\n"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_files_have_every_instruction() {
    let mut all = String::new();
    for file in files("tests/lower") {
        all.push_str(&fs::read_to_string(&file).expect("it can be read"));
    }
    let missing: Vec<&str> = Op::ALL
        .iter()
        .filter(|op| **op != Op::Parameter)
        .map(|op| op.text())
        .filter(|text| {
            !all.contains(&format!(" = {text} ")) && !all.contains(&format!(" = {text}\n"))
        })
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn one_exit_serves_a_call_and_what_is_asked_behind_it() {
    // Where it leaves is told by the call's result; the stack and requests are asked for together.
    let text = "b0():
    v0:t any = register
    v1:i raw = stack.check <14 @0:0 r0=v0>
    v2:i raw = safepoint <11 @0:0 r0=v0>
    v3:t any = root.function
    v4:t any = call.compiled v3, v0 [1879052288, 17179869190] <13 @0:2 r0=v0>
    v5:i raw = valid <12 @0:3 r0=v0 r1=v4>
    v6:i raw = safepoint <11 @0:3 r0=v0 r1=v4>
    v7:t any = call.compiled v3, v4 [1879052288, 17179869190] <13 @0:4 r0=v0>
    return v7
";
    let g = graph_of(text).expect("it is a graph");
    for (machine, _, features) in MACHINES {
        let lowered = lower(&g, machine, features).expect("it is lowered");
        let exits: Vec<_> = lowered.exits.iter().map(|e| (e.reason, e.raised)).collect();
        assert_eq!(
            exits,
            [
                (Reason::Safepoint, None),
                (Reason::Raised, None),
                (Reason::Safepoint, Some((0, 1))),
                (Reason::Raised, None),
            ]
        );
    }
}

/// The numbers of helpers in tests of passes mean nothing: any that takes as many words will do.
fn give_helpers(g: &mut UnitGraph) {
    for i in &mut g.insts {
        if matches!(i.op, Op::CallHelper | Op::CallQuiet) {
            let fits = |h: &&Helper| {
                h.parameters() == vec![Parameter::Word; i.args.len()].as_slice()
                    && h.result() == Parameter::Word
            };
            let h = Helper::ALL.iter().find(fits);
            i.imm = *h.expect("there is one") as i64;
        }
    }
}

#[test]
fn the_graphs_of_other_tests_become_machine_code() {
    let mut lowered = 0;
    for file in files("../ssa/tests/files") {
        let text = fs::read_to_string(&file).expect("it can be read");
        let (input, gives) = text.split_once("; gives\n").expect("it has a result");
        let wrong = text.starts_with("; verify") && !gives.contains("nothing is wrong");
        if wrong {
            continue;
        }
        for part in [input, gives] {
            let g = parse(part).and_then(unit_graph);
            let mut g = g.unwrap_or_else(|e| panic!("{}: {e}", file.display()));
            if g.blocks.is_empty() {
                continue;
            }
            give_helpers(&mut g);
            let passed = |g: &UnitGraph| {
                let mut g = g.clone();
                pipeline::run(&mut g, true, None).map(|()| g)
            };
            let after = passed(&g).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
            for g in [&g, &after] {
                for (machine, _, features) in MACHINES {
                    let code = lower(g, machine, features).map(|l| l.code);
                    let listing = code.and_then(|code| disassemble(&code, machine));
                    if let Err(e) = listing {
                        panic!("{} for {machine:?}: {e}", file.display());
                    }
                    lowered += 1;
                }
            }
        }
    }
    assert!(lowered >= 76, "{lowered}");
}

#[test]
fn branches_of_long_code_reach_their_exits() {
    // A branch by a bit reaches 32 KB on ARM.
    let mut text = String::from("b0():\n    v0:t any = register\n");
    let guards = 2500;
    for i in 1..=guards {
        text.push_str(&format!(
            "    v{i}:t any = register [{i}, 0]\n    v{}:t float = guard.float v{i} <1 @0:{i} r0=v0 r1=v{i}>\n",
            guards + i
        ));
    }
    text.push_str("    return v0\n");
    let g = graph_of(&text).expect("it is right");
    for (machine, _, features) in MACHINES {
        let code = lower(&g, machine, features).map(|l| l.code);
        let code = code.unwrap_or_else(|e| panic!("{machine:?}: {e}"));
        assert!(code.len() > 64 << 10, "{}", code.len());
        disassemble(&code, machine).unwrap_or_else(|e| panic!("{machine:?}: {e}"));
    }
}
