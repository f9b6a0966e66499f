//! The looks that can be named.

use std::collections::BTreeSet;

/// A look that can be named.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedLook {
    /// Its id, such as `film-warm`.
    pub id: String,
    /// Words that say what it is like.
    pub words: Vec<String>,
    /// One sentence for people.
    pub summary: String,
}

/// Every look that can be named.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Vocabulary {
    /// In a fixed order: ties go to the first.
    pub looks: Vec<NamedLook>,
}

/// How much each word of a phrase that is also a word of the thing's id counts beside the cosine.
const ID_WORD: f64 = 0.40;
/// The same for words of its description.
const OWN_WORD: f64 = 0.20;

impl Vocabulary {
    /// The look whose id the words are, in any order.
    pub(super) fn by_id(&self, words: &[&str]) -> Option<&NamedLook> {
        let wanted: BTreeSet<&str> = words.iter().copied().collect();
        self.looks.iter().find(|look| {
            let id: BTreeSet<&str> = look.id.split('-').collect();
            id == wanted
        })
    }
}

impl NamedLook {
    /// What its sentence vector is made of.
    pub(super) fn text(&self) -> String {
        format!("{}. {}", self.words.join(", "), self.summary)
    }

    /// More for each word that `phrase` shares with it.
    pub(super) fn shared_words(&self, phrase: &str) -> f64 {
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
