//! What a profile likes, as a row of a table.

use crate::profile::{ENOUGH, Liking, Readiness, TasteKind};

/// Features that are named of a kind of choice, the strongest.
const SHOWN: usize = 4;
/// Weights (of utility, a standard deviation) below this change no ranking that a person would notice.
const WORTH_TELLING: f64 = 0.1;

/// The columns of [`taste_row`].
pub const TASTE_COLUMNS: [&str; 6] = [
    "",
    "choices",
    "readiness",
    "foretold",
    "likes",
    "does not like",
];

/// Kind, choices, readiness, how well they are foretold, what is liked and what is not.
pub fn taste_row(liking: &Liking) -> [String; 6] {
    [
        liking.kind.name().to_owned(),
        liking.judgments.to_string(),
        Readiness::of(liking.judgments).name().to_owned(),
        foretold(liking),
        strongest(liking, 1.0),
        strongest(liking, -1.0),
    ]
}

/// What would help a profile most next, as a sentence; `None` where all kinds are well founded.
pub fn helps_most(likings: &[Liking]) -> Option<String> {
    // Looks and music are chosen for every film, the others now and then.
    let most = likings
        .iter()
        .take(2)
        .min_by_key(|liking| liking.judgments)?;
    let missing = Readiness::missing(most.judgments)?;
    let how = match most.kind {
        TasteKind::Music => "tracks that you like, or finished films with music",
        _ => "pictures before and after you finished them, or finished posts",
    };
    Some(format!(
        "What would help most: {missing} more {} of {}, such as {how}.",
        if missing == 1 { "choice" } else { "choices" },
        most.kind.name()
    ))
}

fn foretold(liking: &Liking) -> String {
    let foretold = &liking.foretold;
    if liking.judgments < ENOUGH {
        return format!("from {ENOUGH} on");
    }
    if !foretold.tells() {
        return "all one verdict".into();
    }
    format!(
        "{:.0} % (without the profile {:.0} %)",
        100.0 * foretold.share(foretold.top1),
        100.0 * foretold.share(foretold.prior_top1)
    )
}

fn strongest(liking: &Liking, sign: f64) -> String {
    let words: Vec<String> = liking
        .features
        .iter()
        .filter(|(_, weight)| weight * sign > WORTH_TELLING)
        .take(SHOWN)
        .map(|(name, _)| {
            name.trim_start_matches("does_")
                .trim_start_matches("is_")
                .replace('_', " ")
        })
        .collect();
    words.join(", ")
}
