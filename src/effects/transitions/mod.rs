//! The transitions, one file each.

mod dip_to_black;
mod dip_to_white;
mod dissolve;
mod film_burn;
mod glitch;
mod iris;
mod push_left;
mod push_up;
mod whip;
mod wipe_down;
mod wipe_right;
mod zoom_through;

pub use dip_to_black::DipToBlack;
pub use dip_to_white::DipToWhite;
pub use dissolve::Dissolve;
pub use film_burn::FilmBurn;
pub use glitch::Glitch;
pub use iris::Iris;
pub use push_left::PushLeft;
pub use push_up::PushUp;
pub use whip::Whip;
pub use wipe_down::WipeDown;
pub use wipe_right::WipeRight;
pub use zoom_through::ZoomThrough;
