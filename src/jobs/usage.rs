//! What a film's music is used for, and what a person should know of its rights.

use crate::edit::Platform;
use crate::error::Result;
use crate::music::Usage;
use crate::notice::Notice;
use crate::suggest::{LeftOut, Suggestions};
use crate::task::Task;

/// The named use for a film, and so with changes to the music. Where it names no platform, the one that the film is for
/// counts.
pub fn film_use(named: Option<&str>, platform: Option<&str>) -> Result<Option<Usage>> {
    let Some(named) = named else { return Ok(None) };
    let platforms: Vec<&str> = Platform::all()?
        .iter()
        .map(|platform| platform.id.as_str())
        .collect();
    let mut usage = Usage::parse(named, &platforms)?.in_a_film();
    if usage.platforms.is_empty() {
        usage.platforms.extend(platform.map(str::to_owned));
    }
    Ok(Some(usage))
}

/// Gives notice of tracks that were left out, and of a best track whose license nobody knows.
pub(super) fn notice_rights(suggestions: &Suggestions, task: &Task) {
    for left_out in &suggestions.left_out {
        task.notice(not_permitted(left_out));
    }
    if let Some(best) = suggestions.music.first()
        && let Some(note) = best.rights.note()
    {
        task.notice(Notice::RightsUnclear {
            title: best.title.clone(),
            text: note.into(),
        });
    }
}

/// The notice of tracks that may not be used as asked.
pub fn not_permitted(left_out: &LeftOut) -> Notice {
    let reason = serde_json::to_value(left_out.code).unwrap_or_default();
    Notice::TracksNotPermitted {
        tracks: left_out.tracks,
        reason: reason.as_str().unwrap_or_default().to_owned(),
        text: left_out.text.clone(),
    }
}
