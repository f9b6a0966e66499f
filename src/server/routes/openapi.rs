//! The OpenAPI document (3.1), made from the list of routes and from the types that are really sent.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::routing::{self, MethodRouter};
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::operation::{Content, Operation, Parameter, Route, schema_of};
use crate::server::problem::{CONTENT_TYPE, ProblemDocument};
use crate::server::service::Service;

/// Where the document is.
pub const OPENAPI: &str = "/v1/openapi.json";

/// The route of the document, which describes `routes`.
pub fn document_route(routes: &[Route]) -> MethodRouter<Arc<Service>> {
    let document = Arc::new(document(routes));
    routing::get(move || {
        let document = document.clone();
        async move { Json((*document).clone()) }
    })
}

fn document(routes: &[Route]) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut generator = settings.into_generator();
    let problem = generator.subschema_for::<ProblemDocument>();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for route in routes {
        let operation = &route.operation;
        let described = described(operation, &mut generator, &json!(problem));
        let item = paths.entry(operation.path).or_default();
        item.insert(operation.method.into(), described);
    }
    let itself = Operation {
        id: "getOpenApi",
        method: "get",
        path: OPENAPI,
        summary: "This document",
        parameters: &[],
        body: None,
        answers: vec![super::operation::document(
            "This document",
            schema_of::<BTreeMap<String, Value>>,
        )],
        scope: None,
    };
    let described = described(&itself, &mut generator, &json!(problem));
    paths
        .entry(OPENAPI)
        .or_default()
        .insert("get".into(), described);
    let schemas = generator.take_definitions(true);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Tastemaker",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The step that runs when somebody uploads a picture, a clip or a sound",
            "license": {"name": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    })
}

fn described(operation: &Operation, generator: &mut SchemaGenerator, problem: &Value) -> Value {
    let mut responses = Map::new();
    for answer in &operation.answers {
        let mut response = json!({"description": answer.text});
        if let Some(content) = &answer.content {
            response["content"] = content_of(content, generator);
        }
        responses.insert(answer.status.to_string(), response);
    }
    let wrong = json!({
        "description": "The request cannot be met (RFC 9457)",
        "content": {CONTENT_TYPE: {"schema": problem}},
    });
    responses.insert("default".into(), wrong);
    let parameters: Vec<Value> = operation.parameters.iter().map(parameter).collect();
    let mut described = json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "parameters": parameters,
        "responses": responses,
    });
    if let Some(scope) = operation.scope {
        described["x-scope"] = scope.name().into();
    }
    if let Some(body) = &operation.body {
        let content = content_of(body, generator);
        described["requestBody"] = json!({"required": true, "content": content});
    }
    if operation.scope.is_none() {
        described["security"] = json!([]);
    }
    described
}

fn content_of(content: &Content, generator: &mut SchemaGenerator) -> Value {
    let schema = (content.schema)(generator);
    json!({content.media: {"schema": schema}})
}

fn parameter(parameter: &Parameter) -> Value {
    json!({
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.place == "path",
        "description": parameter.text,
        "schema": {"type": parameter.kind},
    })
}
