//! Stills, TIFF above all, whose directories and samples are read by the program itself: any bytes are either refused
//! or give a picture within the limits. Fastest from small files of each kind as a corpus.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use tastemaker::media::{Limits, decode_still_inside};

/// Small, so that a run finds what takes more memory than its headers say.
const LIMITS: Limits = Limits {
    bytes: 1 << 20,
    pixels: 1 << 18,
    frames: 64,
    seconds: 60,
    streams: 8,
    memory: 64 << 20,
};

fuzz_target!(|data: &[u8]| {
    if let Ok(still) = decode_still_inside(Path::new("x.tif"), data.to_vec(), &LIMITS) {
        let pixels = still.picture.size().pixels();
        assert!(pixels > 0 && pixels <= LIMITS.pixels);
        if let Some(alpha) = &still.picture.alpha {
            assert_eq!(alpha.len() as u64, pixels);
        }
    }
});
