//! Learns from finished posts: what their pictures, their pace and their music are like.
//!
//! A post is what its creator took in place of everything else. Only a few numbers of it are kept, and an id made from a
//! hash of the file, by which it can be forgotten; no path, no name and nothing of the picture or the sound.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::analysis::{
    Analysis, AudioReport, Effort, Part, PictureFacts, Scope, Shot, TransitionKind,
};
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::profile::engagement::{Retention, read_engagement};
use crate::jobs::profile::pace::Pace;
use crate::jobs::profile::report::{ProfileReport, add_evidence};
use crate::jobs::{Analyzer, Workshop, expand};
use crate::music::find_tracks;
use crate::profile::{ChoiceThing, Evidence, EvidenceChoice, TasteKind};
use crate::suggest::music_features;
use crate::task::{Stage, Task};

/// Means over 151 photos of the corpus that nobody graded (`analyze --only shots`): luma, contrast, saturation, warmth.
/// A finished picture is measured against them.
const USUAL: [f64; 4] = [0.473, 0.204, 0.38, 0.132];
/// Saturation below which a picture is black and white.
const MONOCHROME: f64 = 0.02;
/// Share of a post's sound from which its music is a choice.
const MOSTLY_MUSIC: f64 = 0.5;
/// Seconds between a cut and a beat that is met.
const ON_BEAT: f64 = 0.07;
/// Score of a scene word (0..1) from which it names the scene.
const SURE_SCENE: f64 = 0.3;

/// Seconds of a film in which those leave who came by mistake.
const OPENING: f64 = 3.0;
/// Shots after them from which something can be said about where people leave.
const FEWEST_SHOTS: usize = 4;

/// Finished posts to learn from.
pub struct LearnPostsJob {
    /// The profile's name, or the path of its file; it is made where there is none.
    pub profile: String,
    /// Pictures, films, and folders of them.
    pub posts: Vec<PathBuf>,
    /// Only the music of the files counts: they are tracks, or lists of paths of tracks.
    pub tracks: bool,
    /// What became of the posts: a table of views, watch-through and likes.
    pub engagement: Option<PathBuf>,
    /// Who is still watching when: a table for the only post.
    pub retention: Option<PathBuf>,
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
    let paths = job.paths()?;
    let weights = job.engagement.as_deref().map(read_engagement).transpose()?;
    let retention = job.retention.as_deref().map(Retention::read).transpose()?;
    let parts = if job.tracks {
        vec![Part::Music]
    } else {
        vec![Part::Shots, Part::Scene, Part::Music, Part::Speech]
    };
    let analyzer = Analyzer::new(workshop, task)?.with_scope(Scope::new(Some(parts), Effort::Full));
    let at = workshop.timestamp();
    let mut failed = false;
    let mut evidence = Vec::new();
    analyzer.run(&paths, Stage::Look, |number, result| {
        match result {
            Ok(post) => {
                let hash = &post.file.blake3;
                let mut piece = match job.tracks {
                    true => Evidence::post(at, &format!("track {hash}"), track_choices(&post)),
                    false => Evidence::post(at, hash, post_choices(&post)),
                };
                let name = paths[number].file_name().and_then(|name| name.to_str());
                if let Some(weight) = weights
                    .as_ref()
                    .zip(name)
                    .and_then(|(all, name)| all.get(name))
                {
                    piece.set_weight(*weight);
                }
                evidence.push(piece);
                if let Some(table) = &retention {
                    let held = held_pace(&post, table).ok_or_else(too_few_shots)?;
                    evidence.push(Evidence::post(at, &format!("retention {hash}"), vec![held]));
                }
            }
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
    let report = add_evidence(&job.profile, evidence, job.write, workshop)?;
    Ok((report, failed))
}

impl LearnPostsJob {
    /// The files to learn from.
    fn paths(&self) -> Result<Vec<PathBuf>> {
        let mut named = Vec::new();
        for path in &self.posts {
            if self.tracks && is_list(path) {
                let text =
                    std::fs::read_to_string(path).map_err(|problem| Error::read(path, problem))?;
                let folder = path.parent().unwrap_or(Path::new(""));
                let lines = text.lines().map(str::trim);
                let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
                named.extend(lines.map(|line| folder.join(line)));
            } else if self.tracks && path.is_dir() {
                // Notes and covers may lie beside the tracks.
                named.extend(find_tracks(path)?);
            } else {
                named.push(path.clone());
            }
        }
        let paths: Vec<PathBuf> = expand(&named)?
            .into_iter()
            .map(|input| input.path)
            .collect();
        if self.retention.is_some() && paths.len() != 1 {
            return Err(Error::Usage {
                what: "who is still watching is told of one film".into(),
                hint: Hint::NameReadableFile,
            });
        }
        Ok(paths)
    }
}

/// A list of tracks as players write it.
fn is_list(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default();
    ["m3u", "m3u8", "txt"]
        .iter()
        .any(|list| ending.eq_ignore_ascii_case(list))
}

/// What a track says about taste.
fn track_choices(track: &Analysis) -> Vec<EvidenceChoice> {
    let features = track.audio.as_ref().map(music_features).unwrap_or_default();
    let choice = (!features.is_empty()).then(|| taken(TasteKind::Music, features));
    choice.into_iter().collect()
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
        let shots: Vec<&Shot> = video.shots.iter().collect();
        choices.push(taken(
            TasteKind::Pace,
            pace_of(&shots, video.duration, beats),
        ));
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
fn pace_of(shots: &[&Shot], duration: f64, beats: &[f64]) -> BTreeMap<String, f64> {
    let cuts = shots.get(1..).unwrap_or_default();
    let share = |holds: &dyn Fn(&Shot) -> bool| {
        cuts.iter().filter(|shot| holds(shot)).count() as f64 / cuts.len().max(1) as f64
    };
    let kind = |shot: &Shot| shot.transition_in.as_ref().map(|cut| cut.kind);
    let is_soft = |shot: &Shot| {
        let kind = kind(shot);
        !matches!(
            kind,
            None | Some(TransitionKind::Cut | TransitionKind::JumpCut)
        )
    };
    let is_on_beat = |shot: &Shot| {
        beats
            .iter()
            .any(|beat| (beat - shot.start).abs() <= ON_BEAT)
    };
    let pace = Pace {
        lengths: shots.iter().map(|shot| shot.end - shot.start).collect(),
        duration,
        dissolves: share(&is_soft),
        jump_cuts: share(&|shot| kind(shot) == Some(TransitionKind::JumpCut)),
        on_beat: (!beats.is_empty()).then(|| share(&is_on_beat)),
    };
    pace.features()
}

/// What kept people watching, beside what made them leave: the half of the shots in which fewest left, and the other.
/// The first seconds, in which everybody leaves who came by mistake, are left out. `None` for too few shots.
fn held_pace(post: &Analysis, retention: &Retention) -> Option<EvidenceChoice> {
    let video = post.video.as_ref()?;
    let beats = post.audio.as_ref().map_or(&[][..], |audio| &audio.beats);
    let mut shots: Vec<&Shot> = video
        .shots
        .iter()
        .filter(|shot| shot.start >= OPENING)
        .collect();
    if shots.len() < FEWEST_SHOTS {
        return None;
    }
    let loss = |shot: &Shot| retention.loss(shot.start, shot.end);
    shots.sort_by(|a, b| loss(a).total_cmp(&loss(b)));
    let (held, lost) = shots.split_at(shots.len() / 2);
    let thing = |shots| ChoiceThing::new(None, pace_of(shots, video.duration, beats));
    let passed = vec![thing(lost)];
    Some(EvidenceChoice::new(
        TasteKind::Pace,
        Some(thing(held)),
        passed,
    ))
}

fn too_few_shots() -> Error {
    Error::Nothing {
        what: format!(
            "it has fewer than {FEWEST_SHOTS} shots after its first {OPENING} seconds, too few to say what kept people \
             watching"
        ),
        hint: Hint::GiveLongerClips,
    }
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
