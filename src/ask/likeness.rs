//! How near a phrase is to each look, and to moods: the cosine of sentence vectors.

use crate::ask::lists::MOODS;
use crate::ask::vocabulary::{NamedLook, Vocabulary};
use crate::error::Result;

/// Embeds sentences as vectors of unit length.
pub type Embed<'a> = &'a dyn Fn(&[&str]) -> Result<Vec<Vec<f32>>>;

/// Most phrases of a request that are compared; no person asks for so many things, and each costs a run of the network.
const MOST_PHRASES: usize = 20;

/// Compares the phrases of one request. The tables are embedded when the first phrase needs them.
pub(super) struct PhraseComparer<'a> {
    /// The looks.
    pub vocabulary: &'a Vocabulary,
    embed: Embed<'a>,
    looks: Option<SentenceTable>,
    moods: Option<SentenceTable>,
    compared: usize,
}

impl<'a> PhraseComparer<'a> {
    /// Nothing is embedded yet.
    pub fn new(vocabulary: &'a Vocabulary, embed: Embed<'a>) -> Self {
        Self {
            vocabulary,
            embed,
            looks: None,
            moods: None,
            compared: 0,
        }
    }

    /// The look that is most like `phrase`, and how much: the cosine, and more where words are shared. `None` where
    /// there is no look, or too many phrases were compared.
    pub fn nearest_look(&mut self, phrase: &str) -> Result<Option<(&'a NamedLook, f64)>> {
        if !self.may_compare() {
            return Ok(None);
        }
        let looks = &self.vocabulary.looks;
        let texts = || looks.iter().map(NamedLook::text).collect();
        let cosines = cosines(&mut self.looks, texts, phrase, self.embed)?;
        let mut best: Option<(&NamedLook, f64)> = None;
        for (look, cosine) in looks.iter().zip(cosines) {
            let likeness = cosine + look.shared_words(phrase);
            if best.is_none_or(|(_, most)| likeness > most) {
                best = Some((look, likeness));
            }
        }
        Ok(best)
    }

    /// The cosine of `phrase` with the mood word nearest to it; `None` where too many phrases were compared.
    pub fn nearest_mood(&mut self, phrase: &str) -> Result<Option<f64>> {
        if !self.may_compare() {
            return Ok(None);
        }
        let cosines = cosines(&mut self.moods, || MOODS.words(), phrase, self.embed)?;
        Ok(cosines.into_iter().max_by(f64::total_cmp))
    }

    fn may_compare(&mut self) -> bool {
        self.compared += 1;
        self.compared <= MOST_PHRASES
    }
}

/// Cosines of `phrase` with the sentences of a table, which is embedded from `texts` if it is not there yet.
fn cosines(
    table: &mut Option<SentenceTable>,
    texts: impl FnOnce() -> Vec<String>,
    phrase: &str,
    embed: Embed<'_>,
) -> Result<Vec<f64>> {
    let table = match table {
        Some(known) => known,
        None => table.insert(SentenceTable::new(&texts(), embed)?),
    };
    let own = embed(&[phrase])?.pop().unwrap_or_default();
    Ok(table.cosines(&own))
}

/// Sentence vectors less their mean: those of all descriptions lie in a narrow cone.
struct SentenceTable {
    mean: Vec<f32>,
    centered: Vec<Vec<f64>>,
}

impl SentenceTable {
    fn new(texts: &[String], embed: Embed<'_>) -> Result<Self> {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let vectors = embed(&texts)?;
        let mut mean = vec![0.0_f32; vectors.first().map_or(0, Vec::len)];
        for vector in &vectors {
            for (sum, number) in mean.iter_mut().zip(vector) {
                *sum += number / vectors.len().max(1) as f32;
            }
        }
        let centered = vectors.iter().map(|vector| less(vector, &mean)).collect();
        Ok(Self { mean, centered })
    }

    fn cosines(&self, vector: &[f32]) -> Vec<f64> {
        let own = less(vector, &self.mean);
        let known = self.centered.iter();
        known.map(|known| cosine(&own, known)).collect()
    }
}

fn less(vector: &[f32], mean: &[f32]) -> Vec<f64> {
    let pairs = vector.iter().zip(mean);
    pairs
        .map(|(number, mean)| f64::from(number - mean))
        .collect()
}

fn cosine(a: &[f64], b: &[f64]) -> f64 {
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let size = (product(a, a) * product(b, b)).sqrt();
    if size > 1e-9 {
        product(a, b) / size
    } else {
        0.0
    }
}
