//! The program and its verbs. Each verb's arguments stand in the verb's own file.

use clap::{Parser, Subcommand};

use crate::commands::analyze::Analyze;
use crate::commands::apply::Apply;
use crate::commands::ask::Ask;
use crate::commands::captions::Captions;
use crate::commands::completions::Completions;
use crate::commands::doctor::Doctor;
use crate::commands::edit::Edit;
use crate::commands::effect::EffectVerb;
use crate::commands::export::Export;
use crate::commands::help::Help;
use crate::commands::import::Import;
use crate::commands::ingest::Ingest;
use crate::commands::list::List;
use crate::commands::look::LookVerb;
use crate::commands::man::Man;
use crate::commands::models::ModelsVerb;
use crate::commands::music::MusicVerb;
use crate::commands::options::Common;
use crate::commands::profile::ProfileVerb;
use crate::commands::render::Render;
use crate::commands::revise::Revise;
use crate::commands::schema::SchemaVerb;
#[cfg(feature = "server")]
use crate::commands::serve::Serve;
use crate::commands::shorts::Shorts;
use crate::commands::suggest::Suggest;
use crate::commands::verify::Verify;

/// Looks at what you made, suggests music, looks and effects that fit, and edits it into something ready to post.
///
/// Everything runs on this machine; originals are never touched.
#[derive(Debug, Parser)]
#[command(
    name = "tastemaker",
    version,
    propagate_version = true,
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub struct Arguments {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub verb: Verb,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    Analyze(Analyze),
    Suggest(Suggest),
    Ask(Ask),
    Edit(Edit),
    Revise(Revise),
    Shorts(Shorts),
    Apply(Apply),
    Ingest(Ingest),
    #[cfg(feature = "server")]
    Serve(Serve),
    Render(Render),
    Verify(Verify),
    Export(Export),
    Import(Import),
    Captions(Captions),
    Profile(ProfileVerb),
    List(List),
    Look(LookVerb),
    Effect(EffectVerb),
    Music(MusicVerb),
    Models(ModelsVerb),
    Doctor(Doctor),
    Schema(SchemaVerb),
    Completions(Completions),
    Man(Man),
    Help(Help),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_arguments_is_consistent() {
        use clap::CommandFactory as _;
        Arguments::command().debug_assert();
    }
}
