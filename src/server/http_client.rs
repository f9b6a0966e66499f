//! Sends one message over one connection. It follows no redirect, knows no proxy, and reads no more than the status.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use axum::body::Bytes;
use axum::http::request::Builder;
use axum::http::{Method, Request, StatusCode, header};
use http_body_util::Full;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::rustls::ClientConfig;
use url::Url;

use crate::server::tls::{over_tls, trust_of_system};

/// Why there was no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendProblem {
    /// Nobody takes connections.
    Unreachable,
    /// The receiver is not who it should be, or this machine trusts nobody.
    Tls,
    /// The connection ended before the answer.
    BrokenOff,
}

/// Sends messages.
#[derive(Default)]
pub struct HttpClient {
    tls: OnceLock<Option<Arc<ClientConfig>>>,
}

impl HttpClient {
    /// Sends `request` to the first of `addresses` that takes it; the name in `url` is not resolved again.
    pub async fn send(
        &self,
        url: &Url,
        addresses: &[SocketAddr],
        request: Request<Full<Bytes>>,
    ) -> Result<StatusCode, SendProblem> {
        let stream = TcpStream::connect(addresses).await;
        let stream = stream.map_err(|_| SendProblem::Unreachable)?;
        if url.scheme() == "http" {
            return exchange(stream, request).await;
        }
        let config = self.tls.get_or_init(trust_of_system);
        let config = config.clone().ok_or(SendProblem::Tls)?;
        let host = url.host_str().unwrap_or_default();
        let stream = over_tls(config, host, stream).await;
        exchange(stream.map_err(|_| SendProblem::Tls)?, request).await
    }
}

/// The head of a message of JSON to `url`; `None` where it names no host.
pub fn json_post(url: &Url) -> Option<Builder> {
    let host = match url.port() {
        Some(port) => format!("{}:{port}", url.host_str()?),
        None => url.host_str()?.to_owned(),
    };
    let target = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let agent = concat!("tastemaker/", env!("CARGO_PKG_VERSION"));
    let head = Request::builder().method(Method::POST).uri(target);
    let head = head.header(header::HOST, host);
    let head = head.header(header::CONTENT_TYPE, "application/json");
    Some(head.header(header::USER_AGENT, agent))
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    request: Request<Full<Bytes>>,
) -> Result<StatusCode, SendProblem> {
    let told = |_| SendProblem::BrokenOff;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(told)?;
    let connection = tokio::spawn(connection);
    let answer = sender.send_request(request).await.map_err(told);
    connection.abort();
    Ok(answer?.status())
}
