//! The page that shows what a profile knows: sentences, palette, tone curve, lengths of shots, tempo and mood.

use std::fmt::Write as _;

use crate::profile::{Liking, Portrait, Readiness};
use crate::report::drawing::{
    DRAWING_STYLE, EDGE, SIDE, bars, close_drawing, line, open_drawing, place,
};
use crate::report::html::{PAGE_STYLE, escaped, open_page};

/// Upper ends of the bars of shot lengths, in seconds.
const BARS: [f64; 7] = [0.75, 1.0, 1.5, 2.0, 3.0, 5.0, f64::INFINITY];
/// Features of a kind that are shown, the strongest.
const SHOWN: usize = 6;

/// One HTML document about the profile `name`.
pub fn portrait_page(name: &str, portrait: &Portrait, likings: &[Liking]) -> String {
    let mut page = open_page(
        name,
        &format!("What is known of {name}"),
        &format!("{PAGE_STYLE}{DRAWING_STYLE}"),
    );
    for sentence in &portrait.sentences {
        let _ = write!(page, "<p>{}</p>", escaped(sentence));
    }
    portrait_drawings(&mut page, portrait);
    for liking in likings {
        weights(&mut page, liking);
    }
    page.push_str("</body></html>\n");
    page
}

/// Palette, tone curve, how often films are cut, tempo and mood of the music: what of them is known.
pub(super) fn portrait_drawings(page: &mut String, portrait: &Portrait) {
    palette(page, portrait);
    page.push_str("<div class=drawings>");
    tone_curve(page, portrait);
    shot_lengths(page, portrait);
    tempi(page, portrait);
    moods(page, portrait);
    page.push_str("</div>");
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
    let tones = portrait.tones.iter();
    line(page, "ink", tones.map(|[before, after]| (*before, *after)));
    close_drawing(page, "Tones of your own edits");
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
