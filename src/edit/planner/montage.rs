//! A montage: moments of all sources on the beats. How long it is, where it is cut, and which moments it shows.

use crate::analysis::FileKind;
use crate::choice::{Decision, Setting};
use crate::edit::cut_choice::{CutChoice, Slot, film_end};
use crate::edit::cut_points::cut_points;
use crate::edit::moments::{MomentSearch, Pick};
use crate::edit::music_bed::MusicBed;
use crate::edit::planner::context::{PlanContext, RoughCut};
use crate::edit::planner::push_and_punch::effects;
use crate::edit::planner::reasons::reasons;
use crate::edit::planner::segment::{SegmentRequest, segment};
use crate::edit::subclips::{Strictness, Subclip, subclips};
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::music::WindowRequest;

/// How much slower than the style wants slots may become, before the film becomes shorter, when sources are few.
const SLOWER: [f64; 5] = [1.0, 1.5, 2.0, 3.0, 4.0];
/// Times a slot is split or the film shortened before giving up, a guard against endless work.
const ATTEMPTS: usize = 400;
/// Good moments are enough when they last this many times as long as the film: then there is something to choose from.
const CHOICE: f64 = 1.1;
/// Seconds of material that is not bad with which a film can be made; with less, whatever can be seen is taken.
const LEAST_MATERIAL: f64 = 1.0;
/// A photo may stay this many times as long as the style likes.
const LONG_STILL: f64 = 1.5;
/// The share of the wanted length that counts as reached: cuts and phrases cost up to a sixth.
const REACHED: f64 = 5.0 / 6.0;
/// Seconds that do not count when lengths are compared.
const TOLERANCE: f64 = 0.05;

/// What a montage is made from.
pub(super) struct MontageMaterial {
    subclips: Vec<Subclip>,
    /// Seconds that were asked for, or that the style likes.
    wanted: f64,
    /// Seconds that the material is enough for.
    pub length: f64,
}

/// Makes a montage. `briefed` says that the music was chosen for one ([`crate::edit::film_brief`]).
///
/// Errors: [`Error::Nothing`] when no moment is long enough to be shown.
pub(super) fn montage<'a>(context: &mut PlanContext<'a>, briefed: bool) -> Result<RoughCut<'a>> {
    let MontageMaterial {
        subclips,
        wanted,
        mut length,
    } = montage_material(context);
    let asked = WindowRequest {
        length,
        ..WindowRequest::default()
    };
    let music = context.music_bed(&asked, briefed);
    let mut music_ended = false;
    if let Some(music) = &music {
        music_ended = music.length() + TOLERANCE < length * REACHED;
        // To the frame nearest to the beat that the music ends on.
        length = length.min(music.length() + 0.5 / context.rate.seconds());
    }
    let (slots, picks) = filled_slots(context, &subclips, music.as_ref(), length)?;
    let frames: f64 = slots.iter().map(|slot| slot.frames as f64).sum();
    let film = frames / context.rate.seconds();
    let because = if music_ended && film + TOLERANCE < wanted * REACHED {
        "the track ends there"
    } else {
        "there are not enough good moments for more, and none is shown twice"
    };
    explain_length(context, film, wanted, music.is_some(), because);
    explain_unused(context, &subclips, &picks);
    let mut stills = 0;
    let segments = slots
        .iter()
        .zip(&picks)
        .map(|(slot, pick)| {
            let subclip = &subclips[pick.subclip];
            stills += usize::from(subclip.still);
            segment(
                context,
                SegmentRequest {
                    subclip,
                    start: pick.start,
                    end: pick.end,
                    beat: slot.start.heard.then_some(slot.start),
                    effects: effects(context, subclip, pick, slot, stills),
                    reasons: reasons(context, subclip, pick, slot),
                },
            )
        })
        .collect();
    Ok(RoughCut { segments, music })
}

/// The best material that is enough for the film, and how long the film is to be.
pub(super) fn montage_material(context: &PlanContext<'_>) -> MontageMaterial {
    let request = context.request;
    let wanted = request
        .length
        .unwrap_or(request.style.length.min(request.platform.longest));
    let mut found = Vec::new();
    let mut seconds = 0.0;
    for strictness in [Strictness::Moments, Strictness::NotBad, Strictness::Visible] {
        found = subclips(
            request.sources,
            strictness,
            request.style.longest,
            context.output,
        );
        seconds = capacity(context, &found);
        if seconds >= wanted * CHOICE
            || (strictness == Strictness::NotBad && seconds > LEAST_MATERIAL)
        {
            break;
        }
    }
    MontageMaterial {
        subclips: found,
        wanted,
        length: wanted.min(seconds.max(2.0 / context.rate.seconds())),
    }
}

/// Seconds of film that `subclips` can give.
fn capacity(context: &PlanContext<'_>, subclips: &[Subclip]) -> f64 {
    let style = context.request.style;
    subclips
        .iter()
        .map(|subclip| {
            if subclip.still {
                style.longest.min(style.still * LONG_STILL)
            } else {
                subclip.length()
            }
        })
        .sum()
}

/// The slots of a film of up to `length` seconds, and a pick for each.
fn filled_slots(
    context: &PlanContext<'_>,
    subclips: &[Subclip],
    music: Option<&MusicBed<'_>>,
    length: f64,
) -> Result<(Vec<Slot>, Vec<Pick>)> {
    let (rate, seed) = (context.rate, context.request.seed);
    let sources = context.request.sources.len();
    let shortest = 2.0 * context.request.style.shortest * rate.seconds();
    let mut length = length;
    let mut slots = Vec::new();
    for _ in 0..ATTEMPTS {
        if slots.is_empty() {
            slots = fitting_slots(context, subclips, music, length);
        }
        let failed = match MomentSearch::new(subclips, sources, &slots, rate, seed).run() {
            Ok(picks) => return Ok((slots, picks)),
            Err(failed) => failed,
        };
        // A slot that nothing fits into becomes two. One that cannot be split ends the film before it.
        let split = slots
            .get(failed)
            .filter(|slot| slot.frames as f64 > shortest)
            .and_then(Slot::split);
        if let Some((first, second)) = split {
            slots.splice(failed..=failed, [first, second]);
            continue;
        }
        let at = slots.get(failed).map_or(0, |slot| slot.start.frame);
        let frames = if at > 0 {
            at
        } else {
            slots.first().map_or(0, |slot| slot.frames * 2 / 3)
        };
        if frames < 2 {
            break;
        }
        length = frames as f64 / rate.seconds();
        slots.clear();
    }
    Err(Error::Nothing {
        what: "no moment of the sources is long enough to be shown".into(),
        hint: Hint::GiveLongerClips,
    })
}

/// Slots at the style's pace, or slower where there is too little to fill them: each photo fills one slot, a clip as
/// many as it is long.
fn fitting_slots(
    context: &PlanContext<'_>,
    subclips: &[Subclip],
    music: Option<&MusicBed<'_>>,
    length: f64,
) -> Vec<Slot> {
    let stills = subclips.iter().filter(|subclip| subclip.still).count();
    let moving: f64 = subclips
        .iter()
        .filter(|subclip| !subclip.still)
        .map(Subclip::length)
        .sum();
    let points = cut_points(music, length, context.rate);
    let end = film_end(&points);
    let mut slots = Vec::new();
    for slower in SLOWER {
        let choice = CutChoice {
            style: context.request.style,
            slower,
            rate: context.rate,
        };
        slots = choice.slots(&points, end);
        let usual = length / slots.len().max(1) as f64;
        let holds = stills as f64 + moving / usual.max(0.01);
        if slots.len() as f64 <= holds.max(1.0) {
            break;
        }
    }
    slots
}

/// Says how long the film is: `short` is why, where it is shorter than `wanted`.
fn explain_length(
    context: &mut PlanContext<'_>,
    film: f64,
    wanted: f64,
    to_music: bool,
    short: &str,
) {
    let request = context.request;
    let reason = if film + TOLERANCE < wanted * REACHED {
        format!("{film:.1} seconds instead of {wanted:.0}: {short}")
    } else if to_music && (film - wanted).abs() > TOLERANCE {
        format!("{film:.1} seconds: ends with a bar of the music")
    } else if request.length.is_none() {
        format!("{film:.1} seconds: as style {} likes it", request.style.id)
    } else {
        return;
    };
    context.decide(Decision::new(Setting::Length, format!("{film:.1}"), reason));
}

/// Says how many files are not shown.
fn explain_unused(context: &mut PlanContext<'_>, subclips: &[Subclip], picks: &[Pick]) {
    let sources = context.request.sources;
    let mut used = vec![false; sources.len()];
    for pick in picks {
        used[subclips[pick.subclip].source] = true;
    }
    let unused = sources
        .iter()
        .zip(used)
        .filter(|(source, used)| !used && source.analysis.file.kind != FileKind::Audio)
        .count();
    if unused > 0 {
        let all = sources.len();
        context.decide(Decision::remark(
            Setting::Length,
            format!("{unused} of {all} files are not shown: a longer film has room for more"),
        ));
    }
}
