//! The connections of an object store: one for each request, over the TLS that the service has. No redirect is
//! followed, and no proxy is used.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::http::{HeaderValue, Uri, header};
use http_body_util::BodyExt as _;
use hyper_util::rt::TokioIo;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse,
    HttpResponseBody, HttpService,
};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::rustls::ClientConfig;

use crate::server::tls::{over_tls, trust_of_system};

/// A store has this long to be reached, and as long again to begin its answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Makes clients that open a connection for each request.
#[derive(Debug)]
pub struct PlainConnector;

impl HttpConnector for PlainConnector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        let tls = trust_of_system();
        Ok(HttpClient::new(PlainService { tls }))
    }
}

#[derive(Debug)]
struct PlainService {
    tls: Option<Arc<ClientConfig>>,
}

#[async_trait]
impl HttpService for PlainService {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let uri = request.uri().clone();
        let host = uri
            .host()
            .ok_or_else(|| fault("an address without a host"))?;
        let is_plain = uri.scheme_str() == Some("http");
        let port = uri.port_u16().unwrap_or(if is_plain { 80 } else { 443 });
        let reached = tokio::time::timeout(PATIENCE, TcpStream::connect((host, port)));
        let stream = reached.await.map_err(timed_out)?;
        let stream = stream.map_err(|problem| HttpError::new(HttpErrorKind::Connect, problem))?;
        if is_plain {
            return exchange(stream, request, &uri).await;
        }
        let tls = self.tls.clone();
        let tls = tls.ok_or_else(|| fault("the system trusts nobody"))?;
        let secured = tokio::time::timeout(PATIENCE, over_tls(tls, host, stream));
        let stream = secured.await.map_err(timed_out)?;
        let stream = stream.map_err(|problem| HttpError::new(HttpErrorKind::Connect, problem))?;
        exchange(stream, request, &uri).await
    }
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    mut request: HttpRequest,
    uri: &Uri,
) -> Result<HttpResponse, HttpError> {
    let unsent = |problem| HttpError::new(HttpErrorKind::Request, problem);
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let host = HeaderValue::from_str(authority).map_err(unsent_value)?;
    request.headers_mut().entry(header::HOST).or_insert(host);
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    *request.uri_mut() = target.parse().map_err(unsent_uri)?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(unsent)?;
    // It ends when the answer was read, or was dropped.
    tokio::spawn(connection);
    let answer = tokio::time::timeout(PATIENCE, sender.send_request(request)).await;
    let (head, body) = answer.map_err(timed_out)?.map_err(unsent)?.into_parts();
    let body = body.map_err(|problem| HttpError::new(HttpErrorKind::Interrupted, problem));
    Ok(HttpResponse::from_parts(head, HttpResponseBody::new(body)))
}

fn timed_out(problem: tokio::time::error::Elapsed) -> HttpError {
    HttpError::new(HttpErrorKind::Timeout, problem)
}

fn unsent_value(problem: header::InvalidHeaderValue) -> HttpError {
    HttpError::new(HttpErrorKind::Unknown, problem)
}

fn unsent_uri(problem: axum::http::uri::InvalidUri) -> HttpError {
    HttpError::new(HttpErrorKind::Unknown, problem)
}

fn fault(what: &'static str) -> HttpError {
    HttpError::new(HttpErrorKind::Unknown, io::Error::other(what))
}
