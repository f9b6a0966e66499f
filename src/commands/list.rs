//! `tastemaker list looks|effects|styles|platforms|captions|ingest`.

use anyhow::Result;
use clap::{Args, ValueEnum};
use serde_json::json;

use crate::captions::CaptionStyle;
use crate::commands::options::JsonOption;
use crate::commands::session::{Outcome, Session};
use crate::edit::{Platform, Style};
use crate::effects::EffectPreset;
use crate::jobs::IngestPreset;
use crate::looks::Look;

/// List what can be named: looks, effects, styles, platforms, captions, presets of ingest
#[derive(Debug, Args)]
pub struct List {
    /// What to list
    pub what: Listed,
    #[command(flatten)]
    pub print: JsonOption,
}

/// What can be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum Listed {
    Looks,
    Effects,
    Styles,
    Platforms,
    Captions,
    Ingest,
}

/// An entry of a list: a row for people, a document for machines.
struct Item {
    row: Vec<String>,
    document: serde_json::Value,
}

pub fn run(verb: &List, session: &Session) -> Result<Outcome> {
    let (head, items): (&[&str], Vec<Item>) = match verb.what {
        Listed::Looks => (&["look", "family", "what it does"], looks(session)?),
        Listed::Effects => (&["effect", "made of", "what it does"], effects()?),
        Listed::Styles => (&["style", "what it does"], styles()?),
        Listed::Platforms => (
            &["platform", "name", "size", "longest", "loudness"],
            platforms()?,
        ),
        Listed::Captions => (&["captions", "what they show"], caption_styles()?),
        Listed::Ingest => (&["preset", "what is done"], ingest_presets()?),
    };
    if verb.print.json {
        for item in &items {
            session.printer.json(&item.document)?;
        }
        return Ok(Outcome::Done);
    }
    let rows = items.into_iter().map(|item| item.row);
    session.printer.table(head, rows)?;
    Ok(Outcome::Done)
}

fn looks(session: &Session) -> Result<Vec<Item>> {
    let library = session.workshop.looks()?;
    for problem in library.broken() {
        session.printer.error(&problem);
    }
    let item = |look: &Look| Item {
        row: vec![look.id.clone(), look.family.clone(), look.summary.clone()],
        document: json!({
            "schema": "tastemaker.listed-look/1", "id": look.id, "family": look.family,
            "summary": look.summary, "tags": look.tags, "mood": look.mood, "suits": look.suits,
            "avoid": look.avoid, "strength": [look.strength.0, look.strength.1],
        }),
    };
    Ok(library.looks().iter().map(item).collect())
}

fn effects() -> Result<Vec<Item>> {
    let item = |preset: &EffectPreset| Item {
        row: vec![
            preset.id.clone(),
            preset.kinds().join(" + "),
            preset.summary.clone(),
        ],
        document: json!({
            "schema": "tastemaker.listed-effect/1", "id": preset.id, "kinds": preset.kinds(),
            "summary": preset.summary, "suits": preset.suits,
            "seconds": preset.transition.map(|transition| transition.seconds),
        }),
    };
    Ok(EffectPreset::all()?.iter().map(item).collect())
}

fn styles() -> Result<Vec<Item>> {
    let item = |style: &Style| Item {
        row: vec![style.id.clone(), style.summary.clone()],
        document: json!({
            "schema": "tastemaker.listed-style/1", "id": style.id, "summary": style.summary,
        }),
    };
    Ok(Style::all()?.iter().map(item).collect())
}

fn caption_styles() -> Result<Vec<Item>> {
    let item = |style: &CaptionStyle| Item {
        row: vec![style.id.clone(), style.summary.clone()],
        document: json!({
            "schema": "tastemaker.listed-caption-style/1", "id": style.id, "summary": style.summary,
        }),
    };
    Ok(CaptionStyle::all()?.iter().map(item).collect())
}

fn ingest_presets() -> Result<Vec<Item>> {
    let item = |preset: &IngestPreset| Item {
        row: vec![preset.id.clone(), preset.summary.clone()],
        document: json!({
            "schema": "tastemaker.listed-ingest-preset/1", "id": preset.id, "name": preset.name,
            "summary": preset.summary, "version": preset.version, "takes": preset.takes,
        }),
    };
    Ok(IngestPreset::all()?.iter().map(item).collect())
}

fn platforms() -> Result<Vec<Item>> {
    let item = |platform: &Platform| Item {
        row: vec![
            platform.id.clone(),
            platform.name.clone(),
            format!("{}x{}", platform.width, platform.height),
            format!("{:.0} s", platform.longest),
            format!("{:.0} LUFS", platform.loudness_lufs),
        ],
        document: json!({
            "schema": "tastemaker.listed-platform/1", "id": platform.id, "name": platform.name,
            "width": platform.width, "height": platform.height, "longest": platform.longest,
            "loudness_lufs": platform.loudness_lufs, "true_peak_dbtp": platform.true_peak_dbtp,
        }),
    };
    Ok(Platform::all()?.iter().map(item).collect())
}
