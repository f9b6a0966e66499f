//! The body of an upload while it arrives: no more than is allowed, and no slower.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::{Body, BodyDataStream, Bytes};
use axum::http::StatusCode;
use futures_util::StreamExt as _;
use futures_util::stream::unfold;

use crate::server::problem::Problem;

/// A body may pause for so long.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// A body has this long, and as long as its bytes take at the slowest rate.
const LEAST_TIME: Duration = Duration::from_secs(20);
/// Bytes a second.
const SLOWEST: u64 = 8 << 10;
/// What a refused caller still sends is read for a while, so that the answer reaches them before the connection ends.
const LINGER: Duration = Duration::from_secs(3);
const LINGER_BYTES: usize = 8 << 20;

/// What was wrong with a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    TooLarge(u64),
    TooSlow,
    BrokenOff,
}

/// What was wrong with a body, once it is read.
#[derive(Debug, Clone, Default)]
pub struct BodyFault {
    fault: Arc<Mutex<Option<Fault>>>,
}

impl BodyFault {
    fn set(&self, fault: Fault) -> std::io::Error {
        let mut first = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert(fault);
        std::io::Error::other("the body is refused")
    }

    /// The problem of the body, where it has one.
    pub fn problem(&self) -> Option<Problem> {
        let fault = *self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        fault.map(|fault| match fault {
            Fault::TooLarge(most) => Problem::too_large(most),
            Fault::TooSlow => {
                let detail = "the body arrives too slowly";
                Problem::new(StatusCode::REQUEST_TIMEOUT, "too_slow", detail)
            }
            Fault::BrokenOff => {
                let detail = "the body breaks off";
                Problem::new(StatusCode::BAD_REQUEST, "breaks_off", detail)
            }
        })
    }
}

/// A body on its way.
struct Arriving {
    stream: Option<BodyDataStream>,
    received: u64,
    most: u64,
    begun: Instant,
    fault: BodyFault,
}

impl Arriving {
    async fn next(&mut self) -> Option<Result<Bytes, std::io::Error>> {
        // Stays in its place while it is awaited: whoever reads on after a reader that was dropped finds it there.
        let stream = self.stream.as_mut()?;
        let allowed = LEAST_TIME.saturating_add(Duration::from_secs(self.received / SLOWEST));
        let left = allowed.saturating_sub(self.begun.elapsed());
        let fault = match tokio::time::timeout(left.min(LONGEST_PAUSE), stream.next()).await {
            Err(_) => Fault::TooSlow,
            Ok(None) => {
                self.stream = None;
                return None;
            }
            Ok(Some(Err(_))) => Fault::BrokenOff,
            Ok(Some(Ok(piece))) => {
                self.received = self.received.saturating_add(piece.len() as u64);
                if self.received <= self.most {
                    return Some(Ok(piece));
                }
                Fault::TooLarge(self.most)
            }
        };
        if let Some(stream) = self.stream.take() {
            linger(stream);
        }
        Some(Err(self.fault.set(fault)))
    }
}

/// The part of a body that nobody has read yet.
pub struct BodyRest {
    arriving: Arc<tokio::sync::Mutex<Arriving>>,
    fault: BodyFault,
}

impl BodyRest {
    /// Reads to the end: a form may be over before the body is, and only then is it known that all of it arrived.
    pub async fn finish(self) -> Result<(), Problem> {
        let mut arriving = self.arriving.lock().await;
        while let Some(piece) = arriving.next().await {
            if piece.is_err() {
                break;
            }
        }
        self.fault.problem().map_or(Ok(()), Err)
    }
}

/// `body` under limits; what goes wrong is noted in the fault.
pub fn limited(body: Body, most: u64) -> (Body, BodyRest, BodyFault) {
    let fault = BodyFault::default();
    let arriving = Arriving {
        stream: Some(body.into_data_stream()),
        received: 0,
        most,
        begun: Instant::now(),
        fault: fault.clone(),
    };
    let arriving = Arc::new(tokio::sync::Mutex::new(arriving));
    let rest = BodyRest {
        arriving: arriving.clone(),
        fault: fault.clone(),
    };
    let stream = unfold(arriving, |arriving| async move {
        let piece = arriving.lock().await.next().await?;
        Some((piece, arriving))
    });
    (Body::from_stream(stream), rest, fault)
}

/// Reads and forgets what is left of a refused body.
pub fn linger(mut stream: BodyDataStream) {
    tokio::spawn(tokio::time::timeout(LINGER, async move {
        let mut left = LINGER_BYTES;
        while let Some(Ok(piece)) = stream.next().await {
            match left.checked_sub(piece.len()) {
                Some(less) => left = less,
                None => return,
            }
        }
    }));
}
