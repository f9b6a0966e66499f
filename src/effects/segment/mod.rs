//! The effects on a segment, one file each.

mod background_blur;
mod background_color;
mod flash;
mod frame_blend;
mod freeze;
mod glow;
mod letterbox;
mod light_leak;
mod progress_bar;
mod punch_in;
mod reverse;
mod shake;
mod slow_push;
mod speed_ramp;
mod steady;
mod tear;
mod waveform;
mod zoom_in;

pub use background_blur::BackgroundBlur;
pub use background_color::BackgroundColor;
pub use flash::Flash;
pub use frame_blend::FrameBlend;
pub use freeze::Freeze;
pub use glow::Glow;
pub use letterbox::Letterbox;
pub use light_leak::LightLeak;
pub use progress_bar::ProgressBar;
pub use punch_in::PunchIn;
pub use reverse::Reverse;
pub use shake::Shake;
pub use slow_push::SlowPush;
pub use speed_ramp::SpeedRamp;
pub use steady::Steady;
pub use tear::Tear;
pub use waveform::Waveform;
pub use zoom_in::ZoomIn;
