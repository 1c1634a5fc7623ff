//! Frame states: how the interpreter's frames must look where compiled code is left.

use crate::graph::Value;

/// Number of a state in its graph.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct StateId(pub u32);

/// Where a register's content comes from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Operand {
    /// This value.
    Value(Value),
    /// The removed object with this number in the state.
    Object(u16),
}

/// An object that exists only in states.
#[derive(Clone, PartialEq, Debug)]
pub struct RemovedObject<K> {
    /// What it is.
    pub kind: K,
    /// Its fields; None is an empty one.
    pub fields: Vec<Option<Operand>>,
}

/// One Python frame of a state.
#[derive(Clone, PartialEq, Debug)]
pub struct FrameState {
    /// The frontend's number for the (inlined) activation.
    pub frame: u32,
    /// Function object of an inlined frame.
    pub function: Option<Operand>,
    /// Instruction word where it stands.
    pub pc: u32,
    /// Register of the caller that receives the value.
    pub dst: u16,
    /// The call's value is this object (a constructor's).
    pub construct: Option<Operand>,
    /// The exception that the frame, which is inlined, handles.
    pub handled: Option<Operand>,
    /// The generator whose frame it is, resumed by a loop in the frame below.
    pub generator: Option<Operand>,
    /// Registers that are set.
    pub registers: Vec<(u16, Operand)>,
}

/// All frames, outermost first.
#[derive(Clone, PartialEq, Debug)]
pub struct State<K> {
    /// Why the exit is taken, as the frontend numbers it.
    pub reason: u8,
    /// The records of the inlined frames are on the frame stack when the machine code leaves here,
    /// and all variables in the windows.
    pub shown: bool,
    /// The frames.
    pub frames: Vec<FrameState>,
    /// Removed objects; fields refer to earlier ones.
    pub objects: Vec<RemovedObject<K>>,
}

impl<K> State<K> {
    /// Calls `f` with every value that the state keeps alive.
    pub fn for_each_value(&self, mut f: impl FnMut(Value)) {
        let mut operand = |o: &Operand| {
            if let Operand::Value(v) = o {
                f(*v)
            }
        };
        for x in &self.frames {
            x.function.iter().for_each(&mut operand);
            x.construct.iter().for_each(&mut operand);
            x.handled.iter().for_each(&mut operand);
            x.generator.iter().for_each(&mut operand);
            x.registers.iter().for_each(|(_, o)| operand(o));
        }
        for o in &self.objects {
            o.fields.iter().flatten().for_each(&mut operand);
        }
    }

    /// Replaces values.
    pub fn map_values(&mut self, mut f: impl FnMut(Value) -> Value) {
        let mut operand = |o: &mut Operand| {
            if let Operand::Value(v) = o {
                *v = f(*v)
            }
        };
        for x in &mut self.frames {
            x.function.iter_mut().for_each(&mut operand);
            x.construct.iter_mut().for_each(&mut operand);
            x.handled.iter_mut().for_each(&mut operand);
            x.generator.iter_mut().for_each(&mut operand);
            x.registers.iter_mut().for_each(|(_, o)| operand(o));
        }
        for o in &mut self.objects {
            o.fields.iter_mut().flatten().for_each(&mut operand);
        }
    }
}
