//! The table of layouts that have a number of their own.
//!
//! Hot layouts are told apart by one byte of the header; every other native type uses the open
//! layout (`Native`, see [`native`](super::native)).

use super::header::Header;
use super::pointer::HeapObject;
use super::trace::Tracer;

/// Calls `$m!` with all numbered layouts: kind, Rust type.
macro_rules! for_each_kind {
    ($m:ident) => {
        $m! {
            Values => crate::object::buffer::ValueBuffer,
            RawBuffer => crate::object::buffer::RawBuffer,
            BigInt => crate::types::int::BigInt,
            Float => crate::types::float::HeapFloat,
            Str => crate::types::str_::Str,
            Bytes => crate::types::bytes::Bytes,
            Tuple => crate::types::tuple::Tuple,
            List => crate::types::list::List,
            DictTable => crate::object::dict_storage::DictTable,
            SetTable => crate::types::set::table::SetTable,
            Dict => crate::types::dict::Dict,
            Set => crate::types::set::Set,
            Instance => crate::types::object::Instance,
            Type => crate::types::type_::Type,
            Function => crate::types::function::Function,
            Builtin => crate::types::builtin_function::Builtin,
            BoundMethod => crate::types::method::BoundMethod,
            Cell => crate::types::cell::CellObject,
            Code => crate::types::code::Code,
            Generator => crate::types::generator::Generator,
            Module => crate::types::module::Module,
            Exception => crate::types::exception::Exception,
        }
    };
}

macro_rules! define_kinds {
    ($($kind:ident => $t:ty,)*) => {
        /// Layout of a heap cell.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub enum Kind {
            /// No object: a free cell, or a tagged number.
            Free,
            $(
                #[doc = concat!("`", stringify!($t), "`")]
                $kind,
            )*
            /// The open layout.
            Native,
        }

        impl Kind {
            const ALL: &'static [Kind] = &[Kind::Free, $(Kind::$kind,)* Kind::Native];

            /// The kind with this number; unknown numbers cannot occur in a header.
            #[inline(always)]
            pub fn from_u8(n: u8) -> Kind {
                debug_assert!((n as usize) < Kind::ALL.len());
                // SAFETY: headers are only made from a Kind, and the numbers are dense.
                unsafe { std::mem::transmute::<u8, Kind>(n) }
            }
        }

        /// Reports what the payload of a cell refers to (not its attribute area).
        pub(crate) fn trace_payload(header: &Header, tracer: &mut Tracer) {
            match header.kind() {
                Kind::Free => {}
                $(Kind::$kind => {
                    // SAFETY: the kind says the layout.
                    unsafe { (*(header as *const Header as *const $t)).trace(tracer) }
                })*
                Kind::Native => {
                    // SAFETY: cells of kind Native start with a NativeHeader.
                    let vtable = unsafe { (*(header as *const Header as *const super::native::NativeHeader)).vtable };
                    (vtable.trace)(header, tracer);
                }
            }
        }

        /// Runs the destructor of a dead cell's payload, if its layout has one.
        ///
        /// # Safety
        /// The cell is dead, and this is called once.
        pub(crate) unsafe fn drop_payload(header: *mut Header) {
            // SAFETY: the caller says that the cell is dead but intact.
            match unsafe { (*header).kind() } {
                Kind::Free => {}
                $(Kind::$kind => {
                    if std::mem::needs_drop::<$t>() {
                        // SAFETY: the kind says the layout.
                        unsafe { std::ptr::drop_in_place(header as *mut $t) }
                    }
                })*
                Kind::Native => {
                    // SAFETY: cells of kind Native start with a NativeHeader.
                    let vtable = unsafe { (*(header as *const super::native::NativeHeader)).vtable };
                    if let Some(drop) = vtable.drop {
                        drop(header);
                    }
                }
            }
        }
    };
}
for_each_kind!(define_kinds);
