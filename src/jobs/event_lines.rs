//! Lines of JSON for what happens while a job works: a file that failed, something worth knowing.

use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use crate::error::Error;
use crate::notice::Notice;

/// The schema of [`ErrorLine`].
pub const ERROR_SCHEMA: &str = "tastemaker.error/1";

/// Stands in the place of a file that failed; the other files go on.
#[derive(Serialize, JsonSchema)]
pub struct ErrorLine<'a> {
    schema: &'static str,
    /// Path as it was given.
    file: String,
    /// Stable word.
    code: &'a str,
    /// What happened, to which file.
    message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

impl<'a> ErrorLine<'a> {
    /// The line of `problem` with `file`; the outside spells the hint.
    pub fn new(file: &Path, problem: &'a Error, hint: Option<String>) -> Self {
        Self {
            schema: ERROR_SCHEMA,
            file: file.display().to_string(),
            code: problem.code(),
            message: problem.to_string(),
            hint,
        }
    }
}

/// The schema of [`NoticeLine`].
pub const NOTICE_SCHEMA: &str = "tastemaker.notice/1";

/// Something worth knowing about work that went on all the same.
#[derive(Serialize, JsonSchema)]
pub struct NoticeLine<'a> {
    schema: &'static str,
    #[serde(flatten)]
    notice: &'a Notice,
    /// One plain sentence.
    message: String,
}

impl<'a> NoticeLine<'a> {
    /// The line of `notice`.
    pub fn new(notice: &'a Notice) -> Self {
        Self {
            schema: NOTICE_SCHEMA,
            notice,
            message: notice.to_string(),
        }
    }
}
