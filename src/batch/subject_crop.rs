//! Crops a result around its subject and reduces it.

use crate::analysis::picture::{PictureDepth, analyze_picture};
use crate::analysis::{Effort, Part, Scope};
use crate::batch::photo_signature::median;
use crate::batch::settings::BatchSettings;
use crate::edit::photo_crop;
use crate::error::{Error, Result};
use crate::geometry::{Rect, Size};
use crate::hint::Hint;
use crate::media::to_srgb;
use crate::models::Models;
use crate::picture::{Picture, Rgb8};

/// `picture` in the aspect and size of `settings`, and the part of it that this shows. `models` find the subject, for a
/// crop only.
pub(super) fn crop_and_fit(
    picture: Picture,
    settings: &BatchSettings,
    models: Option<&Models>,
) -> Result<(Picture, Rect)> {
    let (cropped, crop) = match settings.aspect {
        Some(aspect) => crop_to_aspect(picture, aspect, models)?,
        None => (picture, Rect::FULL),
    };
    let size = settings
        .fit
        .map_or(cropped.size(), |fit| fit.of(cropped.size()));
    let fitted = if size == cropped.size() {
        cropped
    } else {
        cropped.resized(size)
    };
    Ok((fitted, crop))
}

fn crop_to_aspect(
    picture: Picture,
    (across, down): (u32, u32),
    models: Option<&Models>,
) -> Result<(Picture, Rect)> {
    let whole = picture.size();
    let kept = largest_of_aspect(whole, (across, down));
    if kept == whole {
        return Ok((picture, Rect::FULL));
    }
    let crop = around_subject(&to_srgb(&picture), (across, down), models)?;
    let pixels = |share: f64, side: u32, most: u32| {
        let pixels = (share * f64::from(side)).round().max(0.0) as u32;
        pixels.min(most)
    };
    let left = pixels(crop.x, whole.width, whole.width - kept.width);
    let top = pixels(crop.y, whole.height, whole.height - kept.height);
    let share = |pixels: u32, side: u32| f64::from(pixels) / f64::from(side.max(1));
    let shown = Rect::new(
        share(left, whole.width),
        share(top, whole.height),
        share(kept.width, whole.width),
        share(kept.height, whole.height),
    );
    Ok((picture.cropped(left, top, kept), shown))
}

/// One still crop for all frames of a clip: the median of the crops of `frames`. `whole` is the size of the clip's
/// frames, `kept` that of the crop.
pub(super) fn clip_crop(
    frames: &[Rgb8],
    whole: Size,
    kept: Size,
    models: Option<&Models>,
) -> Result<Rect> {
    let shape = (kept.width, kept.height);
    let crops: Vec<Rect> = frames
        .iter()
        .map(|frame| around_subject(frame, shape, models))
        .collect::<Result<_>>()?;
    // Whole pixels keep a clip sharp that is not resized.
    let start = |of: fn(&Rect) -> f64, side: u32, kept: u32| {
        let (side, kept) = (f64::from(side.max(1)), f64::from(kept));
        let middle = median(crops.iter().map(of).collect());
        (middle * side).round().clamp(0.0, (side - kept).max(0.0)) / side
    };
    Ok(Rect {
        x: start(|crop| crop.x, whole.width, kept.width),
        y: start(|crop| crop.y, whole.height, kept.height),
        width: f64::from(kept.width) / f64::from(whole.width.max(1)),
        height: f64::from(kept.height) / f64::from(whole.height.max(1)),
    })
}

fn around_subject(
    picture: &Rgb8,
    (across, down): (u32, u32),
    models: Option<&Models>,
) -> Result<Rect> {
    let models = models.ok_or_else(|| Error::Usage {
        what: "cropping needs the networks that find the subject".into(),
        hint: Hint::NameModels,
    })?;
    let asked = vec![Part::Faces, Part::Objects, Part::Subject];
    let scope = Scope::new(Some(asked), Effort::Full);
    let facts = analyze_picture(models, picture, PictureDepth::Full, &scope)?;
    Ok(photo_crop(&facts, Size::new(across, down)))
}

/// The largest size of an aspect within `whole`.
pub(super) fn largest_of_aspect(whole: Size, (across, down): (u32, u32)) -> Size {
    let (across, down) = (u64::from(across.max(1)), u64::from(down.max(1)));
    let (width, height) = (u64::from(whole.width), u64::from(whole.height));
    let (kept_width, kept_height) = if width * down > height * across {
        ((height * across + down / 2) / down, height)
    } else {
        (width, (width * down + across / 2) / across)
    };
    let side = |side: u64, most: u32| u32::try_from(side).unwrap_or(most).clamp(1, most.max(1));
    Size::new(
        side(kept_width, whole.width),
        side(kept_height, whole.height),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_keeps_as_much_as_it_can() {
        let size = Size::new;
        assert_eq!(largest_of_aspect(size(1000, 500), (1, 1)), size(500, 500));
        assert_eq!(largest_of_aspect(size(1000, 500), (4, 5)), size(400, 500));
        assert_eq!(largest_of_aspect(size(500, 1000), (16, 9)), size(500, 281));
        assert_eq!(largest_of_aspect(size(1600, 900), (16, 9)), size(1600, 900));
        assert_eq!(largest_of_aspect(size(1, 1), (100, 1)), size(1, 1));
    }
}
