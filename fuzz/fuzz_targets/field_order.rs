//! Which field of a film comes first: any two frames are measured or refused, and the votes never contradict themselves.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tastemaker::geometry::Size;
use tastemaker::media::{FieldPair, FieldVotes};

fuzz_target!(|data: (u8, u8, &[u8])| {
    let (width, height, pixels) = data;
    let size = Size::new(width.into(), height.into());
    let frame = usize::from(width) * usize::from(height);
    let mut votes = FieldVotes::default();
    let frames: Vec<&[u8]> = pixels.chunks(frame.max(1)).collect();
    for pair in frames.windows(2) {
        let measured = FieldPair::measure(pair[0], pair[1], size);
        assert_eq!(measured.is_some(), pair[1].len() == frame && width > 0 && height > 2);
        if let Some(pair) = measured {
            let _ = pair.verdict();
            votes.add(&pair);
        }
    }
    if votes.is_plainly_progressive() {
        assert!(!votes.is_telecine());
        assert_eq!(votes.order(), Some(tastemaker::media::FieldOrder::Progressive));
    }
});
