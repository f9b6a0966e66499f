//! `tastemaker look gallery`: a photo in every look.

use anyhow::Result;

use super::{has_ending, library, overwrite, write_png};
use crate::commands::Outcome;
use crate::commands::arguments::{Common, LookGallery};
use crate::commands::output::Printer;
use crate::commands::places;
use crate::commands::render::refuse_conflicts;
use crate::error::Error;
use crate::looks::Look;
use crate::media::{Limits, decode_still, to_srgb};
use crate::picture::Pixels;
use crate::report::{gallery_page, gallery_sheet, in_looks};
use crate::store::write_atomic;

pub fn run(
    verb: &LookGallery,
    common: &Common,
    limits: &Limits,
    printer: &Printer,
) -> Result<Outcome> {
    let overwrite = overwrite(verb.force);
    let is_sheet = has_ending(&verb.output, "png");
    if !is_sheet && !has_ending(&verb.output, "html") {
        return Err(Error::Usage {
            what: format!("{} is neither .html nor .png", verb.output.display()),
            hint: "end the name in .html for a page, in .png for a sheet".into(),
        }
        .into());
    }
    refuse_conflicts([Some(&verb.output)], overwrite)?;
    let looks = chosen(verb)?;
    if verb.dry_run {
        for look in &looks {
            printer.data(&format!("{}\n", look.id))?;
        }
        return Ok(Outcome::Done);
    }
    let needs_networks = |look: &Look| look.check_networks(None).is_err();
    let models = looks
        .iter()
        .any(needs_networks)
        .then(|| places::open_models(common))
        .transpose()?;
    let still = decode_still(&verb.photo, limits)?;
    let shown = in_looks(
        &to_srgb(&still.picture),
        &looks,
        verb.strength,
        models.as_ref(),
    )?;
    if is_sheet {
        write_png(
            &verb.output,
            Pixels::Eight(gallery_sheet(&shown)),
            overwrite,
        )?;
    } else {
        let page = gallery_page(&verb.photo, &shown)?;
        write_atomic(&verb.output, page.as_bytes(), overwrite)?;
    }
    // What could be read is shown, and that it is not all is told.
    if let Some(problem) = still.partial {
        printer.error(&problem);
        return Ok(Outcome::Findings);
    }
    Ok(Outcome::Done)
}

fn chosen(verb: &LookGallery) -> Result<Vec<Look>, Error> {
    let library = library()?;
    if !verb.looks.is_empty() {
        return verb.looks.iter().map(|name| library.find(name)).collect();
    }
    let Some(family) = &verb.family else {
        return Ok(library.looks().to_vec());
    };
    let looks: Vec<Look> = library
        .looks()
        .iter()
        .filter(|look| look.family == *family)
        .cloned()
        .collect();
    if looks.is_empty() {
        let mut known: Vec<String> = library
            .looks()
            .iter()
            .map(|look| look.family.clone())
            .collect();
        known.sort();
        known.dedup();
        return Err(Error::UnknownName {
            kind: "family",
            name: family.clone(),
            known,
        });
    }
    Ok(looks)
}
