//! Searches tracks by words: by meaning (sentence embeddings), and by tags and names that contain the words.
//!
//! Descriptions of music lie in a narrow cone of the embedding space, where everything is similar to everything, so the
//! mean of some ordinary descriptions is subtracted first (Mu and Viswanath, "All-but-the-top", 2018). These are fixed
//! here, so that the score of a track does not depend on what else is in the catalog.

use crate::error::Result;
use crate::models::Models;

/// Descriptions as tracks have them, spread over moods and kinds.
const ORDINARY: [&str; 16] = [
    "happy, joyful, upbeat, pop, dance",
    "sad, melancholic, dreamy, piano, slow",
    "calm, peaceful, ambient, soft, quiet",
    "aggressive, tense, metal, loud, guitar",
    "energetic, techno, electronic, beat, fast",
    "epic, dramatic, strings, classical, orchestra",
    "jazz, saxophone, smooth, swing",
    "folk, acoustic guitar, country, singer",
    "hip-hop, rap, beat, male vocals",
    "rock, drums, indie, alternative",
    "soul, funk, groove, female vocals",
    "dark, mysterious, synth, drone",
    "world, flute, sitar, traditional",
    "romantic, harp, violin, slow",
    "chill, lounge, downtempo, instrumental",
    "choir, opera, solemn, organ",
];
/// Words that mean nothing by themselves.
const EMPTY: [&str; 24] = [
    "a",
    "an",
    "and",
    "but",
    "for",
    "in",
    "is",
    "it",
    "like",
    "music",
    "my",
    "of",
    "on",
    "or",
    "please",
    "some",
    "something",
    "song",
    "that",
    "the",
    "to",
    "track",
    "tracks",
    "with",
];
/// Weight of words that are tags or names of the track, relative to the weight of meaning.
const NAMED: f64 = 0.5;
/// Full scale of a stored vector's numbers.
const SCALE: f64 = 127.0;

/// What a search by words compares.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchRow {
    /// Hash of the content.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Who made it.
    pub artist: String,
    /// What it is part of.
    pub album: String,
    /// Mood and tags, best first, with commas between.
    pub words: String,
    /// Embedding of `words`, see [`words_vector`].
    pub vector: Vec<i8>,
}

/// A track and how well it fits.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchHit {
    /// Hash of the content.
    pub id: String,
    /// 0..1; 1 also where nothing but filters was asked for.
    pub score: f64,
}

/// The vector of a track's words, as stored: the unit vector of the sentence, times 127.
pub fn words_vector(models: &Models, words: &str) -> Result<Vec<i8>> {
    let vectors = models.embed_sentences(&[words])?;
    Ok(vectors
        .first()
        .map_or_else(Vec::new, |vector| quantize_vector(vector)))
}

/// A unit vector as stored: times 127.
pub fn quantize_vector(vector: &[f32]) -> Vec<i8> {
    vector
        .iter()
        .map(|number| (f64::from(*number) * SCALE).round().clamp(-SCALE, SCALE) as i8)
        .collect()
}

/// All of `rows`, best match for `words` first; in their own order where there are no words.
pub fn search(models: &Models, words: &str, rows: &[SearchRow]) -> Result<Vec<SearchHit>> {
    let wish = content_words(words);
    if wish.is_empty() {
        return Ok(rows
            .iter()
            .map(|row| SearchHit {
                id: row.id.clone(),
                score: 1.0,
            })
            .collect());
    }
    let mut texts = ORDINARY.to_vec();
    texts.push(words);
    let mut vectors = models.embed_sentences(&texts)?;
    let own = vectors.pop().unwrap_or_default();
    let count = vectors.len().max(1) as f64;
    let center: Vec<f64> = (0..own.len())
        .map(|at| {
            let sum: f64 = vectors
                .iter()
                .filter_map(|vector| vector.get(at))
                .map(|number| f64::from(*number))
                .sum();
            sum / count
        })
        .collect();
    let own: Vec<f64> = own.iter().map(|number| f64::from(*number)).collect();
    let mut hits: Vec<SearchHit> = rows
        .iter()
        .map(|row| {
            let meaning = likeness(&own, &row.vector, &center);
            let named = named(&wish, row);
            SearchHit {
                id: row.id.clone(),
                score: (meaning + NAMED * named) / (1.0 + NAMED),
            }
        })
        .collect();
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
    Ok(hits)
}

/// Similarity of a wish and a stored vector relative to `center`, 0..1; 0.5 if they are unrelated or one is empty.
fn likeness(wish: &[f64], stored: &[i8], center: &[f64]) -> f64 {
    if wish.len() != stored.len() {
        return 0.5;
    }
    let (mut product, mut own, mut other) = (0.0, 0.0, 0.0);
    for ((wish, stored), center) in wish.iter().zip(stored).zip(center) {
        let (a, b) = (wish - center, f64::from(*stored) / SCALE - center);
        product += a * b;
        own += a * a;
        other += b * b;
    }
    let size = (own * other).sqrt();
    if size > 1e-9 {
        (0.5 + 0.5 * product / size).clamp(0.0, 1.0)
    } else {
        0.5
    }
}

fn content_words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|letter: char| !(letter.is_alphanumeric() || letter == '-' || letter == '\''))
        .filter(|word| !word.is_empty() && !EMPTY.contains(word))
        .map(str::to_owned)
        .collect()
}

/// Mean over the words of a wish: 1 for a word of the title, the artist or the album; for one of the tags 1 for the
/// first and less for later ones; else 0.
fn named(wish: &[String], row: &SearchRow) -> f64 {
    let names: Vec<String> = [&row.title, &row.artist, &row.album]
        .into_iter()
        .flat_map(|text| content_words(text))
        .collect();
    let tags: Vec<Vec<String>> = row.words.split(", ").map(content_words).collect();
    let of_word = |word: &String| {
        if names.contains(word) {
            return 1.0;
        }
        let place = tags.iter().position(|tag| tag.contains(word));
        place.map_or(0.0, |place| 1.0 - place as f64 / (tags.len() as f64 * 2.0))
    };
    wish.iter().map(of_word).sum::<f64>() / wish.len().max(1) as f64
}
