//! Values, object headers, typed heap pointers, shapes and the collector.
//!
//! This is the only part of the virtual machine (with `interp/frame`) that may use `unsafe`;
//! everything above works on [`Value`] and [`Gc`], which are safe to copy and to keep on the
//! Rust stack because the collector scans stacks conservatively and never moves an object.
//! They are **not** safe inside Rust's own heap (`Vec`, `Box`, maps): use
//! [`ValueVec`](buffer::ValueVec), whose storage is a heap cell.
#![allow(unsafe_code)]

pub mod access;
pub mod attributes;
pub mod buffer;
pub mod collect;
pub mod dict_storage;
pub mod gc;
pub mod header;
pub mod kind;
pub mod native;
pub mod pointer;
pub mod shape;
pub mod slots;
pub mod slots_table;
pub mod trace;
pub mod value;

pub use buffer::{RawBuffer, ValueBuffer, ValueVec};
pub use header::{Header, HeaderFlags};
pub use kind::Kind;
pub use native::{NativeHeader, NativeObject, NativeVtable};
pub use pointer::{Gc, GcSlot, HeapObject, Slot};
pub use shape::{Shape, ShapeId};
pub use trace::Tracer;
pub use value::Value;

/// An exception is pending in the thread. Zero-sized, so that `Result<Value, Raised>` is one word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Raised;

/// What nearly everything in the runtime returns.
pub type Result<T = Value> = std::result::Result<T, Raised>;
