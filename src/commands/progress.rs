//! Progress, notices and failed files of a job on the terminal. Bars show on a terminal only.

use std::io::IsTerminal as _;
use std::path::Path;
use std::sync::Arc;

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
    }))
}

struct Terminal {
    printer: Printer,
    json: bool,
}

// A closed stdout is not reported here: the next document that is printed fails.
impl Listener for Terminal {
    fn notice(&self, notice: &Notice) {
        if self.json {
            let _ = self.printer.notice_json(notice);
        }
        self.printer.note(&notice.to_string());
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
