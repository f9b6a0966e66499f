//! `tastemaker profile feedback`: notes what was taken, turned down and swapped.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::commands::options::{DryRunOption, JsonOption};
use crate::commands::profile::show::show_saved;
use crate::commands::session::{Outcome, Session};
use crate::error::Error;
use crate::hint::Hint;
use crate::jobs::{
    ChoiceSwap, ComparedPlans, PlanFeedbackJob, TeachJob, teach_from_plans, teach_profile,
};

/// What `profile feedback` takes.
#[derive(Debug, Args)]
pub struct ProfileFeedback {
    /// The profile's name, or a path that ends in .json; it is made where there is none yet
    #[arg(value_name = "NAME")]
    pub name: String,
    #[command(flatten)]
    pub verdicts: Verdicts,
    /// What was chosen for you, and what you took in its place
    #[arg(long, num_args = 3, value_names = ["ID", "FOR", "ID"])]
    pub swap: Vec<String>,
    /// A plan as it was made, with --after
    #[arg(long, value_name = "PLAN", requires = "after", conflicts_with_all = ["accept", "reject", "swap"])]
    pub before: Option<PathBuf>,
    /// The same plan as you changed it, here or in another program (see `tastemaker import`)
    #[arg(long, value_name = "PLAN", requires = "before")]
    pub after: Option<PathBuf>,
    /// A film that you kept, whose plan is beside it: films of the same edit with other numbers count as passed over
    #[arg(long, value_name = "FILM", conflicts_with_all = ["before", "accept", "reject", "swap"])]
    pub kept: Option<PathBuf>,
    #[command(flatten)]
    pub print: JsonOption,
    #[command(flatten)]
    pub mode: DryRunOption,
}

/// What was taken and what was turned down.
#[derive(Debug, Clone, Args)]
pub struct Verdicts {
    /// What you took: a look's name, or the title, path or id of a track in --suggestions
    #[arg(long, value_name = "ID")]
    pub accept: Vec<String>,
    /// What you turned down
    #[arg(long, value_name = "ID")]
    pub reject: Vec<String>,
    /// What `tastemaker suggest -o FILE` wrote: the tracks are looked up there
    #[arg(long, value_name = "FILE")]
    pub suggestions: Option<PathBuf>,
}

impl Verdicts {
    /// The job of noting them.
    pub fn job(&self, profile: &str, swapped: Vec<ChoiceSwap>, dry_run: bool) -> TeachJob {
        TeachJob {
            profile: profile.to_owned(),
            accepted: self.accept.clone(),
            rejected: self.reject.clone(),
            swapped,
            suggestions: self.suggestions.clone(),
            write: !dry_run,
        }
    }
}

impl ProfileFeedback {
    /// The plans that are compared, if any.
    fn plans(&self) -> Option<ComparedPlans> {
        if let Some(film) = &self.kept {
            return Some(ComparedPlans::Kept(film.clone()));
        }
        let (before, after) = self.before.as_ref().zip(self.after.as_ref())?;
        Some(ComparedPlans::Changed {
            before: before.clone(),
            after: after.clone(),
        })
    }
}

pub fn run(feedback: &ProfileFeedback, session: &Session) -> Result<Outcome> {
    if let Some(plans) = feedback.plans() {
        let job = PlanFeedbackJob {
            profile: feedback.name.clone(),
            plans,
            write: !feedback.mode.dry_run,
        };
        let report = teach_from_plans(&job, &session.workshop, &session.task(&feedback.print))?;
        show_saved(&report, &feedback.print, &session.printer)?;
        return Ok(Outcome::Done);
    }
    let swapped = swaps(&feedback.swap)?;
    let verdicts = &feedback.verdicts;
    let job = verdicts.job(&feedback.name, swapped, feedback.mode.dry_run);
    let report = teach_profile(&job, &session.workshop)?;
    show_saved(&report, &feedback.print, &session.printer)?;
    Ok(Outcome::Done)
}

/// `--swap noir FOR silver`: noir was chosen, silver was taken.
fn swaps(words: &[String]) -> Result<Vec<ChoiceSwap>, Error> {
    words
        .chunks(3)
        .map(|words| match words {
            [passed, between, taken] if between.eq_ignore_ascii_case("for") => Ok(ChoiceSwap {
                passed: passed.clone(),
                taken: taken.clone(),
            }),
            _ => Err(Error::Usage {
                what: format!(
                    "{:?} is no swap such as \"noir FOR silver\"",
                    words.join(" ")
                ),
                hint: Hint::NameChoices,
            }),
        })
        .collect()
}
