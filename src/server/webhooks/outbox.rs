//! Sends what is due, several messages at a time, until the service stops.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::client::WebhookClient;
use crate::server::clock::now;
use crate::server::queue::{Delivery, DeliveryEnd};
use crate::server::service::Service;

/// Messages on their way at a time.
const AT_A_TIME: usize = 32;
/// How often retries that became due are looked for.
const PAUSE: Duration = Duration::from_millis(500);

/// Sends webhooks until `stop` turns true.
pub async fn send_webhooks(service: Arc<Service>, mut stop: watch::Receiver<bool>) {
    let client = Arc::new(WebhookClient::new(service.settings.webhook_allow.clone()));
    let mut sending = BTreeSet::new();
    let mut tasks = JoinSet::new();
    while !*stop.borrow() {
        let woken = service.outbox.notified();
        let room = AT_A_TIME.saturating_sub(sending.len());
        // Those on their way are still due: leave them out here.
        let due = tokio::task::block_in_place(|| service.queue.due_deliveries(now(), AT_A_TIME));
        let due = due.unwrap_or_else(|problem| {
            tracing::error!(code = problem.code(), "webhooks: {problem}");
            Vec::new()
        });
        let fresh = due.into_iter().filter(|it| !sending.contains(&it.id));
        for message in fresh.take(room).collect::<Vec<_>>() {
            sending.insert(message.id.clone());
            tasks.spawn(send(service.clone(), client.clone(), message));
        }
        tokio::select! {
            () = woken => {}
            () = tokio::time::sleep(PAUSE) => {}
            _ = stop.changed() => {}
            Some(Ok(id)) = tasks.join_next() => {
                sending.remove(&id);
            }
        }
    }
    // Those on their way may still be noted. One that is not is sent again by the next process, with the same id.
    let rest = async { while tasks.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(service.settings.grace, rest).await;
}

async fn send(service: Arc<Service>, client: Arc<WebhookClient>, message: Delivery) -> String {
    let secret = service.secrets.of(&message.tenant);
    let end = client.send(&message, &secret).await;
    let outcome = match end {
        DeliveryEnd::Delivered => "delivered",
        DeliveryEnd::Failed(code) | DeliveryEnd::Refused(code) => code,
    };
    service.metrics.webhook(outcome);
    let noted =
        tokio::task::block_in_place(|| service.queue.delivery_ended(&message.id, end, now()));
    if let Err(problem) = noted {
        // It stays due, and is sent again with the same id.
        tracing::warn!(code = problem.code(), "webhook {}: {problem}", message.id);
    }
    message.id
}
