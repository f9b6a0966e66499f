//! Tables as spreadsheets and platforms write them: a line of column names, then a line a row.

use std::path::Path;

use crate::error::{Error, Result};

/// Most bytes of a table.
const MOST_BYTES: u64 = 16 << 20;

/// A table with a line of column names.
pub(super) struct Table {
    columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// Reads a table; its names become small letters with `_` between words.
    ///
    /// Errors: `Read`, and `Unsupported` for one of more than 16 MiB.
    pub fn read(path: &Path) -> Result<Self> {
        let facts = std::fs::metadata(path).map_err(|problem| Error::read(path, problem))?;
        if facts.len() > MOST_BYTES {
            return Err(Error::unsupported(path, "it is too large for a table"));
        }
        let text = std::fs::read_to_string(path).map_err(|problem| Error::read(path, problem))?;
        let text = text.trim_start_matches('\u{feff}');
        let mut lines = text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(cells);
        let columns = lines.next().unwrap_or_default();
        let columns = columns
            .iter()
            .map(|name| name.trim().to_lowercase().replace([' ', '-'], "_"));
        Ok(Self {
            columns: columns.collect(),
            rows: lines.collect(),
        })
    }

    /// The first column that has one of these names.
    pub fn column(&self, names: &[&str]) -> Option<usize> {
        self.columns
            .iter()
            .position(|column| names.contains(&column.as_str()))
    }

    /// The number in a cell, of a percentage as a share; `None` where the cell is empty.
    ///
    /// Errors: `Document` for what is no number.
    pub fn number(&self, path: &Path, row: usize, column: usize) -> Result<Option<f64>> {
        let cell = self.rows.get(row).and_then(|row| row.get(column));
        let text = cell.map_or("", |cell| cell.trim());
        let (text, scale) = match text.strip_suffix('%') {
            Some(percent) => (percent.trim(), 0.01),
            None => (text, 1.0),
        };
        if text.is_empty() {
            return Ok(None);
        }
        let value: Option<f64> = text.parse().ok();
        match value.filter(|value| value.is_finite()) {
            Some(value) => Ok(Some(value * scale)),
            None => Err(wrong(
                path,
                row + 2,
                &format!("{:?} is no number", first(text)),
            )),
        }
    }
}

fn first(text: &str) -> String {
    text.chars().take(40).collect()
}

/// The cells of a line: commas, or semicolons, or tabs between them; quotes around those that hold some.
fn cells(line: &str) -> Vec<String> {
    let count = |letter: char| line.matches(letter).count();
    let between = [',', ';', '\t']
        .into_iter()
        .max_by_key(|letter| (count(*letter), *letter == ','));
    let between = between.unwrap_or(',');
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for letter in line.trim_end_matches('\r').chars() {
        match letter {
            '"' => quoted = !quoted,
            letter if letter == between && !quoted => cells.push(String::new()),
            letter => {
                if let Some(cell) = cells.last_mut() {
                    cell.push(letter);
                }
            }
        }
    }
    cells
}

/// The error about a line of a table.
pub(super) fn wrong(path: &Path, line: usize, what: &str) -> Error {
    Error::Document {
        path: path.into(),
        line,
        column: 1,
        what: what.to_owned(),
    }
}
