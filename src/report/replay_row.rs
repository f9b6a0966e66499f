//! How well a kind of choice was foretold, as a row of a table.

use crate::profile::KindTally;

/// The columns of [`replay_row`].
pub const REPLAY_COLUMNS: [&str; 5] = ["", "choices", "first", "first three", ""];

/// Kind, choices, how often what was taken stood first and among the first three, beside the same without taste.
pub fn replay_row((kind, tally): &(String, KindTally)) -> [String; 5] {
    let beside = |count, prior| {
        format!(
            "{:.0} % (without taste {:.0} %)",
            100.0 * tally.share(count),
            100.0 * tally.share(prior)
        )
    };
    let verdict = if tally.better_than_prior() {
        "better than without taste"
    } else {
        "not better than without taste"
    };
    [
        kind.clone(),
        tally.choices.to_string(),
        beside(tally.top1, tally.prior_top1),
        beside(tally.top3, tally.prior_top3),
        verdict.to_owned(),
    ]
}
