//! Pages and pictures that people look at: what analysis found, drawn on the pictures themselves; looks side by side.
//!
//! A page is one HTML file without scripts and external resources: pictures are embedded, curves are SVG. It can be
//! mailed, archived and opened offline.

mod analysis_page;
mod annotated_picture;
mod before_after;
mod bitmap_text;
mod html;
mod look_gallery;
mod paste;
mod people_lanes;
mod sound_panel;
mod storyboard;
mod track_picture;
mod waveform;

pub use analysis_page::analysis_page;
pub use before_after::{BeforeAfter, before_after_page};
pub use look_gallery::{GalleryEntry, gallery_entries, gallery_page, gallery_sheet};
pub use track_picture::track_picture;
