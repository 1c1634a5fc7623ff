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

    /// The value of an `SImm` operand at a position: its 16 or 32 bits with their sign.
    pub fn get_signed(&self, position: Position) -> i32 {
        match position {
            Position::A => self.a as i16 as i32,
            Position::B => self.b as i16 as i32,
            Position::C => self.c as i16 as i32,
            Position::BC => self.bc() as i32,
            Position::D => self.d as i32,
            Position::E => self.e as i32,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout() {
        let x = Operands {
            a: 0x1111,
            b: 0x2222,
            c: 0x3333,
            d: 0x4444_4444,
            e: 0x5555_5555,
        };
        let mut words = Vec::new();
        encode(Opcode::LoadAttr, &x, &mut words);
        let first = 0x3333_2222_1111_0000 | Opcode::LoadAttr as u64;
        assert_eq!(words, [first, 0x5555_5555_4444_4444]);
        assert_eq!(x.bc(), 0x3333_2222);
    }

    #[test]
    fn round_trip_of_every_opcode() {
        for op in Opcode::ALL {
            let mut x = Operands::default();
            for (i, o) in op.info().operands.iter().enumerate() {
                x.set(o.position, 0xfffe - i as u32);
            }
            let mut words = Vec::new();
            encode(*op, &x, &mut words);
            assert_eq!(decode(&words, 0), Some((*op, x, words.len())));
            for (i, o) in op.info().operands.iter().enumerate() {
                assert_eq!(
                    x.get(o.position),
                    0xfffe - i as u32,
                    "{op:?}: overlapping fields"
                );
            }
            words.pop();
            assert_eq!(decode(&words, 0), None);
        }
        assert_eq!(decode(&[Opcode::COUNT as u64], 0), None);
    }

    #[test]
    fn signs() {
        let mut x = Operands::default();
        for position in [
            Position::A,
            Position::B,
            Position::C,
            Position::BC,
            Position::D,
        ] {
            x.set(position, -2i32 as u32);
            assert_eq!(x.get_signed(position), -2);
        }
    }
}
