//! The intended use of a track: `commercial,tiktok,edits,DE`.

use crate::error::{Error, Result};
use crate::hint::Hint;

use super::territory::countries;

/// The use that a license must permit. Empty where no use was named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usage {
    /// To earn money: advertising, sponsoring, a shop.
    pub commercial: bool,
    /// To cut, mix or use it in a film.
    pub edits: bool,
    /// Where it will be posted, ids of platforms.
    pub platforms: Vec<String>,
    /// Countries in which it will be shown, ISO 3166-1 alpha-2.
    pub territory: Vec<String>,
}

impl Usage {
    /// Parses words separated by commas; `platforms` are the ids that may be named. Fails with [`Error::Usage`], whose
    /// hint suggests the word that was meant or lists the ones allowed.
    pub fn parse(text: &str, platforms: &[&str]) -> Result<Self> {
        let mut usage = Self::default();
        for word in text.split(',').map(str::trim) {
            let lower = word.to_ascii_lowercase();
            if lower == "commercial" {
                usage.commercial = true;
            } else if lower == "edits" {
                usage.edits = true;
            } else if platforms.contains(&lower.as_str()) {
                usage.platforms.push(lower);
            } else if let Some(countries) = countries(word) {
                usage.territory.extend(countries);
            } else {
                return Err(unknown(word, platforms));
            }
        }
        for list in [&mut usage.platforms, &mut usage.territory] {
            list.sort();
            list.dedup();
        }
        Ok(usage)
    }

    /// True when no use is named.
    pub fn is_empty(&self) -> bool {
        !self.commercial && !self.edits && self.platforms.is_empty() && self.territory.is_empty()
    }

    /// This use in a film: if any use is named, editing is added, since music under a picture is a changed work.
    #[must_use]
    pub fn in_a_film(mut self) -> Self {
        self.edits |= !self.is_empty();
        self
    }
}

impl std::fmt::Display for Usage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let named = [(self.commercial, "commercial"), (self.edits, "edits")];
        let words: Vec<&str> = named
            .into_iter()
            .filter_map(|(there, word)| there.then_some(word))
            .chain(
                self.platforms
                    .iter()
                    .chain(&self.territory)
                    .map(String::as_str),
            )
            .collect();
        f.write_str(&words.join(","))
    }
}

fn unknown(word: &str, platforms: &[&str]) -> Error {
    let lower = word.to_ascii_lowercase();
    let known = || {
        ["commercial", "edits"]
            .into_iter()
            .chain(platforms.iter().copied())
    };
    let begun = known().find(|known| lower.len() > 2 && known.starts_with(&lower));
    let near = begun.or_else(|| {
        known()
            .map(|known| (changes(&lower, known), known))
            .filter(|(changes, known)| *changes <= 2.min(known.len() / 3))
            .min()
            .map(|(_, known)| known)
    });
    Error::Usage {
        what: format!("there is no use named {word:?}"),
        hint: match near {
            Some(known) => Hint::UseSimilarName { name: known.into() },
            None => Hint::DescribeUse {
                platforms: platforms.iter().map(ToString::to_string).collect(),
            },
        },
    }
}

/// Edit distance (V. Levenshtein 1966) of the first 40 letters of `a` and `b`.
fn changes(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) =
        (a.chars().take(40).collect(), b.chars().take(40).collect());
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (down, one) in a.iter().enumerate() {
        let mut before = down;
        let mut left = down + 1;
        let mut next = vec![left];
        for (other, above) in b.iter().zip(row.iter().skip(1)) {
            left = (before + usize::from(one != other))
                .min(left + 1)
                .min(above + 1);
            before = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

/// Parses the countries of a license row, separated by commas; `world` and `worldwide` mean everywhere.
pub(crate) fn read_territory(text: &str) -> Result<Option<Vec<String>>, String> {
    let mut all = Vec::new();
    for word in text.split(',').map(str::trim) {
        if ["world", "worldwide", "all"].contains(&word.to_ascii_lowercase().as_str()) {
            return Ok(None);
        }
        let found = countries(word).ok_or_else(|| {
            format!("there is no country {word:?}: write codes such as DE,AT, EU, or world")
        })?;
        all.extend(found);
    }
    all.sort();
    all.dedup();
    Ok(Some(all))
}

/// Parses the platforms of a license row, separated by commas, to lower case; `all` means anywhere, `none` nowhere.
pub(crate) fn read_platforms(text: &str) -> Result<Option<Vec<String>>, String> {
    let mut all = Vec::new();
    for word in text.split(',').map(|word| word.trim().to_ascii_lowercase()) {
        match word.as_str() {
            "all" | "any" => return Ok(None),
            "none" => {}
            "" => {
                return Err("a platform is empty: write ids such as tiktok,youtube, or all".into());
            }
            _ if word
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == '-') =>
            {
                all.push(word)
            }
            _ => {
                return Err(format!(
                    "{word:?} is no id of a platform: write ids such as tiktok,youtube, or all"
                ));
            }
        }
    }
    all.sort();
    all.dedup();
    Ok(Some(all))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const PLATFORMS: [&str; 3] = ["tiktok", "youtube", "youtube-shorts"];

    #[test]
    fn uses_are_read_whatever_their_case_and_written_in_order() {
        let usage = Usage::parse("DE, TikTok,commercial,edits,tiktok", &PLATFORMS).unwrap();
        assert_eq!(usage.to_string(), "commercial,edits,tiktok,DE");
        assert_eq!(Usage::parse("eu", &PLATFORMS).unwrap().territory.len(), 27);
        assert!(!Usage::parse("DE", &PLATFORMS).unwrap().is_empty());
        assert_eq!(Usage::default().in_a_film(), Usage::default());
        assert!(Usage::parse("DE", &PLATFORMS).unwrap().in_a_film().edits);
    }

    #[test]
    fn typos_are_refused_with_what_was_meant() {
        for (typed, hint) in [
            ("comercial", "did you mean commercial?"),
            ("tiktock", "did you mean tiktok?"),
            ("edit", "did you mean edits?"),
            ("com", "did you mean commercial?"),
            ("youtube-short", "did you mean youtube-shorts?"),
            ("XX", "write commercial, edits"),
            ("", "write commercial, edits"),
            ("commercial,,DE", "write commercial, edits"),
            ("podcast", "write commercial, edits"),
        ] {
            let error = Usage::parse(typed, &PLATFORMS).unwrap_err();
            assert!(
                error.hint().unwrap().to_string().starts_with(hint),
                "{typed}: {:?}",
                error.hint()
            );
        }
    }

    #[test]
    fn changes_are_counted() {
        assert_eq!(changes("kitten", "sitting"), 3);
        assert_eq!(changes("", "abc"), 3);
        assert_eq!(changes("abc", ""), 3);
        assert_eq!(changes("abc", "abc"), 0);
    }
}
