//! The page of pairs that a profile asks about: this look or that one, this track or that one.

use std::fmt::Write as _;
use std::path::Path;

use crate::error::Result;
use crate::report::GalleryEntry;
use crate::report::html::{PAGE_STYLE, escaped, open_page, picture_address};

const STYLE: &str = ".pair{display:grid;grid-template-columns:1fr 1fr;gap:.5rem;margin-bottom:2rem}\
.pair figure{margin:0;display:block}.pair img{width:100%}.pair figcaption{font-size:.9rem}";

/// A pair on the page.
pub struct ComparedPair<'a> {
    /// What each is called.
    pub names: [&'a str; 2],
    /// The photo in both looks: its path, and the pictures; absent for tracks.
    pub photo: Option<(&'a Path, [GalleryEntry; 2])>,
}

/// One HTML document with all pairs; `how` says how to answer.
pub fn compare_page(how: &str, pairs: Vec<ComparedPair<'_>>) -> Result<String> {
    let heading = format!("Which of the two? {} pairs", pairs.len());
    let mut page = open_page(&heading, &heading, &format!("{PAGE_STYLE}{STYLE}"));
    let _ = write!(page, "<p>{}</p>", escaped(how));
    for (number, pair) in (1..).zip(pairs) {
        let _ = write!(page, "<h2>{number}</h2><div class=pair>");
        let mut pictures = [None, None];
        if let Some((path, entries)) = pair.photo {
            pictures = entries.map(|entry| Some(picture_address(entry.picture, path)));
        }
        for ((letter, name), picture) in ["a", "b"].iter().zip(pair.names).zip(pictures) {
            page.push_str("<figure>");
            if let Some(address) = picture.transpose()? {
                let _ = write!(page, "<img src=\"{address}\" alt=\"{}\">", escaped(name));
            }
            let _ = write!(
                page,
                "<figcaption><b>{letter}</b> {}</figcaption></figure>",
                escaped(name)
            );
        }
        page.push_str("</div>");
    }
    page.push_str("</body></html>\n");
    Ok(page)
}
