//! Sends one webhook, signed, to a receiver that may be reached.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::Request;
use http_body_util::Full;
use ipnet::IpNet;
use url::Url;

use super::address::{WebhookRefusal, check_receiver};
use super::signature::sign;
use crate::server::clock;
use crate::server::http_client::{HttpClient, SendProblem, json_post};
use crate::server::queue::{Delivery, DeliveryEnd};

/// A receiver has this long for everything. It should note the message and answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// Sends webhooks.
pub struct WebhookClient {
    allowed: Vec<IpNet>,
    http: HttpClient,
}

impl WebhookClient {
    /// Public receivers may be reached, and those in `allowed`.
    pub fn new(allowed: Vec<IpNet>) -> Self {
        Self {
            allowed,
            http: HttpClient::default(),
        }
    }

    /// Sends a message, signed with `secret` and the time.
    pub async fn send(&self, message: &Delivery, secret: &[u8; 32]) -> DeliveryEnd {
        let receiver = match check_receiver(&message.url, &self.allowed).await {
            Ok(receiver) => receiver,
            // A resolver may be away for a while. What is not public stays so.
            Err(refusal @ WebhookRefusal::Unresolved) => {
                return DeliveryEnd::Failed(refusal.code());
            }
            Err(refusal) => return DeliveryEnd::Refused(refusal.code()),
        };
        let Some(request) = request(&receiver.url, message, secret) else {
            return DeliveryEnd::Refused("webhook_malformed");
        };
        let (url, addresses) = (&receiver.url, receiver.addresses.as_slice());
        let sent = self.http.send(url, addresses, request);
        match tokio::time::timeout(PATIENCE, sent).await {
            Err(_) => DeliveryEnd::Failed("webhook_timeout"),
            Ok(Err(problem)) => DeliveryEnd::Failed(code(problem)),
            Ok(Ok(status)) if status.is_success() => DeliveryEnd::Delivered,
            Ok(Ok(status)) if status.is_redirection() => DeliveryEnd::Failed("webhook_redirected"),
            Ok(Ok(_)) => DeliveryEnd::Failed("webhook_status"),
        }
    }
}

fn code(problem: SendProblem) -> &'static str {
    match problem {
        SendProblem::Unreachable => "webhook_unreachable",
        SendProblem::Tls => "webhook_tls",
        SendProblem::BrokenOff => "webhook_broken_off",
    }
}

fn request(url: &Url, message: &Delivery, secret: &[u8; 32]) -> Option<Request<Full<Bytes>>> {
    let seconds = clock::now() / 1000;
    let signature = sign(secret, &message.id, seconds, &message.body)?;
    json_post(url)?
        .header("webhook-id", &message.id)
        .header("webhook-timestamp", seconds)
        .header("webhook-signature", signature)
        .body(Full::new(Bytes::from(message.body.clone())))
        .ok()
}
