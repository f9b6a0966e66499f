//! Small drawings on pages about taste: SVG with named axes, of one size.

use std::fmt::Write as _;

use crate::report::html::escaped;

/// Width and height of a drawing, in its own units.
pub(super) const SIDE: f64 = 240.0;
/// Room around it for the words at its edges.
pub(super) const EDGE: f64 = 26.0;

/// The style sheet of drawings and palettes.
pub(super) const DRAWING_STYLE: &str = ".drawings{display:flex;flex-wrap:wrap;gap:1.6rem}\
.drawings figure{margin:0;display:block}\
.drawings svg{position:static;width:17rem;height:auto;max-width:100%}.drawings svg text{stroke:none}\
.drawings figcaption{font-size:.9rem;max-width:17rem}.palette{display:flex;margin:1rem 0}\
.palette i{width:3.5rem;height:3.5rem}svg text{font-size:11px;fill:currentColor}\
svg .ink{stroke:currentColor;fill:none}svg .learned{stroke:#c06030;fill:none}svg .bar{fill:#c06030}\
svg .beside{fill:currentColor;opacity:.35}svg .soft{stroke:currentColor;opacity:.25}\
svg .dashed{stroke:currentColor;fill:none;stroke-dasharray:5 4;opacity:.7}";

/// Opens a drawing whose axes have names.
pub(super) fn open_drawing(page: &mut String, across: &str, up: &str) {
    let size = SIDE + 2.0 * EDGE;
    let _ = write!(
        page,
        "<figure><svg viewBox=\"0 0 {size} {size}\" role=img><rect class=soft x={EDGE} y={EDGE} width={SIDE} height={SIDE} fill=none />\
         <text x={EDGE} y={:.0}>{}</text><text x={EDGE} y={:.0}>{}</text>",
        size - 8.0,
        escaped(across),
        EDGE - 8.0,
        escaped(up)
    );
}

pub(super) fn close_drawing(page: &mut String, caption: &str) {
    let _ = write!(
        page,
        "</svg><figcaption>{}</figcaption></figure>",
        escaped(caption)
    );
}

/// A point of the drawing, each 0..1.
pub(super) fn place(across: f64, up: f64) -> (f64, f64) {
    (
        EDGE + SIDE * across.clamp(0.0, 1.0),
        EDGE + SIDE * (1.0 - up.clamp(0.0, 1.0)),
    )
}

/// A line through points, each 0..1.
pub(super) fn line(page: &mut String, class: &str, points: impl Iterator<Item = (f64, f64)>) {
    let points: Vec<String> = points
        .map(|(across, up)| {
            let (x, y) = place(across, up);
            format!("{x:.1},{y:.1}")
        })
        .collect();
    let _ = write!(
        page,
        "<polyline class={class} stroke-width=2 points=\"{}\" />",
        points.join(" ")
    );
}

/// Bars of counts, with their names above them; a name may be empty.
pub(super) fn bars(page: &mut String, counts: &[(String, usize)]) {
    let most = counts
        .iter()
        .map(|(_, count)| *count)
        .max()
        .unwrap_or(1)
        .max(1) as f64;
    let width = SIDE / counts.len().max(1) as f64;
    for (number, (name, count)) in counts.iter().enumerate() {
        // Room for the name above the highest bar.
        let height = 0.93 * SIDE * *count as f64 / most;
        let x = EDGE + width * number as f64;
        let _ = write!(
            page,
            "<rect class=bar x={:.1} y={:.1} width={:.1} height={height:.1} /><text x={:.1} y={:.1}>{}</text>",
            x + 2.0,
            EDGE + SIDE - height,
            width - 4.0,
            x + 3.0,
            EDGE + SIDE - height - 3.0,
            escaped(name)
        );
    }
}
