//! Settings of a service: flags come first, then the environment, then a file, then what is usual.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use ipnet::IpNet;
use serde::Deserialize;
use url::Url;

use super::Serve;
use crate::commands::options::Common;
use crate::commands::places;
use crate::error::Error;
use crate::server::{ObjectPlace, SandboxMode, collector_url};

/// Settings where nothing is said: of this machine alone, a thousand jobs, five minutes each, a month.
const PORT: u16 = 8080;
const MAX_QUEUED: u64 = 1000;
const DEADLINE: u64 = 300;
const KEEP_DAYS: u64 = 30;

/// A file of settings. Its keys are those of the flags; paths count from its folder.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingsFile {
    listen: Option<SocketAddr>,
    data: Option<PathBuf>,
    jobs: Option<u16>,
    max_queued: Option<u64>,
    deadline: Option<u64>,
    keep_days: Option<u64>,
    #[serde(default)]
    webhook_allow: Vec<String>,
    otlp: Option<String>,
    #[serde(default)]
    preset: Vec<PathBuf>,
    #[serde(default)]
    objects: Vec<String>,
    sandbox: Option<String>,
}

/// What counts.
#[derive(Debug)]
pub struct Choices {
    pub listen: SocketAddr,
    pub data: PathBuf,
    pub jobs: Option<u16>,
    pub max_queued: u64,
    pub deadline: u64,
    pub keep_days: u64,
    pub webhook_allow: Vec<IpNet>,
    pub otlp: Option<Url>,
    pub preset: Vec<PathBuf>,
    pub objects: Vec<ObjectPlace>,
    pub sandbox: SandboxMode,
}

impl Choices {
    /// What was typed, then what a file says.
    pub fn of(verb: &Serve, common: &Common) -> Result<Self> {
        let file = match &verb.settings {
            Some(path) => read(path)?,
            None => SettingsFile::default(),
        };
        let usual = || places::service_folder().unwrap_or_else(|| "tastemaker-service".into());
        let sandbox = match (verb.sandbox, &file.sandbox) {
            (Some(mode), _) => mode,
            (None, Some(word)) => word.parse().map_err(anyhow::Error::msg)?,
            (None, None) => SandboxMode::default(),
        };
        let mut webhook_allow = verb.webhook_allow.clone();
        if webhook_allow.is_empty() {
            let parsed = |text: &String| text.parse().with_context(|| text.clone());
            webhook_allow = file
                .webhook_allow
                .iter()
                .map(parsed)
                .collect::<Result<_>>()?;
        }
        let mut objects = verb.objects.clone();
        if objects.is_empty() {
            let parsed = |text: &String| {
                let place = text.parse().map_err(anyhow::Error::msg);
                place.with_context(|| text.clone())
            };
            objects = file.objects.iter().map(parsed).collect::<Result<_>>()?;
        }
        let otlp = match (&verb.otlp, &file.otlp) {
            (None, Some(text)) => Some(collector_url(text).map_err(anyhow::Error::msg)?),
            (typed, _) => typed.clone(),
        };
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, PORT));
        Ok(Self {
            listen: verb.listen.or(file.listen).unwrap_or(listen),
            data: verb.data.clone().or(file.data).unwrap_or_else(usual),
            jobs: common.jobs.or(file.jobs),
            max_queued: verb.max_queued.or(file.max_queued).unwrap_or(MAX_QUEUED),
            deadline: verb.deadline.or(file.deadline).unwrap_or(DEADLINE),
            keep_days: verb.keep_days.or(file.keep_days).unwrap_or(KEEP_DAYS),
            webhook_allow,
            otlp,
            preset: match verb.preset.is_empty() {
                true => file.preset,
                false => verb.preset.clone(),
            },
            objects,
            sandbox,
        })
    }
}

/// The file at `path`.
fn read(path: &Path) -> Result<SettingsFile> {
    let text = std::fs::read_to_string(path).map_err(|problem| Error::read(path, problem))?;
    let parsed = toml::from_str(&text);
    let mut file: SettingsFile = parsed.map_err(|problem| Error::toml(path, &text, &problem))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    file.data = file.data.map(|data| folder.join(data));
    file.preset = file
        .preset
        .iter()
        .map(|preset| folder.join(preset))
        .collect();
    let number = |name: &str, value: Option<u64>, most: u64| {
        let fits = value.is_none_or(|value| (1..=most).contains(&value));
        let what = format!("{name} must be 1 to {most}");
        if fits {
            Ok(())
        } else {
            Err(Error::document(
                path,
                &text,
                text.find(name).unwrap_or(0),
                what,
            ))
        }
    };
    number("max_queued", file.max_queued, super::MOST_QUEUED)?;
    number("deadline", file.deadline, super::LONGEST_DEADLINE)?;
    number("keep_days", file.keep_days, super::MOST_DAYS)?;
    number("jobs", file.jobs.map(u64::from), 256)?;
    Ok(file)
}
