//! What a profile has learned.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::error::Result;
use crate::jobs::Workshop;
use crate::profile::{Evidence, Liking, Portrait, Profile, Readiness, Taste, TasteKind};
use crate::report::portrait_page;
use crate::store::{Overwrite, write_atomic};
use crate::time::rounded;

/// What a profile has learned.
pub struct ProfileReport {
    /// The profile's name.
    pub name: String,
    /// The file that was written.
    pub saved: Option<PathBuf>,
    /// For each kind of choice, what it likes and how well that predicts its choices.
    pub likings: Vec<Liking>,
    /// What is known of the creator, as people say it.
    pub portrait: Portrait,
}

impl ProfileReport {
    /// For machines.
    pub fn document(&self) -> TasteDocument<'_> {
        TasteDocument {
            schema: "tastemaker.taste/1",
            name: &self.name,
            says: &self.portrait.sentences,
            kinds: self.likings.iter().map(KindTaste::of).collect(),
        }
    }
}

/// What a profile has learned, `tastemaker.taste/1`.
#[derive(Serialize)]
pub struct TasteDocument<'a> {
    schema: &'static str,
    name: &'a str,
    /// Plain sentences.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    says: &'a [String],
    kinds: Vec<KindTaste<'a>>,
}

#[derive(Serialize)]
struct KindTaste<'a> {
    kind: TasteKind,
    judgements: usize,
    readiness: Readiness,
    /// How many more choices it takes to the next step of readiness.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<usize>,
    /// Share of the choices that those before them foretell; absent where there is nothing to foretell.
    #[serde(skip_serializing_if = "Option::is_none")]
    foretold: Option<f64>,
    /// The same without the profile.
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
        let foretold = &liking.foretold;
        Self {
            kind: liking.kind,
            judgements: liking.judgments,
            readiness: Readiness::of(liking.judgments),
            missing: Readiness::missing(liking.judgments),
            foretold: foretold
                .tells()
                .then(|| rounded(foretold.share(foretold.top1))),
            by_chance: rounded(foretold.share(foretold.prior_top1)),
            weights: weights
                .map(|(feature, weight)| FeatureWeight {
                    feature,
                    weight: rounded(*weight),
                })
                .collect(),
        }
    }
}

/// What the profile has learned. Fails where there is none of that name.
pub fn show_profile(name: &str, workshop: &Workshop) -> Result<ProfileReport> {
    Ok(report(name, &workshop.profiles().find(name)?, None))
}

/// Writes the page about the profile `name`. Fails where there is none of that name, or a file is in the way.
pub fn write_portrait(
    name: &str,
    page: &Path,
    overwrite: Overwrite,
    workshop: &Workshop,
) -> Result<()> {
    let shown = show_profile(name, workshop)?;
    let text = portrait_page(name, &shown.portrait, &shown.likings);
    write_atomic(page, text.as_bytes(), overwrite)
}

/// Adds evidence to a profile, and writes it where asked.
pub(super) fn add_evidence(
    name: &str,
    evidence: Vec<Evidence>,
    write: bool,
    workshop: &Workshop,
) -> Result<ProfileReport> {
    let add = |profile: &mut Profile| {
        evidence.into_iter().for_each(|piece| {
            profile.add(piece);
        });
        Ok(())
    };
    let library = workshop.profiles();
    if !write {
        let mut profile = library.find_or_new(name)?;
        add(&mut profile)?;
        return Ok(report(name, &profile, None));
    }
    let (saved, profile) = library.change(name, add)?;
    Ok(report(name, &profile, Some(saved)))
}

pub(super) fn report(name: &str, profile: &Profile, saved: Option<PathBuf>) -> ProfileReport {
    ProfileReport {
        name: name.to_owned(),
        saved,
        likings: Taste::learn(profile).likings(),
        portrait: Portrait::of(profile),
    }
}
