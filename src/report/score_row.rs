//! How well a profile foretells a kind of choice, as a row of a table.

use crate::profile::{Foretold, Readiness, TasteKind};

/// The columns of [`score_row`].
pub const SCORE_COLUMNS: [&str; 6] = ["", "choices", "readiness", "foretold", "each left out", ""];

/// Kind, choices, readiness, share foretold by those before and by all others, beside that without the profile.
pub fn score_row(kind: TasteKind, choices: usize, held_out: [&Foretold; 2]) -> [String; 6] {
    let [ahead, left_out] = held_out;
    let verdict = match (choices, ahead.tells()) {
        (0, _) => "nothing known: the prior",
        (_, false) => "nothing to foretell",
        _ if ahead.better_than_prior() => "better than the prior",
        _ => "not better than the prior",
    };
    [
        kind.name().to_owned(),
        choices.to_string(),
        Readiness::of(choices).name().to_owned(),
        share(ahead),
        share(left_out),
        verdict.to_owned(),
    ]
}

fn share(foretold: &Foretold) -> String {
    if !foretold.tells() {
        return "-".into();
    }
    let interval = foretold.interval();
    format!(
        "{:.0} % (prior {:.0} %, difference {:+.0} to {:+.0})",
        100.0 * foretold.share(foretold.top1),
        100.0 * foretold.share(foretold.prior_top1),
        100.0 * interval.low,
        100.0 * interval.high
    )
}
