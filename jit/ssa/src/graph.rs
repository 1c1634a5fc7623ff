//! Blocks, instructions and values of one compilation unit.

use crate::insts::Op;
use crate::state::{State, StateId};
use crate::types::{Rep, Type};

/// A value: an instruction's result or a block's parameter.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Value(pub u32);

/// A block.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Block(pub u32);

/// What memory a load or store touches. Accesses of different classes never overlap.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Alias {
    /// Memory that never changes while compiled code runs.
    #[default]
    Constant,
    /// Shape of an object.
    Shape,
    /// Instance slot at this offset.
    Slot(u16),
    /// Attribute behind the inline slots, with this index.
    Overflow(u16),
    /// Length and buffer of lists.
    List,
    /// Items of lists.
    Items,
    /// Contents of cells.
    Cell,
    /// State of iterators.
    Iterator,
    /// Tables of dicts.
    Dict,
    /// Length and buffer of arrays of numbers.
    Array,
    /// Numbers in arrays.
    Numbers,
    /// The thread and its frames.
    Thread,
    /// An object that was just made and is not visible yet.
    Fresh,
    /// Other memory.
    Other,
}

/// What defines a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Definition {
    /// The instruction with this number.
    Inst(u32),
    /// A parameter: the block and its position.
    Parameter(Block, u16),
}

/// A value's data.
#[derive(Clone, Debug)]
pub struct ValueData {
    /// What it can be.
    pub ty: Type,
    /// How it sits in a register.
    pub rep: Rep,
    /// What defines it.
    pub def: Definition,
}

/// An instruction.
#[derive(Clone, Debug)]
pub struct Inst {
    /// What it does.
    pub op: Op,
    /// Operands.
    pub args: Vec<Value>,
    /// First immediate.
    pub imm: i64,
    /// Second immediate.
    pub imm2: i64,
    /// Memory class of loads and stores.
    pub alias: Alias,
    /// Where it leaves to.
    pub state: Option<StateId>,
    /// Its result (unused ones included).
    pub result: Value,
}

/// Where an instruction comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The frontend's number for the (inlined) activation.
    pub frame: u32,
    /// Instruction word.
    pub pc: u32,
}

/// How a block ends.
#[derive(Clone, Debug, Default)]
pub enum Terminator {
    /// Not ended yet.
    #[default]
    None,
    /// To a block, with arguments for its parameters.
    Jump(Block, Vec<Value>),
    /// By a truth: to the first block if true, else to the second.
    Branch(Value, Block, Block),
    /// Returns a tagged value.
    Return(Value),
    /// Leaves.
    Exit(StateId),
}

/// A block's data.
#[derive(Clone, Debug, Default)]
pub struct BlockData {
    /// Parameters.
    pub parameters: Vec<Value>,
    /// Instructions.
    pub insts: Vec<u32>,
    /// How it ends.
    pub terminator: Terminator,
    /// Reached rarely.
    pub cold: bool,
    /// Header of a loop: the block in front of it, where what is hoisted goes.
    pub preheader: Option<Block>,
    /// Nesting depth of loops.
    pub depth: u16,
}

/// A graph. K says what a removed object is.
#[derive(Clone, Debug)]
pub struct Graph<K> {
    /// Blocks; the first is the entry.
    pub blocks: Vec<BlockData>,
    /// Instructions.
    pub insts: Vec<Inst>,
    /// Values.
    pub values: Vec<ValueData>,
    /// States.
    pub states: Vec<State<K>>,
    /// Sets of shapes, by number.
    pub shape_sets: Vec<Vec<u32>>,
    /// Where instructions come from, by number, if somebody wants to know; those that passes add have none.
    pub places: Vec<Place>,
}

impl<K> Default for Graph<K> {
    fn default() -> Self {
        Graph {
            blocks: Vec::new(),
            insts: Vec::new(),
            values: Vec::new(),
            states: Vec::new(),
            shape_sets: Vec::new(),
            places: Vec::new(),
        }
    }
}

impl<K> Graph<K> {
    /// A new empty block.
    pub fn new_block(&mut self) -> Block {
        self.blocks.push(BlockData::default());
        Block(self.blocks.len() as u32 - 1)
    }

    /// A block's data.
    pub fn block(&self, b: Block) -> &BlockData {
        &self.blocks[b.0 as usize]
    }

    /// A block's data.
    pub fn block_mut(&mut self, b: Block) -> &mut BlockData {
        &mut self.blocks[b.0 as usize]
    }

    /// A value's data.
    pub fn value(&self, v: Value) -> &ValueData {
        &self.values[v.0 as usize]
    }

    /// A value's type.
    pub fn ty(&self, v: Value) -> Type {
        self.values[v.0 as usize].ty
    }

    /// A value's representation.
    pub fn rep(&self, v: Value) -> Rep {
        self.values[v.0 as usize].rep
    }

    /// The instruction that defines a value.
    pub fn definition(&self, v: Value) -> Option<&Inst> {
        match self.value(v).def {
            Definition::Inst(i) => Some(&self.insts[i as usize]),
            Definition::Parameter(..) => None,
        }
    }

    /// Adds a parameter to a block.
    pub fn parameter(&mut self, b: Block, rep: Rep, ty: Type) -> Value {
        let at = self.block(b).parameters.len() as u16;
        let v = Value(self.values.len() as u32);
        self.values.push(ValueData {
            ty,
            rep,
            def: Definition::Parameter(b, at),
        });
        self.block_mut(b).parameters.push(v);
        v
    }

    /// Appends an instruction.
    pub fn push(
        &mut self,
        b: Block,
        op: Op,
        args: &[Value],
        imm: i64,
        rep: Rep,
        ty: Type,
    ) -> Value {
        let i = self.insts.len() as u32;
        let result = Value(self.values.len() as u32);
        self.values.push(ValueData {
            ty,
            rep,
            def: Definition::Inst(i),
        });
        self.insts.push(Inst {
            op,
            args: args.to_vec(),
            imm,
            imm2: 0,
            alias: Alias::default(),
            state: None,
            result,
        });
        self.block_mut(b).insts.push(i);
        result
    }

    /// The instruction that was appended last.
    pub fn last_inst(&mut self) -> Option<&mut Inst> {
        self.insts.last_mut()
    }

    /// Adds a state.
    pub fn add_state(&mut self, s: State<K>) -> StateId {
        self.states.push(s);
        StateId(self.states.len() as u32 - 1)
    }

    /// Successors of a block.
    pub fn successors(&self, b: Block) -> Vec<Block> {
        match &self.block(b).terminator {
            Terminator::Jump(t, _) => vec![*t],
            Terminator::Branch(_, t, f) => vec![*t, *f],
            _ => Vec::new(),
        }
    }

    /// Blocks in reverse postorder from the entry.
    pub fn reverse_postorder(&self) -> Vec<Block> {
        let mut seen = vec![false; self.blocks.len()];
        let mut order = Vec::new();
        let mut stack = vec![(Block(0), 0)];
        if self.blocks.is_empty() {
            return order;
        }
        seen[0] = true;
        while let Some((b, i)) = stack.pop() {
            let next = self.successors(b);
            match next.get(i) {
                Some(s) => {
                    stack.push((b, i + 1));
                    if !seen[s.0 as usize] {
                        seen[s.0 as usize] = true;
                        stack.push((*s, 0));
                    }
                }
                None => order.push(b),
            }
        }
        order.reverse();
        order
    }
}
