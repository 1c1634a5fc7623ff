//! Packing and unpacking of instruction words.

use crate::opcode::Opcode;
use crate::operand::Position;

/// Operand values of one instruction before packing, by position.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Operands {
    /// Bits 16..32.
    pub a: u16,
    /// Bits 32..48.
    pub b: u16,
    /// Bits 48..64.
    pub c: u16,
    /// Low half of word 1.
    pub d: u32,
    /// High half of word 1.
    pub e: u32,
}

impl Operands {
    /// The 32-bit operand in the places of `b` and `c`.
    pub fn bc(&self) -> u32 {
        self.b as u32 | (self.c as u32) << 16
    }

    /// The operand at a position, widened without sign.
    pub fn get(&self, position: Position) -> u32 {
        match position {
            Position::A => self.a as u32,
            Position::B => self.b as u32,
            Position::C => self.c as u32,
            Position::BC => self.bc(),
            Position::D => self.d,
            Position::E => self.e,
        }
    }

    /// Sets the operand at a position; the value must fit it.
    pub fn set(&mut self, position: Position, value: u32) {
        match position {
            Position::A => self.a = value as u16,
            Position::B => self.b = value as u16,
            Position::C => self.c = value as u16,
            Position::BC => {
                self.b = value as u16;
                self.c = (value >> 16) as u16;
            }
            Position::D => self.d = value,
            Position::E => self.e = value,
        }
    }
}

/// Appends an instruction.
pub fn encode(op: Opcode, x: &Operands, out: &mut Vec<u64>) {
    out.push(op as u64 | (x.a as u64) << 16 | (x.b as u64) << 32 | (x.c as u64) << 48);
    if op.info().words == 2 {
        out.push(x.d as u64 | (x.e as u64) << 32);
    }
}

/// Reads the instruction at `pc`: opcode, operands, and the index of the next one.
/// None when the words are no instruction.
pub fn decode(code: &[u64], pc: usize) -> Option<(Opcode, Operands, usize)> {
    let w = *code.get(pc)?;
    let op = Opcode::from_u16(w as u16)?;
    let mut x = Operands {
        a: (w >> 16) as u16,
        b: (w >> 32) as u16,
        c: (w >> 48) as u16,
        d: 0,
        e: 0,
    };
    let words = op.info().words as usize;
    if words == 2 {
        let w = *code.get(pc + 1)?;
        x.d = w as u32;
        x.e = (w >> 32) as u32;
    }
    Some((op, x, pc + words))
}
