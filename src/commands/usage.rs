//! What the music is for, as `suggest` and `edit` take it, and the day on which licenses have to hold.

use crate::commands::clock::now;
use crate::commands::output::Printer;
use crate::edit::Platform;
use crate::error::Result;
use crate::music::{Date, Usage};
use crate::suggest::Suggestions;

/// The named use for a film, and so with changes to the music. Where it names no platform, the one that the person
/// named for the film counts.
pub fn read(typed: Option<&str>, platform: Option<&str>) -> Result<Option<Usage>> {
    let Some(typed) = typed else { return Ok(None) };
    let platforms: Vec<&str> = Platform::all()?
        .iter()
        .map(|platform| platform.id.as_str())
        .collect();
    let mut usage = Usage::parse(typed, &platforms)?.in_a_film();
    if usage.platforms.is_empty() {
        usage.platforms.extend(platform.map(str::to_owned));
    }
    Ok(Some(usage))
}

/// The day (UTC) that it is.
pub fn today() -> Date {
    Date::from_unix(now())
}

/// Tells which tracks were left out, and that nobody says whether the best one may be used.
pub fn say(suggestions: &Suggestions, printer: &Printer) {
    for left_out in &suggestions.left_out {
        printer.note(&left_out.text);
    }
    if let Some(best) = suggestions.music.first()
        && let Some(note) = best.rights.note()
    {
        printer.note(&format!("{}: {note}", best.title));
    }
}
