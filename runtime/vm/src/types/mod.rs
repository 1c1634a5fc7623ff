//! The builtin types. One folder or file a type; the table of them all is [`for_each_type!`].
//!
//! A builtin type has a static description (`TYPE`, made by `#[pytype]`) and a fixed shape for its
//! exact instances, so that "is exactly a list" is one compare against a constant.

pub mod bootstrap;
pub mod names;

pub mod bool_;
pub mod builtin_function;
pub mod bytearray;
pub mod bytes;
pub mod cell;
pub mod code;
pub mod complex;
pub mod descriptor;
pub mod dict;
pub mod exception;
pub mod float;
pub mod frame;
pub mod function;
pub mod generator;
pub mod int;
pub mod iterators;
pub mod list;
pub mod memoryview;
pub mod method;
pub mod module;
pub mod namespace;
pub mod none;
pub mod object;
pub mod property;
pub mod range;
pub mod search;
pub mod sequence;
pub mod set;
pub mod slice;
pub mod str_;
pub mod structseq;
pub mod super_;
pub mod template;
pub mod traceback;
pub mod tuple;
pub mod type_;
pub mod typing;
pub mod weak_proxy;
pub mod weakref;

pub use exception::ExceptionClass;

use crate::object::{HeapObject, ShapeId};
use type_::TypeDef;

/// The Python name of a layout, for argument errors.
pub trait Named: HeapObject {
    /// For example `str`.
    const NAME: &'static str;
}

macro_rules! types {
    ($($name:ident => $path:path,)*) => {
        /// A builtin type; the number decides its exact instances' shape.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u32)]
        #[allow(missing_docs)]
        pub enum T { $($name,)* }

        impl T {
            /// All builtin types in order.
            pub const ALL: &'static [T] = &[$(T::$name,)*];
            /// Number of builtin types (exceptions not counted).
            pub const COUNT: usize = T::ALL.len();

            /// The static description.
            pub fn def(self) -> &'static TypeDef {
                match self { $(T::$name => &$path,)* }
            }

            /// Shape of exact instances.
            #[inline(always)]
            pub const fn shape(self) -> ShapeId {
                ShapeId(ShapeId::FIRST_TYPE + self as u32)
            }
        }
    };
}

/// Calls `$m!` with all builtin types.
macro_rules! for_each_type {
    ($m:ident) => {
        $m! {
            Object => object::TYPE,
            Type => type_::TYPE,
            Int => int::TYPE,
            Bool => bool_::TYPE,
            Float => float::TYPE,
            Str => str_::TYPE,
            Bytes => bytes::TYPE,
            Tuple => tuple::TYPE,
            List => list::TYPE,
            Dict => dict::TYPE,
            Set => set::TYPE,
            FrozenSet => set::FROZEN_TYPE,
            None => none::NONE_TYPE,
            NotImplemented => none::NOT_IMPLEMENTED_TYPE,
            Ellipsis => none::ELLIPSIS_TYPE,
            Function => function::TYPE,
            Builtin => builtin_function::TYPE,
            MethodDescriptor => builtin_function::METHOD_DESCRIPTOR_TYPE,
            ClassMethodDescriptor => builtin_function::CLASSMETHOD_DESCRIPTOR_TYPE,
            SlotWrapper => builtin_function::SLOT_WRAPPER_TYPE,
            MethodWrapper => builtin_function::METHOD_WRAPPER_TYPE,
            GetSet => descriptor::GETSET_TYPE,
            Member => descriptor::MEMBER_TYPE,
            ClassMethod => descriptor::CLASSMETHOD_TYPE,
            StaticMethod => descriptor::STATICMETHOD_TYPE,
            Property => property::TYPE,
            BoundMethod => method::TYPE,
            Cell => cell::TYPE,
            Code => code::TYPE,
            Frame => frame::TYPE,
            Traceback => traceback::TYPE,
            Generator => generator::TYPE,
            Coroutine => generator::COROUTINE_TYPE,
            AsyncGenerator => generator::ASYNC_GENERATOR_TYPE,
            Module => module::TYPE,
            Slice => slice::TYPE,
            Range => range::TYPE,
            RangeIterator => range::ITERATOR_TYPE,
            ListIterator => iterators::LIST_ITERATOR_TYPE,
            TupleIterator => iterators::TUPLE_ITERATOR_TYPE,
            SequenceIterator => iterators::SEQUENCE_ITERATOR_TYPE,
            CallableIterator => iterators::CALLABLE_ITERATOR_TYPE,
            StrIterator => iterators::STR_ITERATOR_TYPE,
            StrAsciiIterator => iterators::STR_ASCII_ITERATOR_TYPE,
            DictKeyIterator => dict::views::KEY_ITERATOR_TYPE,
            DictValueIterator => dict::views::VALUE_ITERATOR_TYPE,
            DictItemIterator => dict::views::ITEM_ITERATOR_TYPE,
            DictKeys => dict::views::KEYS_TYPE,
            DictValues => dict::views::VALUES_TYPE,
            DictItems => dict::views::ITEMS_TYPE,
            SetIterator => set::ITERATOR_TYPE,
            Super => super_::TYPE,
            MappingProxy => dict::proxy::TYPE,
            ListReverseIterator => iterators::reverse::LIST_REVERSE_TYPE,
            Reversed => iterators::reverse::TYPE,
            Enumerate => iterators::enumerate::TYPE,
            Filter => iterators::filter::TYPE,
            Map => iterators::map::TYPE,
            Zip => iterators::zip::TYPE,
            Complex => complex::TYPE,
            BytesIterator => bytes::BYTES_ITERATOR_TYPE,
            ByteArray => bytearray::TYPE,
            ByteArrayIterator => bytearray::BYTEARRAY_ITERATOR_TYPE,
            MemoryView => memoryview::TYPE,
            MemoryIterator => memoryview::MEMORY_ITERATOR_TYPE,
        }
    };
}
for_each_type!(types);
