//! What became of posts: tables of views, watch-through and likes, and of who is still watching.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::{Error, Result};

/// Most bytes of a table.
const MOST_BYTES: u64 = 16 << 20;
/// A post that did this many standard deviations better than the others counts twice as much.
const DOUBLES: f64 = 1.0;
/// Standard deviations beyond which it counts no more: one viral post must not decide everything.
const MOST_DEVIATIONS: f64 = 1.5;

/// How many times each post counts, by the name of its file.
pub(super) type PostWeights = BTreeMap<String, f64>;

/// A table with a line of column names.
struct Table {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// Reads a table with the column `file` and any of `views`, `watch_through` and `likes`; empty cells are gaps. What
/// worked better than the other posts counts more.
///
/// Errors: `Read`, and `Document` for a table without these columns, or a cell that is no number.
pub(super) fn read_engagement(path: &Path) -> Result<PostWeights> {
    let table = Table::read(path)?;
    let column = |names: &[&str]| table.column(names);
    let (Some(file), views) = (
        column(&["file", "post", "name"]),
        column(&["views", "plays"]),
    ) else {
        return Err(wrong(path, 1, "there is no column `file`"));
    };
    let (watched, likes) = (
        column(&["watch_through", "watched", "retention"]),
        column(&["likes"]),
    );
    if views.is_none() && watched.is_none() && likes.is_none() {
        return Err(wrong(
            path,
            1,
            "there is no column `views`, `watch_through` or `likes`",
        ));
    }
    let mut measures: [Vec<Option<f64>>; 3] = Default::default();
    for number in 0..table.rows.len() {
        let cell = |column: Option<usize>| match column {
            Some(column) => table.number(path, number, column),
            None => Ok(None),
        };
        let (views, watched, likes) = (cell(views)?, cell(watched)?, cell(likes)?);
        // Likes of those who saw it: else they would only be views again.
        let liked = match (likes, views) {
            (Some(likes), Some(views)) if views > 0.0 => Some(likes / views),
            (Some(likes), None) => Some(likes.max(0.0).ln_1p()),
            _ => None,
        };
        let measured = [views.map(|views| views.max(0.0).ln_1p()), watched, liked];
        for (values, value) in measures.iter_mut().zip(measured) {
            values.push(value);
        }
    }
    let scaled = measures.map(|values| deviations(&values));
    let weights = table.rows.iter().enumerate().filter_map(|(number, row)| {
        let known: Vec<f64> = scaled
            .iter()
            .filter_map(|values| *values.get(number)?)
            .collect();
        let mean = known.iter().sum::<f64>() / known.len().max(1) as f64;
        let mean = mean.clamp(-MOST_DEVIATIONS, MOST_DEVIATIONS);
        let name = Path::new(row.get(file)?).file_name()?.to_str()?.to_owned();
        Some((name, (mean / DOUBLES).exp2()))
    });
    Ok(weights.collect())
}

/// Each value in standard deviations from the mean.
fn deviations(values: &[Option<f64>]) -> Vec<Option<f64>> {
    let known: Vec<f64> = values.iter().copied().flatten().collect();
    let count = known.len().max(1) as f64;
    let mean = known.iter().sum::<f64>() / count;
    let spread = (known
        .iter()
        .map(|value| (value - mean).powi(2))
        .sum::<f64>()
        / count)
        .sqrt();
    let scale = if spread > 0.0 { 1.0 / spread } else { 0.0 };
    values
        .iter()
        .map(|value| value.map(|value| (value - mean) * scale))
        .collect()
}

/// Who is still watching: seconds, and the share of those who began.
pub(super) struct Retention(Vec<(f64, f64)>);

impl Retention {
    /// Reads a table with the columns `time` and `share` (0..1, or percent).
    ///
    /// Errors: `Read`, and `Document` for a table without these columns, or fewer than two lines.
    pub fn read(path: &Path) -> Result<Self> {
        let table = Table::read(path)?;
        let time = table.column(&["time", "seconds", "second"]);
        let share = table.column(&["share", "watching", "retention"]);
        let (Some(time), Some(share)) = (time, share) else {
            return Err(wrong(path, 1, "there are no columns `time` and `share`"));
        };
        let mut points = Vec::new();
        for number in 0..table.rows.len() {
            let (at, of) = (
                table.number(path, number, time)?,
                table.number(path, number, share)?,
            );
            points.extend(at.zip(of));
        }
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        if points.len() < 2 {
            return Err(wrong(path, 1, "there are fewer than two lines"));
        }
        let most = points.iter().map(|point| point.1).fold(0.0, f64::max);
        let scale = if most > 2.0 { 0.01 } else { 1.0 };
        points
            .iter_mut()
            .for_each(|point| point.1 = (point.1 * scale).max(0.0));
        Ok(Self(points))
    }

    /// The share of those who watch at `start` that leaves in each second until `end`.
    pub fn loss(&self, start: f64, end: f64) -> f64 {
        let (before, after) = (self.at(start), self.at(end));
        (before - after) / before.max(1e-6) / (end - start).max(1e-6)
    }

    /// Linear between the lines, constant beyond them.
    fn at(&self, time: f64) -> f64 {
        let next = self.0.partition_point(|point| point.0 < time);
        match (
            next.checked_sub(1).and_then(|at| self.0.get(at)),
            self.0.get(next),
        ) {
            (Some(a), Some(b)) => a.1 + (b.1 - a.1) * (time - a.0) / (b.0 - a.0).max(1e-9),
            (Some(only), None) | (None, Some(only)) => only.1,
            (None, None) => 0.0,
        }
    }
}

impl Table {
    fn read(path: &Path) -> Result<Self> {
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

    fn column(&self, names: &[&str]) -> Option<usize> {
        self.columns
            .iter()
            .position(|column| names.contains(&column.as_str()))
    }

    fn number(&self, path: &Path, row: usize, column: usize) -> Result<Option<f64>> {
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

fn wrong(path: &Path, line: usize, what: &str) -> Error {
    Error::Document {
        path: path.into(),
        line,
        column: 1,
        what: what.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn written(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.csv");
        std::fs::write(&path, text).unwrap();
        (folder, path)
    }

    #[test]
    fn what_worked_counts_more_and_gaps_do_not_matter() {
        let (_folder, path) = written(
            "File,Views,Watch through,Likes\nposts/a.mp4,10000,62%,900\n\"b, c.mp4\",100,20%,\nd.jpg,,,\n",
        );
        let weights = read_engagement(&path).unwrap();
        assert!(
            weights["a.mp4"] > 1.5 && weights["b, c.mp4"] < 0.7,
            "{weights:?}"
        );
        assert_eq!(weights["d.jpg"], 1.0);
        for (text, what) in [
            ("views\n3\n", "file"),
            ("file,views\na.mp4,many\n", "many"),
            ("file\na\n", "views"),
        ] {
            let (_folder, path) = written(text);
            let told = read_engagement(&path).unwrap_err().to_string();
            assert!(told.contains(what), "{told}");
        }
    }

    #[test]
    fn where_people_leave_is_told_in_shares_of_those_who_were_there() {
        let (_folder, path) = written("time;share\n0;100\n10;80\n20;40\n");
        let retention = Retention::read(&path).unwrap();
        assert!((retention.loss(0.0, 10.0) - 0.02).abs() < 1e-9);
        assert!((retention.loss(10.0, 20.0) - 0.05).abs() < 1e-9);
        assert!((retention.loss(12.5, 15.0) - 0.1 / 0.7 / 2.5).abs() < 1e-9);
    }
}
