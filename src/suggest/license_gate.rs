//! Selects the tracks that may be used as requested. The others are never ranked: a good match must not hide that it is
//! forbidden.

use std::collections::BTreeMap;

use crate::music::{Date, License, RefusalCode, Usage};
use crate::suggest::LeftOut;

/// The tracks whose license permits `usage` on `today`, and the number left out for each reason, most first.
pub fn permitted<'a, T>(
    tracks: &'a [T],
    license: impl Fn(&T) -> &License,
    usage: Option<&Usage>,
    today: Date,
) -> (Vec<&'a T>, Vec<LeftOut>) {
    let mut gate = Gate::new(usage, today);
    let allowed = tracks
        .iter()
        .filter(|track| gate.permits(license(track)))
        .collect();
    (allowed, gate.left_out())
}

/// Checks licenses and counts the refusals.
pub(super) struct Gate {
    usage: Usage,
    today: Date,
    refused: BTreeMap<RefusalCode, usize>,
}

impl Gate {
    pub fn new(usage: Option<&Usage>, today: Date) -> Self {
        Self {
            usage: usage.cloned().unwrap_or_default(),
            today,
            refused: BTreeMap::new(),
        }
    }

    pub fn permits(&mut self, license: &License) -> bool {
        let refusal = license.permits(&self.usage, self.today).err();
        if let Some(refusal) = &refusal {
            *self.refused.entry(refusal.code).or_default() += 1;
        }
        refusal.is_none()
    }

    /// The number left out for each reason, most first.
    pub fn left_out(self) -> Vec<LeftOut> {
        let mut left_out: Vec<LeftOut> = self
            .refused
            .into_iter()
            .map(|(code, tracks)| LeftOut {
                code,
                tracks,
                text: text(code, tracks, &self.usage),
            })
            .collect();
        left_out.sort_by_key(|left_out| std::cmp::Reverse(left_out.tracks));
        left_out
    }
}

/// One sentence for people.
fn text(code: RefusalCode, tracks: usize, usage: &Usage) -> String {
    let (whose, was) = match tracks {
        1 => ("1 track whose license".to_owned(), "was"),
        many => (format!("{many} tracks whose licenses"), "were"),
    };
    // "license says", "licenses say".
    let verb = |one: &str, more: &str| if tracks == 1 { one } else { more }.to_owned();
    let why = match code {
        RefusalCode::UnknownLicense => format!("{} not known", verb("is", "are")),
        RefusalCode::Expired => format!("{} ended", verb("has", "have")),
        RefusalCode::NotCommercial => format!("{} commercial use", verb("forbids", "forbid")),
        RefusalCode::NoEdits => format!(
            "{} changes, and music under a film is changed",
            verb("forbids", "forbid")
        ),
        RefusalCode::Platform => format!(
            "{} not for {}",
            verb("is", "are"),
            usage.platforms.join(" and ")
        ),
        RefusalCode::Territory => format!(
            "{} not for {}",
            verb("is", "are"),
            usage.territory.join(" and ")
        ),
        RefusalCode::Unstated => {
            format!("{} not say whether {usage} is allowed", verb("does", "do"))
        }
    };
    format!("{whose} {why} {was} left out.")
}
