//! Asks which of two looks, or two tracks, a creator likes better, and learns from the answers.

use std::path::{Path, PathBuf};

use crate::analysis::{Effort, Part, Scope};
use crate::choice::Candidate;
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::profile::report::{ProfileReport, add_evidence};
use crate::jobs::{Analyzer, Workshop, expand};
use crate::looks::Look;
use crate::media::{decode_still, to_srgb};
use crate::music::find_tracks;
use crate::profile::{Evidence, OfferedCandidate, Profile, TasteKind, telling_pairs};
use crate::report::{ComparedPair, compare_page, gallery_entries};
use crate::store::{Overwrite, write_atomic};
use crate::suggest::{music_features, unjudged};
use crate::task::{Stage, Task};

/// Pairs that are asked about.
const PAIRS: usize = 20;
/// Every so many pairs one is of tracks, where there is music.
const MUSIC_EVERY: usize = 3;

/// What is asked about.
pub struct CompareJob {
    /// The profile's name, or the path of its file; it is made where there is none.
    pub profile: String,
    /// Photos on which looks are compared.
    pub photos: Vec<PathBuf>,
    /// A folder of tracks, to compare music too.
    pub music: Option<PathBuf>,
}

/// A pair that is asked about.
pub struct AskedPair {
    kind: TasteKind,
    things: [Candidate; 2],
    /// What people call them: the name of a look, the file of a track.
    pub names: [String; 2],
    photo: Option<PathBuf>,
}

/// The pairs, the most telling first. The same profile and files give the same pairs.
///
/// Errors: `Nothing` where there are no photos, and those of the profile and the tracks.
pub fn ask_pairs(job: &CompareJob, workshop: &Workshop, task: &Task) -> Result<Vec<AskedPair>> {
    let profile = workshop.profiles().find_or_new(&job.profile)?;
    let photos: Vec<PathBuf> = expand(&job.photos)?
        .into_iter()
        .map(|input| input.path)
        .collect();
    if photos.is_empty() {
        return Err(Error::Nothing {
            what: "there is no photo to compare looks on".into(),
            hint: Hint::NameReadableFile,
        });
    }
    let tracks = match &job.music {
        Some(folder) => track_pairs(&profile, folder, workshop, task)?,
        None => Vec::new(),
    };
    let looks: Vec<Candidate> = workshop.looks()?.looks().iter().map(unjudged).collect();
    let named = looks
        .into_iter()
        .map(|look| (look.id.clone(), look))
        .collect();
    let looks = pairs(&profile, TasteKind::Look, named, PAIRS - tracks.len());
    let looks = looks
        .into_iter()
        .enumerate()
        .map(|(number, pair)| AskedPair {
            photo: photos.get(number % photos.len()).cloned(),
            ..pair
        });
    let mut looks = looks.peekable();
    let mut tracks = tracks.into_iter();
    let mut asked = Vec::with_capacity(PAIRS);
    while looks.peek().is_some() {
        asked.extend(looks.by_ref().take(MUSIC_EVERY - 1));
        asked.extend(tracks.next());
    }
    asked.extend(tracks);
    Ok(asked)
}

fn track_pairs(
    profile: &Profile,
    folder: &Path,
    workshop: &Workshop,
    task: &Task,
) -> Result<Vec<AskedPair>> {
    let paths = find_tracks(folder)?;
    let scope = Scope::new(Some(vec![Part::Music]), Effort::Full);
    let analyzer = Analyzer::new(workshop, task)?.with_scope(scope);
    let mut tracks = Vec::new();
    analyzer.run(&paths, Stage::Look, |number, result| {
        match result {
            Ok(track) => {
                let name = paths[number].file_name().unwrap_or_default();
                let features = track.audio.as_ref().map(music_features).unwrap_or_default();
                let candidate = Candidate {
                    id: track.file.blake3.clone(),
                    features,
                    score: 0.0,
                    confidence: 0.0,
                    reasons: Vec::new(),
                };
                tracks.push((name.to_string_lossy().into_owned(), candidate));
            }
            Err(problem) => task.failure(&paths[number], &problem),
        }
        Ok::<(), Error>(())
    })?;
    Ok(pairs(
        profile,
        TasteKind::Music,
        tracks,
        PAIRS / MUSIC_EVERY,
    ))
}

fn pairs(
    profile: &Profile,
    kind: TasteKind,
    things: Vec<(String, Candidate)>,
    count: usize,
) -> Vec<AskedPair> {
    let offered: Vec<OfferedCandidate> = things
        .iter()
        .map(|(_, thing)| OfferedCandidate {
            id: thing.id.clone(),
            features: thing.features.clone(),
            score: None,
        })
        .collect();
    let pairs = telling_pairs(profile, kind, &offered, count).into_iter();
    let named = pairs.filter_map(|[a, b]| {
        let ((name, thing), (other, second)) = (things.get(a)?, things.get(b)?);
        Some(AskedPair {
            kind,
            things: [thing.clone(), second.clone()],
            names: [name.clone(), other.clone()],
            photo: None,
        })
    });
    named.collect()
}

/// Writes the page of the pairs; `how` says how to answer.
pub fn write_pairs(
    pairs: &[AskedPair],
    how: &str,
    page: &Path,
    overwrite: Overwrite,
    workshop: &Workshop,
) -> Result<()> {
    let mut shown = Vec::with_capacity(pairs.len());
    for pair in pairs {
        let [a, b] = &pair.names;
        let mut compared = ComparedPair {
            names: [a, b],
            photo: None,
        };
        if let Some(path) = &pair.photo {
            let photo = to_srgb(&decode_still(path, workshop.limits())?.picture);
            let library = workshop.looks()?;
            let looks: Vec<Look> = vec![library.find(a)?, library.find(b)?];
            let needs_networks = looks.iter().any(|look| look.check_networks(None).is_err());
            let models = needs_networks.then(|| workshop.models()).transpose()?;
            // The first entry is the photo as it is.
            let mut entries = gallery_entries(&photo, &looks, 1.0, models)?
                .into_iter()
                .skip(1);
            compared.photo = match (entries.next(), entries.next()) {
                (Some(a), Some(b)) => Some((path, [a, b])),
                _ => None,
            };
        }
        shown.push(compared);
    }
    write_atomic(page, compare_page(how, shown)?.as_bytes(), overwrite)
}

/// Learns the answers: for each pair in turn `a`, `b`, or `-` for neither.
///
/// Errors: `Usage` for other letters or more answers than pairs, and those of the profile.
pub fn answer_pairs(
    profile: &str,
    pairs: &[AskedPair],
    answers: &str,
    workshop: &Workshop,
) -> Result<ProfileReport> {
    let letters: Vec<char> = answers
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let known = letters
        .iter()
        .all(|letter| matches!(letter, 'a' | 'b' | '-'));
    if !known || letters.len() > pairs.len() {
        return Err(Error::Usage {
            what: format!("{answers:?} are not up to {} answers", pairs.len()),
            hint: Hint::NameChoices,
        });
    }
    let at = workshop.timestamp();
    let answered = pairs.iter().zip(letters).filter_map(|(pair, letter)| {
        let [a, b] = &pair.things;
        let (taken, passed) = match letter {
            'a' => (a, b),
            'b' => (b, a),
            _ => return None,
        };
        Some(Evidence::swap(at, pair.kind, taken, passed))
    });
    add_evidence(profile, answered.collect(), true, workshop)
}
