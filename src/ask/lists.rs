//! Lists of words, in files of `lists/` that are compiled into the program.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Words that say nothing of what is wanted.
pub(super) static FILLERS: LazyLock<WordList> =
    LazyLock::new(|| WordList::new(include_str!("lists/fillers.txt")));

/// Instruments and genres.
pub(super) static MUSIC_WORDS: LazyLock<WordList> =
    LazyLock::new(|| WordList::new(include_str!("lists/music_words.txt")));

/// Moods that are known by name.
pub(super) static MOODS: LazyLock<WordList> =
    LazyLock::new(|| WordList::new(include_str!("lists/moods.txt")));

/// Words that rules name together.
static CLASSES: LazyLock<BTreeMap<&str, BTreeSet<&str>>> = LazyLock::new(|| {
    let lines = lines(include_str!("lists/classes.txt")).filter_map(|line| line.split_once(": "));
    lines
        .map(|(name, words)| (name, words.split(' ').collect()))
        .collect()
});

/// Lines that are no comments.
fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#'))
}

/// Words in the order of the alphabet.
pub(super) struct WordList(BTreeSet<&'static str>);

impl WordList {
    fn new(text: &'static str) -> Self {
        Self(lines(text).flat_map(str::split_whitespace).collect())
    }

    /// Whether `word` is one of them.
    pub fn has(&self, word: &str) -> bool {
        self.0.contains(word)
    }

    /// All of them.
    pub fn words(&self) -> Vec<String> {
        self.0.iter().map(|word| (*word).to_owned()).collect()
    }
}

/// Whether `word` is in the class that a pattern calls `{name}`; `None` where there is no such class.
pub(super) fn is_of_class(name: &str, word: &str) -> Option<bool> {
    let name = name.strip_prefix('{')?.strip_suffix('}')?;
    CLASSES.get(name).map(|words| words.contains(word))
}
