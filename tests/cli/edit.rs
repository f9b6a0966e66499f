//! Music, suggest and edit: pure logic over analyses that are built by hand or recorded.

mod cutaways;
mod framing;
mod made;
mod planning;
mod plans;
mod presets;
mod required;
mod shorts;
mod shown_moments;
mod speech_cuts;
mod styles;
mod suggesting;
mod variations;
mod vetoes;
