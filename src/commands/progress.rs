//! Progress, notices and failed files of a job on the terminal. Bars show on a terminal only.

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};

use crate::commands::output::Printer;
use crate::error::Error;
use crate::notice::Notice;
use crate::task::{Listener, ProgressReceiver, ProgressUpdate, Stage, Task};

/// Steps of a bar: more than a terminal has columns.
const STEPS: u64 = 10_000;

/// A bar named `title` with the time that is left. It goes away when its last clone is dropped. It is hidden where
/// stderr is no terminal or only errors are to be printed.
fn bar(title: &'static str, quiet: bool) -> ProgressBar {
    let bar = ProgressBar::new(STEPS).with_finish(ProgressFinish::AndClear);
    if quiet || !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    let template = "{prefix:>9} [{bar:30}] {percent:>3}%  {eta} left  {wide_msg}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_prefix(title);
    bar
}

/// `task` with its progress as bars, and its notices and failed files printed: on stderr, and with `json` also as
/// documents.
pub fn on_terminal(task: &Task, printer: &Printer, json: bool) -> Task {
    task.heard_by(Arc::new(Terminal {
        printer: *printer,
        json,
        shared: Mutex::default(),
    }))
}

struct Terminal {
    printer: Printer,
    json: bool,
    /// Files by what was said of them and may be said of many.
    shared: Mutex<BTreeMap<String, usize>>,
}

impl Terminal {
    /// How many files `text` has been said of, with this one.
    fn count(&self, text: String) -> usize {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        let files = shared.entry(text).or_default();
        *files += 1;
        *files
    }
}

/// What was said of one file holds for so many more: a phone's folder has hundreds of photos of one kind.
impl Drop for Terminal {
    fn drop(&mut self) {
        let shared = self
            .shared
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        for (text, files) in shared {
            match *files {
                0 | 1 => {}
                2 => self.printer.note(&format!("1 more file: {text}")),
                files => self
                    .printer
                    .note(&format!("{} more files: {text}", files - 1)),
            }
        }
    }
}

// A closed stdout is not reported here: the next document that is printed fails.
impl Listener for Terminal {
    fn notice(&self, notice: &Notice) {
        if self.json {
            let _ = self.printer.notice_json(notice);
        }
        let earlier = notice
            .shared_text()
            .is_some_and(|text| self.count(text) > 1);
        if !earlier {
            self.printer.note(&notice.to_string());
        }
    }

    fn failure(&self, file: &Path, error: &Error) {
        if self.json {
            let _ = self.printer.error_json(file, error);
        }
        self.printer.error(error);
    }

    fn stage(&self, stage: Stage) -> ProgressReceiver {
        let bar = bar(title(stage), self.printer.is_quiet());
        Arc::new(move |now| match now {
            ProgressUpdate::Share(share) => {
                bar.set_position((share.clamp(0.0, 1.0) * STEPS as f64) as u64);
            }
            ProgressUpdate::File(file) => bar.set_message(file.display().to_string()),
        })
    }
}

fn title(stage: Stage) -> &'static str {
    match stage {
        Stage::Analyze => "analyze",
        Stage::Look => "look",
        Stage::Listen => "listen",
        Stage::Read => "read",
        Stage::Apply => "apply",
        Stage::Render => "render",
        Stage::Verify => "verify",
    }
}
