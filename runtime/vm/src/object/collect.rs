//! Collections as the virtual machine sees them: its roots, its weak tables, its safepoint, and
//! what runs after a collection.

use taipan_bytecode::opcode::Opcode;

use super::Gc;
use super::attributes;
use super::gc::{
    Collection, Heap, RootSet, ShapeInfo, StackRange, WeakReferences, scrub_stack,
    with_spilled_registers,
};
use super::header::Header;
use super::shape::ShapeId;
use super::trace::{Trace, Tracer};
use super::value::Value;
use crate::Thread;
use crate::call::MethodDef;
use crate::thread::request;
use crate::types::builtin_function::Builtin;
use crate::types::list::List;
use crate::types::module::Module;
use crate::types::weakref::WeakRef;
use crate::vm::Vm;

/// The machine during a collection by one of its threads.
struct Machine<'a> {
    vm: &'a Vm,
    /// The collecting thread. It is not on the machine's list before it lets others run.
    thread: *const Thread,
}

impl Machine<'_> {
    fn for_each_thread(&self, f: &mut dyn FnMut(&Thread)) {
        // SAFETY: the collecting thread exists; the others are on the list while they exist, and
        // are stopped at a place where they left no borrow of themselves.
        unsafe {
            f(&*self.thread);
            for &thread in self
                .vm
                .threads
                .borrow()
                .iter()
                .filter(|&&t| t != self.thread)
            {
                f(&*thread);
            }
        }
    }
}

impl RootSet for Machine<'_> {
    fn trace_roots(&self, tracer: &mut Tracer) {
        self.vm.trace(tracer);
        self.for_each_thread(&mut |thread| thread.trace(tracer));
    }

    fn conservative_ranges(&self, f: &mut dyn FnMut(StackRange)) {
        self.for_each_thread(&mut |thread| {
            for (low, high) in [thread.stacks.used_values(), thread.stacks.used_frames()] {
                f(StackRange {
                    low,
                    high,
                    grows_down: false,
                });
            }
            if thread.parked_at.get() != 0 {
                f(StackRange {
                    low: thread.parked_at.get() as *const u64,
                    high: thread.stack_base as *const u64,
                    grows_down: true,
                });
            }
        });
    }
}

impl ShapeInfo for Machine<'_> {
    fn class_of(&self, shape: ShapeId) -> Option<*const Header> {
        self.vm.class_of(shape)
    }

    fn payload_size(&self, shape: ShapeId) -> usize {
        self.vm.payload_size(shape)
    }

    fn payload_size_of(&self, object: &Header) -> usize {
        self.vm.payload_size_of(object)
    }
}

impl ShapeInfo for Vm {
    fn class_of(&self, shape: ShapeId) -> Option<*const Header> {
        self.shapes
            .get(shape)
            .class_option()
            .map(|c| c.header() as *const Header)
    }

    fn payload_size(&self, shape: ShapeId) -> usize {
        self.shapes.get(shape).payload_size as usize
    }

    fn payload_size_of(&self, object: &Header) -> usize {
        attributes::area_offset(object, self.shapes.get(object.shape()))
    }
}

impl WeakReferences for Machine<'_> {
    fn clear_weak(&self, weakref: Value) {
        if let Some(w) = weakref.downcast::<WeakRef>() {
            w.clear();
        }
    }

    fn has_callback(&self, weakref: Value) -> bool {
        weakref
            .downcast::<WeakRef>()
            .is_some_and(|w| w.callback.get().is_some())
    }

    fn sweep_tables(&self, kind: Collection, is_live: &dyn Fn(Value) -> bool) {
        if let Some(tier) = self.vm.tier.get() {
            tier.sweep(kind, self.vm.assumptions, is_live);
        }
        // Of what the tables refer to, only what is new in them can have died young.
        let changed = self.vm.weak_tables_changed.replace(false);
        let shapes = self.vm.shapes.len();
        let grown = self.vm.swept_shapes.replace(shapes) != shapes;
        if kind == Collection::Young && !changed && !grown {
            return;
        }
        let is_dead = |word: u64| Value::from_bits(word).is_some_and(|v| !is_live(v));
        self.vm.codes.borrow_mut().retain(|code| {
            let live = is_live(code.value());
            if live {
                code.for_each_feedback(|slot| {
                    // The second word may be a number; taking one for a dead object costs a miss.
                    if is_dead(slot.value.get()) || is_dead(slot.value2.get()) {
                        slot.clear();
                    }
                });
            }
            live
        });
        for id in 0..shapes {
            let shape = self.vm.shapes.get(ShapeId(id));
            let Some(class) = shape.class_option() else {
                continue;
            };
            if !is_live(class.value()) {
                // The number is not used again: inline caches and compiled code may know it.
                shape.set_class(None);
                class.subclasses.take();
            } else if class.instance_shape().0 == id {
                class.subclasses.borrow_mut().retain(|c| is_live(c.value()));
            }
        }
    }
}

/// The number of bytes that an option like `512M` names.
fn parse_size(text: &str) -> Option<usize> {
    let (digits, shift) = match text.as_bytes().last()? {
        b'k' | b'K' => (&text[..text.len() - 1], 10),
        b'm' | b'M' => (&text[..text.len() - 1], 20),
        b'g' | b'G' => (&text[..text.len() - 1], 30),
        _ => (text, 0),
    };
    digits.parse::<usize>().ok()?.checked_mul(1 << shift)
}

impl Vm {
    /// Sets the heap up as the `-X` options say: `gc-every=N`, `gc-poison`,
    /// `max-heap=SIZE`.
    pub(crate) fn configure_heap(&self) {
        // SAFETY: the interpreter is being made; nobody else has a reference to its heap.
        let heap: &mut Heap = unsafe { &mut *self.heap_cell().get() };
        if let Some(Some(n)) = self.xoption("gc-every") {
            heap.set_zeal(n.parse().unwrap_or(1));
        }
        if self.xoption("gc-poison").is_some() {
            heap.set_poison();
        }
        if let Some(Some(size)) = self.xoption("max-heap") {
            heap.set_limit(parse_size(size));
        }
    }
}

impl Thread {
    /// Reports what the thread holds outside its stacks.
    fn trace(&self, tracer: &mut Tracer) {
        let cells = [
            &self.pending,
            &self.handled,
            &self.trace_function,
            &self.profile_function,
            &self.context,
            &self.running_loop,
            &self.running_task,
            &self.async_exception,
        ];
        for cell in cells.into_iter().chain(&self.asyncgen_hooks) {
            cell.get().trace_into(tracer);
        }
    }

    /// Has the heap tell this thread when a collection is due. For the thread that runs.
    pub fn listen_to_heap(&mut self) {
        let word = self.request_word();
        self.heap().set_interrupt(word, request::COLLECT);
    }

    /// Runs `f`, which lets other threads have the interpreter, with this thread's registers and
    /// stack where their collections find them.
    pub fn parked<R>(&self, f: impl FnOnce() -> R) -> R {
        with_spilled_registers(|low| {
            self.parked_at.set(low as usize);
            let result = f();
            self.parked_at.set(0);
            result
        })
    }

    /// Collects if the heap wants it; for safepoints. True if a MemoryError is in order because
    /// the heap is above its limit all the same.
    pub fn collect_if_due(&mut self) -> bool {
        let mut full = false;
        if let Some(kind) = self.heap().due() {
            full = kind == Collection::Full;
            let listeners = self.collection_listeners();
            let generation = if full { 2 } else { 0 };
            if let Some(listeners) = listeners {
                self.tell_collection(listeners, "start", generation, 0);
            }
            let freed = self.collect_garbage(kind, listeners.is_some());
            if let Some(listeners) = listeners {
                self.tell_collection(listeners, "stop", generation, freed);
            }
        }
        if self.heap().is_over_limit() && !full {
            self.collect_garbage(Collection::Full, false);
        }
        if self.heap().should_collect() {
            self.request(request::COLLECT);
        }
        self.heap().is_over_limit()
    }

    /// A collection by a thread that has nothing to do; what it leaves to run waits for the thread's
    /// next safepoint, behind the signals that came meanwhile.
    pub fn collect_while_idle(&mut self) {
        if let Some(kind) = self.heap().idle_collection() {
            self.collect_garbage(kind, false);
        }
    }

    /// `gc.callbacks`, if anything is in it. What they allocate themselves is no news for them.
    pub fn collection_listeners(&mut self) -> Option<Gc<List>> {
        if self.telling.get() {
            return None;
        }
        let modules = self.vm().modules_dict();
        let module = self.dict_get_text(modules, "gc")?;
        let dict = module.downcast::<Module>()?.namespace();
        let list = self.dict_get_text(dict, "callbacks")?;
        list.downcast::<List>().filter(|l| !l.items.is_empty())
    }

    /// Calls the listeners of collections with a phase (`start`, `stop`) and what there is to say.
    pub fn tell_collection(
        &mut self,
        listeners: Gc<List>,
        phase: &str,
        generation: i32,
        freed: usize,
    ) {
        let info = self.new_dict();
        for (key, n) in [
            ("generation", generation as usize),
            ("collected", freed),
            ("uncollectable", 0),
            ("candidates", 0),
        ] {
            let n = self.int(n as i64);
            self.dict_set_text(info, key, n);
        }
        let phase = self.intern(phase).value();
        self.telling.set(true);
        let mut i = 0;
        while let Some(f) = listeners.items.get(i) {
            if self.call(f, &[phase, info.value()]).is_err() {
                self.write_unraisable(Some(f), None);
            }
            i += 1;
        }
        self.telling.set(false);
    }

    /// Collects now; the number of objects that were freed if `count` is set. Finalizers and
    /// callbacks wait for [`Thread::run_pending`].
    pub fn collect_garbage(&mut self, kind: Collection, count: bool) -> usize {
        self.collect_above(kind, std::ptr::null(), count)
    }

    /// As [`Thread::collect_garbage`], for the native function `def`, which must not use any object
    /// afterwards: where Python code has called it directly, neither its machine frames nor those
    /// of the dispatch loop are scanned, whose stale words would be taken for references. What the
    /// loop uses after a call is in its registers.
    pub fn collect_exactly(&mut self, kind: Collection, def: &MethodDef, count: bool) -> usize {
        self.clear_dead_temporaries();
        let mut low = std::ptr::null();
        if self.runs_directly(def) {
            low = self.loop_low as *const u64;
            // The last exit of compiled code is over. (The thread may lie on its stack.)
            self.machine.exit.fill(0);
            self.machine.second = 0;
        }
        // What calls that have returned left on the machine stack must not look like roots.
        scrub_stack();
        self.collect_above(kind, low, count)
    }

    /// Is a call of this native function what the innermost dispatch loop is about, with nothing
    /// in between?
    fn runs_directly(&self, def: &MethodDef) -> bool {
        if self.loop_low == 0 || self.running_pending.get() || self.telling.get() {
            return false;
        }
        let Some(frame) = self.stacks.current() else {
            return false;
        };
        let Some((Opcode::Call | Opcode::CallMethod, base)) = frame.instruction() else {
            return false;
        };
        frame
            .reg(base)
            .and_then(Value::downcast::<Builtin>)
            .is_some_and(|b| std::ptr::eq(b.def, def))
    }

    fn collect_above(&mut self, kind: Collection, low: *const u64, count: bool) -> usize {
        let vm = self.vm();
        if kind == Collection::Full {
            // It would keep classes alive.
            vm.method_cache.clear();
        }
        let base = self.stack_base as *const u64;
        let machine = Machine { vm, thread: self };
        // SAFETY: this thread holds the interpreter lock, and what the collector asks of the
        // machine does not touch the heap.
        let freed = unsafe { (*vm.heap_cell().get()).collect(kind, &machine, low, base, count) };
        if self.heap().has_pending() {
            self.request(request::FINALIZE);
        }
        if kind == Collection::Full
            && let Some(tier) = vm.tier.get()
        {
            self.tell_broken();
            tier.collected(self);
        }
        freed
    }

    /// What is said of an exception that comes out of `__del__`.
    fn deallocator_complaint(&mut self, v: Value) -> String {
        let pending = self.pending.take();
        let name = self.intern("__del__");
        let del = self.class_of(v).lookup_uncached(name);
        let shown = self.repr_lossy(del.unwrap_or(v));
        self.pending.set(pending);
        format!("Exception ignored while calling deallocator {shown}")
    }

    /// Runs the weak references' callbacks and the finalizers that wait. Does nothing while that
    /// is under way. What they leave for others to run waits for the next safepoint: finalizers
    /// that always make more of their kind must not keep the program from going on.
    pub fn run_pending(&mut self) {
        if self.running_pending.replace(true) {
            return;
        }
        // An exception that is on its way is none of their business.
        let pending = self.pending.take();
        let (callbacks, finalizers) = self.heap().pending_counts();
        for _ in 0..callbacks {
            if let Some(w) = self.heap().take_pending_weak_callback() {
                self.run_weak_callback(w);
            }
        }
        for _ in 0..finalizers {
            if let Some(v) = self.heap().take_pending_finalizer() {
                self.run_finalizer(v);
            }
        }
        self.pending.set(pending);
        self.running_pending.set(false);
        if self.heap().has_pending() {
            self.request(request::FINALIZE);
        }
    }

    /// The same as a part of `gc.collect()`: of collections that become due meanwhile nobody is told, as
    /// CPython lets none begin.
    pub fn run_pending_untold(&mut self) {
        let before = self.telling.replace(true);
        self.run_pending();
        self.telling.set(before);
    }

    /// At exit: runs the finalizers that were written in Python of what is left, and lets
    /// suspended generators run their handlers. Files are flushed, not finalized.
    pub fn run_all_finalizers(&mut self) {
        // What the finalizers make has finalizers, too; but not without end.
        for _ in 0..4 {
            let th: &Thread = self;
            // SAFETY: the filter only looks at classes, which queueing does not touch.
            unsafe { &mut *th.vm().heap_cell().get() }.queue_all_finalizers(|v| {
                v.downcast::<crate::types::generator::Generator>().is_some()
                    || th.class_of(v).has(crate::types::type_::flags::HEAP)
            });
            if !self.heap().has_pending() {
                return;
            }
            self.run_pending();
        }
    }

    fn run_weak_callback(&mut self, w: Value) {
        let callback = w.downcast::<WeakRef>().and_then(|r| r.callback.take());
        if let Some(callback) = callback
            && self.call(callback, &[w]).is_err()
        {
            self.write_unraisable(
                Some(callback),
                Some("Exception ignored while calling weakref callback"),
            );
        }
    }

    fn run_finalizer(&mut self, v: Value) {
        let Some(del) = self.class_of(v).slots().del else {
            return;
        };
        let generator = v.downcast::<crate::types::generator::Generator>();
        let complaint = generator.map(|g| crate::types::generator::finalize::complaint(self, g));
        if del(self, v).is_err() {
            let complaint = match complaint {
                Some(text) => text,
                None => self.deallocator_complaint(v),
            };
            self.write_unraisable(None, Some(&complaint));
        }
    }
}
