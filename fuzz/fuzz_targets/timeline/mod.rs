//! What all readers of timelines promise.

use std::path::Path;

use tastemaker::edit::{Plan, SourceKind};
use tastemaker::interchange::{FoundMedium, LossBook, MediumFacts, plan_of, read_sequence};

/// Reads `text` as the file `name`, and makes a plan of it as if every file were there.
pub fn read(text: &str, name: &str) {
    let mut losses = LossBook::default();
    let Ok((_, sequence)) = read_sequence(text, Path::new(name), &mut losses) else {
        return;
    };
    let counts = sequence.counts();
    assert!(counts.duration.is_finite());
    let files: Vec<Option<FoundMedium>> = (0..sequence.media.len())
        .map(|number| {
            Some(FoundMedium {
                path: format!("{number}.mp4"),
                blake3: format!("{number:064x}"),
                kind: SourceKind::Video,
                facts: MediumFacts::default(),
            })
        })
        .collect();
    if let Ok(made) = plan_of(&sequence, &files, &mut losses)
        && let Ok(json) = made.plan.to_json()
    {
        let _ = Plan::parse(&json, Path::new("plan.json"));
    }
}
