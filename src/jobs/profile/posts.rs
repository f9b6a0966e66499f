//! Learns from finished posts: what their pictures, their cut and their music are like.
//!
//! A post is what its creator took in place of everything else. Only a few numbers of it are kept, and an id made from a
//! hash of the file, by which it can be forgotten; no path, no name and nothing of the picture or the sound.

use std::path::{Path, PathBuf};

use crate::analysis::{Analysis, Effort, Part, Scope, Shot};
use crate::edit::{Platform, Retention};
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::profile::engagement::read_engagement;
use crate::jobs::profile::post_things::{
    POST_PARTS, pace_of, post_choices, post_grade, post_shots, track_choices,
};
use crate::jobs::profile::report::{ProfileReport, add_evidence};
use crate::jobs::retention::read_retention;
use crate::jobs::{Analyzer, Workshop, expand};
use crate::music::find_tracks;
use crate::profile::{ChoiceThing, Evidence, EvidenceChoice, TasteKind};
use crate::task::{Stage, Task};

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
    /// The id of the platform that they were posted on.
    pub platform: Option<String>,
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
    if let Some(id) = &job.platform {
        Platform::find(id)?;
    }
    let paths = job.paths()?;
    let weights = job.engagement.as_deref().map(read_engagement).transpose()?;
    let retention = job.retention.as_deref().map(read_retention).transpose()?;
    let parts = if job.tracks {
        vec![Part::Music]
    } else {
        POST_PARTS.to_vec()
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
                    false => Evidence::post(at, hash, post_choices(&post))
                        .with_grade(post_grade(&post))
                        .with_shots(post_shots(&post)),
                };
                for choice in &mut piece.choices {
                    choice.platform = job.platform.clone();
                }
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
