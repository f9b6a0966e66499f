//! The rooms music, suggest and edit: pure logic over analyses made by hand or recorded.

mod framing;
mod made;
mod planning;
mod plans;
mod presets;
mod suggesting;
