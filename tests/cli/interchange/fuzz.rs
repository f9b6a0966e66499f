//! Broken timelines, captions and cut expressions are read or refused: the promises of the targets in `fuzz/`, kept on
//! mutations of real files.

use std::fs;
use std::path::Path;

use tastemaker::captions::{CaptionRules, CaptionStyle, caption_cues, parse_cues};
use tastemaker::edit::{CutExpression, Plan, SourceKind};
use tastemaker::geometry::Size;
use tastemaker::interchange::{
    FoundMedium, LossBook, MediumFacts, SubtitleFormat, TimelineFormat, plan_of, read_sequence,
    write_subtitles,
};

use super::plans::{ratio, rich_plan};
use super::round_trips::exported;
use crate::support::{corpus, for_each_mutation};

/// What readers stumble over.
const WORDS: [&str; 18] = [
    "-1",
    "1e308",
    "NaN",
    "999999999999999999999",
    "0/0",
    "1/0s",
    "-9223372036854775808/1s",
    "00:00:00:00",
    "99:59:59;99",
    " --> ",
    "<![CDATA[",
    "]]>",
    "&a;",
    "<",
    "{}",
    "null",
    "\r\n\r\n",
    "\u{feff}",
];

/// Reads `text` as the file `name`, and makes a plan of it as if every file were there.
fn read_timeline(text: &str, name: &str) {
    let mut losses = LossBook::default();
    let Ok((_, sequence)) = read_sequence(text, Path::new(name), &mut losses) else {
        return;
    };
    assert!(sequence.counts().duration.is_finite(), "{text}");
    let found = |number: usize| FoundMedium {
        path: format!("{number}.mp4"),
        blake3: format!("{number:064x}"),
        kind: SourceKind::Video,
        facts: MediumFacts::default(),
    };
    let files: Vec<Option<FoundMedium>> = (0..sequence.media.len())
        .map(|number| Some(found(number)))
        .collect();
    if let Ok(made) = plan_of(&sequence, &files, &mut losses) {
        let json = made.plan.to_json().unwrap();
        let _ = Plan::parse(&json, Path::new("plan.json"));
    }
}

#[test]
fn broken_timelines_of_our_own_are_read_or_refused() {
    for (format, name) in [
        (TimelineFormat::Otio, "timeline.otio"),
        (TimelineFormat::Fcpxml, "timeline.fcpxml"),
        (TimelineFormat::Xmeml, "timeline.xml"),
        (TimelineFormat::Edl, "timeline.edl"),
    ] {
        let (text, _) = exported(&rich_plan(ratio(30, 1)), format);
        for_each_mutation([text.as_bytes()], &WORDS, |bytes| {
            read_timeline(&String::from_utf8_lossy(bytes), name);
        });
    }
}

#[test]
fn broken_timelines_of_others_are_read_or_refused() {
    let Some(corpus) = corpus() else {
        return;
    };
    let mut files: Vec<_> = fs::read_dir(corpus.join("timeline"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    for path in files {
        let text = fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        for_each_mutation([&text[..]], &WORDS, |bytes| {
            read_timeline(&String::from_utf8_lossy(bytes), name);
        });
    }
}

#[test]
fn captions_of_broken_files_keep_to_their_lines_and_times() {
    let rules = CaptionRules::new(CaptionStyle::find("plain").unwrap(), None);
    let srt = "1\n00:00:01,000 --> 00:00:03,500\nThe first <i>thing</i> that is said,\nand the second.\n\n\
               2\n00:00:03,400 --> 00:00:09,000\n{\\an8}Words words words words words words words words words.\n";
    let vtt = "WEBVTT\n\nNOTE of nothing\n\nintro\n00:01.000 --> 00:04.000 align:start line:0\n<v Ann>Hello, \
               <00:02.000><c>there</c>!\n\n01:00:00.000 --> 01:00:02.000\nAn hour later &amp; more\n";
    for_each_mutation([srt.as_bytes(), vtt.as_bytes()], &WORDS, |bytes| {
        let Ok(file) = parse_cues(bytes, Path::new("x.srt")) else {
            return;
        };
        let captions = caption_cues(&file.cues, f64::INFINITY, &rules);
        for caption in &captions {
            assert!(caption.start <= caption.end, "{caption:?}");
            assert!(caption.text.lines().count() <= 2, "{caption:?}");
        }
        for pair in captions.windows(2) {
            assert!(pair[0].end <= pair[1].start, "{pair:?}");
        }
        for format in SubtitleFormat::ALL {
            write_subtitles(&captions, Size::new(1920, 1080), format).unwrap();
        }
    });
}

#[test]
fn broken_cut_expressions_are_read_or_refused_at_a_column() {
    let seeds = [
        "silence(-34dB, 0.3s) and not motion(0.02)",
        "margin(0.2s, 0.1s, silence) or around(1s, word(\"um, you know\"))",
        "(black or still) and not (speech or music) or spoiled",
    ];
    let words = [
        "(", ")", "and", "or", "not", "%", "dB", "\"", "é", ",", "margin(", "-1", "1e99",
    ];
    for_each_mutation(seeds.map(str::as_bytes), &words, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        match CutExpression::parse(&text) {
            Ok(read) => assert_eq!(CutExpression::parse(read.text()), Ok(read)),
            Err(error) => {
                assert!(
                    (1..=text.chars().count() + 1).contains(&error.column),
                    "{text}"
                );
            }
        }
    });
}
