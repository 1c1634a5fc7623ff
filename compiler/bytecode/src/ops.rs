//! The one table of opcodes.
//!
//! Each row: `Name [position: Kind field, …] span(rule) fb(kind) flags;` and its semantics
//! as the docstring. `R[x]` is register x. Everything else about opcodes (enum, encoder,
//! decoder, disassembler, verifier, liveness, feedback layout, interpreter and JIT
//! skeletons) is expanded from here.
//!
//! Calling sequence. `Call`: callable in `R[base]`, arguments in `R[base+1] …`; the callee's
//! window starts at `R[base+1]`, so arguments are not copied. `CallMethod`: callable in
//! `R[base]`, `R[base+1]` is the receiver or unbound, arguments from `R[base+2]`. `base`
//! must be at or above every live temporary: registers from `base` up are clobbered. The window
//! also has `R[base+count+1]` for `Call`: room to put a bound method's receiver first.
//!
//! Exceptions. The exception table maps a word range to a handler. A handler starts with
//! `EnterHandler` and every way out of it runs `ExitHandler` with the same save register.

/// Calls `$m!` with all rows of the opcode table.
#[macro_export]
macro_rules! for_each_op {
    ($m:ident) => { $m! {
        // ── moves and constants ────────────────────────────────────────────────────
        /// Does nothing.
        Nop [] span(None) fb(None) PURE;
        /// `R[dst] = R[src]` (copies "unbound" too).
        Move [a: Out dst, b: In src] span(None) fb(None) PURE;
        /// `R[dst] = consts[k]`.
        LoadConst [a: Out dst, bc: Const k] span(None) fb(None) PURE;
        /// `R[dst] = imm` as an int.
        LoadInt [a: Out dst, bc: SImm imm] span(None) fb(None) PURE;
        /// `R[dst]` becomes unbound.
        Clear [a: Out dst] span(None) fb(None) PURE;
        /// UnboundLocalError naming `name` when `R[src]` is unbound; the NameError for a free variable
        /// when `free` is 1.
        CheckBound [a: In src, b: Imm free, d: Name name] span(None) fb(None) RAISES;
        /// `R[dst] = AssertionError`, whatever the name is bound to.
        LoadAssertionError [a: Out dst] span(None) fb(None) PURE;
        /// `R[dst] = NotImplementedError`, whatever the name is bound to.
        LoadNotImplementedError [a: Out dst] span(None) fb(None) PURE;
        /// `R[dst] = builtins.__build_class__`; NameError when it is missing.
        LoadBuildClass [a: Out dst] span(None) fb(None) RAISES;

        // ── cells ──────────────────────────────────────────────────────────────────
        /// `R[reg] = Cell(R[reg])`; an unbound register gives an empty cell.
        MakeCell [a: InOut reg] span(None) fb(None) ALLOCATES;
        /// `R[dst] =` the cell number `index` of the running function's closure.
        LoadClosure [a: Out dst, b: Imm index] span(None) fb(None) PURE;
        /// `R[dst] =` contents of the cell `R[cell]`; NameError/UnboundLocalError when empty
        /// (UnboundLocalError for the code's own cell variables, NameError "cannot access
        /// free variable" for its free ones).
        LoadCell [a: Out dst, b: In cell, d: Name name] span(None) fb(None) RAISES;
        /// Contents of the cell `R[cell]` become `R[src]`.
        StoreCell [a: In cell, b: In src] span(None) fb(None) PURE;
        /// Empties the cell; raises as `LoadCell` when it is empty.
        DeleteCell [a: In cell, d: Name name] span(None) fb(None) RAISES;

        // ── names ──────────────────────────────────────────────────────────────────
        /// `R[dst] = globals[name]`, else builtins; NameError.
        LoadGlobal [a: Out dst, d: Name name, e: Feedback fb] span(None) fb(Global) RAISES | CALLS;
        /// `globals[name] = R[src]`.
        StoreGlobal [a: In src, d: Name name, e: Feedback fb] span(None) fb(Global) RAISES;
        /// `del globals[name]`; NameError.
        DeleteGlobal [d: Name name] span(None) fb(None) RAISES;
        /// Class and module bodies: locals mapping, then globals, then builtins; NameError.
        LoadName [a: Out dst, d: Name name, e: Feedback fb] span(None) fb(Global) RAISES | CALLS;
        /// `locals[name] = R[src]` in the locals mapping.
        StoreName [a: In src, d: Name name, e: Feedback fb] span(None) fb(Global) RAISES | CALLS;
        /// `del locals[name]`; NameError.
        DeleteName [d: Name name] span(None) fb(None) RAISES | CALLS;
        /// `R[dst] =` the frame's locals mapping (class or module namespace).
        LoadLocals [a: Out dst] span(None) fb(None) RAISES;
        /// `R[dst] = R[dict][name]`, else as `LoadGlobal` (class scopes' annotations and
        /// type parameters).
        LoadFromDictOrGlobals [a: Out dst, b: In dict, d: Name name] span(None) fb(None) RAISES | CALLS;
        /// `R[dst] = R[dict][name]`, else as `LoadCell` of `R[cell]`.
        LoadFromDictOrCell [a: Out dst, b: In dict, c: In cell, d: Name name] span(None) fb(None) RAISES | CALLS;

        // ── attributes ─────────────────────────────────────────────────────────────
        /// `R[dst] = R[obj].name`.
        LoadAttr [a: Out dst, b: In obj, d: Name name, e: Feedback fb] span(None) fb(Attr) RAISES | CALLS;
        /// `R[obj].name = R[value]`.
        StoreAttr [a: In obj, b: In value, d: Name name, e: Feedback fb] span(None) fb(Attr) RAISES | CALLS;
        /// `del R[obj].name`.
        DeleteAttr [a: In obj, d: Name name] span(None) fb(None) RAISES | CALLS;
        /// For `obj.name(…)`: `R[base]` = the callable, `R[base+1]` = the receiver when the
        /// callable is an unbound function found on the class, else unbound.
        LoadMethod [a: OutBase base, b: In obj, d: Name name, e: Feedback fb] span(Fixed(2)) fb(Attr) RAISES | CALLS;
        /// `super().name`: `R[base]` = the value of the global name `super`, `R[base+1]` =
        /// `__class__`, `R[base+2]` = the first argument.
        LoadSuperAttr [a: Out dst, b: Base base, d: Name name, e: Feedback fb] span(Fixed(3)) fb(Attr) RAISES | CALLS;
        /// As `LoadSuperAttr` from `R[base]`, `R[base+1]`, `R[base+2]`, but the results go to
        /// `R[base]`, `R[base+1]` as `LoadMethod`'s do.
        LoadSuperMethod [a: InOutBase base, d: Name name, e: Feedback fb] span(Fixed(3)) fb(Attr) RAISES | CALLS;
        /// `with` protocol: looks the special method up on the class of `R[obj]`, results as
        /// `LoadMethod`. `which`: 0 `__enter__`, 1 `__exit__`, 2 `__aenter__`, 3 `__aexit__`.
        LoadSpecial [a: OutBase base, b: In obj, c: Imm which] span(Fixed(2)) fb(None) RAISES | CALLS;

        // ── items ──────────────────────────────────────────────────────────────────
        /// `R[dst] = R[obj][R[index]]`.
        LoadSubscript [a: Out dst, b: In obj, c: In index, d: Feedback fb] span(None) fb(Subscript) RAISES | CALLS;
        /// `R[dst] = R[obj][imm]`.
        LoadSubscriptInt [a: Out dst, b: In obj, c: SImm imm, d: Feedback fb] span(None) fb(Subscript) RAISES | CALLS;
        /// `R[obj][R[index]] = R[value]`.
        StoreSubscript [a: In obj, b: In index, c: In value, d: Feedback fb] span(None) fb(Subscript) RAISES | CALLS;
        /// `del R[obj][R[index]]`.
        DeleteSubscript [a: In obj, b: In index] span(None) fb(None) RAISES | CALLS;
        /// `R[dst] = R[obj][R[base]:R[base+1]]`; the bounds may be None.
        LoadSlice [a: Out dst, b: In obj, c: Base base, d: Feedback fb] span(Fixed(2)) fb(Subscript) RAISES | CALLS;
        /// `R[dst] = R[obj][R[base]:R[base+1]:R[base+2]]`.
        LoadSteppedSlice [a: Out dst, b: In obj, c: Base base, d: Feedback fb] span(Fixed(3)) fb(Subscript) RAISES | CALLS;
        /// `R[obj][R[base]:R[base+1]] = R[value]`.
        StoreSlice [a: In obj, b: In value, c: Base base] span(Fixed(2)) fb(None) RAISES | CALLS;
        /// `R[dst] = slice(R[base], R[base+1], R[base+2])`.
        BuildSlice [a: Out dst, b: Base base] span(Fixed(3)) fb(None) ALLOCATES;

        // ── arithmetic: full Python semantics ──────────────────────────────────────
        /// `lhs + rhs`
        BinaryAdd [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// One step of `sum`: `R[acc] += R[value]`, exactly as the builtin adds. `R[acc+1]` is None
        /// while only ints were added, then the float sum's compensation, or False for anything else.
        SumStep [a: InOutBase acc, b: In value, d: Feedback fb] span(Fixed(2)) fb(BinaryOp) RAISES | CALLS;
        /// `lhs - rhs`
        BinarySub [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs * rhs`
        BinaryMul [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs / rhs`
        BinaryTrueDiv [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs // rhs`
        BinaryFloorDiv [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs % rhs`
        BinaryMod [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs ** rhs`
        BinaryPow [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs @ rhs`
        BinaryMatMul [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs << rhs`
        BinaryLShift [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs >> rhs`
        BinaryRShift [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs & rhs`
        BinaryAnd [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs | rhs`
        BinaryOr [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs ^ rhs`
        BinaryXor [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs += rhs` (the result is stored by a later instruction)
        InplaceAdd [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs -= rhs`
        InplaceSub [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs *= rhs`
        InplaceMul [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs /= rhs`
        InplaceTrueDiv [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs //= rhs`
        InplaceFloorDiv [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs %= rhs`
        InplaceMod [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs **= rhs`
        InplacePow [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs @= rhs`
        InplaceMatMul [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs <<= rhs`
        InplaceLShift [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs >>= rhs`
        InplaceRShift [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs &= rhs`
        InplaceAnd [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs |= rhs`
        InplaceOr [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs ^= rhs`
        InplaceXor [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs + imm` for a small int literal
        BinaryAddInt [a: Out dst, b: In lhs, c: SImm imm, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs - imm`
        BinarySubInt [a: Out dst, b: In lhs, c: SImm imm, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs * imm`
        BinaryMulInt [a: Out dst, b: In lhs, c: SImm imm, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs // imm`
        BinaryFloorDivInt [a: Out dst, b: In lhs, c: SImm imm, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs % imm`
        BinaryModInt [a: Out dst, b: In lhs, c: SImm imm, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs & imm`
        BinaryAndInt [a: Out dst, b: In lhs, c: SImm imm, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs << imm`
        BinaryLShiftInt [a: Out dst, b: In lhs, c: SImm imm, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs >> imm`
        BinaryRShiftInt [a: Out dst, b: In lhs, c: SImm imm, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs += imm`: in place where the class has the slot.
        InplaceAddInt [a: Out dst, b: In lhs, c: SImm imm, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `lhs -= imm`
        InplaceSubInt [a: Out dst, b: In lhs, c: SImm imm, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `-src`
        UnaryNeg [a: Out dst, b: In src, d: Feedback fb] span(None) fb(BinaryOp) RAISES | CALLS;
        /// `+src`
        UnaryPos [a: Out dst, b: In src] span(None) fb(None) RAISES | CALLS;
        /// `~src`
        UnaryInvert [a: Out dst, b: In src] span(None) fb(None) RAISES | CALLS;
        /// `not src`
        UnaryNot [a: Out dst, b: In src] span(None) fb(None) RAISES | CALLS;

        // ── comparison ─────────────────────────────────────────────────────────────
        /// `lhs < rhs`
        CompareLt [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(Compare) RAISES | CALLS;
        /// `lhs <= rhs`
        CompareLe [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(Compare) RAISES | CALLS;
        /// `lhs == rhs`
        CompareEq [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(Compare) RAISES | CALLS;
        /// `lhs != rhs`
        CompareNe [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(Compare) RAISES | CALLS;
        /// `lhs > rhs`
        CompareGt [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(Compare) RAISES | CALLS;
        /// `lhs >= rhs`
        CompareGe [a: Out dst, b: In lhs, c: In rhs, d: Feedback fb] span(None) fb(Compare) RAISES | CALLS;
        /// `item in container` (`negate` 1: `not in`)
        Contains [a: Out dst, b: In item, c: In container, d: Imm negate, e: Feedback fb] span(None) fb(Compare) RAISES | CALLS;
        /// `lhs is rhs` (`negate` 1: `is not`)
        Is [a: Out dst, b: In lhs, c: In rhs, d: Imm negate] span(None) fb(None) PURE;

        // ── jumps ──────────────────────────────────────────────────────────────────
        /// Unconditional, forward.
        Jump [d: Label target] span(None) fb(None) JUMPS | TERMINATES;
        /// Unconditional, back to a loop's header: counts, and is a safepoint.
        LoopBack [d: Label target, e: Feedback fb] span(None) fb(Loop) JUMPS | TERMINATES | RAISES | CALLS;
        /// Jumps when `R[src]` is true.
        JumpIfTrue [a: In src, d: Label target, e: Feedback fb] span(None) fb(Branch) JUMPS | RAISES | CALLS;
        /// Jumps when `R[src]` is false.
        JumpIfFalse [a: In src, d: Label target, e: Feedback fb] span(None) fb(Branch) JUMPS | RAISES | CALLS;
        /// Jumps when `R[src] is None`.
        JumpIfNone [a: In src, d: Label target] span(None) fb(None) JUMPS;
        /// Jumps when `R[src] is not None`.
        JumpIfNotNone [a: In src, d: Label target] span(None) fb(None) JUMPS;
        /// Jumps when `R[src]` is unbound (default arguments, cleanup code).
        JumpIfUnbound [a: In src, d: Label target] span(None) fb(None) JUMPS;
        /// Jumps unless `R[callee]` is the builtin with the number `which`: see
        /// [`Consumer`](crate::code::Consumer).
        JumpIfNotBuiltin [a: In callee, b: Imm which, d: Label target] span(None) fb(None) JUMPS;
        /// Jumps when the truth of `lhs < rhs` equals `sense`.
        JumpLt [a: In lhs, b: In rhs, c: Imm sense, d: Label target, e: Feedback fb] span(None) fb(Compare) JUMPS | RAISES | CALLS;
        /// As `JumpLt` for `<=`.
        JumpLe [a: In lhs, b: In rhs, c: Imm sense, d: Label target, e: Feedback fb] span(None) fb(Compare) JUMPS | RAISES | CALLS;
        /// As `JumpLt` for `==`.
        JumpEq [a: In lhs, b: In rhs, c: Imm sense, d: Label target, e: Feedback fb] span(None) fb(Compare) JUMPS | RAISES | CALLS;
        /// As `JumpLt` for `!=`.
        JumpNe [a: In lhs, b: In rhs, c: Imm sense, d: Label target, e: Feedback fb] span(None) fb(Compare) JUMPS | RAISES | CALLS;
        /// As `JumpLt` for `>`.
        JumpGt [a: In lhs, b: In rhs, c: Imm sense, d: Label target, e: Feedback fb] span(None) fb(Compare) JUMPS | RAISES | CALLS;
        /// As `JumpLt` for `>=`.
        JumpGe [a: In lhs, b: In rhs, c: Imm sense, d: Label target, e: Feedback fb] span(None) fb(Compare) JUMPS | RAISES | CALLS;
        /// As `JumpLt` with a small int literal on the right.
        JumpLtInt [a: In lhs, b: SImm imm, c: Imm sense, d: Label target, e: Feedback fb] span(None) fb(Compare) JUMPS | RAISES | CALLS;
        /// As `JumpLe` with a small int literal.
        JumpLeInt [a: In lhs, b: SImm imm, c: Imm sense, d: Label target, e: Feedback fb] span(None) fb(Compare) JUMPS | RAISES | CALLS;
        /// As `JumpEq` with a small int literal.
        JumpEqInt [a: In lhs, b: SImm imm, c: Imm sense, d: Label target, e: Feedback fb] span(None) fb(Compare) JUMPS | RAISES | CALLS;
        /// As `JumpNe` with a small int literal.
        JumpNeInt [a: In lhs, b: SImm imm, c: Imm sense, d: Label target, e: Feedback fb] span(None) fb(Compare) JUMPS | RAISES | CALLS;
        /// As `JumpGt` with a small int literal.
        JumpGtInt [a: In lhs, b: SImm imm, c: Imm sense, d: Label target, e: Feedback fb] span(None) fb(Compare) JUMPS | RAISES | CALLS;
        /// As `JumpGe` with a small int literal.
        JumpGeInt [a: In lhs, b: SImm imm, c: Imm sense, d: Label target, e: Feedback fb] span(None) fb(Compare) JUMPS | RAISES | CALLS;
        /// Jumps when the truth of `item in container` equals `sense`.
        JumpContains [a: In item, b: In container, c: Imm sense, d: Label target, e: Feedback fb] span(None) fb(Compare) JUMPS | RAISES | CALLS;
        /// Jumps when the truth of `lhs is rhs` equals `sense`.
        JumpIs [a: In lhs, b: In rhs, c: Imm sense, d: Label target] span(None) fb(None) JUMPS;

        // ── iteration ──────────────────────────────────────────────────────────────
        /// `R[dst] = iter(R[src])`.
        GetIter [a: Out dst, b: In src, d: Feedback fb] span(None) fb(Iter) RAISES | CALLS;
        /// `R[dst] = next(R[iter])`; when it is exhausted, jumps and leaves `R[dst]` as it was.
        ForIter [a: Out dst, b: In iter, d: Label exit, e: Feedback fb] span(None) fb(Iter) JUMPS | RAISES | CALLS;
        /// Unpacks `R[src]` into exactly `count` registers at `base`.
        UnpackSequence [a: OutBase base, b: In src, c: Count count, d: Feedback fb] span(CountPlus(0)) fb(Iter) RAISES | CALLS;
        /// `before` registers, one list, `after` registers.
        UnpackEx [a: OutBase base, b: In src, d: Imm before, e: Imm after] span(UnpackEx) fb(None) RAISES | CALLS;

        // ── building ───────────────────────────────────────────────────────────────
        /// Tuple of `count` registers.
        BuildTuple [a: Out dst, b: Base base, c: Count count] span(CountPlus(0)) fb(None) ALLOCATES;
        /// List of `count` registers.
        BuildList [a: Out dst, b: Base base, c: Count count] span(CountPlus(0)) fb(None) ALLOCATES;
        /// Set of `count` registers.
        BuildSet [a: Out dst, b: Base base, c: Count count] span(CountPlus(0)) fb(None) RAISES | CALLS;
        /// Dict of `count` key, value pairs.
        BuildMap [a: Out dst, b: Base base, c: Count count] span(TwiceCount) fb(None) RAISES | CALLS;
        /// Concatenation of `count` strings (f-strings).
        BuildString [a: Out dst, b: Base base, c: Count count] span(CountPlus(0)) fb(None) RAISES;
        /// Appends to a list.
        ListAppend [a: In list, b: In value] span(None) fb(None) ALLOCATES;
        /// `list.extend`, for `[*x]` ("Value after * must be an iterable, not …").
        ListExtend [a: In list, b: In iterable] span(None) fb(None) RAISES | CALLS;
        /// `R[dst] = tuple(R[list])`.
        ListToTuple [a: Out dst, b: In list] span(None) fb(None) ALLOCATES;
        /// Adds to a set.
        SetAdd [a: In set, b: In value] span(None) fb(None) RAISES | CALLS;
        /// `set.update`, for `{*x}`.
        SetUpdate [a: In set, b: In iterable] span(None) fb(None) RAISES | CALLS;
        /// `R[map][R[key]] = R[value]` on an exact dict.
        MapSet [a: In map, b: In key, c: In value] span(None) fb(None) RAISES | CALLS;
        /// `dict.update`, for `{**x}` ("'int' object is not a mapping").
        DictUpdate [a: In map, b: In mapping] span(None) fb(None) RAISES | CALLS;
        /// As `DictUpdate` for call keywords: a key seen before is a TypeError naming `R[callee]`.
        DictMerge [a: In map, b: In mapping, c: In callee] span(None) fb(None) RAISES | CALLS;
        /// `format(R[src], '')` after the conversion: 0 none, 1 str, 2 repr, 3 ascii.
        FormatValue [a: Out dst, b: In src, c: Imm conversion] span(None) fb(None) RAISES | CALLS;
        /// `format(R[src], R[spec])` after the conversion in `d`.
        FormatWithSpec [a: Out dst, b: In src, c: In spec, d: Imm conversion] span(None) fb(None) RAISES | CALLS;
        /// t-strings: Interpolation(value, expression text, conversion, format spec): the four
        /// registers at base (conversion: None or a one-character str).
        BuildInterpolation [a: Out dst, b: Base base] span(Fixed(4)) fb(None) RAISES;
        /// t-strings: Template from `R[strings]` (tuple) and `R[interpolations]` (tuple).
        BuildTemplate [a: Out dst, b: In strings, c: In interpolations] span(None) fb(None) RAISES;

        // ── calls and functions ────────────────────────────────────────────────────
        /// `R[dst] = R[base](R[base+1] … R[base+count])`. `kwnames` is 0, or 1 + the index of a
        /// constant tuple that names the last arguments.
        Call [a: Out dst, b: Base base, c: Count count, d: Imm kwnames, e: Feedback fb] span(CountPlus(1)) fb(Call) RAISES | CALLS;
        /// As `Call`, with `R[base+1]` the receiver or unbound, arguments from `R[base+2]`.
        CallMethod [a: Out dst, b: Base base, c: Count count, d: Imm kwnames, e: Feedback fb] span(CountPlus(2)) fb(Call) RAISES | CALLS;
        /// `R[dst] = R[base](*R[base+1], **R[base+2])`: positional arguments as a tuple (or any
        /// iterable), keywords as a dict or unbound.
        CallEx [a: Out dst, b: Base base, d: Feedback fb] span(Fixed(3)) fb(Call) RAISES | CALLS;
        /// New function from the code constant. Bits of `parts`: 1 defaults tuple in `R[base]`,
        /// 2 keyword-only defaults dict in `R[base+1]`, 4 annotate function in `R[base+2]`,
        /// 8 closure tuple in `R[base+3]`.
        MakeFunction [a: Out dst, b: Base base, c: Imm parts, d: Const code] span(FunctionParts) fb(None) ALLOCATES;
        /// Leaves the frame with `R[src]`.
        Return [a: In src] span(None) fb(None) TERMINATES;
        /// Leaves the frame with None.
        ReturnNone [] span(None) fb(None) TERMINATES;

        // ── generators and coroutines ──────────────────────────────────────────────
        /// First instruction of a generator, coroutine or async generator (after cells and
        /// closure are set up): makes the object, moves the frame into it and returns it.
        ReturnGenerator [] span(None) fb(None) SUSPENDS | ALLOCATES;
        /// Suspends with `R[value]`; resumed by `send(x)`: `R[dst] = x`. In an async generator
        /// `wrap` is 1: the value is handed out as the awaited result.
        Yield [a: Out dst, b: In value, c: Imm wrap] span(None) fb(None) SUSPENDS | RAISES | CALLS;
        /// `yield from` and `await`: sends `R[sent]` (None at first) to the iterator `R[iter]`. It
        /// yields: suspends with that value, and when resumed with x does `R[sent] = x` and runs
        /// again. It ends: `R[dst]` = the StopIteration's value, and control goes on. throw()
        /// and close() are forwarded to `R[iter]`.
        Delegate [a: Out dst, b: In iter, c: InOut sent] span(None) fb(None) SUSPENDS | RAISES | CALLS;
        /// `yield from`: `R[dst] = iter(R[src])`; coroutines only inside coroutines.
        GetYieldFromIter [a: Out dst, b: In src] span(None) fb(None) RAISES | CALLS;
        /// `await`: `R[dst]` = the awaitable's iterator. `context`: 0 plain, 1 `__aenter__`,
        /// 2 `__aexit__` (for the error's wording).
        GetAwaitable [a: Out dst, b: In src, c: Imm context] span(None) fb(None) RAISES | CALLS;
        /// `R[dst] = R[src].__aiter__()`, checked to have `__anext__`.
        GetAIter [a: Out dst, b: In src] span(None) fb(None) RAISES | CALLS;
        /// `R[dst]` = awaitable iterator of `R[iter].__anext__()`.
        GetANext [a: Out dst, b: In iter] span(None) fb(None) RAISES | CALLS;
        /// In a handler: when `R[exc]` is StopAsyncIteration jumps to `target`, else falls through.
        JumpIfStopAsync [a: In exc, d: Label target] span(None) fb(None) JUMPS;

        // ── exceptions ─────────────────────────────────────────────────────────────
        /// First instruction of a handler: `R[exc]` = the exception, made the handled one;
        /// `R[save]` = what was handled before in this frame.
        EnterHandler [a: Out exc, b: Out save] span(None) fb(None) PURE;
        /// The handled exception becomes again what `R[save]` says.
        ExitHandler [a: In save] span(None) fb(None) PURE;
        /// `raise R[exc]` (class or instance).
        Raise [a: In exc] span(None) fb(None) RAISES | CALLS | TERMINATES;
        /// `raise R[exc] from R[cause]`.
        RaiseFrom [a: In exc, b: In cause] span(None) fb(None) RAISES | CALLS | TERMINATES;
        /// Bare `raise`.
        RaiseCurrent [] span(None) fb(None) RAISES | TERMINATES;
        /// Raises `R[exc]` again as it is (end of `finally`, no handler matched): context and
        /// traceback stay.
        Reraise [a: In exc] span(None) fb(None) RAISES | TERMINATES;
        /// `R[dst]` = does `R[exc]` match the class or tuple of classes `R[class]`; TypeError
        /// "catching classes that do not inherit from BaseException is not allowed".
        MatchException [a: Out dst, b: In exc, c: In class] span(None) fb(None) RAISES | CALLS;
        /// `except*`: splits `R[rest]` (an exception, group or None): `R[matched]` = the matching
        /// group or None, `R[rest]` = what remains or None. A group that matched is made the
        /// handled exception.
        MatchExceptionGroup [a: Out matched, b: InOut rest, c: In class] span(None) fb(None) RAISES | CALLS;
        /// End of `except*`: `R[dst]` = exception to raise again, or None, from the original
        /// `R[orig]` and the list `R[list]` of raised and unmatched ones.
        PrepareReraiseStar [a: Out dst, b: In orig, c: In list] span(None) fb(None) RAISES | CALLS;
        /// `R[dst] = exit(type(e), e, e.__traceback__)`: callable in `R[base]`, receiver or unbound in
        /// `R[base+1]` (as `LoadSpecial` left them), `e = R[exc]`.
        WithExceptStart [a: Out dst, b: Base base, c: In exc] span(Fixed(2)) fb(None) RAISES | CALLS;

        // ── import ─────────────────────────────────────────────────────────────────
        /// `R[dst] = __import__(name, globals, locals, R[fromlist], level)`.
        ImportName [a: Out dst, b: In fromlist, c: Imm level, d: Name name] span(None) fb(None) RAISES | CALLS;
        /// `from R[module] import name`.
        ImportFrom [a: Out dst, b: In module, d: Name name] span(None) fb(None) RAISES | CALLS;
        /// `from R[module] import *` into the locals mapping.
        ImportStar [a: In module] span(None) fb(None) RAISES | CALLS;

        // ── match statement ────────────────────────────────────────────────────────
        /// `R[dst] = len(R[src])`.
        GetLen [a: Out dst, b: In src] span(None) fb(None) RAISES | CALLS;
        /// Is it a mapping (Py_TPFLAGS_MAPPING)?
        MatchMapping [a: Out dst, b: In src] span(None) fb(None) PURE;
        /// Is it a sequence (Py_TPFLAGS_SEQUENCE)?
        MatchSequence [a: Out dst, b: In src] span(None) fb(None) PURE;
        /// `R[dst]` = tuple of the values of the keys (tuple) `R[keys]` in `R[src]`, or None.
        MatchKeys [a: Out dst, b: In src, c: In keys] span(None) fb(None) RAISES | CALLS;
        /// `R[dst]` = tuple of attributes, or None: `positional` sub-patterns by `__match_args__`, then
        /// the names in the constant tuple `names`.
        MatchClass [a: Out dst, b: In src, c: In class, d: Imm positional, e: Const names] span(None) fb(None) RAISES | CALLS;

        // ── the rest ───────────────────────────────────────────────────────────────
        /// One-operand intrinsics, by number: see [`Intrinsic1`](crate::code::Intrinsic1).
        CallIntrinsic1 [a: Out dst, b: In src, c: Imm which] span(None) fb(None) RAISES | CALLS;
        /// Two-operand intrinsics, by number: see [`Intrinsic2`](crate::code::Intrinsic2).
        CallIntrinsic2 [a: Out dst, b: In lhs, c: In rhs, d: Imm which] span(None) fb(None) RAISES | CALLS;
        /// Makes `__annotations__` in the locals mapping if it is not there.
        SetupAnnotations [] span(None) fb(None) RAISES | CALLS;
    } };
}
