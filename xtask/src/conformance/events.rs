//! What the harness wrote, and what it means: one outcome a test method.

use std::collections::BTreeMap;

/// What became of a test method. The order is the order of gravity: when a
/// method reports several things (subtests), the gravest counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Outcome {
    /// Found, never started.
    NotRun,
    /// Skipped by itself.
    Skipped,
    /// Passed.
    Passed,
    /// An assertion failed.
    Failed,
    /// An exception came out.
    Error,
    /// It ran into the time limit.
    Hung,
    /// The process ended in it.
    Crashed,
}

impl Outcome {
    /// The word in tables and files.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotRun => "not-run",
            Self::Skipped => "skipped",
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Error => "error",
            Self::Hung => "hung",
            Self::Crashed => "crashed",
        }
    }
}

/// One test method.
#[derive(Clone, Debug)]
pub struct Test {
    /// What became of it.
    pub outcome: Outcome,
    /// The reason of a skip, the exception of a failure.
    pub why: String,
}

/// One module.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// Its test methods by name, without the leading `test.`.
    pub tests: BTreeMap<String, Test>,
    /// Why nothing ran: the exception of the import or the reason of a skip.
    pub note: String,
    /// Whether the module as a whole skipped itself.
    pub skipped: bool,
    /// Whether it was ended by its limit or a signal outside any test method.
    pub broken: Option<Outcome>,
    /// Seconds that all its processes took.
    pub seconds: f64,
}

/// What one process of the harness left behind.
#[derive(Default)]
pub struct Progress {
    /// The test that was started and has not reported.
    pub running: Option<String>,
    /// Whether the harness came to its end.
    pub done: bool,
}

impl Module {
    /// Takes in the lines of one process's event file.
    pub fn absorb(&mut self, text: &str) -> Progress {
        let mut progress = Progress::default();
        for line in text.lines() {
            let mut fields = line.splitn(3, '\t');
            let (kind, id, why) = (
                fields.next().unwrap_or(""),
                fields.next().unwrap_or(""),
                fields.next().unwrap_or(""),
            );
            let id = id.strip_prefix("test.").unwrap_or(id);
            let outcome = match kind {
                "plan" => Outcome::NotRun,
                "start" => {
                    progress.running = Some(id.to_owned());
                    continue;
                }
                "ok" => Outcome::Passed,
                "skip" => Outcome::Skipped,
                "fail" => Outcome::Failed,
                "error" => Outcome::Error,
                "module" => {
                    self.note = why.to_owned();
                    self.skipped = id == "skip";
                    continue;
                }
                "done" => {
                    progress.done = true;
                    continue;
                }
                _ => continue,
            };
            if kind != "plan" && progress.running.as_deref() == Some(id) {
                progress.running = None;
            }
            if let Some(fixture) = Fixture::parse(id) {
                self.fixture(&fixture, outcome, why);
            } else {
                self.note_test(id, outcome, why);
            }
        }
        progress
    }

    /// Records an outcome unless a graver one is known.
    pub fn note_test(&mut self, id: &str, outcome: Outcome, why: &str) {
        let test = self.tests.entry(id.to_owned()).or_insert(Test {
            outcome,
            why: why.to_owned(),
        });
        if outcome > test.outcome {
            test.outcome = outcome;
            test.why = why.to_owned();
        }
    }

    /// A class's or module's fixture failed or skipped: so did the methods behind it.
    fn fixture(&mut self, fixture: &Fixture, outcome: Outcome, why: &str) {
        let mut found = false;
        for (id, test) in &mut self.tests {
            if test.outcome == Outcome::NotRun && fixture.covers(id) {
                test.outcome = outcome;
                test.why = why.to_owned();
                found = true;
            }
        }
        if !found && outcome > Outcome::Passed {
            self.note_test(&fixture.text, outcome, why);
        }
    }

    /// How many tests ended this way.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.tests.values().filter(|t| t.outcome == outcome).count()
    }
}

/// `setUpClass_(test.test_x.Class)`, as unittest names the failure of a fixture.
struct Fixture {
    text: String,
    of: String,
}

impl Fixture {
    fn parse(id: &str) -> Option<Self> {
        let (what, rest) = id.split_once("_(")?;
        let known = [
            "setUpClass",
            "tearDownClass",
            "setUpModule",
            "tearDownModule",
        ];
        known.contains(&what).then(|| {
            let of = rest.trim_end_matches(')');
            Self {
                text: id.to_owned(),
                of: of.strip_prefix("test.").unwrap_or(of).to_owned(),
            }
        })
    }

    fn covers(&self, id: &str) -> bool {
        id.strip_prefix(self.of.as_str())
            .is_some_and(|rest| rest.starts_with('.'))
    }
}

#[cfg(test)]
mod tests {
    use super::{Module, Outcome};

    #[test]
    fn the_gravest_outcome_counts() {
        let mut module = Module::default();
        let text = "plan\ttest.m.C.a\nplan\ttest.m.C.b\nstart\ttest.m.C.a\n\
                    fail\ttest.m.C.a\tx\nok\ttest.m.C.a\nstart\ttest.m.C.b\n";
        let progress = module.absorb(text);
        assert_eq!(module.tests["m.C.a"].outcome, Outcome::Failed);
        assert_eq!(module.tests["m.C.b"].outcome, Outcome::NotRun);
        assert_eq!(progress.running.as_deref(), Some("m.C.b"));
        assert!(!progress.done);
    }

    #[test]
    fn a_fixture_stands_for_its_methods() {
        let mut module = Module::default();
        module.absorb("plan\ttest.m.C.a\nerror\tsetUpClass_(test.m.C)\tValueError: x\ndone\n");
        assert_eq!(module.tests["m.C.a"].outcome, Outcome::Error);
        assert_eq!(module.tests.len(), 1);
    }
}
