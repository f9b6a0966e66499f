//! What a creator does to pictures, learned from pairs before and after.

use std::path::PathBuf;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::Workshop;
use crate::jobs::looks::read_pair;
use crate::jobs::profile::report::{ProfileReport, add_evidence};
use crate::looks::{Look, LookStep, LutFile, Pair, PairDifference, learn};
use crate::profile::{ColorPairs, Evidence, Profile};
use crate::task::Task;

/// Fewest pairs from which a look is made: with fewer, what a person does cannot be told from what is in the pictures.
const LEAST_PAIRS: usize = 3;
/// Most pairs that it is made from, the newest.
const MOST_PAIRS: usize = 60;

/// Pictures as they were, and as the creator finished them.
pub struct LearnEditsJob {
    /// The profile's name, or the path of its file; it is made where there is none.
    pub profile: String,
    /// Pictures as they were.
    pub before: Vec<PathBuf>,
    /// The same pictures finished, in the same order.
    pub after: Vec<PathBuf>,
    /// False: nothing is written.
    pub write: bool,
}

/// Adds what was done to the pictures to the profile. Pairs that it knows change nothing.
///
/// Errors: `Usage` for pictures that do not pair up or are too small, and those of reading and writing.
pub fn learn_edits(job: &LearnEditsJob, workshop: &Workshop, task: &Task) -> Result<ProfileReport> {
    let (count, finished) = (job.before.len(), job.after.len());
    if count != finished {
        return Err(Error::Usage {
            what: format!("there are {count} pictures before and {finished} after"),
            hint: Hint::PairPictures,
        });
    }
    let at = workshop.timestamp();
    let mut evidence = Vec::with_capacity(count);
    for (before, after) in job.before.iter().zip(&job.after) {
        task.check()?;
        let pair = read_pair(before, after, workshop.limits())?;
        let colors = ColorPairs::of(&pair)
            .ok_or_else(|| Error::unsupported(after, "it has too few pixels to learn from"))?;
        let hashes = workshop.hashes();
        let content = format!(
            "{} {}",
            hashes.hash(before, task)?,
            hashes.hash(after, task)?
        );
        evidence.push(Evidence::edit(at, &content, colors));
    }
    add_evidence(&job.profile, evidence, job.write, workshop)
}

/// The newest pairs of a profile.
fn pairs(profile: &Profile) -> Vec<Pair> {
    let colors = profile
        .evidence
        .iter()
        .rev()
        .filter_map(|piece| piece.colors.as_ref());
    colors.take(MOST_PAIRS).map(ColorPairs::pair).collect()
}

/// The look that a creator gives to pictures; `None` where too few pairs are known.
pub(in crate::jobs) fn own_look(profile: &Profile) -> Result<Option<Look>> {
    let pairs = pairs(profile);
    if pairs.len() < LEAST_PAIRS {
        return Ok(None);
    }
    let learned = learn(&pairs)?;
    let mut look = Look::none();
    look.id = "own".into();
    look.summary = format!("Learned from {} pictures before and after.", pairs.len());
    look.family = "learned".into();
    look.strength = (1.0, 1.0);
    look.steps = learned.steps;
    look.steps.push(LookStep::Lut(LutFile {
        file: "own.cube".into(),
        // What is finished in a batch is known by it.
        blake3: Some(
            blake3::hash(learned.table.to_cube().as_bytes())
                .to_hex()
                .to_string(),
        ),
        table: Some(Arc::new(learned.table)),
    }));
    Ok(Some(look))
}

/// For each pair of a profile, how far the picture is from what its creator made of it (CIEDE2000, over the colors that
/// are kept), as it was and in the look that is learned from the other pairs; `None` where there are too few.
pub(super) fn edit_differences(profile: &Profile) -> Result<Option<Vec<PairDifference>>> {
    let pairs = pairs(profile);
    if pairs.len() <= LEAST_PAIRS {
        return Ok(None);
    }
    Ok(Some(learn(&pairs)?.differences))
}
