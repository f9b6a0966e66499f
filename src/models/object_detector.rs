//! NanoDet-g: objects of the 80 COCO classes.

use crate::error::Result;
use crate::geometry::Rect;
use crate::models::Models;
use crate::models::non_max_suppression::best_of_each;
use crate::models::preprocessing::{Letterbox, planes};
use crate::models::session::NetworkInput;
use crate::picture::Rgb8;

const NETWORK: &str = "nanodet-g";
/// Side of the square that the network takes, in pixels.
const SIDE: usize = 416;
/// Classes of COCO.
const CLASSES: usize = 80;
/// Each side of a box is a distribution over distances of 0 to 10 strides.
const BINS: usize = 11;
/// Objects with a lower score are left out.
const THRESHOLD: f32 = 0.35;
/// Boxes of a class that overlap by more than this (intersection over union) are one object.
const SAME: f64 = 0.5;
/// Order R, G, B.
const MEAN: [f32; 3] = [123.675, 116.28, 103.53];
const DEVIATION: [f32; 3] = [58.395, 57.12, 57.375];

/// One object.
#[derive(Debug, Clone)]
pub struct ObjectDetection {
    /// COCO class.
    pub label: String,
    /// 0..1, above 0.35.
    pub score: f32,
    /// The box, in fractions of the picture.
    pub bounds: Rect,
}

impl Models {
    /// Objects of a picture (sRGB, any size), best first.
    pub fn detect_objects(&self, picture: &Rgb8) -> Result<Vec<ObjectDetection>> {
        let labels = self.labels("coco-80.json", CLASSES)?;
        let letterbox = Letterbox::new(picture, Rect::FULL, SIDE as u32);
        let numbers = input(&letterbox.canvas);
        let cells = |stride: usize| (SIDE / stride) * (SIDE / stride);
        let scores = |stride| cells(stride) * CLASSES;
        let sides = |stride| cells(stride) * 4 * BINS;
        let [scores_8, sides_8, scores_16, sides_16, scores_32, sides_32] = self.run(
            NETWORK,
            &[NetworkInput::floats(
                "input_1:0",
                &[1, 3, SIDE, SIDE],
                &numbers,
            )],
            [
                ("Identity:0", scores(8)),
                ("Identity_3:0", sides(8)),
                ("Identity_1:0", scores(16)),
                ("Identity_4:0", sides(16)),
                ("Identity_2:0", scores(32)),
                ("Identity_5:0", sides(32)),
            ],
        )?;

        let mut found = Vec::new();
        for (stride, scores, sides) in [
            (8, scores_8, sides_8),
            (16, scores_16, sides_16),
            (32, scores_32, sides_32),
        ] {
            collect(&mut found, stride, &scores, &sides);
        }
        let mut objects = Vec::new();
        for (class, label) in labels.iter().enumerate() {
            let candidates: Vec<(f32, Rect)> = (found.iter())
                .filter(|candidate| candidate.class == class)
                .map(|candidate| (candidate.score, candidate.bounds))
                .collect();
            for place in best_of_each(&candidates, |a, b| a.overlap(b) >= SAME) {
                let (score, bounds) = candidates[place];
                objects.push(ObjectDetection {
                    label: label.clone(),
                    score,
                    bounds: letterbox
                        .bounds(
                            bounds.x,
                            bounds.y,
                            bounds.x + bounds.width,
                            bounds.y + bounds.height,
                        )
                        .clipped(),
                });
            }
        }
        objects.sort_by(|a, b| b.score.total_cmp(&a.score));
        Ok(objects)
    }
}

/// Planes B, G, R, normalized.
fn input(canvas: &Rgb8) -> Vec<f32> {
    planes(canvas, [2, 1, 0], |channel, sample| {
        (f32::from(sample) - MEAN[channel]) / DEVIATION[channel]
    })
}

/// A box on the canvas, in its pixels.
struct CanvasBox {
    class: usize,
    score: f32,
    bounds: Rect,
}

/// The cells of one stride whose best class is above the threshold.
fn collect(found: &mut Vec<CanvasBox>, stride: usize, scores: &[f32], sides: &[f32]) {
    let columns = SIDE / stride;
    let cells = scores
        .chunks_exact(CLASSES)
        .zip(sides.chunks_exact(4 * BINS));
    for (cell, (scores, sides)) in cells.enumerate() {
        let (mut class, mut score) = (0, f32::NEG_INFINITY);
        for (candidate, &value) in scores.iter().enumerate() {
            if value > score {
                (class, score) = (candidate, value);
            }
        }
        if score <= THRESHOLD {
            continue;
        }
        let step = stride as f64;
        let center = |place: usize| (place as f64 + 0.5) * step;
        let (x, y) = (center(cell % columns), center(cell / columns));
        let mut distances = [0.0; 4];
        for (distance, bins) in distances.iter_mut().zip(sides.chunks_exact(BINS)) {
            *distance = expectation(bins) * step;
        }
        let [left, top, right, bottom] = distances;
        found.push(CanvasBox {
            class,
            score,
            bounds: Rect::new(x - left, y - top, left + right, top + bottom),
        });
    }
}

/// The mean of the distribution whose logits over 0, 1, 2 … are `bins`.
fn expectation(bins: &[f32]) -> f64 {
    let most = bins.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let (mut sum, mut weighted) = (0.0, 0.0);
    for (place, &bin) in bins.iter().enumerate() {
        let weight = f64::from(bin - most).exp();
        sum += weight;
        weighted += weight * place as f64;
    }
    weighted / sum
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::models::reference_cases;

    #[test]
    fn preprocessing_matches_the_reference() {
        for name in ["chelsea", "astronaut", "coffee"] {
            let picture = reference_cases::picture(&format!("{name}.png"));
            let canvas = Letterbox::new(&picture, Rect::FULL, SIDE as u32).canvas;
            let case = reference_cases::case(&format!("nanodet-g.{name}"));
            reference_cases::compare(&case, "input_1:0", &input(&canvas), 0.02, 0.005);
        }
    }

    #[test]
    fn the_expectation_of_a_clear_peak_is_its_place() {
        let mut bins = [0.0; BINS];
        bins[7] = 80.0;
        assert!((expectation(&bins) - 7.0).abs() < 1e-9);
        assert!((expectation(&[1.0; BINS]) - 5.0).abs() < 1e-9);
    }
}
