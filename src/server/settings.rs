//! How a service is to run.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use url::Url;

use super::child::{ChildProgram, SandboxMode};
use super::objects::ObjectStores;
use super::queue::Quota;

/// What a service is made from.
pub struct ServeSettings {
    /// Where it listens.
    pub listen: SocketAddr,
    /// The folder of all that it keeps.
    pub data: PathBuf,
    /// Jobs worked on at a time.
    pub workers: usize,
    /// Jobs that may wait.
    pub quota: Quota,
    /// Most bytes of an upload, whatever its preset.
    pub most_bytes: u64,
    /// How long one job may take.
    pub deadline: Duration,
    /// How long jobs and their results are kept after their end.
    pub retention: Duration,
    /// How long requests and jobs may go on after the service is told to stop.
    pub grace: Duration,
    /// How far work on files is kept apart.
    pub sandbox: SandboxMode,
    /// How a child is started.
    pub child: ChildProgram,
    /// Files of presets beside those that are built in; one of the same name replaces it.
    pub presets: Vec<PathBuf>,
    /// Where files are that tenants name instead of sending them.
    pub objects: ObjectStores,
    /// Receivers of webhooks that may be reached although they are not public.
    pub webhook_allow: Vec<IpNet>,
    /// The collector that spans are sent to.
    pub otlp: Option<Url>,
}
