//! `apply --preview`: one page instead of results.

use anyhow::Result;

use crate::batch::PreviewPair;
use crate::commands::apply::Apply;
use crate::commands::output::Printer;
use crate::error::Error;
use crate::report::{BeforeAfter, before_after_page};
use crate::store::write_atomic;

/// The page's name in the folder of the results.
const NAME: &str = "preview.html";

/// Writes the page of `shown`, which are of `total` files, and says where it is.
pub fn write(
    verb: &Apply,
    look: &str,
    shown: Vec<PreviewPair>,
    total: usize,
    printer: &Printer,
) -> Result<()> {
    if shown.is_empty() {
        return Err(Error::Usage {
            what: "there is no photo to show the look on".into(),
            hint: "name pictures or folders of them; clips are not shown".into(),
        }
        .into());
    }
    let pictures = shown
        .iter()
        .map(|one| BeforeAfter {
            path: &one.source,
            before: one.before.clone(),
            after: one.after.clone(),
            notes: one
                .adjusted
                .iter()
                .flat_map(|adjusted| adjusted.reasons.iter())
                .map(|reason| reason.text.clone())
                .collect(),
        })
        .collect();
    let page = before_after_page(look, total, pictures)?;
    let path = verb.target.output.join(NAME);
    let overwrite = verb.replace.overwrite();
    write_atomic(&path, page.as_bytes(), overwrite)?;
    printer.data(&format!("{}\n", path.display()))?;
    Ok(())
}
