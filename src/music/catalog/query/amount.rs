//! Numbers with a unit, and what is said about them: "under 90 bpm", "90-110 bpm", "longer than 2 minutes".

use super::{Range, Token, begins};

/// Numbers above this are none that anybody means.
const LARGEST: f64 = 1e6;
/// How far "about 120 bpm", or a bare "120 bpm", reaches: a share of the number.
const ABOUT: f64 = 0.05;
const BARE: f64 = 0.03;
/// Of lengths: "about 2 minutes".
const ABOUT_LENGTH: f64 = 0.2;

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Bpm,
    Seconds,
}

/// Which side of the number is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Most,
    Least,
    Around,
    Between,
}

/// Phrases before a number, what they mean, and what they count where no unit follows. Longer phrases stand before the
/// shorter ones that they begin with.
const PHRASES: [(&[&str], Side, Option<Kind>); 43] = [
    (&["no", "more", "than"], Side::Most, None),
    (&["not", "more", "than"], Side::Most, None),
    (&["no", "less", "than"], Side::Least, None),
    (&["not", "less", "than"], Side::Least, None),
    (&["no", "faster", "than"], Side::Most, Some(Kind::Bpm)),
    (&["not", "faster", "than"], Side::Most, Some(Kind::Bpm)),
    (&["no", "slower", "than"], Side::Least, Some(Kind::Bpm)),
    (&["not", "slower", "than"], Side::Least, Some(Kind::Bpm)),
    (&["no", "longer", "than"], Side::Most, None),
    (&["not", "longer", "than"], Side::Most, None),
    (&["no", "shorter", "than"], Side::Least, None),
    (&["not", "shorter", "than"], Side::Least, None),
    (&["not", "over"], Side::Most, None),
    (&["not", "above"], Side::Most, None),
    (&["not", "under"], Side::Least, None),
    (&["not", "below"], Side::Least, None),
    (&["less", "than"], Side::Most, None),
    (&["more", "than"], Side::Least, None),
    (&["slower", "than"], Side::Most, Some(Kind::Bpm)),
    (&["faster", "than"], Side::Least, Some(Kind::Bpm)),
    (&["shorter", "than"], Side::Most, None),
    (&["longer", "than"], Side::Least, None),
    (&["at", "most"], Side::Most, None),
    (&["at", "least"], Side::Least, None),
    (&["up", "to"], Side::Most, None),
    (&["under"], Side::Most, None),
    (&["below"], Side::Most, None),
    (&["max"], Side::Most, None),
    (&["maximum"], Side::Most, None),
    (&["<"], Side::Most, None),
    (&["≤"], Side::Most, None),
    (&["over"], Side::Least, None),
    (&["above"], Side::Least, None),
    (&["minimum"], Side::Least, None),
    (&[">"], Side::Least, None),
    (&["≥"], Side::Least, None),
    (&["around"], Side::Around, None),
    (&["about"], Side::Around, None),
    (&["roughly"], Side::Around, None),
    (&["near"], Side::Around, None),
    (&["~"], Side::Around, None),
    (&["between"], Side::Between, None),
    (&["from"], Side::Between, None),
];

/// A limit at the beginning of `tokens`, and how many of them it takes.
pub(super) fn limit(tokens: &[Token]) -> Option<(Kind, Range, usize)> {
    let phrase = PHRASES.iter().find(|(phrase, _, _)| begins(tokens, phrase));
    let (side, implied, before) = match phrase {
        Some((phrase, side, implied)) => (Some(*side), *implied, phrase.len()),
        None => (None, None, 0),
    };
    let numbers = tokens.get(before..)?;
    let amount = amount(numbers)?;
    let kind = amount.kind.or(implied)?;
    let used = before + amount.used;
    let range = |least, most| Range { least, most };
    let low = amount.from.min(amount.to);
    let high = amount.from.max(amount.to);
    let about = |share: f64| range(Some(low * (1.0 - share)), Some(high * (1.0 + share)));
    let wide = match kind {
        Kind::Bpm => ABOUT,
        Kind::Seconds => ABOUT_LENGTH,
    };
    let meant = match side {
        Some(Side::Most) => range(None, Some(high)),
        Some(Side::Least) => range(Some(low), None),
        Some(Side::Around) => about(wide),
        // "from 120 bpm" has no other end.
        Some(Side::Between) if !amount.is_range => range(Some(low), None),
        Some(Side::Between) => range(Some(low), Some(high)),
        None if amount.is_range => range(Some(low), Some(high)),
        // "30 seconds" alone tells what it is for, not how long the track is.
        None if kind == Kind::Bpm => about(BARE),
        None => return None,
    };
    Some((kind, meant, used))
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Amount {
    from: f64,
    to: f64,
    is_range: bool,
    kind: Option<Kind>,
    used: usize,
}

fn amount(tokens: &[Token]) -> Option<Amount> {
    let (from, rest) = number(&tokens.first()?.text)?;
    let single = |from: f64, kind, used| Amount {
        from,
        to: from,
        is_range: false,
        kind,
        used,
    };
    if let Some(clock) = rest.strip_prefix(':') {
        let (seconds, rest) = number(clock)?;
        let is_clock = rest.is_empty() && clock.len() == 2 && seconds < 60.0;
        return is_clock.then(|| single(from * 60.0 + seconds, Some(Kind::Seconds), 1));
    }
    // "90-110", "90-110bpm"
    if let Some(second) = rest.strip_prefix('-') {
        let Some((to, rest)) = number(second) else {
            // "90-bpm", "2-minute"
            let (factor, kind, _) = unit(second)?;
            return Some(single(from * factor, Some(kind), 1));
        };
        return Some(ranged(from, to, rest, tokens, 1));
    }
    if !rest.is_empty() {
        let (factor, kind, is_minutes) = unit_or_more(rest)?;
        let (more, used) = seconds_after(tokens.get(1..)?, is_minutes);
        return Some(single(
            from * factor + more + extra(rest),
            Some(kind),
            1 + used,
        ));
    }
    // "90 to 110 bpm", "90 - 110"
    let joins = tokens
        .get(1)
        .is_some_and(|word| ["to", "and", "-"].contains(&word.text.as_str()));
    if joins
        && !tokens.first()?.ends
        && let Some((to, rest)) = tokens.get(2).and_then(|token| number(&token.text))
    {
        return Some(ranged(from, to, rest, tokens, 3));
    }
    let unit_word = tokens
        .get(1)
        .filter(|_| tokens.first().is_some_and(|first| !first.ends));
    match unit_word.and_then(|word| unit(&word.text)) {
        Some((factor, kind, is_minutes)) => {
            let after = 2 + per_minute(tokens.get(1..)?);
            let (more, used) = seconds_after(tokens.get(after..).unwrap_or_default(), is_minutes);
            Some(single(from * factor + more, Some(kind), after + used))
        }
        None => Some(single(from, None, 1)),
    }
}

/// Two numbers that stand in the first `used` tokens; `rest` is what is written right behind the second.
fn ranged(from: f64, to: f64, rest: &str, tokens: &[Token], used: usize) -> Amount {
    let amount = |factor: f64, kind, used| Amount {
        from: from * factor,
        to: to * factor,
        is_range: true,
        kind,
        used,
    };
    if let Some((factor, kind, _)) = unit(rest) {
        return amount(factor, Some(kind), used);
    }
    let word = tokens.get(used).and_then(|word| unit(&word.text));
    match word.filter(|_| rest.is_empty()) {
        Some((factor, kind, _)) => {
            let more = per_minute(tokens.get(used..).unwrap_or_default());
            amount(factor, Some(kind), used + 1 + more)
        }
        None => amount(1.0, None, used),
    }
}

/// Digits with at most one point at the beginning of `text`, and what follows.
fn number(text: &str) -> Option<(f64, &str)> {
    let mut points = 0;
    let end = text
        .char_indices()
        .find(|(_, letter)| {
            points += u32::from(*letter == '.');
            !(letter.is_ascii_digit() || *letter == '.' && points == 1)
        })
        .map_or(text.len(), |(at, _)| at);
    let (digits, rest) = text.split_at(end);
    if !digits.starts_with(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    let value: f64 = digits.parse().ok()?;
    (value.is_finite() && value <= LARGEST).then_some((value, rest))
}

/// Factor, what it counts, and whether it is minutes.
fn unit(text: &str) -> Option<(f64, Kind, bool)> {
    match text {
        "bpm" | "beats" | "beat" => Some((1.0, Kind::Bpm, false)),
        "s" | "sec" | "secs" | "second" | "seconds" => Some((1.0, Kind::Seconds, false)),
        "m" | "min" | "mins" | "minute" | "minutes" => Some((60.0, Kind::Seconds, true)),
        _ => None,
    }
}

/// [`unit`], also where more follows minutes: the `m30s` of `1m30s`.
fn unit_or_more(text: &str) -> Option<(f64, Kind, bool)> {
    unit(text).or_else(|| {
        (text.starts_with('m') && extra(text) > 0.0).then_some((60.0, Kind::Seconds, false))
    })
}

/// The 30 of `m30s` and `m30`.
fn extra(text: &str) -> f64 {
    let seconds = text.strip_prefix('m').and_then(number);
    match seconds {
        Some((seconds, "" | "s")) if seconds < 60.0 => seconds,
        _ => 0.0,
    }
}

/// Words after "beats": "per minute", "a minute".
fn per_minute(tokens: &[Token]) -> usize {
    let is_beats = |token: &Token| token.text.starts_with("beat") && !token.ends;
    let after = tokens.get(1..).unwrap_or_default();
    if !tokens.first().is_some_and(is_beats) {
        return 0;
    }
    let phrases: [&[&str]; 4] = [
        &["per", "minute"],
        &["a", "minute"],
        &["per", "min"],
        &["a", "min"],
    ];
    phrases
        .iter()
        .find(|phrase| begins(after, phrase))
        .map_or(0, |phrase| phrase.len())
}

/// "30 seconds" behind "2 minutes", and how many words that takes.
fn seconds_after(tokens: &[Token], is_minutes: bool) -> (f64, usize) {
    if !is_minutes {
        return (0.0, 0);
    }
    let skipped = usize::from(tokens.first().is_some_and(|token| token.text == "and"));
    let Some(tokens) = tokens.get(skipped..) else {
        return (0.0, 0);
    };
    let Some((seconds, rest)) = tokens.first().and_then(|token| number(&token.text)) else {
        return (0.0, 0);
    };
    let is_seconds = |text: &str| matches!(unit(text), Some((_, Kind::Seconds, false)));
    if is_seconds(rest) {
        (seconds, skipped + 1)
    } else if rest.is_empty() && tokens.get(1).is_some_and(|token| is_seconds(&token.text)) {
        (seconds, skipped + 2)
    } else {
        (0.0, 0)
    }
}
