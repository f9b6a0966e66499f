//! How good a photo is, by what it shows rather than by the whole picture.

use crate::analysis::PictureFacts;

/// The worth of a photo of quality 0, and what quality 1 adds. Good moments of clips are worth more.
const PHOTO_WORTH: (f64, f64) = (0.2, 0.5);
/// What sharpness adds to the quality of a picture (`docs/json.md`, *Quality*).
const SHARPNESS_SHARE: f64 = 0.45;
/// Sharpness (0..1) of the subject below which a photo is blurred: a Gaussian blur of two pixels leaves half as much of
/// a usual photo as this.
const BLURRED: f64 = 0.35;
/// Sharpness, as a share of the set's median, below which it is, too: a road from a moving car has 0.64 among photos of
/// 0.9 and more.
const SOFTER: f64 = 0.7;

/// Sharpness of the subject, or of the picture where no subject is known.
fn sharpness(picture: &PictureFacts) -> f64 {
    picture
        .quality
        .subject_sharpness
        .unwrap_or(picture.quality.sharpness)
}

/// How good a photo is, 0..1: its quality with the sharpness of its subject instead of the whole picture's.
pub(super) fn photo_worth(picture: &PictureFacts) -> f64 {
    let quality = picture.quality.score
        + SHARPNESS_SHARE * (sharpness(picture) - picture.quality.sharpness).min(0.0);
    let worth = PHOTO_WORTH.0 + PHOTO_WORTH.1 * quality;
    if worth.is_finite() {
        worth.clamp(0.0, 1.0)
    } else {
        0.0
    }
}

/// The sharpness below which a photo of this set is blurred. It stays out while better ones are unused.
pub(super) fn blur_limit<'a>(set: impl Iterator<Item = &'a PictureFacts>) -> f64 {
    let mut all: Vec<f64> = set.map(sharpness).filter(|it| it.is_finite()).collect();
    all.sort_by(f64::total_cmp);
    let usual = all.get(all.len() / 2).copied().unwrap_or(0.0);
    BLURRED.max(SOFTER * usual)
}

/// A photo whose subject is less sharp than `limit`.
pub(super) fn is_blurred(picture: &PictureFacts, limit: f64) -> bool {
    sharpness(picture) < limit
}
