//! What a profile likes, as a row of a table.

use crate::profile::{ENOUGH, Liking};

/// Features that are named of a kind of choice, the strongest.
const SHOWN: usize = 4;
/// Weights below this change no ranking that a person would notice.
const WORTH_TELLING: f64 = 0.02;

/// The columns of [`taste_row`].
pub const TASTE_COLUMNS: [&str; 5] = ["", "judged", "foretold", "likes", "does not like"];

/// Kind, judgements, how well they are foretold, what is liked and what is not.
pub fn taste_row(liking: &Liking) -> [String; 5] {
    [
        liking.kind.name().to_owned(),
        liking.judgments.to_string(),
        foretold(liking),
        strongest(liking, 1.0),
        strongest(liking, -1.0),
    ]
}

fn foretold(liking: &Liking) -> String {
    match liking.accuracy {
        _ if liking.judgments < ENOUGH => format!("from {ENOUGH} on"),
        None => "all one verdict".into(),
        Some(share) => format!(
            "{:.0} % (by chance {:.0} %)",
            share * 100.0,
            liking.by_chance * 100.0
        ),
    }
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
