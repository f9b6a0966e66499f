//! Jobs on profiles: teaching one what its creator took and turned down, and showing what it has learned.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::choice::Candidate;
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::Workshop;
use crate::looks::LookLibrary;
use crate::profile::{Liking, Profile, Taste, TasteKind, Verdict};
use crate::suggest::{Suggestions, look_features};
use crate::time::rounded;

/// Choices that a creator made.
pub struct TeachJob {
    /// The profile's name, or the path of its file; it is made where there is none.
    pub profile: String,
    /// Looks and tracks that were taken, by name.
    pub accepted: Vec<String>,
    /// Looks and tracks that were turned down, by name.
    pub rejected: Vec<String>,
    /// A file of suggestions in which tracks are looked up.
    pub suggestions: Option<PathBuf>,
    /// False: nothing is written.
    pub write: bool,
}

/// What a profile has learned.
pub struct ProfileReport {
    /// The profile's name.
    pub name: String,
    /// The file that was written.
    pub saved: Option<PathBuf>,
    /// For each kind of choice, what it likes and how well that predicts its choices.
    pub likings: Vec<Liking>,
}

impl ProfileReport {
    /// For machines.
    pub fn document(&self) -> TasteDocument<'_> {
        TasteDocument {
            schema: "tastemaker.taste/1",
            name: &self.name,
            kinds: self.likings.iter().map(KindTaste::of).collect(),
        }
    }
}

/// What a profile has learned, `tastemaker.taste/1`.
#[derive(Serialize)]
pub struct TasteDocument<'a> {
    schema: &'static str,
    name: &'a str,
    kinds: Vec<KindTaste<'a>>,
}

#[derive(Serialize)]
struct KindTaste<'a> {
    kind: TasteKind,
    judgements: usize,
    /// Absent where all judgements agree, so that there is nothing to predict.
    #[serde(skip_serializing_if = "Option::is_none")]
    foretold: Option<f64>,
    by_chance: f64,
    weights: Vec<FeatureWeight<'a>>,
}

#[derive(Serialize)]
struct FeatureWeight<'a> {
    feature: &'a str,
    weight: f64,
}

impl<'a> KindTaste<'a> {
    fn of(liking: &'a Liking) -> Self {
        let weights = liking.features.iter();
        Self {
            kind: liking.kind,
            judgements: liking.judgments,
            foretold: liking.accuracy.map(rounded),
            by_chance: rounded(liking.by_chance),
            weights: weights
                .map(|(feature, weight)| FeatureWeight {
                    feature,
                    weight: rounded(*weight),
                })
                .collect(),
        }
    }
}

/// Adds the choices to the profile.
///
/// Errors: `Usage` where there is no choice or one is both taken and turned down, `UnknownName` for a name that is
/// neither a look nor a suggested track, and those of reading and writing.
pub fn teach_profile(job: &TeachJob, workshop: &Workshop) -> Result<ProfileReport> {
    refuse_contradictions(job)?;
    let looks = workshop.looks()?;
    let suggestions = job
        .suggestions
        .as_deref()
        .map(read_suggestions)
        .transpose()?;
    let library = workshop.profiles();
    let mut profile = library.find_or_new(&job.profile)?;
    let judged = [
        (&job.accepted, Verdict::Accept),
        (&job.rejected, Verdict::Reject),
    ];
    for (names, verdict) in judged {
        for name in names {
            let (kind, candidate) = find_choice(name, looks, suggestions.as_ref())?;
            profile.note(kind, &candidate, verdict);
        }
    }
    let saved = if job.write {
        Some(library.save(&job.profile, &profile)?)
    } else {
        None
    };
    Ok(report(&job.profile, &profile, saved))
}

/// What the profile has learned. Fails where there is none of that name.
pub fn show_profile(name: &str, workshop: &Workshop) -> Result<ProfileReport> {
    Ok(report(name, &workshop.profiles().find(name)?, None))
}

fn report(name: &str, profile: &Profile, saved: Option<PathBuf>) -> ProfileReport {
    ProfileReport {
        name: name.to_owned(),
        saved,
        likings: Taste::learn(profile).likings(),
    }
}

fn refuse_contradictions(job: &TeachJob) -> Result<()> {
    if job.accepted.is_empty() && job.rejected.is_empty() {
        return Err(Error::Usage {
            what: "there is nothing to learn".into(),
            hint: Hint::NameChoices,
        });
    }
    match job.accepted.iter().find(|name| job.rejected.contains(name)) {
        None => Ok(()),
        Some(both) => Err(Error::Usage {
            what: format!("{both} is both taken and turned down"),
            hint: Hint::NameChoiceOnce,
        }),
    }
}

fn read_suggestions(path: &Path) -> Result<Suggestions> {
    let text = std::fs::read_to_string(path).map_err(|problem| Error::read(path, problem))?;
    serde_json::from_str(&text).map_err(|problem| Error::Document {
        path: path.into(),
        // serde_json counts both from 0 where the text is empty.
        line: problem.line().max(1),
        column: problem.column().max(1),
        what: problem.to_string(),
    })
}

/// The choice called `name`: a track among the suggestions by id, title or end of its path, or else a look.
fn find_choice(
    name: &str,
    looks: &LookLibrary,
    suggestions: Option<&Suggestions>,
) -> Result<(TasteKind, Candidate)> {
    let music = suggestions.map_or(&[][..], |suggestions| suggestions.music.as_slice());
    let track = music.iter().find(|music| {
        music.choice.id == name || music.title == name || Path::new(&music.path).ends_with(name)
    });
    if let Some(track) = track {
        return Ok((TasteKind::Music, track.choice.clone()));
    }
    if let Some(look) = looks.looks().iter().find(|look| look.id == name) {
        let candidate = Candidate {
            id: look.id.clone(),
            features: look_features(look),
            score: 0.0,
            confidence: 0.0,
            reasons: Vec::new(),
        };
        return Ok((TasteKind::Look, candidate));
    }
    let titles = music.iter().map(|music| music.title.clone());
    let known = titles
        .chain(looks.looks().iter().map(|look| look.id.clone()))
        .collect();
    Err(Error::UnknownName {
        kind: "look or suggested track",
        name: name.into(),
        known,
    })
}
