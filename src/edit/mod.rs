//! From moments to a plan (`tastemaker.plan/1`), and the plan's timeline: which layers make frame n.

mod plan;
pub use self::plan::{
    BeatMark, CaptionDelivery, Denoiser, Fit, Marker, MarkerKind, OutputSpec, PLAN_SCHEMA, Plan,
    SecondSource, Segment, SoundCleaning, SoundSegment, Source, SourceKind,
};

pub(crate) use self::plan::exact_speed;

mod platform;
mod style;
mod style_features;
pub use platform::{Platform, SafeArea};
pub use shorts::{PieceTerm, Short, ShortsWish};
pub use style::{BeatsPerShot, CutRule, SourceOrder, SourceSound, Style};
pub use style_features::transition_features;
pub use talk::{VoiceLevels, VoiceMoment};

mod captions;
mod cut_choice;
mod cut_language;
mod cut_points;
mod framing;
mod framing_choice;
mod hook;
mod look_choice;
mod moments;
mod music_bed;
mod output_format;
mod photo_worth;
mod planner;
mod request;
mod required_parts;
mod required_slots;
mod rescore;
mod retention;
mod shorts;
mod shown_subject;
mod soundtrack;
mod subclips;
mod talk;
mod timeline;
mod trim;
mod twins;
mod vetoes;
pub use captions::{imported_captions, plan_captions, restyled_captions};
pub use cut_language::{CutExpression, CutSyntaxError, CutSyntaxFault};
pub use framing::{CroppedPart, cropped_parts, follow_subjects, photo_crop, wider_shots};
pub use framing_choice::{FramingChoice, framing_features, nearness, reframed};
pub use hook::{Hook, hook_of_clip};
pub use look_choice::{LookChoice, RankedLook};
pub use moments::MomentTerm;
pub use planner::{
    FilmBrief, PlannedShort, Variation, film_brief, plan, plan_audiogram, plan_shorts,
    plan_variations,
};
pub use request::{
    EditOutcome, EditRequest, LockedSegment, LockedSegments, MusicChoice, NamedStretch,
    ShownBefore, SourceFile, WiderShot,
};
pub use rescore::{RescoreRequest, rescore, spoken};
pub use retention::Retention;
#[cfg(test)]
pub(crate) use timeline::tests as timeline_tests;
pub(crate) use timeline::{Timeline, TimelineLayer, unrenderable};
