//! `LICENSES.tsv`: one row for many tracks of a folder and of those below it.

use std::path::Path;

use crate::error::{Error, Result};
use crate::music::license::{License, read_platforms, read_territory};

/// Name of the table in a folder of music.
pub const LICENSES_FILE: &str = "LICENSES.tsv";

/// The columns allowed, in any order; `file` is required.
const COLUMNS: [&str; 9] = [
    "file",
    "license",
    "holder",
    "attribution",
    "commercial",
    "edits",
    "platforms",
    "territory",
    "expires",
];

/// The rows of one table, in order.
#[derive(Debug, Clone, Default)]
pub struct LicenseTable {
    rows: Vec<(String, License)>,
}

impl LicenseTable {
    /// Reads `text`: tabs between cells, names of columns in the first row, remarks in rows that begin with `#`.
    /// `path` is named in errors, which are [`Error::Document`] with line and column.
    pub fn parse(text: &str, path: &Path) -> Result<Self> {
        let body = text.trim_start_matches('\u{feff}');
        let mut offset = text.len() - body.len();
        let mut header: Option<Vec<&str>> = None;
        let mut rows = Vec::new();
        for line in body.split_inclusive('\n') {
            let mut at = offset;
            offset += line.len();
            let line = line.trim_end_matches(['\r', '\n']);
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let wrong = |at: usize, what: String| Error::document(path, text, at, what);
            let Some(names) = &header else {
                let names: Vec<&str> = line.split('\t').map(str::trim).collect();
                check_header(&names).map_err(|what| wrong(at, what))?;
                header = Some(names);
                continue;
            };
            let start = at;
            let (mut file, mut license, mut named) = ("", License::default(), "");
            for (number, cell) in line.split('\t').enumerate() {
                let here = at;
                at += cell.len() + 1;
                let value = cell.trim();
                let Some(name) = names.get(number) else {
                    if value.is_empty() {
                        continue;
                    }
                    let what = format!(
                        "{value:?} is in no column: the first row names {}",
                        names.len()
                    );
                    return Err(wrong(here, what));
                };
                match *name {
                    _ if value.is_empty() => {}
                    "file" => file = value,
                    "license" => named = value,
                    other => fill(&mut license, other, value)
                        .map_err(|what| wrong(here, format!("{other}: {what}")))?,
                }
            }
            if file.is_empty() {
                return Err(wrong(
                    start,
                    "no file is named: write a name, or a pattern such as *.ogg".into(),
                ));
            }
            license.id = License::named(named).id;
            rows.push((file.to_owned(), license));
        }
        Ok(Self { rows })
    }

    /// The license of the first row whose file is `place`, a path below the table's folder with `/` between folders.
    pub fn find(&self, place: &str) -> Option<&License> {
        let name = place.rsplit('/').next().unwrap_or(place);
        let row = self.rows.iter().find(|(file, _)| {
            // A pattern without a folder matches the file name in any folder.
            matches(file, if file.contains('/') { place } else { name })
        });
        row.map(|(_, license)| license)
    }
}

fn check_header(names: &[&str]) -> Result<(), String> {
    if let Some(name) = names.iter().find(|name| !COLUMNS.contains(name)) {
        return Err(format!(
            "there is no column {name:?}: there are {}",
            COLUMNS.join(", ")
        ));
    }
    if let Some(name) = COLUMNS
        .iter()
        .find(|name| names.iter().filter(|other| other == name).count() > 1)
    {
        return Err(format!("the column {name:?} is there twice"));
    }
    match names.contains(&"file") {
        true => Ok(()),
        false => Err("there is no column \"file\"".into()),
    }
}

fn fill(license: &mut License, column: &str, value: &str) -> Result<(), String> {
    let yes_no = || match value.to_ascii_lowercase().as_str() {
        "yes" | "true" => Ok(Some(true)),
        "no" | "false" => Ok(Some(false)),
        _ => Err(format!("{value:?} is neither yes nor no")),
    };
    match column {
        "holder" => license.holder = value.to_owned(),
        "attribution" => license.attribution = value.to_owned(),
        "commercial" => license.commercial = yes_no()?,
        "edits" => license.edits = yes_no()?,
        "platforms" => license.platforms = read_platforms(value)?,
        "territory" => license.territory = read_territory(value)?,
        _ => license.expires = Some(value.parse()?),
    }
    Ok(())
}

/// True if `pattern` matches `text`: `?` is one letter, `*` any number within a folder, `**` any number. Takes time
/// proportional to the product of their lengths, whatever the pattern.
fn matches(pattern: &str, text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    // For each length, whether the pattern so far matches a beginning of the text of that length.
    let mut reached: Vec<bool> = std::iter::once(true)
        .chain(text.iter().map(|_| false))
        .collect();
    let mut pattern = pattern.chars().peekable();
    while let Some(letter) = pattern.next() {
        let deep = letter == '*' && pattern.next_if_eq(&'*').is_some();
        let mut before = false;
        for (length, here) in reached.iter_mut().enumerate() {
            let last = length.checked_sub(1).and_then(|at| text.get(at));
            let was = *here;
            let one = last.is_some_and(|last| match letter {
                '*' => deep || *last != '/',
                '?' => *last != '/',
                _ => *last == letter,
            });
            if letter == '*' {
                // `before` is already what the star has reached.
                *here = was || (before && one);
                before = *here;
            } else {
                *here = before && one;
                before = was;
            }
        }
    }
    reached.last().copied().unwrap_or(false)
}
