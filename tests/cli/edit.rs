//! Music, suggest and edit: pure logic over analyses that are built by hand or recorded.

mod framing;
mod made;
mod planning;
mod plans;
mod presets;
mod required;
mod speech_cuts;
mod suggesting;
mod variations;
mod vetoes;
