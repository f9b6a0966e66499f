//! The input and output of making one result.

use crate::batch::adjustment::Adjustment;
use crate::batch::naming::BatchItem;
use crate::batch::settings::BatchSettings;
use crate::error::Error;
use crate::geometry::Size;
use crate::looks::{CompiledLook, Correction};
use crate::media::LeftOutTrack;
use crate::models::Models;
use crate::notice::LeftOutPart;
use crate::picture::FilmTreatment;

/// One file and everything that its result depends on.
#[derive(Clone, Copy)]
pub(super) struct RenditionRequest<'a> {
    pub(super) item: &'a BatchItem,
    pub(super) settings: &'a BatchSettings,
    /// The look for files that need no measuring.
    pub(super) look: &'a CompiledLook,
    /// The networks that find subjects and masks.
    pub(super) models: Option<&'a Models>,
    /// The seed of grain.
    pub(super) seed: u64,
    /// The correction that matches the photo to its scene; only with [`crate::batch::Matching::Set`].
    pub(super) scene: Option<&'a Correction>,
}

/// A finished result that is still in its temporary file.
pub(super) struct Rendition {
    /// Pixels of the upright picture.
    pub(super) size: Size,
    /// The result contains the location of the picture.
    pub(super) location: bool,
    /// The error at which the result ends early, if its source breaks off.
    pub(super) partial: Option<Error>,
    /// Tracks that the result cannot hold.
    pub(super) left_out: Vec<LeftOutTrack>,
    /// What else is in the original and not in the result.
    pub(super) parts_left_out: Vec<LeftOutPart>,
    /// Treatments beside the look: of the frames of a clip, or of a still.
    pub(super) treatments: Vec<FilmTreatment>,
    /// Changes beyond the look.
    pub(super) adjusted: Option<Adjustment>,
    /// How many faces were blurred, if that was asked for.
    pub(super) faces_blurred: Option<usize>,
}
