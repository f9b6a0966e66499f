//! What a plan chose, of each kind, in the words that taste is learned in.

use std::collections::BTreeMap;
use std::path::Path;

use crate::edit::{Plan, Segment, SourceKind, framing_features, transition_features};
use crate::jobs::profile::pace::Pace;
use crate::looks::LookLibrary;
use crate::profile::{ChoiceThing, ShotLengths, TasteKind};
use crate::suggest::look_features;

/// Words of a caption that count as many.
const MANY_WORDS: f64 = 10.0;
/// Difference of a feature below which nothing was changed.
const SAME: f64 = 0.01;

/// What a plan chose, one thing of each kind.
pub(super) type PlanThings = BTreeMap<TasteKind, ChoiceThing>;

/// What a plan chose but for its music.
pub(super) fn plan_things(plan: &Plan, looks: &LookLibrary) -> PlanThings {
    let mut things = BTreeMap::new();
    if plan.picture.is_empty() {
        return things;
    }
    things.insert(TasteKind::Look, look(plan, looks));
    if plan.picture.len() > 1 {
        things.insert(TasteKind::Pace, ChoiceThing::new(None, pace(plan)));
        things.insert(
            TasteKind::Transition,
            ChoiceThing::new(None, transitions(plan)),
        );
    }
    things.insert(TasteKind::Effect, ChoiceThing::new(None, effects(plan)));
    let framing = framing_features(plan, &[]);
    things.insert(TasteKind::Framing, ChoiceThing::new(None, framing));
    things.insert(TasteKind::Captions, captions(plan));
    things
}

/// How long the shots of a plan are; `None` for a film of one shot.
pub(super) fn plan_shots(plan: &Plan) -> Option<ShotLengths> {
    ShotLengths::of(shot_seconds(plan))
}

fn shot_seconds(plan: &Plan) -> impl Iterator<Item = f64> {
    let segments = plan.picture.iter();
    segments.map(|segment| segment.length().seconds())
}

/// Whether two plans chose the same.
pub(super) fn is_same(one: &ChoiceThing, other: &ChoiceThing) -> bool {
    let value =
        |thing: &ChoiceThing, name: &String| thing.features.get(name).copied().unwrap_or(0.0);
    let mut names = one.features.keys().chain(other.features.keys());
    one.choice == other.choice
        && names.all(|name| (value(one, name) - value(other, name)).abs() < SAME)
}

/// The track that plays longest: its hash and the place of its file among the sources.
pub(super) fn longest_track(plan: &Plan) -> Option<(&str, &Path)> {
    let tracks = plan
        .sources
        .iter()
        .filter(|source| source.kind == SourceKind::Audio);
    let seconds = |id: &str| {
        let parts = plan.sound.iter().filter(|part| part.source == id);
        parts.map(|part| part.end - part.start).sum::<f64>()
    };
    let longest = tracks.max_by(|a, b| seconds(&a.id).total_cmp(&seconds(&b.id)));
    longest.map(|source| (source.blake3.as_str(), Path::new(&source.path)))
}

/// The look that is seen longest. One that is not in the library has no name here, for that may be a path.
fn look(plan: &Plan, looks: &LookLibrary) -> ChoiceThing {
    let mut seen: BTreeMap<Option<&str>, f64> = BTreeMap::new();
    for segment in &plan.picture {
        let length = segment.length().seconds();
        *seen.entry(segment.look.as_deref()).or_default() += length;
    }
    let most = seen.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
    let Some((Some(name), _)) = most else {
        return ChoiceThing::nothing();
    };
    match looks.looks().iter().find(|look| look.id == name) {
        Some(look) => ChoiceThing::new(Some(look.id.clone()), look_features(look)),
        None => ChoiceThing::new(None, BTreeMap::new()),
    }
}

fn pace(plan: &Plan) -> BTreeMap<String, f64> {
    let lengths: Vec<f64> = shot_seconds(plan).collect();
    let cuts = plan.picture.get(1..).unwrap_or_default();
    let pace = Pace {
        duration: lengths.iter().sum(),
        lengths,
        dissolves: share(cuts, |cut| cut.transition.timed().is_some()),
        jump_cuts: 0.0,
        on_beat: (!plan.sound.is_empty()).then(|| share(cuts, |cut| cut.beat.is_some())),
        beat: None,
    };
    pace.features()
}

fn transitions(plan: &Plan) -> BTreeMap<String, f64> {
    let cuts = plan.picture.get(1..).unwrap_or_default();
    let share = 1.0 / cuts.len().max(1) as f64;
    transition_features(cuts.iter().map(|segment| {
        let kind = match segment.transition.timed() {
            Some(timed) => timed.kind.as_layer_transition().facts().kind,
            None => "cut",
        };
        (kind, share)
    }))
}

/// The words in which `suggest` describes effects.
fn effects(plan: &Plan) -> BTreeMap<String, f64> {
    let has = |kind: &str| {
        share(&plan.picture, |segment| {
            segment
                .effects
                .iter()
                .any(|effect| effect.facts().kind == kind)
        })
    };
    BTreeMap::from([
        ("does_push_slowly".to_owned(), has("slow_push")),
        ("does_jump_closer".to_owned(), has("punch_in")),
    ])
}

fn captions(plan: &Plan) -> ChoiceThing {
    let Some(first) = plan.captions.first() else {
        return ChoiceThing::nothing();
    };
    let words = plan
        .captions
        .iter()
        .map(|caption| caption.text.split_whitespace().count());
    let words = words.sum::<usize>() as f64 / plan.captions.len() as f64;
    let features = BTreeMap::from([
        ("does_caption".to_owned(), 1.0),
        (
            "does_say_much_at_once".to_owned(),
            (words / MANY_WORDS).min(1.0),
        ),
    ]);
    ChoiceThing::new(first.style.clone(), features)
}

fn share(segments: &[Segment], holds: impl Fn(&Segment) -> bool) -> f64 {
    segments.iter().filter(|segment| holds(segment)).count() as f64 / segments.len().max(1) as f64
}
