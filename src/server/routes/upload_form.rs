//! The form of an upload: the file goes to the disk as it arrives, the other fields are short.

use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use axum::http::StatusCode;

use super::upload_body::BodyFault;
use crate::server::identifiers::{is_name, safe_file_name};
use crate::server::problem::Problem;
use crate::server::service::Service;
use crate::store::ArrivingFile;

/// Most bytes of a field beside the file.
const LONGEST_FIELD: usize = 4096;

/// What arrived.
pub struct UploadForm {
    /// Id of the ingest preset.
    pub preset: String,
    /// Whose upload it is.
    pub creator: Option<String>,
    /// Where events are sent.
    pub webhook: Option<String>,
    /// The file, made safe.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Of its content.
    pub blake3: String,
}

/// The fields while they arrive.
#[derive(Default)]
struct Fields {
    preset: Option<String>,
    creator: Option<String>,
    webhook: Option<String>,
    blake3: Option<String>,
    file: Option<StoredFile>,
}

struct StoredFile {
    name: String,
    file: ArrivingFile,
}

/// Receives the form; the file is kept under the id of its job. What is refused leaves no file.
pub async fn receive(
    mut form: Multipart,
    service: &Service,
    job: &str,
    fault: &BodyFault,
) -> Result<UploadForm, Problem> {
    let told =
        |problem: MultipartError| fault.problem().unwrap_or_else(|| not_understood(&problem));
    let mut fields = Fields::default();
    while let Some(field) = form.next_field().await.map_err(told)? {
        let name = field.name().unwrap_or_default().to_owned();
        let slot = match name.as_str() {
            "file" => {
                if fields.file.is_some() {
                    return Err(Problem::usage("one file is taken at a time"));
                }
                let most = most_bytes(service, fields.preset.as_deref())?;
                let stored = store(field, service, job, most).await;
                fields.file = Some(stored.map_err(|refused| why(refused, fault))?);
                continue;
            }
            "preset" => &mut fields.preset,
            "creator" => &mut fields.creator,
            "webhook" => &mut fields.webhook,
            "blake3" => &mut fields.blake3,
            _ => {
                return Err(Problem::usage(
                    "fields are file, preset, creator, webhook and blake3",
                ));
            }
        };
        let text = text(field, &name).await;
        *slot = Some(text.map_err(|refused| why(refused, fault))?);
    }
    complete(fields, service)
}

fn complete(fields: Fields, service: &Service) -> Result<UploadForm, Problem> {
    let preset = fields
        .preset
        .ok_or_else(|| Problem::usage("the field preset is missing"))?;
    let most = most_bytes(service, Some(&preset))?;
    let stored = fields
        .file
        .ok_or_else(|| Problem::usage("the field file is missing"))?;
    if fields
        .creator
        .as_deref()
        .is_some_and(|creator| !is_name(creator))
    {
        return Err(Problem::usage(
            "a creator is named by letters, digits, - and _",
        ));
    }
    let bytes = stored.file.bytes();
    if bytes == 0 {
        return Err(Problem::usage("the file is empty"));
    }
    if bytes > most {
        return Err(Problem::too_large(most));
    }
    let declared = fields.blake3.map(|hash| hash.to_ascii_lowercase());
    if declared.is_some_and(|declared| declared != stored.file.blake3()) {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        let detail = "the file is not the one that its blake3 tells of";
        return Err(Problem::new(status, "changed", detail));
    }
    let blake3 = tokio::task::block_in_place(|| stored.file.finish())?;
    Ok(UploadForm {
        preset,
        creator: fields.creator,
        webhook: fields.webhook.filter(|webhook| !webhook.is_empty()),
        name: stored.name,
        bytes,
        blake3,
    })
}

/// Most bytes of a file of `preset`; before that is known, of the service.
fn most_bytes(service: &Service, preset: Option<&str>) -> Result<u64, Problem> {
    let most = service.settings.most_bytes;
    let Some(name) = preset else { return Ok(most) };
    let Some(served) = service.preset(name) else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        let detail = "there is no ingest preset of that name";
        return Err(Problem::new(status, "unknown_name", detail));
    };
    Ok(served.preset.most_bytes(most))
}

/// `None` where reading itself failed: the fault of the body says how.
type Refused = Option<Problem>;

fn why(refused: Refused, fault: &BodyFault) -> Problem {
    let refused = refused.or_else(|| fault.problem());
    refused.unwrap_or_else(|| Problem::of_status(StatusCode::BAD_REQUEST))
}

async fn store(
    mut field: Field<'_>,
    service: &Service,
    job: &str,
    most: u64,
) -> Result<StoredFile, Refused> {
    let name = safe_file_name(field.file_name().unwrap_or_default());
    let path = service.upload(job);
    let create = || ArrivingFile::create(&path);
    let refused = |problem: crate::Error| Some(Problem::from(problem));
    let mut file = tokio::task::block_in_place(create).map_err(refused)?;
    while let Some(piece) = field.chunk().await.map_err(|_| None)? {
        if file.bytes().saturating_add(piece.len() as u64) > most {
            return Err(Some(Problem::too_large(most)));
        }
        tokio::task::block_in_place(|| file.write(&piece)).map_err(refused)?;
    }
    Ok(StoredFile { name, file })
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
