//! Reports of exceptions that nobody handles, when Python code cannot do it.

use crate::Thread;
use crate::object::Value;
use crate::types::exception::of;
use crate::types::traceback::Traceback;

/// The plain report of an exception: traceback and message, without source lines' anchors.
pub fn render(th: &mut Thread, e: Value) -> String {
    let mut out = String::new();
    let mut tb = of(e)
        .and_then(|e| e.traceback.get())
        .and_then(|t| t.downcast::<Traceback>());
    if tb.is_some() {
        out.push_str("Traceback (most recent call last):\n");
    }
    while let Some(t) = tb {
        let code = t.frame.code;
        let file = code
            .filename
            .get()
            .map_or(String::new(), |f| f.to_string_lossy());
        out.push_str(&format!(
            "  File \"{file}\", line {}, in {}\n",
            t.line(),
            code.data.name
        ));
        if let Ok(source) = std::fs::read_to_string(&file)
            && let Some(line) = source.lines().nth((t.line() - 1).max(0) as usize)
        {
            out.push_str(&format!("    {}\n", line.trim()));
        }
        tb = t.next.get().and_then(|t| t.downcast::<Traceback>());
    }
    let class = th.class_of(e);
    let name = th.qualified_name(class);
    let text = th.str_lossy(e);
    if text.is_empty() {
        out.push_str(&format!("{name}\n"));
    } else {
        out.push_str(&format!("{name}: {text}\n"));
    }
    out
}

/// Reports an exception that cannot be raised, by `sys.unraisablehook` when there is one.
pub fn unraisable(th: &mut Thread, context: Option<Value>, message: Option<&str>) {
    let Some(e) = th.pending_exception() else {
        return;
    };
    th.clear_pending();
    let hook = th.vm().registry.borrow().get("sys.unraisablehook").copied();
    if let Some(f) = hook {
        let c = th.or_none(context);
        let m = match message {
            Some(m) => th.new_str(m).value(),
            None => th.none(),
        };
        if th.call(f, &[e, m, c]).is_ok() {
            return;
        }
        th.clear_pending();
    }
    let text = render(th, e);
    let what = match (message, context) {
        (Some(m), Some(c)) => format!("{m}: {}:\n", th.repr_lossy(c)),
        (Some(m), None) => format!("{m}:\n"),
        (None, Some(c)) => format!("Exception ignored in: {}\n", th.repr_lossy(c)),
        (None, None) => String::new(),
    };
    eprint!("{what}{text}");
}
