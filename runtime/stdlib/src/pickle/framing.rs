//! What a pickler writes: opcodes, in frames from protocol 4 on.

use super::opcodes::FRAME;
use super::pickler::Pickler;
use taipan_vm::{Result, Thread, Value};

const MIN: usize = 4;
/// A frame that is as long as this ends.
pub(super) const TARGET: usize = 64 * 1024;
const HEADER: usize = 9;

impl Pickler {
    /// Appends to the current frame.
    pub(super) fn put(&self, bytes: &[u8]) {
        let mut out = self.output.borrow_mut();
        if self.framing.get() && self.frame.get().is_none() {
            self.frame.set(Some(out.len()));
            out.extend([0; HEADER]);
        }
        out.extend_from_slice(bytes);
    }

    pub(super) fn op(&self, op: u8) {
        self.put(&[op]);
    }

    pub(super) fn end_frame(&self) {
        let Some(start) = self.frame.take() else {
            return;
        };
        let mut out = self.output.borrow_mut();
        let len = out.len() - start - HEADER;
        if len >= MIN {
            out[start] = FRAME;
            out[start + 1..start + HEADER].copy_from_slice(&(len as u64).to_le_bytes());
        } else {
            out.drain(start..start + HEADER);
        }
    }

    /// Between opcodes: a frame that is full ends, and what there is goes to the file.
    pub(super) fn boundary(&self, th: &mut Thread) -> Result<()> {
        let Some(start) = self.frame.get() else {
            return Ok(());
        };
        if self.output.borrow().len() - start - HEADER < TARGET {
            return Ok(());
        }
        self.end_frame();
        self.flush(th)
    }

    /// Hands the output to the file, if there is one.
    pub(super) fn flush(&self, th: &mut Thread) -> Result<()> {
        let Some(write) = self.write.get() else {
            return Ok(());
        };
        let out = self.output.take();
        if out.is_empty() {
            return Ok(());
        }
        let b = th.new_bytes(&out).value();
        th.call(write, &[b]).map(|_| ())
    }

    /// Writes a header and data; large data goes by the frames, and to the file as it is.
    pub(super) fn put_data(
        &self,
        th: &mut Thread,
        header: &[u8],
        data: &[u8],
        object: Value,
    ) -> Result<()> {
        if data.len() < TARGET {
            self.put(header);
            self.put(data);
            return Ok(());
        }
        let framing = self.framing.get();
        if framing {
            self.end_frame();
            self.framing.set(false);
        }
        self.put(header);
        if let Some(write) = self.write.get() {
            self.flush(th)?;
            let bytes = match th.is_exact(object, taipan_vm::types::T::Bytes) {
                true => object,
                false => th.new_bytes(data).value(),
            };
            th.call(write, &[bytes])?;
        } else {
            self.put(data);
        }
        self.framing.set(framing);
        Ok(())
    }
}
