//! Exit sites across runs, for `-X jit-exit-sites=FILE` or `FILE,FOLDER`.
//!
//! In this mode every guard fails the first time that it is reached, though it holds: the interpreter
//! must be able to go on from each. A run comes through few of them in a function that is called
//! seldom, so the file remembers which were taken, and the next run leaves those alone. A run that adds
//! nothing has come to the end: what is still not taken was never reached.
//!
//! A site is a reason at an instruction (the one that the interpreter goes on with) of an activation
//! in a unit; compiled anew, it is the same site. Not asked for are the exits of calls that raise
//! (`Raised`, `Caught`): nothing but an exception takes them.
//!
//! With a folder, only sites in functions of files below it are forced and noted: a program's own, and
//! not those of the library that it uses, which are many more.
//!
//! A line of the file is `+` or `-` (taken or not), and the site.

use std::cell::RefCell;
use std::io::Write as _;

use rustc_hash::FxHashSet;
use taipan_abi::resume::{Exit, Reason};
use taipan_vm::Value;
use taipan_vm::machine::Unit;
use taipan_vm::types::code::Code;

/// The sites that earlier runs found and took, and where this run's go.
pub struct Sites {
    file: String,
    /// Where the files are whose functions' sites are wanted; empty for all.
    folder: String,
    /// The file's lines.
    lines: FxHashSet<String>,
    /// What is new of units so far.
    new: RefCell<FxHashSet<String>>,
}

impl Sites {
    /// Reads what earlier runs took; a file that is not there is an empty one. What is given is the
    /// option's value.
    pub fn of(value: &str) -> Sites {
        let (file, folder) = value.split_once(',').unwrap_or((value, ""));
        let text = std::fs::read_to_string(file).unwrap_or_default();
        Sites {
            file: file.to_string(),
            folder: folder.to_string(),
            lines: text.lines().map(str::to_string).collect(),
            new: RefCell::default(),
        }
    }

    /// Whether nobody asks for the sites of a unit.
    fn ignores(&self, unit: &Unit) -> bool {
        unit.code
            .downcast::<Code>()
            .is_none_or(|c| !c.data.filename.starts_with(&self.folder))
    }

    /// Whether an exit is to be left alone: an earlier run took it, or nobody asks for it.
    pub fn is_known(&self, unit: &Unit, exit: &Exit) -> bool {
        self.ignores(unit)
            || name(unit, exit).is_some_and(|n| self.lines.contains(&format!("+{n}")))
    }

    /// Notes what is new of a unit's sites, while its code object is there.
    pub fn note(&self, unit: &Unit) {
        if self.ignores(unit) {
            return;
        }
        for (e, n) in unit.exits().iter().zip(unit.taken()) {
            let Some(site) = name(unit, e) else {
                continue;
            };
            let sign = if n.get() > 0 { '+' } else { '-' };
            let line = format!("{sign}{site}\n");
            if !self.lines.contains(line.trim_end()) {
                self.new.borrow_mut().insert(line);
            }
        }
    }

    /// Appends what was noted to the file.
    ///
    /// # Errors
    /// Those of writing the file.
    pub fn write(&self) -> std::io::Result<()> {
        let text: String = self.new.take().into_iter().collect();
        std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.file)?
            .write_all(text.as_bytes())
    }
}

/// A site's name; None for exits that only an exception takes.
fn name(unit: &Unit, exit: &Exit) -> Option<String> {
    if matches!(exit.reason, Reason::Raised | Reason::Caught) {
        return None;
    }
    let outer = unit.code.downcast::<Code>()?;
    let frame = exit.frames.last()?;
    let inner = Value::from_bits(frame.code).and_then(|v| v.downcast::<Code>());
    let inner = inner.unwrap_or(outer);
    let opcode = taipan_bytecode::encode::decode(&inner.data.code, frame.pc as usize)
        .map_or("the end", |(op, ..)| op.info().name);
    Some(format!(
        "{:?} in {}:{} {} from {:?}, depth {}, {} word {} line {} at {opcode}",
        exit.reason,
        outer.data.filename,
        outer.data.first_line,
        outer.data.qualname,
        unit.header,
        exit.frames.len(),
        inner.data.qualname,
        frame.pc,
        inner.line_at(frame.pc as usize),
    ))
}
