//! Which tracks of a catalog may be used as asked.

use std::collections::BTreeSet;

use anyhow::Result;

use crate::commands::clock::now;
use crate::commands::output::Printer;
use crate::jobs::film_use;
use crate::music::Date;
use crate::music::catalog::{Catalog, Filters};
use crate::suggest::permitted;

/// The hashes of the tracks whose license permits what was typed, of those that `filters` let through; what is left
/// out is told. `None` where no use was named: then all may be shown.
pub fn allowed(
    catalog: &Catalog,
    filters: &Filters,
    typed: Option<&str>,
    printer: &Printer,
) -> Result<Option<BTreeSet<String>>> {
    let Some(usage) = film_use(typed, None)? else {
        return Ok(None);
    };
    let licenses = catalog.licenses(filters)?;
    let (kept, left_out) = permitted(
        &licenses,
        |(_, license)| license,
        Some(&usage),
        Date::from_unix(now()),
    );
    for left_out in left_out {
        printer.note(&left_out.text);
    }
    Ok(Some(kept.into_iter().map(|(id, _)| id.clone()).collect()))
}
