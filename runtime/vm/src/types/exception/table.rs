//! The table of builtin exception classes, in an order in which bases come first.

use crate::Thread;
use crate::object::slots::Slots;
use crate::object::{Gc, Kind, ShapeId};
use crate::types::T;
use crate::types::exception::{Exception, group, methods, os_error, syntax_error, unicode_error};
use crate::types::type_::{Payload, Type, TypeDef, create, flags, mro};

macro_rules! base_of {
    (none) => {
        None
    };
    ($b:ident) => {
        Some(ExceptionClass::$b)
    };
}

macro_rules! extra {
    (OS_ERROR) => {
        os_error::OS_ERROR
    };
    (BLOCKING_IO) => {
        os_error::BLOCKING_IO
    };
    (SYNTAX_ERROR) => {
        syntax_error::SYNTAX_ERROR
    };
    (UNICODE_DECODE_ERROR) => {
        unicode_error::DECODE
    };
    (UNICODE_ENCODE_ERROR) => {
        unicode_error::ENCODE
    };
    (UNICODE_TRANSLATE_ERROR) => {
        unicode_error::TRANSLATE
    };
    (GROUP) => {
        group::GROUP
    };
    ($other:ident) => {
        methods::$other
    };
}

macro_rules! exceptions {
    ($($name:ident : $base:ident, $extra:ident, $doc:literal;)*) => {
        /// A builtin exception class.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u32)]
        #[allow(missing_docs)]
        pub enum ExceptionClass { $($name,)* }

        impl ExceptionClass {
            /// All classes, bases first.
            pub const ALL: &'static [ExceptionClass] = &[$(ExceptionClass::$name,)*];
            /// Number of classes.
            pub const COUNT: usize = ExceptionClass::ALL.len();

            /// The base class.
            pub fn base(self) -> Option<ExceptionClass> {
                match self { $(ExceptionClass::$name => base_of!($base),)* }
            }

            /// The static description.
            pub fn def(self) -> &'static TypeDef {
                match self { $(ExceptionClass::$name => {
                    static DEF: TypeDef = TypeDef {
                        name: python_name(stringify!($name)),
                        module: "builtins",
                        doc: $doc,
                        base: None,
                        flags: flags::BASETYPE | flags::HAS_DICT | weak_flag(ExceptionClass::$name),
                        payload: Some(Payload { kind: Kind::Exception, size: size_of::<Exception>() as u16 }),
                        methods: extra!($extra).methods,
                        getsets: extra!($extra).getsets,
                        slots: extra!($extra).slots,
                    };
                    &DEF
                },)* }
            }

            /// Shape of exact instances.
            pub const fn shape(self) -> ShapeId {
                ShapeId(ShapeId::FIRST_TYPE + T::COUNT as u32 + self as u32)
            }
        }
    };
}

/// The name of a class in Python. One begins with an underscore.
const fn python_name(name: &'static str) -> &'static str {
    // (Texts cannot be compared in constants; this one has a length of its own.)
    match name.as_bytes() {
        [
            b'I',
            b'n',
            b'c',
            b'o',
            b'm',
            b'p',
            b'l',
            b'e',
            b't',
            b'e',
            ..,
        ] => "_IncompleteInputError",
        _ => name,
    }
}

/// What a class adds to its base.
pub struct Extra {
    /// Methods.
    pub methods: &'static [&'static [crate::call::MethodDef]],
    /// Attributes.
    pub getsets: &'static [&'static [crate::call::GetSetDef]],
    /// Slots.
    pub slots: Slots,
}

impl ExceptionClass {
    /// ExceptionGroup derives from Exception too.
    pub(crate) fn add_extra_base(self, th: &mut Thread) {
        if self != ExceptionClass::ExceptionGroup {
            return;
        }
        let class: Gc<Type> = th.vm().exception_class(self);
        let bases = [
            th.vm().exception_class(ExceptionClass::BaseExceptionGroup),
            th.vm().exception_class(ExceptionClass::Exception),
        ];
        let tuple = th.new_tuple(&[bases[0].value(), bases[1].value()]);
        class.bases.set(class.header(), tuple);
        bases[1].add_subclass(th, class);
        if let Ok(order) = mro::compute(th, class) {
            class.mro.set(class.header(), order);
        }
        create::update_access_flags(th, class);
    }
}

exceptions! {
    BaseException: none, BASE, "Common base class for all exceptions.";
    BaseExceptionGroup: BaseException, GROUP, "A combination of multiple unrelated exceptions.";
    GeneratorExit: BaseException, NOTHING, "Request that a generator exit.";
    KeyboardInterrupt: BaseException, NOTHING, "Program interrupted by user.";
    SystemExit: BaseException, SYSTEM_EXIT, "Request to exit from the interpreter.";
    Exception: BaseException, NOTHING, "Common base class for all non-exit exceptions.";
    ArithmeticError: Exception, NOTHING, "Base class for arithmetic errors.";
    FloatingPointError: ArithmeticError, NOTHING, "Floating-point operation failed.";
    OverflowError: ArithmeticError, NOTHING, "Result too large to be represented.";
    ZeroDivisionError: ArithmeticError, NOTHING, "Second argument to a division or modulo operation was zero.";
    AssertionError: Exception, NOTHING, "Assertion failed.";
    AttributeError: Exception, ATTRIBUTE_ERROR, "Attribute not found.";
    BufferError: Exception, NOTHING, "Buffer error.";
    EOFError: Exception, NOTHING, "Read beyond end of file.";
    ExceptionGroup: BaseExceptionGroup, NOTHING, "";
    ImportError: Exception, IMPORT_ERROR, "Import can't find module, or can't find name in module.";
    ModuleNotFoundError: ImportError, NOTHING, "Module not found.";
    LookupError: Exception, NOTHING, "Base class for lookup errors.";
    IndexError: LookupError, NOTHING, "Sequence index out of range.";
    KeyError: LookupError, NOTHING, "Mapping key not found.";
    MemoryError: Exception, NOTHING, "Out of memory.";
    NameError: Exception, NAME_ERROR, "Name not found globally.";
    UnboundLocalError: NameError, NOTHING, "Local name referenced but not bound to a value.";
    OSError: Exception, OS_ERROR, "Base class for I/O related errors.";
    BlockingIOError: OSError, BLOCKING_IO, "I/O operation would block.";
    ChildProcessError: OSError, NOTHING, "Child process error.";
    ConnectionError: OSError, NOTHING, "Connection error.";
    BrokenPipeError: ConnectionError, NOTHING, "Broken pipe.";
    ConnectionAbortedError: ConnectionError, NOTHING, "Connection aborted.";
    ConnectionRefusedError: ConnectionError, NOTHING, "Connection refused.";
    ConnectionResetError: ConnectionError, NOTHING, "Connection reset.";
    FileExistsError: OSError, NOTHING, "File already exists.";
    FileNotFoundError: OSError, NOTHING, "File not found.";
    InterruptedError: OSError, NOTHING, "Interrupted by signal.";
    IsADirectoryError: OSError, NOTHING, "Operation doesn't work on directories.";
    NotADirectoryError: OSError, NOTHING, "Operation only works on directories.";
    PermissionError: OSError, NOTHING, "Not enough permissions.";
    ProcessLookupError: OSError, NOTHING, "Process not found.";
    TimeoutError: OSError, NOTHING, "Timeout expired.";
    ReferenceError: Exception, NOTHING, "Weak ref proxy used after referent went away.";
    RuntimeError: Exception, NOTHING, "Unspecified run-time error.";
    NotImplementedError: RuntimeError, NOTHING, "Method or function hasn't been implemented yet.";
    PythonFinalizationError: RuntimeError, NOTHING, "Operation blocked during Python finalization.";
    RecursionError: RuntimeError, NOTHING, "Recursion limit exceeded.";
    StopAsyncIteration: Exception, NOTHING, "Signal the end from iterator.__anext__().";
    StopIteration: Exception, STOP_ITERATION, "Signal the end from iterator.__next__().";
    SyntaxError: Exception, SYNTAX_ERROR, "Invalid syntax.";
    IndentationError: SyntaxError, NOTHING, "Improper indentation.";
    TabError: IndentationError, NOTHING, "Improper mixture of spaces and tabs.";
    IncompleteInputError: SyntaxError, NOTHING, "incomplete input.";
    SystemError: Exception, NOTHING, "Internal error in the Python interpreter.\n\nPlease report this to the Python maintainer, along with the traceback,\nthe Python version, and the hardware/OS platform and version.";
    TypeError: Exception, NOTHING, "Inappropriate argument type.";
    ValueError: Exception, NOTHING, "Inappropriate argument value (of correct type).";
    UnicodeError: ValueError, NOTHING, "Unicode related error.";
    UnicodeDecodeError: UnicodeError, UNICODE_DECODE_ERROR, "Unicode decoding error.";
    UnicodeEncodeError: UnicodeError, UNICODE_ENCODE_ERROR, "Unicode encoding error.";
    UnicodeTranslateError: UnicodeError, UNICODE_TRANSLATE_ERROR, "Unicode translation error.";
    Warning: Exception, NOTHING, "Base class for warning categories.";
    BytesWarning: Warning, NOTHING, "Base class for warnings about bytes and buffer related problems, mostly\nrelated to conversion from str or comparing to str.";
    DeprecationWarning: Warning, NOTHING, "Base class for warnings about deprecated features.";
    EncodingWarning: Warning, NOTHING, "Base class for warnings about encodings.";
    FutureWarning: Warning, NOTHING, "Base class for warnings about constructs that will change semantically\nin the future.";
    ImportWarning: Warning, NOTHING, "Base class for warnings about probable mistakes in module imports";
    PendingDeprecationWarning: Warning, NOTHING, "Base class for warnings about features which will be deprecated\nin the future.";
    ResourceWarning: Warning, NOTHING, "Base class for warnings about resource usage.";
    RuntimeWarning: Warning, NOTHING, "Base class for warnings about dubious runtime behavior.";
    SyntaxWarning: Warning, NOTHING, "Base class for warnings about dubious syntax.";
    UnicodeWarning: Warning, NOTHING, "Base class for warnings about Unicode related problems, mostly\nrelated to conversion problems.";
    UserWarning: Warning, NOTHING, "Base class for warnings generated by user code.";
}

/// The one builtin exception that CPython makes as a heap type can be referred to weakly.
const fn weak_flag(class: ExceptionClass) -> u32 {
    match class {
        ExceptionClass::ExceptionGroup => flags::HAS_WEAKREF,
        _ => 0,
    }
}
