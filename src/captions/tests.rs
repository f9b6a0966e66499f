use super::*;
use crate::geometry::Size;

fn rules(style: &str) -> CaptionRules {
    CaptionRules::new(CaptionStyle::find(style).unwrap(), None)
}

fn cues(text: &str) -> Vec<Cue> {
    parse_cues(text.as_bytes(), std::path::Path::new("x.srt"))
        .unwrap()
        .cues
}

/// Words that are spoken evenly from `start` on, `each` seconds long.
fn spoken(text: &str, start: f64, each: f64) -> Vec<CaptionWord> {
    let word = |(number, text): (usize, &str)| CaptionWord {
        text: text.into(),
        start: start + each * number as f64,
        end: start + each * (number + 1) as f64,
    };
    text.split_whitespace().enumerate().map(word).collect()
}

fn texts(captions: &[Caption]) -> Vec<&str> {
    captions
        .iter()
        .map(|caption| caption.text.as_str())
        .collect()
}

/// Fails where the captions break a rule, or do not hold `words` once and in order.
fn check(captions: &[Caption], words: &[CaptionWord], rules: &CaptionRules) {
    let shown: Vec<&str> = captions
        .iter()
        .flat_map(|caption| caption.text.split_whitespace())
        .collect();
    let wanted: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    assert_eq!(shown, wanted);
    for caption in captions {
        let lasts = caption.end - caption.start;
        let wide: Vec<usize> = caption.text.lines().map(columns).collect();
        assert!(
            wide.len() <= 2 && wide.iter().all(|wide| *wide <= rules.line_columns),
            "{caption:?}"
        );
        assert!(
            lasts >= rules.shortest - 0.001 && lasts <= rules.longest + 0.001,
            "{lasts} s: {caption:?}"
        );
        assert!(
            wide.iter().sum::<usize>() as f64 <= rules.speed * lasts + 0.1,
            "{lasts} s: {caption:?}"
        );
        assert!(
            caption
                .words
                .iter()
                .all(|word| word.start >= caption.start && word.end <= caption.end)
        );
    }
    for pair in captions.windows(2) {
        let gap = pair[1].start - pair[0].end;
        assert!(
            gap == 0.0 || gap >= rules.gap - 0.001,
            "{gap} s between {pair:?}"
        );
    }
}

#[test]
fn captions_and_lines_end_where_phrases_do() {
    let text = "The quick brown fox jumps over the lazy dog. She sells sea shells by the shore, and the shells that she \
                sells are sea shells, I am sure.";
    let words = spoken(text, 1.0, 0.35);
    let captions = caption_words(&words, 0.0, 30.0, &rules("plain"));
    check(&captions, &words, &rules("plain"));
    assert_eq!(
        texts(&captions),
        [
            "The quick brown fox jumps\nover the lazy dog.",
            "She sells sea shells by the shore,",
            "and the shells that she sells\nare sea shells, I am sure.",
        ]
    );
}

#[test]
fn a_short_word_ends_a_sentence_and_a_short_form_does_not() {
    let text = "Nobody ever knew how tall the old tower was. He climbed it for all of us and for you. \
                We wrote to Dr. Smith about it. Nobody in the village liked it as much as I. Then it fell down one \
                night in March.";
    let words = spoken(text, 1.0, 0.3);
    let captions = caption_words(&words, 0.0, 30.0, &rules("plain"));
    check(&captions, &words, &rules("plain"));
    let lines = texts(&captions).join("\n");
    for inside in ["was. He", "you. We", "it. Nobody", "I. Then", "Dr.\n"] {
        assert!(!lines.contains(inside), "{inside}: {lines}");
    }
}

#[test]
fn fast_and_scattered_words_are_readable() {
    let rules = rules("plain");
    // A word at a time, twelve letters in a third of a second, with room before and after.
    let mut words = spoken("Extraordinary words fly", 2.0, 0.3);
    words.extend(spoken("Yes", 9.0, 0.2));
    words.extend(spoken(
        "unbelievable revelations immediately afterwards",
        12.0,
        0.45,
    ));
    check(&caption_words(&words, 0.0, 13.9, &rules), &words, &rules);
}

#[test]
fn upright_pictures_and_few_words_make_short_captions() {
    let words = spoken("one two three four five six seven", 0.0, 0.4);
    let big = rules("big");
    let captions = caption_words(&words, 0.0, 9.0, &big);
    check(&captions, &words, &big);
    assert!(captions.iter().all(|caption| caption.words.len() <= 2));
    let shape = CaptionShape {
        size: Size::new(1080, 1920),
        safe_width: 0.84,
        frame_rate: 30.0,
    };
    let upright = CaptionRules::new(CaptionStyle::find("plain").unwrap(), Some(shape));
    assert!((24..=34).contains(&upright.line_columns), "{upright:?}");
}

#[test]
fn good_cues_stay_and_others_are_put_together_again() {
    let text = "00:01,000 --> 00:04,000\nAs it\nwas written.\n\n00:04,000 --> 00:04,300\nquick\n\n\
                00:04,300 --> 00:04,600\nand quicker\n\n00:08,000 --> 00:10,000\nThe end.\n";
    let rules = rules("plain");
    let cues = cues(text);
    let words: Vec<CaptionWord> = cues.iter().flat_map(|cue| cue.words.clone()).collect();
    let captions = caption_cues(&cues, 20.0, &rules);
    check(&captions, &words, &rules);
    assert_eq!(
        texts(&captions),
        ["As it\nwas written.", "quick and quicker", "The end."]
    );
    assert_eq!((captions[0].start, captions[0].end), (1.0, 4.0));
    assert_eq!((captions[2].start, captions[2].end), (8.0, 10.0));
    // Nothing is shown after the end.
    assert_eq!(caption_cues(&cues, 5.0, &rules).len(), 2);
    assert_eq!(caption_cues(&[], 5.0, &rules), []);
}

#[test]
fn a_cue_without_room_takes_in_its_neighbor() {
    let text = "00:01,000 --> 00:03,000\nHe said\n\n00:03,000 --> 00:03,200\nno\n\n00:03,200 --> 00:06,000\nto all of it.\n";
    let rules = rules("plain");
    let cues = cues(text);
    let words: Vec<CaptionWord> = cues.iter().flat_map(|cue| cue.words.clone()).collect();
    check(&caption_cues(&cues, 7.0, &rules), &words, &rules);
}

#[test]
fn scripts_without_spaces_are_broken_between_letters() {
    let text = "字幕是显示在屏幕上的文字，它让听不到声音的人也能看懂节目，也能帮助学习语言的人。";
    let words = spoken(text, 0.0, 12.0);
    let captions = caption_words(&words, 0.0, 20.0, &rules("plain"));
    assert!(captions.len() >= 2);
    let lines: Vec<&str> = captions
        .iter()
        .flat_map(|caption| caption.text.lines())
        .collect();
    assert_eq!(lines.concat(), text);
    for line in lines {
        assert!(
            columns(line) <= 42 && !line.starts_with(['，', '。']),
            "{line}"
        );
    }
}

#[test]
fn a_word_that_no_line_holds_is_broken() {
    let words = spoken(&"x".repeat(100), 0.0, 9.0);
    let captions = caption_words(&words, 0.0, 20.0, &rules("plain"));
    assert!(
        captions
            .iter()
            .flat_map(|caption| caption.text.lines())
            .all(|line| columns(line) <= 42)
    );
}
