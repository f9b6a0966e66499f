//! Writes a page with every look (before, after, difference) for visual inspection: `looks/index.html` in cargo's
//! folder for tests.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use tastemaker::geometry::Size;
use tastemaker::looks::{CompiledLook, LookLibrary};
use tastemaker::media::{Limits, decode_still, to_srgb};
use tastemaker::picture::{Filter, Rgb8, resize};

use crate::support::media;

/// How much differences are amplified.
const AMPLIFIED: u32 = 4;

const PHOTOS: [&str; 4] = ["astronaut", "coffee", "mountains", "sunset"];

fn small(name: &str) -> Rgb8 {
    let path = media(&format!("photos/{name}.jpg"));
    let still = decode_still(&path, &Limits::default()).unwrap();
    let picture = to_srgb(&still.picture);
    resize(&picture, picture.size().within(240), Filter::Lanczos)
}

/// Gray where nothing changed.
fn difference(before: &Rgb8, after: &Rgb8) -> Rgb8 {
    let samples = before.samples().iter().zip(after.samples());
    let samples = samples.map(|(before, after)| {
        let change = i32::from(*after) - i32::from(*before);
        (128 + AMPLIFIED as i32 * change).clamp(0, 255) as u8
    });
    Rgb8::new(before.size(), samples.collect()).unwrap()
}

fn write_png(picture: &Rgb8, path: &Path) {
    let Size { width, height } = picture.size();
    let color = image::ExtendedColorType::Rgb8;
    image::save_buffer(path, picture.samples(), width, height, color).unwrap();
}

#[test]
fn every_look_is_shown_and_changes_what_it_says() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("looks");
    fs::create_dir_all(&folder).unwrap();
    let photos = PHOTOS.map(|name| (name, small(name)));
    for (name, photo) in &photos {
        write_png(photo, &folder.join(format!("{name}.png")));
    }
    let mut page = format!(
        "<!doctype html><meta charset=utf-8><title>Looks</title>\
         <style>body{{font:14px sans-serif}}td{{vertical-align:top}}</style>\
         <h1>Looks: before, after, difference ({AMPLIFIED} times, gray is none)</h1><table>"
    );
    for look in LookLibrary::open(None).unwrap().looks() {
        let compiled = CompiledLook::new(look, 1.0).unwrap();
        write!(
            page,
            "<tr><th>{}<br><small>{}</small>",
            look.id, look.family
        )
        .unwrap();
        let mut moved = 0_u64;
        for (name, photo) in &photos {
            let mut after = photo.clone();
            compiled.apply(&mut after, 1, 0);
            let samples = photo.samples().iter().zip(after.samples());
            moved += samples
                .map(|(before, after)| u64::from(before.abs_diff(*after)))
                .sum::<u64>();
            let file = |what: &str| format!("{}-{name}-{what}.png", look.id);
            write_png(&after, &folder.join(file("after")));
            write_png(&difference(photo, &after), &folder.join(file("difference")));
            write!(
                page,
                "<td><img src={name}.png><br><img src={}><br><img src={}>",
                file("after"),
                file("difference")
            )
            .unwrap();
        }
        let samples: usize = photos.iter().map(|(_, photo)| photo.samples().len()).sum();
        let mean = moved as f64 / samples as f64;
        // A look must be visible, but must not move everything by a third of the range.
        assert!((1.0..85.0).contains(&mean), "{}: {mean}", look.id);
        page.push_str("</tr>\n");
    }
    page.push_str("</table>\n");
    fs::write(folder.join("index.html"), page).unwrap();
    println!("written: {}", folder.join("index.html").display());
}
