//! Offsets of fields that compiled code reads and writes, taken from the structs themselves.

use std::mem::offset_of;

use super::context::MachineContext;
use crate::Thread;
use crate::interp::frame::{Frame, Stacks};
use crate::types::builtin_function::Builtin;
use crate::types::bytearray::ByteArray;
use crate::types::bytes::BytesIterator;
use crate::types::cell::CellObject;
use crate::types::code::Code;
use crate::types::function::Function;
use crate::types::iterators::reverse::ListReverseIterator;
use crate::types::iterators::{ListIterator, StrIterator, TupleIterator};
use crate::types::list::List;
use crate::types::method::BoundMethod;
use crate::types::range::{Range, RangeIterator};

macro_rules! offsets {
    ($($(#[$doc:meta])* $name:ident = $e:expr;)*) => {
        $($(#[$doc])* pub const $name: i32 = ($e) as i32;)*
    };
}

offsets! {
    /// `Header.gc`, a byte.
    HEADER_GC = offset_of!(crate::object::Header, gc);
    /// `List.items`: the buffer.
    LIST_BUFFER = offset_of!(List, items) + crate::object::ValueVec::BUFFER_OFFSET;
    /// `List.items`: the length.
    LIST_LEN = offset_of!(List, items) + crate::object::ValueVec::LEN_OFFSET;
    /// First word of a buffer of values.
    BUFFER_DATA = crate::object::ValueBuffer::DATA_OFFSET;
    /// Words of a buffer of values.
    BUFFER_CAPACITY = crate::object::ValueBuffer::CAPACITY_OFFSET;
    /// Number of items of a tuple.
    TUPLE_LEN = crate::types::tuple::Tuple::LEN_OFFSET;
    /// First item of a tuple.
    TUPLE_ITEMS = crate::types::tuple::Tuple::ITEMS_OFFSET;
    /// Contents of a cell.
    CELL_CONTENTS = offset_of!(CellObject, contents);
    /// Bound method: callable.
    METHOD_FUNCTION = offset_of!(BoundMethod, function);
    /// Bound method: receiver.
    METHOD_RECEIVER = offset_of!(BoundMethod, receiver);
    /// Builtin: row of the method table.
    BUILTIN_DEF = offset_of!(Builtin, def);
    /// Builtin: receiver.
    BUILTIN_RECEIVER = offset_of!(Builtin, receiver);
    /// Function: code.
    FUNCTION_CODE = offset_of!(Function, code);
    /// Function: tuple of defaults, or 0.
    FUNCTION_DEFAULTS = offset_of!(Function, defaults);
    /// Function: globals.
    FUNCTION_GLOBALS = offset_of!(Function, globals);
    /// Function: closure tuple.
    FUNCTION_CLOSURE = offset_of!(Function, closure);
    /// Code: address of what compiled code calls.
    CODE_ENTRY = offset_of!(Code, entry);
    /// Code: size of the window, 32 bits.
    CODE_REGISTERS = offset_of!(Code, registers);
    /// Code: address of the first instruction word.
    CODE_WORDS = Code::WORDS_OFFSET;
    /// Range: start, stop, step.
    RANGE_START = offset_of!(Range, start);
    /// Range iterator: next.
    RANGE_NEXT = offset_of!(RangeIterator, next);
    /// Range iterator: step.
    RANGE_STEP = offset_of!(RangeIterator, step);
    /// Range iterator: items left.
    RANGE_LEFT = offset_of!(RangeIterator, left);
    /// List iterator: list.
    LIST_ITERATOR_LIST = offset_of!(ListIterator, list);
    /// List iterator: index.
    LIST_ITERATOR_INDEX = offset_of!(ListIterator, index);
    /// Tuple iterator: tuple.
    TUPLE_ITERATOR_TUPLE = offset_of!(TupleIterator, tuple);
    /// Tuple iterator: index.
    TUPLE_ITERATOR_INDEX = offset_of!(TupleIterator, index);
    /// Number of entries of a dict.
    DICT_LEN = crate::types::dict::Dict::LIVE_OFFSET;
    /// Version of the keys of a dict.
    DICT_KEYS_VERSION = offset_of!(crate::types::dict::Dict, keys_version);
    /// Number of bytes of a bytes object.
    BYTES_LEN = crate::types::bytes::Bytes::LEN_OFFSET;
    /// First byte of a bytes object.
    BYTES_DATA = crate::types::bytes::Bytes::DATA_OFFSET;
    /// Bytearray: the buffer.
    BYTEARRAY_BUFFER = ByteArray::BUFFER_OFFSET;
    /// Bytearray: where in the buffer it begins.
    BYTEARRAY_START = ByteArray::START_OFFSET;
    /// Bytearray: number of bytes.
    BYTEARRAY_LEN = ByteArray::LEN_OFFSET;
    /// Number of characters of a string.
    STR_LEN = crate::types::str_::Str::LEN_OFFSET;
    /// Address of a string's units.
    STR_DATA = crate::types::str_::Str::DATA_OFFSET;
    /// Width of a string's units, a byte.
    STR_WIDTH = offset_of!(crate::object::Header, aux);
    /// Reverse iterator of a list: list.
    LIST_REVERSE_LIST = offset_of!(ListReverseIterator, list);
    /// Reverse iterator of a list: items left.
    LIST_REVERSE_LEFT = offset_of!(ListReverseIterator, left);
    /// String iterator: string.
    STR_ITERATOR_TEXT = offset_of!(StrIterator, text);
    /// String iterator: index.
    STR_ITERATOR_INDEX = offset_of!(StrIterator, index);
    /// Bytes iterator: bytes.
    BYTES_ITERATOR_BYTES = offset_of!(BytesIterator, bytes);
    /// Bytes iterator: index.
    BYTES_ITERATOR_INDEX = offset_of!(BytesIterator, index);

    /// Thread: pending exception.
    THREAD_HANDLED = offset_of!(Thread, handled);
    /// Thread: the running frame.
    THREAD_CURRENT = offset_of!(Thread, stacks) + offset_of!(Stacks, current);
    /// Thread: end of the value stack.
    THREAD_VALUES_END = offset_of!(Thread, stacks) + offset_of!(Stacks, values_end);
    /// Thread: end of the frame stack.
    THREAD_FRAMES_END = offset_of!(Thread, stacks) + offset_of!(Stacks, frames_end);
    /// Thread: depth of frames.
    THREAD_DEPTH = offset_of!(Thread, depth);
    /// Thread: address of the limit of depth.
    THREAD_DEPTH_LIMIT = offset_of!(Thread, machine) + offset_of!(MachineContext, depth_limit);
    /// Thread: lowest machine stack address.
    THREAD_STACK_LIMIT = offset_of!(Thread, stack_limit);
    /// Thread: address of the helper table.
    THREAD_HELPERS = offset_of!(Thread, machine) + offset_of!(MachineContext, helpers);
    /// Thread: address of the request word.
    THREAD_REQUESTS = offset_of!(Thread, machine) + offset_of!(MachineContext, requests);
    /// Thread: the allocation windows.
    THREAD_BUMPS = offset_of!(Thread, machine) + offset_of!(MachineContext, bumps);
    /// Thread: second result.
    THREAD_SECOND = offset_of!(Thread, machine) + offset_of!(MachineContext, second);
    /// Thread: second result, a float.
    THREAD_SECOND_FLOAT = offset_of!(Thread, machine) + offset_of!(MachineContext, second_float);
    /// Thread: guards until the next stress exit.
    THREAD_EXIT_COUNTDOWN = offset_of!(Thread, machine) + offset_of!(MachineContext, exit_countdown);
    /// Thread: the exit buffer.
    THREAD_EXIT = offset_of!(Thread, machine) + offset_of!(MachineContext, exit);

    /// Frame: function.
    FRAME_FUNCTION = offset_of!(Frame, function);
    /// Frame: code.
    FRAME_CODE = offset_of!(Frame, code);
    /// Frame: instruction.
    FRAME_PC = offset_of!(Frame, pc);
    /// Frame: window.
    FRAME_REGS = offset_of!(Frame, regs);
    /// Frame: locals mapping.
    FRAME_LOCALS = offset_of!(Frame, locals);
    /// Frame: exception handled at entry.
    FRAME_ENTRY_HANDLED = offset_of!(Frame, entry_handled);
    /// Frame: exception it handles.
    FRAME_OWN_HANDLED = offset_of!(Frame, own_handled);
    /// Frame: frame object.
    FRAME_OBJECT = offset_of!(Frame, object);
    /// Frame: generator.
    FRAME_GENERATOR = offset_of!(Frame, generator);
    /// Frame: value of a constructor's call.
    FRAME_RESULT = offset_of!(Frame, result);
    /// Frame: destination register (16 bits) and flags (16 bits).
    FRAME_DST = offset_of!(Frame, dst);
    /// Bytes in a frame record.
    FRAME_SIZE = size_of::<Frame>();
}

/// Flag of a frame whose return leaves the interpreter, in the upper half of the 32 bits at
/// `FRAME_DST`.
pub const ENTRY_DST: i64 = (crate::interp::frame::flags::ENTRY as i64) << 16;

const _: () = assert!(offset_of!(Frame, flags) == offset_of!(Frame, dst) + 2);
