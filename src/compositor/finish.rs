//! What is done to a whole frame once its layers are drawn.

use crate::compositor::{bars, film_bar, glow, leak, light, streak, tear, waveform};
use crate::effects::FrameFinish;
use crate::picture::Rgb8;

/// Changes `frame`, the film's frame `number`, around which the film is as loud as `levels` say.
pub(super) fn finish(frame: &mut Rgb8, finish: &FrameFinish, number: u64, levels: &[f64]) {
    streak::across(frame, finish.streak);
    tear::tear(frame, finish.tear, number);
    leak::fall_in(frame, &finish.leak);
    glow::spread(frame, finish.glow);
    light::change(frame, finish.light);
    bars::cover(frame, finish.bars);
    film_bar::draw(frame, &finish.progress);
    waveform::draw(frame, &finish.waveform, levels);
}
