//! The line at the bottom of a terminal: what runs, how far it is, how long it will take.

use std::collections::HashMap;
use std::io::{IsTerminal, Write, stderr};
use std::time::Instant;

use crate::journal::Mode;

/// Draws on standard error when it is a terminal.
#[derive(Debug)]
pub struct Progress {
    visible: bool,
    total: usize,
    done: usize,
    waiting: HashMap<Mode, usize>,
    spent: HashMap<Mode, (f64, usize)>,
    began: Option<(Mode, Instant)>,
}

impl Progress {
    /// For processes of these modes.
    pub fn new(modes: impl Iterator<Item = Mode>) -> Self {
        let mut waiting = HashMap::new();
        for mode in modes {
            *waiting.entry(mode).or_insert(0) += 1;
        }
        Self {
            visible: stderr().is_terminal(),
            total: waiting.values().sum(),
            done: 0,
            waiting,
            spent: HashMap::new(),
            began: None,
        }
    }

    /// A process begins.
    pub fn begin(&mut self, mode: Mode, what: &str) {
        self.began = Some((mode, Instant::now()));
        self.draw(what);
    }

    /// It ended, or need not run (then nothing was begun).
    pub fn end(&mut self, mode: Mode) {
        self.done += 1;
        if let Some(left) = self.waiting.get_mut(&mode) {
            *left = left.saturating_sub(1);
        }
        if let Some((mode, since)) = self.began.take() {
            let (seconds, count) = self.spent.entry(mode).or_insert((0.0, 0));
            *seconds += since.elapsed().as_secs_f64();
            *count += 1;
        }
    }

    /// Makes room for other output.
    pub fn clear(&self) {
        if self.visible {
            let _ = write!(stderr(), "\r\x1b[K");
        }
    }

    fn draw(&self, what: &str) {
        if !self.visible {
            return;
        }
        const WIDTH: usize = 24;
        let full = WIDTH * self.done / self.total.max(1);
        let bar = format!("{}{}", "█".repeat(full), "░".repeat(WIDTH - full));
        let left = self.left().map_or(String::new(), |seconds| {
            format!(" · {} left", span(seconds))
        });
        let _ = write!(
            stderr(),
            "\r\x1b[K{bar} {}/{}{left} · {what}",
            self.done,
            self.total
        );
        let _ = stderr().flush();
    }

    /// Seconds to go: each mode at its average so far.
    fn left(&self) -> Option<f64> {
        let (seconds, count) = self
            .spent
            .values()
            .fold((0.0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        if count < 3 {
            return None;
        }
        let overall = seconds / count as f64;
        let each = |mode| self.spent.get(mode).map_or(overall, |(s, n)| s / *n as f64);
        Some(
            self.waiting
                .iter()
                .map(|(mode, left)| *left as f64 * each(mode))
                .sum(),
        )
    }
}

/// Minutes and seconds.
fn span(seconds: f64) -> String {
    let seconds = seconds as u64;
    match seconds / 3600 {
        0 => format!("{}:{:02}", seconds / 60, seconds % 60),
        hours => format!("{hours}:{:02}:{:02}", seconds / 60 % 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_left_is_per_mode() {
        let mut progress = Progress::new([Mode::Once, Mode::Once, Mode::Steady].into_iter());
        assert_eq!(progress.left(), None);
        progress.spent.insert(Mode::Once, (3.0, 3));
        progress.spent.insert(Mode::Steady, (20.0, 2));
        assert_eq!(progress.left(), Some(12.0));
        assert_eq!(
            (span(61.5), span(3661.0)),
            ("1:01".to_owned(), "1:01:01".to_owned())
        );
    }
}
