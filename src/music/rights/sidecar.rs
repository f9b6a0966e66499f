//! `song.ogg.license`: a file beside a track, as REUSE 3.3 has it ("Comment headers and `.license` files").

use std::path::Path;

use crate::error::{Error, Result};
use crate::music::license::License;

/// What is appended to the name of a file.
pub const SIDECAR_ENDING: &str = ".license";

/// The license in `text`; `path` is named in errors. Several licenses all apply. Lines without `SPDX-` are ignored.
///
/// Fails with [`Error::Document`] for an empty or malformed line, and where no license is named.
pub fn parse_sidecar(text: &str, path: &Path) -> Result<License> {
    let (mut ids, mut holders, mut credits) = (Vec::new(), Vec::new(), Vec::new());
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        let wrong = |what: String| Error::document(path, text, start, what);
        let Some((_, rest)) = line.split_once("SPDX-") else {
            continue;
        };
        let Some((name, value)) = rest.split_once(':') else {
            continue;
        };
        let value = value
            .trim()
            .trim_end_matches("*/")
            .trim_end_matches("-->")
            .trim();
        let list = match name {
            "License-Identifier" => &mut ids,
            "FileCopyrightText" => &mut holders,
            "FileAttributionText" => &mut credits,
            _ => continue,
        };
        if value.is_empty() {
            return Err(wrong(format!("SPDX-{name}: says nothing")));
        }
        if name == "License-Identifier"
            && let Some(what) = wrong_expression(value)
        {
            return Err(wrong(what));
        }
        let value = if name == "FileCopyrightText" {
            holder(value)
        } else {
            value.to_owned()
        };
        if !value.is_empty() && !list.contains(&value) {
            list.push(value);
        }
    }
    if ids.is_empty() {
        let what = "there is no line such as SPDX-License-Identifier: CC-BY-4.0";
        return Err(Error::document(path, text, 0, what));
    }
    // Parenthesize a choice within one line, so that it stays one when lines are joined.
    let id = match ids.as_slice() {
        [id] => id.clone(),
        several => several
            .iter()
            .map(|id| {
                if id.contains(" OR ") {
                    format!("({id})")
                } else {
                    id.clone()
                }
            })
            .collect::<Vec<_>>()
            .join(" AND "),
    };
    Ok(License {
        holder: holders.join(", "),
        attribution: credits.join("; "),
        ..License::named(&id)
    })
}

/// What is wrong with the syntax of an SPDX expression; ids are not checked.
fn wrong_expression(id: &str) -> Option<String> {
    let operator = |word: &str| matches!(word, "AND" | "OR" | "WITH");
    let words: Vec<&str> = id
        .split([' ', '(', ')'])
        .filter(|word| !word.is_empty())
        .collect();
    let ends = words.first().into_iter().chain(words.last());
    if words.is_empty() || ends.into_iter().any(|word| operator(word)) {
        return Some(format!("{id:?} is only a part of a license expression"));
    }
    let mut depth = 0_i32;
    let closed = id.chars().all(|letter| {
        depth += i32::from(letter == '(') - i32::from(letter == ')');
        depth >= 0
    });
    (!closed || depth != 0).then(|| format!("the parentheses of {id:?} do not match"))
}

/// `Copyright (C) 2019-2021 Jane Doe <jane@example.org>` is held by Jane Doe.
fn holder(text: &str) -> String {
    let is_mark = |word: &str| {
        matches!(
            word.to_ascii_lowercase().as_str(),
            "copyright" | "(c)" | "©"
        ) || word
            .chars()
            .all(|letter| letter.is_ascii_digit() || matches!(letter, '-' | '–' | ','))
    };
    text.split_whitespace()
        .skip_while(|word| is_mark(word))
        .take_while(|word| !word.starts_with('<'))
        .collect::<Vec<_>>()
        .join(" ")
}
