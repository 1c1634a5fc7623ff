//! What counts: the tests that apply, and of these the ones that pass.

use std::collections::BTreeSet;

use super::events::{Module, Outcome};
use super::reasons::Reasons;

/// A module's figures.
#[derive(Clone, Debug, Default)]
pub struct Score {
    /// Test methods that CPython passes here and that apply to us.
    pub applicable: usize,
    /// Of these, the ones that pass.
    pub passed: usize,
    /// The others: name, what happened, why.
    pub failing: Vec<(String, &'static str, String)>,
    /// Left out as details of CPython: name and reason.
    pub left_out: Vec<(String, String)>,
}

/// Judges a module. Without a reference every test that did not skip counts.
pub fn judge(module: &Module, reference: Option<&BTreeSet<String>>, reasons: &Reasons) -> Score {
    let own: BTreeSet<String>;
    let names = match reference {
        Some(names) => names,
        None => {
            let ran = module.tests.iter();
            let ran = ran.filter(|(_, test)| test.outcome != Outcome::Skipped);
            own = ran.map(|(id, _)| id.clone()).collect();
            &own
        }
    };
    let mut score = Score::default();
    for id in names {
        if let Some(reason) = reasons.inapplicable(id) {
            score.left_out.push((id.clone(), reason.to_owned()));
            continue;
        }
        // A doctest of another module has that module's name in front, and not the test's.
        let shorter = || {
            id.match_indices('.')
                .find_map(|(at, _)| module.tests.get(&id[at + 1..]))
        };
        let test = module.tests.get(id).or_else(shorter);
        let (word, why) = match test {
            Some(test) if test.outcome == Outcome::Passed => {
                score.applicable += 1;
                score.passed += 1;
                continue;
            }
            Some(test) if test.outcome == Outcome::Skipped && reasons.accepts_skip(&test.why) => {
                score.left_out.push((id.clone(), test.why.clone()));
                continue;
            }
            Some(test) => (test.outcome.word(), test.why.as_str()),
            None if module.skipped && reasons.accepts_skip(&module.note) => {
                score.left_out.push((id.clone(), module.note.clone()));
                continue;
            }
            None => ("absent", module.note.as_str()),
        };
        score.applicable += 1;
        let why = reasons.failure(id).unwrap_or(why);
        score.failing.push((id.clone(), word, why.to_owned()));
    }
    score
}

/// A share in percent with one decimal, rounded down.
pub fn percent(part: usize, whole: usize) -> String {
    match (part * 1000).checked_div(whole) {
        Some(mille) => format!("{}.{} %", mille / 10, mille % 10),
        None => "–".to_owned(),
    }
}
