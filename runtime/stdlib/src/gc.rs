//! `gc`: the collector's controls.
//!
//! Generations 0 and 1 are young collections, 2 is a full one. The thresholds are kept for the
//! caller; the heap's own budgets decide, except that a first threshold of zero turns automatic
//! collection off. `get_objects` leaves out what is no Python object and what CPython's collector
//! would not track (numbers, strings and the like). There is no uncollectable garbage, so
//! `gc.garbage` stays empty; the debug flags are kept and do nothing.

use taipan_vm::call::VarArgs;
use taipan_vm::object::buffer::ValueBuffer;
use taipan_vm::object::gc::Collection;
use taipan_vm::object::{Gc, Header, HeaderFlags, Kind, Result, ShapeId, Value};
use taipan_vm::types::list::List;
use taipan_vm::types::module::Module;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::{Thread, pymodule};

/// The module `gc`.
pub struct GcModule;

const FLAGS: [(&str, i32); 5] = [
    ("DEBUG_STATS", 1),
    ("DEBUG_COLLECTABLE", 2),
    ("DEBUG_UNCOLLECTABLE", 4),
    ("DEBUG_SAVEALL", 32),
    ("DEBUG_LEAK", 38),
];

/// Would CPython's collector track objects of this layout?
fn is_container(header: &Header) -> bool {
    header.shape() != ShapeId::INTERNAL
        && (header.has(HeaderFlags::ATTRIBUTES)
            || !matches!(
                header.kind(),
                Kind::Free
                    | Kind::Values
                    | Kind::RawBuffer
                    | Kind::BigInt
                    | Kind::Float
                    | Kind::Str
                    | Kind::Bytes
                    | Kind::DictTable
                    | Kind::SetTable
                    | Kind::Code
            ))
}

/// A list of what `walk` passes to its callback. `walk` runs twice, because it must not allocate.
fn gather(th: &mut Thread, walk: impl Fn(&mut Thread, &mut dyn FnMut(Value))) -> Result<Gc<List>> {
    let mut count = 0;
    walk(th, &mut |_| count += 1);
    let Some(buffer) = ValueBuffer::new(th.heap(), count) else {
        return Err(th.memory_error());
    };
    let mut used = 0;
    walk(th, &mut |v| {
        if used < count {
            buffer.set(used, v);
            used += 1;
        }
    });
    Ok(th.list_from_slice(buffer.as_slice(used)))
}

/// A collection by `gc.collect`, which holds no object meanwhile.
fn collect_exactly(th: &mut Thread, kind: Collection) -> usize {
    match th.vm().collector.get() {
        Some(def) => th.collect_exactly(kind, def, true),
        None => th.collect_garbage(kind, true),
    }
}

/// This module provides access to the garbage collector for reference cycles.
#[pymodule(name = "gc")]
impl GcModule {
    #[pyexec]
    fn exec(th: &mut Thread, module: Gc<Module>) -> Result<()> {
        let mut functions = MODULE.functions.iter().flat_map(|table| table.iter());
        let collect = functions.find(|def| def.name == "collect");
        th.vm().collector.set(collect);
        for (name, value) in FLAGS {
            th.set_attr_str(module.value(), name, Value::small(value))?;
        }
        for name in ["garbage", "callbacks"] {
            let list = th.new_list();
            th.set_attr_str(module.value(), name, list.value())?;
        }
        Ok(())
    }

    /// Enable automatic garbage collection.
    #[pyfunction]
    fn enable(th: &mut Thread) {
        th.heap().set_enabled(true);
    }

    /// Disable automatic garbage collection.
    #[pyfunction]
    fn disable(th: &mut Thread) {
        th.heap().set_enabled(false);
    }

    /// Returns true if automatic garbage collection is enabled.
    #[pyfunction]
    fn isenabled(th: &mut Thread) -> bool {
        th.heap().stats().enabled
    }

    /// Run the garbage collector.
    ///
    /// With no arguments, run a full collection.  The optional argument
    /// may be an integer specifying which generation to collect.  A ValueError
    /// is raised if the generation number is invalid.
    ///
    /// The number of unreachable objects is returned.
    #[pyfunction(sig = "(generation=2)")]
    fn collect(th: &mut Thread, generation: Option<i32>) -> Result<usize> {
        let kind = match generation.unwrap_or(2) {
            0 | 1 => Collection::Young,
            2 => Collection::Full,
            _ => return Err(th.value_error("invalid generation")),
        };
        let number = generation.unwrap_or(2);
        if let Some(listeners) = th.collection_listeners() {
            th.tell_collection(listeners, "start", number, 0);
        }
        let mut freed = collect_exactly(th, kind);
        th.run_pending_untold();
        if kind == Collection::Full {
            // What only the finalizers kept alive.
            freed += collect_exactly(th, kind);
            th.run_pending_untold();
        }
        if let Some(listeners) = th.collection_listeners() {
            th.tell_collection(listeners, "stop", number, freed);
        }
        Ok(freed)
    }

    /// Return a three-tuple of the current collection counts.
    #[pyfunction]
    fn get_count(th: &mut Thread) -> Gc<Tuple> {
        let young = th.heap().stats().generations[0].collections;
        let full = th.heap().stats().generations[1].collections;
        let counts = [0, young % 10, full % 10].map(|n| Value::small(n as i32));
        th.new_tuple(&counts)
    }

    /// Return the current collection thresholds.
    #[pyfunction]
    fn get_threshold(th: &mut Thread) -> Gc<Tuple> {
        let thresholds = th.heap().stats().thresholds;
        let values = thresholds.map(|n| th.int(n));
        th.new_tuple(&values)
    }

    /// Set the collection thresholds (the collection frequency).
    ///
    /// Setting 'threshold0' to zero disables collection.
    #[pyfunction(sig = "(threshold0, threshold1=10, threshold2=10, /)")]
    fn set_threshold(
        th: &mut Thread,
        threshold0: i32,
        threshold1: Option<i32>,
        threshold2: Option<i32>,
    ) {
        let stats = th.heap().stats_mut();
        stats.thresholds[0] = threshold0.into();
        if let Some(n) = threshold1 {
            stats.thresholds[1] = n.into();
        }
        if let Some(n) = threshold2 {
            stats.thresholds[2] = n.into();
        }
        let enabled = stats.enabled;
        th.heap().set_enabled(enabled);
    }

    /// Return a list of dictionaries containing per-generation statistics.
    #[pyfunction]
    fn get_stats(th: &mut Thread) -> Result<Gc<List>> {
        let [young, full] = th.heap().stats().generations;
        let out = th.new_list();
        for generation in [young, Default::default(), full] {
            let row = th.new_dict();
            for (key, n) in [
                ("collections", generation.collections),
                ("collected", generation.collected),
                ("uncollectable", 0),
            ] {
                let n = th.int(n as i64);
                th.dict_set_text(row, key, n);
            }
            th.list_append(out, row.value())?;
        }
        Ok(out)
    }

    /// Return a list of objects tracked by the collector (excluding the list returned).
    ///
    /// If generation is not None, return only the objects tracked by the collector
    /// that are in that generation.
    #[pyfunction(sig = "(generation=None)")]
    fn get_objects(th: &mut Thread, generation: Option<Value>) -> Result<Gc<List>> {
        let generation = match th.not_none(generation) {
            None => None,
            Some(v) => Some(th.index_i64(v, "Python int too large to convert to C long")?),
        };
        match generation {
            Some(n) if n < 0 => {
                return Err(th.value_error("generation parameter cannot be negative"));
            }
            Some(n) if n > 2 => {
                return Err(th.value_error("generation parameter must be less than the number of available generations (3)"));
            }
            _ => {}
        }
        gather(th, |th, f| {
            th.heap().for_each_cell(&mut |h| {
                let here = match generation {
                    None => true,
                    Some(0) => h.is_young(),
                    Some(1) => false,
                    Some(_) => !h.is_young(),
                };
                if here
                    && is_container(h)
                    && let Some(v) = Value::from_bits(h.address() as u64)
                {
                    f(v);
                }
            });
        })
    }

    /// Return the list of objects that directly refer to any of 'objs'.
    #[pyfunction(sig = "(*objs)")]
    fn get_referrers(th: &mut Thread, objs: VarArgs) -> Result<Gc<List>> {
        gather(th, |th, f| {
            let vm = th.vm();
            th.heap()
                .for_each_referrer(objs.0.as_slice(), vm, &mut |v| {
                    if !v.is(objs.0.value()) && v.header().is_some_and(is_container) {
                        f(v);
                    }
                });
        })
    }

    /// Return the list of objects that are directly referred to by 'objs'.
    #[pyfunction(sig = "(*objs)")]
    fn get_referents(th: &mut Thread, objs: VarArgs) -> Result<Gc<List>> {
        gather(th, |th, f| {
            let vm = th.vm();
            for v in objs.0.as_slice() {
                if let Some(header) = v.header().filter(|h| is_container(h)) {
                    th.heap().for_each_referent(header, vm, f);
                }
            }
        })
    }

    /// Returns true if the object is tracked by the garbage collector.
    ///
    /// Simple atomic objects will return false.
    #[pyfunction]
    fn is_tracked(_: &mut Thread, obj: Value) -> bool {
        obj.header().is_some_and(is_container)
    }

    /// Returns true if the object has been already finalized by the GC.
    #[pyfunction]
    fn is_finalized(_: &mut Thread, obj: Value) -> bool {
        obj.header().is_some_and(|h| h.has(HeaderFlags::FINALIZED))
    }

    /// Set the garbage collection debugging flags.
    #[pyfunction]
    fn set_debug(th: &mut Thread, flags: i32) {
        th.heap().stats_mut().debug = flags.into();
    }

    /// Get the garbage collection debugging flags.
    #[pyfunction]
    fn get_debug(th: &mut Thread) -> i64 {
        th.heap().stats().debug
    }

    /// Freeze all current tracked objects and ignore them for future collections.
    #[pyfunction]
    fn freeze(th: &mut Thread) {
        let mut count = 0;
        th.heap()
            .for_each_cell(&mut |h| count += usize::from(is_container(h)));
        th.heap().stats_mut().frozen = count;
    }

    /// Unfreeze all objects in the permanent generation.
    #[pyfunction]
    fn unfreeze(th: &mut Thread) {
        th.heap().stats_mut().frozen = 0;
    }

    /// Return the number of objects in the permanent generation.
    #[pyfunction]
    fn get_freeze_count(th: &mut Thread) -> usize {
        th.heap().stats().frozen
    }
}
