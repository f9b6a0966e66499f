//! What can be named: looks, styles, transitions and captions, and how near a phrase is to each.

use std::collections::BTreeSet;

use crate::error::Result;

/// What kind of thing a name is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedKind {
    /// A look.
    Look,
    /// A transition between shots.
    Transition,
}

/// Something that can be named.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedThing {
    /// What it is.
    pub kind: NamedKind,
    /// Its id, such as `film-warm`.
    pub id: String,
    /// Words that say what it is like.
    pub words: Vec<String>,
    /// One sentence for people.
    pub summary: String,
}

/// Everything that can be named.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Vocabulary {
    /// In a fixed order: ties go to the first.
    pub things: Vec<NamedThing>,
}

/// Embeds sentences as vectors of unit length.
pub type Embed<'a> = &'a dyn Fn(&[&str]) -> Result<Vec<Vec<f32>>>;

/// How much each word of a phrase that is also a word of the thing's id counts beside the cosine.
const ID_WORD: f64 = 0.40;
/// The same for words of its description.
const OWN_WORD: f64 = 0.20;

/// Least likeness of a phrase that is said to be a look. Looked at over some phrases: "juicy food" has 0.48 by its
/// vector alone, "80s camcorder" 0.55, "old postcard" 0.27; "cherry on top" 0.25, "tax return" 0.20, "loud noise" 0.17.
pub(super) const LEAST_LOOK: f64 = 0.26;

impl Vocabulary {
    /// The thing of `kind` that is most like `phrase`, and how much: the cosine of their sentence vectors after the
    /// mean of all things was subtracted, more where words are shared.
    pub(super) fn nearest(
        &self,
        kind: NamedKind,
        phrase: &str,
        embed: Embed<'_>,
    ) -> Result<Option<(&NamedThing, f64)>> {
        let things: Vec<&NamedThing> = self
            .things
            .iter()
            .filter(|thing| thing.kind == kind)
            .collect();
        let texts: Vec<String> = things.iter().map(|thing| thing.text()).collect();
        let likenesses = likenesses(phrase, &texts, embed)?;
        let mut best: Option<(&NamedThing, f64)> = None;
        for (thing, cosine) in things.into_iter().zip(likenesses) {
            let likeness = cosine + thing.shared_words(phrase);
            if best.is_none_or(|(_, most)| likeness > most) {
                best = Some((thing, likeness));
            }
        }
        Ok(best)
    }

    /// The thing whose id the words are, in any order.
    pub(super) fn by_id(&self, kind: NamedKind, words: &[&str]) -> Option<&NamedThing> {
        let wanted: BTreeSet<&str> = words.iter().copied().collect();
        self.things.iter().find(|thing| {
            let id: BTreeSet<&str> = thing.id.split('-').collect();
            thing.kind == kind && id == wanted
        })
    }
}

impl NamedThing {
    fn text(&self) -> String {
        format!("{}. {}", self.words.join(", "), self.summary)
    }

    fn shared_words(&self, phrase: &str) -> f64 {
        let mut shared = 0.0;
        for word in phrase.split(' ') {
            if self.id.split('-').any(|known| known == word) {
                shared += ID_WORD;
            } else if self.words.iter().any(|known| known == word) {
                shared += OWN_WORD;
            }
        }
        shared
    }
}

/// Cosines of `phrase` with each of `texts`, after the mean of the texts was subtracted from all: the vectors of all
/// descriptions lie in a narrow cone.
pub(super) fn likenesses(phrase: &str, texts: &[String], embed: Embed<'_>) -> Result<Vec<f64>> {
    let mut all: Vec<&str> = texts.iter().map(String::as_str).collect();
    all.push(phrase);
    let mut vectors = embed(&all)?;
    let Some(own) = vectors.pop() else {
        return Ok(Vec::new());
    };
    let mut mean = vec![0.0_f32; own.len()];
    for vector in &vectors {
        for (sum, number) in mean.iter_mut().zip(vector) {
            *sum += number / vectors.len().max(1) as f32;
        }
    }
    let centered = |vector: &[f32]| -> Vec<f64> {
        let pairs = vector.iter().zip(&mean);
        pairs
            .map(|(number, mean)| f64::from(number - mean))
            .collect()
    };
    let own = centered(&own);
    Ok(vectors
        .iter()
        .map(|vector| cosine(&own, &centered(vector)))
        .collect())
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
