//! Shared support for tests: sample files, programs, networks.

#![allow(dead_code)]

mod corpus;
mod ffmpeg;
mod mutations;
mod pictures;
mod program;
#[cfg(feature = "server")]
mod service;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use tastemaker::analysis::AnalysisContext;
use tastemaker::media::Limits;
use tastemaker::models::{Models, ModelsOptions};
use tastemaker::task::Task;

pub use corpus::{corpus, skip};
pub use ffmpeg::{ffmpeg, ffmpeg_report, ffprobe};
pub use mutations::{Dice, for_each_mutation};
pub use pictures::{
    decode, eight_bit_picture, exif_with_location, mean_difference, sixteen_bit_picture,
    wide_profile, write_picture,
};
pub use program::{Home, Run, Tastemaker, contents, results, tastemaker};
#[cfg(feature = "server")]
pub use service::{Answer, Part, Service, form};

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
