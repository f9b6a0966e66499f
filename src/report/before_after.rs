//! The page that shows what a look does: each picture before and after, side by side.

use std::fmt::Write as _;
use std::path::Path;

use crate::error::Result;
use crate::picture::Rgb8;
use crate::report::html::{escaped, open_page, picture_address};

/// One picture of the page.
pub struct BeforeAfter<'a> {
    /// The original; its name stands above the pictures.
    pub path: &'a Path,
    /// The original picture.
    pub before: Rgb8,
    /// The picture with the look.
    pub after: Rgb8,
    /// Sentences about corrections beyond the look.
    pub notes: Vec<String>,
}

/// The page's whole style.
const STYLE: &str = "\
:root{color-scheme:light dark}\
body{margin:0 auto;max-width:1500px;padding:16px;font:16px/1.5 system-ui,sans-serif;background:Canvas;color:CanvasText}\
h1{font-size:1.4rem}article{margin:0 0 40px}h2{font-size:1rem;margin:0 0 8px;overflow-wrap:anywhere}\
.pair{display:grid;grid-template-columns:1fr 1fr;gap:8px}figure{margin:0}img{display:block;width:100%;height:auto}\
figcaption,p{margin:4px 0 0;font-size:.85rem;opacity:.8}\
@media(max-width:600px){body{padding:8px}.pair{gap:2px}}";

/// One HTML document with embedded `pictures`, a sample of `total` files; `look` is the title.
pub fn before_after_page(look: &str, total: usize, pictures: Vec<BeforeAfter>) -> Result<String> {
    let heading = format!("{look}: {} of {total} files", pictures.len());
    let mut page = open_page(look, &heading, STYLE);
    for picture in pictures {
        let name = picture.path.file_name().unwrap_or_default();
        let name = escaped(&name.to_string_lossy());
        let _ = write!(page, "<article><h2>{name}</h2><div class=pair>");
        for (word, pixels) in [("before", picture.before), ("after", picture.after)] {
            let (width, height) = (pixels.size().width, pixels.size().height);
            let address = picture_address(pixels, picture.path)?;
            let _ = write!(
                page,
                "<figure><img src=\"{address}\" width={width} height={height} alt=\"{name}, {word}\">\
                 <figcaption>{word}</figcaption></figure>"
            );
        }
        page.push_str("</div>");
        for note in &picture.notes {
            let _ = write!(page, "<p>{}</p>", escaped(note));
        }
        page.push_str("</article>");
    }
    page.push_str("</body></html>\n");
    Ok(page)
}
