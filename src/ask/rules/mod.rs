//! The tables of rules. What is more particular stands first: a word is taken once.

mod cutting;
mod files;
mod length;
mod looks;
mod music;
mod output;
mod refusals;
mod revision;
mod shape;
mod verbs;

use crate::ask::rule::{Refusal, RequestRule};

/// Rules for what begins like something that cannot be done.
pub(super) fn early_rules() -> impl Iterator<Item = &'static RequestRule> {
    output::NOISE.iter()
}

/// All rules in the order in which they take words.
pub(super) fn all_rules() -> impl Iterator<Item = &'static RequestRule> {
    let tables: [&'static [RequestRule]; 9] = [
        files::RULES,
        revision::RULES,
        output::RULES,
        verbs::RULES,
        shape::RULES,
        length::RULES,
        looks::RULES,
        music::RULES,
        cutting::RULES,
    ];
    tables.into_iter().flatten()
}

/// Rules for what looks have left over.
pub(super) fn late_rules() -> impl Iterator<Item = &'static RequestRule> {
    verbs::FILM.iter()
}

/// What cannot be done.
pub(super) fn refusals() -> &'static [Refusal] {
    refusals::REFUSALS
}
