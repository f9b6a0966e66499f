//! Encodes short animations, as WebP that goes round for ever (libwebp).

use std::path::Path;

use crate::error::{Error, Result};
use crate::picture::Rgb8;

/// A frame of an animation.
#[derive(Debug, Clone)]
pub struct AnimationFrame {
    /// All frames have one size.
    pub picture: Rgb8,
    /// When it is shown, in milliseconds from the beginning; the last one is shown for as long as the others on average.
    pub start: u32,
}

/// The bytes of an animated WebP with at least one frame, in order. `quality` is 1 to 100; `path` is named in errors.
pub fn animation_bytes(path: &Path, frames: &[AnimationFrame], quality: u8) -> Result<Vec<u8>> {
    let failed = |what: String| Error::encode(path, what);
    let size = match frames {
        [] => return Err(failed("it has no frames".into())),
        [first, ..] => first.picture.size(),
    };
    if frames.iter().any(|frame| frame.picture.size() != size) {
        return Err(failed("its frames have different sizes".into()));
    }
    let mut settings =
        webp::WebPConfig::new().map_err(|()| failed("libwebp does not start".into()))?;
    settings.quality = f32::from(quality.clamp(1, 100));
    let mut encoder = webp::AnimEncoder::new(size.width, size.height, &settings);
    for frame in frames {
        let start = i32::try_from(frame.start).unwrap_or(i32::MAX);
        let samples = frame.picture.samples();
        encoder.add_frame(webp::AnimFrame::from_rgb(
            samples,
            size.width,
            size.height,
            start,
        ));
    }
    let encoded = encoder.try_encode();
    let encoded = encoded.map_err(|problem| failed(format!("{problem:?}")))?;
    Ok(encoded.to_vec())
}
