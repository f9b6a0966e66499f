//! What is known about a film before its music is chosen, so that tracks are judged by the part that will play.

use crate::analysis::Span;
use crate::edit::EditRequest;
use crate::edit::planner::context::PlanContext;
use crate::edit::planner::montage::montage_material;
use crate::edit::planner::single_clip::whole_clip;
use crate::error::Result;

/// What is known about a film before its music is chosen.
#[derive(Debug, Clone)]
pub struct FilmBrief {
    /// Intended length in seconds.
    pub length: f64,
    /// The length is exact; otherwise the film may end where the music ends well.
    pub exact: bool,
    /// Speech in the film, in seconds, if the cut is known.
    pub speech: Vec<Span>,
    /// Times of the cuts, in seconds, if they are fixed.
    pub cuts: Vec<f64>,
    /// Greatest change of the music's speed, as a fraction.
    pub stretch: f64,
}

/// The brief of the film that [`crate::edit::plan`] makes from the same request.
///
/// Errors: [`crate::Error::Usage`] for a length or aspect that no film can have.
pub fn film_brief(request: &EditRequest<'_>) -> Result<FilmBrief> {
    let context = PlanContext::new(request)?;
    Ok(match whole_clip(&context, &context.everything()) {
        // The track decides where a clip is cut, so the cuts are not known yet.
        Some(whole) => FilmBrief {
            length: whole,
            exact: true,
            speech: context.speech(),
            cuts: Vec::new(),
            stretch: request.stretch,
        },
        None => FilmBrief {
            length: montage_material(&context).length,
            exact: false,
            speech: Vec::new(),
            cuts: Vec::new(),
            stretch: 0.0,
        },
    })
}
