//! The state of reading one text: which words are taken, and for what.

use schemars::JsonSchema;
use serde::Serialize;

use crate::ask::pattern::{Found, match_pattern};
use crate::ask::request::{AskedFiles, AskedRequest};
use crate::ask::rule::{Refusal, RequestRule, RuleContext};
use crate::ask::words::{AskedWord, words};

/// A piece of the text and what it was taken for.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Understood {
    /// The words.
    pub text: String,
    /// What they were taken for.
    pub means: String,
}

/// Something that was understood and cannot be done.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Refused {
    /// The words.
    pub text: String,
    /// Why not, and what can be done instead.
    pub why: String,
}

/// What a text was read as.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// In the order of the text.
    pub understood: Vec<Understood>,
    /// Words that mean nothing here.
    pub not_understood: Vec<String>,
    /// What cannot be done.
    pub cannot: Vec<Refused>,
    /// The request.
    pub request: AskedRequest,
}

/// The state of reading one text.
pub(super) struct Reader<'a> {
    text: &'a str,
    /// What is known of the files.
    pub files: &'a AskedFiles,
    /// The words.
    pub words: Vec<AskedWord>,
    /// Which of them are taken.
    pub taken: Vec<bool>,
    /// What was asked for so far.
    pub request: AskedRequest,
    /// What the film is to feel like, with where that begins.
    pub phrases: Vec<(usize, String)>,
    understood: Vec<(usize, Understood)>,
    cannot: Vec<(usize, Refused)>,
    not_understood: Vec<String>,
}

impl<'a> Reader<'a> {
    /// Nothing is taken yet.
    pub fn new(text: &'a str, files: &'a AskedFiles) -> Self {
        let words = words(text, &files.names);
        Self {
            text,
            files,
            taken: vec![false; words.len()],
            words,
            request: AskedRequest::default(),
            phrases: Vec::new(),
            understood: Vec::new(),
            cannot: Vec::new(),
            not_understood: Vec::new(),
        }
    }

    /// Takes all words that a rule knows.
    pub fn apply(&mut self, rule: &RequestRule) {
        let mut start = 0;
        while start < self.words.len() {
            let Some((found, used)) = self.longest(rule.patterns, start) else {
                start += 1;
                continue;
            };
            let context = RuleContext { files: self.files };
            match (rule.apply)(&mut self.request, &found, &context) {
                Some(means) => {
                    self.take(start, used, means);
                    start += used;
                }
                None => start += 1,
            }
        }
    }

    /// Takes all words of what cannot be done.
    pub fn refuse(&mut self, rule: &Refusal) {
        let mut start = 0;
        while start < self.words.len() {
            let Some((_, used)) = self.longest(rule.patterns, start) else {
                start += 1;
                continue;
            };
            let refused = Refused {
                text: self.text_of(start, used),
                why: rule.why.into(),
            };
            self.cannot.push((start, refused));
            self.mark(start, used);
            start += used;
        }
    }

    fn longest(&self, patterns: &[&str], start: usize) -> Option<(Found, usize)> {
        let matches = patterns
            .iter()
            .filter_map(|pattern| match_pattern(pattern, &self.words, &self.taken, start));
        matches.max_by_key(|(_, used)| *used)
    }

    /// Notes what words were taken for.
    pub fn take(&mut self, start: usize, used: usize, means: impl Into<String>) {
        let understood = Understood {
            text: self.text_of(start, used),
            means: means.into(),
        };
        self.understood.push((start, understood));
        self.mark(start, used);
    }

    /// Notes words that mean nothing.
    pub fn give_up(&mut self, start: usize, used: usize) {
        self.not_understood.push(self.text_of(start, used));
        self.mark(start, used);
    }

    fn mark(&mut self, start: usize, used: usize) {
        self.taken
            .iter_mut()
            .skip(start)
            .take(used)
            .for_each(|taken| *taken = true);
    }

    /// Words as they were typed.
    pub fn text_of(&self, start: usize, used: usize) -> String {
        let first = self.words.get(start).map_or(0, |word| word.place.start);
        let last = self.words.get((start + used).saturating_sub(1));
        let end = last.map_or(first, |word| word.place.end);
        self.text.get(first..end).unwrap_or_default().to_owned()
    }

    /// What was read.
    pub fn finish(mut self) -> Reading {
        self.phrases.sort();
        let phrases = self.phrases.into_iter().map(|(_, phrase)| phrase);
        self.request.words.extend(phrases);
        self.understood.sort_by_key(|(start, _)| *start);
        self.cannot.sort_by_key(|(start, _)| *start);
        Reading {
            understood: self
                .understood
                .into_iter()
                .map(|(_, piece)| piece)
                .collect(),
            not_understood: self.not_understood,
            cannot: self.cannot.into_iter().map(|(_, piece)| piece).collect(),
            request: self.request,
        }
    }
}
