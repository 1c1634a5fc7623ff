//! Start-up: what an empty program costs, and one that imports what most programs do.

use std::path::PathBuf;

use super::{Kind, Program};

/// The suite.
pub fn all() -> Vec<Program> {
    let imports = "import sys, os, re, json, collections, functools, itertools, datetime, argparse";
    [
        ("start", &["-c", "pass"][..]),
        ("start_isolated", &["-I", "-S", "-c", "pass"]),
        ("start_imports", &["-c", imports]),
    ]
    .into_iter()
    .map(|(name, args)| Program {
        suite: "startup".to_owned(),
        name: name.to_owned(),
        script: PathBuf::new(),
        args: Vec::new(),
        kind: Kind::Start(args.iter().map(|&arg| arg.to_owned()).collect()),
        requirements: None,
        path: Vec::new(),
    })
    .collect()
}
