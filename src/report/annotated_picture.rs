//! One picture with what was found drawn on it, and its facts.

use std::fmt::Write as _;

use crate::analysis::{Face, PictureFacts};
use crate::geometry::Rect;
use crate::report::html::{chips, escaped, fact};

/// A picture (as an address) under boxes for faces, objects, text and the subject, with the horizon and what faces do.
pub(super) fn marked(page: &mut String, address: &str, facts: &PictureFacts, about: &str) {
    let (width, height) = (facts.width.max(1), facts.height.max(1));
    let _ = write!(
        page,
        "<figure class=marked><img src=\"{address}\" alt=\"{}\"><svg viewBox=\"0 0 {width} {height}\" aria-hidden=true>",
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
    for object in facts.objects.iter().take(6) {
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

/// Points of a face, and lines from its nose: where the head points, and from its eyes: where they look.
fn details(page: &mut String, face: &Face, width: f64, height: f64) {
    let Some(points) = face.points else {
        return;
    };
    let place = |[x, y]: [f64; 2]| (x * width, y * height);
    let side = face.bounds.width * width;
    for point in [
        points.right_eye,
        points.left_eye,
        points.nose,
        points.mouth,
        points.chin,
    ] {
        let (x, y) = place(point);
        let _ = write!(
            page,
            "<circle class=point cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{:.1}\"/>",
            (side / 60.0).max(1.0)
        );
    }
    let mut line = |class: &str, from: [f64; 2], x: f64, y: f64| {
        let (left, top) = place(from);
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

/// What the largest face does, in words.
fn face_words(face: &Face) -> Option<String> {
    let pose = face.pose?;
    // Adding zero takes the sign off it.
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
        // Up and down is told by the pitch of the head, which may be 10° off.
        let straight = gaze.x.abs() < 0.2 && gaze.y.abs() < 0.4;
        words.push_str(if straight {
            ", looks into the camera"
        } else {
            ", looks aside"
        });
    }
    Some(words)
}

/// Words, palette and measures.
pub(super) fn facts(page: &mut String, facts: &PictureFacts) {
    let scene = facts
        .scene
        .iter()
        .map(|word| (word.label.as_str(), Some(word.score)));
    let mood = facts.mood.words.iter().map(|word| (word.as_str(), None));
    chips(page, scene.chain(mood));
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
    page.push_str("</div><dl>");
    let quality = &facts.quality;
    for (name, value) in [
        ("quality", quality.score),
        ("sharpness", quality.sharpness),
        ("noise", quality.noise),
        ("exposure", quality.exposure),
        ("luma", facts.luma),
        ("contrast", facts.contrast),
        ("saturation", facts.saturation),
        ("warmth", facts.warmth),
        ("valence", facts.mood.valence),
        ("arousal", facts.mood.arousal),
    ] {
        fact(page, name, &format!("{value:.2}"));
    }
    fact(
        page,
        "dynamic range",
        &format!("{:.1} stops", facts.dynamic_range),
    );
    for (name, value) in [
        ("compression damage", quality.compression),
        ("subject sharpness", quality.subject_sharpness),
        ("background sharpness", quality.background_sharpness),
        (
            "on a third",
            facts.composition.and_then(|found| found.thirds),
        ),
        (
            "centered",
            facts.composition.and_then(|found| found.centered),
        ),
        ("unsafe", facts.safety.map(|safety| safety.score)),
    ] {
        if let Some(value) = value {
            fact(page, name, &format!("{value:.2}"));
        }
    }
    if let Some(horizon) = facts.composition.and_then(|found| found.horizon) {
        fact(page, "horizon", &format!("tilted {:.1}°", horizon.tilt));
    }
    let largest = facts
        .faces
        .iter()
        .max_by(|a, b| a.bounds.area().total_cmp(&b.bounds.area()));
    if let Some(words) = largest.and_then(face_words) {
        fact(page, "largest face", &words);
    }
    page.push_str("</dl>");
}
