//! Pages, pictures and rows of tables that people look at: what analysis found, drawn on the pictures themselves; looks
//! side by side; choices with their reasons.
//!
//! A page is one HTML file without scripts and external resources: pictures are embedded, curves are SVG. It can be
//! mailed, archived and opened offline.

mod analysis_page;
mod analysis_row;
mod annotated_picture;
mod before_after;
mod bitmap_text;
mod compare_page;
mod drawing;
mod evidence_row;
mod html;
mod look_gallery;
mod paste;
mod people_lanes;
mod portrait_page;
mod replay_row;
mod score_page;
mod score_row;
mod sound_panel;
mod storyboard;
mod suggestion_rows;
mod taste_row;
mod track_picture;
mod track_rows;
mod waveform;

pub use analysis_page::analysis_page;
pub use analysis_row::{ANALYSIS_COLUMNS, analysis_row};
pub use before_after::{BeforeAfter, before_after_page};
pub use compare_page::{ComparedPair, compare_page};
pub use evidence_row::{EVIDENCE_COLUMNS, evidence_row};
pub use look_gallery::{GalleryEntry, gallery_entries, gallery_page, gallery_sheet, side_by_side};
pub use portrait_page::portrait_page;
pub use replay_row::{REPLAY_COLUMNS, replay_row};
pub use score_page::{ForetoldKind, score_page};
pub use score_row::{SCORE_COLUMNS, score_row};
pub use suggestion_rows::{SUGGESTION_COLUMNS, reason_texts, suggestion_rows};
pub use taste_row::{TASTE_COLUMNS, helps_most, taste_row};
pub use track_picture::track_picture;
pub use track_rows::{TRACK_COLUMNS, track_details, track_row};
