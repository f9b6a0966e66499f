//! A plan into a film, and proof that the film is what the plan says.

mod backward;
mod between;
mod cleaning;
mod contact_sheet;
mod copied_groups;
mod crop;
mod deep_frames;
mod filled_frames;
mod film;
mod film_captions;
mod film_frames;
mod film_sound;
mod footage;
mod kept_range;
mod limiter;
mod mastering;
mod mixer;
mod plan_looks;
mod plan_stills;
mod sound_file;
mod sound_levels;
mod source_picture;
mod steady;
mod stretch;
mod unfinished_film;
mod verify;

pub use contact_sheet::{SheetGrid, contact_sheet};
pub use film::{RenderReport, RenderRequest, render};
pub use mastering::SoundReport;
pub use plan_stills::PlanStills;
pub use sound_file::render_sound;
pub use unfinished_film::UnfinishedFilm;
pub use verify::{VerifyCheck, VerifyReport, VerifyRequest, verify};
