//! All routes.

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};

use super::gate::{authorize, check_scope, observe, tell_problems};
use super::openapi::{OPENAPI, document_route};
use super::operation::Route;
use super::{
    asking, blocklists, catalog, creators, edits, events, feedback, health, jobs, links, looks,
    presets, results, suggestions, uploads,
};
use crate::server::problem::Problem;
use crate::server::service::Service;

/// In the order of the document.
fn routes() -> Vec<Route> {
    let mut all = vec![
        uploads::post(),
        jobs::get(),
        jobs::delete(),
        events::get(),
        jobs::decide(),
        results::get(),
        links::post(),
        edits::post(),
        suggestions::post(),
        catalog::search(),
        asking::post(),
        blocklists::post(),
        blocklists::get(),
        blocklists::delete(),
        presets::list(),
        looks::list(),
        feedback::post(),
        feedback::profile(),
        creators::delete(),
    ];
    all.extend(health::all());
    all
}

/// Answers requests.
pub fn router(service: &Arc<Service>) -> Router {
    let all = routes();
    let document = document_route(&all);
    let mut router = Router::new().route(OPENAPI, document);
    for route in all {
        let handler = match route.operation.scope {
            Some(scope) => route
                .handler
                .route_layer(from_fn_with_state(scope, check_scope)),
            None => route.handler,
        };
        router = router.route(route.operation.path, handler);
    }
    router
        .fallback(|| async { Problem::not_found("address") })
        .layer(from_fn_with_state(service.clone(), authorize))
        .layer(from_fn(tell_problems))
        .layer(from_fn_with_state(service.clone(), observe))
        .with_state(service.clone())
}
