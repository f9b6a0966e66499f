//! The child's side of an edit: the film, its plan, and a document that tells of both.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

use super::protocol::OUTPUT;
use crate::edit::{Hook, Plan};
use crate::error::{Error, Result};
use crate::jobs::{SandboxReport, Workshop, finish_edit, plan_edit};
use crate::notice::Notice;
use crate::render::VerifyReport;
use crate::server::edit_wish::{EditWish, FILM};
use crate::store::{Overwrite, hash_file, make_private_folder, write_atomic};
use crate::task::{Listener, ProgressReceiver, Stage, Task};

/// The folder of the results in that of the output.
const FOLDER: &str = "film";
/// The document among the results.
const DOCUMENT: &str = "edited.json";

/// A film that was made, `tastemaker.edited/1`.
#[derive(Serialize)]
struct EditedDocument<'a> {
    schema: &'static str,
    film: MadeFilm,
    /// Its plan, from the folder of this document.
    plan: String,
    /// What in its first seconds holds people.
    #[serde(skip_serializing_if = "Option::is_none")]
    hook: Option<&'a Hook>,
    verify: &'a VerifyReport,
    /// Files that are not in the film.
    failed: Vec<FailedFile>,
    sandbox: &'a SandboxReport,
}

#[derive(Serialize)]
struct MadeFilm {
    path: &'static str,
    width: u32,
    height: u32,
    bytes: u64,
    blake3: String,
}

/// A file that is not in the film, and why.
#[derive(Debug, Clone, Serialize)]
struct FailedFile {
    file: String,
    code: &'static str,
    message: String,
}

/// Makes the film that is wished for of the files in this folder.
pub fn make_film(
    wish: &EditWish,
    profile: Option<&str>,
    workshop: &Workshop,
    sandbox: &SandboxReport,
) -> Result<()> {
    let folder = Path::new("..").join(OUTPUT).join(FOLDER);
    make_private_folder(&folder)?;
    let job = wish.job(&folder, profile.map(str::to_owned));
    let failures = Arc::new(Failures::default());
    let task = Task::default().heard_by(failures.clone());
    let planned = plan_edit(&job, workshop, &task)?;
    let nothing = || Error::unsupported(FILM, "no film can be made of these files");
    let planned = planned.first().ok_or_else(nothing)?;
    let made = finish_edit(&job, planned, workshop, &task)?.ok_or_else(nothing)?;
    let plan = portable(&planned.plan).to_json()?;
    write_atomic(&planned.target.plan, plan.as_bytes(), Overwrite::Force)?;
    let film = folder.join(FILM);
    let bytes = std::fs::metadata(&film).map_err(|problem| Error::read(&film, problem))?;
    let document = EditedDocument {
        schema: "tastemaker.edited/1",
        film: MadeFilm {
            path: FILM,
            width: planned.plan.output.width,
            height: planned.plan.output.height,
            bytes: bytes.len(),
            blake3: hash_file(&film, &task)?,
        },
        plan: format!("{FILM}.plan.json"),
        hook: planned.hook.as_ref(),
        verify: &made.verify,
        failed: failures.take(),
        sandbox,
    };
    let target = folder.join(DOCUMENT);
    let text = serde_json::to_string_pretty(&document)
        .map_err(|problem| Error::write(&target, problem.into()))?;
    write_atomic(&target, text.as_bytes(), Overwrite::Force)
}

/// The plan with the names that its files were sent under: the folders here are nobody's business, and soon gone.
fn portable(plan: &Plan) -> Plan {
    let mut plan = plan.clone();
    for source in &mut plan.sources {
        let name = Path::new(&source.path).file_name().unwrap_or_default();
        source.path = name.to_string_lossy().into_owned();
    }
    plan
}

/// Keeps which files failed.
#[derive(Default)]
struct Failures {
    files: Mutex<Vec<FailedFile>>,
}

impl Failures {
    fn take(&self) -> Vec<FailedFile> {
        std::mem::take(&mut *self.files.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Listener for Failures {
    fn notice(&self, _: &Notice) {}

    fn failure(&self, file: &Path, error: &Error) {
        let failed = FailedFile {
            file: file.to_string_lossy().into_owned(),
            code: error.code(),
            message: error.to_string(),
        };
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.push(failed);
    }

    fn stage(&self, _: Stage) -> ProgressReceiver {
        Arc::new(|_| {})
    }
}
