//! Reads the reference cases of `models/golden`, for the tests of private preprocessing.

#![allow(clippy::unwrap_used)]

use std::path::PathBuf;
use std::sync::OnceLock;

use serde_json::Value;
use symphonia::core::formats::TrackType;
use symphonia::core::formats::probe::Hint;
use symphonia::core::io::MediaSourceStream;

use crate::geometry::Size;
use crate::models::{Models, ModelsOptions};
use crate::picture::Rgb8;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("models/golden")
}

/// One case as JSON.
pub(super) fn case(name: &str) -> Value {
    let path = folder().join("cases").join(format!("{name}.json"));
    serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap()
}

/// Bytes of one input.
pub(super) fn input(name: &str) -> Vec<u8> {
    std::fs::read(folder().join("inputs").join(name)).unwrap()
}

/// One input picture.
pub(super) fn picture(name: &str) -> Rgb8 {
    let decoded = image::load_from_memory(&input(name)).unwrap().into_rgb8();
    let size = Size::new(decoded.width(), decoded.height());
    Rgb8::new(size, decoded.into_raw()).unwrap()
}

/// Checks numbers against the summary under `preprocessed` / `key`: single values within `each`, the mean and the
/// standard deviation within `mean`. Extremes are single values.
pub(super) fn compare(case: &Value, key: &str, numbers: &[f32], each: f64, mean: f64) {
    let summary = &case["preprocessed"][key];
    let name = case["case"].as_str().unwrap();
    let shape: u64 = (summary["shape"].as_array().unwrap().iter())
        .map(|side| side.as_u64().unwrap())
        .product();
    assert_eq!(numbers.len() as u64, shape, "{name}: shape");

    let wanted = |key: &str| summary[key].as_f64().unwrap();
    let count = numbers.len() as f64;
    let average = numbers.iter().map(|&number| f64::from(number)).sum::<f64>() / count;
    let squares = (numbers.iter())
        .map(|&number| (f64::from(number) - average).powi(2))
        .sum::<f64>();
    let close = |what: &str, found: f64, wanted: f64, tolerance: f64| {
        assert!(
            (found - wanted).abs() <= tolerance,
            "{name}: {what} is {found}, not {wanted}"
        );
    };
    close("mean", average, wanted("mean"), mean);
    close("deviation", (squares / count).sqrt(), wanted("std"), mean);
    let least = numbers.iter().copied().fold(f32::INFINITY, f32::min);
    let most = numbers.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    close("least", f64::from(least), wanted("min"), each);
    close("most", f64::from(most), wanted("max"), each);
    let places = summary["index"].as_array().unwrap();
    let values = summary["value"].as_array().unwrap();
    assert!(!places.is_empty() && places.len() == values.len());
    for (place, value) in places.iter().zip(values) {
        let place = place.as_u64().unwrap() as usize;
        let value = value.as_f64().unwrap();
        close(
            &format!("value {place}"),
            f64::from(numbers[place]),
            value,
            each,
        );
    }
}

/// One input sound, mono.
pub(super) fn sound(name: &str) -> Vec<f32> {
    let content = std::io::Cursor::new(input(name));
    let stream = MediaSourceStream::new(Box::new(content), Default::default());
    let mut format = symphonia::default::get_probe()
        .probe(&Hint::new(), stream, Default::default(), Default::default())
        .unwrap();
    let track = format.default_track(TrackType::Audio).unwrap();
    let codec = track.codec_params.as_ref().unwrap().audio().unwrap();
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(codec, &Default::default())
        .unwrap();
    let mut samples = Vec::new();
    while let Some(packet) = format.next_packet().unwrap() {
        let decoded = decoder.decode(&packet).unwrap();
        let mut block = vec![0.0; decoded.samples_interleaved()];
        decoded.copy_to_slice_interleaved(&mut block);
        samples.extend(block);
    }
    samples
}

/// The networks, with the ONNX Runtime that tests use.
pub(super) fn models() -> &'static Models {
    static MODELS: OnceLock<Models> = OnceLock::new();
    MODELS.get_or_init(|| {
        let checkout = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let library = std::env::var_os("ORT_DYLIB_PATH").map_or_else(
            || checkout.join("target/onnxruntime/1.26.0/libonnxruntime.so.1.26.0"),
            PathBuf::from,
        );
        Models::open(ModelsOptions {
            folder: checkout.join("models"),
            runtime: vec![library],
        })
        .unwrap()
    })
}
