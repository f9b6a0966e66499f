//! Synthetic thumbnails for tests: a camera's view of a smooth pattern that hardly repeats.

use crate::analysis::video::luma_thumbnail::ThumbPyramid;
use crate::geometry::Size;
use crate::picture::Rgb8;

/// The pose of the camera.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View {
    /// Position, in pixels of a width of 160.
    pub x: f64,
    pub y: f64,
    /// Zoom; 2 shows everything twice as large.
    pub scale: f64,
    /// Radians by which the picture is turned clockwise.
    pub roll: f64,
    /// A checkered square in the picture, this many pixels to the right of its usual position.
    pub patch: Option<f64>,
}

impl Default for View {
    fn default() -> Self {
        Self {
            x: 0.0,
            y: 0.0,
            scale: 1.0,
            roll: 0.0,
            patch: None,
        }
    }
}

impl View {
    pub fn at(x: f64, y: f64) -> Self {
        Self {
            x,
            y,
            ..Self::default()
        }
    }
}

/// 160×90.
pub(crate) fn view(from: View) -> ThumbPyramid {
    let (sin, cos) = from.roll.sin_cos();
    let samples = (0..90)
        .flat_map(|row| (0..160).map(move |column| (f64::from(column), f64::from(row))))
        .flat_map(|(column, row)| {
            let (p, q) = ((column - 79.5) / from.scale, (row - 44.5) / from.scale);
            let u = p * cos + q * sin + from.x;
            let v = q * cos - p * sin + from.y;
            let wave = (u * 0.21).sin()
                + (v * 0.27).sin()
                + (u * 0.067 + v * 0.09).sin() * 1.5
                + ((u * 0.5).sin() * (v * 0.43).cos());
            let mut luma = 128.0 + 24.0 * wave;
            if let Some(right) = from.patch
                && (30.0 + right..54.0 + right).contains(&column)
                && (30.0..60.0).contains(&row)
            {
                let square = ((column - right) / 6.0).floor() + (row / 6.0).floor();
                luma = if square % 2.0 == 0.0 { 230.0 } else { 20.0 };
            }
            [luma.clamp(0.0, 255.0) as u8; 3]
        })
        .collect();
    ThumbPyramid::new(
        &Rgb8::new(Size::new(160, 90), samples).unwrap_or_else(|| Rgb8::black(Size::new(160, 90))),
    )
}
