//! `sys.monitoring`: tool numbers, callbacks and the names of events.
//!
//! Events themselves are not sent; asking for some raises NotImplementedError. Debuggers and
//! coverage tools work with `sys.settrace`.

use crate::object::{Gc, Result, Value};
use crate::types::ExceptionClass;
use crate::types::dict::Dict;
use crate::{Thread, pymodule};

/// The functions hang here.
pub struct Monitoring;

/// Registry key of the tools' names: a dict by number.
const TOOLS: &str = "sys.monitoring.tools";
/// Registry key of the callbacks: a dict by number and event.
const CALLBACKS: &str = "sys.monitoring.callbacks";

/// Number of tools.
const TOOL_LIMIT: i64 = 6;

/// Events in the order of their bits.
const EVENTS: [&str; 19] = [
    "PY_START",
    "PY_RESUME",
    "PY_RETURN",
    "PY_YIELD",
    "CALL",
    "LINE",
    "INSTRUCTION",
    "JUMP",
    "BRANCH_LEFT",
    "BRANCH_RIGHT",
    "STOP_ITERATION",
    "RAISE",
    "EXCEPTION_HANDLED",
    "PY_UNWIND",
    "PY_THROW",
    "RERAISE",
    "C_RETURN",
    "C_RAISE",
    "BRANCH",
];

/// Makes the module.
pub fn module(th: &mut Thread) -> Result {
    let m = th.native_module(&MODULE)?;
    let dict = m.namespace();
    let events = th.new_namespace();
    for (bit, name) in EVENTS.iter().enumerate() {
        let name = th.intern(name);
        let v = th.int(1 << bit);
        th.set_attr(events, name, v)?;
    }
    let zero = th.int(0);
    th.set_attr_str(events, "NO_EVENTS", zero)?;
    th.dict_set_text(dict, "events", events);
    for (name, n) in [
        ("DEBUGGER_ID", 0),
        ("COVERAGE_ID", 1),
        ("PROFILER_ID", 2),
        ("OPTIMIZER_ID", 5),
    ] {
        let n = th.int(n);
        th.dict_set_text(dict, name, n);
    }
    let object = th.vm().ty(crate::types::T::Object).value();
    for name in ["DISABLE", "MISSING"] {
        let v = th.call(object, &[])?;
        th.dict_set_text(dict, name, v);
    }
    Ok(m.value())
}

fn table(th: &mut Thread, key: &'static str) -> Gc<Dict> {
    let known = th.vm().registry.borrow().get(key).copied();
    if let Some(d) = known.and_then(|d| d.downcast::<Dict>()) {
        return d;
    }
    let d = th.new_dict();
    th.vm().registry.borrow_mut().insert(key, d.value());
    d
}

fn check_tool(th: &mut Thread, tool: i64) -> Result<Value> {
    if (0..TOOL_LIMIT).contains(&tool) {
        Ok(th.int(tool))
    } else {
        Err(th.value_error(format!("invalid tool {tool} (must be between 0 and 5)")))
    }
}

fn check_in_use(th: &mut Thread, tool: i64) -> Result<Value> {
    let key = check_tool(th, tool)?;
    match table(th, TOOLS).find(th, key)? {
        Some(_) => Ok(key),
        None => Err(th.value_error(format!("tool {tool} is not in use"))),
    }
}

fn refuse_events(th: &mut Thread, events: i64) -> Result<()> {
    if events == 0 {
        return Ok(());
    }
    if !(0..1 << EVENTS.len()).contains(&events) {
        return Err(th.value_error(format!("invalid event set 0x{events:x}")));
    }
    Err(th.not_implemented_error("sys.monitoring: events are not sent; use sys.settrace"))
}

/// Functions for monitoring program execution.
#[pymodule(name = "sys.monitoring")]
impl Monitoring {
    #[pyfunction(sig = "(tool_id, name, /)")]
    fn use_tool_id(th: &mut Thread, tool_id: i64, name: Value) -> Result<()> {
        let key = check_tool(th, tool_id)?;
        if name.downcast::<crate::types::str_::Str>().is_none() {
            return Err(th.value_error("tool name must be a str"));
        }
        let tools = table(th, TOOLS);
        if tools.find(th, key)?.is_some() {
            return Err(th.value_error(format!("tool {tool_id} is already in use")));
        }
        tools.set(th, key, name)
    }

    #[pyfunction(sig = "(tool_id, /)")]
    fn clear_tool_id(th: &mut Thread, tool_id: i64) -> Result<()> {
        let key = check_tool(th, tool_id)?;
        table(th, CALLBACKS).remove(th, key).map(|_| ())
    }

    #[pyfunction(sig = "(tool_id, /)")]
    fn free_tool_id(th: &mut Thread, tool_id: i64) -> Result<()> {
        let key = check_tool(th, tool_id)?;
        table(th, CALLBACKS).remove(th, key)?;
        table(th, TOOLS).remove(th, key).map(|_| ())
    }

    #[pyfunction(sig = "(tool_id, /)")]
    fn get_tool(th: &mut Thread, tool_id: i64) -> Result<Option<Value>> {
        let key = check_tool(th, tool_id)?;
        table(th, TOOLS).get(th, key)
    }

    #[pyfunction(sig = "(tool_id, event, func, /)")]
    fn register_callback(
        th: &mut Thread,
        tool_id: i64,
        event: i64,
        func: Value,
    ) -> Result<Option<Value>> {
        let key = check_tool(th, tool_id)?;
        if event <= 0 || event & (event - 1) != 0 {
            let message = "The callback can only be set for one event at a time";
            return Err(th.value_error(message));
        }
        if event >= 1 << EVENTS.len() {
            return Err(th.value_error(format!("invalid event {event}")));
        }
        let callbacks = table(th, CALLBACKS);
        let own = match callbacks.get(th, key)?.and_then(|d| d.downcast::<Dict>()) {
            Some(d) => d,
            None => {
                let d = th.new_dict();
                callbacks.set(th, key, d.value())?;
                d
            }
        };
        let event = th.int(event);
        let before = own.remove(th, event)?;
        if !th.is_none(func) {
            own.set(th, event, func)?;
        }
        Ok(before)
    }

    #[pyfunction(sig = "(tool_id, /)")]
    fn get_events(th: &mut Thread, tool_id: i64) -> Result<i64> {
        check_in_use(th, tool_id).map(|_| 0)
    }

    #[pyfunction(sig = "(tool_id, event_set, /)")]
    fn set_events(th: &mut Thread, tool_id: i64, event_set: i64) -> Result<()> {
        check_in_use(th, tool_id)?;
        refuse_events(th, event_set)
    }

    #[pyfunction(sig = "(tool_id, code, /)")]
    fn get_local_events(th: &mut Thread, tool_id: i64, code: Value) -> Result<i64> {
        check_code(th, code)?;
        check_in_use(th, tool_id).map(|_| 0)
    }

    #[pyfunction(sig = "(tool_id, code, event_set, /)")]
    fn set_local_events(th: &mut Thread, tool_id: i64, code: Value, event_set: i64) -> Result<()> {
        check_code(th, code)?;
        check_in_use(th, tool_id)?;
        refuse_events(th, event_set)
    }

    #[pyfunction]
    fn restart_events(_: &mut Thread) {}
}

fn check_code(th: &mut Thread, code: Value) -> Result<()> {
    if code.downcast::<crate::types::code::Code>().is_some() {
        return Ok(());
    }
    Err(th.raise(ExceptionClass::TypeError, "code must be a code object"))
}
