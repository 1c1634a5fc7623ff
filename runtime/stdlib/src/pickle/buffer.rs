//! `PickleBuffer`: a buffer that a pickler may hand over out of band.

use std::cell::RefCell;

use taipan_vm::call::buffer::{BufferView, request};
use taipan_vm::object::{Gc, NativeHeader, Slot};
use taipan_vm::{NativeObject, Result, Thread, Value, pytype};

/// A wrapper of an object that lends bytes.
#[repr(C)]
#[derive(NativeObject)]
pub struct PickleBuffer {
    head: NativeHeader,
    owner: Slot,
    #[notrace]
    view: RefCell<Option<BufferView>>,
}

impl PickleBuffer {
    /// The lent bytes. Raises ValueError for a released buffer.
    pub(super) fn view(&self, th: &mut Thread) -> Result<BufferView> {
        let view = self.view.borrow().clone();
        match view {
            Some(v) => Ok(v),
            None => Err(th.value_error("operation forbidden on released PickleBuffer object")),
        }
    }
}

/// Wrapper for potentially out-of-band buffers
#[pytype(name = "PickleBuffer", module = "pickle", flags = HAS_WEAKREF, table = BUFFER_TYPE)]
impl PickleBuffer {
    #[pynew(sig = "(object, /)")]
    fn new(th: &mut Thread, class: Value, object: Value) -> Result {
        let class = th.expect_type(class)?;
        let view = th.buffer(object, request::SIMPLE)?;
        Ok(th
            .alloc_native(class, |head| PickleBuffer {
                head,
                owner: Slot::new(object),
                view: RefCell::new(Some(view)),
            })
            .value())
    }

    /// Return a memoryview of the raw memory underlying this buffer.
    /// Will raise BufferError is the buffer isn't contiguous.
    #[pymethod]
    fn raw(th: &mut Thread, this: Gc<PickleBuffer>) -> Result {
        let mut view = this.view(th)?;
        view.itemsize = 1;
        view.format = "B";
        Ok(th.new_memoryview(view).value())
    }

    /// Release the underlying buffer controlled by the PickleBuffer object.
    #[pymethod]
    fn release(_: &mut Thread, this: Gc<PickleBuffer>) {
        this.view.take();
        this.owner.set_option(this.header(), None);
    }

    #[pyslot]
    fn buffer(th: &mut Thread, this: Value, _: u32) -> Result<BufferView> {
        match this.downcast::<PickleBuffer>() {
            Some(b) => b.view(th),
            None => Err(th.type_error("not a PickleBuffer")),
        }
    }
}
