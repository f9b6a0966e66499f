//! The film's size and frame rate.

use std::ops::RangeInclusive;

use crate::edit::EditRequest;
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::hint::Hint;
use crate::time::Rational;

/// Frame rate below which material is jerky anyway, so that repeated frames make it no worse.
const SLOWEST_RATE: f64 = 23.0;
/// Aspects (width over height) of films; one outside is a typing error.
const SHAPES: RangeInclusive<f64> = 0.1..=10.0;
/// Longest side, in pixels, of a film whose aspect is not the platform's: that of a 4K screen.
const LONGEST_SIDE: f64 = 3840.0;

/// The platform's size, or one of the requested aspect.
///
/// Errors: [`Error::Usage`] for an aspect that no film has.
pub(super) fn output_size(request: &EditRequest<'_>) -> Result<Size> {
    let platform = Size::new(request.platform.width, request.platform.height);
    let Some((width, height)) = request.aspect else {
        return Ok(platform);
    };
    let aspect = Size::new(width, height).aspect();
    if width == 0 || height == 0 || !SHAPES.contains(&aspect) {
        return Err(Error::Usage {
            what: format!("no film can have the shape {width}:{height}"),
            hint: Hint::GiveAspect,
        });
    }
    if (aspect / platform.aspect() - 1.0).abs() < 1e-6 {
        return Ok(platform);
    }
    // The shorter side keeps its pixels as long as the longer one fits a 4K screen.
    let short = f64::from(platform.width.min(platform.height));
    let longest = 1.0_f64.max(aspect).max(1.0 / aspect);
    let short = short.min(LONGEST_SIDE / longest);
    let even = |side: f64| (((side / 2.0).round() as u32) * 2).clamp(16, 8192);
    Ok(if aspect < 1.0 {
        Size::new(even(short), even(short / aspect))
    } else {
        Size::new(even(short * aspect), even(short))
    })
}

/// The rate of the material, if all clips have the same and the platform accepts it, so that no frame is repeated; else
/// the platform's.
pub(super) fn output_rate(request: &EditRequest<'_>) -> Rational {
    let platform = request.platform.frame_rate;
    let mut rates = request
        .sources
        .iter()
        .filter_map(|source| source.analysis.video.as_ref())
        .map(|video| (video.frame_rate, video.variable_frame_rate));
    let Some((first, _)) = rates.clone().next() else {
        return platform;
    };
    let usual = rates.all(|(rate, variable)| rate == first && !variable);
    let seconds = first.seconds();
    if usual && seconds >= SLOWEST_RATE && first <= platform && first.denominator() <= 1001 {
        first
    } else {
        platform
    }
}
