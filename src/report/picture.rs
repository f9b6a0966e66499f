//! One picture with what was found drawn on it, and its facts.

use std::fmt::Write as _;

use crate::analysis::PictureFacts;
use crate::geometry::Rect;
use crate::report::html::{chips, escaped, fact};

/// A picture (as an address) under boxes for faces, objects and the subject.
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
    page.push_str("</svg></figure>");
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
    page.push_str("</dl>");
}
