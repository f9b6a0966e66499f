//! `tastemaker serve keys`: the keys that open a service.

use std::path::Path;

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::commands::options::JsonOption;
use crate::commands::session::{Outcome, Session};
use crate::server::{Keys, Records, Scope, Scopes, WebhookSecrets, now};

/// Make, list and revoke API keys
#[derive(Debug, Args)]
pub struct KeysVerb {
    #[command(subcommand)]
    pub what: KeysWhat,
}

/// What `keys` does.
#[derive(Debug, Subcommand)]
pub enum KeysWhat {
    /// Make a key, and print it this once
    Add {
        /// Whose it is: letters, digits, - and _
        tenant: String,
        /// What it may be used for: read, upload, review or erase; may be repeated (default: all)
        #[arg(long, value_name = "SCOPE")]
        scope: Vec<Scope>,
        #[command(flatten)]
        print: JsonOption,
    },
    /// List the keys by their ids
    List {
        #[command(flatten)]
        print: JsonOption,
    },
    /// Close a key for good
    Revoke {
        /// As it is listed
        id: String,
    },
}

pub fn run(verb: &KeysVerb, data: &Path, session: &Session) -> Result<Outcome> {
    let records = Records::open(data)?;
    let keys = Keys::new(&records);
    let printer = &session.printer;
    match &verb.what {
        KeysWhat::Add {
            tenant,
            scope,
            print,
        } => {
            let secrets = WebhookSecrets::open(data)?;
            let new = keys.add(tenant, &Scopes::new(scope), &secrets, now())?;
            if print.json {
                printer.json(&new)?;
                return Ok(Outcome::Done);
            }
            printer.lines([
                format!("id              {}", new.id),
                format!("key             {}", new.key),
                format!("webhook secret  {}", new.webhook_secret),
            ])?;
            printer.note("the key is not shown again");
        }
        KeysWhat::List { print } => {
            let all = keys.list()?;
            if print.json {
                for entry in &all {
                    printer.json(entry)?;
                }
                return Ok(Outcome::Done);
            }
            let rows = all.into_iter().map(|entry| {
                let state = if entry.revoked { "revoked" } else { "open" };
                let scopes = match entry.scopes.as_slice() {
                    [] => "all".to_owned(),
                    some => some.join(" "),
                };
                [entry.id, entry.tenant, state.into(), scopes]
            });
            printer.table(&["id", "tenant", "state", "scopes"], rows)?;
        }
        KeysWhat::Revoke { id } => keys.revoke(id, now())?,
    }
    Ok(Outcome::Done)
}
