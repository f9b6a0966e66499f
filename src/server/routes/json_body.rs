//! Small JSON bodies, read under limits.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::StatusCode;
use serde::de::DeserializeOwned;

use crate::server::problem::Problem;

/// Most bytes of a JSON body.
const MOST_BYTES: usize = 64 << 10;
/// How long a caller may take to send it.
const PATIENCE: Duration = Duration::from_secs(10);

/// The document in a body.
pub async fn read_json<T: DeserializeOwned>(body: Body) -> Result<T, Problem> {
    read_long_json(body, MOST_BYTES).await
}

/// The document in a body of at most `most` bytes.
pub async fn read_long_json<T: DeserializeOwned>(body: Body, most: usize) -> Result<T, Problem> {
    let bytes = match tokio::time::timeout(PATIENCE, to_bytes(body, most)).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(_)) => return Err(Problem::too_large(most as u64)),
        Err(_) => {
            let detail = "the body did not arrive in time";
            return Err(Problem::new(
                StatusCode::REQUEST_TIMEOUT,
                "too_slow",
                detail,
            ));
        }
    };
    serde_json::from_slice(&bytes).map_err(|problem| match problem.is_data() {
        true => Problem::usage(problem.to_string()),
        false => Problem::new(StatusCode::BAD_REQUEST, "usage", problem.to_string()),
    })
}
