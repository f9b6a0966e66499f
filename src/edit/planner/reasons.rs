//! The reasons for a segment: the terms of its score, as sentences with their weights.

use crate::choice::Reason;
use crate::edit::cut_choice::{Slot, cut_reason};
use crate::edit::cut_points::CutPoint;
use crate::edit::framing::{TWO_PANELS, photo_shown_wider};
use crate::edit::moments::{MomentTerm, Pick};
use crate::edit::planner::context::PlanContext;
use crate::edit::subclips::Subclip;
use crate::edit::vetoes::spoiled_word;
use crate::geometry::Rect;

/// Contribution to the score below which a term is not listed.
const WORTH_TELLING: f64 = 0.01;
/// Fit (0..1) from which motion and music are said to go together.
const GOOD_FIT: f64 = 0.7;

/// The reasons for a moment, from the strongest for it to the strongest against it; then the reason for its cut, which
/// was decided before, on a scale of its own.
pub(super) fn reasons(
    context: &PlanContext<'_>,
    subclip: &Subclip,
    pick: &Pick,
    slot: &Slot,
) -> Vec<Reason> {
    let mut reasons = vec![moment_reason(context, subclip, pick)];
    for term in MomentTerm::ALL {
        let amount = pick.amounts.of(term);
        if term != MomentTerm::Moment && amount.abs() >= WORTH_TELLING {
            let text = term_text(context, subclip, pick, slot, term);
            reasons.push(Reason::new(term.code(), amount, text));
        }
    }
    reasons.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    reasons.extend(twin_reason(context, subclip, pick));
    reasons.extend(whole_reason(context, subclip));
    reasons.extend(cut_reason(&slot.start, context.request.style));
    reasons
}

/// The better one of two takes names the other. A rule left that out, so the weight is 0.
fn twin_reason(context: &PlanContext<'_>, subclip: &Subclip, pick: &Pick) -> Option<Reason> {
    let (start, end) = (pick.start.seconds(), pick.end.seconds());
    let twin = context.vetoes.twin_of(subclip.source, start, end)?;
    let other = context.request.sources.get(twin.left_out)?;
    let name = other.path.file_name()?.to_string_lossy();
    let because = twin.because.words();
    let text = format!("{name} shows the same, {because}, and is left out.");
    Some(Reason::new("best_take", 0.0, text))
}

/// Why a photo is not cropped. A rule decided that, so the weight is 0.
fn whole_reason(context: &PlanContext<'_>, subclip: &Subclip) -> Option<Reason> {
    let picture = context.source(subclip)?.analysis.picture.as_ref()?;
    let wider = photo_shown_wider(picture, context.output).filter(|_| subclip.still)?;
    if context.panels_of_photo(picture).is_some() {
        return Some(Reason::new("two_panels", 0.0, TWO_PANELS));
    }
    let (code, text) = match wider == Rect::FULL {
        true => (
            "shown_whole",
            "It is shown whole: no crop of this shape holds its subject.",
        ),
        false => (
            "shown_wider",
            "It is shown wider: a crop of this shape would cut its subject.",
        ),
    };
    Some(Reason::new(code, 0.0, text))
}

/// The reason for the end of a trimmed piece. A rule moved it to the beat, so the weight is 0.
pub(super) fn trim_beat_reason(beat: &CutPoint) -> Reason {
    if beat.downbeat {
        Reason::new(
            "on_downbeat",
            0.0,
            "The cut falls on the first beat of a bar.",
        )
    } else {
        Reason::new("on_beat", 0.0, "The cut falls on a beat.")
    }
}

/// What is wrong with a trimmed piece that is shown in spite of it. It was not weighed, so the weight is 0.
pub(super) fn spoiled_reason(subclip: &Subclip, start: f64, end: f64) -> Option<Reason> {
    let word = spoiled_word(subclip.spoiled_in(start, end)?.kind);
    let share = subclip.spoiled_share(start, end) * 100.0;
    let text = format!("{share:.0} % of it is {word}: too little would be left without.");
    Some(Reason::new(MomentTerm::Spoiled.code(), 0.0, text))
}

/// The reason that names what is shown, with the weight of [`MomentTerm::Moment`].
fn moment_reason(context: &PlanContext<'_>, subclip: &Subclip, pick: &Pick) -> Reason {
    let name = context.file_name(subclip);
    let (code, text) = match subclip.moment_in(pick.start.seconds(), pick.end.seconds()) {
        Some(moment) if !moment.reasons.is_empty() => (
            MomentTerm::Moment.code(),
            format!("A good moment of {name}: {}.", list(&moment.reasons)),
        ),
        Some(_) => (
            MomentTerm::Moment.code(),
            format!("A good moment of {name}."),
        ),
        None if subclip.still => ("photo", photo_text(context, subclip)),
        None => (
            "usable",
            format!("{name} has its turn; no moment of it stands out."),
        ),
    };
    Reason::new(code, pick.amounts.of(MomentTerm::Moment), text)
}

/// The content of a photo in words.
fn photo_text(context: &PlanContext<'_>, subclip: &Subclip) -> String {
    let name = context.file_name(subclip);
    let picture = context
        .source(subclip)
        .and_then(|source| source.analysis.picture.as_ref());
    let scene = picture.map_or(&[][..], |picture| picture.scene.as_slice());
    let words: Vec<String> = scene
        .iter()
        .take(2)
        .map(|label| label.label.clone())
        .collect();
    if words.is_empty() {
        format!("{name} has its turn.")
    } else {
        format!("{name} has its turn: a photo with {}.", list(&words))
    }
}

/// The sentence for a term that applies.
fn term_text(
    context: &PlanContext<'_>,
    subclip: &Subclip,
    pick: &Pick,
    slot: &Slot,
    term: MomentTerm,
) -> String {
    let name = || context.file_name(subclip);
    let value = pick.amounts.of(term) / term.weight();
    let text = match term {
        MomentTerm::Moment => return moment_reason(context, subclip, pick).text,
        MomentTerm::PeakOnBeat => "Its movement peaks on a beat.",
        MomentTerm::EnergyFits | MomentTerm::LivelyOpener | MomentTerm::Moves if subclip.still => {
            "A photo has no motion: how lively its mood is counts in its place."
        }
        MomentTerm::EnergyFits => energy_text(context.request.music.is_some(), pick, slot),
        MomentTerm::Opener => "It opens the film, where a strong picture counts more.",
        MomentTerm::LivelyOpener if value >= 0.5 => "Much moves in it, which opens a film well.",
        MomentTerm::LivelyOpener => "Something moves in it, which opens a film well.",
        MomentTerm::CalmEnd if value >= 0.5 => "A calm picture to end on.",
        MomentTerm::CalmEnd => "Not the liveliest picture to end on.",
        MomentTerm::SourceUsed => {
            return format!(
                "The film has shown {:.0} % of {} before.",
                value * 100.0,
                name()
            );
        }
        MomentTerm::NewSource => return format!("{} was not shown before.", name()),
        MomentTerm::SkipsAhead => return format!("It skips a part of {}.", name()),
        MomentTerm::LagsBehind => return format!("The film is further on than {} here.", name()),
        MomentTerm::PhotoOutOfTurn => "It is shown out of the order of the files.",
        MomentTerm::JumpCut => "The segment before shows the same shot.",
        MomentTerm::PhotoAfterPhoto => "It follows another photo.",
        MomentTerm::ClipAfterClip => "It follows another clip.",
        MomentTerm::Spoiled => {
            let span = subclip.spoiled_in(pick.start.seconds(), pick.end.seconds());
            let word = span.map_or("spoiled", |span| spoiled_word(span.kind));
            return format!(
                "{:.0} % of it is {word}: nothing better is left.",
                value * 100.0
            );
        }
        MomentTerm::StillOpener => "A photo without faces opens the film: no clip fits.",
        MomentTerm::Moves if context.request.style.motion > 0.0 => "It moves, as this style wants.",
        MomentTerm::Moves => "It moves, and this style is calm.",
        MomentTerm::OutOfOrder => {
            "Its file comes earlier or later than this in the order of the files."
        }
        MomentTerm::SameShotAgain => "The film has shown other pieces of this shot.",
        MomentTerm::ShownBefore => "Another of these films shows it, too.",
        MomentTerm::ThirdLacks => "With it, a third of the film shows only clips or only photos.",
    };
    text.to_owned()
}

fn energy_text(music: bool, pick: &Pick, slot: &Slot) -> &'static str {
    let more = pick.moving > slot.energy;
    match (music, pick.energy_fit > GOOD_FIT) {
        (true, true) => "It moves as much as the music does here.",
        (true, false) if more => "It moves more than the music does here.",
        (true, false) => "It moves less than the music does here.",
        (false, true) => "It moves neither much nor little.",
        (false, false) if more => "It moves more than the others.",
        (false, false) => "It moves less than the others.",
    }
}

/// `sharp, steady and with faces`
fn list(all: &[String]) -> String {
    let plain: Vec<String> = all
        .iter()
        .map(|word| match word.as_str() {
            "face" => "with faces".to_owned(),
            "subject" => "with a clear subject".to_owned(),
            "action" => "lively".to_owned(),
            "peak" => "with a peak".to_owned(),
            other => other.replace('_', " "),
        })
        .collect();
    match plain.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => plain.concat(),
    }
}
