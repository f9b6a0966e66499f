//! Writes what changes a clip: its crop as a transform, its gain as volume.

use crate::geometry::Size;
use crate::interchange::fcpxml::keys::time_text;
use crate::interchange::fcpxml::write::{SpineClip, Writer};
use crate::interchange::fraction::fraction;
use crate::interchange::loss::{LostPart, is_cropped};
use crate::time::Rational;

/// Finest parts of a second of a keyframe.
const PARTS_OF_A_SECOND: i64 = 1_000_000;

impl Writer<'_> {
    /// Scales and moves the picture so that its crop fills the frame.
    pub(super) fn transform(&mut self, place: &SpineClip<'_>) {
        let Some(segment) = self.request.segment(place.clip) else {
            return;
        };
        if !is_cropped(&segment.crop) {
            return;
        }
        let Some(size) = self
            .request
            .medium(place.clip)
            .and_then(|medium| medium.facts.size)
        else {
            let number = place.clip.segment.unwrap_or(0);
            let place = format!("picture[{number}]");
            self.losses.note(
                LostPart::Crop,
                "crop",
                place,
                "the whole picture: its size is not known",
            );
            return;
        };
        let output = &self.request.plan.output;
        let film = Size::new(output.width, output.height);
        let points: Vec<(Rational, String, String)> = segment
            .crop
            .iter()
            .map(|[time, rect @ ..]| {
                let time = fraction(*time, PARTS_OF_A_SECOND).unwrap_or(Rational::ZERO);
                let slowness = place.clip.speed.inverse().unwrap_or(Rational::ONE);
                let (position, scale) = fill_frame(*rect, size, film);
                (time * slowness, position, scale)
            })
            .collect();
        self.xml.empty("adjust-conform", &[("type", "fit")]);
        match &points[..] {
            [] => {}
            [(_, position, scale)] => {
                let attributes = [("position", position.as_str()), ("scale", scale)];
                self.xml.empty("adjust-transform", &attributes);
            }
            [(_, position, scale), ..] => {
                let attributes = [("position", position.as_str()), ("scale", scale)];
                self.xml.start("adjust-transform", &attributes);
                self.keyframes(
                    "position",
                    points.iter().map(|(time, position, _)| (*time, position)),
                );
                self.keyframes(
                    "scale",
                    points.iter().map(|(time, _, scale)| (*time, scale)),
                );
                self.xml.end();
            }
        }
    }

    /// The gain of a sound at second `at` of the film, whose own time is then `local`.
    pub(super) fn volume(&mut self, gain: &[[f64; 2]], at: f64, local: Rational) {
        let Some([_, first]) = gain.first() else {
            return;
        };
        let amount = format!("{first}dB");
        if gain.iter().all(|[_, decibel]| decibel == first) {
            self.xml.empty("adjust-volume", &[("amount", &amount)]);
            return;
        }
        self.xml.start("adjust-volume", &[("amount", &amount)]);
        let points: Vec<(Rational, String)> = gain
            .iter()
            .map(|[time, decibel]| {
                let after = fraction(time - at, PARTS_OF_A_SECOND).unwrap_or(Rational::ZERO);
                (local + after, format!("{decibel}dB"))
            })
            .collect();
        self.keyframes("amount", points.iter().map(|(time, value)| (*time, value)));
        self.xml.end();
    }

    fn keyframes<'b>(&mut self, name: &str, points: impl Iterator<Item = (Rational, &'b String)>) {
        self.xml.start("param", &[("name", name)]);
        self.xml.start("keyframeAnimation", &[]);
        for (time, value) in points {
            let time = time_text(time);
            let attributes = [
                ("time", time.as_str()),
                ("value", value),
                ("curve", "linear"),
            ];
            self.xml.empty("keyframe", &attributes);
        }
        self.xml.end();
        self.xml.end();
    }
}

/// The position (percent of the frame's height, up and to the right) and scale (of the picture fitted into the frame)
/// at which the part `[x, y, width, height]` of a picture of `size` fills a frame of the size `film`.
fn fill_frame([x, y, width, height]: [f64; 4], size: Size, film: Size) -> (String, String) {
    let (picture_width, picture_height) = (f64::from(size.width), f64::from(size.height));
    let (film_width, film_height) = (f64::from(film.width), f64::from(film.height));
    let fit = (film_width / picture_width).min(film_height / picture_height);
    let across = film_width / (width * picture_width);
    let down = film_height / (height * picture_height);
    let right = (0.5 - x - width / 2.0) * picture_width * across / film_height * 100.0;
    let up = (y + height / 2.0 - 0.5) * picture_height * down / film_height * 100.0;
    // Adding zero turns -0 into 0.
    (
        format!("{:.4} {:.4}", right + 0.0, up + 0.0),
        format!("{:.6} {:.6}", across / fit, down / fit),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crop_fills_the_frame() {
        let landscape = Size::new(1920, 1080);
        let upright = Size::new(1080, 1920);
        let whole = fill_frame([0.0, 0.0, 1.0, 1.0], landscape, landscape);
        assert_eq!(whole, ("0.0000 0.0000".into(), "1.000000 1.000000".into()));
        // The right third, upright: fitted it is 1080 wide, shown 3413 wide, so 3.16 times as large.
        let (position, scale) = fill_frame([0.683_594, 0.0, 0.316_406, 1.0], landscape, upright);
        assert!(scale.starts_with("3.1604"), "{scale}");
        assert!(position.starts_with("-60.76"), "{position}");
    }
}
