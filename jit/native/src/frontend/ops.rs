//! The walk over a function's instructions: one arm an opcode.

use std::collections::BTreeMap;

use taipan_abi::helpers::Helper;
use taipan_abi::resume::Reason;
use taipan_bytecode::access::for_each_access;
use taipan_bytecode::encode::{Operands, decode};
use taipan_bytecode::opcode::Opcode;
use taipan_ssa::insts::Compare;
use taipan_ssa::types::kinds;
use taipan_ssa::{Block, Op, Rep, Terminator, Type, Value};
use taipan_vm::Value as Object;
use taipan_vm::protocol::arith::BinaryOp;

use super::state::{Abs, State};
use super::{Builder, Edge, Failure, MAX_INSTS, Returned};

/// How an instruction ended, or why nothing is built.
pub type Walked = Result<Flow, Failure>;

/// How an instruction ended.
pub enum Flow {
    /// Control goes on behind it.
    Next,
    /// The block has ended.
    Ended,
    /// To a word.
    Jump(u32),
    /// By a truth: the word if it equals the sense, else behind it.
    Branch {
        /// The truth.
        condition: Value,
        /// Jumps when the truth is this.
        sense: bool,
        /// Where to.
        target: u32,
        /// What is known on each way: for the comparison of two ints.
        compared: Option<(Compare, Value, Value)>,
    },
    /// Returns, or yields to the loop that walks into the generator.
    Return(Abs),
    /// As `Branch`, with a register set on the way that does not jump.
    Iterated {
        /// Is there an item?
        more: Value,
        /// Where to at the end.
        exit: u32,
        /// Register and content, computed on that way.
        item: super::iterate::Item,
        /// The register.
        dst: usize,
    },
}

impl Builder<'_> {
    /// Walks a function from a word on; gives its returns.
    pub fn walk(
        &mut self,
        activation: usize,
        start: u32,
        edge: Edge,
    ) -> Result<Vec<Returned>, Failure> {
        let code = self.activations[activation].code;
        let facts = self.activations[activation].facts.clone();
        let words = code.data.clone();
        let mut pending: BTreeMap<u32, Vec<Edge>> = BTreeMap::new();
        let mut returns = Vec::new();
        pending.insert(start, vec![edge]);
        // Ways back to loops that the unit was entered in the middle of: they begin anew when nothing
        // of their first round is left to be walked.
        // (Those to loops over generators, which begin behind their headers, come here, too.)
        let mut around: BTreeMap<u32, Vec<Edge>> = BTreeMap::new();
        // Bodies of such loops, with their headers.
        let mut bodies: BTreeMap<u32, u32> = BTreeMap::new();
        loop {
            let first = pending.keys().next().copied();
            let round_walked =
                |header: &u32| first.is_none_or(|word| word > super::loop_end(code, *header));
            if let Some(header) = around.keys().rev().copied().find(round_walked) {
                let edges = around.remove(&header).unwrap_or_default();
                pending.entry(header).or_default().extend(edges);
            }
            let Some((pc, edges)) = pending.pop_first() else {
                break;
            };
            let live = self.live_at(&edges[0].state, pc);
            let mut edge = self.merge(edges, &live);
            if let Some(resumption) = self.resumption(&edge.state, code, pc) {
                self.pc = pc;
                self.next_pc = resumption.body;
                self.block = edge.block;
                self.state = edge.state;
                if self.state.unchecked_call {
                    self.check_valid();
                }
                let (item, ends) = self.resume(resumption)?;
                self.take_raised(activation, &mut pending);
                for end in ends {
                    self.block = end.block;
                    self.state = end.state;
                    self.go(&mut pending, &mut around, resumption.exit)?;
                }
                let Some(item) = item else { continue };
                let body = resumption.body;
                if resumption.is_first() {
                    bodies.insert(body, pc);
                    pending.entry(body).or_default().push(item);
                } else {
                    self.block = item.block;
                    self.state = item.state;
                    self.loop_back(body)?;
                }
                continue;
            }
            if let Some(header) = bodies.remove(&pc) {
                edge = self.enter_body(pc, header, edge);
            } else if facts.loops.contains_key(&pc) {
                edge = self.enter_loop(pc, edge);
            }
            self.block = edge.block;
            self.state = edge.state;
            self.pc = pc;
            loop {
                let Some((op, x, next)) = decode(&words.code, self.pc as usize) else {
                    return Err(Failure::Refused("its bytecode cannot be read"));
                };
                self.next_pc = next as u32;
                if self.state.unchecked_call {
                    self.check_valid();
                }
                self.make_variables();
                if self.graph.insts.len() > MAX_INSTS {
                    return Err(Failure::Refused("it is too long"));
                }
                let flow = self.instruction(op, &x)?;
                self.take_raised(activation, &mut pending);
                match flow {
                    Flow::Next => {}
                    Flow::Ended => break,
                    Flow::Jump(t) => {
                        self.go(&mut pending, &mut around, t)?;
                        break;
                    }
                    Flow::Return(value) => {
                        let state = std::mem::take(&mut self.state);
                        returns.push(Returned {
                            edge: Edge {
                                block: self.block,
                                state,
                            },
                            value,
                            pc: self.pc,
                            yielded: (op == Opcode::Yield).then_some(self.pc),
                        });
                        break;
                    }
                    Flow::Branch {
                        condition,
                        sense,
                        target,
                        compared,
                    } => {
                        if let Some(known) = self.known_truth(condition) {
                            if known == sense {
                                self.go(&mut pending, &mut around, target)?;
                            } else {
                                let n = self.next_pc;
                                self.go(&mut pending, &mut around, n)?;
                            }
                            break;
                        }
                        let (yes, no) = (self.graph.new_block(), self.graph.new_block());
                        self.end(Terminator::Branch(condition, yes, no));
                        let state = self.state.clone();
                        let (taken, other) = if sense { (yes, no) } else { (no, yes) };
                        self.block = other;
                        self.narrow_compared(compared, !sense);
                        self.narrow_tested(condition, !sense);
                        let n = self.next_pc;
                        self.go(&mut pending, &mut around, n)?;
                        self.block = taken;
                        self.state = state;
                        self.narrow_compared(compared, sense);
                        self.narrow_tested(condition, sense);
                        self.go(&mut pending, &mut around, target)?;
                        break;
                    }
                    Flow::Iterated {
                        more,
                        exit,
                        item,
                        dst,
                    } => {
                        let (yes, no) = (self.graph.new_block(), self.graph.new_block());
                        self.end(Terminator::Branch(more, yes, no));
                        let state = self.state.clone();
                        self.block = no;
                        self.end_items(&item);
                        self.go(&mut pending, &mut around, exit)?;
                        self.block = yes;
                        self.state = state;
                        let v = self.take_item(item)?;
                        self.state.set(dst, v);
                        let n = self.next_pc;
                        self.go(&mut pending, &mut around, n)?;
                        break;
                    }
                }
                // Ways meet here, or a loop begins.
                let n = self.next_pc;
                if pending.contains_key(&n) || facts.targets.contains(&n) {
                    self.go(&mut pending, &mut around, n)?;
                    break;
                }
                self.pc = n;
            }
        }
        self.leave_loops(activation);
        Ok(returns)
    }

    /// Ways to handlers of an activation, which were found meanwhile, are to be walked.
    fn take_raised(&mut self, activation: usize, pending: &mut BTreeMap<u32, Vec<Edge>>) {
        self.raised.retain_mut(|(to, word, edge)| {
            if *to != activation {
                return true;
            }
            let edge = std::mem::replace(
                edge,
                Edge {
                    block: Block(0),
                    state: State::default(),
                },
            );
            pending.entry(*word).or_default().push(edge);
            false
        });
    }

    /// Control goes from the current block to a word.
    fn go(
        &mut self,
        pending: &mut BTreeMap<u32, Vec<Edge>>,
        around: &mut BTreeMap<u32, Vec<Edge>>,
        target: u32,
    ) -> Result<(), Failure> {
        if self.state.unchecked_call {
            let (pc, next) = (self.pc, self.next_pc);
            self.pc = target;
            self.check_valid();
            self.pc = pc;
            self.next_pc = next;
        }
        // Back?
        let activation = self.activation();
        let code = self.code();
        if target <= self.pc && self.resumption(&self.state, code, target).is_some() {
            // (Fetches the next item first, even where the unit has entered this loop in the middle.)
        } else if target <= self.pc && self.loops.iter().any(|l| l.at == (activation, target)) {
            return self.loop_back(target);
        }
        let list = if target < self.pc { around } else { pending };
        let state = std::mem::take(&mut self.state);
        list.entry(target).or_default().push(Edge {
            block: self.block,
            state,
        });
        Ok(())
    }

    /// Leaves when the unit's assumptions were broken by a call.
    fn check_valid(&mut self) {
        self.state.unchecked_call = false;
        // What the call set of inlined frames' variables is in their windows only.
        let pushed = if self.plan.keep && self.are_shown() {
            self.push_shown()
        } else {
            0
        };
        let s = self.state_at(self.pc, Reason::Invalidated, pushed > 0);
        self.push_state(Op::StillValid, &[], 0, Rep::Int, Type::RAW, s);
        self.pop_frames(pushed);
    }

    /// The truth that a value is known to have.
    pub fn known_truth(&self, c: Value) -> Option<bool> {
        let i = self.graph.definition(c)?;
        (i.op == Op::ConstBool).then_some(i.imm != 0)
    }

    fn instruction(&mut self, op: Opcode, x: &Operands) -> Result<Flow, Failure> {
        use Opcode::*;
        let (a, b, c) = (x.a as usize, x.b as usize, x.c as usize);
        let imm = x.c as i16 as i64;
        self.destination = x.a;
        match op {
            Nop => {}
            Move => {
                let v = self.state.get(b);
                self.state.set(a, v);
            }
            LoadConst => {
                let code = self.code();
                let v = self.th.constant_of(code, x.bc() as usize);
                match v {
                    Some(v) => {
                        let v = self.constant_object(v);
                        self.state.set(a, Abs::V(v));
                    }
                    None => return Err(Failure::Refused("its bytecode cannot be read")),
                }
            }
            LoadInt => {
                let v = self.constant_int(x.bc() as i32 as i64);
                self.state.set(a, Abs::V(v));
            }
            Clear => {
                self.state.set(a, Abs::Unbound);
                self.hide_variable(a as u16);
            }
            CheckBound => match self.state.get(a) {
                Abs::Unbound => {
                    self.leave(Reason::Unbound);
                    return Ok(Flow::Ended);
                }
                Abs::V(v) if self.ty(v).may_be(kinds::UNBOUND) => {
                    let s = self.state_here(Reason::Unbound);
                    let ty = self.ty(v);
                    let ty = Type {
                        kinds: ty.kinds & !kinds::UNBOUND,
                        ..ty
                    };
                    let g = self.push_state(Op::GuardBound, &[v], 0, Rep::Tagged, ty, s);
                    self.state.replace(v, g);
                }
                _ => {}
            },

            MakeCell => self.make_cell(a),
            MakeFunction => return self.make_function(op, x),
            LoadClosure => return self.load_closure(a, b, op, x),
            LoadCell => return self.load_cell(a, b),
            StoreCell => return self.store_cell(a, b, op, x),

            LoadGlobal | LoadName => return self.load_global(a, x.d, x.e, op, x),

            LoadAttr => return self.load_attr(a, b, x.d, x.e),
            StoreAttr => return self.store_attr(a, b, x.d, x.e),
            LoadMethod => return self.load_method(a, b, x.d, x.e),
            LoadSuperMethod => return self.load_super_method(a, x.d, x.e, op, x),

            LoadSubscript => {
                let k = self.state.get(c);
                return self.load_subscript(a, b, k, x.d);
            }
            LoadSubscriptInt => {
                let k = self.constant_int(imm);
                return self.load_subscript(a, b, Abs::V(k), x.d);
            }
            StoreSubscript => return self.store_subscript(a, b, c, x.d),
            LoadSlice => return self.load_slice(a, b, c, false),
            LoadSteppedSlice => return self.load_slice(a, b, c, true),
            StoreSlice => {
                let args = [a, c, c + 1, b].map(|r| self.tagged_register(r));
                self.call_helper(Helper::set_slice, &args, Type::RAW);
            }
            DeleteSubscript => {
                let args = [a, b].map(|r| self.tagged_register(r));
                self.call_helper(Helper::del_item, &args, Type::RAW);
            }

            SumStep => return self.sum_step(a, b, x.d),
            BinaryAdd => return self.binary(BinaryOp::Add, false, a, b, c, x.d),
            BinarySub => return self.binary(BinaryOp::Sub, false, a, b, c, x.d),
            BinaryMul => return self.binary(BinaryOp::Mul, false, a, b, c, x.d),
            BinaryTrueDiv => return self.binary(BinaryOp::TrueDiv, false, a, b, c, x.d),
            BinaryFloorDiv => return self.binary(BinaryOp::FloorDiv, false, a, b, c, x.d),
            BinaryMod => return self.binary(BinaryOp::Mod, false, a, b, c, x.d),
            BinaryPow => return self.binary(BinaryOp::Pow, false, a, b, c, x.d),
            BinaryMatMul => return self.binary(BinaryOp::MatMul, false, a, b, c, x.d),
            BinaryLShift => return self.binary(BinaryOp::LShift, false, a, b, c, x.d),
            BinaryRShift => return self.binary(BinaryOp::RShift, false, a, b, c, x.d),
            BinaryAnd => return self.binary(BinaryOp::And, false, a, b, c, x.d),
            BinaryOr => return self.binary(BinaryOp::Or, false, a, b, c, x.d),
            BinaryXor => return self.binary(BinaryOp::Xor, false, a, b, c, x.d),
            InplaceAdd => return self.binary(BinaryOp::Add, true, a, b, c, x.d),
            InplaceSub => return self.binary(BinaryOp::Sub, true, a, b, c, x.d),
            InplaceMul => return self.binary(BinaryOp::Mul, true, a, b, c, x.d),
            InplaceTrueDiv => return self.binary(BinaryOp::TrueDiv, true, a, b, c, x.d),
            InplaceFloorDiv => return self.binary(BinaryOp::FloorDiv, true, a, b, c, x.d),
            InplaceMod => return self.binary(BinaryOp::Mod, true, a, b, c, x.d),
            InplacePow => return self.binary(BinaryOp::Pow, true, a, b, c, x.d),
            InplaceMatMul => return self.binary(BinaryOp::MatMul, true, a, b, c, x.d),
            InplaceLShift => return self.binary(BinaryOp::LShift, true, a, b, c, x.d),
            InplaceRShift => return self.binary(BinaryOp::RShift, true, a, b, c, x.d),
            InplaceAnd => return self.binary(BinaryOp::And, true, a, b, c, x.d),
            InplaceOr => return self.binary(BinaryOp::Or, true, a, b, c, x.d),
            InplaceXor => return self.binary(BinaryOp::Xor, true, a, b, c, x.d),
            BinaryAddInt => return self.binary_int(BinaryOp::Add, false, a, b, imm, x.d),
            BinarySubInt => return self.binary_int(BinaryOp::Sub, false, a, b, imm, x.d),
            BinaryMulInt => return self.binary_int(BinaryOp::Mul, false, a, b, imm, x.d),
            BinaryFloorDivInt => return self.binary_int(BinaryOp::FloorDiv, false, a, b, imm, x.d),
            BinaryModInt => return self.binary_int(BinaryOp::Mod, false, a, b, imm, x.d),
            BinaryAndInt => return self.binary_int(BinaryOp::And, false, a, b, imm, x.d),
            BinaryLShiftInt => return self.binary_int(BinaryOp::LShift, false, a, b, imm, x.d),
            BinaryRShiftInt => return self.binary_int(BinaryOp::RShift, false, a, b, imm, x.d),
            InplaceAddInt => return self.binary_int(BinaryOp::Add, true, a, b, imm, x.d),
            InplaceSubInt => return self.binary_int(BinaryOp::Sub, true, a, b, imm, x.d),
            UnaryNeg => return self.negate(a, b, Some(x.d)),
            UnaryPos => return self.unary_plus(a, b),
            UnaryInvert => return self.invert(a, b),
            UnaryNot => {
                let v = self.state.get(b);
                let t = self.truth_of(v, None)?;
                let n = self.not(t);
                self.state.set(a, Abs::V(n));
            }

            CompareLt => return self.compare(Compare::Lt, a, b, c, x.d),
            CompareLe => return self.compare(Compare::Le, a, b, c, x.d),
            CompareEq => return self.compare(Compare::Eq, a, b, c, x.d),
            CompareNe => return self.compare(Compare::Ne, a, b, c, x.d),
            CompareGt => return self.compare(Compare::Gt, a, b, c, x.d),
            CompareGe => return self.compare(Compare::Ge, a, b, c, x.d),
            Contains => {
                let t = self.contains(b, c, x.e)?;
                let t = if x.d != 0 { self.not(t) } else { t };
                self.state.set(a, Abs::V(t));
            }
            Is => {
                let t = self.is(b, c);
                let t = if x.d != 0 { self.not(t) } else { t };
                self.state.set(a, Abs::V(t));
            }

            Jump => return Ok(Flow::Jump(x.d)),
            LoopBack => {
                let s = self.state_here(Reason::Safepoint);
                self.push_state(Op::Safepoint, &[], 0, Rep::Int, Type::RAW, s);
                return Ok(Flow::Jump(x.d));
            }
            JumpIfTrue | JumpIfFalse => {
                let v = self.state.get(a);
                let condition = self.truth_of(v, Some(x.e))?;
                return Ok(Flow::Branch {
                    condition,
                    sense: op == JumpIfTrue,
                    target: x.d,
                    compared: None,
                });
            }
            JumpIfNone | JumpIfNotNone => {
                let v = self.state.get(a);
                let none = self.th.none();
                let condition = self.is_object(v, none);
                return Ok(Flow::Branch {
                    condition,
                    sense: op == JumpIfNone,
                    target: x.d,
                    compared: None,
                });
            }
            JumpIfUnbound => {
                let condition = match self.state.get(a) {
                    Abs::Unbound => self.constant_bool(true),
                    Abs::O(_) => self.constant_bool(false),
                    Abs::V(v) if !self.ty(v).may_be(kinds::UNBOUND) => self.constant_bool(false),
                    Abs::V(v) => {
                        let u = self.constant_unbound();
                        self.push(Op::Same, &[v, u], 0, Rep::Bool, Type::BOOL)
                    }
                };
                return Ok(Flow::Branch {
                    condition,
                    sense: true,
                    target: x.d,
                    compared: None,
                });
            }
            JumpLt => return self.jump_compare(Compare::Lt, a, None, x),
            JumpLe => return self.jump_compare(Compare::Le, a, None, x),
            JumpEq => return self.jump_compare(Compare::Eq, a, None, x),
            JumpNe => return self.jump_compare(Compare::Ne, a, None, x),
            JumpGt => return self.jump_compare(Compare::Gt, a, None, x),
            JumpGe => return self.jump_compare(Compare::Ge, a, None, x),
            JumpLtInt => return self.jump_compare(Compare::Lt, a, Some(x.b as i16 as i64), x),
            JumpLeInt => return self.jump_compare(Compare::Le, a, Some(x.b as i16 as i64), x),
            JumpEqInt => return self.jump_compare(Compare::Eq, a, Some(x.b as i16 as i64), x),
            JumpNeInt => return self.jump_compare(Compare::Ne, a, Some(x.b as i16 as i64), x),
            JumpGtInt => return self.jump_compare(Compare::Gt, a, Some(x.b as i16 as i64), x),
            JumpGeInt => return self.jump_compare(Compare::Ge, a, Some(x.b as i16 as i64), x),
            JumpContains => {
                let condition = self.contains(a, b, x.e)?;
                return Ok(Flow::Branch {
                    condition,
                    sense: c != 0,
                    target: x.d,
                    compared: None,
                });
            }
            JumpIfNotBuiltin => return self.jump_if_not_builtin(a, b, x.d),
            CallIntrinsic2 if self.is_int_sum(c, x.d) => {
                let total = self.state.get(b);
                self.state.set(a, total);
            }
            CallIntrinsic2 => return self.step(op, x),
            JumpIs => {
                let condition = self.is(a, b);
                return Ok(Flow::Branch {
                    condition,
                    sense: c != 0,
                    target: x.d,
                    compared: None,
                });
            }

            GetIter => return self.get_iter(a, b, x.d),
            ForIter => return self.for_iter(a, b, x.d, x.e),
            UnpackSequence => return self.unpack(a, b, c, op, x),

            BuildTuple => {
                let fields = (b..b + c).map(|r| self.state.get(r)).collect();
                let v = if c == 0 {
                    let e = self.th.empty_tuple().value();
                    Abs::V(self.constant_object(e))
                } else {
                    self.state
                        .add_object(taipan_abi::resume::ObjectKind::Tuple, fields)
                };
                self.state.set(a, v);
            }
            BuildList => {
                let fields: Vec<Abs> = (b..b + c).map(|r| self.state.get(r)).collect();
                if self.becomes_arguments(x.a) {
                    let list = taipan_abi::resume::ObjectKind::List;
                    let v = self.state.add_object(list, fields);
                    self.state.set(a, v);
                    return Ok(Flow::Next);
                }
                let args: Vec<Value> = fields.into_iter().map(|f| self.tagged(f)).collect();
                let v = self.call_run_quiet(
                    Helper::new_list,
                    &args,
                    Type::shape(super::shape_of(taipan_vm::types::T::List)),
                );
                self.state.set(a, Abs::V(v));
            }
            BuildMap | BuildSet | BuildString => return self.build_run(op, a, b, c),
            StoreGlobal => self.store_global(a, x.d),
            StoreName => return self.store_name(a, x.d, op, x),
            ListExtend if self.extend_removed(a, b) => {}
            ListExtend => {
                let args = [a, b].map(|r| self.tagged_register(r));
                self.call_helper(Helper::list_extend, &args, Type::RAW);
            }
            ListToTuple => self.list_to_tuple(a, b),
            DictMerge if self.merge_removed(a, b) => {}
            CallEx => return self.call_ex(op, x),
            SetAdd => {
                let args = [a, b].map(|r| self.tagged_register(r));
                self.call_helper(Helper::set_add, &args, Type::RAW);
            }
            MapSet => {
                let args = [a, b, c].map(|r| self.tagged_register(r));
                self.call_helper(Helper::dict_set_item, &args, Type::RAW);
            }
            FormatValue | FormatWithSpec => {
                let (conversion, spec) = match op {
                    FormatValue => (c as u32, self.constant_unbound()),
                    _ => (x.d, self.tagged_register(c)),
                };
                let v = self.tagged_register(b);
                let conversion = self.constant_raw_int(conversion as i64);
                let args = [v, spec, conversion];
                let r = self.call_helper(Helper::format, &args, Type::ANY);
                self.state.set(a, Abs::V(r));
            }
            ListAppend if self.append_removed(a, b) => {}
            ListAppend => return self.list_append_op(a, b, op, x),

            Call => return self.call_op(x, false),
            CallMethod => return self.call_op(x, true),

            Return => {
                let v = self.state.get(a);
                if self.state.top().construct.is_some() {
                    self.check_constructed(v);
                }
                return Ok(Flow::Return(v));
            }
            ReturnNone => {
                let none = self.th.none();
                let v = self.constant_object(none);
                return Ok(Flow::Return(Abs::V(v)));
            }

            Raise | RaiseFrom | RaiseCurrent | Reraise => return self.raise_op(op, a, b),
            ExitHandler => self.exit_handler(a),
            MatchException => self.match_exception(a, b, c),

            Yield if self.state.top().resumed_by.is_some() => {
                return Ok(Flow::Return(self.state.get(b)));
            }
            ReturnGenerator if self.state.frames.len() > 1 => {
                return Ok(Flow::Return(self.begin_generator()));
            }
            // What the interpreter does: it suspends, or handles what was raised.
            Yield | Delegate if self.header.is_some() && self.state.frames.len() == 1 => {
                self.leave_by_window();
                return Ok(Flow::Ended);
            }
            LoadSpecial => {
                if !self.load_special(a, b, x.c)? {
                    return self.step(op, x);
                }
            }
            GetAwaitable => {
                let v = self.tagged_register(b);
                let context = self.constant_raw_int(c as i64);
                let v = self.call_helper(Helper::awaitable, &[v, context], Type::ANY);
                self.state.set(a, Abs::V(v));
            }
            GetYieldFromIter => {
                let v = self.tagged_register(b);
                let it = match self.generator_of(v) {
                    Some(g) => g,
                    None => Abs::V(self.call_helper(Helper::yield_from_iter, &[v], Type::ANY)),
                };
                self.state.set(a, it);
            }
            ReturnGenerator | Yield | Delegate | JumpIfStopAsync | EnterHandler
            | MatchExceptionGroup | PrepareReraiseStar => {
                self.leave(Reason::Interpret);
                return Ok(Flow::Ended);
            }

            // What is run by the interpreter, one instruction, without leaving.
            LoadAssertionError
            | LoadNotImplementedError
            | LoadBuildClass
            | DeleteCell
            | DeleteGlobal
            | DeleteName
            | LoadLocals
            | LoadFromDictOrGlobals
            | LoadFromDictOrCell
            | DeleteAttr
            | LoadSuperAttr
            | WithExceptStart
            | BuildSlice
            | UnpackEx
            | SetUpdate
            | DictUpdate
            | DictMerge
            | BuildInterpolation
            | BuildTemplate
            | GetAIter
            | GetANext
            | ImportName
            | ImportFrom
            | ImportStar
            | GetLen
            | MatchMapping
            | MatchSequence
            | MatchKeys
            | MatchClass
            | CallIntrinsic1
            | SetupAnnotations => return self.step(op, x),
        }
        Ok(Flow::Next)
    }

    /// A register of the innermost frame as a tagged value.
    pub fn tagged_register(&mut self, r: usize) -> Value {
        let a = self.state.get(r);
        self.tagged(a)
    }

    /// Has the interpreter run the instruction: registers that it reads go to the window, those that
    /// it writes are read back.
    pub fn step(&mut self, op: Opcode, x: &Operands) -> Result<Flow, Failure> {
        let mut reads = Vec::new();
        let mut writes = Vec::new();
        for_each_access(op, x, |access| {
            for r in access.first..access.first + access.count {
                if access.reads {
                    reads.push(r as usize);
                }
                if access.writes {
                    writes.push(r as usize);
                }
            }
        });
        let values: Vec<(usize, Value)> = reads
            .iter()
            .map(|r| {
                let v = self.state.get(*r);
                (*r, self.tagged(v))
            })
            .collect();
        let pushed = self.push_frames();
        let innermost = self.state.frames.len() - 1;
        let window = self.window_of(innermost);
        for (r, v) in values {
            self.store_register(innermost, r as u16, v);
        }
        self.raising(
            Op::CallHelper,
            &[],
            (Helper::step as i64, 0),
            Type::RAW,
            true,
        );
        let results: Vec<(usize, Value)> = writes
            .iter()
            .map(|r| {
                let v = self.push(
                    Op::ReloadRegister,
                    &[],
                    window + *r as i64,
                    Rep::Tagged,
                    Type::ANY_OR_UNBOUND,
                );
                self.set_alias(taipan_ssa::graph::Alias::Thread);
                (*r, v)
            })
            .collect();
        self.pop_frames(pushed);
        self.called();
        let shown = &mut self.state.top().shown;
        shown.pc = None;
        for (r, v) in &results {
            shown.stored.retain(|(x, _)| *x as usize != *r);
            shown.stored.push((*r as u16, *v));
        }
        for (r, v) in results {
            self.state.set(r, Abs::V(v));
        }
        Ok(Flow::Next)
    }

    /// Python code may have run.
    pub fn called(&mut self) {
        self.calls += 1;
        self.state.clobber_all();
        self.forget_instance_shapes();
        self.state.unchecked_call = true;
    }

    /// A helper that may run Python code and raise.
    pub fn call_helper(&mut self, h: Helper, args: &[Value], ty: Type) -> Value {
        let pushed = self.push_frames();
        let v = self.raising(Op::CallHelper, args, (h as i64, 0), ty, true);
        self.pop_frames(pushed);
        self.called();
        v
    }

    /// A helper that changes nothing that a load could see, and may raise.
    pub fn call_quiet(&mut self, h: Helper, args: &[Value], ty: Type) -> Value {
        self.raising(Op::CallQuiet, args, (h as i64, 0), ty, false)
    }

    /// A helper with a run of values, which may run Python code: `front` goes before the run.
    pub fn call_run(&mut self, h: Helper, front: &[Value], run: &[Value], ty: Type) -> Value {
        let pushed = self.push_frames();
        let mut args = front.to_vec();
        args.extend(run);
        let imm = (h as i64, front.len() as i64);
        let v = self.raising(Op::CallRun, &args, imm, ty, true);
        self.pop_frames(pushed);
        self.called();
        v
    }

    /// As [`Builder::call_run`] without front, for helpers that change nothing.
    pub fn call_run_quiet(&mut self, h: Helper, run: &[Value], ty: Type) -> Value {
        self.raising(Op::CallRunQuiet, run, (h as i64, 0), ty, false)
    }

    /// The name constant with an index.
    pub fn name(&mut self, i: u32) -> (taipan_vm::object::Gc<taipan_vm::types::str_::Str>, Value) {
        let n = self.code().name_at(i);
        let v = self.constant_object(n.value());
        (n, v)
    }

    /// Address of a feedback slot as an untagged constant.
    pub fn slot_address(&mut self, i: u32) -> Value {
        let p = self.slot(i) as *const _ as i64;
        self.constant_int(p)
    }

    /// Is the value this object?
    pub fn is_object(&mut self, v: Abs, o: Object) -> Value {
        match v {
            Abs::O(_) => self.constant_bool(false),
            Abs::Unbound => self.constant_bool(false),
            Abs::V(v) => {
                if let Some(k) = self.known(v) {
                    return self.constant_bool(k.is(o));
                }
                let ty = self.ty(v);
                let oty = self.type_of_object(o);
                if ty.kinds != 0 && ty.kinds & oty.kinds == 0 {
                    return self.constant_bool(false);
                }
                if ty.within(kinds::NONE) && oty.within(kinds::NONE) {
                    return self.constant_bool(true);
                }
                let t = self.tag(v);
                let k = self.constant_object(o);
                self.push(Op::Same, &[t, k], 0, Rep::Bool, Type::BOOL)
            }
        }
    }

    /// What a test for a shape says of its operand where it holds.
    fn narrow_tested(&mut self, condition: Value, holds: bool) {
        if let Some(test) = self.graph.definition(condition)
            && test.op == Op::HasShape
            && holds
        {
            let (v, shape) = (test.args[0], test.imm as u32);
            self.state.narrow(v, Type::shape(shape));
        }
    }

    fn narrow_compared(&mut self, compared: Option<(Compare, Value, Value)>, holds: bool) {
        let Some((cc, x, y)) = compared else { return };
        let cc = if holds { cc } else { cc.negated() };
        let (tx, ty) = (self.ty(x), self.ty(y));
        let (nx, ny) = match cc {
            Compare::Lt => (
                tx.clamp(i64::MIN, ty.high.saturating_sub(1)),
                ty.clamp(tx.low.saturating_add(1), i64::MAX),
            ),
            Compare::Le => (tx.clamp(i64::MIN, ty.high), ty.clamp(tx.low, i64::MAX)),
            Compare::Gt => (
                tx.clamp(ty.low.saturating_add(1), i64::MAX),
                ty.clamp(i64::MIN, tx.high.saturating_sub(1)),
            ),
            Compare::Ge => (tx.clamp(ty.low, i64::MAX), ty.clamp(i64::MIN, tx.high)),
            Compare::Eq => (tx.clamp(ty.low, ty.high), ty.clamp(tx.low, tx.high)),
            Compare::Ne => (tx, ty),
        };
        for (v, t) in [(x, nx), (y, ny)] {
            if t.low <= t.high && self.known_int(v).is_none() {
                self.state.narrow(v, t);
            }
        }
    }
}
