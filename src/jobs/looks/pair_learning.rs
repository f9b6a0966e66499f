//! A look learned from pictures before and after somebody finished them, with its table beside it.

use std::path::{Path, PathBuf};

use super::look_differences::{LearnReport, PictureDifferences};
use super::{name_of, table_beside, whole_still};
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::hint::Hint;
use crate::jobs::{Workshop, refuse_conflicts};
use crate::looks::{Look, LookStep, LutFile, Pair, learn};
use crate::media::Limits;
use crate::picture::{Filter, Pixels, Rgb8, resize};
use crate::store::{Overwrite, write_atomic};

/// Pixels on the longer side of the pictures that are compared: enough samples of color, and small enough that pictures
/// a pixel apart still match.
const SIDE: f64 = 128.0;
/// Largest relative difference between the aspect ratios of a pair. Rounding to whole pixels stays below it; a crop
/// does not.
const SHAPE_TOLERANCE: f64 = 0.03;

/// Pictures to learn from.
pub struct LearnPairsJob {
    /// Pictures as they were.
    pub before: Vec<PathBuf>,
    /// The same pictures finished, in the same order.
    pub after: Vec<PathBuf>,
    /// The look file, which ends in `.toml`.
    pub look: PathBuf,
    /// What happens to files that are there already.
    pub overwrite: Overwrite,
    /// False: nothing is written.
    pub write: bool,
}

/// Learns the look and writes it.
///
/// Errors: `Usage` for pictures that do not pair up, and those of reading, of learning and of writing.
pub fn learn_from_pairs(job: &LearnPairsJob, workshop: &Workshop) -> Result<LearnReport> {
    if job.before.len() != job.after.len() {
        return Err(Error::Usage {
            what: format!(
                "there are {} pictures before and {} after",
                job.before.len(),
                job.after.len()
            ),
            hint: Hint::PairPictures,
        });
    }
    let beside = table_beside(&job.look)?;
    refuse_conflicts([Some(&job.look), Some(&beside)], job.overwrite)?;
    let pairs = job
        .before
        .iter()
        .zip(&job.after)
        .map(|(before, after)| read_pair(before, after, workshop.limits()))
        .collect::<Result<Vec<Pair>>>()?;
    let learned = learn(&pairs)?;
    let cube = learned.table.to_cube().into_bytes();
    let mut look = Look::none();
    look.summary = format!("Learned from {} pictures before and after.", pairs.len());
    look.family = "learned".into();
    look.steps = learned.steps;
    look.steps.push(LookStep::Lut(LutFile {
        file: name_of(&beside),
        blake3: Some(blake3::hash(&cube).to_hex().to_string()),
        table: None,
    }));
    let text = look.to_toml()?;
    if job.write {
        write_atomic(&beside, &cube, job.overwrite)?;
        write_atomic(&job.look, text.as_bytes(), job.overwrite)?;
    }
    let pictures = job.before.iter().zip(learned.differences);
    Ok(LearnReport {
        steps: None,
        pictures: pictures
            .map(|(path, difference)| PictureDifferences::new(path, difference))
            .collect(),
        failed: false,
    })
}

/// Reads both pictures, upright, and scales them to the same small size.
pub(in crate::jobs) fn read_pair(before: &Path, after: &Path, limits: &Limits) -> Result<Pair> {
    let (first, second) = (eight_bit(before, limits)?, eight_bit(after, limits)?);
    let shape = |picture: &Rgb8| picture.width() as f64 / picture.height() as f64;
    if (shape(&first) / shape(&second) - 1.0).abs() > SHAPE_TOLERANCE {
        return Err(Error::Usage {
            what: format!(
                "{} and {} have not the same shape",
                before.display(),
                after.display()
            ),
            hint: Hint::PairUncropped,
        });
    }
    let scale = (SIDE / second.width().max(second.height()) as f64).min(1.0);
    let side = |length: usize| ((length as f64 * scale).round() as u32).max(1);
    let size = Size::new(side(second.width()), side(second.height()));
    Ok(Pair {
        before: resize(&first, size, Filter::Box),
        after: resize(&second, size, Filter::Box),
    })
}

fn eight_bit(path: &Path, limits: &Limits) -> Result<Rgb8> {
    Ok(match whole_still(path, limits)?.picture.pixels {
        Pixels::Eight(pixels) => pixels,
        Pixels::Sixteen(pixels) => {
            let samples = pixels
                .samples()
                .iter()
                .map(|value| (value >> 8) as u8)
                .collect();
            Rgb8::new(pixels.size(), samples).unwrap_or_else(|| Rgb8::black(pixels.size()))
        }
    })
}
