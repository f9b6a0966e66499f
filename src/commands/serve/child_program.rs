//! How this program is started for the work on files.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::commands::options::Common;
use crate::commands::places;
use crate::server::{ChildProgram, SandboxMode};

/// What a job held goes back to the system, at the cost of new pages for each large frame: the allocator of glibc keeps
/// one heap for each thread that ever was, and keeps large frames in them once it has seen one.
const MEMORY_GOES_BACK: [(&str, &str); 2] = [
    ("MALLOC_ARENA_MAX", "2"),
    ("MALLOC_MMAP_THRESHOLD_", "1048576"),
];

/// A child of a service, which lives for days.
pub fn service_child_program(
    sandbox: SandboxMode,
    presets: &[PathBuf],
    common: &Common,
) -> Result<ChildProgram> {
    let mut program = child_program(sandbox, presets, common)?;
    let allocator = MEMORY_GOES_BACK.map(|(name, value)| (name.into(), value.into()));
    program.environment.extend(allocator);
    Ok(program)
}

/// This program as a child, with the same networks and limits and next to nothing of the environment.
pub fn child_program(
    sandbox: SandboxMode,
    presets: &[PathBuf],
    common: &Common,
) -> Result<ChildProgram> {
    let program = std::env::current_exe().context("this program")?;
    let models = std::path::absolute(places::models_folder(common))?;
    let mut arguments: Vec<OsString> = vec!["--models".into(), models.into()];
    let runtimes = places::runtime_candidates(common);
    if let Some(runtime) = runtimes.iter().find(|path| path.is_file()) {
        arguments.extend(["--onnxruntime".into(), std::path::absolute(runtime)?.into()]);
    }
    let limits = &common.limits;
    let numbers = [
        ("--max-bytes", limits.max_bytes),
        ("--max-pixels", limits.max_pixels),
        ("--max-frames", limits.max_frames),
        ("--max-seconds", limits.max_seconds),
        ("--max-streams", limits.max_streams),
        ("--max-memory", limits.max_memory),
    ];
    for (flag, value) in numbers {
        arguments.extend([flag.into(), value.to_string().into()]);
    }
    arguments.extend(["--language".into(), common.language.clone().into()]);
    let rest = [
        "--no-cache",
        "--quiet",
        "serve",
        "--sandbox",
        sandbox.name(),
    ];
    arguments.extend(rest.map(OsString::from));
    for preset in presets {
        arguments.extend(["--preset".into(), preset.into()]);
    }
    arguments.push("child".into());
    let passed = ["LD_LIBRARY_PATH", "ORT_DISABLE_TELEMETRY", "PATH"];
    let passed = passed
        .iter()
        .filter_map(|name| Some((OsString::from(name), std::env::var_os(name)?)));
    let environment = passed.collect();
    Ok(ChildProgram {
        program,
        arguments,
        environment,
    })
}
