//! What became of posts: tables of views, watch-through and likes.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::Result;
use crate::jobs::csv_table::{Table, wrong};

/// A post that did this many standard deviations better than the others counts twice as much.
const DOUBLES: f64 = 1.0;
/// Standard deviations beyond which it counts no more: one viral post must not decide everything.
const MOST_DEVIATIONS: f64 = 1.5;

/// How many times each post counts, by the name of its file.
pub(super) type PostWeights = BTreeMap<String, f64>;

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
}
