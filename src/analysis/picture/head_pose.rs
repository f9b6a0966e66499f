//! Details of a face from its mesh: named points, the pose of the head, and eyes ([`eyes_and_gaze`]).
//!
//! The pose needs no camera model: the mesh has depth, and a face is symmetric. Its sideways axis is the mean of four
//! lines between its two sides (outer and inner corners of the eyes, corners of the mouth, edges at the ears). Its
//! vertical axis is the line from the top of the forehead (point 10) to the chin (152) minus its sideways component; in
//! MediaPipe's canonical face that line is vertical within 1°. Angles are those of yaw ∘ pitch ∘ roll.

use crate::analysis::picture::eyes_and_gaze;
use crate::analysis::picture::picture_depth::PictureDepth;
use crate::analysis::{Face, FacePoints, HeadPose};
use crate::error::Result;
use crate::models::{FaceDetection, FaceMesh, Models};
use crate::picture::Rgb8;
use crate::time::rounded;

/// Least width of a face, in pixels, at which its points are reliable.
const POINTS_PIXELS: f64 = 32.0;
/// Least score of the mesh network for a face.
const LEAST_SCORE: f32 = 0.5;
/// Only the largest faces get details: this many in a still, fewer in a key frame, of which a film has hundreds.
const MOST_FACES: usize = 32;
const MOST_KEY_FRAME_FACES: usize = 8;

/// Points of the mesh. Left and right are the viewer's, for an upright face that looks at the viewer.
const SIDES: [(usize, usize); 4] = [(33, 263), (133, 362), (61, 291), (234, 454)];
const FOREHEAD: usize = 10;
const CHIN: usize = 152;
const NOSE: usize = 1;
const MOUTH: (usize, usize) = (61, 291);
const RIGHT_EYE: (usize, usize) = (33, 133);
const LEFT_EYE: (usize, usize) = (362, 263);

/// Adds the details from the mesh to `face`, which was found as `detection` in `picture`.
pub(crate) fn add(
    models: &Models,
    picture: &Rgb8,
    detection: &FaceDetection,
    face: &mut Face,
) -> Result<()> {
    let (width, height) = (
        f64::from(picture.size().width),
        f64::from(picture.size().height),
    );
    if face.bounds.width * width < POINTS_PIXELS {
        return Ok(());
    }
    let [right, left, ..] = detection.keypoints;
    let tilt = ((left.y - right.y) * height).atan2((left.x - right.x) * width);
    let mesh = models.face_mesh(picture, detection.bounds, tilt)?;
    if mesh.score < LEAST_SCORE {
        return Ok(());
    }
    let Some(pose) = pose(&mesh) else {
        return Ok(());
    };
    face.points = points(&mesh, width, height);
    face.pose = Some(HeadPose {
        yaw: rounded(pose.yaw),
        pitch: rounded(pose.pitch),
        roll: rounded(pose.roll),
    });
    let seen = eyes_and_gaze::look(picture, &mesh, face.bounds.width * width, pose);
    face.eyes_open = seen.open.map(rounded);
    face.gaze = seen.gaze;
    Ok(())
}

/// True when `detection` is among the largest faces of `all`, as many as get details at `depth`.
pub(crate) fn is_large(
    detection: &FaceDetection,
    all: &[FaceDetection],
    depth: PictureDepth,
) -> bool {
    let area = |face: &FaceDetection| face.bounds.clipped().area();
    let larger = all
        .iter()
        .filter(|other| area(other) > area(detection))
        .count();
    let most = match depth {
        PictureDepth::Full => MOST_FACES,
        PictureDepth::KeyFrame => MOST_KEY_FRAME_FACES,
    };
    larger < most
}

fn points(mesh: &FaceMesh, width: f64, height: f64) -> Option<FacePoints> {
    let point = |number: usize| mesh.points.get(number).map(|at| [at[0], at[1]]);
    let fraction = |[x, y]: [f64; 2]| [rounded(x / width), rounded(y / height)];
    let middle = |(a, b): (usize, usize)| {
        let (a, b) = (point(a)?, point(b)?);
        Some(fraction([(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0]))
    };
    Some(FacePoints {
        right_eye: middle(RIGHT_EYE)?,
        left_eye: middle(LEFT_EYE)?,
        nose: fraction(point(NOSE)?),
        mouth: middle(MOUTH)?,
        chin: fraction(point(CHIN)?),
    })
}

/// The pose in degrees; `None` for a mesh that has collapsed to a line or point.
pub(crate) fn pose(mesh: &FaceMesh) -> Option<HeadPose> {
    let mut across = [0.0; 3];
    for (left, right) in SIDES {
        let line = line(mesh, left, right)?;
        for (sum, part) in across.iter_mut().zip(line) {
            *sum += part;
        }
    }
    let across = unit(across)?;
    let down = line(mesh, FOREHEAD, CHIN)?;
    let along = dot(down, across);
    let down = unit(std::array::from_fn(|axis| {
        down[axis] - along * across[axis]
    }))?;
    // Away from the viewer, since y points down.
    let back = [
        across[1] * down[2] - across[2] * down[1],
        across[2] * down[0] - across[0] * down[2],
        across[0] * down[1] - across[1] * down[0],
    ];
    let pose = HeadPose {
        yaw: libm::atan2(-back[0], back[2]).to_degrees(),
        pitch: libm::asin(back[1].clamp(-1.0, 1.0)).to_degrees(),
        roll: libm::atan2(across[1], down[1]).to_degrees(),
    };
    (pose.yaw.is_finite() && pose.pitch.is_finite() && pose.roll.is_finite()).then_some(pose)
}

fn line(mesh: &FaceMesh, from: usize, to: usize) -> Option<[f64; 3]> {
    let (from, to) = (mesh.points.get(from)?, mesh.points.get(to)?);
    Some(std::array::from_fn(|axis| to[axis] - from[axis]))
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a.into_iter().zip(b).map(|(a, b)| a * b).sum()
}

fn unit(line: [f64; 3]) -> Option<[f64; 3]> {
    let length = dot(line, line).sqrt();
    (length > 1e-9 && length.is_finite()).then(|| line.map(|part| part / length))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(crate) mod tests {
    use super::*;
    use crate::models::MESH_POINTS;

    /// A face of the canonical proportions, turned by yaw ∘ pitch ∘ roll (degrees).
    pub(crate) fn turned(yaw: f64, pitch: f64, roll: f64) -> FaceMesh {
        let mut points = vec![[0.0; 3]; MESH_POINTS];
        for (left, right, x, y, z) in [
            (33, 263, 4.4, -2.6, -3.0),
            (133, 362, 1.9, -2.6, -3.7),
            (61, 291, 2.5, 4.3, -4.3),
            (234, 454, 7.7, -0.4, 2.4),
        ] {
            points[left] = [-x, y, z];
            points[right] = [x, y, z];
        }
        points[FOREHEAD] = [0.0, -8.3, -4.5];
        points[CHIN] = [0.0, 9.4, -4.3];
        let turn = |[a, b]: [f64; 2], degrees: f64| {
            let (sine, cosine) = degrees.to_radians().sin_cos();
            [cosine * a - sine * b, sine * a + cosine * b]
        };
        for point in &mut points {
            let [x, y, z] = *point;
            let [x, y] = turn([x, y], roll);
            // Looking up brings the chin nearer.
            let [y, z] = turn([y, z], -pitch);
            // Looking to the right turns the nose (negative z) to positive x.
            let [z, x] = turn([z, x], -yaw);
            *point = [100.0 + 10.0 * x, 80.0 + 10.0 * y, 10.0 * z];
        }
        FaceMesh { score: 1.0, points }
    }

    #[test]
    fn a_turned_face_is_told_by_its_angles() {
        for (yaw, pitch, roll) in [
            (0.0, 0.0, 0.0),
            (30.0, 0.0, 0.0),
            (-45.0, 10.0, 0.0),
            (0.0, -25.0, 0.0),
            (0.0, 0.0, 40.0),
            (20.0, 15.0, -30.0),
        ] {
            let found = pose(&turned(yaw, pitch, roll)).unwrap();
            assert!((found.yaw - yaw).abs() < 1.5, "{found:?} for yaw {yaw}");
            assert!((found.pitch - pitch).abs() < 1.5, "{found:?}, {pitch}");
            assert!((found.roll - roll).abs() < 1.5, "{found:?}, roll {roll}");
        }
        let collapsed = FaceMesh {
            score: 1.0,
            points: vec![[3.0; 3]; MESH_POINTS],
        };
        assert_eq!(pose(&collapsed), None);
    }
}
