//! The HTML page about all files of an analysis.

use std::fmt::Write as _;
use std::path::Path;

use crate::analysis::Analysis;
use crate::error::{Error, Result};
use crate::media::{Limits, decode_still, to_srgb};
use crate::picture::{Filter, resize};
use crate::report::annotated_picture::{facts, marked};
use crate::report::html::{PAGE_STYLE, escaped, open_page, picture_address};
use crate::report::sound_panel::sound_panel;
use crate::report::storyboard::storyboard;
use crate::report::waveform::outline;
use crate::task::Task;

/// Longer side of a still on the page, in pixels.
const SIDE: u32 = 900;

/// One HTML document about `files` with embedded pictures, for which the files are read again.
///
/// A file that can no longer be read keeps its facts and shows the reason in place of its picture.
///
/// Errors: only those that end the whole run, such as cancelling.
pub fn analysis_page(files: &[Analysis], limits: &Limits, task: &Task) -> Result<String> {
    let title = format!("Analysis of {} files", files.len());
    let mut page = open_page(&title, "Analysis", PAGE_STYLE);
    if files.len() > 1 {
        page.push_str("<nav><ol>");
        for (number, file) in files.iter().enumerate() {
            let _ = write!(
                page,
                "<li><a href=\"#file{number}\">{}</a></li>",
                escaped(name(file))
            );
        }
        page.push_str("</ol></nav>");
    }
    for (number, file) in files.iter().enumerate() {
        task.check()?;
        let _ = write!(
            page,
            "<article id=file{number}><h2>{}</h2><p class=path>{}</p>",
            escaped(name(file)),
            escaped(&file.file.path)
        );
        if let Some(partial) = &file.file.partial {
            let _ = write!(
                page,
                "<p class=note>Only part of this file could be read: {}</p>",
                escaped(&partial.message)
            );
        }
        body(&mut page, file, limits, task)?;
        page.push_str("</article>");
    }
    page.push_str("</body></html>\n");
    Ok(page)
}

fn name(file: &Analysis) -> &str {
    Path::new(&file.file.path)
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or(&file.file.path)
}

fn body(page: &mut String, file: &Analysis, limits: &Limits, task: &Task) -> Result<()> {
    let path = Path::new(&file.file.path);
    if let Some(picture) = &file.picture {
        match still(path, limits) {
            Ok(address) => marked(page, &address, picture, name(file)),
            Err(error) => unreadable_notice(page, error)?,
        }
        facts(page, picture);
    }
    if let Some(video) = &file.video
        && let Err(error) = storyboard(page, path, video, limits, task)
    {
        unreadable_notice(page, error)?;
    }
    if let Some(audio) = &file.audio {
        let outline = match outline(path, audio.duration, limits, task) {
            Ok(outline) => outline,
            Err(error) => {
                unreadable_notice(page, error)?;
                Vec::new()
            }
        };
        sound_panel(page, audio, &outline);
    }
    Ok(())
}

fn unreadable_notice(page: &mut String, error: Error) -> Result<()> {
    if error.is_fatal() {
        return Err(error);
    }
    let _ = write!(page, "<p class=note>{}</p>", escaped(&error.to_string()));
    Ok(())
}

fn still(path: &Path, limits: &Limits) -> Result<String> {
    let picture = to_srgb(&decode_still(path, limits)?.picture);
    let size = picture.size().within(SIDE);
    let small = if size == picture.size() {
        picture
    } else {
        resize(&picture, size, Filter::Box)
    };
    picture_address(small, path)
}
