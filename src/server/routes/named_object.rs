//! The file that a form names in a store instead of sending it.

use axum::http::StatusCode;

use super::gate::Tenant;
use super::upload_form::{FormRules, ReceivedFile, ReceivedForm};
use crate::server::identifiers::safe_file_name;
use crate::server::objects::ObjectFault;
use crate::server::problem::Problem;
use crate::server::service::Service;
use crate::store::ArrivingFile;

/// The field that names it.
pub const OBJECT: &str = "object";

/// Fetches the file that `form` names, if it names one, into the folder of the job, under the limits that hold for a
/// file that is sent.
pub async fn fetch_named(
    form: &mut ReceivedForm,
    service: &Service,
    tenant: &Tenant,
    job: &str,
    rules: &FormRules,
) -> Result<(), Problem> {
    let Some(name) = form.text(OBJECT) else {
        return Ok(());
    };
    if !form.files.is_empty() {
        return Err(Problem::usage("a file is sent or named, not both"));
    }
    let most = (rules.most_bytes)(service, &form.texts)?;
    let fetched = service.settings.objects.fetch(&tenant.0, &name).await;
    let mut object = fetched.map_err(problem)?;
    if object.bytes > most {
        return Err(Problem::too_large(most));
    }
    let name = safe_file_name(&name);
    let path = service.upload(job).join(&name);
    let mut file = tokio::task::block_in_place(|| ArrivingFile::create(&path))?;
    while let Some(piece) = object.next().await.map_err(problem)? {
        if file.bytes().saturating_add(piece.len() as u64) > most {
            return Err(Problem::too_large(most));
        }
        tokio::task::block_in_place(|| file.write(&piece))?;
    }
    if file.bytes() != object.bytes {
        let ended = format!("it ends after {} bytes", file.bytes());
        return Err(problem(ObjectFault::Unreachable(ended)));
    }
    form.files.push(ReceivedFile {
        field: "file".into(),
        name,
        file,
    });
    Ok(())
}

fn problem(fault: ObjectFault) -> Problem {
    let (status, code, detail) = match fault {
        ObjectFault::NoStore => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "no_store",
            "no store of yours is known here: send the file",
        ),
        ObjectFault::Name => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "usage",
            "an object is named by its key in the store",
        ),
        ObjectFault::Missing => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "object_missing",
            "the store has no file of that name",
        ),
        ObjectFault::Unreachable(why) => {
            tracing::error!(code = "store_unreachable", "{why}");
            (
                StatusCode::BAD_GATEWAY,
                "store_unreachable",
                "the store does not give the file out now",
            )
        }
    };
    Problem::new(status, code, detail)
}
