//! The processes that do the work on files. The service itself never decodes one.
//!
//! A child is this program again, in a sandbox. It keeps its networks loaded from job to job, and is replaced after
//! some jobs, after a crash, and after a job that took too long.

mod analysis;
mod film;
mod process;
mod protocol;
mod run;
mod sandbox;

pub use process::{ChildFolders, ChildInputs, ChildProcess, ChildProgram, JobStop, JobWatcher};
pub use protocol::{ANALYSIS, ChildTask, PROFILES, SpentTime};
pub use run::{ChildSettings, run_child};
pub use sandbox::SandboxMode;
