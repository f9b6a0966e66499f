//! Licenses of music, and whether a license permits a named use.
//!
//! Plain data: [`crate::music::rights`] reads licenses from the files that state them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

mod date;
mod spdx;
mod territory;
mod usage;

pub use date::Date;
pub use spdx::{UNKNOWN_LICENSE, canonical};
pub use usage::Usage;
pub(crate) use usage::{read_platforms, read_territory};

use spdx::alternatives;

/// What a track may be used for. Where a field is absent, the license id decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct License {
    /// SPDX id or expression, or a plain name; `unknown` where no license is named.
    pub id: String,
    /// Who owns the rights; empty where that is unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub holder: String,
    /// Whether it may be used commercially.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commercial: Option<bool>,
    /// Whether it may be cut, mixed and used in a film.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edits: Option<bool>,
    /// Where films with it may be posted: ids of platforms, or the word before the dash (`youtube` for
    /// `youtube-shorts` too). Absent: anywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platforms: Option<Vec<String>>,
    /// Countries in which it may be used, ISO 3166-1 alpha-2. Absent: everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub territory: Option<Vec<String>>,
    /// The credit that it requires, as written; empty if none is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub attribution: String,
    /// The last day on which it is valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Date>,
}

impl Default for License {
    fn default() -> Self {
        Self {
            id: UNKNOWN_LICENSE.into(),
            holder: String::new(),
            commercial: None,
            edits: None,
            platforms: None,
            territory: None,
            attribution: String::new(),
            expires: None,
        }
    }
}

/// Why a track may not be used as asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Refusal {
    /// The kind of refusal.
    pub code: RefusalCode,
    /// One sentence for people.
    pub text: String,
}

/// The kinds of [`Refusal`].
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    /// No license is named.
    UnknownLicense,
    /// The license has expired.
    Expired,
    /// Commercial use is not allowed.
    NotCommercial,
    /// Changes are not allowed, and use in a film is a change.
    NoEdits,
    /// Use on this platform is not allowed.
    Platform,
    /// Use in this country is not allowed.
    Territory,
    /// The license does not state whether it allows the use.
    #[serde(rename = "not_told")]
    Unstated,
}

impl RefusalCode {
    /// The code in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::UnknownLicense => "unknown_license",
            Self::Expired => "expired",
            Self::NotCommercial => "not_commercial",
            Self::NoEdits => "no_edits",
            Self::Platform => "platform",
            Self::Territory => "territory",
            Self::Unstated => "not_told",
        }
    }
}

impl License {
    /// A license known by its id alone, in any usual spelling.
    pub fn named(written: &str) -> Self {
        Self {
            id: canonical(written),
            ..Self::default()
        }
    }

    /// True if a license is named.
    pub fn is_known(&self) -> bool {
        self.id != UNKNOWN_LICENSE
    }

    /// Fills in what is missing from a source of lower precedence. If that names a different license, only the holder
    /// is taken, since its other terms belong to that license.
    #[must_use]
    pub fn or(mut self, weaker: Self) -> Self {
        let or_else = |own: String, other: String| if own.trim().is_empty() { other } else { own };
        let another = self.is_known() && weaker.is_known() && self.id != weaker.id;
        self.holder = or_else(self.holder, weaker.holder);
        if another {
            return self;
        }
        if !self.is_known() {
            self.id = weaker.id;
        }
        self.commercial = self.commercial.or(weaker.commercial);
        self.edits = self.edits.or(weaker.edits);
        self.platforms = self.platforms.or(weaker.platforms);
        self.territory = self.territory.or(weaker.territory);
        self.attribution = or_else(self.attribution, weaker.attribution);
        self.expires = self.expires.or(weaker.expires);
        self
    }

    /// Whether `usage` is allowed on the day `today`. Of alternatives (`A OR B`), one that allows everything is enough.
    pub fn permits(&self, usage: &Usage, today: Date) -> Result<(), Refusal> {
        let refused = |code, text: String| Err(Refusal { code, text });
        if let Some(last) = self.expires.filter(|last| *last < today) {
            return refused(
                RefusalCode::Expired,
                format!("Its license ended on {last}."),
            );
        }
        if usage.is_empty() {
            return Ok(());
        }
        let terms = alternatives(&self.id);
        let says_nothing = self.commercial.is_none()
            && self.edits.is_none()
            && self.platforms.is_none()
            && self.territory.is_none();
        if !self.is_known() && says_nothing {
            let text = "Nobody says under which license it may be used.".to_owned();
            return refused(RefusalCode::UnknownLicense, text);
        }
        let choices = terms.iter().map(|terms| {
            let asked = [
                (
                    usage.commercial,
                    self.commercial.or(terms.commercial),
                    RefusalCode::NotCommercial,
                    "commercial use",
                ),
                (
                    usage.edits,
                    self.edits.or(terms.edits),
                    RefusalCode::NoEdits,
                    "changes, and music under a film is changed",
                ),
            ];
            for (asked, allowed, code, what) in asked {
                match allowed {
                    _ if !asked => {}
                    Some(true) => {}
                    Some(false) => {
                        return refused(code, format!("Its license ({}) forbids {what}.", self.id));
                    }
                    None => {
                        let text = format!(
                            "Its license ({}) does not say whether it allows {what}.",
                            self.id
                        );
                        return refused(RefusalCode::Unstated, text);
                    }
                }
            }
            Ok(())
        });
        let mut first = None;
        let mut allowed = false;
        for choice in choices {
            match choice {
                Ok(()) => allowed = true,
                Err(refusal) => {
                    first.get_or_insert(refusal);
                }
            }
        }
        if let Some(refusal) = first.filter(|_| !allowed) {
            return Err(refusal);
        }
        self.permits_places(usage)
    }

    fn permits_places(&self, usage: &Usage) -> Result<(), Refusal> {
        let platform = usage
            .platforms
            .iter()
            .find(|platform| match &self.platforms {
                Some(allowed) => !allowed.iter().any(|allowed| covers(allowed, platform)),
                None => !self.is_known(),
            });
        let country = usage
            .territory
            .iter()
            .find(|country| match &self.territory {
                Some(allowed) => !allowed.contains(country),
                None => !self.is_known(),
            });
        match (platform, country) {
            (Some(platform), _) => Err(Refusal {
                code: RefusalCode::Platform,
                text: format!("It is not licensed for {platform}."),
            }),
            (None, Some(country)) => Err(Refusal {
                code: RefusalCode::Territory,
                text: format!("It is not licensed in {country}."),
            }),
            (None, None) => Ok(()),
        }
    }

    /// A warning where no license is named; `None` where one is.
    pub fn note(&self) -> Option<&'static str> {
        (!self.is_known())
            .then_some("Nobody says under which license it may be used: ask before you post it.")
    }

    /// The credit for a track: as written, else composed of title, artist and license where the license asks for one.
    pub fn credit(&self, title: &str, artist: &str) -> Option<String> {
        if !self.attribution.trim().is_empty() {
            return Some(self.attribution.clone());
        }
        let asks = alternatives(&self.id);
        if !(asks.iter().any(|terms| terms.credit)
            && asks.iter().all(|terms| terms.credit || !terms.known))
        {
            return None;
        }
        let who = if artist.trim().is_empty() {
            self.holder.trim()
        } else {
            artist.trim()
        };
        let by = if who.is_empty() {
            String::new()
        } else {
            format!(" by {who}")
        };
        Some(format!(
            "\"{}\"{by}, licensed under {}{}",
            title.trim(),
            self.id,
            address(&self.id)
        ))
    }
}

/// True when a license names the platform, or the word before its dash.
fn covers(allowed: &str, platform: &str) -> bool {
    platform
        .strip_prefix(allowed)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// The address of the text of a Creative Commons license, in parentheses, because these licenses require it in credits.
fn address(id: &str) -> String {
    let Some(rest) = id.strip_prefix("CC-").filter(|rest| !rest.contains(' ')) else {
        return String::new();
    };
    let mut kind = Vec::new();
    let mut rest = rest.split('-').peekable();
    while let Some(part) = rest.next_if(|part| ["BY", "NC", "ND", "SA"].contains(part)) {
        kind.push(part.to_ascii_lowercase());
    }
    match rest.next() {
        Some(version) => format!(
            " (https://creativecommons.org/licenses/{}/{version}/)",
            kind.join("-")
        ),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests;
