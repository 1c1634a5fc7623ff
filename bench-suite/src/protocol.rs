//! What `harness/benchmeter.py` prints; see there for the lines.

use serde::{Deserialize, Serialize};

use crate::pace::{Pace, Track};

/// One benchmark in one process.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Its name: a script may measure several.
    pub name: String,
    /// Seconds of the first call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cold: Option<f64>,
    /// How fast the core was during it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pace: Option<Pace>,
    /// Digest of what the first call returned or printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// Samples from the second call on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub samples: Vec<Sample>,
    /// Most memory the process had resident, when the benchmark was through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_kb: Option<u64>,
    /// In what way the result is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrong: Option<String>,
    /// A command that the driver is to time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
}

/// Loops, seconds a loop, seconds since the warm-up began, and how fast the core was.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample(
    pub u64,
    pub f64,
    pub f64,
    #[serde(default, skip_serializing_if = "Option::is_none")] pub Option<Pace>,
);

/// The benchmarks in a process's output, in the order in which they ran; the track says how
/// fast the core was meanwhile.
pub fn parse(output: &str, track: &Track) -> Vec<Measured> {
    let mut found: Vec<Measured> = Vec::new();
    // When the last sample ended, and the next began.
    let mut since = None;
    for line in output.lines() {
        // A line that does not parse is the benchmark's own.
        let _ = take(line, track, &mut since, &mut found);
    }
    found
}

fn take(
    line: &str,
    track: &Track,
    since: &mut Option<f64>,
    found: &mut Vec<Measured>,
) -> Option<()> {
    let mut fields = line.strip_prefix("@bench\t")?.split('\t');
    let kind = fields.next()?;
    let name = fields.next()?;
    let mut number = || fields.next()?.parse::<f64>().ok();
    if !found.iter().any(|measured| measured.name == name) {
        found.push(Measured {
            name: name.to_owned(),
            ..Measured::default()
        });
    }
    let measured = found.iter_mut().find(|measured| measured.name == name)?;
    match kind {
        "cold" => {
            measured.cold = Some(number()?);
            let digest = fields.next()?;
            measured.digest = (digest != "-").then(|| digest.to_owned());
            let mut number = || fields.next()?.parse::<f64>().ok();
            let (from, to, busy) = (number()?, number()?, number()?);
            *since = None;
            measured.pace = track.over(from, to, busy);
        }
        "sample" => {
            let (loops, each, at) = (number()?, number()?, number()?);
            let (to, busy) = (number(), number());
            let pace = to.zip(busy).and_then(|(to, busy)| {
                let from = since.replace(to).unwrap_or(to - each * loops);
                track.over(from, to, busy)
            });
            measured.samples.push(Sample(loops as u64, each, at, pace));
        }
        "peak" => measured.peak_kb = Some(number()? as u64),
        "wrong" => measured.wrong = Some(fields.next()?.to_owned()),
        "command" => measured.command = fields.map(str::to_owned).collect(),
        _ => {}
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_one_benchmark_come_together() {
        let output = "noise\n@bench\tcold\tfloat\t0.25\t-\n@bench\tsample\tfloat\t4\t0.125\t0.5\n\
                      @bench\tpeak\tfloat\t1024\n@bench\tcold\tgo\t1.5\tabcd\n@bench\tcommand\tx\tpython\t-S\n";
        let found = parse(output, &Track::default());
        assert_eq!(found.len(), 3);
        assert_eq!(found[0].cold, Some(0.25));
        assert_eq!(found[0].samples, [Sample(4, 0.125, 0.5, None)]);
        assert_eq!(found[0].peak_kb, Some(1024));
        assert_eq!(found[1].digest.as_deref(), Some("abcd"));
        assert_eq!(found[2].command, ["python", "-S"]);
    }

    #[test]
    fn other_lines_are_ignored() {
        assert!(parse("anything\n@bench\n@bench\tcold\n", &Track::default()).is_empty());
    }
}
