//! Captions of a plan: the words of its sources where the film plays them.
//!
//! Times follow the plan: a word is shown where the sound with it plays, whatever was cut before it. Words that a person
//! corrected in an earlier plan of the same sources take the place of those that were recognized ([`corrected`]).

mod caption_place;
mod corrected;
mod film_words;
mod heard_parts;
mod kept_clear;

use crate::analysis::Analysis;
use crate::captions::{
    Caption, CaptionFile, CaptionRules, CaptionShape, CaptionStyle, CaptionWord, caption_cues,
    caption_words,
};
use crate::edit::Plan;
use crate::geometry::Size;

use caption_place::{place_captions, safe_area};
use corrected::SourceWords;
use film_words::film_words;

/// What is said in the film, as captions in `style`. `earlier` is a plan of the same sources whose words count where it
/// has any.
pub fn plan_captions(
    plan: &Plan,
    sources: &[Analysis],
    style: &CaptionStyle,
    earlier: Option<&Plan>,
) -> Vec<Caption> {
    let mut words = SourceWords::new(plan, sources);
    if let Some(earlier) = earlier {
        words.correct(earlier);
    }
    let words = film_words(plan, &words);
    let captions = caption_words(&words, 0.0, plan.output.duration, &rules(plan, style));
    styled(plan, captions, style, sources)
}

/// The captions of a plan in another style. Without `sources`, nothing is known of what they cover.
pub fn restyled_captions(plan: &Plan, sources: &[Analysis], style: &CaptionStyle) -> Vec<Caption> {
    let words: Vec<CaptionWord> = plan
        .captions
        .iter()
        .flat_map(Caption::timed_words)
        .collect();
    let captions = caption_words(&words, 0.0, plan.output.duration, &rules(plan, style));
    styled(plan, captions, style, sources)
}

/// The cues of a file as captions of the film; their times count in the film.
pub fn imported_captions(plan: &Plan, file: &CaptionFile, style: &CaptionStyle) -> Vec<Caption> {
    let captions = caption_cues(&file.cues, plan.output.duration, &rules(plan, style));
    styled(plan, captions, style, &[])
}

fn rules(plan: &Plan, style: &CaptionStyle) -> CaptionRules {
    let safe = safe_area(plan);
    let shape = CaptionShape {
        size: Size::new(plan.output.width, plan.output.height),
        safe_width: 1.0 - safe.left - safe.right,
        frame_rate: plan.output.frame_rate.seconds(),
    };
    CaptionRules::new(style, Some(shape))
}

fn styled(
    plan: &Plan,
    mut captions: Vec<Caption>,
    style: &CaptionStyle,
    sources: &[Analysis],
) -> Vec<Caption> {
    for caption in &mut captions {
        caption.style = Some(style.id.clone());
        caption.align = Some(style.align);
    }
    place_captions(plan, &mut captions, style, sources);
    captions
}
