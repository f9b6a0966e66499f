//! What is known of a film before its music is chosen, so that tracks are judged by the part that will play.

use crate::analysis::Span;
use crate::edit::EditRequest;
use crate::edit::planner::context::PlanContext;
use crate::edit::planner::montage::montage_material;
use crate::edit::planner::single_clip::whole_clip;
use crate::error::Result;

/// What is known of a film before its music is chosen.
#[derive(Debug, Clone)]
pub struct FilmBrief {
    /// Seconds that it is to last.
    pub length: f64,
    /// It lasts exactly so long; else it ends where the music ends well.
    pub exact: bool,
    /// Seconds in which somebody speaks, where the cut is known.
    pub speech: Vec<Span>,
    /// Seconds at which the picture changes, where the cut is fixed.
    pub cuts: Vec<f64>,
    /// How much faster or slower its music may play.
    pub stretch: f64,
}

/// The brief of the film that [`crate::edit::plan`] makes from the same request.
///
/// Errors: [`crate::Error::Usage`] for a length or shape that no film can have.
pub fn film_brief(request: &EditRequest<'_>) -> Result<FilmBrief> {
    let context = PlanContext::new(request)?;
    Ok(match whole_clip(&context, &context.everything()) {
        // Where a clip is cut, and so where beats should fall, depends on the track.
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
