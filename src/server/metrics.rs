//! What the service counts, in the text format of Prometheus.

use std::sync::atomic::{AtomicI64, AtomicU64};

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

type Labels = Vec<(&'static str, String)>;
type Counters = Family<Labels, Counter<u64, AtomicU64>>;
type SecondCounters = Family<Labels, Counter<f64, AtomicU64>>;
type Gauges = Family<Labels, Gauge<i64, AtomicI64>>;
type Histograms = Family<Labels, Histogram, fn() -> Histogram>;

/// Everything that is counted.
pub struct Metrics {
    registry: Registry,
    requests: Counters,
    request_seconds: Histograms,
    rejections: Counters,
    jobs_ended: Counters,
    job_seconds: Histograms,
    step_seconds: Histograms,
    network_seconds: SecondCounters,
    jobs: Gauges,
    children: Counters,
    webhooks: Counters,
    reused: Counter<u64, AtomicU64>,
}

fn label(name: &'static str, value: impl Into<String>) -> Labels {
    vec![(name, value.into())]
}

/// 1 ms to about 9 minutes.
fn times() -> Histogram {
    Histogram::new(exponential_buckets(0.001, 3.0, 13))
}

impl Metrics {
    /// Nothing counted yet.
    pub fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("tastemaker"),
            requests: Family::default(),
            request_seconds: Family::new_with_constructor(times),
            rejections: Family::default(),
            jobs_ended: Family::default(),
            job_seconds: Family::new_with_constructor(times),
            step_seconds: Family::new_with_constructor(times),
            network_seconds: Family::default(),
            jobs: Family::default(),
            children: Family::default(),
            webhooks: Family::default(),
            reused: Counter::default(),
        };
        metrics.register();
        metrics
    }

    fn register(&mut self) {
        let all = &mut self.registry;
        all.register(
            "http_requests",
            "Requests by route, method and status",
            self.requests.clone(),
        );
        all.register_with_unit(
            "http_request",
            "Time until the head of the answer, by route",
            Unit::Seconds,
            self.request_seconds.clone(),
        );
        all.register(
            "rejections",
            "Requests that were refused, by code",
            self.rejections.clone(),
        );
        all.register(
            "jobs_ended",
            "Jobs that ended, by how",
            self.jobs_ended.clone(),
        );
        all.register_with_unit(
            "job",
            "Time from a job's acceptance to its verdict and to its end",
            Unit::Seconds,
            self.job_seconds.clone(),
        );
        all.register_with_unit(
            "step",
            "Time that the steps of an ingest took, as its process says",
            Unit::Seconds,
            self.step_seconds.clone(),
        );
        all.register_with_unit(
            "network",
            "Time that networks ran, as the processes for work on files say",
            Unit::Seconds,
            self.network_seconds.clone(),
        );
        all.register("jobs", "Jobs in each state", self.jobs.clone());
        all.register(
            "children",
            "Processes for work on files, by what became of them",
            self.children.clone(),
        );
        all.register(
            "webhooks",
            "Attempts to send a webhook, by how they ended",
            self.webhooks.clone(),
        );
        all.register(
            "results_reused",
            "Uploads whose results were there already",
            self.reused.clone(),
        );
    }

    /// A request was answered. `route` is the pattern, never the address: that has ids in it.
    pub fn request(&self, route: &str, method: &str, status: u16, seconds: f64) {
        let labels = vec![
            ("route", route.to_owned()),
            ("method", method.to_owned()),
            ("status", status.to_string()),
        ];
        self.requests.get_or_create(&labels).inc();
        let of_route = label("route", route);
        self.request_seconds
            .get_or_create(&of_route)
            .observe(seconds);
    }

    /// The results of an upload were there already.
    pub fn reused(&self) {
        self.reused.inc();
    }

    /// A request was refused.
    pub fn rejected(&self, code: &str) {
        self.rejections.get_or_create(&label("code", code)).inc();
    }

    /// A job came to `step` (`screened` or `ended`) after so many milliseconds.
    pub fn job_step(&self, step: &str, milliseconds: i64) {
        let seconds = milliseconds.max(0) as f64 / 1000.0;
        self.job_seconds
            .get_or_create(&label("step", step))
            .observe(seconds);
    }

    /// A step of an ingest took so long.
    pub fn step(&self, step: &str, seconds: f64) {
        self.step_seconds
            .get_or_create(&label("step", step))
            .observe(seconds);
    }

    /// A network ran for so long.
    pub fn network(&self, network: &str, seconds: f64) {
        self.network_seconds
            .get_or_create(&label("network", network))
            .inc_by(seconds);
    }

    /// A job ended.
    pub fn job_ended(&self, state: &str) {
        self.jobs_ended.get_or_create(&label("state", state)).inc();
    }

    /// So many jobs are in `state`.
    pub fn jobs(&self, state: &str, count: u64) {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        self.jobs.get_or_create(&label("state", state)).set(count);
    }

    /// A child was started, recycled, killed, or died.
    pub fn child(&self, what: &str) {
        self.children.get_or_create(&label("what", what)).inc();
    }

    /// An attempt to send a webhook ended.
    pub fn webhook(&self, outcome: &str) {
        self.webhooks
            .get_or_create(&label("outcome", outcome))
            .inc();
    }

    /// All of it as text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
