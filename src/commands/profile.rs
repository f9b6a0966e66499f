//! `tastemaker profile learn|show|list`: a creator's taste.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::json;

use crate::choice::Candidate;
use crate::commands::options::{DryRunOption, JsonOption};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::places;
use crate::commands::table::table;
use crate::error::Error;
use crate::looks::LookLibrary;
use crate::profile::{ENOUGH, Liking, Profile, ProfileLibrary, Taste, TasteKind, Verdict};
use crate::suggest::{Suggestions, look_features};

/// Teach a profile what you like, and see what it knows
#[derive(Debug, Args)]
pub struct ProfileVerb {
    #[command(subcommand)]
    pub what: ProfileWhat,
}

/// What `profile` does.
#[derive(Debug, Subcommand)]
pub enum ProfileWhat {
    /// Note what you took and what you turned down
    Learn(ProfileLearn),
    /// Tell what a profile has learned, and how well it foretells your choices
    Show {
        /// Its name, or a path that ends in .json
        #[arg(value_name = "NAME")]
        name: String,
        #[command(flatten)]
        print: JsonOption,
    },
    /// Names of all profiles
    List {
        #[command(flatten)]
        print: JsonOption,
    },
}

/// What `profile learn` takes.
#[derive(Debug, Args)]
pub struct ProfileLearn {
    /// The profile's name, or a path that ends in .json; it is made where there is none yet
    #[arg(value_name = "NAME")]
    pub name: String,
    /// What you took: a look's name, or the title, path or id of a track in --suggestions
    #[arg(long, value_name = "CHOICE")]
    pub accept: Vec<String>,
    /// What you turned down
    #[arg(long, value_name = "CHOICE")]
    pub reject: Vec<String>,
    /// What `tastemaker suggest -o FILE` wrote: the tracks are looked up there
    #[arg(long, value_name = "FILE")]
    pub suggestions: Option<PathBuf>,
    #[command(flatten)]
    pub print: JsonOption,
    #[command(flatten)]
    pub mode: DryRunOption,
}

/// Features that a person is shown, the strongest.
const SHOWN: usize = 4;
/// Weights below this are not worth telling.
const WORTH_TELLING: f64 = 0.02;

pub fn run(verb: &ProfileVerb, printer: &Printer) -> Result<Outcome> {
    let library = ProfileLibrary::new(places::profiles_folder());
    match &verb.what {
        ProfileWhat::Learn(learn) => note(learn, &library, printer)?,
        ProfileWhat::Show { name, print } => tell(name, &library.find(name)?, print.json, printer)?,
        ProfileWhat::List { print } => {
            for name in library.names() {
                if print.json {
                    printer
                        .json(&json!({"schema": "tastemaker.listed-profile/1", "name": name}))?;
                } else {
                    printer.data(&format!("{name}\n"))?;
                }
            }
        }
    }
    Ok(Outcome::Done)
}

fn note(learn: &ProfileLearn, library: &ProfileLibrary, printer: &Printer) -> Result<()> {
    if learn.accept.is_empty() && learn.reject.is_empty() {
        return Err(Error::Usage {
            what: "there is nothing to learn".into(),
            hint: "name what you took with --accept and what you turned down with --reject".into(),
        }
        .into());
    }
    if let Some(both) = learn.accept.iter().find(|name| learn.reject.contains(name)) {
        return Err(Error::Usage {
            what: format!("{both} is both taken and turned down"),
            hint: "name it once".into(),
        }
        .into());
    }
    let looks = LookLibrary::open(places::looks_folder())?;
    let suggestions = match &learn.suggestions {
        Some(path) => Some(read(path)?),
        None => None,
    };
    let mut profile = library.find_or_new(&learn.name)?;
    let judged = [
        (&learn.accept, Verdict::Accept),
        (&learn.reject, Verdict::Reject),
    ];
    for (names, verdict) in judged {
        for name in names {
            let (kind, candidate) = find(name, &looks, suggestions.as_ref())?;
            profile.note(kind, &candidate, verdict);
        }
    }
    if !learn.mode.dry_run {
        let path = library.save(&learn.name, &profile)?;
        printer.talk(&format!("noted in {}", path.display()));
    }
    tell(&learn.name, &profile, learn.print.json, printer)
}

fn read(path: &Path) -> Result<Suggestions> {
    let text = std::fs::read_to_string(path).map_err(|problem| Error::read(path, problem))?;
    Ok(
        serde_json::from_str(&text).map_err(|problem| Error::Document {
            path: path.into(),
            line: problem.line().max(1),
            column: problem.column().max(1),
            what: problem.to_string(),
        })?,
    )
}

/// The thing called `name`: a track among the suggestions, or a look.
fn find(
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
    let known = music
        .iter()
        .map(|music| music.title.clone())
        .chain(looks.looks().iter().map(|look| look.id.clone()))
        .collect();
    Err(Error::UnknownName {
        kind: "look or suggested track",
        name: name.into(),
        known,
    }
    .into())
}

fn tell(name: &str, profile: &Profile, json: bool, printer: &Printer) -> Result<()> {
    let likings = Taste::learn(profile).likings();
    if json {
        let kinds: Vec<_> = likings
            .iter()
            .map(|liking| {
                json!({
                    "kind": liking.kind, "judgements": liking.judgements, "foretold": liking.foretold.map(crate::time::rounded),
                    "by_chance": crate::time::rounded(liking.by_chance),
                    "weights": liking.features.iter()
                        .map(|(name, weight)| json!({"feature": name, "weight": crate::time::rounded(*weight)}))
                        .collect::<Vec<_>>(),
                })
            })
            .collect();
        return printer
            .json(&json!({"schema": "tastemaker.taste/1", "name": name, "kinds": kinds}));
    }
    let mut table = table(&["", "judged", "foretold", "likes", "does not like"]);
    for liking in &likings {
        table.add_row([
            liking.kind.name().to_owned(),
            liking.judgements.to_string(),
            foretold(liking),
            strongest(liking, 1.0),
            strongest(liking, -1.0),
        ]);
    }
    printer.data(&format!("{table}\n"))
}

fn foretold(liking: &Liking) -> String {
    match liking.foretold {
        _ if liking.judgements < ENOUGH => format!("from {ENOUGH} on"),
        None => "all one verdict".into(),
        Some(share) => format!(
            "{:.0} % (by chance {:.0} %)",
            share * 100.0,
            liking.by_chance * 100.0
        ),
    }
}

fn strongest(liking: &Liking, sign: f64) -> String {
    let words: Vec<String> = liking
        .features
        .iter()
        .filter(|(_, weight)| weight * sign > WORTH_TELLING)
        .take(SHOWN)
        .map(|(name, _)| {
            name.trim_start_matches("does_")
                .trim_start_matches("is_")
                .replace('_', " ")
        })
        .collect();
    words.join(", ")
}
