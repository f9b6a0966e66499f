//! The page that shows what a profile knows: sentences, palette, tone curve, lengths of shots, tempo and mood.

use std::fmt::Write as _;

use crate::profile::{Liking, Portrait, Readiness};
use crate::report::html::{PAGE_STYLE, escaped, open_page};

/// Width and height of a drawing, in its own units.
const SIDE: f64 = 240.0;
/// Room around it for the words at its edges.
const EDGE: f64 = 26.0;
/// Upper ends of the bars of shot lengths, in seconds.
const BARS: [f64; 7] = [0.75, 1.0, 1.5, 2.0, 3.0, 5.0, f64::INFINITY];
/// Features of a kind that are shown, the strongest.
const SHOWN: usize = 6;

const STYLE: &str = ".drawings{display:flex;flex-wrap:wrap;gap:1.6rem}\
.drawings figure{margin:0;display:block}\
.drawings svg{position:static;width:17rem;height:auto;max-width:100%}.drawings svg text{stroke:none}\
.drawings figcaption{font-size:.9rem}.palette{display:flex;margin:1rem 0}\
.palette i{width:3.5rem;height:3.5rem}svg text{font-size:11px;fill:currentColor}\
svg .ink{stroke:currentColor;fill:none}svg .bar{fill:#c06030}svg .soft{stroke:currentColor;opacity:.25}";

/// One HTML document about the profile `name`.
pub fn portrait_page(name: &str, portrait: &Portrait, likings: &[Liking]) -> String {
    let mut page = open_page(
        name,
        &format!("What is known of {name}"),
        &format!("{PAGE_STYLE}{STYLE}"),
    );
    for sentence in &portrait.sentences {
        let _ = write!(page, "<p>{}</p>", escaped(sentence));
    }
    palette(&mut page, portrait);
    page.push_str("<div class=drawings>");
    tone_curve(&mut page, portrait);
    shot_lengths(&mut page, portrait);
    tempi(&mut page, portrait);
    moods(&mut page, portrait);
    page.push_str("</div>");
    for liking in likings {
        weights(&mut page, liking);
    }
    page.push_str("</body></html>\n");
    page
}

fn palette(page: &mut String, portrait: &Portrait) {
    if portrait.palette.is_empty() {
        return;
    }
    page.push_str("<div class=palette>");
    for [red, green, blue] in &portrait.palette {
        let hex = format!("#{red:02x}{green:02x}{blue:02x}");
        let _ = write!(page, "<i style=\"background:{hex}\" title=\"{hex}\"></i>");
    }
    page.push_str("</div>");
}

/// Opens a drawing whose axes have names.
fn open_drawing(page: &mut String, across: &str, up: &str) {
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

fn close_drawing(page: &mut String, caption: &str) {
    let _ = write!(
        page,
        "</svg><figcaption>{}</figcaption></figure>",
        escaped(caption)
    );
}

/// A point of the drawing, each 0..1.
fn place(across: f64, up: f64) -> (f64, f64) {
    (
        EDGE + SIDE * across.clamp(0.0, 1.0),
        EDGE + SIDE * (1.0 - up.clamp(0.0, 1.0)),
    )
}

fn tone_curve(page: &mut String, portrait: &Portrait) {
    if portrait.tones.len() < 2 {
        return;
    }
    open_drawing(page, "before: dark to bright", "after");
    let _ = write!(
        page,
        "<path class=soft d=\"M{EDGE} {:.0}L{:.0} {EDGE}\" />",
        EDGE + SIDE,
        EDGE + SIDE
    );
    let points = portrait.tones.iter().map(|[before, after]| {
        let (x, y) = place(*before, *after);
        format!("{x:.1},{y:.1}")
    });
    let points: Vec<String> = points.collect();
    let _ = write!(
        page,
        "<polyline class=ink stroke-width=2 points=\"{}\" />",
        points.join(" ")
    );
    close_drawing(page, "Tones of your own edits");
}

fn bars(page: &mut String, counts: &[(String, usize)]) {
    let most = counts
        .iter()
        .map(|(_, count)| *count)
        .max()
        .unwrap_or(1)
        .max(1) as f64;
    let width = SIDE / counts.len().max(1) as f64;
    for (number, (name, count)) in counts.iter().enumerate() {
        let height = SIDE * *count as f64 / most;
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

fn shot_lengths(page: &mut String, portrait: &Portrait) {
    if portrait.shot_lengths.is_empty() {
        return;
    }
    open_drawing(page, "seconds a shot", "films");
    let mut from = 0.0;
    let counts = BARS.map(|to| {
        let range = from..to;
        let name = match to.is_finite() {
            true => format!("<{to}"),
            false => format!("{from}+"),
        };
        from = to;
        let of = portrait.shot_lengths.iter();
        (name, of.filter(|length| range.contains(*length)).count())
    });
    bars(page, &counts);
    close_drawing(page, "How often films are cut");
}

fn tempi(page: &mut String, portrait: &Portrait) {
    let tempi: Vec<f64> = portrait
        .tracks
        .iter()
        .filter_map(|track| track.tempo)
        .collect();
    if tempi.is_empty() {
        return;
    }
    open_drawing(page, "beats a minute", "tracks");
    let counts = [60, 80, 100, 120, 140, 160].map(|from| {
        let range = f64::from(from)..f64::from(from + 20);
        let of = tempi
            .iter()
            .filter(|tempo| range.contains(*tempo) || (from == 160 && **tempo >= 180.0));
        (from.to_string(), of.count())
    });
    bars(page, &counts);
    close_drawing(page, "Tempo of the music");
}

fn moods(page: &mut String, portrait: &Portrait) {
    if portrait.tracks.is_empty() {
        return;
    }
    open_drawing(page, "sad to happy", "energy");
    for track in &portrait.tracks {
        let (x, y) = place(track.valence, track.energy);
        let _ = write!(
            page,
            "<circle class=bar cx={x:.1} cy={y:.1} r=4 opacity=.7 />"
        );
    }
    close_drawing(page, "Mood of the music");
}

/// The strongest features of a kind, as bars to the left and to the right.
fn weights(page: &mut String, liking: &Liking) {
    let strong: Vec<&(String, f64)> = liking.features.iter().take(SHOWN).collect();
    let _ = write!(
        page,
        "<h2>{} <small>{} choices, {}</small></h2>",
        escaped(liking.kind.name()),
        liking.judgments,
        Readiness::of(liking.judgments).name()
    );
    if strong.is_empty() {
        return;
    }
    page.push_str("<table>");
    for (name, weight) in strong {
        let _ = write!(
            page,
            "<tr><td>{}</td><td>{weight:+.2}</td></tr>",
            escaped(name)
        );
    }
    page.push_str("</table>");
}
