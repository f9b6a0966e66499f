//! A picture on a page: boxes and lines over what was found in it, and its facts.

use std::fmt::Write as _;

use crate::analysis::{Face, PictureFacts};
use crate::geometry::Rect;
use crate::report::html::{chips, escaped, fact};

/// Eyes that turn no further than this look into the camera (sines of the angles across and down).
const STRAIGHT: [f64; 2] = [0.2, 0.4];
/// Most objects that are drawn, so that boxes stay readable.
const MOST_OBJECTS: usize = 6;

/// A picture (as a `data:` address) with boxes for faces, objects, text and the subject, the horizon, and lines for
/// heads and eyes.
pub(super) fn marked(page: &mut String, address: &str, facts: &PictureFacts, about: &str) {
    let (width, height) = (facts.width.max(1), facts.height.max(1));
    let _ = write!(
        page,
        "<figure class=marked><img src=\"{address}\" alt=\"{}\">\
         <svg viewBox=\"0 0 {width} {height}\" aria-hidden=true>",
        escaped(about)
    );
    let mut mark = |bounds: &Rect, class: &str, name: &str| {
        let (w, h) = (f64::from(width), f64::from(height));
        let (x, y) = (bounds.x * w, bounds.y * h);
        let size = w.max(h) / 28.0;
        let _ = write!(
            page,
            "<rect class={class} x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
            bounds.width * w,
            bounds.height * h
        );
        if !name.is_empty() {
            let _ = write!(
                page,
                "<text class={class} x=\"{:.1}\" y=\"{:.1}\" font-size=\"{size:.1}\">{}</text>",
                x + size * 0.3,
                (y + size * 1.1).min(h - size * 0.3),
                escaped(name)
            );
        }
    };
    if let Some(subject) = &facts.subject {
        mark(&subject.bounds, "subject", "");
    }
    for object in facts.objects.iter().take(MOST_OBJECTS) {
        mark(&object.bounds, "object", &object.label);
    }
    for face in &facts.faces {
        mark(
            &face.bounds,
            "face",
            face.expression.as_deref().unwrap_or("face"),
        );
    }
    for text in &facts.text {
        mark(&text.bounds, "lettering", "");
    }
    for face in &facts.faces {
        details(page, face, f64::from(width), f64::from(height));
    }
    if let Some(horizon) = facts.composition.and_then(|found| found.horizon) {
        let (w, h) = (f64::from(width), f64::from(height));
        let slope = libm::tan(horizon.tilt.to_radians());
        let y = horizon.height * h;
        let _ = write!(
            page,
            "<path class=horizon d=\"M0 {:.1}L{w:.1} {:.1}\"><title>horizon</title></path>",
            y - slope * w / 2.0,
            y + slope * w / 2.0
        );
    }
    page.push_str("</svg></figure>");
}

/// The landmarks of a face, a line from the nose in the head's direction, and lines from the eyes in theirs.
fn details(page: &mut String, face: &Face, width: f64, height: f64) {
    let Some(points) = face.points else {
        return;
    };
    let pixel = |[x, y]: [f64; 2]| (x * width, y * height);
    let side = face.bounds.width * width;
    for point in [
        points.right_eye,
        points.left_eye,
        points.nose,
        points.mouth,
        points.chin,
    ] {
        let (x, y) = pixel(point);
        let _ = write!(
            page,
            "<circle class=point cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{:.1}\"/>",
            (side / 60.0).max(1.0)
        );
    }
    let mut line = |class: &str, from: [f64; 2], x: f64, y: f64| {
        let (left, top) = pixel(from);
        let _ = write!(
            page,
            "<path class={class} d=\"M{left:.1} {top:.1}l{:.1} {:.1}\"/>",
            x * side * 0.6,
            y * side * 0.6
        );
    };
    if let Some(pose) = face.pose {
        let (yaw, pitch) = (pose.yaw.to_radians(), pose.pitch.to_radians());
        line(
            "pose",
            points.nose,
            libm::sin(yaw) * libm::cos(pitch),
            -libm::sin(pitch),
        );
    }
    if let Some(gaze) = face.gaze {
        line("gaze", points.right_eye, gaze.x, gaze.y);
        line("gaze", points.left_eye, gaze.x, gaze.y);
    }
}

/// The directions of head and eyes in words.
fn face_words(face: &Face) -> Option<String> {
    let pose = face.pose?;
    // Adding zero turns -0 into 0.
    let whole = |degrees: f64| degrees.round() + 0.0;
    let mut words = format!(
        "yaw {:.0}°, pitch {:.0}°, roll {:.0}°",
        whole(pose.yaw),
        whole(pose.pitch),
        whole(pose.roll)
    );
    if let Some(open) = face.eyes_open {
        let _ = write!(words, ", eyes {:.0} % open", open * 100.0);
    }
    if let Some(gaze) = face.gaze {
        // Looking up or down depends on the pitch of the head, which may be 10° off, so its limit is wider.
        let straight = gaze.x.abs() < STRAIGHT[0] && gaze.y.abs() < STRAIGHT[1];
        words.push_str(if straight {
            ", looks into the camera"
        } else {
            ", looks away"
        });
    }
    Some(words)
}

/// Words, palette and measurements of a picture.
pub(super) fn facts(page: &mut String, facts: &PictureFacts) {
    let scene = facts
        .scene
        .iter()
        .map(|word| (word.label.as_str(), Some(word.score)));
    let mood = facts.mood.words.iter().map(|word| (word.as_str(), None));
    chips(page, scene.chain(mood));
    palette(page, facts);
    page.push_str("<dl>");
    for (name, value) in measurements(facts) {
        if let Some(value) = value {
            fact(page, name, &value);
        }
    }
    page.push_str("</dl>");
}

fn palette(page: &mut String, facts: &PictureFacts) {
    page.push_str("<div class=palette role=img aria-label=palette>");
    for swatch in &facts.palette {
        let hex: String = swatch
            .hex
            .chars()
            .filter(|letter| letter.is_ascii_hexdigit() || *letter == '#')
            .collect();
        let _ = write!(
            page,
            "<i style=\"background:{hex};flex-grow:{:.3}\" title=\"{hex} {:.0} %\"></i>",
            swatch.share,
            swatch.share * 100.0
        );
    }
    page.push_str("</div>");
}

/// Each measurement with its value in words, where there is one.
fn measurements(facts: &PictureFacts) -> Vec<(&'static str, Option<String>)> {
    let quality = &facts.quality;
    let composition = facts.composition;
    let number = |value: f64| format!("{value:.2}");
    let horizon = composition.and_then(|composition| composition.horizon);
    let largest = facts
        .faces
        .iter()
        .max_by(|a, b| a.bounds.area().total_cmp(&b.bounds.area()));
    let optional = |name, value: Option<f64>| (name, value.map(number));
    let known = |name, value: f64| (name, Some(number(value)));
    vec![
        known("quality", quality.score),
        known("sharpness", quality.sharpness),
        known("noise", quality.noise),
        known("exposure", quality.exposure),
        known("luma", facts.luma),
        known("contrast", facts.contrast),
        known("saturation", facts.saturation),
        known("warmth", facts.warmth),
        known("valence", facts.mood.valence),
        known("arousal", facts.mood.arousal),
        (
            "dynamic range",
            Some(format!("{:.1} stops", facts.dynamic_range)),
        ),
        optional("compression damage", quality.compression),
        optional("subject sharpness", quality.subject_sharpness),
        optional("background sharpness", quality.background_sharpness),
        optional("on a third", composition.and_then(|found| found.thirds)),
        optional("centered", composition.and_then(|found| found.centered)),
        optional("unsafe", facts.safety.map(|safety| safety.score)),
        (
            "horizon",
            horizon.map(|horizon| format!("tilted {:.1}°", horizon.tilt)),
        ),
        ("largest face", largest.and_then(face_words)),
    ]
}
