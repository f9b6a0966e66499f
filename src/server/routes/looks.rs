//! `/v1/looks`: the looks that are built in.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json, routing};
use schemars::JsonSchema;
use serde::Serialize;

use super::gate::Tenant;
use super::operation::{Operation, Route, document, schema_of};
use crate::looks::Look;
use crate::server::problem::Problem;
use crate::server::scope::Scope;
use crate::server::service::Service;

/// The looks, `tastemaker.looks/1`.
#[derive(Debug, Serialize, JsonSchema)]
struct LookList {
    schema: &'static str,
    looks: Vec<ListedLook>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ListedLook {
    id: String,
    family: String,
    /// One sentence.
    summary: String,
    tags: Vec<String>,
    mood: Vec<String>,
}

/// `GET /v1/looks`.
pub fn list() -> Route {
    Route {
        operation: Operation {
            id: "listLooks",
            method: "get",
            path: "/v1/looks",
            summary: "List the looks that are built in",
            parameters: &[],
            body: None,
            answers: vec![document("The looks", schema_of::<LookList>)],
            scope: Some(Scope::Read),
        },
        handler: routing::get(looks),
    }
}

async fn looks(
    State(service): State<Arc<Service>>,
    Extension(tenant): Extension<Tenant>,
) -> Result<Json<LookList>, Problem> {
    let listed = |look: &Look| ListedLook {
        id: look.id.clone(),
        family: look.family.clone(),
        summary: look.summary.clone(),
        tags: look.tags.clone(),
        mood: look.mood.clone(),
    };
    let looks = tokio::task::block_in_place(|| {
        let workshop = service.workshop(&tenant.0);
        Ok::<_, Problem>(workshop.looks()?.looks().iter().map(listed).collect())
    })?;
    Ok(Json(LookList {
        schema: "tastemaker.looks/1",
        looks,
    }))
}
