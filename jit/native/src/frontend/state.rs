//! The abstract state of the frontend: what each register of each frame is known to hold.

use taipan_abi::resume::ObjectKind;
use taipan_ssa::{Type, Value};

/// What a register holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Abs {
    /// Nothing.
    Unbound,
    /// This value.
    V(Value),
    /// An object that was not made: its number in the state.
    O(u32),
}

/// An object that was not made.
#[derive(Clone, PartialEq, Debug)]
pub struct Object {
    /// What it is.
    pub kind: ObjectKind,
    /// Its fields.
    pub fields: Vec<Abs>,
}

/// What is known to be in memory.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Fact {
    /// The object.
    pub base: Value,
    /// Offset in it.
    pub offset: i32,
    /// Class of memory.
    pub alias: taipan_ssa::graph::Alias,
    /// What is there.
    pub value: Value,
}

/// One frame.
#[derive(Clone, Debug)]
pub struct FrameRegs {
    /// Its activation (index into the builder's list).
    pub activation: usize,
    /// Where the caller goes on (for all but the innermost, set when it calls).
    pub pc: u32,
    /// The caller's register for the result.
    pub dst: u16,
    /// The call's value is this (a constructor's object).
    pub construct: Option<Abs>,
    /// The exception that it handles, of an inlined frame. (The outermost frame's record has it.)
    pub handled: Abs,
    /// The function, of an inlined frame.
    pub function: Abs,
    /// The registers.
    pub regs: Vec<Abs>,
    /// What is in memory of it.
    pub shown: Shown,
    /// It is a generator's, resumed by the `ForIter` at which the frame below stands, from this
    /// register of that frame.
    pub resumed_by: Option<u16>,
}

/// What the record and the window of a frame are known to hold already, from earlier calls.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Shown {
    /// The record of an inlined frame is written, but for where it stands.
    pub record: bool,
    /// The word where the record stands.
    pub pc: Option<u32>,
    /// Variables whose values are in the window.
    pub stored: Vec<(u16, Value)>,
}

/// All frames, removed objects and facts at one point.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Frames, outermost first.
    pub frames: Vec<FrameRegs>,
    /// Removed objects.
    pub objects: Vec<Object>,
    /// Facts about memory.
    pub facts: Vec<Fact>,
    /// Narrower types of values than the graph says.
    pub narrowed: Vec<(Value, Type)>,
    /// A call was made since validity was last tested.
    pub unchecked_call: bool,
}

impl State {
    /// The innermost frame.
    pub fn top(&mut self) -> &mut FrameRegs {
        let n = self.frames.len() - 1;
        &mut self.frames[n]
    }

    /// The word of the instruction that a frame below the innermost waits in: it stands behind a
    /// call, or at the `ForIter` that has resumed a generator.
    pub fn waits_in(&self, frame: usize) -> Option<u32> {
        let above = self.frames.get(frame + 1)?;
        let pc = self.frames[frame].pc;
        Some(match above.resumed_by {
            Some(_) => pc,
            None => pc.saturating_sub(1),
        })
    }

    /// A register of the innermost frame.
    pub fn get(&self, r: usize) -> Abs {
        self.frames
            .last()
            .and_then(|f| f.regs.get(r).copied())
            .unwrap_or(Abs::Unbound)
    }

    /// Sets a register of the innermost frame.
    pub fn set(&mut self, r: usize, v: Abs) {
        if let Some(x) = self.top().regs.get_mut(r) {
            *x = v;
        }
    }

    /// Calls `f` with every place that can hold a value.
    fn for_each_place(&mut self, mut f: impl FnMut(&mut Abs)) {
        for frame in &mut self.frames {
            f(&mut frame.function);
            f(&mut frame.handled);
            frame.construct.iter_mut().for_each(&mut f);
            frame.regs.iter_mut().for_each(&mut f);
        }
        for o in &mut self.objects {
            o.fields.iter_mut().for_each(&mut f);
        }
    }

    /// Calls `f` with every value that can be met again: in places and in facts.
    pub fn for_each_value(&self, mut f: impl FnMut(Value)) {
        let mut place = |a: &Abs| {
            if let Abs::V(v) = a {
                f(*v)
            }
        };
        for frame in &self.frames {
            place(&frame.function);
            place(&frame.handled);
            frame.construct.iter().for_each(&mut place);
            frame.regs.iter().for_each(&mut place);
        }
        for o in &self.objects {
            o.fields.iter().for_each(&mut place);
        }
        for x in &self.facts {
            f(x.base);
            f(x.value);
        }
    }

    /// A value is known better by another name.
    pub fn replace(&mut self, old: Value, new: Value) {
        if old == new {
            return;
        }
        self.for_each_place(|p| {
            if *p == Abs::V(old) {
                *p = Abs::V(new);
            }
        });
        for f in &mut self.frames {
            for (_, v) in &mut f.shown.stored {
                if *v == old {
                    *v = new;
                }
            }
        }
        for f in &mut self.facts {
            if f.base == old {
                f.base = new;
            }
            if f.value == old {
                f.value = new;
            }
        }
    }

    /// An object was made after all.
    pub fn materialized(&mut self, object: u32, v: Value) {
        self.for_each_place(|p| {
            if *p == Abs::O(object) {
                *p = Abs::V(v);
            }
        });
    }

    /// Adds an object.
    pub fn add_object(&mut self, kind: ObjectKind, fields: Vec<Abs>) -> Abs {
        self.objects.push(Object { kind, fields });
        Abs::O(self.objects.len() as u32 - 1)
    }

    /// What is known to be at a place.
    pub fn fact(&self, base: Value, offset: i32) -> Option<Value> {
        self.facts
            .iter()
            .find(|f| f.base == base && f.offset == offset)
            .map(|f| f.value)
    }

    /// Notes what is at a place.
    pub fn add_fact(
        &mut self,
        base: Value,
        offset: i32,
        alias: taipan_ssa::graph::Alias,
        value: Value,
    ) {
        self.facts.retain(|f| f.base != base || f.offset != offset);
        if self.facts.len() > 64 {
            self.facts.remove(0);
        }
        self.facts.push(Fact {
            base,
            offset,
            alias,
            value,
        });
    }

    /// Memory of a class may have changed.
    pub fn clobber(&mut self, alias: taipan_ssa::graph::Alias) {
        self.facts.retain(|f| f.alias != alias);
    }

    /// Any Python code may have run.
    pub fn clobber_all(&mut self) {
        self.facts
            .retain(|f| f.alias == taipan_ssa::graph::Alias::Constant);
    }

    /// Notes a narrower type.
    pub fn narrow(&mut self, v: Value, ty: Type) {
        match self.narrowed.iter_mut().find(|(x, _)| *x == v) {
            Some(n) => n.1 = ty,
            None => {
                if self.narrowed.len() > 48 {
                    self.narrowed.remove(0);
                }
                self.narrowed.push((v, ty));
            }
        }
    }
}
