//! `/v1/creators/{creator}`: erasing all that is known of one.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Extension, routing};

use super::gate::Tenant;
use super::operation::{Answer, CREATOR, Operation, Route};
use crate::error::Error;
use crate::server::identifiers::is_name;
use crate::server::problem::Problem;
use crate::server::scope::Scope;
use crate::server::service::Service;

/// `DELETE /v1/creators/{creator}`.
pub fn delete() -> Route {
    Route {
        operation: Operation {
            id: "deleteCreator",
            method: "delete",
            path: "/v1/creators/{creator}",
            summary: "Erase the jobs, the results and the profile of a creator",
            parameters: &[CREATOR],
            body: None,
            answers: vec![Answer {
                status: 204,
                text: "Nothing is known of them any more",
                content: None,
            }],
            scope: Some(Scope::Erase),
        },
        handler: routing::delete(erase),
    }
}

async fn erase(
    State(service): State<Arc<Service>>,
    Extension(tenant): Extension<Tenant>,
    Path(creator): Path<String>,
) -> Result<StatusCode, Problem> {
    if !is_name(&creator) {
        return Err(Problem::not_found("creator"));
    }
    tokio::task::block_in_place(|| {
        for job in service.queue.erase_creator(&tenant.0, &creator)? {
            service.forget_files(&job);
        }
        match service.workshop(&tenant.0).profiles().remove(&creator) {
            Ok(()) | Err(Error::UnknownName { .. } | Error::Nothing { .. }) => Ok(()),
            Err(problem) => Err(Problem::from(problem)),
        }
    })?;
    // A worker may be at one of the jobs; it lets go when it is told.
    service.changed.notify_waiters();
    Ok(StatusCode::NO_CONTENT)
}
