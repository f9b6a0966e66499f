//! The page that shows what a profile knows: sentences, palette, tone curve, lengths of single shots, tempo and mood.

use std::fmt::Write as _;

use crate::profile::{ColorSource, Liking, Portrait, Readiness};
use crate::report::drawing::{
    DRAWING_STYLE, EDGE, SIDE, bars, close_drawing, line, open_drawing, place,
};
use crate::report::html::{PAGE_STYLE, escaped, open_page};

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

/// Palette, tone curve, lengths of shots, tempo and mood of the music: what of them is known, and what is missing.
pub(super) fn portrait_drawings(page: &mut String, portrait: &Portrait) {
    for gap in &portrait.gaps {
        let _ = write!(page, "<p class=note>{}</p>", escaped(gap));
    }
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
    for swatch in &portrait.palette {
        let (hex, share) = (escaped(&swatch.hex), swatch.share);
        let _ = write!(
            page,
            "<i style=\"background:{hex};flex-grow:{share:.3}\" title=\"{hex}, {:.0} %\"></i>",
            100.0 * share
        );
    }
    let _ = write!(
        page,
        "</div><p class=key>Colors of {}</p>",
        color_source(portrait)
    );
}

fn color_source(portrait: &Portrait) -> String {
    match portrait.colors_of {
        ColorSource::Edits => "your own edits".to_owned(),
        ColorSource::Posts(1) => "1 post".to_owned(),
        ColorSource::Posts(count) => format!("{count} posts"),
        ColorSource::Nothing => String::new(),
    }
}

fn tone_curve(page: &mut String, portrait: &Portrait) {
    if portrait.tones.len() < 2 {
        return;
    }
    let (across, up, beside) = match portrait.colors_of {
        ColorSource::Posts(_) => (
            "usual photos: dark to bright",
            "posts",
            ", beside usual photos",
        ),
        _ => ("before: dark to bright", "after", ""),
    };
    open_drawing(page, across, up);
    let _ = write!(
        page,
        "<path class=soft d=\"M{EDGE} {:.0}L{:.0} {EDGE}\" />",
        EDGE + SIDE,
        EDGE + SIDE
    );
    let tones = portrait.tones.iter();
    line(page, "ink", tones.map(|[before, after]| (*before, *after)));
    let caption = format!("Tones of {}{beside}", color_source(portrait));
    close_drawing(page, &caption);
}

fn shot_lengths(page: &mut String, portrait: &Portrait) {
    if portrait.shot_lengths.is_empty() {
        return;
    }
    open_drawing(page, "seconds from cut to cut", "shots");
    let bins = portrait.shot_lengths.iter().enumerate();
    let counts: Vec<(String, usize)> = bins
        .map(|(number, bin)| {
            // The bins are half octaves, too narrow for a name each.
            let name = match (number % 2, bin.from) {
                (1, 0.25) => "¼".to_owned(),
                (1, 0.5) => "½".to_owned(),
                (1, from) => format!("{from}"),
                _ => String::new(),
            };
            (name, usize::try_from(bin.shots).unwrap_or(usize::MAX))
        })
        .collect();
    bars(page, &counts);
    let shots: u64 = portrait.shot_lengths.iter().map(|bin| bin.shots).sum();
    let films = match portrait.films {
        1 => "1 film".to_owned(),
        count => format!("{count} films"),
    };
    let caption =
        format!("Lengths of the {shots} shots of {films}; numbers are where their bars begin");
    close_drawing(page, &caption);
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
        "<h2>{} <small>{}, {}</small></h2>",
        escaped(liking.kind.name()),
        match liking.judgments {
            1 => "1 choice".to_owned(),
            count => format!("{count} choices"),
        },
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Swatch;
    use crate::profile::ShotLengthBin;

    #[test]
    fn single_shots_and_the_colors_of_posts_are_drawn_and_gaps_are_told() {
        let bin = |from, shots| ShotLengthBin { from, shots };
        let swatch = |hex: &str, share| Swatch {
            hex: hex.to_owned(),
            share,
        };
        let portrait = Portrait {
            gaps: vec!["Of 1 of 3 films …".into()],
            shot_lengths: vec![bin(0.0, 0), bin(0.25, 2), bin(0.354, 5)],
            films: 2,
            colors_of: ColorSource::Posts(9),
            palette: vec![swatch("#103040", 0.75), swatch("#d0b080", 0.25)],
            tones: vec![[0.1, 0.2], [0.8, 0.7]],
            ..Portrait::default()
        };
        let page = portrait_page("me", &portrait, &[]);
        for piece in [
            "<p class=note>Of 1 of 3 films …</p>",
            "Lengths of the 7 shots of 2 films",
            "background:#103040;flex-grow:0.750",
            "Colors of 9 posts",
            "Tones of 9 posts, beside usual photos",
        ] {
            assert!(page.contains(piece), "{piece}: {page}");
        }
        let edits = Portrait {
            colors_of: ColorSource::Edits,
            shot_lengths: Vec::new(),
            ..portrait
        };
        let page = portrait_page("me", &edits, &[]);
        assert!(page.contains("Tones of your own edits<") && !page.contains("shots of"));
    }
}
