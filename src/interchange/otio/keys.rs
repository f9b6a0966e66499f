//! Keys that both the reader and the writer use.

/// Our key in metadata.
pub(super) const OURS: &str = "tastemaker";
/// The key of the plan in our metadata of a timeline.
pub(super) const PLAN: &str = "plan";
/// The key of a segment's number in our metadata of a clip.
pub(super) const SEGMENT: &str = "segment";
/// The key of a marker's kind in our metadata of a marker.
pub(super) const KIND: &str = "kind";
/// The key of a transition's kind in our metadata of a transition.
pub(super) const TRANSITION: &str = "transition";
/// The key, in what a plan carries, of what this format left.
pub(super) const CARRIED: &str = "otio";
/// What is carried of a timeline or a clip.
pub(super) const CARRIED_KEYS: [&str; 3] = ["metadata", "effects", "global_start_time"];
/// The key, in what a plan carries, of the metadata of a clip's file.
pub(super) const MEDIA_METADATA: &str = "media_metadata";
