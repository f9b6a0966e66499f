//! Reads a request in plain English: "make a 20 second upbeat vertical cut of these, warm film look, no dissolves".
//!
//! In: the words, what is known of the files ([`AskedFiles`]), the looks that can be named ([`Vocabulary`]) and a
//! network that embeds sentences. Out: an [`AskedRequest`], plain data, with what each piece of the text was taken for,
//! what was not understood and what cannot be done ([`Reading`]).
//!
//! 1. The text becomes words with their places (`words.rs`); "no dissolves or wipes" becomes "no dissolves no wipes".
//! 2. Rules, each a few patterns and what they mean, take words one after the other: the tables in `rules/`. A word
//!    is taken once, so the order of the tables decides: what is more particular stands first.
//! 3. Words before "look" are compared with the looks, words before "music" describe the music (`phrases.rs`).
//! 4. What is left is compared with mood words and looks by the angle between sentence vectors (`likeness.rs`); below a
//!    threshold it counts as not understood, as does what comes after 20 comparisons. Words that say nothing
//!    ("please", "of these") are dropped.
//! 5. `resolve.rs` chooses the verb, where none was named, and gives back what that verb cannot do.
//!
//! Everything is deterministic. The parser has no state; a follow-up is a request about a plan.

mod likeness;
mod lists;
mod pattern;
mod phrases;
mod reader;
mod reading;
mod request;
mod resolve;
mod rule;
mod rules;
mod vocabulary;
mod words;

pub use likeness::Embed;
pub use reader::{Reading, Refused, Understood};
pub use reading::read;
pub use request::{AskedFiles, AskedPlan, AskedRequest, AskedStretch, AskedVerb};
pub use vocabulary::{NamedLook, Vocabulary};
