//! Filters on vocals: "no vocals", "instrumental", "with female vocals".

use super::Token;

const VOICES: [&str; 12] = [
    "vocals",
    "vocal",
    "singing",
    "singer",
    "singers",
    "voice",
    "voices",
    "lyrics",
    "vox",
    "words",
    "vocalist",
    "vocalists",
];
/// Words between "no" and the voice that do not change the meaning.
const FILLING: [&str; 6] = ["any", "lead", "human", "the", "a", "sung"];

/// Whether vocals are wanted, the words that stay for ranking, and the number of tokens used.
pub(super) fn vocals(tokens: &[Token]) -> Option<(bool, &[Token], usize)> {
    let word = |at: usize| tokens.get(at).map(|token| token.text.as_str());
    let is_voice = |at: usize| word(at).is_some_and(|word| VOICES.contains(&word));
    let goes_on = |at: usize| tokens.get(at).is_some_and(|token| !token.ends);
    match word(0)? {
        "no" | "without" | "w/o" | "zero" if goes_on(0) => {
            let filling = usize::from(word(1).is_some_and(|word| FILLING.contains(&word)));
            is_voice(1 + filling).then_some((false, &[], 2 + filling))
        }
        "not" | "non"
            if goes_on(0) && matches!(word(1), Some("instrumental" | "instrumentals")) =>
        {
            Some((true, &[], 2))
        }
        "instrumental" | "instrumentals" | "non-vocal" | "vocal-free" | "voiceless" => {
            Some((false, &[], 1))
        }
        "non-instrumental" | "sung" => Some((true, &[], 1)),
        "with" if goes_on(0) && is_voice(1) => Some((true, &[], 2)),
        // "with female vocals": the kind of voice ranks.
        "with" if goes_on(0) && goes_on(1) && is_voice(2) => {
            let kept = if word(1).is_some_and(|word| FILLING.contains(&word)) {
                &[][..]
            } else {
                tokens.get(1..3)?
            };
            (word(1) != Some("no")).then_some((true, kept, 3))
        }
        _ => None,
    }
}
