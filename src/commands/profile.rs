//! `tastemaker profile learn|show|list`: a creator's taste.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::json;

use crate::commands::options::{Common, DryRunOption, JsonOption};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::table::table;
use crate::commands::workshop::workshop;
use crate::jobs::{ProfileReport, TeachJob, show_profile, teach_profile};
use crate::profile::{ENOUGH, Liking, TasteKind};
use crate::time::rounded;

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
/// Weights below this change no ranking that a person would notice.
const WORTH_TELLING: f64 = 0.02;

pub fn run(verb: &ProfileVerb, common: &Common, printer: &Printer) -> Result<Outcome> {
    let workshop = workshop(common);
    match &verb.what {
        ProfileWhat::Learn(learn) => {
            let report = teach_profile(&learn.job(), &workshop)?;
            if let Some(path) = &report.saved {
                printer.talk(&format!("noted in {}", path.display()));
            }
            print(&report, learn.print.json, printer)?;
        }
        ProfileWhat::Show { name, print: json } => {
            print(&show_profile(name, &workshop)?, json.json, printer)?;
        }
        ProfileWhat::List { print } => {
            for name in workshop.profiles().names() {
                if print.json {
                    let schema = "tastemaker.listed-profile/1";
                    printer.json(&json!({"schema": schema, "name": name}))?;
                } else {
                    printer.data(&format!("{name}\n"))?;
                }
            }
        }
    }
    Ok(Outcome::Done)
}

impl ProfileLearn {
    fn job(&self) -> TeachJob {
        TeachJob {
            profile: self.name.clone(),
            accepted: self.accept.clone(),
            rejected: self.reject.clone(),
            suggestions: self.suggestions.clone(),
            write: !self.mode.dry_run,
        }
    }
}

/// What a profile has learned, for machines.
#[derive(Serialize)]
struct TasteDocument<'a> {
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
        let weights = liking
            .features
            .iter()
            .map(|(feature, weight)| FeatureWeight {
                feature,
                weight: rounded(*weight),
            });
        Self {
            kind: liking.kind,
            judgements: liking.judgments,
            foretold: liking.accuracy.map(rounded),
            by_chance: rounded(liking.by_chance),
            weights: weights.collect(),
        }
    }
}

fn print(report: &ProfileReport, json: bool, printer: &Printer) -> Result<()> {
    if json {
        return printer.json(&TasteDocument {
            schema: "tastemaker.taste/1",
            name: &report.name,
            kinds: report.likings.iter().map(KindTaste::of).collect(),
        });
    }
    let mut table = table(&["", "judged", "foretold", "likes", "does not like"]);
    for liking in &report.likings {
        table.add_row([
            liking.kind.name().to_owned(),
            liking.judgments.to_string(),
            foretold(liking),
            strongest(liking, 1.0),
            strongest(liking, -1.0),
        ]);
    }
    printer.data(&format!("{table}\n"))
}

fn foretold(liking: &Liking) -> String {
    match liking.accuracy {
        _ if liking.judgments < ENOUGH => format!("from {ENOUGH} on"),
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
