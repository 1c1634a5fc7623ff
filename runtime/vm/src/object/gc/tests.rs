//! Tests of the heap as a whole: random graphs against a model, roots, weak references,
//! finalizers, large cells, limits.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::*;
use crate::object::buffer::{RawBuffer, ValueBuffer};
use crate::object::header::HeaderFlags;
use crate::object::native::{NativeHeader, NativeObject, NativeVtable, vtable_of};
use crate::object::pointer::{Gc, Slot};
use crate::object::shape::ShapeId;
use crate::object::trace::Tracer;
use crate::object::value::Value;

const PLAIN: ShapeId = ShapeId(3);
const WITH_CALLBACK: ShapeId = ShapeId(4);
const WITH_ATTRIBUTES: ShapeId = ShapeId(5);

#[derive(Default)]
struct Host {
    roots: RefCell<Vec<Value>>,
    class: Cell<Option<Value>>,
    cleared: RefCell<Vec<Value>>,
    stack: Cell<Option<StackRange>>,
}

impl RootSet for Host {
    fn trace_roots(&self, tracer: &mut Tracer) {
        for &v in self.roots.borrow().iter() {
            tracer.value(v);
        }
    }
    fn conservative_ranges(&self, f: &mut dyn FnMut(StackRange)) {
        if let Some(stack) = self.stack.get() {
            f(stack);
        }
    }
}
impl ShapeInfo for Host {
    fn class_of(&self, shape: ShapeId) -> Option<*const Header> {
        if shape == WITH_ATTRIBUTES {
            self.class
                .get()
                .and_then(|v| v.header().map(|h| h as *const Header))
        } else {
            None
        }
    }
    fn payload_size(&self, shape: ShapeId) -> usize {
        if shape == WITH_ATTRIBUTES {
            size_of::<Node>()
        } else {
            0
        }
    }
    fn payload_size_of(&self, _: &Header) -> usize {
        unreachable!("all layouts have one size")
    }
}
impl WeakReferences for Host {
    fn clear_weak(&self, weakref: Value) {
        self.cleared.borrow_mut().push(weakref);
    }
    fn has_callback(&self, weakref: Value) -> bool {
        weakref.header().is_some_and(|h| h.shape() == WITH_CALLBACK)
    }
    fn sweep_tables(&self, _: Collection, is_live: &dyn Fn(Value) -> bool) {
        assert!(self.roots.borrow().iter().all(|&v| is_live(v)));
    }
}

#[repr(C)]
struct Node {
    header: NativeHeader,
    next: Slot,
    drops: Rc<Cell<usize>>,
}
// SAFETY: NativeHeader first, repr(C), and the only slot is reported.
unsafe impl NativeObject for Node {
    const VTABLE: &'static NativeVtable = &vtable_of::<Node>("Node");
    fn trace_fields(&self, tracer: &mut Tracer) {
        tracer.slot(&self.next);
    }
}
impl Drop for Node {
    fn drop(&mut self) {
        self.drops.set(self.drops.get() + 1);
    }
}

fn node(
    heap: &mut Heap,
    shape: ShapeId,
    next: Option<Value>,
    drops: &Rc<Cell<usize>>,
    slots: usize,
) -> Gc<Node> {
    let p = heap.allocate(size_of::<Node>() + 8 * slots) as *mut Node;
    // SAFETY: the cell is fresh and large enough.
    let g = unsafe {
        p.write(Node {
            header: NativeHeader::new::<Node>(shape),
            next: Slot::from_option(next),
            drops: drops.clone(),
        });
        Gc::from_raw(p)
    };
    heap.register_native_drop(g.value());
    g
}

/// Collects without looking at the stack.
fn collect_exactly(heap: &mut Heap, kind: Collection, host: &Host) -> usize {
    heap.collect(kind, host, std::ptr::null(), std::ptr::null(), true)
}

fn buffer(heap: &mut Heap, n: usize) -> Gc<ValueBuffer> {
    ValueBuffer::new(heap, n).expect("memory")
}

struct Random(u64);
impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        ((self.0 >> 33) as usize) % n
    }
}

/// Random buffers that refer to each other, next to a model; reachable ones must keep their
/// contents, and after a full collection nothing else may be left.
fn random_graph(seed: u64, steps: usize, zeal: bool) {
    let mut heap = Heap::new();
    if zeal {
        heap.set_zeal(1);
    }
    let host = Host::default();
    let mut random = Random(seed);
    // Model: per object its references; the object's first word is its index in the model.
    let mut model: Vec<Vec<Option<usize>>> = Vec::new();
    let mut roots: Vec<(usize, Gc<ValueBuffer>)> = Vec::new();
    for step in 0..steps {
        match random.below(100) {
            0..60 => {
                let n = if random.below(200) == 0 {
                    5000 + random.below(20000)
                } else {
                    1 + random.below(30)
                };
                let b = buffer(&mut heap, n + 1);
                assert!((0..=n).all(|i| b.get(i).is_none()), "cells are zeroed");
                b.set(0, Value::small(model.len() as i32));
                roots.push((model.len(), b));
                model.push(vec![None; n]);
            }
            60..85 => {
                if roots.len() > 1 {
                    let (from, a) = roots[random.below(roots.len())];
                    let (to, b) = roots[random.below(roots.len())];
                    let slot = random.below(model[from].len());
                    a.set(slot + 1, b.value());
                    model[from][slot] = Some(to);
                }
            }
            85..98 => {
                if roots.len() > 20 {
                    roots.swap_remove(random.below(roots.len()));
                }
            }
            _ => {
                if let Some(&(mut at, mut b)) = roots.get(random.below(roots.len().max(1))) {
                    // Walk somewhere and make it a root.
                    for _ in 0..5 {
                        let slot = random.below(model[at].len());
                        let Some(next) = model[at][slot] else { break };
                        b = b
                            .get(slot + 1)
                            .and_then(|v| v.downcast::<ValueBuffer>())
                            .expect("reference");
                        at = next;
                    }
                    roots.push((at, b));
                }
            }
        }
        if step % 97 == 0 {
            *host.roots.borrow_mut() = roots.iter().map(|(_, b)| b.value()).collect();
            let full = random.below(5) == 0;
            collect_exactly(
                &mut heap,
                if full {
                    Collection::Full
                } else {
                    Collection::Young
                },
                &host,
            );
            let reachable = check_graph(&model, &roots);
            if full {
                let mut cells = 0;
                heap.for_each_cell(&mut |_| cells += 1);
                assert_eq!(cells, reachable);
            }
        }
    }
}

fn check_graph(model: &[Vec<Option<usize>>], roots: &[(usize, Gc<ValueBuffer>)]) -> usize {
    let mut seen = vec![false; model.len()];
    let mut work = roots.to_vec();
    let mut count = 0;
    while let Some((at, b)) = work.pop() {
        assert_eq!(b.get(0).and_then(Value::as_int), Some(at as i64));
        if std::mem::replace(&mut seen[at], true) {
            continue;
        }
        count += 1;
        for (slot, reference) in model[at].iter().enumerate() {
            let v = b.get(slot + 1);
            match reference {
                None => assert!(v.is_none()),
                Some(to) => work.push((
                    *to,
                    v.and_then(|v| v.downcast::<ValueBuffer>())
                        .expect("reference"),
                )),
            }
        }
    }
    count
}

#[test]
fn random_graphs_keep_what_is_reachable_and_nothing_else() {
    for seed in 0..4 {
        random_graph(seed, 20_000, false);
    }
}

#[test]
fn random_graphs_with_poison() {
    for seed in 6..9 {
        random_graph(seed, 10_000, true);
    }
}

#[inline(never)]
fn hide(heap: &mut Heap, word: usize) -> u64 {
    let b = buffer(heap, 8);
    b.set(3, Value::small(4711));
    std::hint::black_box(b.data() as u64 + word as u64 * 8)
}

#[test]
fn words_on_the_stack_keep_cells_alive_inner_pointers_included() {
    let mut heap = Heap::new();
    heap.set_zeal(1);
    let host = Host::default();
    let inner = std::hint::black_box([hide(&mut heap, 3)]);
    let base = stack_base().expect("bounds");
    for kind in [
        Collection::Young,
        Collection::Full,
        Collection::Young,
        Collection::Full,
    ] {
        heap.collect(kind, &host, std::ptr::null(), base, false);
        for _ in 0..1000 {
            buffer(&mut heap, 8);
        }
        let word = std::hint::black_box(&inner)[0] as *const u64;
        // SAFETY: points into a buffer that the word itself keeps alive; that is what is tested.
        assert_eq!(unsafe { *word }, Value::small(4711).bits());
    }
}

#[test]
fn free_cells_and_headers_of_blocks_are_no_roots() {
    let mut heap = Heap::new();
    let host = Host::default();
    let a = buffer(&mut heap, 2);
    let address = a.as_ptr() as usize;
    assert!(heap.cell_of(address as *const u8).is_some());
    assert!(heap.cell_of((address + 16) as *const u8).is_some());
    assert!(
        heap.cell_of((address & !(BLOCK_SIZE - 1)) as *const u8)
            .is_none()
    );
    assert!(
        heap.cell_of((address + 4096) as *const u8).is_none(),
        "beyond the cursor"
    );
    let live = buffer(&mut heap, 2);
    host.roots.borrow_mut().push(live.value());
    collect_exactly(&mut heap, Collection::Young, &host);
    assert!(heap.cell_of(address as *const u8).is_none(), "freed");
    let words = [address, live.as_ptr() as usize + 8, address + 8];
    let mut found = Vec::new();
    // SAFETY: one past the end of the array.
    let end = unsafe { words.as_ptr().add(3) };
    let stack = StackRange {
        low: words.as_ptr() as *const u64,
        high: end as *const u64,
        grows_down: false,
    };
    heap.scan_conservatively(stack, true, &mut found);
    assert_eq!(found, [live.as_ptr() as *const Header]);
}

/// A stack that grows and shrinks at random and is written to anywhere: what it refers to lives,
/// also where a word has the value that it had before.
fn random_stack(seed: u64, grows_down: bool) {
    let mut random = Random(seed);
    let mut heap = Heap::new();
    heap.set_zeal(u32::MAX - 1);
    let host = Host::default();
    let size = 40_000;
    let mut words = vec![0u64; size];
    let mut depth = 0;
    let at = |i: usize| if grows_down { size - 1 - i } else { i };
    for _ in 0..400 {
        if random.below(3) == 0 {
            depth = random.below(size);
        }
        depth = (depth + random.below(200)).saturating_sub(100).min(size);
        for _ in 0..random.below(30) {
            if depth > 0 {
                let i = at(random.below(depth));
                words[i] = match random.below(4) {
                    0 => 7,
                    1 => words[at(random.below(depth))],
                    _ => buffer(&mut heap, 3).value().bits() + random.below(16) as u64,
                };
            }
        }
        let (low, high) = match grows_down {
            true => (size - depth, size),
            false => (0, depth),
        };
        // What lies behind the end may refer to what has died.
        words[..low].fill(0);
        words[high..].fill(0);
        // SAFETY: within the vector.
        let (low, high) = unsafe { (words.as_ptr().add(low), words.as_ptr().add(high)) };
        host.stack.set(Some(StackRange {
            low,
            high,
            grows_down,
        }));
        let kind = match random.below(10) {
            0 => Collection::Full,
            _ => Collection::Young,
        };
        collect_exactly(&mut heap, kind, &host);
        let mut cells = 0;
        heap.for_each_cell(&mut |_| cells += 1);
        let mut expected: Vec<u64> = words.iter().map(|w| w & !15).filter(|&w| w != 0).collect();
        for &w in &expected {
            assert!(heap.cell_of(w as *const u8).is_some(), "{w:#x} was freed");
        }
        expected.sort_unstable();
        expected.dedup();
        if kind == Collection::Full {
            assert_eq!(cells, expected.len());
        }
    }
}

#[test]
fn what_a_changing_stack_refers_to_lives() {
    for seed in 0..4 {
        random_stack(seed, false);
        random_stack(seed, true);
    }
}

#[test]
fn the_barrier_remembers_old_owners_of_young_values() {
    let mut heap = Heap::new();
    let host = Host::default();
    let owner = buffer(&mut heap, 4);
    let large = buffer(&mut heap, 100_000);
    host.roots
        .borrow_mut()
        .extend([owner.value(), large.value()]);
    collect_exactly(&mut heap, Collection::Young, &host);
    for round in 0..3 {
        let young = buffer(&mut heap, 4);
        young.set(0, Value::small(round));
        owner.set(1, young.value());
        let other = buffer(&mut heap, 4);
        large.copy_from(99_999, &[other.value()]);
        assert_eq!(owner.header().gc.get(), barrier::REMEMBERED);
        for _ in 0..2 {
            collect_exactly(&mut heap, Collection::Young, &host);
            assert_eq!(owner.header().gc.get(), barrier::OLD);
            assert_eq!(young.header().gc.get(), barrier::OLD);
            assert!(heap.cell_of(other.as_ptr() as *const u8).is_some());
        }
        owner.clear(1);
    }
    let mut cells = 0;
    collect_exactly(&mut heap, Collection::Full, &host);
    heap.for_each_cell(&mut |_| cells += 1);
    assert_eq!(cells, 3);
}

#[test]
fn destructors_run_once_and_attribute_areas_are_traced() {
    let mut heap = Heap::new();
    let host = Host::default();
    let drops = Rc::new(Cell::new(0));
    let class = buffer(&mut heap, 1);
    host.class.set(Some(class.value()));
    let inner = node(&mut heap, PLAIN, None, &drops, 0);
    let outer = node(&mut heap, WITH_ATTRIBUTES, None, &drops, 5);
    outer.header().set_flag(HeaderFlags::ATTRIBUTES);
    // SAFETY: the last of the words that were allocated behind the payload.
    unsafe {
        (outer.as_ptr().add(1) as *mut u64)
            .add(4)
            .write(inner.value().bits())
    };
    host.roots.borrow_mut().push(outer.value());
    for kind in [Collection::Young, Collection::Full] {
        assert_eq!(collect_exactly(&mut heap, kind, &host), 0);
        assert!(
            heap.cell_of(class.as_ptr() as *const u8).is_some(),
            "class through the shape"
        );
        assert_eq!(drops.get(), 0);
    }
    let mut referents = Vec::new();
    heap.for_each_referent(outer.header(), &host, &mut |v| referents.push(v));
    assert_eq!(referents, [inner.value(), class.value()][..referents.len()]);
    let mut referrers = Vec::new();
    heap.for_each_referrer(&[inner.value()], &host, &mut |v| referrers.push(v));
    assert_eq!(referrers, [outer.value()]);
    host.roots.borrow_mut().clear();
    assert_eq!(
        collect_exactly(&mut heap, Collection::Young, &host),
        0,
        "old"
    );
    assert_eq!(collect_exactly(&mut heap, Collection::Full, &host), 2);
    assert_eq!(drops.get(), 2);
    node(&mut heap, PLAIN, None, &drops, 0);
    drop(heap);
    assert_eq!(drops.get(), 3);
}

#[test]
fn finalizers_are_queued_once_and_see_what_they_reach() {
    let mut heap = Heap::new();
    let host = Host::default();
    let drops = Rc::new(Cell::new(0));
    let inner = node(&mut heap, PLAIN, None, &drops, 0);
    let a = node(&mut heap, PLAIN, Some(inner.value()), &drops, 0);
    let b = node(&mut heap, PLAIN, Some(a.value()), &drops, 0);
    heap.register_finalizer(a.value());
    heap.register_finalizer(b.value());
    collect_exactly(&mut heap, Collection::Young, &host);
    assert_eq!(drops.get(), 0);
    assert!(heap.has_pending());
    // A collection in between does not lose those that wait.
    collect_exactly(&mut heap, Collection::Full, &host);
    // What holds comes before what it holds.
    assert_eq!(heap.take_pending_finalizer(), Some(b.value()));
    assert_eq!(heap.take_pending_finalizer(), Some(a.value()));
    assert_eq!(heap.take_pending_finalizer(), None);
    // The second comes back to life, with what it refers to.
    host.roots.borrow_mut().push(a.value());
    collect_exactly(&mut heap, Collection::Full, &host);
    assert_eq!((drops.get(), heap.has_pending()), (1, false));
    host.roots.borrow_mut().clear();
    collect_exactly(&mut heap, Collection::Full, &host);
    assert_eq!(
        (drops.get(), heap.has_pending()),
        (3, false),
        "no second finalizer"
    );
}

#[test]
fn a_young_object_that_is_not_finalized_at_exit_is_forgotten_when_it_dies() {
    let mut heap = Heap::new();
    let host = Host::default();
    let drops = Rc::new(Cell::new(0));
    let a = node(&mut heap, PLAIN, None, &drops, 0);
    heap.register_finalizer(a.value());
    heap.queue_all_finalizers(|_| false);
    assert!(!heap.has_pending());
    assert_eq!(heap.finalizable().count(), 1);
    collect_exactly(&mut heap, Collection::Young, &host);
    assert_eq!(heap.take_pending_finalizer(), Some(a.value()));
    assert_eq!(heap.finalizable().count(), 0);
}

#[test]
fn weak_references_in_the_order_of_the_reference_implementation() {
    let mut heap = Heap::new();
    let host = Host::default();
    let drops = Rc::new(Cell::new(0));
    let dead = node(&mut heap, PLAIN, None, &drops, 0);
    let finalized = node(&mut heap, PLAIN, None, &drops, 0);
    heap.register_finalizer(finalized.value());
    let live = node(&mut heap, PLAIN, None, &drops, 0);
    let mut weak = |shape, referent: &Gc<Node>, rooted: bool| {
        let w = node(&mut heap, shape, None, &drops, 0);
        heap.register_weak(referent.value(), w.value(), false);
        if rooted {
            host.roots.borrow_mut().push(w.value());
        }
        w.value()
    };
    let plain = weak(PLAIN, &dead, true);
    let first = weak(WITH_CALLBACK, &dead, true);
    let second = weak(WITH_CALLBACK, &dead, true);
    let trash = weak(WITH_CALLBACK, &dead, false);
    let on_finalized = weak(PLAIN, &finalized, true);
    let called_on_finalized = weak(WITH_CALLBACK, &finalized, true);
    let trash_on_live = weak(WITH_CALLBACK, &live, false);
    let on_live = weak(PLAIN, &live, true);
    host.roots.borrow_mut().push(live.value());
    assert_eq!(heap.weak_refs_of(live.value()), [trash_on_live, on_live]);

    collect_exactly(&mut heap, Collection::Young, &host);
    let cleared = host.cleared.take();
    for v in [plain, first, second, called_on_finalized] {
        assert!(cleared.contains(&v));
    }
    for v in [trash, on_finalized, trash_on_live, on_live] {
        assert!(!cleared.contains(&v));
    }
    let calls: Vec<Value> = std::iter::from_fn(|| heap.take_pending_weak_callback()).collect();
    assert_eq!(calls.len(), 3);
    let position = |v| calls.iter().position(|&c| c == v);
    assert!(position(second) < position(first), "the latest first");
    assert_eq!(heap.take_pending_finalizer(), Some(finalized.value()));
    assert_eq!(heap.weak_refs_of(finalized.value()), [on_finalized]);
    assert_eq!(heap.weak_refs_of(live.value()), [on_live]);

    collect_exactly(&mut heap, Collection::Full, &host);
    assert_eq!(host.cleared.take(), [on_finalized]);
    assert!(!heap.has_pending());
    host.roots.borrow_mut().retain(|&v| v != on_live);
    collect_exactly(&mut heap, Collection::Full, &host);
    assert!(!live.header().has(HeaderFlags::WEAKLY_REFERENCED));
}

#[test]
fn large_cells_grow_in_place_and_are_returned() {
    let mut heap = Heap::new();
    let host = Host::default();
    let a = RawBuffer::new(&mut heap, 300_000).expect("memory");
    a.write(299_990, b"0123456789");
    host.roots.borrow_mut().push(a.value());
    assert!(heap.grow_in_place(a.as_ptr() as *const u8, 1_500_000));
    let b = RawBuffer::new(&mut heap, 100_000).expect("memory");
    assert!(
        !heap.grow_in_place(a.as_ptr() as *const u8, 30_000_000),
        "in the way"
    );
    let inner = (b.data() as usize + 90_000) as *const u8;
    assert_eq!(
        heap.cell_of(inner).map(Header::address),
        Some(b.as_ptr() as usize)
    );
    let before = heap.size();
    collect_exactly(&mut heap, Collection::Young, &host);
    assert!(heap.size() < before);
    assert!(heap.cell_of(inner).is_none());
    assert!(
        heap.grow_in_place(a.as_ptr() as *const u8, 3_100_000),
        "room again"
    );
    assert_eq!(&a.as_slice()[299_990..300_000], b"0123456789");
    host.roots.borrow_mut().clear();
    collect_exactly(&mut heap, Collection::Full, &host);
    assert_eq!((heap.size(), heap.live_bytes()), (0, 0));
    let c = RawBuffer::new(&mut heap, 2_000_000).expect("memory");
    assert!(c.as_slice().iter().all(|&x| x == 0));
}

#[test]
fn the_limit_is_obeyed_and_asks_for_a_collection() {
    let mut heap = Heap::new();
    heap.set_limit(Some(4 << 20));
    let host = Host::default();
    assert!(heap.try_allocate(5 << 20).is_none());
    assert!(heap.try_allocate(usize::MAX).is_none());
    assert!(heap.should_collect());
    collect_exactly(&mut heap, Collection::Full, &host);
    assert!(!heap.should_collect());
    let mut n = 0;
    while let Some(b) = ValueBuffer::new(&mut heap, 30) {
        b.set(0, Value::small(n));
        n += 1;
    }
    // As much again until the safepoint.
    assert!(n > 20_000 && heap.should_collect() && heap.is_over_limit());
    assert!(heap.size() <= 8 << 20);
    assert_eq!(heap.due(), Some(Collection::Full));
    collect_exactly(&mut heap, Collection::Full, &host);
    assert!(ValueBuffer::new(&mut heap, 30).is_some());
}

#[test]
fn a_heap_in_steady_state_stays_small() {
    let mut heap = Heap::new();
    let host = Host::default();
    let mut random = Random(1);
    let live = 5000;
    host.roots.borrow_mut().resize(live, Value::small(0));
    for _ in 0..1_500_000 {
        let b = buffer(&mut heap, 1 + random.below(60));
        if random.below(10) == 0 {
            host.roots.borrow_mut()[random.below(live)] = b.value();
        }
        if heap.should_collect()
            && let Some(kind) = heap.due()
        {
            heap.collect(kind, &host, std::ptr::null(), std::ptr::null(), false);
        }
    }
    assert!(heap.stats().generations[0].collections > 10);
    assert!(heap.stats().peak < 64 << 20, "{}", heap.stats().peak);
}

#[test]
fn vectors_grow_in_place_where_they_can() {
    let mut heap = Heap::new();
    let v = crate::object::buffer::ValueVec::new();
    let mut copies = 0;
    let mut buffer = None;
    for i in 0..1_000_000 {
        assert!(v.try_push(&mut heap, None, Value::small(i)));
        if v.buffer() != buffer {
            buffer = v.buffer();
            copies += 1;
        }
    }
    assert!((0..1_000_000).all(|i| v.get(i as usize) == Some(Value::small(i))));
    assert!(copies < 25, "{copies}");
    assert!(heap.size() < 10 << 20);
}

#[test]
fn what_dies_scattered_among_the_living_makes_a_full_collection_due() {
    let mut heap = Heap::new();
    let host = Host::default();
    let mut most = 0;
    // One cell in fifty survives one young collection, and dies: to young ones it stays alive.
    for _ in 0..2000 {
        let mut kept = Vec::new();
        for i in 0..20_000 {
            let b = buffer(&mut heap, 6);
            if i % 50 == 0 {
                kept.push(b.value());
            }
        }
        most = most.max(heap.size());
        *host.roots.borrow_mut() = kept;
        match heap.due() {
            Some(Collection::Full) => {
                assert!(heap.live_bytes() < 20 << 20, "{}", heap.live_bytes());
                collect_exactly(&mut heap, Collection::Full, &host);
                assert!(heap.size() < 8 << 20, "{}", heap.size());
                assert!(most < 64 << 20, "{most}");
                return;
            }
            _ => collect_exactly(&mut heap, Collection::Young, &host),
        };
    }
    panic!("no full collection in {most} bytes");
}
