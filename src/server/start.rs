//! Starts the service, and stops it again.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::server::child::{ChildFolders, ChildProcess, ChildProgram, SandboxMode};
use crate::server::clock::now;
use crate::server::keys::Keys;
use crate::server::listener::listen;
use crate::server::otlp::export_spans;
use crate::server::routes::router;
use crate::server::service::{ChildFacts, Service, WorkshopMaker};
use crate::server::settings::ServeSettings;
use crate::server::supervision::keep_working;
use crate::server::threads::runtime;
use crate::server::webhooks::send_webhooks;
use crate::store::{FolderLock, empty_folder, make_private_folder};
use crate::task::Task;

/// How often the signal to stop is looked at.
const SIGNAL: Duration = Duration::from_millis(50);
/// How often old jobs are erased, and how many at a time.
const SWEEP: Duration = Duration::from_secs(60);
const SWEPT_AT_A_TIME: usize = 1000;
/// How long the last spans may take.
const LAST_SPANS: Duration = Duration::from_secs(2);

/// Serves until `task` is cancelled. `listening` is called with the address once it is open.
///
/// Errors: `Busy` where another service uses the folder; `Usage` for an address that others reach where there is no
/// key; those of the folder, of the address, and of a sandbox that is required and refused.
pub fn serve(
    settings: ServeSettings,
    workshop: WorkshopMaker,
    task: &Task,
    listening: impl FnOnce(SocketAddr),
) -> Result<()> {
    make_private_folder(&settings.data)?;
    let _only = FolderLock::take(&settings.data)?;
    let service = Arc::new(Service::open(settings, workshop)?);
    if !service.settings.listen.ip().is_loopback() && !Keys::new(&service.records).any()? {
        return Err(Error::Usage {
            what: format!(
                "{} is reached by others, and there is no key",
                service.settings.listen
            ),
            hint: Hint::MakeKey,
        });
    }
    if service.settings.sandbox == SandboxMode::Require {
        let folder = service.scratch().join("check");
        try_child(&service.settings.child, folder, SandboxMode::Require)?;
    }
    // Without networks every job would wait for ever.
    service.workshop("").models()?;
    service.queue.take_over(now())?;
    remove_leftovers(&service)?;
    let runtime = runtime()?;
    let served = runtime.block_on(run(service, task, listening));
    // A file that is being written to, or a name that is being resolved, does not hold the end up.
    runtime.shutdown_timeout(Duration::from_secs(1));
    served
}

/// Starts one child in a folder of its own, which is removed, and tells what it says of itself.
pub fn try_child(program: &ChildProgram, folder: PathBuf, mode: SandboxMode) -> Result<ChildFacts> {
    runtime()?.block_on(async {
        let folders = ChildFolders::create(folder)?;
        let child = ChildProcess::start(program, folders).await?;
        child.require(mode)?;
        let facts = ChildFacts {
            sandbox: child.sandbox.clone(),
            runtime: child.runtime.clone(),
        };
        child.kill().await;
        Ok(facts)
    })
}

/// Removes what an earlier process left behind: work in progress, and files whose job was never accepted or is gone.
fn remove_leftovers(service: &Service) -> Result<()> {
    empty_folder(&service.scratch())?;
    for job in names(&service.uploads())? {
        if !service.queue.needs_upload(&job)? {
            service.forget_upload(&job);
        }
    }
    for job in names(&service.results())? {
        if !service.queue.exists(&job)? {
            service.forget_files(&job);
        }
    }
    Ok(())
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let entries = folder
        .read_dir()
        .map_err(|problem| Error::read(folder, problem))?;
    let name =
        |entry: std::io::Result<std::fs::DirEntry>| entry.ok()?.file_name().into_string().ok();
    Ok(entries.filter_map(name).collect())
}

async fn run(service: Arc<Service>, task: &Task, listening: impl FnOnce(SocketAddr)) -> Result<()> {
    let listen_at = service.settings.listen;
    let told = |problem| Error::read(listen_at.to_string(), problem);
    let listener = TcpListener::bind(listen_at).await.map_err(told)?;
    listening(listener.local_addr().map_err(told)?);
    if !listen_at.ip().is_loopback() {
        tracing::warn!("keys and files come unencrypted: a proxy with TLS belongs in front");
    }
    let (stop, stopped) = watch::channel(false);
    let mut parts = JoinSet::new();
    let number = Arc::new(AtomicU64::new(0));
    for _ in 0..service.settings.workers.max(1) {
        let working = keep_working(service.clone(), stopped.clone(), number.clone());
        parts.spawn(working);
    }
    let collector = service.settings.otlp.clone();
    let exporting = collector.map(|url| {
        let spans = service.spans.open();
        tokio::spawn(export_spans(service.spans.clone(), url, spans))
    });
    parts.spawn(send_webhooks(service.clone(), stopped.clone()));
    parts.spawn(sweep(service.clone(), stopped.clone()));
    let checked = service.clone();
    parts.spawn(async move {
        let checked = tokio::task::block_in_place(|| checked.check_models());
        if let Err(problem) = checked {
            tracing::error!(code = problem.code(), "networks: {problem}");
        }
    });
    let grace = service.settings.grace;
    parts.spawn(listen(listener, router(&service), stopped, grace));
    while task.check().is_ok() {
        tokio::time::sleep(SIGNAL).await;
    }
    tracing::info!("stopping");
    // Nobody listens any more: then all have stopped already.
    let _ = stop.send(true);
    while parts.join_next().await.is_some() {}
    service.spans.close();
    if let Some(exporting) = exporting {
        // A collector that is away does not hold the end up.
        let _ = tokio::time::timeout(LAST_SPANS, exporting).await;
    }
    Ok(())
}

/// Erases jobs whose time is over.
async fn sweep(service: Arc<Service>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let kept = i64::try_from(service.settings.retention.as_millis()).unwrap_or(i64::MAX);
        let before = now().saturating_sub(kept);
        tokio::task::block_in_place(|| match service.queue.erase_old(before, SWEPT_AT_A_TIME) {
            Ok(jobs) => jobs.iter().for_each(|job| service.forget_files(job)),
            Err(problem) => tracing::error!(code = problem.code(), "sweep: {problem}"),
        });
        tokio::select! {
            () = tokio::time::sleep(SWEEP) => {}
            _ = stop.changed() => {}
        }
    }
}
