//! The one table of instructions.
//!
//! `Name "text" rep type effect exits`: how it is printed, how its result sits in a register, what
//! the result's type is unless the builder knows better, what it reads or writes, and whether it
//! can leave (then it carries a state).

/// What an instruction touches beside its operands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Effect {
    /// Nothing: may be moved, merged and dropped.
    Pure,
    /// Nothing, but it may leave; may be dropped only if it is known to hold.
    Guard,
    /// Reads memory of the instruction's [`Alias`](crate::graph::Alias) class.
    Load,
    /// Writes memory of its alias class.
    Store,
    /// Makes an object.
    Allocate,
    /// May run any Python code, or touch anything.
    Call,
    /// A call that changes nothing that a load could see.
    QuietCall,
}

/// Calls `$m!` with all rows.
#[macro_export]
macro_rules! for_each_inst {
    ($m:ident) => {
        $m! {
            /// The word `imm`.
            Const "const" Tagged Pure no;
            /// The untagged int `imm`.
            ConstInt "const.int" Int Pure no;
            /// The float with the bits `imm`.
            ConstFloat "const.float" Float Pure no;
            /// Truth `imm`.
            ConstBool "const.bool" Bool Pure no;
            /// The function of the frame at entry.
            RootFunction "root.function" Tagged Load no;
            /// The namespace of the frame's names at entry, as a word; 0 for a function's.
            RootLocals "root.locals" Int Load no;
            /// Register `imm` of the window at entry.
            LoadRegister "register" Tagged Load no;
            /// A block's parameter.
            Parameter "parameter" Tagged Pure no;

            /// The same word, whose type is known otherwise.
            Retype "retype" Tagged Pure no;

            /// Untags a small int.
            UntagInt "untag.int" Int Pure no;
            /// Tags an int known to be small.
            TagInt "tag.int" Tagged Pure no;
            /// Untags a float known to be in the word.
            UntagFloat "untag.float" Float Pure no;
            /// Tags a float; a rare exponent makes a heap float.
            TagFloat "tag.float" Tagged Allocate no;
            /// `True` or `False` for a truth.
            TagBool "tag.bool" Tagged Pure no;
            /// Truth of a bool.
            UntagBool "untag.bool" Bool Pure no;
            /// Int to float; the int is at most 2^53 in magnitude or the result is rounded as C does.
            IntToFloat "float.of.int" Float Pure no;
            /// Tags an untagged int that may be wide.
            TagWide "tag.wide" Tagged Allocate no;

            /// Leaves unless a small int.
            GuardInt "guard.int" Tagged Guard yes;
            /// Leaves unless a float in the word.
            GuardFloat "guard.float" Tagged Guard yes;
            /// A small int or float as a float; leaves otherwise.
            NumberToFloat "float.of.number" Float Guard yes;
            /// Leaves unless the object has shape `imm`.
            GuardShape "guard.shape" Tagged Guard yes;
            /// Leaves unless the object has one of the shapes of set `imm`.
            GuardShapes "guard.shapes" Tagged Guard yes;
            /// Leaves unless the word is `imm`.
            GuardIs "guard.is" Tagged Guard yes;
            /// Leaves unless bound.
            GuardBound "guard.bound" Tagged Guard yes;
            /// Leaves unless True or False.
            GuardBool "guard.bool" Tagged Guard yes;
            /// Leaves unless true.
            GuardTrue "guard.true" Bool Guard yes;
            /// Leaves when true.
            GuardFalse "guard.false" Bool Guard yes;
            /// Leaves unless the int fits a small int.
            GuardSmall "guard.small" Int Guard yes;

            /// `x + y`, wrapping.
            Add "add" Int Pure no;
            /// `x - y`, wrapping.
            Sub "sub" Int Pure no;
            /// `x * y`, known not to overflow 64 bits.
            Mul "mul" Int Pure no;
            /// `x * y`; leaves when it does not fit a small int.
            MulChecked "mul.checked" Int Guard yes;
            /// `x & y`
            And "and" Int Pure no;
            /// `x | y`
            Or "or" Int Pure no;
            /// `x ^ y`
            Xor "xor" Int Pure no;
            /// `x << y`, 0 ≤ y < 64, wrapping.
            Shl "shl" Int Pure no;
            /// `x >> y`, 0 ≤ y < 64.
            Shr "shr" Int Pure no;
            /// `x // y` rounded down; y is not 0.
            FloorDiv "floordiv" Int Pure no;
            /// `x % y` with the sign of y; y is not 0.
            FloorMod "floormod" Int Pure no;
            /// `x < y` and its like by `imm` (see [`Compare`]).
            CompareInt "cmp.int" Bool Pure no;
            /// Unsigned `x < y`.
            LessUnsigned "cmp.below" Bool Pure no;

            /// `x + y`
            AddFloat "fadd" Float Pure no;
            /// `x - y`
            SubFloat "fsub" Float Pure no;
            /// `x * y`
            MulFloat "fmul" Float Pure no;
            /// `x / y`
            DivFloat "fdiv" Float Pure no;
            /// `-x`
            NegFloat "fneg" Float Pure no;
            /// `abs(x)`
            AbsFloat "fabs" Float Pure no;
            /// Square root.
            SqrtFloat "fsqrt" Float Pure no;
            /// Rounded down.
            FloorFloat "ffloor" Float Pure no;
            /// Rounded up.
            CeilFloat "fceil" Float Pure no;
            /// Truncated to an int; the float is known to be within 62 bits.
            TruncFloat "int.of.float" Int Pure no;
            /// Comparison by `imm`.
            CompareFloat "cmp.float" Bool Pure no;

            /// Are the words equal?
            Same "same" Bool Pure no;
            /// Is the word a pointer to an object of shape `imm`?
            HasShape "has.shape" Bool Load no;
            /// Has the object, which is no number, one of the shapes of set `imm`?
            HasShapes "has.shapes" Bool Load no;
            /// Is it a small int?
            IsInt "is.int" Bool Pure no;
            /// `not x`
            Not "not" Bool Pure no;
            /// `c ? x : y`
            Select "select" Tagged Pure no;

            /// Word at the object's address + `imm`.
            Load "load" Tagged Load no;
            /// As `Load`, the word is no value.
            LoadRaw "load.raw" Int Load no;
            /// 32 bits, zero-extended.
            LoadHalf "load.32" Int Load no;
            /// Byte.
            LoadByte "load.8" Int Load no;
            /// Word at the address + 8·index + `imm`.
            LoadIndexed "load.indexed" Tagged Load no;
            /// Float at the address + 8·index + `imm`.
            LoadFloatIndexed "load.float" Float Load no;
            /// Stores a float at the address + 8·index + `imm`.
            StoreFloatIndexed "store.float" Float Store no;
            /// Int of a size at the address + size·index + `imm`; `imm2`: bytes, negative when signed.
            LoadSized "load.sized" Int Load no;
            /// Stores the lowest `imm2` bytes at the address + size·index + `imm`.
            StoreSized "store.sized" Int Store no;
            /// Stores a word at the object's address + `imm`.
            Store "store" Tagged Store no;
            /// As `Store` of an untagged word.
            StoreRaw "store.raw" Int Store no;
            /// Stores 32 bits.
            StoreHalf "store.32" Int Store no;
            /// Stores at the address + 8·index + `imm`.
            StoreIndexed "store.indexed" Tagged Store no;
            /// Appends the second operand to the list in the first; leaves when memory is exhausted.
            ListAppend "list.append" Int Store yes;
            /// The write barrier for storing the second operand in the first.
            Barrier "barrier" Tagged QuietCall no;
            /// A cell of `imm2` bytes whose first word is `imm`; the rest is zero.
            Allocate "allocate" Tagged Allocate no;

            /// Sets register `imm`, counted from the unit's window on.
            StoreRegister "set.register" Tagged Store no;
            /// Register `imm`, counted from the unit's window on.
            ReloadRegister "reload.register" Tagged Load no;
            /// Says where a frame stands: word `imm`; `imm2`: its activation and, from bit 32, its number.
            SetPc "set.pc" Int Store no;
            /// Writes the record of inlined frame `imm` (function); `imm2`: its activation and, from
            /// bit 32, where its window begins.
            WriteFrame "write.frame" Int Store no;
            /// The records of `imm` inlined frames count as pushed.
            PushFrames "push.frames" Int QuietCall no;
            /// They count no longer.
            PopFrames "pop.frames" Int QuietCall no;
            /// Calls helper `imm` with the operands; leaves with the exception if it raises.
            CallHelper "call" Tagged Call yes;
            /// As `CallHelper`, for helpers without effects that a load could see.
            CallQuiet "call.quiet" Tagged QuietCall yes;
            /// As `CallHelper`: number as a result, never raises, quiet.
            CallNumber "call.number" Int QuietCall no;
            /// As `CallNumber` with a float.
            CallFloat "call.float" Float Pure no;
            /// Helper `imm` with a run of operands in memory: the first `imm2` operands go in front.
            CallRun "call.run" Tagged Call yes;
            /// As `CallRun`, quiet.
            CallRunQuiet "call.run.quiet" Tagged QuietCall yes;
            /// Calls compiled code of the code object `imm` with function and arguments.
            CallCompiled "call.compiled" Tagged Call yes;
            /// What a helper left in the thread.
            Second "second" Tagged Load no;
            /// What a helper left in the thread, as a float.
            SecondFloat "second.float" Float Load no;
            /// Leaves when somebody wants a safepoint.
            Safepoint "safepoint" Int Guard yes;
            /// Leaves when the unit's assumptions were broken.
            StillValid "valid" Int Guard yes;
            /// Leaves when the machine stack's end is near.
            StackCheck "stack.check" Int Guard yes;
        }
    };
}

impl Op {
    /// May it do without a state? Its zero result, that an exception is pending, is tested behind
    /// it then, on the way to a handler in the unit.
    pub fn may_branch(self) -> bool {
        matches!(
            self,
            Op::CallHelper | Op::CallQuiet | Op::CallRun | Op::CallRunQuiet | Op::CallCompiled
        )
    }
}

macro_rules! define_ops {
    ($($(#[$doc:meta])* $name:ident $text:literal $rep:ident $effect:ident $exits:ident;)*) => {
        /// An operation.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum Op { $($(#[$doc])* $name,)* }

        impl Op {
            /// All of them.
            pub const ALL: &'static [Op] = &[$(Op::$name),*];

            /// As printed.
            pub fn text(self) -> &'static str {
                match self { $(Op::$name => $text,)* }
            }

            /// How the result sits in a register, unless the builder says otherwise.
            pub fn rep(self) -> crate::types::Rep {
                match self { $(Op::$name => crate::types::Rep::$rep,)* }
            }

            /// What it touches.
            pub fn effect(self) -> Effect {
                match self { $(Op::$name => Effect::$effect,)* }
            }

            /// Can it leave? Then it carries a state.
            pub fn exits(self) -> bool {
                match self { $(Op::$name => define_ops!(@bool $exits),)* }
            }
        }
    };
    (@bool yes) => { true };
    (@bool no) => { false };
}
for_each_inst!(define_ops);

/// A comparison, as `imm` of `CompareInt` and `CompareFloat`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum Compare {
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

impl Compare {
    /// By number.
    pub fn from_imm(n: i64) -> Compare {
        [
            Compare::Lt,
            Compare::Le,
            Compare::Eq,
            Compare::Ne,
            Compare::Gt,
            Compare::Ge,
        ][n as usize % 6]
    }

    /// With the operands exchanged.
    pub fn swapped(self) -> Compare {
        match self {
            Compare::Lt => Compare::Gt,
            Compare::Le => Compare::Ge,
            Compare::Gt => Compare::Lt,
            Compare::Ge => Compare::Le,
            same => same,
        }
    }

    /// The opposite, for ints.
    pub fn negated(self) -> Compare {
        match self {
            Compare::Lt => Compare::Ge,
            Compare::Le => Compare::Gt,
            Compare::Eq => Compare::Ne,
            Compare::Ne => Compare::Eq,
            Compare::Gt => Compare::Le,
            Compare::Ge => Compare::Lt,
        }
    }

    /// Of two ints.
    pub fn test<T: PartialOrd>(self, x: T, y: T) -> bool {
        match self {
            Compare::Lt => x < y,
            Compare::Le => x <= y,
            Compare::Eq => x == y,
            Compare::Ne => x != y,
            Compare::Gt => x > y,
            Compare::Ge => x >= y,
        }
    }
}
