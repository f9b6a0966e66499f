//! The effects on a segment, one file each.

mod flash;
mod freeze;
mod letterbox;
mod light_leak;
mod punch_in;
mod shake;
mod slow_push;
mod speed_ramp;
mod tear;
mod zoom_in;

pub use flash::Flash;
pub use freeze::Freeze;
pub use letterbox::Letterbox;
pub use light_leak::LightLeak;
pub use punch_in::PunchIn;
pub use shake::Shake;
pub use slow_push::SlowPush;
pub use speed_ramp::SpeedRamp;
pub use tear::Tear;
pub use zoom_in::ZoomIn;
