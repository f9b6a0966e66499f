//! What is known about a film before its music is chosen, so that tracks are judged by the part that will play.

use crate::analysis::Span;
use crate::edit::planner::context::{PlanContext, source_id};
use crate::edit::planner::montage::{montage_ending, montage_material};
use crate::edit::planner::single_clip::whole_clip;
use crate::edit::planner::spoken_film::spoken_segments;
use crate::edit::planner::uncut::uncut_segments;
use crate::edit::soundtrack::speech_in;
use crate::edit::{CutRule, EditRequest, Segment};
use crate::error::Result;
use crate::music::Ending;
use crate::time::Rational;

/// What is known about a film before its music is chosen.
#[derive(Debug, Clone)]
pub struct FilmBrief {
    /// Intended length in seconds.
    pub length: f64,
    /// How near to that length it has to end.
    pub ending: Ending,
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
    match request.style.cut {
        CutRule::Montage => {}
        CutRule::Whole => return Ok(brief_of(&context, &uncut_segments(&context))),
        CutRule::Talk => return Ok(brief_of(&context, &spoken_segments(&context).heard)),
    }
    Ok(match whole_clip(&context, &context.everything()) {
        // The track decides where a clip is cut, so the cuts are not known yet.
        Some(whole) => FilmBrief {
            length: whole,
            ending: Ending::Exact,
            speech: context.speech(),
            cuts: Vec::new(),
            stretch: request.stretch,
        },
        None => FilmBrief {
            length: montage_material(&context).length,
            ending: montage_ending(request),
            speech: Vec::new(),
            cuts: Vec::new(),
            stretch: 0.0,
        },
    })
}

/// The brief of a film whose segments are known.
fn brief_of(context: &PlanContext<'_>, segments: &[Segment]) -> FilmBrief {
    let (mut time, mut speech, mut cuts) = (Rational::ZERO, Vec::new(), Vec::new());
    let mut before: Option<&Segment> = None;
    for segment in segments {
        let goes_on = before.is_none_or(|before| {
            before.source == segment.source && before.end_exact == segment.start_exact
        });
        if !goes_on {
            cuts.push(time.seconds());
        }
        let shift = (time - segment.start_exact).seconds();
        let sources = context.request.sources.iter().enumerate();
        let audio = sources
            .filter(|(number, _)| source_id(*number) == segment.source)
            .find_map(|(_, source)| source.analysis.audio.as_ref());
        if let Some(audio) = audio {
            let (start, end) = (segment.start_exact.seconds(), segment.end_exact.seconds());
            speech.extend(speech_in(audio, start, end).iter().map(|span| Span {
                start: span.start + shift,
                end: span.end + shift,
            }));
        }
        time = time + segment.length();
        before = Some(segment);
    }
    FilmBrief {
        length: time.seconds(),
        ending: Ending::Exact,
        speech,
        cuts,
        stretch: context.request.stretch,
    }
}
