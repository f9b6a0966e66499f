//! Sends spans to the collector, many at a time, until the service ends. A collector that is away is told of once in
//! the log, and once when it is back; what it does not take is lost.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use http_body_util::Full;
use tokio::net::lookup_host;
use tokio::sync::mpsc::Receiver;
use url::Url;

use super::document::document;
use super::queue::SpanQueue;
use super::span::TraceSpan;
use crate::server::http_client::{HttpClient, SendProblem, json_post};

/// Spans of one message at most, and how long the first of them waits for others.
const BATCH: usize = 512;
const PAUSE: Duration = Duration::from_secs(1);
/// The collector has this long for a message.
const PATIENCE: Duration = Duration::from_secs(10);
/// Where collectors take spans, if the operator names none.
const PATH: &str = "/v1/traces";

/// The address of a collector: http or https; without a path it is the usual one.
///
/// Errors: one sentence.
pub fn collector_url(text: &str) -> Result<Url, String> {
    let mut url = Url::parse(text).map_err(|problem| problem.to_string())?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err("a collector is reached by http or https".into());
    }
    if url.path() == "/" {
        url.set_path(PATH);
    }
    Ok(url)
}

/// Sends `spans`, which come out of `queue`, to `url` until there can be no more.
pub async fn export_spans(queue: Arc<SpanQueue>, url: Url, mut spans: Receiver<TraceSpan>) {
    let client = HttpClient::default();
    let mut is_away = false;
    loop {
        let mut batch = Vec::new();
        if spans.recv_many(&mut batch, BATCH).await == 0 {
            return;
        }
        let pause = tokio::time::sleep(PAUSE);
        tokio::pin!(pause);
        while batch.len() < BATCH {
            let room = BATCH - batch.len();
            tokio::select! {
                // None: that was the last.
                more = spans.recv_many(&mut batch, room) => if more == 0 { break },
                () = &mut pause => break,
            }
        }
        let sent = tokio::time::timeout(PATIENCE, send(&client, &url, &batch)).await;
        match sent.unwrap_or_else(|_| Err("it does not answer in time".into())) {
            Ok(()) if is_away => {
                is_away = false;
                let lost = queue.take_lost();
                tracing::info!(lost, "the collector of spans is back");
            }
            Ok(()) => {}
            Err(why) => {
                queue.lose(batch.len() as u64);
                if !is_away {
                    is_away = true;
                    tracing::warn!("the collector of spans is away, and they are lost: {why}");
                }
            }
        }
    }
}

async fn send(client: &HttpClient, url: &Url, spans: &[TraceSpan]) -> Result<(), String> {
    let body = document(spans).to_string();
    let body = Full::new(Bytes::from(body));
    let request = json_post(url).and_then(|head| head.body(body).ok());
    let request = request.ok_or("its address cannot be sent to")?;
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let port = url.port_or_known_default().unwrap_or_default();
    let addresses = lookup_host((host, port)).await;
    let addresses: Vec<_> = addresses.map_err(|_| "its name is not known")?.collect();
    match client.send(url, &addresses, request).await {
        Ok(status) if status.is_success() => Ok(()),
        Ok(status) => Err(format!("it answers {status}")),
        Err(SendProblem::Unreachable) => Err("it cannot be reached".into()),
        Err(SendProblem::Tls) => Err("its certificate is not trusted".into()),
        Err(SendProblem::BrokenOff) => Err("it breaks off".into()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn collectors_are_reached_by_http_at_the_usual_path() {
        let text = |text: &str| collector_url(text).map(String::from);
        let usual = Ok("http://collector:4318/v1/traces".to_owned());
        assert_eq!(text("http://collector:4318"), usual);
        assert_eq!(text("http://collector:4318/"), usual);
        assert_eq!(
            text("https://a.example/otlp").unwrap(),
            "https://a.example/otlp"
        );
        for wrong in ["collector:4318", "ftp://a", "http://", ""] {
            assert!(text(wrong).is_err(), "{wrong}");
        }
    }
}
