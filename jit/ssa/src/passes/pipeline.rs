//! The order of the passes.

use std::fmt::Debug;

use crate::graph::Graph;

/// What a pass is called, and what it does.
type Pass<K> = (&'static str, fn(&mut Graph<K>) -> usize);

/// Runs all passes; `dump` gets the graph's text after each if it asks for it, and with `verify`
/// the graph is checked after each. The error names the pass.
pub fn run<K: Debug>(
    g: &mut Graph<K>,
    verify: bool,
    mut dump: Option<&mut dyn FnMut(&str, &Graph<K>)>,
) -> Result<(), String> {
    let passes: [Pass<K>; 5] = [
        ("parameters", super::parameters::run),
        ("common", super::common::run),
        ("dead", super::dead::run),
        ("invariant", super::invariant::run),
        ("dead", super::dead::run),
    ];
    if verify {
        crate::verify::verify(g).map_err(|e| format!("frontend: {e}"))?;
    }
    for (name, pass) in passes {
        pass(g);
        if let Some(d) = &mut dump {
            d(name, g);
        }
        if verify {
            crate::verify::verify(g).map_err(|e| format!("{name}: {e}"))?;
        }
    }
    Ok(())
}
