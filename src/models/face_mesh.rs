//! MediaPipe Face Mesh: 468 points of one face, with depth.
//!
//! The points are those of Kartynnik et al., "Real-time Facial Surface Geometry from Monocular Video on Mobile GPUs",
//! 2019; their indices are those of MediaPipe's canonical face model. The network was trained on upright faces, so a
//! tilted head is rotated upright for the network and the points are rotated back.

use crate::error::Result;
use crate::geometry::{Point, Rect, Size};
use crate::models::Models;
use crate::models::preprocessing::cut;
use crate::models::session::NetworkInput;
use crate::picture::{Filter, Rgb8, resize};

const NETWORK: &str = "face-landmarks";
/// Side of the square that the network takes, in pixels.
const SIDE: usize = 192;
/// Points of a mesh.
pub const MESH_POINTS: usize = 468;
/// Side of the square that the network sees, relative to the width of the face's box.
const ROOM: f64 = 1.5;
/// Smaller tilts (radians, about 6°) are not corrected: training data contains them.
const UPRIGHT: f64 = 0.1;

/// The points of one face.
#[derive(Debug, Clone)]
pub struct FaceMesh {
    /// Probability of a face, 0..1.
    pub score: f32,
    /// 468 points `[x, y, z]` in pixels of the picture; `z` grows away from the camera and is about 0 at the ears.
    pub points: Vec<[f64; 3]>,
}

impl Models {
    /// The mesh of the face at `bounds`. `tilt` is the clockwise angle of the line between the eyes, in radians.
    pub fn face_mesh(&self, picture: &Rgb8, bounds: Rect, tilt: f64) -> Result<FaceMesh> {
        let view = FaceCut::new(picture.size(), bounds, tilt);
        let numbers = input(picture, &view);
        let [places, presence] = self.run(
            NETWORK,
            &[NetworkInput::floats(
                "input_1",
                &[1, SIDE, SIDE, 3],
                &numbers,
            )],
            [("conv2d_20", MESH_POINTS * 3), ("conv2d_30", 1)],
        )?;
        let logit = presence.first().copied().unwrap_or(f32::NEG_INFINITY);
        Ok(FaceMesh {
            score: (1.0 / (1.0 + (-f64::from(logit)).exp())) as f32,
            points: places
                .chunks_exact(3)
                .map(|place| {
                    let [x, y, z] = [place[0], place[1], place[2]].map(f64::from);
                    let at = view.place(x, y);
                    [at.x, at.y, z * view.scale]
                })
                .collect(),
        })
    }
}

/// The square of the picture that the network sees.
struct FaceCut {
    /// The square before rotation, in fractions of the picture.
    square: Rect,
    /// Its center, in pixels of the picture.
    middle: Point,
    /// Pixels of the picture over pixels of the network's square.
    scale: f64,
    /// Cosine and sine of the tilt of the head; `None` for an upright one.
    turn: Option<(f64, f64)>,
}

impl FaceCut {
    fn new(size: Size, bounds: Rect, tilt: f64) -> Self {
        let (width, height) = (f64::from(size.width), f64::from(size.height));
        let side = (ROOM * bounds.width * width).clamp(1.0, 2.0 * width.max(height));
        let center = bounds.center();
        let middle = Point {
            x: center.x * width,
            y: center.y * height,
        };
        let (left, top) = (middle.x - side / 2.0, middle.y - side / 2.0);
        let square = Rect::new(left / width, top / height, side / width, side / height);
        let turn = (tilt.is_finite() && tilt.abs() > UPRIGHT).then(|| (tilt.cos(), tilt.sin()));
        if turn.is_some() {
            return Self {
                square,
                middle,
                scale: side / SIDE as f64,
                turn,
            };
        }
        // Whole pixels, like `cut`.
        let (left, right) = (left.trunc(), (left + side).trunc());
        let (top, bottom) = (top.trunc(), (top + side).trunc());
        Self {
            square,
            middle: Point {
                x: (left + right) / 2.0,
                y: (top + bottom) / 2.0,
            },
            scale: (right - left).max(1.0) / SIDE as f64,
            turn,
        }
    }

    /// The position in the picture, in pixels, of a point of the network's square.
    fn place(&self, x: f64, y: f64) -> Point {
        let half = SIDE as f64 / 2.0;
        let (across, down) = ((x - half) * self.scale, (y - half) * self.scale);
        let (cosine, sine) = self.turn.unwrap_or((1.0, 0.0));
        Point {
            x: self.middle.x + cosine * across - sine * down,
            y: self.middle.y + sine * across + cosine * down,
        }
    }
}

/// R, G, B pixel by pixel, 0..1.
fn input(picture: &Rgb8, view: &FaceCut) -> Vec<f32> {
    let side = Size::new(SIDE as u32, SIDE as u32);
    let Some((cosine, sine)) = view.turn else {
        let face = resize(&cut(picture, view.square), side, Filter::Bilinear);
        let samples = face.samples().iter();
        return samples.map(|&sample| f32::from(sample) / 255.0).collect();
    };
    // A square with room for the corners of the rotated one. It is reduced before it is sampled, to avoid aliasing.
    let room = Rect::new(
        view.square.x - 0.25 * view.square.width,
        view.square.y - 0.25 * view.square.height,
        1.5 * view.square.width,
        1.5 * view.square.height,
    );
    let wide = SIDE + SIDE / 2;
    let around = resize(
        &cut(picture, room),
        Size::new(wide as u32, wide as u32),
        Filter::Bilinear,
    );
    let mut numbers = Vec::with_capacity(SIDE * SIDE * 3);
    for y in 0..SIDE {
        for x in 0..SIDE {
            let across = x as f64 + 0.5 - SIDE as f64 / 2.0;
            let down = y as f64 + 0.5 - SIDE as f64 / 2.0;
            let sampled = between(
                &around,
                wide as f64 / 2.0 + cosine * across - sine * down,
                wide as f64 / 2.0 + sine * across + cosine * down,
            );
            numbers.extend(sampled.map(|sample| (sample / 255.0) as f32));
        }
    }
    numbers
}

/// Bilinear interpolation of the color at a position; the centers of pixels are at halves.
fn between(picture: &Rgb8, x: f64, y: f64) -> [f64; 3] {
    let place = |at: f64, side: usize| {
        let at = (at - 0.5).clamp(0.0, (side.max(1) - 1) as f64);
        let first = at.floor() as usize;
        (first, (first + 1).min(side.max(1) - 1), at - at.floor())
    };
    let (left, right, across) = place(x, picture.width());
    let (top, bottom, down) = place(y, picture.height());
    let corner = |x: usize, y: usize| picture.pixel(x, y).map(f64::from);
    let (a, b) = (corner(left, top), corner(right, top));
    let (c, d) = (corner(left, bottom), corner(right, bottom));
    std::array::from_fn(|channel| {
        let above = a[channel] + (b[channel] - a[channel]) * across;
        let below = c[channel] + (d[channel] - c[channel]) * across;
        above + (below - above) * down
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::models::reference_cases;

    fn golden_box(case: &serde_json::Value, picture: &Rgb8) -> Rect {
        let corner = |at: usize| case["expected"]["box_xyxy"][at].as_f64().unwrap();
        let (width, height) = (picture.width() as f64, picture.height() as f64);
        Rect::new(
            corner(0) / width,
            corner(1) / height,
            (corner(2) - corner(0)) / width,
            (corner(3) - corner(1)) / height,
        )
    }

    #[test]
    fn preprocessing_matches_the_reference() {
        let picture = reference_cases::picture("astronaut.png");
        let case = reference_cases::case("faces.astronaut");
        let view = FaceCut::new(picture.size(), golden_box(&case, &picture), 0.0);
        let numbers = input(&picture, &view);
        reference_cases::compare(&case, "landmark input_1", &numbers, 0.02, 0.005);
    }

    #[test]
    fn points_match_the_reference() {
        let picture = reference_cases::picture("astronaut.png");
        let case = reference_cases::case("faces.astronaut");
        let mesh = reference_cases::models()
            .face_mesh(&picture, golden_box(&case, &picture), 0.0)
            .unwrap();
        assert!(mesh.score > 0.9 && mesh.points.len() == MESH_POINTS);
        for (number, wanted) in case["expected"]["landmarks"].as_object().unwrap() {
            let found = mesh.points[number.parse::<usize>().unwrap()];
            for (axis, found) in found.iter().enumerate().take(2) {
                let wanted = wanted[axis].as_f64().unwrap();
                assert!((found - wanted).abs() < 1.0, "{number}: {found} {wanted}");
            }
        }
    }

    #[test]
    fn a_place_of_a_turned_view_is_turned_back() {
        let view = FaceCut::new(
            Size::new(400, 200),
            Rect::new(0.4, 0.3, 0.2, 0.4),
            std::f64::consts::FRAC_PI_2,
        );
        // For a head on its side, the right side of the network's square is the lower part of the picture.
        let place = view.place(96.0 + 48.0, 96.0);
        assert!((place.x - 200.0).abs() < 1e-9, "{place:?}");
        assert!((place.y - 130.0).abs() < 1e-9, "{place:?}");
    }

    #[test]
    fn a_face_at_the_very_edge_is_no_trouble() {
        let picture = Rgb8::black(Size::new(40, 30));
        for (bounds, tilt) in [
            (Rect::new(-0.5, 0.9, 0.7, 0.6), 0.5),
            (Rect::new(0.99, 0.99, 0.0, 0.0), 0.0),
            (Rect::new(0.2, 0.2, f64::INFINITY, 0.2), 1.0),
            (Rect::new(f64::NAN, 0.2, 0.1, 0.2), f64::NAN),
        ] {
            let mesh = reference_cases::models()
                .face_mesh(&picture, bounds, tilt)
                .unwrap();
            assert_eq!(mesh.points.len(), MESH_POINTS);
        }
    }
}
