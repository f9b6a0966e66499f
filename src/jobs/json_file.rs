//! Documents as files of JSON.

use std::path::Path;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::store::{Overwrite, write_atomic};

/// Writes `document` for people to read: indented, with a line break at the end.
pub(super) fn write_json(
    target: &Path,
    document: &impl Serialize,
    overwrite: Overwrite,
) -> Result<()> {
    let mut bytes = serde_json::to_vec_pretty(document).map_err(|problem| Error::Nothing {
        what: format!("{} cannot be written as JSON: {problem}", target.display()),
        hint: Hint::ReportFault,
    })?;
    bytes.push(b'\n');
    write_atomic(target, &bytes, overwrite)
}
