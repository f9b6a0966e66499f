//! The terminal: one file a verb; arguments, progress, printing. Only here is anything printed, the clock or the environment read.

use std::process::ExitCode;

/// Runs the command line.
pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}
