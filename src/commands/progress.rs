//! Progress on a terminal, silence elsewhere.

use std::io::IsTerminal as _;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::task::Task;

const STEPS: u64 = 10_000;

/// A bar with the time that is left.
#[derive(Clone)]
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar named `title`; hidden when stderr is not a terminal or `quiet`.
    pub fn new(title: &str, quiet: bool) -> Self {
        let bar = ProgressBar::new(STEPS);
        if quiet || !std::io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        if let Ok(style) = ProgressStyle::with_template(
            "{prefix:>9} [{bar:30}] {percent:>3}%  {eta} left  {wide_msg}",
        ) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_prefix(title.to_owned());
        Self { bar }
    }

    /// Says what is being worked on.
    pub fn message(&self, text: &str) {
        self.bar.set_message(text.to_owned());
    }

    /// Moves to `share`, 0..1.
    pub fn set(&self, share: f64) {
        self.bar
            .set_position((share.clamp(0.0, 1.0) * STEPS as f64) as u64);
    }

    /// A task that moves this bar from 0 to 1.
    pub fn task(&self, task: &Task) -> Task {
        let own = self.clone();
        task.reporting(move |share| own.set(share))
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
