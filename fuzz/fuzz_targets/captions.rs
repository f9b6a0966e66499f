//! Caption files: any bytes are read or refused, and captions of what was read keep to their lines and times.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use tastemaker::captions::{CaptionRules, CaptionStyle, caption_cues, parse_cues};
use tastemaker::geometry::Size;
use tastemaker::interchange::{SubtitleFormat, write_subtitles};

fuzz_target!(|bytes: &[u8]| {
    let Ok(file) = parse_cues(bytes, Path::new("x.srt")) else { return };
    let Ok(style) = CaptionStyle::find("plain") else { return };
    let captions = caption_cues(&file.cues, f64::INFINITY, &CaptionRules::new(style, None));
    for caption in &captions {
        assert!(caption.start <= caption.end && caption.text.lines().count() <= 2);
    }
    for pair in captions.windows(2) {
        assert!(pair[0].end <= pair[1].start);
    }
    for format in SubtitleFormat::ALL {
        assert!(write_subtitles(&captions, Size::new(1920, 1080), format).is_ok());
    }
});
