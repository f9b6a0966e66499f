//! Phrases that no rule knows: what a look, the music or the film is like.

use crate::ask::likeness::PhraseComparer;
use crate::ask::lists::{FILLERS, MOODS, MUSIC_WORDS};
use crate::ask::reader::Reader;
use crate::ask::request::AskedVerb;
use crate::ask::vocabulary::Vocabulary;
use crate::error::Result;

/// Least likeness of a phrase that is said to be a look. Looked at over some phrases: "juicy food" has 0.48 by its
/// vector alone, "80s camcorder" 0.55, "old postcard" 0.27; "cherry on top" 0.25, "tax return" 0.20, "loud noise" 0.17.
const LEAST_LOOK: f64 = 0.26;

/// Least cosine of a phrase with the nearest mood word. Looked at over some phrases: "joyous" has 0.76, "spooky" 0.42;
/// "grandma" 0.29, "frobnicated" 0.27, "sourdough" 0.18.
const LEAST_MOOD: f64 = 0.36;

/// Nouns that say that the words before them describe a look.
const LOOK_NOUNS: [&str; 18] = [
    "look",
    "looks",
    "filter",
    "filters",
    "grade",
    "grading",
    "colors",
    "colours",
    "tones",
    "preset",
    "tone",
    "color",
    "colour",
    "palette",
    "aesthetic",
    "lighting",
    "toning",
    "photography",
];

/// Nouns that say that the words around them describe music.
const MUSIC_NOUNS: [&str; 13] = [
    "music",
    "song",
    "songs",
    "track",
    "soundtrack",
    "tune",
    "beat",
    "beats",
    "melody",
    "tracks",
    "score",
    "instrumental",
    "tunes",
];

/// Nouns that say that the words before them describe how the film feels.
const MOOD_NOUNS: [&str; 9] = [
    "mood",
    "vibe",
    "vibes",
    "feel",
    "feeling",
    "feels",
    "atmosphere",
    "ambiance",
    "energy",
];

/// Words before what is not wanted.
const UNWANTED: [&str; 9] = [
    "nothing", "not", "no", "dont", "without", "never", "too", "less", "isnt",
];

/// Takes ids of looks that are written as ids, such as "film-warm", before any rule takes a part of one.
pub(super) fn written_looks(reader: &mut Reader<'_>, vocabulary: &Vocabulary) {
    for start in 0..reader.words.len() {
        for used in [3, 2] {
            let typed = reader.text_of(start, used).to_lowercase();
            let mut looks = vocabulary.looks.iter();
            if start + used <= reader.words.len()
                && let Some(look) = looks.find(|look| look.id == typed)
            {
                let (id, means) = (look.id.clone(), look_means(&look.id, &look.summary));
                reader.request.look.get_or_insert(id);
                let has_noun = LOOK_NOUNS.contains(&text(reader, start + used));
                reader.take(start, used + usize::from(has_noun), means);
                break;
            }
        }
    }
}

/// Reads "warm film look", "a look like an old postcard", "golden hour" and "apply noir".
pub(super) fn look_phrases(
    reader: &mut Reader<'_>,
    comparer: &mut PhraseComparer<'_>,
) -> Result<()> {
    let vocabulary = comparer.vocabulary;
    named_looks(reader, vocabulary);
    for noun in 0..reader.words.len() {
        let word = text(reader, noun);
        let is_noun =
            LOOK_NOUNS.contains(&word) || (only_photos(reader) && MOOD_NOUNS.contains(&word));
        if !is_free(reader, noun) || !is_noun {
            continue;
        }
        let start = before(reader, noun);
        let is_bare = phrase(reader, start, noun - start, &LOOK_NOUNS).is_empty();
        let (start, used) = match after_like(reader, noun) {
            Some(end) if is_bare => (start, end - start),
            _ => (start, noun + 1 - start),
        };
        let phrase = phrase(
            reader,
            start,
            used,
            &[&LOOK_NOUNS[..], &MOOD_NOUNS[..]].concat(),
        );
        if phrase.is_empty() {
            continue;
        }
        let words: Vec<&str> = phrase
            .split(' ')
            .filter(|word| *word != "and")
            .map(stem)
            .collect();
        if let Some(look) = vocabulary.by_id(&words) {
            let (id, means) = (look.id.clone(), look_means(&look.id, &look.summary));
            reader.request.look.get_or_insert(id);
            reader.take(start, used, means);
            continue;
        }
        match comparer.nearest_look(&phrase)? {
            Some((look, likeness)) if likeness >= LEAST_LOOK => {
                let means = look_means(&look.id, &look.summary);
                reader.request.look.get_or_insert_with(|| look.id.clone());
                reader.take(start, used, means);
            }
            _ => reader.give_up(start, used),
        }
    }
    Ok(())
}

fn look_means(id: &str, summary: &str) -> String {
    format!("the look `{id}`: {}", summary.trim_end_matches('.'))
}

/// Words before a name that say that a look is meant, beside the nouns that follow it.
const LOOK_VERBS: [&str; 5] = ["apply", "use", "with", "in", "like"];

/// Finds the ids of looks: two or more words of an id are enough where a noun or a verb says that it is one, or the
/// id is written with hyphens.
fn named_looks(reader: &mut Reader<'_>, vocabulary: &Vocabulary) {
    for start in 0..reader.words.len() {
        for used in [3, 2, 1] {
            let end = start + used;
            if end > reader.words.len() || !(start..end).all(|place| is_free(reader, place)) {
                continue;
            }
            let words: Vec<&str> = (start..end).map(|place| text(reader, place)).collect();
            let Some(look) = vocabulary.by_id(&words) else {
                continue;
            };
            let typed = reader.text_of(start, used).to_lowercase();
            let noun = LOOK_NOUNS.contains(&text(reader, end)) && is_free(reader, end);
            let before = (start.saturating_sub(2)..start)
                .any(|place| LOOK_VERBS.contains(&text(reader, place)));
            let by_name = typed == look.id && (used > 1 || before || look.id == "noir");
            if !(noun || by_name || (before && used > 1)) {
                continue;
            }
            let (id, means) = (look.id.clone(), look_means(&look.id, &look.summary));
            reader.request.look.get_or_insert(id);
            reader.take(start, used + usize::from(noun), means);
            break;
        }
    }
}

/// Reads "quiet guitar", "music like a rainy night drive", "a dreamy vibe".
pub(super) fn music_phrases(reader: &mut Reader<'_>) {
    for place in 0..reader.words.len() {
        if !is_free(reader, place) {
            continue;
        }
        let word = text(reader, place);
        let (is_noun, is_mood) = (MUSIC_NOUNS.contains(&word), MOOD_NOUNS.contains(&word));
        // "make the colors pop" is said of photos.
        let is_music = MUSIC_WORDS.has(word) && !(word == "pop" && about_look(reader));
        if !is_noun && !is_mood && !is_music {
            continue;
        }
        let start = before(reader, place);
        let mut end = place + 1;
        let is_music = |place: usize| {
            let word = text(reader, place);
            !ends(reader, place) && (MUSIC_WORDS.has(word) || MUSIC_NOUNS.contains(&word))
        };
        loop {
            // "drum and bass" is one kind of music.
            let joined = text(reader, end) == "and" && !ends(reader, end) && is_music(end + 1);
            if !joined && !is_music(end) {
                break;
            }
            end += 1 + usize::from(joined);
        }
        if let Some(likened) = after_like(reader, end - 1) {
            end = likened;
        }
        let nouns: &[&str] = if is_mood { &MOOD_NOUNS } else { &MUSIC_NOUNS };
        let phrase = phrase(reader, start, end - start, nouns);
        if phrase.is_empty() {
            continue;
        }
        let means = format!("the film is to feel, and its music to sound, like \"{phrase}\"");
        reader.phrases.push((start, phrase));
        reader.take(start, end - start, means);
    }
}

/// Reads what is left: moods and looks by likeness; the rest was not understood.
pub(super) fn leftovers(reader: &mut Reader<'_>, comparer: &mut PhraseComparer<'_>) -> Result<()> {
    let mut start = 0;
    while start < reader.words.len() {
        if !is_free(reader, start) || is_ignored(reader, start) {
            start += 1;
            continue;
        }
        let mut end = start + 1;
        while !ends(reader, end) && (!is_ignored(reader, end) || joins_adjectives(reader, end)) {
            end += 1;
        }
        leftover(reader, comparer, start..end)?;
        start = end;
    }
    Ok(())
}

/// Whether the word at `place` is the "and" of "warm and cozy", said of photos.
fn joins_adjectives(reader: &Reader<'_>, place: usize) -> bool {
    let next = place + 1;
    about_look(reader)
        && text(reader, place) == "and"
        && !ends(reader, next)
        && !is_ignored(reader, next)
}

/// Whether the request is about photos alone, and no film of them.
fn only_photos(reader: &Reader<'_>) -> bool {
    reader.files.stills > 0
        && reader.files.clips == 0
        && !reader.request.names_film
        && reader.request.style.is_none()
        && reader.request.length.is_none()
        && matches!(reader.request.named_verb, None | Some(AskedVerb::Apply))
}

/// Whether what is left can only mean a look: nobody named one, and the request is about photos alone.
fn about_look(reader: &Reader<'_>) -> bool {
    reader.request.look.is_none() && only_photos(reader)
}

fn is_ignored(reader: &Reader<'_>, place: usize) -> bool {
    reader
        .words
        .get(place)
        .is_some_and(|word| word.is_file || FILLERS.has(&word.text))
}

fn leftover(
    reader: &mut Reader<'_>,
    comparer: &mut PhraseComparer<'_>,
    place: std::ops::Range<usize>,
) -> Result<()> {
    let (start, used) = (place.start, place.len());
    let phrase = phrase(reader, start, used, &[]);
    if about_look(reader) {
        let words: Vec<&str> = phrase
            .split(' ')
            .filter(|word| *word != "and")
            .map(stem)
            .collect();
        if let Some(look) = comparer.vocabulary.by_id(&words) {
            let means = look_means(&look.id, &look.summary);
            reader.request.look = Some(look.id.clone());
            reader.take(start, used, means);
            return Ok(());
        }
    }
    if about_look(reader)
        && let Some((look, likeness)) = comparer.nearest_look(&phrase)?
        && likeness >= LEAST_LOOK
    {
        let means = look_means(&look.id, &look.summary);
        reader.request.look = Some(look.id.clone());
        reader.take(start, used, means);
        return Ok(());
    }
    // "nothing fancy" asks for no mood.
    let is_unwanted = start
        .checked_sub(1)
        .is_some_and(|before| UNWANTED.contains(&text(reader, before)));
    if is_unwanted || only_photos(reader) {
        reader.give_up(start, used);
    } else if MOODS.has(&phrase) || is_mood(&phrase, comparer)? {
        let means = format!("the film is to feel, and its music to sound, \"{phrase}\"");
        reader.phrases.push((start, phrase));
        reader.take(start, used, means);
    } else {
        reader.give_up(start, used);
    }
    Ok(())
}

/// "bright" of "brighten" and "brighter".
fn stem(word: &str) -> &str {
    let stems = ["en", "er"]
        .into_iter()
        .find_map(|ending| word.strip_suffix(ending));
    stems.filter(|stem| stem.len() > 3).unwrap_or(word)
}

fn is_mood(phrase: &str, comparer: &mut PhraseComparer<'_>) -> Result<bool> {
    let nearest = comparer.nearest_mood(phrase)?;
    Ok(nearest.is_some_and(|likeness| likeness >= LEAST_MOOD))
}

fn text<'a>(reader: &'a Reader<'_>, place: usize) -> &'a str {
    reader
        .words
        .get(place)
        .map_or("", |word| word.text.as_str())
}

fn is_free(reader: &Reader<'_>, place: usize) -> bool {
    reader.taken.get(place) == Some(&false)
}

/// Whether a phrase ends before the word at `place`: at punctuation, a taken word or the end.
fn ends(reader: &Reader<'_>, place: usize) -> bool {
    let behind = place
        .checked_sub(1)
        .and_then(|before| reader.words.get(before));
    !is_free(reader, place) || behind.is_some_and(|word| word.ends_clause)
}

/// Where the words begin that describe the noun at `noun`.
fn before(reader: &Reader<'_>, noun: usize) -> usize {
    let mut start = noun;
    while let Some(before) = start.checked_sub(1) {
        let joins = text(reader, before) == "and"
            && before
                .checked_sub(1)
                .is_some_and(|first| is_described(reader, first));
        if ends(reader, start) || !(is_described(reader, before) || joins) {
            break;
        }
        start = before;
    }
    start
}

fn is_described(reader: &Reader<'_>, place: usize) -> bool {
    let word = text(reader, place);
    // "film" describes a look, though it says nothing elsewhere.
    is_free(reader, place)
        && (!FILLERS.has(word) || matches!(word, "film" | "summer" | "day" | "movie" | "cool"))
}

/// Where a likeness ends that follows the word at `noun`: "music like a rainy night drive".
fn after_like(reader: &Reader<'_>, noun: usize) -> Option<usize> {
    let is_like = |place: usize| matches!(text(reader, place), "like" | "of");
    let mut end = noun + 1;
    if ends(reader, end) {
        return None;
    }
    let that = [("that", "feels"), ("that", "sounds"), ("which", "feels")];
    if that.contains(&(text(reader, end), text(reader, end + 1))) {
        end += 2;
    }
    if !is_like(end) || ends(reader, end) {
        return None;
    }
    end += 1;
    while !ends(reader, end) && !matches!(text(reader, end), "and" | "with" | "but" | "for") {
        end += 1;
    }
    Some(end)
}

/// The words of a phrase without `nouns` and without what says nothing at its beginning and end.
fn phrase(reader: &Reader<'_>, start: usize, used: usize, nouns: &[&str]) -> String {
    let words: Vec<&str> = (start..start + used)
        .map(|place| text(reader, place))
        .filter(|word| {
            !nouns.contains(word)
                && !matches!(
                    *word,
                    "a" | "an" | "the" | "like" | "of" | "that" | "feels" | "sounds"
                )
        })
        .collect();
    words.join(" ")
}
