//! The page in headless Chromium, where there is one: wide and narrow, light and dark.
//!
//! A script added to a copy of the page measures what the browser made of it and tells the page
//! around it; the browser prints that page.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde::Deserialize;

use super::render;
use crate::cli::Clock;
use crate::journal::{Entry, Header, Mode, Settings, Unit};
use crate::machine::Machine;
use crate::peers::Peer;
use crate::protocol::{Measured, Sample};
use crate::results::{FORMAT, Figure, Results};

const PROBE: &str = r#"
<script>
const opened = [...document.querySelectorAll('details')];
const box = e => e.getBoundingClientRect();
const overflow = document.documentElement.scrollWidth - innerWidth;
opened.forEach(d => d.open = true);
const seen = {
  width: innerWidth,
  overflow: Math.max(overflow, document.documentElement.scrollWidth - innerWidth),
  dark: matchMedia('(prefers-color-scheme: dark)').matches,
  ground: getComputedStyle(document.body).backgroundColor,
  means: [...document.querySelectorAll('dd[data-mean]')].map(e => +e.dataset.mean),
  bars: [...document.querySelectorAll('details[data-figure=Steady] .bar[data-ratio]')].map(e => {
    const svg = box(e.querySelector('svg')), rect = box(e.querySelector('rect'));
    const middle = svg.left + svg.width / 2;
    return [+e.dataset.ratio, (rect.right - middle) / svg.width, (rect.left - middle) / svg.width];
  }),
  curves: [...document.querySelectorAll('.curve polyline')].map(e => box(e).width),
  failures: document.querySelectorAll('.failures tr').length - 1,
  text: document.body.innerText,
};
parent.postMessage(btoa(unescape(encodeURIComponent(JSON.stringify(seen)))), '*');
</script>
"#;

/// A browser's window is never narrower than 500 pixels; a frame in it is.
const HOST: &str = r#"<!doctype html>
<script>
onmessage = event => {
  const out = document.createElement('pre');
  out.id = 'probe';
  out.textContent = event.data;
  document.body.append(out);
};
</script>
<body style="margin: 0"><iframe src="page.html" style="border: 0; height: 900px; width: WIDTHpx"></iframe>
"#;

#[derive(Deserialize)]
struct Seen {
    width: f64,
    overflow: f64,
    dark: bool,
    ground: String,
    means: Vec<f64>,
    bars: Vec<(f64, f64, f64)>,
    curves: Vec<f64>,
    failures: usize,
    text: String,
}

#[test]
fn the_page_in_a_browser() {
    let Some(browser) = browser() else {
        eprintln!("no chromium on the PATH: the page was not looked at");
        return;
    };
    let results = results();
    let page = render(&results);
    assert!(!page.contains("http"), "the page must not need a network");
    let folder = std::env::temp_dir().join(format!("taipan-bench-page-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("page.html");
    fs::write(&file, page.replace("</body>", &format!("{PROBE}</body>"))).unwrap();
    let mut grounds = Vec::new();
    for (width, dark) in [(1280, false), (1280, true), (400, false), (400, true)] {
        let host = folder.join("host.html");
        fs::write(&host, HOST.replace("WIDTH", &width.to_string())).unwrap();
        let output = Command::new(&browser)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"])
            .args(["--window-size=1400,1000", "--virtual-time-budget=5000"])
            .arg(format!(
                "--blink-settings=preferredColorScheme={}",
                u8::from(!dark)
            ))
            .arg(format!(
                "--user-data-dir={}",
                folder.join("profile").display()
            ))
            .arg(format!("file://{}", host.display()))
            .output()
            .unwrap();
        let document = String::from_utf8_lossy(&output.stdout).into_owned();
        let seen = document
            .split("<pre id=\"probe\">")
            .nth(1)
            .and_then(|t| t.split('<').next());
        let seen = seen.unwrap_or_else(|| panic!("no probe in {document}"));
        let seen: Seen = serde_json::from_slice(&base64(seen)).unwrap();
        assert_eq!((seen.width, seen.dark), (f64::from(width), dark));
        assert!(
            seen.overflow <= 0.0,
            "at {width} the page is {} too wide",
            seen.overflow
        );
        check(&seen, &results);
        grounds.push(seen.ground);
    }
    fs::remove_dir_all(&folder).unwrap();
    assert_ne!(grounds[0], grounds[1]);
    assert_eq!((&grounds[0], &grounds[1]), (&grounds[2], &grounds[3]));
}

/// The numbers of the results are there, as bars, curves and text.
fn check(seen: &Seen, results: &Results) {
    let mut expected = Vec::new();
    for (suite, benchmark) in results.benchmarks() {
        for peer in results.peers().into_iter().skip(1) {
            expected.extend(results.ratio(suite, benchmark, peer, Figure::Steady));
        }
    }
    assert_eq!(seen.bars.len(), expected.len());
    for ((ratio, right, left), expected) in seen.bars.iter().zip(expected) {
        assert!((ratio - expected).abs() < 1e-3);
        // From the middle to the right when faster, to the left when slower.
        let end = super::bars::place(expected) / 200.0 - 0.5;
        let drawn = if expected > 1.0 { *right } else { *left };
        assert!(
            (drawn - end).abs() < 0.02,
            "{expected} is drawn to {drawn}, not {end}"
        );
    }
    assert_eq!(seen.means.len(), 4);
    assert!((seen.means[0] - 4.0).abs() < 0.01, "{:?}", seen.means);
    let series = results
        .rows
        .iter()
        .filter(|row| row.error.is_none() && !row.series.is_empty());
    assert_eq!(seen.curves.len(), series.count());
    assert!(seen.curves.iter().all(|width| *width > 100.0));
    assert_eq!(seen.failures, 1);
    for text in [
        "nbody",
        "100 ms",
        "25.0 ms",
        "exit 1: <no> & why",
        "compiled 3 functions",
        "cpython 3.14.0",
    ] {
        assert!(seen.text.contains(text), "{text} is not on the page");
    }
}

fn browser() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|folder| {
            ["chromium", "chromium-headless-shell", "google-chrome"].map(|name| folder.join(name))
        })
        .find(|file| file.is_file())
}

/// A reference and a peer: four times faster, and once a failure.
fn results() -> Results {
    let peer = |name: &str, implementation: &str| Peer {
        name: name.to_owned(),
        environment: Vec::new(),
        command: vec![name.to_owned()],
        implementation: implementation.to_owned(),
        version: "3.14.0".to_owned(),
        python: "3.14".to_owned(),
        executable: name.to_owned(),
        statistics: implementation == "taipan",
    };
    let header = Header {
        format: FORMAT,
        date: "2026-11-28 03:00".to_owned(),
        command: "taipan-bench run".to_owned(),
        name: None,
        notes: Vec::new(),
        machine: Machine::default(),
        core: Some(1),
        settings: Settings {
            rounds: 1,
            least: 1.0,
            most: 5.0,
            clock: Clock::Wall,
            check: false,
        },
        peers: vec![peer("reference", "cpython"), peer("snake", "taipan")],
        base: "reference".to_owned(),
        redone: Vec::new(),
        pace: None,
    };
    let mut entries = Vec::new();
    for (program, times) in [
        ("nbody", [0.1, 0.025]),
        ("slow", [0.1, 0.4]),
        ("fast", [0.1, 0.1 / 64.0]),
        ("broken", [0.1, 0.0]),
    ] {
        for (name, time) in ["reference", "snake"].into_iter().zip(times) {
            for mode in [Mode::Once, Mode::Steady, Mode::Statistics] {
                let samples = (1..=20).map(|n| {
                    let warming = if n < 5 { 2.0 } else { 1.0 };
                    Sample(1, time * warming, f64::from(n) * 0.1, None)
                });
                let measured = Measured {
                    name: program.to_owned(),
                    cold: Some(time * 3.0),
                    samples: if mode == Mode::Steady {
                        samples.collect()
                    } else {
                        Vec::new()
                    },
                    peak_kb: Some(10240),
                    ..Measured::default()
                };
                let failed = time == 0.0;
                entries.push(Entry {
                    unit: Unit {
                        suite: "suite".to_owned(),
                        program: program.to_owned(),
                        peer: name.to_owned(),
                        round: 0,
                        mode,
                    },
                    wall: time * 4.0,
                    cpu: time * 4.0,
                    measured: if failed { Vec::new() } else { vec![measured] },
                    statistics: if mode == Mode::Statistics {
                        "compiled 3 functions".to_owned()
                    } else {
                        String::new()
                    },
                    error: failed.then(|| "exit 1: <no> & why".to_owned()),
                });
            }
        }
    }
    Results::of(header, &entries, true)
}

/// Decodes what `btoa` made.
fn base64(text: &str) -> Vec<u8> {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bits, mut count, mut out) = (0_u32, 0, Vec::new());
    for byte in text.bytes() {
        let Some(value) = digits.iter().position(|digit| *digit == byte) else {
            continue;
        };
        bits = bits << 6 | value as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    out
}
