//! Reads tables of who is still watching.

use std::path::Path;

use crate::edit::Retention;
use crate::error::Result;
use crate::jobs::csv_table::{Table, wrong};

/// Reads a table with the columns `time` and `share` (0..1, or percent).
///
/// Errors: `Read`, and `Document` for a table without these columns, or fewer than two lines.
pub(super) fn read_retention(path: &Path) -> Result<Retention> {
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
    let most = points.iter().map(|point| point.1).fold(0.0, f64::max);
    let scale = if most > 2.0 { 0.01 } else { 1.0 };
    points
        .iter_mut()
        .for_each(|point| point.1 = (point.1 * scale).max(0.0));
    Retention::new(points).ok_or_else(|| wrong(path, 1, "there are fewer than two lines"))
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
    fn where_people_leave_is_told_in_shares_of_those_who_were_there() {
        let (_folder, path) = written("time;share\n0;100\n10;80\n20;40\n");
        let retention = read_retention(&path).unwrap();
        assert!((retention.loss(0.0, 10.0) - 0.02).abs() < 1e-9);
        assert!((retention.loss(10.0, 20.0) - 0.05).abs() < 1e-9);
        assert!((retention.loss(12.5, 15.0) - 0.1 / 0.7 / 2.5).abs() < 1e-9);
    }
}
