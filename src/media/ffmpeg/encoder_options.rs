//! FFmpeg's encoders of pictures, and their options for the same speeds and qualities.
//!
//! x264's names stand for the speeds of all. Threads are fixed where the encoded bytes depend on them, so that films do
//! not depend on the machine.

use super::deep_frames::chroma_location;
use super::library::PICTURE_ENCODER;
use crate::media::stored_pictures::OwnIds;
use crate::media::{FilmCodec, FilmSettings, VideoSignal};
use crate::picture::ChromaPlace;

/// x264's presets, fastest first.
const PRESETS: [&str; 10] = [
    "ultrafast",
    "superfast",
    "veryfast",
    "faster",
    "fast",
    "medium",
    "slow",
    "slower",
    "veryslow",
    "placebo",
];
/// SVT-AV1's presets for these, 0 slowest to 13.
const SVT_PRESETS: [&str; 10] = ["12", "11", "10", "9", "8", "6", "5", "4", "3", "2"];
/// libvpx's `cpu-used` for these, 0 slowest to 8; from 6 on it needs real time.
const VPX_SPEEDS: [&str; 10] = ["8", "7", "6", "5", "4", "3", "2", "1", "1", "0"];

/// An option of an encoder and its value.
pub(super) type EncoderOption = (&'static str, String);

/// FFmpeg's name of an encoder.
pub(super) fn encoder_name(codec: FilmCodec) -> &'static str {
    match codec {
        FilmCodec::H264 => PICTURE_ENCODER,
        FilmCodec::H265 => "libx265",
        FilmCodec::Av1 => "libsvtav1",
        FilmCodec::Vp9 => "libvpx-vp9",
    }
}

/// The options of the encoder of `settings`; `steady` if all frames last as long, and the ids of the parameter sets where
/// others stand beside them. The error says what is wrong.
pub(super) fn encoder_options(
    settings: &FilmSettings,
    steady: bool,
    ids: Option<OwnIds>,
) -> Result<Vec<EncoderOption>, String> {
    let Some(speed) = PRESETS.iter().position(|preset| *preset == settings.preset) else {
        let known = PRESETS.join(", ");
        let preset = &settings.preset;
        return Err(format!("x264 has no preset {preset:?}, only {known}"));
    };
    let of = |names: [&str; PRESETS.len()]| names.get(speed).copied().unwrap_or("5").to_owned();
    let quality = settings.quality.min(settings.codec.worst_quality());
    let mut options = vec![("crf", quality.to_string())];
    match settings.codec {
        FilmCodec::H264 => {
            options.push(("preset", settings.preset.clone()));
            options.push((
                "x264-params",
                x264_parameters(&settings.preset, steady, ids),
            ));
        }
        FilmCodec::H265 => {
            options.push(("preset", settings.preset.clone()));
            // Two frames at once on any machine; its log would go to the terminal; groups of pictures stand alone.
            let mut parameters = "log-level=none:frame-threads=2:open-gop=0".to_owned();
            if let Some(signal) = &settings.signal {
                parameters.push_str(&x265_signal(signal));
            }
            options.push(("x265-params", parameters));
        }
        FilmCodec::Av1 => options.push(("preset", of(SVT_PRESETS))),
        FilmCodec::Vp9 => {
            let in_time = speed < 3;
            let deadline = if in_time { "realtime" } else { "good" };
            options.push(("deadline", deadline.into()));
            options.push(("cpu-used", of(VPX_SPEEDS)));
            // The quality alone counts.
            options.push(("b", "0".into()));
            options.push(("row-mt", "1".into()));
        }
    }
    Ok(options)
}

/// Parameters of x265 for what FFmpeg 5.1 does not hand on: where chroma lies, and how bright the film is meant to be.
fn x265_signal(signal: &VideoSignal) -> String {
    let mut parameters = String::new();
    // Its numbers count from 0, those of FFmpeg from 1.
    if let Some(place) = chroma_location(signal.place)
        && signal.place != ChromaPlace::LEFT
    {
        parameters.push_str(&format!(":chromaloc={}", place - 1));
    }
    if let Some(display) = signal.light.mastering.filter(|display| display.is_whole()) {
        let [red, green, blue, white] = display.chromaticities.map(|[x, y]| format!("({x},{y})"));
        let luminance = format!("({},{})", display.most, display.least);
        parameters.push_str(&format!(
            ":master-display=G{green}B{blue}R{red}WP{white}L{luminance}"
        ));
    }
    if let Some(content) = signal.light.content {
        let (most, average) = (content.most, content.frame_average);
        parameters.push_str(&format!(":max-cll={most},{average}"));
    }
    parameters
}

/// Parameters of x264 that no option of FFmpeg sets.
fn x264_parameters(preset: &str, steady: bool, ids: Option<OwnIds>) -> String {
    let mut parameters = Vec::new();
    // Frames that x264 looks ahead at are 7 MiB each at 1080p. With four less than the preset's ten a film has 5 % less
    // bytes and 0.3 dB less; slower presets look farther ahead, for who asks for them has the time and wants the bytes.
    if preset == "veryfast" {
        parameters.push("rc-lookahead=6".to_owned());
    }
    let code = steady_code();
    if !code.is_empty() {
        parameters.push(code.to_owned());
    }
    if let Some(OwnIds::Told(id)) = ids {
        parameters.push(format!("sps-id={id}"));
    }
    // The same bytes with 40 MiB less at 1080p: the look-ahead runs before each frame instead of on a thread with
    // frames of its own, and the frame that variable frame rates wait for is not held. Films are drawn on other
    // threads than this one, so it costs a few percent of the time at most.
    if steady {
        parameters.push("sync-lookahead=0:force-cfr=1".into());
    }
    parameters.join(":")
}

/// x264's AVX-512 code reads uninitialized memory (seen with build 164; not with `mbtree=0`), so a second film encoded
/// by one process differs from the first. Its AVX2 code does not have the fault.
fn steady_code() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    if std::is_x86_feature_detected!("avx512f") {
        return "asm=avx2";
    }
    ""
}
