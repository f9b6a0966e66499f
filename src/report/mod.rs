//! Pages that people look at: what analysis found, drawn on the pictures themselves.
//!
//! A page is one HTML file without scripts and without anything from elsewhere: pictures are inside it, curves are SVG. It can be
//! mailed, archived and opened offline.

mod before_after;
mod gallery;
pub use gallery::{Shown, gallery_page, gallery_sheet, in_looks};

mod html;
mod letters;
mod page;
mod people;
mod picture;
mod sound;
mod storyboard;
mod track;
mod wave;

pub use before_after::{BeforeAfter, before_after_page};
pub use page::analysis_page;
pub use track::track_picture;
