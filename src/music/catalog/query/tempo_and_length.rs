//! Filters on tempo and length: "under 90 bpm", "90-110 bpm", "longer than 2 minutes".

use super::{Range, Token, begins};

/// Larger numbers are not amounts.
const LARGEST: f64 = 1e6;
/// Tolerances of "about 120 bpm" and of a bare "120 bpm", as shares of the number.
const ABOUT: f64 = 0.05;
const BARE: f64 = 0.03;
/// Tolerance of lengths such as "about 2 minutes", as a share of the number.
const ABOUT_LENGTH: f64 = 0.2;

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AmountKind {
    Bpm,
    Seconds,
}

/// How the number limits the range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    Most,
    Least,
    Around,
    Between,
}

/// Phrases before a number, what they mean, and the kind of number where no unit follows. Longer phrases come before
/// shorter ones that they begin with.
const PHRASES: [(&[&str], Bound, Option<AmountKind>); 43] = [
    (&["no", "more", "than"], Bound::Most, None),
    (&["not", "more", "than"], Bound::Most, None),
    (&["no", "less", "than"], Bound::Least, None),
    (&["not", "less", "than"], Bound::Least, None),
    (
        &["no", "faster", "than"],
        Bound::Most,
        Some(AmountKind::Bpm),
    ),
    (
        &["not", "faster", "than"],
        Bound::Most,
        Some(AmountKind::Bpm),
    ),
    (
        &["no", "slower", "than"],
        Bound::Least,
        Some(AmountKind::Bpm),
    ),
    (
        &["not", "slower", "than"],
        Bound::Least,
        Some(AmountKind::Bpm),
    ),
    (&["no", "longer", "than"], Bound::Most, None),
    (&["not", "longer", "than"], Bound::Most, None),
    (&["no", "shorter", "than"], Bound::Least, None),
    (&["not", "shorter", "than"], Bound::Least, None),
    (&["not", "over"], Bound::Most, None),
    (&["not", "above"], Bound::Most, None),
    (&["not", "under"], Bound::Least, None),
    (&["not", "below"], Bound::Least, None),
    (&["less", "than"], Bound::Most, None),
    (&["more", "than"], Bound::Least, None),
    (&["slower", "than"], Bound::Most, Some(AmountKind::Bpm)),
    (&["faster", "than"], Bound::Least, Some(AmountKind::Bpm)),
    (&["shorter", "than"], Bound::Most, None),
    (&["longer", "than"], Bound::Least, None),
    (&["at", "most"], Bound::Most, None),
    (&["at", "least"], Bound::Least, None),
    (&["up", "to"], Bound::Most, None),
    (&["under"], Bound::Most, None),
    (&["below"], Bound::Most, None),
    (&["max"], Bound::Most, None),
    (&["maximum"], Bound::Most, None),
    (&["<"], Bound::Most, None),
    (&["≤"], Bound::Most, None),
    (&["over"], Bound::Least, None),
    (&["above"], Bound::Least, None),
    (&["minimum"], Bound::Least, None),
    (&[">"], Bound::Least, None),
    (&["≥"], Bound::Least, None),
    (&["around"], Bound::Around, None),
    (&["about"], Bound::Around, None),
    (&["roughly"], Bound::Around, None),
    (&["near"], Bound::Around, None),
    (&["~"], Bound::Around, None),
    (&["between"], Bound::Between, None),
    (&["from"], Bound::Between, None),
];

/// A limit at the beginning of `tokens`, and how many of them it takes.
pub(super) fn limit(tokens: &[Token]) -> Option<(AmountKind, Range, usize)> {
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
        AmountKind::Bpm => ABOUT,
        AmountKind::Seconds => ABOUT_LENGTH,
    };
    let meant = match side {
        Some(Bound::Most) => range(None, Some(high)),
        Some(Bound::Least) => range(Some(low), None),
        Some(Bound::Around) => about(wide),
        // "from 120 bpm" has no other end.
        Some(Bound::Between) if !amount.is_range => range(Some(low), None),
        Some(Bound::Between) => range(Some(low), Some(high)),
        None if amount.is_range => range(Some(low), Some(high)),
        // "30 seconds" alone is the length of the film, not of the track.
        None if kind == AmountKind::Bpm => about(BARE),
        None => return None,
    };
    Some((kind, meant, used))
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Amount {
    from: f64,
    to: f64,
    is_range: bool,
    kind: Option<AmountKind>,
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
        return is_clock.then(|| single(from * 60.0 + seconds, Some(AmountKind::Seconds), 1));
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

/// Two numbers in the first `used` tokens; `rest` is the text directly after the second.
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
fn unit(text: &str) -> Option<(f64, AmountKind, bool)> {
    match text {
        "bpm" | "beats" | "beat" => Some((1.0, AmountKind::Bpm, false)),
        "s" | "sec" | "secs" | "second" | "seconds" => Some((1.0, AmountKind::Seconds, false)),
        "m" | "min" | "mins" | "minute" | "minutes" => Some((60.0, AmountKind::Seconds, true)),
        _ => None,
    }
}

/// [`unit`], also where more follows minutes: the `m30s` of `1m30s`.
fn unit_or_more(text: &str) -> Option<(f64, AmountKind, bool)> {
    unit(text).or_else(|| {
        (text.starts_with('m') && extra(text) > 0.0).then_some((60.0, AmountKind::Seconds, false))
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
    let is_seconds = |text: &str| matches!(unit(text), Some((_, AmountKind::Seconds, false)));
    if is_seconds(rest) {
        (seconds, skipped + 1)
    } else if rest.is_empty() && tokens.get(1).is_some_and(|token| is_seconds(&token.text)) {
        (seconds, skipped + 2)
    } else {
        (0.0, 0)
    }
}
