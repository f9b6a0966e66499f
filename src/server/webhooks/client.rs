//! Sends one message over one connection. It follows no redirect, knows no proxy, and reads no more than the status.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Method, Request, StatusCode, header};
use http_body_util::Full;
use hyper_util::rt::TokioIo;
use ipnet::IpNet;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::rustls::ClientConfig;
use url::Url;

use super::address::{Receiver, WebhookRefusal, check_receiver};
use super::signature::sign;
use crate::server::clock;
use crate::server::queue::{Delivery, DeliveryEnd};
use crate::server::tls::{over_tls, trust_of_system};

/// A receiver has this long for everything. It should note the message and answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// Sends webhooks.
pub struct WebhookClient {
    allowed: Vec<IpNet>,
    tls: OnceLock<Option<Arc<ClientConfig>>>,
}

impl WebhookClient {
    /// Public receivers may be reached, and those in `allowed`.
    pub fn new(allowed: Vec<IpNet>) -> Self {
        Self {
            allowed,
            tls: OnceLock::new(),
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
        match tokio::time::timeout(PATIENCE, self.exchange(&receiver, request)).await {
            Err(_) => DeliveryEnd::Failed("webhook_timeout"),
            Ok(Err(code)) => DeliveryEnd::Failed(code),
            Ok(Ok(status)) if status.is_success() => DeliveryEnd::Delivered,
            Ok(Ok(status)) if status.is_redirection() => DeliveryEnd::Failed("webhook_redirected"),
            Ok(Ok(_)) => DeliveryEnd::Failed("webhook_status"),
        }
    }

    async fn exchange(
        &self,
        receiver: &Receiver,
        request: Request<Full<Bytes>>,
    ) -> Result<StatusCode, &'static str> {
        // Tries the checked addresses in turn; the name is not resolved again.
        let stream = TcpStream::connect(receiver.addresses.as_slice());
        let stream = stream.await.map_err(|_| "webhook_unreachable")?;
        if receiver.url.scheme() == "http" {
            return post(stream, request).await;
        }
        let config = self.tls.get_or_init(trust_of_system);
        let config = config.clone().ok_or("webhook_tls")?;
        let host = receiver.url.host_str().unwrap_or_default();
        let stream = over_tls(config, host, stream).await;
        post(stream.map_err(|_| "webhook_tls")?, request).await
    }
}

fn request(url: &Url, message: &Delivery, secret: &[u8; 32]) -> Option<Request<Full<Bytes>>> {
    let seconds = clock::now() / 1000;
    let signature = sign(secret, &message.id, seconds, &message.body)?;
    let host = match url.port() {
        Some(port) => format!("{}:{port}", url.host_str()?),
        None => url.host_str()?.to_owned(),
    };
    let target = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    Request::builder()
        .method(Method::POST)
        .uri(target)
        .header(header::HOST, host)
        .header(header::CONTENT_TYPE, "application/json")
        .header(
            header::USER_AGENT,
            concat!("tastemaker/", env!("CARGO_PKG_VERSION")),
        )
        .header("webhook-id", &message.id)
        .header("webhook-timestamp", seconds)
        .header("webhook-signature", signature)
        .body(Full::new(Bytes::from(message.body.clone())))
        .ok()
}

async fn post(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    request: Request<Full<Bytes>>,
) -> Result<StatusCode, &'static str> {
    let told = |_| "webhook_broken_off";
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(told)?;
    let connection = tokio::spawn(connection);
    let answer = sender.send_request(request).await.map_err(told);
    connection.abort();
    Ok(answer?.status())
}
