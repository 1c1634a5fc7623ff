//! The one table of runtime functions that compiled code may call.
//!
//! A row gives the name, the parameters behind the thread, what comes back, and what the call
//! may do. The runtime implements a function of each name (`machine::helpers`), and the address
//! table is expanded from the same rows, so a forgotten one does not compile.

/// What a parameter or result is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A 64-bit word: a value, a pointer or a number.
    Word,
    /// A 64-bit float.
    Float,
    /// Nothing comes back.
    None,
}

/// What a result says beside its value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It always succeeds.
    Plain,
    /// Zero: an exception is pending.
    ZeroRaises,
}

/// What a call may do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Reads immutable data only.
    Pure,
    /// Allocates; changes nothing that the program sees.
    Allocates,
    /// Changes containers or objects, but runs no Python code.
    Writes,
    /// May run any Python code.
    Calls,
}

/// Calls `$m!` with all rows: name(parameters) -> result, outcome, effect.
#[macro_export]
macro_rules! for_each_helper {
    ($m:ident) => {
        $m! {
            /// `x op y`; `op` is a `BinaryOp`.
            binary(Word, Word, Word) -> Word, ZeroRaises, Calls;
            /// `x op= y`.
            inplace(Word, Word, Word) -> Word, ZeroRaises, Calls;
            /// `-x`, `+x`, `~x` for 0, 1, 2.
            unary(Word, Word) -> Word, ZeroRaises, Calls;
            /// The value of `x op y`; `op` is a `CompareOp`.
            compare(Word, Word, Word) -> Word, ZeroRaises, Calls;
            /// The truth of `x op y`: 1 false, 2 true.
            compare_truth(Word, Word, Word) -> Word, ZeroRaises, Calls;
            /// The truth of a value: 1 false, 2 true.
            truth(Word) -> Word, ZeroRaises, Calls;
            /// `item in container`: 1 false, 2 true.
            contains(Word, Word) -> Word, ZeroRaises, Calls;
            /// `object.name` by the inline cache of a feedback slot.
            load_attr(Word, Word, Word) -> Word, ZeroRaises, Calls;
            /// `object.name = value` by the inline cache of a feedback slot: 1.
            store_attr(Word, Word, Word, Word) -> Word, ZeroRaises, Calls;
            /// The callable of `object.name(…)`; the receiver, or 0, is left in the thread.
            load_method(Word, Word, Word) -> Word, ZeroRaises, Calls;
            /// `object[key]`
            get_item(Word, Word) -> Word, ZeroRaises, Calls;
            /// `object[key] = value`: 1.
            set_item(Word, Word, Word) -> Word, ZeroRaises, Calls;
            /// One step of `sum`: total, state, value; the new state is the second result.
            sum_step(Word, Word, Word) -> Word, ZeroRaises, Calls;
            /// `object[start:stop]`
            get_slice(Word, Word, Word) -> Word, ZeroRaises, Calls;
            /// `object[start:stop:step]`
            get_stepped_slice(Word, Word, Word, Word) -> Word, ZeroRaises, Calls;
            /// `object[start:stop] = value`: 1.
            set_slice(Word, Word, Word, Word) -> Word, ZeroRaises, Calls;
            /// `del object[key]`: 1.
            del_item(Word, Word) -> Word, ZeroRaises, Calls;
            /// `dict[key]` of an exact dict.
            dict_get_item(Word, Word) -> Word, ZeroRaises, Calls;
            /// `dict.get(dict, key, default)`
            dict_get(Word, Word, Word) -> Word, ZeroRaises, Calls;
            /// `dict[key] = value` of an exact dict: 1.
            dict_set_item(Word, Word, Word) -> Word, ZeroRaises, Calls;
            /// `iter(x)`
            iter(Word) -> Word, ZeroRaises, Calls;
            /// `next(x)`; `resume::EXHAUSTED` at the end.
            next(Word) -> Word, ZeroRaises, Calls;
            /// `next(x)` of an iterator of pairs: the first, `resume::EXHAUSTED` at the end; the second is
            /// left in the thread.
            next_pair(Word) -> Word, ZeroRaises, Calls;
            /// A call: callable, names of the last arguments or 0, arguments, number of arguments.
            call(Word, Word, Word, Word) -> Word, ZeroRaises, Calls;
            /// As `call`; the first argument is dropped when it is 0.
            call_method(Word, Word, Word, Word) -> Word, ZeroRaises, Calls;
            /// Calls `__init__`, which must give None: as `call`.
            call_init(Word, Word, Word, Word) -> Word, ZeroRaises, Calls;
            /// Objects of this many innermost frames outlive them.
            detach_frames(Word) -> None, Plain, Allocates;
            /// RecursionError: 0.
            recursion_error() -> Word, ZeroRaises, Allocates;
            /// `raise x`, `raise x from y` (or 0): 0.
            raise(Word, Word) -> Word, Plain, Calls;
            /// Bare `raise`: 0.
            raise_current() -> Word, Plain, Calls;
            /// Raises again what a handler had caught: 0.
            reraise(Word) -> Word, Plain, Calls;
            /// The pending exception comes to a handler so many frames further out. The exception; what was
            /// handled before is left in the thread.
            catch(Word) -> Word, Plain, Calls;
            /// The handled exception of a frame, counted from the unit's, becomes again this (or 0).
            exit_handler(Word, Word) -> None, Plain, Writes;
            /// Does an `except` with this class, or tuple of them, catch the exception? 1 no, 2 yes.
            match_exception(Word, Word) -> Word, ZeroRaises, Calls;
            /// The same with a class of exceptions: 0 or 1.
            is_caught(Word, Word) -> Word, Plain, Pure;
            /// What `await` delegates to; the second is the context of the message.
            awaitable(Word, Word) -> Word, ZeroRaises, Calls;
            /// What `yield from` in the running frame delegates to.
            yield_from_iter(Word) -> Word, ZeroRaises, Calls;
            /// A native function with its arguments: object, arguments, number.
            call_builtin(Word, Word, Word) -> Word, ZeroRaises, Calls;
            /// Runs one instruction of the running frame from its window; its `pc` afterwards.
            step() -> Word, ZeroRaises, Calls;
            /// After a callee that gave this marker: the call's value.
            resume(Word) -> Word, ZeroRaises, Calls;
            /// Leaves compiled code by an exit (unit, exit number); gives the marker to return.
            deopt(Word, Word) -> Word, Plain, Calls;
            /// Has an exit (unit, exit number) never been taken? 0 or 1. For the mode that takes each once.
            exit_is_new(Word, Word) -> Word, Plain, Pure;
            /// A tuple of a run of values.
            new_tuple(Word, Word) -> Word, Plain, Allocates;
            /// A function of a run: code, a function with the same globals, the parts of `MakeFunction`.
            new_function(Word, Word) -> Word, Plain, Allocates;
            /// What a call of a generator function gives: a run of the function and its parameters.
            new_generator(Word, Word) -> Word, ZeroRaises, Allocates;
            /// A list of a run of values.
            new_list(Word, Word) -> Word, Plain, Allocates;
            /// A dict of a run of pairs.
            new_dict(Word, Word) -> Word, ZeroRaises, Calls;
            /// A set of a run of values.
            new_set(Word, Word) -> Word, ZeroRaises, Calls;
            /// The concatenation of a run of strings.
            new_string(Word, Word) -> Word, ZeroRaises, Allocates;
            /// Extends a list by an iterable's items: 1.
            list_extend(Word, Word) -> Word, ZeroRaises, Calls;
            /// A tuple of a list's items.
            list_to_tuple(Word) -> Word, Plain, Allocates;
            /// Adds to a set: 1.
            set_add(Word, Word) -> Word, ZeroRaises, Calls;
            /// Sets a global: namespace, name, value; 1.
            store_global(Word, Word, Word) -> Word, Plain, Calls;
            /// `format(v, spec)`; spec 0: none; the conversion of `FormatValue`.
            format(Word, Word, Word) -> Word, ZeroRaises, Calls;
            /// `list.append`: 1.
            list_append(Word, Word) -> Word, ZeroRaises, Writes;
            /// An `enumerate` of an iterator, with the next number.
            new_enumerate(Word, Word) -> Word, Plain, Allocates;
            /// An iterator of a string from an index on.
            new_str_iterator(Word, Word) -> Word, Plain, Allocates;
            /// A `zip` of a run of iterators.
            new_zip(Word, Word) -> Word, Plain, Allocates;
            /// A new instance of a class with the plain layout.
            new_instance(Word) -> Word, Plain, Allocates;
            /// A cell of a size class when its window is used up.
            allocate(Word) -> Word, Plain, Allocates;
            /// An int that may need more than 62 bits.
            box_int(Word) -> Word, Plain, Allocates;
            /// A float of any exponent; for the cold path, so the result is left in the thread.
            box_float(Float) -> None, Plain, Allocates;
            /// The float in a heap float, or converted from an int; left in the thread: 1, 0 for neither.
            to_float(Word) -> Word, Plain, Pure;
            /// Puts an old object on the remembered set.
            remember(Word) -> None, Plain, Allocates;
            /// Have two strings the same text? 0 or 1.
            same_text(Word, Word) -> Word, Plain, Pure;
            /// The one-character string at an index of a string.
            char_at(Word, Word) -> Word, Plain, Allocates;
            /// `x ** y` of floats where the result is a float; 1, 0 when the general way must decide.
            float_pow(Float, Float) -> Word, Plain, Pure;
            /// `x % y` of floats, `y` not zero.
            float_mod(Float, Float) -> Float, Plain, Pure;
            /// `x // y` of floats, `y` not zero.
            float_floor_div(Float, Float) -> Float, Plain, Pure;
            /// A function of one float by its number (see `resume::FloatFunction`), in its domain.
            float_function(Word, Float) -> Float, Plain, Pure;
        }
    };
}

macro_rules! define_helpers {
    ($($(#[$doc:meta])* $name:ident($($p:ident),*) -> $r:ident, $outcome:ident, $effect:ident;)*) => {
        /// A runtime function that compiled code may call.
        #[allow(non_camel_case_types)]
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[repr(u16)]
        pub enum Helper {
            $($(#[$doc])* $name,)*
        }

        impl Helper {
            /// All of them, by number.
            pub const ALL: &'static [Helper] = &[$(Helper::$name),*];

            /// Its name.
            pub fn name(self) -> &'static str {
                match self { $(Helper::$name => stringify!($name),)* }
            }

            /// Its parameters behind the thread.
            pub fn parameters(self) -> &'static [Kind] {
                match self { $(Helper::$name => &[$(Kind::$p),*],)* }
            }

            /// Its result.
            pub fn result(self) -> Kind {
                match self { $(Helper::$name => Kind::$r,)* }
            }

            /// What a zero result means.
            pub fn outcome(self) -> Outcome {
                match self { $(Helper::$name => Outcome::$outcome,)* }
            }

            /// What the call may do.
            pub fn effect(self) -> Effect {
                match self { $(Helper::$name => Effect::$effect,)* }
            }
        }
    };
}
for_each_helper!(define_helpers);
