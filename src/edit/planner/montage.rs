//! A montage: moments of all sources on the beats. Decides its length, its cuts and its moments.

use std::collections::BTreeSet;

use crate::analysis::FileKind;
use crate::choice::{Decision, Setting};
use crate::edit::cut_choice::{CutChoice, Slot, film_end};
use crate::edit::cut_points::cut_points;
use crate::edit::moments::{MomentRequest, MomentSearch, Pick};
use crate::edit::music_bed::MusicBed;
use crate::edit::plan::summary::clock;
use crate::edit::planner::accents::{accent, accented};
use crate::edit::planner::context::{PlanContext, RoughCut};
use crate::edit::planner::flash_guard::avoid_flashes;
use crate::edit::planner::push_and_punch::effects;
use crate::edit::planner::reasons::reasons;
use crate::edit::planner::required_shots::{
    explain_required, required_segments, required_subclips,
};
use crate::edit::planner::segment::{SegmentRequest, segment};
use crate::edit::planner::transitions::{add_transitions, check_locked_transitions};
use crate::edit::required_parts::frames_of;
use crate::edit::required_slots::slots_with_parts;
use crate::edit::subclips::{Strictness, Subclip};
use crate::edit::vetoes::spoiled_word;
use crate::edit::{EditRequest, Segment, SourceOrder};
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::music::{Ending, WindowRequest};

/// With little material, slots become this many times slower than the style wants, step by step, before the film gets
/// shorter.
const SLOWER: [f64; 5] = [1.0, 1.5, 2.0, 3.0, 4.0];
/// Where every file has its turn, slots become this much shorter, step by step …
const FASTER: f64 = 0.8;
/// … and at most this much shorter than the style wants.
const FASTEST: f64 = 0.4;
/// A film whose slots cannot be filled becomes this much shorter, again and again.
const SHORTER: f64 = 0.92;
/// Most times that a slot is split or the film shortened, a guard against endless work.
const ATTEMPTS: usize = 400;
/// Good moments suffice if they last this many times as long as the film, which leaves some choice.
const CHOICE: f64 = 1.1;
/// Seconds of acceptable material that suffice for a film; with less, bad material is used, too.
const LEAST_MATERIAL: f64 = 1.0;
/// Share of the film that material suffices for without what films before it show: more than has to differ.
const FRESH: f64 = 0.6;
/// A photo may stay this many times as long as the style prefers.
const LONG_STILL: f64 = 1.5;
/// Share of the wanted length that counts as reached: ending with a phrase costs up to a sixth.
const REACHED: f64 = 5.0 / 6.0;
/// Tolerance in seconds when lengths are compared.
const TOLERANCE: f64 = 0.05;

/// The material of a montage.
pub(super) struct MontageMaterial {
    subclips: Vec<Subclip>,
    strictness: Strictness,
    /// Seconds that were requested, or that the style prefers.
    wanted: f64,
    /// Seconds for which the material suffices.
    pub length: f64,
}

/// How near to its length a montage has to end: a length that somebody asks for is met to a bar.
pub(super) fn montage_ending(request: &EditRequest<'_>) -> Ending {
    match request.length {
        Some(_) => Ending::Bar,
        None => Ending::Phrase,
    }
}

/// Makes a montage. With `briefed`, the music was chosen for a montage ([`crate::edit::film_brief`]).
///
/// Errors: [`Error::Nothing`] if no moment is long enough.
pub(super) fn montage<'a>(context: &mut PlanContext<'a>, briefed: bool) -> Result<RoughCut<'a>> {
    let mut material = montage_material(context);
    let mut length = material.length;
    let asked = WindowRequest {
        length,
        ending: montage_ending(context.request),
        ..WindowRequest::default()
    };
    let music = context.music_bed(&asked, briefed);
    let mut music_ended = false;
    if let Some(music) = &music {
        music_ended = music.length() + TOLERANCE < length * REACHED;
        // Half a frame more, so that the film reaches the frame nearest to the music's last beat.
        length = length.min(music.length() + 0.5 / context.rate.seconds());
        context.check_required(length, "the track")?;
    }
    let (slots, picks) = filled_film(context, &mut material, music.as_ref(), length)?;
    let MontageMaterial {
        subclips, wanted, ..
    } = material;
    let film = seconds(context, &slots);
    let because = if music_ended && film + TOLERANCE < wanted * REACHED {
        "the track ends there"
    } else {
        "there are not enough good moments for more, and none is shown twice"
    };
    explain_length(context, film, wanted, music.is_some(), because);
    explain_unused(
        context,
        &subclips,
        &picks,
        film + TOLERANCE < length * REACHED,
    );
    explain_vetoes(context, &subclips, &picks);
    explain_required(context, &slots, &subclips, &picks);
    let mut segments = segments(context, &subclips, &slots, &picks)?;
    check_locked_transitions(context, &mut segments);
    add_transitions(context, &mut segments)?;
    avoid_flashes(context, &mut segments);
    Ok(RoughCut {
        segments,
        heard: None,
        music,
    })
}

/// The slots of a film of up to `length` seconds, and a pick for each. Good moments that add up can still be too short
/// one by one, or stand in the wrong order; what is not bad then fills the film, and is the material.
fn filled_film(
    context: &PlanContext<'_>,
    material: &mut MontageMaterial,
    music: Option<&MusicBed<'_>>,
    length: f64,
) -> Result<(Vec<Slot>, Vec<Pick>)> {
    let strict = filled_slots(context, &material.subclips, music, length);
    if material.strictness != Strictness::Moments {
        return strict;
    }
    let reached = strict
        .as_ref()
        .map_or(0.0, |(slots, _)| seconds(context, slots));
    // A person who asks for a length gets it, to the bar or phrase where it would end.
    let least = match context.request.length {
        Some(_) => seconds(
            context,
            &fitting_slots(context, &material.subclips, music, length, Ending::Bar),
        ),
        None => length * REACHED,
    };
    if reached + TOLERANCE >= least {
        return strict;
    }
    let mut more = context.material().subclips(Strictness::NotBad);
    more.extend(required_subclips(context));
    match filled_slots(context, &more, music, length) {
        Ok(filled) if seconds(context, &filled.0) > reached + TOLERANCE => {
            material.subclips = more;
            Ok(filled)
        }
        _ => strict,
    }
}

/// How long a film of `slots` is.
fn seconds(context: &PlanContext<'_>, slots: &[Slot]) -> f64 {
    let frames: f64 = slots.iter().map(|slot| slot.frames as f64).sum();
    frames / context.rate.seconds()
}

/// A segment for each pick; for one that has to be shown, one for each of its shots.
fn segments(
    context: &PlanContext<'_>,
    subclips: &[Subclip],
    slots: &[Slot],
    picks: &[Pick],
) -> Result<Vec<Segment>> {
    let accents = context.request.style.accent.as_ref();
    let accents = accents.map_or_else(Vec::new, |each| accented(slots, each.most));
    let mut stills = 0;
    let mut segments = Vec::with_capacity(slots.len());
    for (number, (slot, pick)) in slots.iter().zip(picks).enumerate() {
        let subclip = &subclips[pick.subclip];
        stills += usize::from(subclip.still);
        let effects = effects(context, subclip, pick, slot, stills);
        if subclip.required {
            segments.extend(required_segments(context, subclip, slot, effects));
            continue;
        }
        let request = SegmentRequest {
            subclip,
            start: pick.start,
            end: pick.end,
            beat: slot.start.heard.then_some(slot.start),
            effects,
            reasons: reasons(context, subclip, pick, slot),
        };
        let mut segment = segment(context, request);
        if accents.contains(&number) {
            accent(context, &mut segment)?;
        }
        segments.push(segment);
    }
    Ok(segments)
}

/// The strictest choice of material that suffices for the film, and the film's length.
pub(super) fn montage_material(context: &PlanContext<'_>) -> MontageMaterial {
    let request = context.request;
    let required = context.required_seconds();
    let wanted = request
        .length
        .unwrap_or(request.style.length.min(request.platform.longest))
        .max(required);
    let mut found = Vec::new();
    let mut seconds = 0.0;
    let mut strictest = Strictness::Moments;
    for strictness in [Strictness::Moments, Strictness::NotBad, Strictness::Visible] {
        strictest = strictness;
        found = context.material().subclips(strictness);
        seconds = capacity(context, &found) + required;
        let fresh = fresh_seconds(&found) + required;
        if (seconds >= wanted * CHOICE && fresh >= wanted * FRESH)
            || (strictness == Strictness::NotBad && seconds > LEAST_MATERIAL)
        {
            break;
        }
    }
    found.extend(required_subclips(context));
    MontageMaterial {
        subclips: found,
        strictness: strictest,
        wanted,
        length: wanted.min(seconds.max(2.0 / context.rate.seconds())),
    }
}

/// Seconds of film that `subclips` can fill.
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

/// Seconds of `subclips` that no film before shows.
fn fresh_seconds(subclips: &[Subclip]) -> f64 {
    let fresh = |subclip: &Subclip| {
        let (start, end) = (subclip.start.seconds(), subclip.end.seconds());
        subclip.length() * (1.0 - subclip.shown_share(start, end))
    };
    subclips.iter().map(fresh).sum()
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
    let (mut length, mut ending) = (length, montage_ending(context.request));
    let mut slots = Vec::new();
    for _ in 0..ATTEMPTS {
        if slots.is_empty() {
            slots = fitting_slots(context, subclips, music, length, ending);
        }
        let request = MomentRequest {
            subclips,
            sources,
            slots: &slots,
            style: context.request.style,
            rate,
            seed,
        };
        let failed = match MomentSearch::new(&request).run() {
            Ok(picks) => return Ok((slots, picks)),
            Err(failed) => failed,
        };
        // A slot into which nothing fits becomes two. If it cannot be split, the film becomes a little shorter: other
        // slots may fit the material better.
        let split = slots
            .get(failed)
            .filter(|slot| slot.frames as f64 > shortest)
            .and_then(Slot::split);
        if let Some((first, second)) = split {
            slots.splice(failed..=failed, [first, second]);
            continue;
        }
        let at = slots.get(failed).map_or(0, |slot| slot.start.frame);
        let least = frames_of(&context.required);
        let frames = if at > 0 {
            at
        } else {
            slots.first().map_or(0, |slot| slot.frames * 2 / 3)
        };
        let gently = (length * SHORTER * rate.seconds()) as i64;
        let frames = frames.max(gently).max(least);
        if frames < 2 || frames as f64 / rate.seconds() >= length {
            break;
        }
        length = frames as f64 / rate.seconds();
        // What it lost is enough.
        ending = Ending::Bar;
        slots.clear();
    }
    Err(Error::Nothing {
        what: "no moment of the sources is long enough".into(),
        hint: Hint::GiveLongerClips,
    })
}

/// Slots of up to `length` seconds at the style's pace, or slower if there is too little to fill them: a photo fills
/// one slot, a clip as many as fit into it.
fn fitting_slots(
    context: &PlanContext<'_>,
    subclips: &[Subclip],
    music: Option<&MusicBed<'_>>,
    length: f64,
    ending: Ending,
) -> Vec<Slot> {
    let free = || subclips.iter().filter(|subclip| !subclip.required);
    let stills = free().filter(|subclip| subclip.still).count();
    let moving: f64 = free()
        .filter(|subclip| !subclip.still)
        .map(Subclip::length)
        .sum();
    let points = cut_points(music, length, context.rate);
    let required = &context.required;
    let end = film_end(&points, ending);
    let fits = |end: &usize| {
        points
            .get(*end)
            .is_some_and(|end| end.frame >= frames_of(required))
    };
    let end = Some(end).filter(fits).unwrap_or(points.len() - 1);
    let slots_at = |slower: f64| {
        let choice = CutChoice {
            style: context.request.style,
            slower,
            rate: context.rate,
            closes: true,
        };
        if required.is_empty() {
            choice.slots(&points, end)
        } else {
            slots_with_parts(&choice, &points, end, required).unwrap_or_default()
        }
    };
    let filled = |slots: &[Slot]| slots.len().saturating_sub(required.len()).max(1) as f64;
    let mut slots = Vec::new();
    for slower in SLOWER {
        slots = slots_at(slower);
        let filled = filled(&slots);
        let usual = (length - context.required_seconds()) / filled;
        let holds = stills as f64 + moving / usual.max(0.01);
        if filled <= holds.max(1.0) {
            break;
        }
    }
    // Where the files keep their order, every one should have its turn: the pace is as much faster as that takes, as
    // far as beats and the style's shortest shots allow.
    let files = distinct_sources(free()) as f64;
    let mut slower = 1.0;
    while context.request.style.order == SourceOrder::Files
        && filled(&slots) < files
        && slower > FASTEST
    {
        slower = (slower * FASTER).max(FASTEST);
        slots = slots_at(slower);
    }
    slots
}

fn distinct_sources<'a>(subclips: impl Iterator<Item = &'a Subclip>) -> usize {
    let sources: BTreeSet<usize> = subclips.map(|subclip| subclip.source).collect();
    sources.len()
}

/// Records the decision on the length; `short` is the reason if the film is shorter than `wanted`.
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
        format!("{film:.1} seconds, as style {} wants", request.style.id)
    } else {
        return;
    };
    context.decide(Decision::new(Setting::Length, format!("{film:.1}"), reason));
}

/// Records how many files are not shown, but for those that are left out on purpose, which are named one by one.
/// `short`: the film could not be filled.
fn explain_unused(
    context: &mut PlanContext<'_>,
    subclips: &[Subclip],
    picks: &[Pick],
    short: bool,
) {
    let sources = context.request.sources;
    let mut used = vec![false; sources.len()];
    let twins = context.vetoes.twins().iter();
    let photos = twins.filter(|twin| twin.left_out_spans.is_empty());
    let left_out = photos
        .map(|twin| twin.left_out)
        .chain(context.vetoes.blurred().iter().copied());
    for source in picks
        .iter()
        .map(|pick| subclips[pick.subclip].source)
        .chain(left_out)
    {
        if let Some(used) = used.get_mut(source) {
            *used = true;
        }
    }
    let unused = sources
        .iter()
        .zip(used)
        .filter(|(source, used)| !used && source.analysis.file.kind != FileKind::Audio)
        .count();
    if unused > 0 {
        let all = sources.len();
        let why = match short {
            true => "no good moment of them is left that fits",
            false => "a longer film has room for more",
        };
        context.decide(Decision::remark(
            Setting::Length,
            format!("{unused} of {all} files are not shown: {why}"),
        ));
    }
}

/// Records what was left out on purpose, and what is shown in spite of what is wrong with it.
fn explain_vetoes(context: &mut PlanContext<'_>, subclips: &[Subclip], picks: &[Pick]) {
    let name = |source: usize| {
        let file = context.request.sources.get(source);
        let name = file.and_then(|file| file.path.file_name());
        name.map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default()
    };
    let mut remarks: Vec<String> = Vec::new();
    for twin in context.vetoes.twins() {
        let (left_out, kept) = (name(twin.left_out), name(twin.kept));
        let what = match twin.left_out_spans.first() {
            Some(span) => format!("{left_out} from {}", clock(span.start)),
            None => left_out,
        };
        let because = twin.because.words();
        remarks.push(format!(
            "{what} is left out: it shows the same as {kept}, {because}"
        ));
    }
    for photo in context.vetoes.blurred() {
        remarks.push(format!(
            "{} is left out: its subject is blurred",
            name(*photo)
        ));
    }
    for pick in picks {
        let subclip = &subclips[pick.subclip];
        if let Some(span) = subclip.spoiled_in(pick.start.seconds(), pick.end.seconds()) {
            let (file, word) = (name(subclip.source), spoiled_word(span.kind));
            remarks.push(format!(
                "{file} is shown where it is {word}: nothing better is left"
            ));
        }
    }
    for remark in remarks {
        context.decide(Decision::remark(Setting::Files, remark));
    }
}
