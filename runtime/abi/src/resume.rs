//! How compiled code ends, and what the runtime must know to go on in the interpreter.

/// Compiled code returns this word when an exception is pending; its frames are still there.
pub const RAISED: u64 = 0;
/// Compiled code returns this word when the interpreter must go on; the frames are restored. No
/// value has this word (it would be a pointer into the first page).
pub const INTERPRET: u64 = 8;
/// What interprets a callee returns this word when an exception is pending and its frame is gone. No
/// value, either.
pub const GONE: u64 = 16;
/// A word is a marker, and no value, if it has no other bits than these.
pub const MARKER_BITS: u64 = RAISED | INTERPRET | GONE;
/// What the helper `next` gives at the end.
pub const EXHAUSTED: u64 = 8;

/// Words in a thread's exit buffer.
pub const EXIT_WORDS: usize = 256;

/// Functions of one float that compiled code calls directly.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum FloatFunction {
    /// `math.sin`
    Sin,
    /// `math.cos`
    Cos,
    /// `math.tan`
    Tan,
    /// `math.exp`
    Exp,
    /// `math.log`
    Log,
    /// `math.atan`
    Atan,
}

/// Where an exit finds a register's value.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Source {
    /// A word of the exit buffer, a value as it is (0: unbound).
    Tagged(u16),
    /// A word of the exit buffer: an untagged int.
    Int(u16),
    /// A word of the exit buffer: the bits of a float.
    Float(u16),
    /// A word of the exit buffer: 0 or 1.
    Bool(u16),
    /// This word.
    Constant(u64),
    /// An untagged int.
    ConstantInt(i64),
    /// The object with this number among the exit's removed objects.
    Object(u16),
}

/// Where a removed generator stands, by words of its code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Stands {
    /// In front of its first instruction, which is this one.
    Created(u32),
    /// At this `Yield`.
    Suspended(u32),
    /// At the `Yield` that its position says.
    Somewhere,
    /// Its frame is one of the exit's.
    Running,
}

/// What a removed object is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ObjectKind {
    /// A tuple of the fields.
    Tuple,
    /// A list of the fields.
    List,
    /// A dict: a key, its value, the next key…; keys are different strings.
    Dict,
    /// An instance with this shape, of the class (a word); fields are its inline slots.
    Instance(u32, u64),
    /// A bound method: function, receiver.
    BoundMethod,
    /// A function of this code object, with the globals of another one (words): defaults, defaults by
    /// keyword, annotations' function, closure.
    Function(u64, u64),
    /// A cell: contents.
    Cell,
    /// A range: start, stop, step.
    Range,
    /// A range iterator: next, step, items left (untagged ints).
    RangeIterator,
    /// A list iterator: list, index (untagged int).
    ListIterator,
    /// A tuple iterator: tuple, index (untagged int).
    TupleIterator,
    /// A reverse iterator over a list: list, items not yet given (untagged int).
    ListReverseIterator,
    /// An iterator over a string: string, index (untagged int).
    StrIterator,
    /// An iterator over a bytes object: bytes, index (untagged int).
    BytesIterator,
    /// An enumeration: iterator, next number.
    Enumerate,
    /// A zip of these iterators.
    Zip,
    /// A generator, by the compiler's number, its code object (a word; its function may have got
    /// another), and where it stands: function, position (an untagged int, the word of a `Yield`,
    /// for [`Stands::Somewhere`]), registers.
    Generator(u32, u64, Stands),
}

/// How to make a removed object at an exit.
#[derive(Clone, PartialEq, Debug)]
pub struct ObjectRecipe {
    /// What it is.
    pub kind: ObjectKind,
    /// Its fields.
    pub fields: Vec<Source>,
}

/// One frame of an exit, outermost first.
#[derive(Clone, PartialEq, Debug)]
pub struct FrameRecipe {
    /// The function, when the frame is inlined.
    pub function: Source,
    /// The code object that it runs, a word: the function may have got another meanwhile.
    pub code: u64,
    /// Instruction word where it stands.
    pub pc: u32,
    /// Register of the caller that receives the value.
    pub dst: u16,
    /// The value of the call is this object, whatever the frame returns (a constructor's).
    pub construct: Option<Source>,
    /// The exception that the frame, which is inlined, handles.
    pub handled: Option<Source>,
    /// The frame is this generator's, resumed by the `ForIter` at which the frame below stands.
    pub generator: Option<Source>,
    /// Registers to set; the others become unbound.
    pub registers: Vec<(u16, Source)>,
}

/// Why compiled code is left; every exit has one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Reason {
    /// An operand was no small int.
    NotInt,
    /// An operand was no float.
    NotFloat,
    /// An operand was no number.
    NotNumber,
    /// An object had another shape.
    Shape,
    /// Another object than expected.
    Identity,
    /// A result does not fit a small int.
    Overflow,
    /// Division by zero, or what else only the general way decides.
    Arithmetic,
    /// An index out of range.
    Index,
    /// An unbound variable or empty slot.
    Unbound,
    /// A path that had never been taken.
    Untaken,
    /// The instruction is for the interpreter.
    Interpret,
    /// Somebody wants a safepoint.
    Safepoint,
    /// An assumption was broken.
    Invalidated,
    /// An exception.
    Raised,
    /// The machine stack's end is near.
    StackEnd,
    /// A stress mode asked for it.
    Stress,
    /// An exception whose handler, in the unit, had never been taken.
    Caught,
}

/// What an exit does.
#[derive(Clone, PartialEq, Debug)]
pub struct Exit {
    /// Why.
    pub reason: Reason,
    /// The records of inlined frames are on the frame stack already, and variables in the windows.
    pub shown: bool,
    /// The frames, outermost first.
    pub frames: Vec<FrameRecipe>,
    /// Removed objects, in an order in which fields precede.
    pub objects: Vec<ObjectRecipe>,
    /// If this word of the exit buffer is zero, a call has raised an exception, and the exit with this
    /// number says how to go on.
    pub raised: Option<(u16, u32)>,
}
