//! Learns from finished posts: what their pictures, their pace and their music are like.
//!
//! A post is what its creator took in place of everything else. Only a few numbers of it are kept, and an id made from a
//! hash of the file, by which it can be forgotten; no path, no name and nothing of the picture or the sound.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::analysis::{
    Analysis, AudioReport, Effort, Part, PictureFacts, Scope, TransitionKind, VideoReport,
};
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::profile::report::{ProfileReport, report};
use crate::jobs::{Analyzer, Workshop, expand};
use crate::profile::{ChoiceThing, Evidence, EvidenceChoice, Profile, TasteKind};
use crate::suggest::music_features;
use crate::task::{Stage, Task};

/// Means over 151 photos of the corpus that nobody graded (`analyze --only shots`): luma, contrast, saturation, warmth.
/// A finished picture is measured against them.
const USUAL: [f64; 4] = [0.473, 0.204, 0.38, 0.132];
/// Saturation below which a picture is black and white.
const MONOCHROME: f64 = 0.02;
/// Share of a post's sound from which its music is a choice.
const MOSTLY_MUSIC: f64 = 0.5;
/// Seconds a shot that count as not cutting often (0) and as cutting often (1).
const CUT_LENGTHS: (f64, f64) = (8.0, 0.5);
/// Seconds of a film that count as running long.
const LONG: f64 = 90.0;
/// Seconds between a cut and a beat that is met.
const ON_BEAT: f64 = 0.07;
/// Score of a scene word (0..1) from which it names the scene.
const SURE_SCENE: f64 = 0.3;

/// Finished posts to learn from.
pub struct LearnPostsJob {
    /// The profile's name, or the path of its file; it is made where there is none.
    pub profile: String,
    /// Pictures, films, and folders of them.
    pub posts: Vec<PathBuf>,
    /// False: nothing is written.
    pub write: bool,
}

/// Measures the posts and adds what they show to the profile. Posts that it knows change nothing; a post that cannot
/// be read goes to the task. Returns also whether one failed.
///
/// Errors: `Nothing` where no post can be read, and those of the profile.
pub fn learn_posts(
    job: &LearnPostsJob,
    workshop: &Workshop,
    task: &Task,
) -> Result<(ProfileReport, bool)> {
    let paths: Vec<PathBuf> = expand(&job.posts)?
        .into_iter()
        .map(|input| input.path)
        .collect();
    let parts = vec![Part::Shots, Part::Scene, Part::Music, Part::Speech];
    let analyzer = Analyzer::new(workshop, task)?.with_scope(Scope::new(Some(parts), Effort::Full));
    let at = workshop.timestamp();
    let mut failed = false;
    let mut evidence = Vec::new();
    analyzer.run(&paths, Stage::Look, |number, result| {
        match result {
            Ok(post) => evidence.push(Evidence::post(at, &post.file.blake3, post_choices(&post))),
            Err(problem) => {
                failed = true;
                task.failure(&paths[number], &problem);
            }
        }
        Ok::<(), Error>(())
    })?;
    evidence.retain(|post| !post.choices.is_empty());
    if evidence.is_empty() {
        return Err(Error::Nothing {
            what: "none of the posts could be used".into(),
            hint: Hint::NameReadableFile,
        });
    }
    let library = workshop.profiles();
    let known = |profile: &mut Profile| {
        evidence.iter().for_each(|post| {
            profile.add(post.clone());
        });
        Ok(())
    };
    if !job.write {
        let mut profile = library.find_or_new(&job.profile)?;
        known(&mut profile)?;
        return Ok((report(&job.profile, &profile, None), failed));
    }
    let (saved, profile) = library.change(&job.profile, known)?;
    Ok((report(&job.profile, &profile, Some(saved)), failed))
}

/// What a post says about taste.
fn post_choices(post: &Analysis) -> Vec<EvidenceChoice> {
    let mut choices = Vec::new();
    let pictures = pictures(post);
    if let Some(look) = look_of(&pictures) {
        let mut choice = taken(TasteKind::Look, look);
        choice.scene = scene(&pictures);
        choices.push(choice);
    }
    if let Some(video) = post.video.as_ref().filter(|video| video.shots.len() > 1) {
        let beats = post.audio.as_ref().map_or(&[][..], |audio| &audio.beats);
        choices.push(taken(TasteKind::Pace, pace_of(video, beats)));
    }
    if let Some(audio) = post.audio.as_ref().filter(|audio| is_musical(audio)) {
        let features = music_features(audio);
        if !features.is_empty() {
            choices.push(taken(TasteKind::Music, features));
        }
    }
    choices
}

fn taken(kind: TasteKind, features: BTreeMap<String, f64>) -> EvidenceChoice {
    EvidenceChoice::new(kind, Some(ChoiceThing::new(None, features)), Vec::new())
}

/// The pictures of a post, each with the share of the post that it stands for.
fn pictures(post: &Analysis) -> Vec<(&PictureFacts, f64)> {
    match (&post.video, &post.picture) {
        (Some(video), _) => video
            .shots
            .iter()
            .map(|shot| (&shot.picture, (shot.end - shot.start).max(0.0)))
            .collect(),
        (None, Some(picture)) => vec![(picture, 1.0)],
        (None, None) => Vec::new(),
    }
}

/// How the pictures differ from usual ones, in the words in which looks are described.
fn look_of(pictures: &[(&PictureFacts, f64)]) -> Option<BTreeMap<String, f64>> {
    let all: f64 = pictures.iter().map(|(_, share)| share).sum();
    if all <= 0.0 {
        return None;
    }
    let mean = |value: fn(&PictureFacts) -> f64| {
        pictures
            .iter()
            .map(|(picture, share)| value(picture) * share)
            .sum::<f64>()
            / all
    };
    let saturation = mean(|picture| picture.saturation);
    let features = [
        ("does_brightness", mean(|picture| picture.luma) - USUAL[0]),
        ("does_contrast", mean(|picture| picture.contrast) - USUAL[1]),
        ("does_saturation", saturation - USUAL[2]),
        ("does_warmth", mean(|picture| picture.warmth) - USUAL[3]),
        ("does_monochrome", f64::from(saturation < MONOCHROME)),
    ];
    Some(named(&features))
}

/// The scene word that the pictures are surest of.
fn scene(pictures: &[(&PictureFacts, f64)]) -> Option<String> {
    pictures
        .iter()
        .filter_map(|(picture, _)| picture.scene.first())
        .filter(|word| word.score >= SURE_SCENE)
        .max_by(|a, b| a.score.total_cmp(&b.score))
        .map(|word| word.label.clone())
}

/// How a film is cut.
fn pace_of(video: &VideoReport, beats: &[f64]) -> BTreeMap<String, f64> {
    let lengths: Vec<f64> = video
        .shots
        .iter()
        .map(|shot| shot.end - shot.start)
        .collect();
    let count = lengths.len() as f64;
    let mean = lengths.iter().sum::<f64>() / count;
    let spread = lengths
        .iter()
        .map(|length| (length - mean).powi(2))
        .sum::<f64>()
        / count;
    let cuts: Vec<_> = video.shots.iter().skip(1).collect();
    let share = |holds: &dyn Fn(usize) -> bool| {
        (0..cuts.len()).filter(|at| holds(*at)).count() as f64 / cuts.len().max(1) as f64
    };
    let kind = |at: usize| cuts[at].transition_in.as_ref().map(|cut| cut.kind);
    let is_soft = |at: usize| {
        !matches!(
            kind(at),
            None | Some(TransitionKind::Cut | TransitionKind::JumpCut)
        )
    };
    let on_beat = |at: usize| {
        beats
            .iter()
            .any(|beat| (beat - cuts[at].start).abs() <= ON_BEAT)
    };
    let often = (CUT_LENGTHS.0.ln() - mean.max(0.01).ln()) / (CUT_LENGTHS.0 / CUT_LENGTHS.1).ln();
    let mut features = vec![
        ("does_cut_often", often.clamp(0.0, 1.0)),
        (
            "does_vary_lengths",
            (spread.sqrt() / mean.max(0.01)).min(2.0) / 2.0,
        ),
        ("does_dissolve", share(&is_soft)),
        (
            "does_jump_cut",
            share(&|at| kind(at) == Some(TransitionKind::JumpCut)),
        ),
        ("does_run_long", (video.duration / LONG).clamp(0.0, 1.0)),
    ];
    if !beats.is_empty() {
        features.push(("does_cut_on_beat", share(&on_beat)));
    }
    named(&features)
}

fn is_musical(audio: &AudioReport) -> bool {
    let music: f64 = audio.music.iter().map(|span| span.end - span.start).sum();
    audio.duration > 0.0 && music >= MOSTLY_MUSIC * audio.duration
}

fn named(features: &[(&str, f64)]) -> BTreeMap<String, f64> {
    let features = features.iter().filter(|(_, value)| value.is_finite());
    features
        .map(|(name, value)| ((*name).to_owned(), *value))
        .collect()
}
