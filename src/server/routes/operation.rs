//! A route: what it does, for the document, and the handler that does it. They stand together, so that neither is
//! without the other.

use std::sync::Arc;

use axum::routing::MethodRouter;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::server::scope::Scope;
use crate::server::service::Service;

/// Makes the schema of a type.
pub type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// The schema of `T`.
pub fn schema_of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// A route.
pub struct Route {
    /// What the document says of it.
    pub operation: Operation,
    /// What does it.
    pub handler: MethodRouter<Arc<Service>>,
}

/// What the document says of a route.
pub struct Operation {
    /// Its name in clients that are generated.
    pub id: &'static str,
    /// In small letters.
    pub method: &'static str,
    /// With the parameters in braces.
    pub path: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// In the path, the query and the headers.
    pub parameters: &'static [Parameter],
    /// What it is sent.
    pub body: Option<Content>,
    /// What it answers where nothing is wrong.
    pub answers: Vec<Answer>,
    /// What a key has to allow; `None` where no key is asked for.
    pub scope: Option<Scope>,
}

/// A parameter of a route.
#[derive(Clone, Copy)]
pub struct Parameter {
    /// As it is written.
    pub name: &'static str,
    /// `path`, `query` or `header`.
    pub place: &'static str,
    /// One sentence.
    pub text: &'static str,
    /// `string` or `integer`.
    pub kind: &'static str,
}

/// The id of a job, in the path.
pub const JOB: Parameter = Parameter {
    name: "job",
    place: "path",
    text: "Id of the job, as the upload was answered",
    kind: "string",
};

/// The name of a creator, in the path.
pub const CREATOR: Parameter = Parameter {
    name: "creator",
    place: "path",
    text: "As the platform calls them: letters, digits, - and _",
    kind: "string",
};

/// What is sent, or answered.
#[derive(Clone, Copy)]
pub struct Content {
    /// Its media type.
    pub media: &'static str,
    /// Its schema.
    pub schema: SchemaOf,
}

/// A good answer.
#[derive(Clone, Copy)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// When it is given.
    pub text: &'static str,
    /// What is in it.
    pub content: Option<Content>,
}

/// An answer 200 with a JSON document.
pub fn document(text: &'static str, schema: SchemaOf) -> Answer {
    Answer {
        status: 200,
        text,
        content: Some(Content {
            media: "application/json",
            schema,
        }),
    }
}
