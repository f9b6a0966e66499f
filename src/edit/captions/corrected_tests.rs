use super::*;
use crate::edit::SoundSegment;
use crate::edit::captions::film_words::film_words;
use crate::edit::timeline_tests;
use crate::time::Rational;

/// A plan that plays seconds 0 to 1 and 3 to 5 of source `a`.
fn plan() -> Plan {
    let second = Rational::whole;
    let part = |from: i64, to: i64| timeline_tests::segment("a", second(from), second(to));
    let mut plan = timeline_tests::plan(second(25), vec![part(0, 1), part(3, 5)]);
    plan.output.duration = 3.0;
    plan.sources
        .iter_mut()
        .for_each(|source| source.blake3 = format!("hash of {}", source.id));
    let sound = |from: i64, to: i64, at: f64| SoundSegment {
        source: "a".into(),
        start: from as f64,
        start_exact: second(from),
        end: to as f64,
        end_exact: second(to),
        at,
        speed: 1.0,
        gain: vec![[0.0, 0.0]],
        clean: None,
        reasons: Vec::new(),
    };
    plan.sound = vec![sound(0, 1, 0.0), sound(3, 5, 1.0)];
    plan
}

fn words() -> SourceWords {
    let word = |text: &str, start: f64| CaptionWord {
        text: text.into(),
        start,
        end: start + 0.4,
    };
    let said = vec![
        word("one", 0.2),
        word("cut", 1.5),
        word("to", 3.0),
        word("tree", 4.0),
    ];
    SourceWords {
        words: BTreeMap::from([("a".into(), said)]),
        ids: BTreeMap::from([("hash of a".into(), "a".into())]),
    }
}

/// Each word, and when it begins in milliseconds.
fn told(words: &[CaptionWord]) -> Vec<(&str, u32)> {
    words
        .iter()
        .map(|word| (word.text.as_str(), (word.start * 1000.0).round() as u32))
        .collect()
}

#[test]
fn words_stand_where_the_film_plays_them() {
    assert_eq!(
        told(&film_words(&plan(), &words())),
        [("one", 200), ("to", 1000), ("tree", 2000)]
    );
    // Sound that is turned down is not heard.
    let mut silent = plan();
    silent.sound[0].gain = vec![[0.0, -60.0]];
    assert_eq!(
        told(&film_words(&silent, &words())),
        [("to", 1000), ("tree", 2000)]
    );
    // Without any sound planned yet, what is seen counts, at its speed.
    let mut fast = plan();
    fast.sound.clear();
    fast.picture[1].speed = 2.0;
    assert_eq!(
        told(&film_words(&fast, &words())),
        [("one", 200), ("to", 1000), ("tree", 1500)]
    );
}

#[test]
fn corrected_words_of_an_earlier_plan_stay() {
    let mut earlier = plan();
    earlier.captions = vec![Caption {
        text: "two, three.".into(),
        start: 1.0,
        end: 2.5,
        style: None,
        words: film_words(&earlier, &words()).split_off(1),
        place: None,
        align: None,
    }];
    let mut corrected = words();
    corrected.correct(&earlier);
    assert_eq!(
        told(corrected.of("a")),
        [
            ("one", 200),
            ("cut", 1500),
            ("two,", 3000),
            ("three.", 3583)
        ]
    );
    // Another file has other words.
    earlier
        .sources
        .iter_mut()
        .for_each(|source| source.blake3.clear());
    let mut others = words();
    others.correct(&earlier);
    assert_eq!(told(others.of("a")), told(words().of("a")));
}
