//! What service and child say to each other: one JSON document a line, over the child's stdin and stdout.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::analysis::Part;
use crate::jobs::{Evidence, Fingerprints, Screening};
use crate::server::edit_wish::EditWish;

/// Most bytes of a line. A child may be in the hands of the file that it decodes.
pub const LONGEST_LINE: usize = 2 << 20;
/// The folder in the child's own one from which it reads.
pub const INPUT: &str = "in";
/// The folder in the child's own one into which it writes.
pub const OUTPUT: &str = "out";

/// The document of an analysis, in the folder of its results.
pub const ANALYSIS: &str = "analysis.json";
/// The folder in the child's own one with the profile of the creator.
pub const PROFILES: &str = "profiles";

/// What the child is to do.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "work", rename_all = "snake_case")]
pub enum ChildTask {
    /// What an ingest preset says.
    Ingest {
        /// Id of the preset, or the path of one.
        preset: String,
        /// Name of the file in the folder of its input.
        file: String,
        /// Whose taste counts, where a profile was put in place.
        profile: Option<String>,
    },
    /// What is in a file.
    Analyze {
        /// Name of the file in the folder of its input.
        file: String,
        /// The parts that are looked for; absent: the usual ones.
        only: Option<Vec<Part>>,
        /// Speed first.
        fast: bool,
    },
    /// A film.
    Edit {
        /// What it is to be.
        wish: EditWish,
        /// Whose taste counts, where a profile was put in place.
        profile: Option<String>,
    },
}

/// What the service says.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceLine {
    /// What is to be done next.
    Task(Box<ChildTask>),
    /// What the file is recognized as; `None` where nobody could tell.
    Recognized(Option<Vec<Evidence>>),
}

/// What the child says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ChildAnswer {
    /// It can begin. Said once.
    Ready {
        /// `process`, `partial` or `full`.
        posture: String,
        /// Which means the machine refused.
        refused: Vec<String>,
        /// Version of ONNX Runtime.
        runtime: String,
    },
    /// By what the file is recognized. It waits for the answer.
    Recognize {
        /// Of the file, its pictures and its sound.
        prints: Fingerprints,
    },
    /// The verdict on the file.
    Screened {
        /// With its evidence.
        screening: Screening,
    },
    /// The results are in the folder of its output.
    Done {
        /// Where the time went.
        spent: SpentTime,
    },
    /// The file cannot be done.
    Failed {
        /// As in `tastemaker.error/1`.
        code: String,
        /// One sentence.
        message: String,
        /// True where no file could be done: a network is missing.
        fatal: bool,
    },
}

/// Seconds that a job took.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct SpentTime {
    /// By step of an ingest, such as `analysis`.
    pub steps: BTreeMap<String, f64>,
    /// By network.
    pub networks: BTreeMap<String, f64>,
}
