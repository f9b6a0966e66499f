//! Where things are, and how the program is started in a test.

#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use tastemaker::analysis::AnalysisContext;
use tastemaker::media::Limits;
use tastemaker::models::{Models, ModelsOptions};
use tastemaker::task::Task;

/// The checkout.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A sample file of `tests/media`, such as `clips/bikes.mp4`.
pub fn media(name: &str) -> PathBuf {
    let path = root().join("tests/media").join(name);
    assert!(
        path.exists(),
        "{} is part of the repository",
        path.display()
    );
    path
}

/// The corpus, or `None` (said aloud) where it is absent.
pub fn corpus() -> Option<PathBuf> {
    let path = std::env::var_os("TASTEMAKER_CORPUS")
        .map_or_else(|| root().join("../shared/corpus"), PathBuf::from);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("skipped: no corpus at {}", path.display());
    None
}

/// The ONNX Runtime that `scripts/setup` puts in place.
pub fn runtime() -> PathBuf {
    std::env::var_os("ORT_DYLIB_PATH").map_or_else(
        || root().join("target/onnxruntime/1.26.0/libonnxruntime.so.1.26.0"),
        PathBuf::from,
    )
}

/// The networks, loaded once for all tests of this process.
pub fn models() -> &'static Models {
    static MODELS: OnceLock<Models> = OnceLock::new();
    MODELS.get_or_init(|| {
        Models::open(ModelsOptions {
            folder: root().join("models"),
            runtime: vec![runtime()],
        })
        .expect("the manifest is readable")
    })
}

/// The program, with a cache and a configuration of its own in `home`.
pub fn tastemaker(home: &Path) -> assert_cmd::Command {
    assert_cmd::Command::from_std(program(home))
}

/// The same, to be started and left running.
pub fn program(home: &Path) -> std::process::Command {
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin!("tastemaker"));
    command
        .env("HOME", home)
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_DATA_HOME", home.join("data"))
        .env("NO_COLOR", "1")
        .env("ORT_DYLIB_PATH", runtime())
        .env_remove("TASTEMAKER_MODELS");
    command
}

/// Everything of one file, with one decoder thread.
pub fn context() -> AnalysisContext<'static> {
    AnalysisContext {
        models: models(),
        limits: Limits::default(),
        task: Task::default(),
        threads: 1,
        language: Default::default(),
        scope: Default::default(),
        captions: None,
        beats: Default::default(),
    }
}

/// Output and messages of the program run in `folder`, which must end with `code`.
pub fn run(folder: &Path, words: &[&str], code: i32) -> (String, String) {
    let assert = tastemaker(folder)
        .args(words)
        .current_dir(folder)
        .assert()
        .code(code);
    let output = assert.get_output();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}
