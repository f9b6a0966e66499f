//! Teaches a profile what its creator took, turned down and swapped.

use std::path::{Path, PathBuf};

use crate::choice::Candidate;
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::Workshop;
use crate::jobs::profile::report::{ProfileReport, add_evidence};
use crate::looks::LookLibrary;
use crate::profile::{Evidence, TasteKind, Verdict};
use crate::suggest::{Suggestions, unjudged};

/// Choices that a creator made.
pub struct TeachJob {
    /// The profile's name, or the path of its file; it is made where there is none.
    pub profile: String,
    /// Looks and tracks that were taken, by name.
    pub accepted: Vec<String>,
    /// Looks and tracks that were turned down, by name.
    pub rejected: Vec<String>,
    /// Things that were swapped.
    pub swapped: Vec<ChoiceSwap>,
    /// A file of suggestions in which tracks are looked up.
    pub suggestions: Option<PathBuf>,
    /// False: nothing is written.
    pub write: bool,
}

/// One thing was taken in place of another of its kind.
pub struct ChoiceSwap {
    /// What had been chosen, by name.
    pub passed: String,
    /// What was taken, by name.
    pub taken: String,
}

/// Adds the choices to the profile.
///
/// Errors: `Usage` where there is no choice, one is both taken and turned down, or things of two kinds were swapped;
/// `UnknownName` for a name that is neither a look nor a suggested track; and those of reading and writing.
pub fn teach_profile(job: &TeachJob, workshop: &Workshop) -> Result<ProfileReport> {
    refuse_contradictions(job)?;
    let looks = workshop.looks()?;
    let suggestions = job
        .suggestions
        .as_deref()
        .map(read_suggestions)
        .transpose()?;
    let find = |name: &str| find_choice(name, looks, suggestions.as_ref());
    let at = workshop.timestamp();
    let mut evidence = Vec::new();
    let judged = [
        (&job.accepted, Verdict::Accept),
        (&job.rejected, Verdict::Reject),
    ];
    for (names, verdict) in judged {
        for name in names {
            let (kind, candidate) = find(name)?;
            evidence.push(Evidence::verdict(at, kind, &candidate, verdict));
        }
    }
    for swap in &job.swapped {
        let ((kind, passed), (other, taken)) = (find(&swap.passed)?, find(&swap.taken)?);
        if kind != other {
            return Err(Error::Usage {
                what: format!("{} and {} are not of one kind", swap.passed, swap.taken),
                hint: Hint::NameChoices,
            });
        }
        evidence.push(Evidence::swap(at, kind, &taken, &passed));
    }
    add_evidence(&job.profile, evidence, job.write, workshop)
}

fn refuse_contradictions(job: &TeachJob) -> Result<()> {
    if job.accepted.is_empty() && job.rejected.is_empty() && job.swapped.is_empty() {
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

pub(super) fn read_suggestions(path: &Path) -> Result<Suggestions> {
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
pub(super) fn find_choice(
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
    if let Some(suggestions) = suggestions {
        let look = suggestions.looks.iter().find(|look| look.id == name);
        let effects = suggestions.effects.iter().map(|effect| &effect.choice);
        let looks = look.map(|look| (TasteKind::Look, look));
        let mut effects = effects.map(|effect| (TasteKind::Effect, effect));
        let found = looks.or_else(|| effects.find(|(_, effect)| effect.id == name));
        if let Some((kind, choice)) = found {
            return Ok((kind, choice.clone()));
        }
    }
    if let Some(look) = looks.looks().iter().find(|look| look.id == name) {
        return Ok((TasteKind::Look, unjudged(look)));
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
