//! Films: shots, motion, moments, framing.
