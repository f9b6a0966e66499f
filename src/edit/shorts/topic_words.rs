//! What a part of a recording is about: its words, weighed by how much rarer they are in the rest.

use std::collections::{HashMap, HashSet};

use crate::analysis::TranscriptWord;

/// Shortest word that can carry a topic, in letters.
const SHORTEST: usize = 4;
/// Words of more than three letters that say little by themselves.
const PLAIN: &str = "\
    about actually after again also always another anything away back because been before being better \
    come could didn't does doesn't doing don't down each even every everything first from gets getting \
    give goes going gonna good great have having here into it's just kind know like little look made \
    make many maybe might more most much must need never once only other over people perhaps please \
    quite rather really right said same should some something still such sure take than that that's \
    their them then there these they thing things think this very want were what when where which while \
    whole with would your";

/// How often each word is said in a recording.
#[derive(Debug, Default)]
pub(super) struct TopicWords {
    counts: HashMap<String, usize>,
    total: usize,
}

impl TopicWords {
    /// Counts the words of a whole recording.
    pub fn new<'a>(words: impl IntoIterator<Item = &'a TranscriptWord>) -> Self {
        let mut topics = Self::default();
        for word in words {
            topics.total += 1;
            if let Some(plain) = topic(&word.text) {
                *topics.counts.entry(plain).or_default() += 1;
            }
        }
        topics
    }

    /// How much a word says about its topic: 0 for words that everybody uses, up to about 1 for one that is said again
    /// and again in `said` and hardly anywhere else.
    pub fn weight(&self, text: &str, said: &HashMap<String, usize>) -> f64 {
        let Some(word) = topic(text) else {
            return 0.0;
        };
        let all = self.counts.get(&word).copied().unwrap_or(1).max(1) as f64;
        let here = said.get(&word).copied().unwrap_or(1).max(1) as f64;
        // A word of the whole recording's topic counts as well as one of this part alone.
        let often = (1.0 + here).ln() / (1.0 + 4.0_f64).ln();
        let own = here / all;
        let known = (1.0 + all).ln() / (1.0 + 8.0_f64).ln();
        (often.min(1.0) * (0.5 + 0.25 * own + 0.25 * known.min(1.0))).clamp(0.0, 1.0)
    }

    /// The mean weight of a part's words, as a share of what a dense part reaches.
    pub fn density(&self, words: &[TranscriptWord]) -> f64 {
        const DENSE: f64 = 0.2;
        if words.is_empty() {
            return 0.0;
        }
        let said = counted(words);
        let sum: f64 = words
            .iter()
            .map(|word| self.weight(&word.text, &said))
            .sum();
        (sum / words.len() as f64 / DENSE).min(1.0)
    }

    /// The few words that a part is about, the strongest first.
    pub fn strongest(&self, words: &[TranscriptWord], most: usize) -> Vec<String> {
        let said = counted(words);
        let mut seen = HashSet::new();
        let mut ranked: Vec<(f64, String)> = words
            .iter()
            .filter_map(|word| Some((self.weight(&word.text, &said), topic(&word.text)?)))
            .filter(|(_, word)| seen.insert(word.clone()))
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        ranked
            .into_iter()
            .take(most)
            .map(|(_, word)| word)
            .collect()
    }
}

/// How often each topic word is said in a part.
pub(super) fn counted(words: &[TranscriptWord]) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for word in words.iter().filter_map(|word| topic(&word.text)) {
        *counts.entry(word).or_default() += 1;
    }
    counts
}

/// A word that can carry a topic, without case and punctuation.
pub(in crate::edit) fn topic(text: &str) -> Option<String> {
    let plain = plain(text);
    let long = plain.chars().count() >= SHORTEST;
    (long && !is_among(PLAIN, &plain)).then_some(plain)
}

/// Whether a word is one of a list.
pub(super) fn is_among(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|listed| listed == word)
}

/// A word without case and punctuation.
pub(in crate::edit) fn plain(text: &str) -> String {
    text.chars()
        .filter(|letter| letter.is_alphanumeric() || *letter == '\'')
        .flat_map(char::to_lowercase)
        .collect()
}
