//! Reads the text of a timeline file within limits.

use std::io::Read as _;
use std::path::Path;

use crate::error::{Error, LimitName, Result};
use crate::media::Limits;

/// Bytes of the largest timeline that is read: feature films have some megabytes, and a tree of JSON takes some twenty
/// times the bytes of its text.
const MOST_BYTES: u64 = 32_000_000;
/// Clips, gaps and transitions of the longest timeline that is read.
pub(super) const MOST_ITEMS: usize = 200_000;
/// Levels that JSON, XML and nested timelines may have; real ones have about twenty.
pub(super) const MOST_LEVELS: usize = 64;

/// The text of the timeline file at `path`.
///
/// Errors: `Limit` where it is too large, `Unsupported` where it is no regular file or no text.
pub fn read_timeline_text(path: &Path, limits: &Limits) -> Result<String> {
    let facts = std::fs::metadata(path).map_err(|problem| Error::read(path, problem))?;
    if !facts.is_file() {
        return Err(Error::unsupported(path, "it is not a regular file"));
    }
    let allowed = MOST_BYTES.min(limits.bytes);
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(allowed + 1).read_to_end(&mut bytes))
        .map_err(|problem| Error::read(path, problem))?;
    if bytes.len() as u64 > allowed {
        return Err(Error::Limit {
            path: path.into(),
            limit: LimitName::Bytes,
            found: facts.len().max(allowed + 1),
            allowed,
        });
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.trim_start_matches('\u{feff}').to_owned()),
        // Old edit decision lists are in the code page of their machine; their times are ASCII in all of them.
        Err(problem) if is_list(path) => {
            Ok(String::from_utf8_lossy(problem.as_bytes()).into_owned())
        }
        Err(_) => Err(Error::unsupported(path, "it is not UTF-8 text")),
    }
}

fn is_list(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("edl"))
}
