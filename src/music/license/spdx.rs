//! The terms of well-known licenses, and their canonical ids.
//!
//! Ids are those of the SPDX License List 3.24, terms those of the license texts. For Creative Commons, BY requires
//! credit, NC forbids commercial use, and ND forbids sharing adaptations, which by the license text includes any music
//! synchronized with a moving image (CC BY-NC-ND 4.0, section 1.a).

/// The id of a license that nobody named.
pub const UNKNOWN_LICENSE: &str = "unknown";

/// The terms of a license; `None` where its id does not determine them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Terms {
    pub commercial: Option<bool>,
    pub edits: Option<bool>,
    /// True when the author must be credited.
    pub credit: bool,
    /// True when the id alone determines all terms.
    pub known: bool,
}

/// Families of licenses that allow every use, by the beginning of their ids.
const FREE: [&str; 33] = [
    "0BSD",
    "AFL",
    "AGPL",
    "Apache",
    "APSL",
    "Artistic",
    "BSD",
    "BSL",
    "CC-PDDC",
    "CC0",
    "CDDL",
    "CECILL",
    "DSDP",
    "EPL",
    "EUPL",
    "Expat",
    "FAL",
    "Free-Art",
    "GFDL",
    "GPL",
    "ISC",
    "LAL",
    "LGPL",
    "MIT",
    "MPL",
    "MS-PL",
    "OFL",
    "PDDL",
    "public-domain",
    "Unlicense",
    "WTFPL",
    "X11",
    "Zlib",
];

/// The terms of one id (not an expression), in canonical spelling.
fn terms_of(id: &str) -> Terms {
    if let Some(rest) = id.strip_prefix("CC-BY") {
        let has = |part: &str| rest.split('-').any(|other| other == part);
        return Terms {
            commercial: Some(!has("NC")),
            edits: Some(!has("ND")),
            credit: true,
            known: true,
        };
    }
    // "GPL", "GPL-2.0-or-later", "GPL-2+": the family, and nothing or a mark after it.
    let free = FREE.iter().any(|family| {
        id.strip_prefix(family)
            .is_some_and(|rest| !rest.starts_with(|letter: char| letter.is_ascii_alphabetic()))
    });
    if free {
        return Terms {
            commercial: Some(true),
            edits: Some(true),
            credit: false,
            known: true,
        };
    }
    Terms::default()
}

/// The terms of each alternative of an SPDX expression (`A OR B AND C`); one for a plain id. Of licenses joined by
/// `AND` the strictest terms count. Parentheses are ignored, which could turn an `AND` into an alternative, so the
/// terms of an expression with both `AND` and parentheses are unknown.
pub(super) fn alternatives(id: &str) -> Vec<Terms> {
    if id.contains(['(', ')']) && id.contains(" AND ") {
        return vec![Terms::default()];
    }
    let plain = id.replace(['(', ')'], "");
    let together = |part: &str| {
        part.split(" AND ")
            .map(|one| terms_of(&canonical(one.split(" WITH ").next().unwrap_or(one))))
            .reduce(|a, b| Terms {
                commercial: strictest(a.commercial, b.commercial),
                edits: strictest(a.edits, b.edits),
                credit: a.credit || b.credit,
                known: a.known && b.known,
            })
            .unwrap_or_default()
    };
    plain.split(" OR ").map(together).collect()
}

/// Forbidden if either forbids it, else unknown if one of them does not state it.
fn strictest(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// The canonical spelling of what people and tags write: SPDX ids unchanged, `CC BY-SA 4.0` and the addresses of
/// Creative Commons as ids, an empty text and `unknown` as [`UNKNOWN_LICENSE`], anything else as written.
pub fn canonical(written: &str) -> String {
    let text = written.trim();
    let lower = text.to_ascii_lowercase();
    match lower.as_str() {
        "" | "unknown" | "none" | "noassertion" | "?" => return UNKNOWN_LICENSE.into(),
        "pd" | "public domain" | "public-domain" | "publicdomain" => return "public-domain".into(),
        "cc0" | "cc-0" | "cc 0" | "cc zero" | "cc0 1.0" | "cc-zero" => return "CC0-1.0".into(),
        _ => {}
    }
    if let Some(id) = from_address(&lower) {
        return id;
    }
    // An expression stays as it is: its words are not parts of the first license.
    if [" AND ", " OR ", " WITH "]
        .iter()
        .any(|word| text.contains(word))
    {
        return text.to_owned();
    }
    if let Some(id) = creative_commons(&lower) {
        return id;
    }
    // Ids are compared without case; the family is spelled as in SPDX.
    for family in FREE {
        let tail = lower.strip_prefix(&family.to_ascii_lowercase());
        if let Some(tail) = tail
            && !text.contains(' ')
            && !tail.starts_with(|letter: char| letter.is_ascii_alphabetic())
        {
            let tail = text.get(text.len() - tail.len()..).unwrap_or(tail);
            return format!("{family}{tail}");
        }
    }
    text.to_owned()
}

/// `https://creativecommons.org/licenses/by-nc/4.0/` and `…/publicdomain/zero/1.0/`.
fn from_address(lower: &str) -> Option<String> {
    let at = lower.find("creativecommons.org/")?;
    let rest = lower.get(at..)?;
    let mut parts = rest.split(['/', ' ', '"', ')', '>']).skip(1);
    match (parts.next()?, parts.next()?, parts.next()) {
        ("publicdomain", "zero", version) => Some(format!("CC0-{}", version_or(version, "1.0"))),
        ("publicdomain", "mark", _) => Some("public-domain".into()),
        ("licenses", kind, version) => {
            let version = version.filter(|version| is_version(version));
            creative_commons(&format!("cc {kind} {}", version.unwrap_or("")))
        }
        _ => None,
    }
}

fn is_version(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|letter| letter.is_ascii_digit() || letter == '.')
}

fn version_or<'a>(version: Option<&'a str>, other: &'a str) -> &'a str {
    version
        .filter(|version| is_version(version))
        .unwrap_or(other)
}

/// `cc-by-nc-sa-4.0`, `cc by nc 3.0`, `cc-by` …: the parts of Creative Commons in the order of SPDX.
fn creative_commons(lower: &str) -> Option<String> {
    let lower = lower
        .replace("creative commons", "cc")
        .replace("attribution", "by")
        .replace("noncommercial", "nc")
        .replace("non-commercial", "nc")
        .replace("sharealike", "sa")
        .replace("share-alike", "sa")
        .replace("noderivatives", "nd")
        .replace("noderivs", "nd")
        .replace("no derivatives", "nd");
    let mut words = lower
        .split([' ', '-', '_', '/'])
        .filter(|word| !word.is_empty());
    if words.next()? != "cc" {
        return None;
    }
    let (mut by, mut nc, mut nd, mut sa, mut version) = (false, false, false, false, "");
    let mut port = Vec::new();
    for word in words {
        match word {
            "by" => by = true,
            "nc" => nc = true,
            "nd" => nd = true,
            "sa" => sa = true,
            "license" | "licence" | "international" | "unported" | "intl" | "v" => {}
            word if version.is_empty() && is_version(word.trim_start_matches('v')) => {
                version = word.trim_start_matches('v');
            }
            // National ports: CC-BY-3.0-DE.
            word if !version.is_empty()
                && word.len() <= 3
                && word.bytes().all(|b| b.is_ascii_alphabetic()) =>
            {
                port.push(word.to_ascii_uppercase());
            }
            _ => return None,
        }
    }
    if !by {
        return None;
    }
    let mut id = String::from("CC-BY");
    for (there, part) in [(nc, "-NC"), (nd, "-ND"), (sa && !nd, "-SA")] {
        if there {
            id.push_str(part);
        }
    }
    for part in std::iter::once(version.to_owned())
        .chain(port)
        .filter(|part| !part.is_empty())
    {
        id.push('-');
        id.push_str(&part);
    }
    Some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_become_ids() {
        for (written, id) in [
            ("", "unknown"),
            (" Unknown ", "unknown"),
            ("CC0", "CC0-1.0"),
            ("cc0-1.0", "CC0-1.0"),
            ("CC BY 4.0", "CC-BY-4.0"),
            ("cc-by-sa-3.0", "CC-BY-SA-3.0"),
            ("CC BY-NC-SA", "CC-BY-NC-SA"),
            ("CC-BY-3.0-DE", "CC-BY-3.0-DE"),
            (
                "Creative Commons Attribution-NonCommercial 4.0 International",
                "CC-BY-NC-4.0",
            ),
            (
                "http://creativecommons.org/licenses/by-nc-nd/3.0/",
                "CC-BY-NC-ND-3.0",
            ),
            (
                "licensed to the public under https://creativecommons.org/licenses/by/4.0/ verify at x",
                "CC-BY-4.0",
            ),
            (
                "https://creativecommons.org/publicdomain/zero/1.0/",
                "CC0-1.0",
            ),
            ("Public Domain", "public-domain"),
            ("gpl-2+", "GPL-2+"),
            ("mit", "MIT"),
            ("CC-BY-4.0 AND ABC", "CC-BY-4.0 AND ABC"),
            ("Mitchell Records 2019", "Mitchell Records 2019"),
            ("Acme sync 12", "Acme sync 12"),
        ] {
            assert_eq!(canonical(written), id, "{written}");
        }
    }

    #[test]
    fn kept_spellings_stay() {
        for id in [
            "CC-BY-NC-SA-4.0",
            "GPL-2.0-or-later",
            "CC0-1.0",
            "public-domain",
            "unknown",
            "LicenseRef-Acme",
        ] {
            assert_eq!(canonical(id), id);
        }
    }

    #[test]
    fn expressions_have_alternatives_and_the_strictest_of_those_that_hold_together() {
        let terms = |id: &str| {
            alternatives(id)
                .iter()
                .map(|terms| (terms.commercial, terms.edits))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            terms("CC-BY-NC-4.0 OR GPL-2.0-only"),
            [(Some(false), Some(true)), (Some(true), Some(true))]
        );
        assert_eq!(
            terms("CC-BY-4.0 AND CC-BY-NC-4.0"),
            [(Some(false), Some(true))]
        );
        assert_eq!(terms("CC-BY-4.0 AND Acme"), [(None, None)]);
        assert_eq!(
            terms("GPL-3.0-only WITH Classpath-exception-2.0"),
            [(Some(true), Some(true))]
        );
        assert_eq!(terms("(MIT OR ISC) AND CC-BY-NC-4.0"), [(None, None)]);
        assert_eq!(terms("GPLish"), [(None, None)]);
    }
}
