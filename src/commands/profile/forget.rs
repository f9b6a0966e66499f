//! `tastemaker profile forget`: takes evidence out of a profile, or removes it.

use anyhow::Result;
use clap::Args;
use jiff::Timestamp;

use crate::commands::session::{Outcome, Session};
use crate::commands::values;
use crate::jobs::{Forgetting, forget};

/// What `profile forget` takes.
#[derive(Debug, Args)]
pub struct ProfileForget {
    /// Its name, or a path that ends in .json
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Only what was noted at this time or later, such as 2027-01-31 or 2027-01-31T12:00:00Z
    #[arg(long, value_name = "DATE", value_parser = values::moment, conflicts_with = "post")]
    pub since: Option<Timestamp>,
    /// Only this piece of evidence: an id that `profile privacy` lists
    #[arg(long, value_name = "ID")]
    pub post: Option<String>,
    /// Yes, forget it; needed for a whole profile
    #[arg(long, required_unless_present_any = ["since", "post"])]
    pub yes: bool,
}

pub fn run(forgetting: &ProfileForget, session: &Session) -> Result<Outcome> {
    let what = match (&forgetting.since, &forgetting.post) {
        (Some(since), _) => Forgetting::Since(*since),
        (None, Some(id)) => Forgetting::Piece(id.clone()),
        (None, None) => Forgetting::Everything,
    };
    let count = forget(&forgetting.name, &what, &session.workshop)?;
    let printer = &session.printer;
    printer.talk(&match count {
        1 => "forgot 1 piece of evidence".to_owned(),
        count => format!("forgot {count} pieces of evidence"),
    });
    Ok(Outcome::Done)
}
