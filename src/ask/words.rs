//! A text as words with their places, numbers and names of files among them.

use std::ops::Range;

/// Longest text that is read, in bytes: no request that a person types is longer.
const LONGEST: usize = 2_000;

/// Longest time that is meant, in seconds: a day.
pub(super) const LONGEST_TIME: f64 = 86_400.0;

/// Greatest number that is meant: pixels of a photo's longer side.
const GREATEST_NUMBER: f64 = 100_000.0;

/// Endings of names that are taken for files even where no file of that name was given.
const FILE_ENDINGS: [&str; 14] = [
    "mp4", "mov", "mkv", "webm", "jpg", "jpeg", "png", "heic", "wav", "mp3", "flac", "m4a", "avi",
    "gif",
];

/// A word of a request.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct AskedWord {
    /// In lower case, without apostrophes.
    pub text: String,
    /// Its bytes in the request.
    pub place: Range<usize>,
    /// Punctuation follows.
    pub ends_clause: bool,
    /// The name of a file.
    pub is_file: bool,
}

/// Whether a letter belongs to a word.
fn is_part(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '\'' | '’' | '&')
}

/// The part of the request that is read, and what is cut off: between words if it can be, so that no number is halved.
pub(super) fn readable(text: &str) -> (&str, &str) {
    if text.len() <= LONGEST {
        return (text, "");
    }
    let mut end = LONGEST;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let (read, _) = text.split_at(end);
    let (read, cut_off) = text.split_at(read.rfind(char::is_whitespace).unwrap_or(end));
    (read, cut_off.trim())
}

/// The words of `text`; `files` are names that count as one word.
pub(super) fn words(text: &str, files: &[String]) -> Vec<AskedWord> {
    let mut words: Vec<AskedWord> = Vec::new();
    let mut start = 0;
    for piece in text.split_whitespace() {
        let at = start
            + text
                .get(start..)
                .and_then(|rest| rest.find(piece))
                .unwrap_or(0);
        start = at + piece.len();
        let bare = piece.trim_matches(|letter: char| ",;!?\"“”()".contains(letter));
        let bare = bare.strip_suffix('.').unwrap_or(bare);
        if is_file(bare, files) {
            let from = at + piece.find(bare).unwrap_or(0);
            words.push(AskedWord {
                text: bare.to_owned(),
                place: from..from + bare.len(),
                ends_clause: !piece.ends_with(bare),
                is_file: true,
            });
        } else {
            split(piece, at, &mut words);
        }
    }
    for number in 1..words.len() {
        // "I'd love" is no wish for love.
        if words[number].text == "love" && matches!(words[number - 1].text.as_str(), "id" | "would")
        {
            words[number].text = "want".into();
        }
    }
    join_decades(&mut words);
    spread_negation(&mut words);
    words
}

fn is_file(word: &str, files: &[String]) -> bool {
    let name = word.split('@').next().unwrap_or(word);
    if files.iter().any(|file| file.eq_ignore_ascii_case(name)) {
        return true;
    }
    let ending = name
        .rsplit_once('.')
        .map(|(stem, ending)| (stem.is_empty(), ending.to_lowercase()));
    ending.is_some_and(|(bare, ending)| !bare && FILE_ENDINGS.contains(&ending.as_str()))
}

/// The words of one piece between spaces: "20-second," are two.
fn split(piece: &str, at: usize, words: &mut Vec<AskedWord>) {
    let letters: Vec<(usize, char)> = piece.char_indices().collect();
    let letter = |number: usize| letters.get(number).map(|(_, letter)| *letter);
    let mut from: Option<usize> = None;
    let mut number = 0;
    while number <= letters.len() {
        let here = letter(number);
        let joins = number > 0
            && matches!(here, Some('.' | ':' | '/'))
            && letter(number - 1).is_some_and(|before| before.is_ascii_digit() || before == 'h')
            && letter(number + 1).is_some_and(|after| after.is_ascii_digit());
        let unit_begins = number > 0
            && here.is_some_and(char::is_alphabetic)
            && from.is_some_and(|from| is_amount(piece, &letters, from, number));
        let inside = here.is_some_and(is_part) || joins || (from.is_none() && here == Some('#'));
        if let Some(begin) = from.filter(|_| !inside || unit_begins) {
            let (first, last) = (
                offset(piece, &letters, begin),
                offset(piece, &letters, number),
            );
            push(piece, at, first..last, words);
            from = unit_begins.then_some(number);
        } else if inside && from.is_none() {
            from = Some(number);
        }
        if here == Some('%') {
            let place = offset(piece, &letters, number);
            push(piece, at, place..place + 1, words);
        }
        if matches!(here, Some(',' | ';' | '.' | '!' | '?' | ':'))
            && !joins
            && let Some(word) = words.last_mut()
        {
            word.ends_clause = true;
        }
        number += 1;
    }
}

fn offset(piece: &str, letters: &[(usize, char)], number: usize) -> usize {
    letters.get(number).map_or(piece.len(), |(at, _)| *at)
}

/// Whether the letters `from..to` are a number and a unit of time follows: the "30" of "30s" or "1m30s".
fn is_amount(piece: &str, letters: &[(usize, char)], from: usize, to: usize) -> bool {
    let slice =
        |a: usize, b: usize| piece.get(offset(piece, letters, a)..offset(piece, letters, b));
    let digits = slice(from, to).unwrap_or_default();
    let is_number = !digits.is_empty() && digits.chars().all(|it| it.is_ascii_digit() || it == '.');
    let rest = slice(to, letters.len()).unwrap_or_default().to_lowercase();
    let unit: String = rest.chars().take_while(|it| it.is_alphabetic()).collect();
    let units = [
        "px", "s", "sec", "secs", "second", "seconds", "m", "min", "mins", "minute", "minutes",
    ];
    // A unit that was split off stands alone: "1m30s" is split before m, 30 and s.
    is_number && (units.contains(&unit.as_str()) || unit == "x")
}

fn push(piece: &str, at: usize, place: Range<usize>, words: &mut Vec<AskedWord>) {
    let raw = piece.get(place.clone()).unwrap_or_default();
    let text: String = raw
        .chars()
        .filter(|letter| !matches!(letter, '\'' | '’' | '#'))
        .flat_map(char::to_lowercase)
        .collect();
    // "h.264" is one word, "m30s" of "1m30s" two.
    let text = text.replace("h.26", "h26").replace('%', "percent");
    let minutes = text.strip_prefix('m').filter(|rest| {
        let digits = rest.strip_suffix('s').unwrap_or(rest);
        !digits.is_empty() && digits.chars().all(|it| it.is_ascii_digit())
    });
    let first = at + place.start;
    let mut add = |text: &str, from: usize, to: usize| {
        if !text.is_empty() {
            words.push(AskedWord {
                text: text.into(),
                place: from..to,
                ends_clause: false,
                is_file: false,
            });
        }
    };
    match minutes {
        Some(seconds) => {
            let digits = seconds.strip_suffix('s').unwrap_or(seconds);
            add("m", first, first + 1);
            add(digits, first + 1, at + place.end);
            add("s", at + place.end, at + place.end);
        }
        None => add(&text, first, at + place.end),
    }
}

/// What is said to be of a decade: "80s music" is no length, and "an 80s cut" is.
const OF_DECADES: [&str; 14] = [
    "look",
    "style",
    "vibe",
    "vibes",
    "aesthetic",
    "camcorder",
    "vhs",
    "music",
    "song",
    "synth",
    "disco",
    "pop",
    "rock",
    "hip",
];

/// Makes the two words of "80s" one again where a decade is meant.
fn join_decades(words: &mut Vec<AskedWord>) {
    let mut number = 0;
    while let [decade, unit, next, ..] = words.get(number..).unwrap_or_default() {
        let is_decade = ["50", "60", "70", "80", "90"].contains(&decade.text.as_str())
            && unit.text == "s"
            && decade.place.end == unit.place.start
            && OF_DECADES.contains(&next.text.as_str());
        if is_decade {
            let joined = AskedWord {
                text: format!("{}s", decade.text),
                place: decade.place.start..unit.place.end,
                ..unit.clone()
            };
            words.splice(number..number + 2, [joined]);
        }
        number += 1;
    }
}

/// Words that begin something that is not wanted.
pub(super) const NEGATIONS: [&str; 6] = ["no", "without", "dont", "never", "not", "skip"];

/// Verbs for what is to go: "lose the dissolves". "Cut" is none, since it also makes films.
pub(super) const REMOVALS: [&str; 13] = [
    "remove", "drop", "avoid", "lose", "ditch", "kill", "delete", "scrap", "omit", "dump", "nix",
    "axe", "exclude",
];

/// How far a negation reaches over "or": "without any captions or music".
const REACH: usize = 5;

/// Things that are listed after a negation with "and": "without music and captions".
const LISTED: [&str; 12] = [
    "music",
    "captions",
    "subtitles",
    "transitions",
    "dissolves",
    "crossfades",
    "fades",
    "wipes",
    "whips",
    "text",
    "filter",
    "look",
];

/// Makes "no dissolves or wipes" into "no dissolves no wipes".
fn spread_negation(words: &mut [AskedWord]) {
    let mut since: Option<usize> = None;
    for number in 0..words.len() {
        // "lose the captions and the music"
        let mut later = words.iter().skip(number + 1);
        let next = later.find(|word| !["the", "any", "all"].contains(&word.text.as_str()));
        let next = next.map(|word| word.text.clone()).unwrap_or_default();
        let Some(word) = words.get_mut(number) else {
            continue;
        };
        let joins = matches!(word.text.as_str(), "or" | "nor")
            || (word.text == "and" && LISTED.contains(&next.as_str()));
        // "Rid" is that of "get rid of", "away" that of "do away with".
        let word_is = |list: &[&str]| list.contains(&word.text.as_str());
        if word_is(&NEGATIONS) || word_is(&REMOVALS) || word_is(&["rid", "away"]) {
            since = Some(number);
        } else if joins && since.is_some_and(|since| number - since <= REACH) {
            word.text = "no".into();
            since = Some(number);
        }
        if word.ends_clause {
            since = None;
        }
    }
}

/// A number at the beginning of `words`, in digits or in words, and how many words it takes; `None` for one that nobody
/// means, such as 400 digits.
pub(super) fn number(words: &[AskedWord]) -> Option<(f64, usize)> {
    let first = words.first().filter(|word| !word.is_file)?;
    let digits = first
        .text
        .chars()
        .all(|letter| letter.is_ascii_digit() || letter == '.');
    if digits && first.text.chars().any(|letter| letter.is_ascii_digit()) {
        let number = first.text.parse().ok();
        return number
            .filter(|number| *number <= GREATEST_NUMBER)
            .map(|number| (number, 1));
    }
    let small = small_number(&first.text);
    let tens = ten(&first.text);
    match (small, tens) {
        (Some(small), _) => Some((small, 1)),
        (_, Some(tens)) => {
            let next = words.get(1).filter(|_| !first.ends_clause);
            match next
                .and_then(|word| small_number(&word.text))
                .filter(|small| *small < 10.0)
            {
                Some(small) => Some((tens + small, 2)),
                None => Some((tens, 1)),
            }
        }
        _ => None,
    }
}

fn small_number(word: &str) -> Option<f64> {
    let words = [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    let place = words.iter().position(|known| *known == word)?;
    Some((place + 1) as f64)
}

fn ten(word: &str) -> Option<f64> {
    let words = [
        "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ];
    let place = words.iter().position(|known| *known == word)?;
    Some((place + 2) as f64 * 10.0)
}

/// Seconds at the beginning of `words`, and how many words they take: "20 seconds", "a minute and a half", "1:30".
/// `None` for more than a day.
pub(super) fn duration(words: &[AskedWord]) -> Option<(f64, usize)> {
    any_duration(words).filter(|(seconds, _)| (0.0..=LONGEST_TIME).contains(seconds))
}

fn any_duration(words: &[AskedWord]) -> Option<(f64, usize)> {
    let text = |place: usize| words.get(place).map_or("", |word| word.text.as_str());
    let is_minute = |word: &str| matches!(word, "m" | "min" | "mins" | "minute" | "minutes");
    let is_second = |word: &str| matches!(word, "s" | "sec" | "secs" | "second" | "seconds");
    if let Some((minutes, seconds)) = text(0).split_once(':') {
        let (minutes, seconds): (f64, f64) = (minutes.parse().ok()?, seconds.parse().ok()?);
        // "9:16" is a shape: seconds are written with two digits, and no film of these shapes is asked for.
        let is_shape = matches!(
            text(0),
            "9:16" | "16:9" | "4:5" | "1:1" | "4:3" | "3:4" | "2:3" | "3:2" | "21:9"
        );
        return (!is_shape && seconds < 60.0).then_some((minutes * 60.0 + seconds, 1));
    }
    if text(0) == "half" && matches!(text(1), "a" | "minute") {
        let taken = if text(1) == "a" { 3 } else { 2 };
        return is_minute(text(taken - 1)).then_some((30.0, taken));
    }
    let (amount, taken) = match (text(0), text(1)) {
        ("a", unit) if is_minute(unit) => (1.0, 1),
        _ => number(words)?,
    };
    let has_half = text(taken) == "and" && text(taken + 1) == "a" && text(taken + 2) == "half";
    if has_half && is_minute(text(taken + 3)) {
        return Some((amount * 60.0 + 30.0, taken + 4));
    }
    let unit = text(taken);
    if is_second(unit) {
        return Some((amount, taken + 1));
    }
    if !is_minute(unit) {
        return None;
    }
    let mut seconds = amount * 60.0;
    let mut taken = taken + 1;
    if text(taken) == "and" && text(taken + 1) == "a" && text(taken + 2) == "half" {
        return Some((seconds + 30.0, taken + 3));
    }
    let rest = taken + usize::from(text(taken) == "and");
    if let Some((more, used)) = words.get(rest..).and_then(number) {
        let last = words.get(rest + used - 1);
        // "one minute thirty"
        let is_bare = last.is_none_or(|word| word.ends_clause) || words.len() == rest + used;
        if is_second(text(rest + used)) {
            seconds += more;
            taken = rest + used + 1;
        } else if is_bare && (10.0..60.0).contains(&more) {
            seconds += more;
            taken = rest + used;
        }
    }
    Some((seconds, taken))
}
