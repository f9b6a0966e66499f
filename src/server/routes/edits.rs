//! `/v1/edit`: takes files in that are cut into a film.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::response::Response;
use axum::{Extension, routing};
use schemars::{Schema, SchemaGenerator, json_schema};

use super::gate::Tenant;
use super::intake::{IDEMPOTENCY_KEY, JobWish, accepted_answer, take_in};
use super::operation::{Content, Operation, Route};
use super::upload_form::{FormRules, ReceivedForm};
use crate::edit::FramingChoice;
use crate::server::edit_wish::EditWish;
use crate::server::problem::Problem;
use crate::server::queue::JobWork;
use crate::server::scope::Scope;
use crate::server::service::Service;

/// Clips and photos of one film.
const MOST_FILES: usize = 50;

const RULES: FormRules = FormRules {
    texts: &[
        "style", "platform", "aspect", "length", "look", "captions", "framing", "use", "seed",
        "creator", "curious", "webhook",
    ],
    files: &[("file", MOST_FILES), ("music", 1)],
    most_bytes: |service, _| Ok(service.settings.most_bytes),
};

/// `POST /v1/edit`.
pub fn post() -> Route {
    Route {
        operation: Operation {
            id: "postEdit",
            method: "post",
            path: "/v1/edit",
            summary: "Take clips and photos in, and cut them into a film, under a track where one is sent",
            parameters: &[IDEMPOTENCY_KEY],
            body: Some(Content {
                media: "multipart/form-data",
                schema: form_schema,
            }),
            answers: vec![accepted_answer()],
            scope: Some(Scope::Upload),
        },
        // The limits of this service hold instead of the one for small bodies.
        handler: routing::post(edit).layer(DefaultBodyLimit::disable()),
    }
}

fn form_schema(_: &mut SchemaGenerator) -> Schema {
    let file = json_schema!({"type": "string", "contentMediaType": "application/octet-stream"});
    json_schema!({
        "type": "object",
        "required": ["file"],
        "additionalProperties": false,
        "properties": {
            "file": {"type": "array", "items": file, "minItems": 1, "maxItems": MOST_FILES},
            "music": {
                "type": "string", "contentMediaType": "application/octet-stream",
                "description": "A track to lay under the film",
            },
            "style": {"type": "string", "description": "Recipe for the edit, such as steady"},
            "platform": {"type": "string", "description": "Where it will be posted, such as instagram-reels"},
            "aspect": {"type": "string", "description": "Shape of the picture, such as 9:16"},
            "length": {"type": "string", "description": "Seconds of film"},
            "look": {"type": "string", "description": "auto, none, or a look of /v1/looks"},
            "captions": {"type": "string", "description": "none, or a style of captions"},
            "framing": {
                "type": "string", "enum": FramingChoice::ALL.map(FramingChoice::id),
                "description": "How near and how still the picture is framed; by default usual, or as the profile prefers",
            },
            "use": {"type": "string", "description": "What the music is for; it is laid only where its license allows that"},
            "seed": {"type": "string", "description": "Other whole numbers are other films"},
            "creator": {
                "type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$",
                "description": "Whose taste counts, where they have a profile",
            },
            "curious": {
                "type": "string", "enum": ["true", "false"],
                "description": "Whether what the profile knows little of gets a chance: other choices for other seeds",
            },
            "webhook": {"type": "string", "description": "Public address to which events are sent"},
        },
    })
}

async fn edit(
    State(service): State<Arc<Service>>,
    Extension(tenant): Extension<Tenant>,
    request: Request,
) -> Result<Response, Problem> {
    let understand = |form: &ReceivedForm| {
        let wish = wish(form)?;
        let workshop = service.workshop(&tenant.0);
        tokio::task::block_in_place(|| wish.check(&workshop)).map_err(Problem::of_body)?;
        let wish = serde_json::to_string(&wish);
        Ok(JobWish {
            work: JobWork::Edit,
            preset: String::new(),
            wish: Some(wish.map_err(|problem| Problem::usage(problem.to_string()))?),
            webhook: None,
        })
    };
    take_in(&service, &tenant, request, &RULES, understand).await
}

/// What the form asks for. Names in it are not checked yet.
fn wish(form: &ReceivedForm) -> Result<EditWish, Problem> {
    let names = |field: &str| {
        let files = form.files.iter().filter(|file| file.field == field);
        files.map(|file| file.name.clone()).collect::<Vec<_>>()
    };
    let files = names("file");
    if files.is_empty() {
        return Err(Problem::usage("the field file is missing"));
    }
    if form.files.iter().any(|file| file.file.bytes() == 0) {
        return Err(Problem::usage("a file is empty"));
    }
    // A plan names files by their paths, and nobody outside has any here.
    let is_plan = |name: &String| name.to_ascii_lowercase().ends_with(".json");
    if files.iter().any(is_plan) {
        return Err(Problem::usage("clips and photos are taken, no plans"));
    }
    let length = number::<f64>(form, "length")?;
    let framing = form.text("framing");
    let framing = framing.as_deref().map(FramingChoice::find);
    let framing = framing.transpose().map_err(Problem::of_body)?;
    Ok(EditWish {
        files,
        music: names("music").into_iter().next(),
        usage: form.text("use"),
        style: form.text("style"),
        platform: form.text("platform"),
        aspect: aspect(form)?,
        length,
        look: form.text("look"),
        captions: form.text("captions"),
        framing,
        curious: curious(form)?,
        seed: number(form, "seed")?,
    })
}

fn number<T: std::str::FromStr>(form: &ReceivedForm, name: &str) -> Result<Option<T>, Problem> {
    let Some(text) = form.text(name) else {
        return Ok(None);
    };
    let wrong = |_| Problem::usage(format!("the field {name} is not a number that is taken"));
    text.parse().map(Some).map_err(wrong)
}

fn curious(form: &ReceivedForm) -> Result<bool, Problem> {
    match form.text("curious").as_deref() {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Problem::usage("curious is true or false")),
    }
}

fn aspect(form: &ReceivedForm) -> Result<Option<(u32, u32)>, Problem> {
    let Some(text) = form.text("aspect") else {
        return Ok(None);
    };
    let side = |text: &str| text.parse().ok().filter(|side| (1..=100).contains(side));
    let sides = text.split_once(':');
    let sides = sides.and_then(|(width, height)| Some((side(width)?, side(height)?)));
    let wrong = || Problem::usage("aspect is two numbers of 1 to 100, such as 9:16");
    sides.map(Some).ok_or_else(wrong)
}
