//! OpenTimelineIO's JSON, the format that carries most: what a plan knows and the format does not, it keeps under the
//! key `tastemaker` of the metadata; what the format knows and a plan does not, the plan carries and writes back.

mod carried;
mod json_scan;
mod keys;
mod read;
mod times;
mod write;

pub(super) use read::read;
pub(super) use write::write;
