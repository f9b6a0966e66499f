//! The shape and size of a result: cut around the subject, then reduced.

use crate::analysis::picture::{PictureDepth, analyze_picture};
use crate::analysis::{Effort, Part, Scope};
use crate::batch::likeness::median;
use crate::batch::settings::Settings;
use crate::edit::photo_crop;
use crate::error::{Error, Result};
use crate::geometry::{Rect, Size};
use crate::hint::Hint;
use crate::media::to_srgb;
use crate::models::Models;
use crate::picture::{Picture, Rgb8};

/// `picture` in the shape and size that `settings` ask for. `models` find the subject; they are only needed for a shape.
pub(super) fn framed(
    picture: Picture,
    settings: &Settings,
    models: Option<&Models>,
) -> Result<Picture> {
    let cut = match settings.aspect {
        Some(aspect) => shaped(picture, aspect, models)?,
        None => picture,
    };
    let size = settings.fit.map_or(cut.size(), |fit| fit.of(cut.size()));
    Ok(if size == cut.size() {
        cut
    } else {
        cut.resized(size)
    })
}

fn shaped(
    picture: Picture,
    (across, down): (u32, u32),
    models: Option<&Models>,
) -> Result<Picture> {
    let whole = picture.size();
    let kept = largest(whole, (across, down));
    if kept == whole {
        return Ok(picture);
    }
    let crop = around_subject(&to_srgb(&picture), (across, down), models)?;
    let place = |share: f64, side: u32| (share * f64::from(side)).round().max(0.0) as u32;
    Ok(picture.cropped(
        place(crop.x, whole.width),
        place(crop.y, whole.height),
        kept,
    ))
}

/// One crop of a shape for all frames of a clip, so that it stands still: around what is in the middle of the crops of each
/// of `frames`. `whole` is the size of the clip's frames, `kept` that of the crop.
pub(super) fn steady(
    frames: &[Rgb8],
    (whole, kept): (Size, Size),
    models: Option<&Models>,
) -> Result<Rect> {
    let shape = (kept.width, kept.height);
    let crops: Vec<Rect> = frames
        .iter()
        .map(|frame| around_subject(frame, shape, models))
        .collect::<Result<_>>()?;
    // On whole pixels, so that nothing is blurred that is not resized.
    let place = |of: fn(&Rect) -> f64, side: u32, kept: u32| {
        let (side, kept) = (f64::from(side.max(1)), f64::from(kept));
        let middle = median(crops.iter().map(of).collect());
        (middle * side).round().clamp(0.0, (side - kept).max(0.0)) / side
    };
    Ok(Rect {
        x: place(|crop| crop.x, whole.width, kept.width),
        y: place(|crop| crop.y, whole.height, kept.height),
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
        what: "a shape was asked for without the networks that find the subject".into(),
        hint: Hint::NameModels,
    })?;
    let asked = vec![Part::Faces, Part::Objects, Part::Subject];
    let scope = Scope::new(Some(asked), Effort::Full);
    let facts = analyze_picture(models, picture, PictureDepth::Full, &scope)?;
    Ok(photo_crop(&facts, Size::new(across, down)))
}

/// The largest size of a shape within `whole`.
pub(super) fn largest(whole: Size, (across, down): (u32, u32)) -> Size {
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
    fn a_shape_takes_as_much_as_it_can() {
        let size = Size::new;
        assert_eq!(largest(size(1000, 500), (1, 1)), size(500, 500));
        assert_eq!(largest(size(1000, 500), (4, 5)), size(400, 500));
        assert_eq!(largest(size(500, 1000), (16, 9)), size(500, 281));
        assert_eq!(largest(size(1600, 900), (16, 9)), size(1600, 900));
        assert_eq!(largest(size(1, 1), (100, 1)), size(1, 1));
    }
}
