use proptest::prelude::*;

use super::*;
use crate::error::Error;

fn parse(text: &[u8]) -> Result<Transcript> {
    parse_captions(text, Path::new("talk.srt"), "en")
}

/// `text@start-end` of each word.
fn told(text: &str) -> Vec<String> {
    let transcript = parse(text.as_bytes()).unwrap();
    transcript
        .words
        .iter()
        .map(|word| format!("{}@{}-{}", word.text, word.start, word.end))
        .collect()
}

/// Line and message of what is refused.
fn refused(text: &[u8]) -> (usize, String) {
    match parse(text) {
        Err(Error::Document {
            path, line, what, ..
        }) => {
            assert_eq!(path, Path::new("talk.srt"));
            (line, what)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn subrip_is_read_as_players_read_it() {
    let text = "\u{feff}1\r\n00:00:01,000 --> 00:00:02,000\r\n<i>Yes</i>, {\\an8}no\r\n\r\n\
                2\r\n01:00:00.5 --> 01:00:01.25 X1:10 X2:20\r\n<font color=\"red\">A < B</font>\r\n";
    assert_eq!(
        told(text),
        [
            "Yes,@1-1.625",
            "no@1.625-2",
            "A@3600.5-3600.75",
            "<@3600.75-3601",
            "B@3601-3601.25"
        ]
    );
    // Numbers may be missing, and so may the empty line at the end.
    assert_eq!(told("00:01,000 --> 00:02,000\nHi"), ["Hi@1-2"]);
}

#[test]
fn webvtt_is_read_by_its_specification() {
    let text = "WEBVTT - a talk\nKind: captions\nLanguage: fr\n\nSTYLE\n::cue { color: red }\n\nNOTE --\nnot shown\n\n\
                first\n00:01.000 --> 00:02.000 line:80% align:start\n<v Anne>Fish &amp; <c.loud>chips</c> &lt;3\n\n\
                00:03.000 --> 00:05.000\none <00:04.500>two\n";
    let transcript = parse(text.as_bytes()).unwrap();
    assert_eq!(transcript.language, "fr");
    assert_eq!(
        told(text),
        [
            "Fish@1-1.3125",
            "&@1.3125-1.4375",
            "chips@1.4375-1.8125",
            "<3@1.8125-2",
            "one@3-4.5",
            "two@4.5-5"
        ]
    );
    assert_eq!(told("WEBVTT"), Vec::<String>::new());
}

#[test]
fn words_do_not_lie_over_each_other() {
    let text = "00:02,000 --> 00:04,000\nsecond\n\n00:00,000 --> 00:03,000\nfirst\n\n00:02,000 --> 00:03,000\nother\n";
    assert_eq!(
        told(text),
        ["first@0-2", "second@2-3.0769", "other@3.0769-4"]
    );
}

#[test]
fn wide_text_is_read_by_its_mark() {
    let text = "00:00,000 --> 00:01,000\nÜber 🎬\n";
    for big in [false, true] {
        let mut bytes = if big {
            vec![0xfe, 0xff]
        } else {
            vec![0xff, 0xfe]
        };
        for unit in text.encode_utf16() {
            bytes.extend(if big {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            });
        }
        let words = parse(&bytes).unwrap().words;
        assert_eq!(words[0].text, "Über");
        assert_eq!(words[1].text, "🎬");
    }
}

#[test]
fn what_is_wrong_is_refused_with_its_line() {
    let cases: [(&[u8], usize, &str); 10] = [
        (
            b"1\n00:00:01,000 -> 00:00:02,000\nHi\n",
            2,
            "expected the times",
        ),
        (b"1\n00:00:01,000 --> 00:00:0x,000\nHi\n", 2, "0x"),
        (
            b"1\n00:00:03,000 --> 00:00:02,000\nHi\n",
            2,
            "before it starts",
        ),
        (b"00:01,000 -->\nHi\n", 1, "no time"),
        (b"00:99,000 --> 01:00,000\nHi\n", 1, "00:99"),
        (b"00:01,000 --> 00:02,0001\nHi\n", 1, "0001"),
        (b"1\n\n2\n", 1, "expected the times"),
        (
            b"00:01,000 --> 00:02,000\nHi\n\nstray text\nmore\n",
            4,
            "expected the times",
        ),
        (b"00:01,000 --> 00:02,000\nHi \xff\n", 2, "UTF-8"),
        (
            b"99999999999999999999:00:01,000 --> 00:02,000\nHi\n",
            1,
            "no time",
        ),
    ];
    for (text, line, what) in cases {
        let found = refused(text);
        assert_eq!(found.0, line, "{found:?}");
        assert!(found.1.contains(what), "{found:?}");
    }
    assert!(matches!(
        read_captions(Path::new("/no/such.srt"), "en"),
        Err(Error::Read { .. })
    ));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse(&bytes);
    }

    #[test]
    fn nearly_captions_give_words_in_order(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "WEBVTT\n", "\n", "\n\n", "1\n", "00:01,000", "00:00:02.5", " --> ", "7:59:59,999\n", "word ",
                "<00:00:01.700>", "<i>", "&amp;", "&#x41;", "{\\an8}", "Ünï ", "NOTE x\n", "\r", "<", "&",
            ]),
            0..40,
        ),
    ) {
        if let Ok(transcript) = parse(parts.concat().as_bytes()) {
            let mut before = 0.0;
            for word in &transcript.words {
                prop_assert!(word.start >= before && word.end >= word.start, "{:?}", transcript.words);
                prop_assert!(!word.text.is_empty() && !word.text.contains(char::is_whitespace));
                before = word.end;
            }
        }
    }
}
