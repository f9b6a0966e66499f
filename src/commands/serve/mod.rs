//! `tastemaker serve`: the upload-time step as a service over HTTP.

mod child_program;
mod keys;
mod settings_file;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use ipnet::IpNet;
use serde::Serialize;
use tracing_subscriber::filter::LevelFilter;
use url::Url;

use crate::commands::options::{Common, JsonOption};
use crate::commands::session::{Outcome, Session, workshop_of_tenant};
use crate::jobs::SandboxReport;
use crate::server::{
    ApartProcesses, ChildSettings, ObjectPlace, ObjectStores, PROFILES, Quota, SandboxMode,
    ServeSettings, TenantPlaces, collector_url, run_child, serve, temporary_folder, try_child,
};
use crate::store::make_private_folder;
use keys::KeysVerb;
use settings_file::Choices;

pub use child_program::child_program;
use child_program::service_child_program;

/// Parts of the queue that one tenant may fill, so that there is room for others.
const TENANT_SHARE: (u64, u64) = (3, 4);
/// Most of what can be asked for: jobs that wait, seconds of a job (a day), days (a hundred years).
const MOST_QUEUED: u64 = 1_000_000;
const LONGEST_DEADLINE: u64 = 86_400;
const MOST_DAYS: u64 = 36_500;
/// How long requests and jobs may go on after the service is told to stop.
const GRACE: Duration = Duration::from_secs(4);

/// Take uploads over HTTP: check, describe and screen them, make their renditions
#[derive(Debug, Args)]
pub struct Serve {
    /// File with settings, as they are called here; what is typed and the environment come first
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "TASTEMAKER_SERVE_SETTINGS"
    )]
    pub settings: Option<PathBuf>,
    /// Address and port to listen on; others reach it only where there are keys (default: 127.0.0.1:8080)
    #[arg(long, value_name = "ADDRESS", env = "TASTEMAKER_SERVE_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// Folder of all that the service keeps
    #[arg(long, global = true, value_name = "DIR", env = "TASTEMAKER_SERVE_DATA")]
    pub data: Option<PathBuf>,
    /// Jobs that may wait; beyond that uploads are refused with 429 (default: 1000)
    #[arg(long, value_name = "N", env = "TASTEMAKER_SERVE_MAX_QUEUED")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=MOST_QUEUED))]
    pub max_queued: Option<u64>,
    /// Seconds that one job may take (default: 300)
    #[arg(long, value_name = "N", env = "TASTEMAKER_SERVE_DEADLINE")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=LONGEST_DEADLINE))]
    pub deadline: Option<u64>,
    /// Days that jobs and their results are kept (default: 30)
    #[arg(long, value_name = "N", env = "TASTEMAKER_SERVE_KEEP_DAYS")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=MOST_DAYS))]
    pub keep_days: Option<u64>,
    /// Network of webhook receivers that are not public, such as 127.0.0.0/8; may be repeated
    #[arg(long, value_name = "CIDR")]
    pub webhook_allow: Vec<IpNet>,
    /// Where the files of a tenant are that are named, not sent: TENANT=s3://BUCKET/PREFIX or TENANT=file:///FOLDER; may be
    /// repeated
    #[arg(long, value_name = "TENANT=URL")]
    pub objects: Vec<ObjectPlace>,
    /// Collector of OpenTelemetry that spans of requests and jobs are sent to, such as http://localhost:4318
    #[arg(long, value_name = "URL", env = "TASTEMAKER_SERVE_OTLP", value_parser = collector_url)]
    pub otlp: Option<Url>,
    /// Preset of one's own beside those that are built in (docs/ingest.md); may be repeated
    #[arg(long, global = true, value_name = "FILE")]
    pub preset: Vec<PathBuf>,
    /// How far work on files is kept apart: require, best-effort or off (default: best-effort)
    #[arg(
        long,
        global = true,
        value_name = "MODE",
        env = "TASTEMAKER_SERVE_SANDBOX"
    )]
    pub sandbox: Option<SandboxMode>,
    /// Start one process for the work on files, say what it gave up, and end
    #[arg(long)]
    pub check: bool,
    #[command(flatten)]
    pub print: JsonOption,
    #[command(subcommand)]
    pub what: Option<ServeWhat>,
}

/// What `serve` does beside serving.
#[derive(Debug, Subcommand)]
pub enum ServeWhat {
    Keys(KeysVerb),
    /// Does the work on files for a service
    #[command(hide = true)]
    Child {
        /// The folder of this process
        folder: PathBuf,
    },
}

impl Serve {
    /// True for a process that does the work on files. It stays without a second thread until it is in its sandbox.
    pub fn is_child(&self) -> bool {
        matches!(self.what, Some(ServeWhat::Child { .. }))
    }
}

pub fn run(verb: &Serve, common: &Common, session: &Session) -> Result<Outcome> {
    match &verb.what {
        Some(ServeWhat::Keys(keys)) => keys::run(keys, &Choices::of(verb, common)?.data, session),
        Some(ServeWhat::Child { folder }) => {
            let settings = ChildSettings {
                folder: folder.clone(),
                sandbox: verb.sandbox.unwrap_or_default(),
                presets: verb.preset.clone(),
            };
            // It has nothing of the person who runs the service, and of a tenant one profile at a time.
            let workshop = workshop_of_tenant(common)(TenantPlaces {
                profiles: folder.join(PROFILES),
                catalog: None,
            });
            run_child(&settings, &workshop)?;
            Ok(Outcome::Done)
        }
        None if verb.check => check(verb, common, session),
        None => {
            log(common.quiet);
            let task = session.task(&verb.print);
            let folders = workshop_of_tenant(common);
            let listening = |address| tracing::info!(%address, "listening");
            serve(settings(verb, common)?, folders, &task, listening)?;
            Ok(Outcome::Done)
        }
    }
}

/// Each event as a JSON line on stderr.
fn log(quiet: bool) {
    let level = if quiet {
        LevelFilter::ERROR
    } else {
        LevelFilter::INFO
    };
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_target(false)
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .init();
}

fn settings(verb: &Serve, common: &Common) -> Result<ServeSettings> {
    let chosen = Choices::of(verb, common)?;
    let of_tenant = chosen.max_queued.saturating_mul(TENANT_SHARE.0) / TENANT_SHARE.1;
    let data = std::path::absolute(&chosen.data);
    let data = data.with_context(|| chosen.data.display().to_string())?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let presets = chosen.preset.iter().map(std::path::absolute);
    let presets = presets.collect::<std::io::Result<Vec<_>>>()?;
    Ok(ServeSettings {
        listen: chosen.listen,
        data,
        workers: chosen.jobs.map_or(cores, usize::from),
        quota: Quota {
            queued: chosen.max_queued,
            of_tenant: of_tenant.max(1),
        },
        most_bytes: common.limits.max_bytes,
        deadline: Duration::from_secs(chosen.deadline),
        retention: Duration::from_secs(chosen.keep_days.saturating_mul(24 * 3600)),
        grace: GRACE,
        sandbox: chosen.sandbox,
        child: service_child_program(chosen.sandbox, &presets, common)?,
        presets,
        objects: ObjectStores::open(&chosen.objects, &amazon_variables())?,
        webhook_allow: chosen.webhook_allow,
        otlp: chosen.otlp,
    })
}

/// What opens a bucket: the variables that Amazon's own tools read.
fn amazon_variables() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with("AWS_"))
        .collect()
}

/// In one line, what a process for the work on files gives up on this machine.
pub fn sandbox_of_machine(common: &Common) -> Result<String> {
    let mode = SandboxMode::BestEffort;
    let facts = try_child(
        &child_program(mode, &[], common)?,
        temporary_folder(&std::env::temp_dir())?,
        mode,
    )?;
    let SandboxReport { posture, refused } = facts.sandbox;
    Ok(match refused.is_empty() {
        true => posture,
        false => format!("{posture}: the machine refuses {}", refused.join(", ")),
    })
}

/// Processes apart for files of the command line, which may read the files of `presets`.
pub fn apart_processes(
    mode: SandboxMode,
    presets: &[PathBuf],
    common: &Common,
) -> Result<ApartProcesses> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Ok(ApartProcesses {
        temporary: std::env::temp_dir(),
        program: child_program(mode, presets, common)?,
        sandbox: mode,
        workers: common.jobs.map_or(cores, usize::from),
    })
}

/// What `serve --check` found, `tastemaker.serve-check/1`.
#[derive(Serialize)]
struct CheckDocument<'a> {
    schema: &'static str,
    data: &'a Path,
    runtime: String,
    sandbox: SandboxReport,
}

fn check(verb: &Serve, common: &Common, session: &Session) -> Result<Outcome> {
    let settings = settings(verb, common)?;
    make_private_folder(&settings.data)?;
    let folder = settings.data.join("scratch").join("check");
    let facts = try_child(&settings.child, folder, settings.sandbox)?;
    if verb.print.json {
        session.printer.json(&CheckDocument {
            schema: "tastemaker.serve-check/1",
            data: &settings.data,
            runtime: facts.runtime,
            sandbox: facts.sandbox,
        })?;
        return Ok(Outcome::Done);
    }
    let refused = match facts.sandbox.refused.is_empty() {
        true => "nothing".to_owned(),
        false => facts.sandbox.refused.join(", "),
    };
    session.printer.lines([
        format!("data          {}", settings.data.display()),
        format!("ONNX Runtime  {}", facts.runtime),
        format!(
            "sandbox       {}, refused: {refused}",
            facts.sandbox.posture
        ),
    ])?;
    Ok(Outcome::Done)
}
