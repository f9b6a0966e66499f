//! The shape and size of a result: cut around the subject, then reduced.

use crate::analysis::still::{Depth, look_at};
use crate::analysis::{Pace, Part, Scope};
use crate::batch::settings::Settings;
use crate::edit::photo_crop;
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::media::to_srgb;
use crate::models::Models;
use crate::picture::Picture;

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
    let models = models.ok_or_else(|| Error::Usage {
        what: "a shape was asked for without the networks that find the subject".into(),
        hint: "name their folder with --models".into(),
    })?;
    let asked = vec![Part::Faces, Part::Objects, Part::Subject];
    let scope = Scope::new(Some(asked), Pace::Full);
    let facts = look_at(models, &to_srgb(&picture), Depth::Full, &scope)?;
    let crop = photo_crop(&facts, Size::new(across, down));
    let place = |share: f64, side: u32| (share * f64::from(side)).round().max(0.0) as u32;
    Ok(picture.cropped(
        place(crop.x, whole.width),
        place(crop.y, whole.height),
        kept,
    ))
}

/// The largest size of a shape within `whole`.
fn largest(whole: Size, (across, down): (u32, u32)) -> Size {
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
