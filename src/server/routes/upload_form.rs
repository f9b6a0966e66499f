//! Forms with files: the files go to the disk as they arrive, the other fields are short.

use std::collections::BTreeMap;

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::StatusCode;

use super::upload_body::{BodyFault, limited};
use crate::server::identifiers::{is_name, safe_file_name};
use crate::server::problem::Problem;
use crate::server::service::Service;
use crate::store::{ArrivingFile, make_private_folder, sync_folder};

/// Most bytes of a field beside the files.
const LONGEST_FIELD: usize = 4096;
/// Bytes of a form beside its files.
pub const FORM_BYTES: u64 = 1 << 20;

/// What a form may have.
pub struct FormRules {
    /// Fields of text.
    pub texts: &'static [&'static str],
    /// Fields of files, and how many of each.
    pub files: &'static [(&'static str, usize)],
    /// Most bytes of a file, by the fields that came before it.
    pub most_bytes: fn(&Service, &BTreeMap<String, String>) -> Result<u64, Problem>,
}

/// What arrived.
pub struct ReceivedForm {
    /// Fields of text.
    pub texts: BTreeMap<String, String>,
    /// In order. What is not kept is removed when this is dropped.
    pub files: Vec<ReceivedFile>,
}

/// A file of a form.
pub struct ReceivedFile {
    /// Its field.
    pub field: String,
    /// Made safe; another one for each file of a form.
    pub name: String,
    /// Its bytes on the disk.
    pub file: ArrivingFile,
}

/// Receives the form of a request under the limits of the service; files go into the folder of the job. What is
/// refused leaves no file.
pub async fn receive(
    request: Request,
    service: &Service,
    job: &str,
    rules: &FormRules,
) -> Result<ReceivedForm, Problem> {
    let (parts, body) = request.into_parts();
    let most = service.settings.most_bytes.saturating_add(FORM_BYTES);
    let (body, rest, fault) = limited(body, most);
    let form = Multipart::from_request(Request::from_parts(parts, body), &());
    let mut form = form
        .await
        .map_err(|refused| Problem::of_status(refused.status()))?;
    let folder = service.upload(job);
    tokio::task::block_in_place(|| make_private_folder(&folder))?;
    let told =
        |problem: MultipartError| fault.problem().unwrap_or_else(|| not_understood(&problem));
    let mut received = ReceivedForm {
        texts: BTreeMap::new(),
        files: Vec::new(),
    };
    while let Some(field) = form.next_field().await.map_err(told)? {
        let took = received.take_field(field, service, job, rules).await;
        took.map_err(|refused| why(refused, &fault))?;
    }
    drop(form);
    rest.finish().await?;
    Ok(received)
}

impl ReceivedForm {
    async fn take_field(
        &mut self,
        field: Field<'_>,
        service: &Service,
        job: &str,
        rules: &FormRules,
    ) -> Result<(), Refused> {
        let name = field.name().unwrap_or_default().to_owned();
        if let Some((_, most)) = rules.files.iter().find(|(known, _)| *known == name) {
            let count = self.files.iter().filter(|file| file.field == name).count();
            if count >= *most {
                let detail = format!("at most {most} of the field {name} are taken");
                return Err(Some(Problem::usage(detail)));
            }
            let most = (rules.most_bytes)(service, &self.texts).map_err(Some)?;
            let file = self.store(field, service, job, most).await?;
            self.files.push(file);
            return Ok(());
        }
        if !rules.texts.contains(&name.as_str()) {
            let files = rules.files.iter().map(|(name, _)| *name);
            let known: Vec<&str> = files.chain(rules.texts.iter().copied()).collect();
            let detail = format!("fields are {}", known.join(", "));
            return Err(Some(Problem::usage(detail)));
        }
        let text = text(field, &name).await?;
        self.texts.insert(name, text);
        Ok(())
    }

    async fn store(
        &self,
        mut field: Field<'_>,
        service: &Service,
        job: &str,
        most: u64,
    ) -> Result<ReceivedFile, Refused> {
        let name = self.free_name(&safe_file_name(field.file_name().unwrap_or_default()));
        let path = service.upload(job).join(&name);
        let refused = |problem: crate::Error| Some(Problem::from(problem));
        let create = || ArrivingFile::create(&path);
        let mut file = tokio::task::block_in_place(create).map_err(refused)?;
        while let Some(piece) = field.chunk().await.map_err(|_| None)? {
            if file.bytes().saturating_add(piece.len() as u64) > most {
                return Err(Some(Problem::too_large(most)));
            }
            tokio::task::block_in_place(|| file.write(&piece)).map_err(refused)?;
        }
        Ok(ReceivedFile {
            field: field.name().unwrap_or_default().to_owned(),
            name,
            file,
        })
    }

    /// `name`, with a number before it where another file has it.
    fn free_name(&self, name: &str) -> String {
        let is_free = |name: &String| {
            let mut files = self.files.iter();
            !files.any(|file| file.name.eq_ignore_ascii_case(name))
        };
        let numbered = (2..).map(|number| format!("{number}-{name}"));
        let mut names = std::iter::once(name.to_owned()).chain(numbered);
        names.find(is_free).unwrap_or_else(|| name.to_owned())
    }

    /// A field of text that is there and not empty.
    pub fn text(&self, name: &str) -> Option<String> {
        self.texts
            .get(name)
            .filter(|text| !text.is_empty())
            .cloned()
    }

    /// Whose upload it is.
    pub fn creator(&self) -> Result<Option<String>, Problem> {
        let creator = self.texts.get("creator").cloned();
        match creator.as_deref().is_none_or(is_name) {
            true => Ok(creator),
            false => Err(Problem::usage(
                "a creator is named by letters, digits, - and _",
            )),
        }
    }

    /// Keeps all files, synced to the disk; gives their size, and the BLAKE3 of the file or, of several, of their hashes.
    pub fn keep(self, service: &Service, job: &str) -> Result<(u64, String), Problem> {
        tokio::task::block_in_place(|| {
            let mut bytes = 0_u64;
            let mut hashes = Vec::new();
            for file in self.files {
                bytes = bytes.saturating_add(file.file.bytes());
                hashes.push(file.file.finish()?);
            }
            sync_folder(&service.upload(job))?;
            sync_folder(&service.uploads())?;
            let blake3 = match hashes.as_slice() {
                [only] => only.clone(),
                several => blake3::hash(several.concat().as_bytes())
                    .to_hex()
                    .to_string(),
            };
            Ok((bytes, blake3))
        })
    }
}

/// `None` where reading itself failed: the fault of the body says how.
type Refused = Option<Problem>;

fn why(refused: Refused, fault: &BodyFault) -> Problem {
    let refused = refused.or_else(|| fault.problem());
    refused.unwrap_or_else(|| Problem::of_status(StatusCode::BAD_REQUEST))
}

async fn text(mut field: Field<'_>, name: &str) -> Result<String, Refused> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(|_| None)? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > LONGEST_FIELD {
            return Err(Some(Problem::too_large(LONGEST_FIELD as u64)));
        }
    }
    let text = String::from_utf8(bytes).ok();
    let text = text.filter(|text| !text.chars().any(char::is_control));
    text.ok_or_else(|| {
        Some(Problem::usage(format!(
            "the field {name} is not plain text"
        )))
    })
}

fn not_understood(problem: &MultipartError) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "usage", problem.body_text())
}
