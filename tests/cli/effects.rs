//! Effects and transitions, as their gallery shows them.
//!
//! Each named effect has a snapshot of its strip in `effects/snapshots`: six frames, each as rows of cells, a cell as the
//! first hexadecimal digits of its mean red, green and blue. A new file in `presets/effects` gets one by itself.

mod people;

use std::path::{Path, PathBuf};

use tastemaker::media::to_srgb;
use tastemaker::picture::Pixels;

use crate::support::{Home, decode, ffmpeg, media, tastemaker};

/// Size of the clip, which is that of the frames in its gallery.
const WIDE: usize = 96;
const HIGH: usize = 54;
/// Cells of a frame across and down.
const CELLS: (usize, usize) = (8, 6);
/// Frames of a strip.
const SHOWN: usize = 6;
/// The margin of a sheet in pixels.
const MARGIN: usize = 20;

/// Two clips of six seconds without loss: blue hills with a white bar that runs to the right, and a field that turns
/// from red to yellow.
fn clips(home: &Home) -> [PathBuf; 2] {
    let frames = 6 * 24;
    let mut first = Vec::new();
    let mut second = Vec::new();
    for number in 0..frames {
        for y in 0..HIGH {
            for x in 0..WIDE {
                let bar = (number * 2) % WIDE;
                let lit = x >= bar && x < bar + 8;
                let hill = 40 + (x * 2 + y) as u8 / 2;
                first.extend(if lit { [250; 3] } else { [hill / 2, hill, 160] });
                second.extend([200, (60 + number + y) as u8, 40]);
            }
        }
    }
    [("first.mkv", first), ("second.mkv", second)].map(|(name, frames)| {
        let path = home.path(name);
        ffmpeg()
            .words("-f rawvideo -pix_fmt rgb24 -video_size 96x54 -framerate 24 -i -")
            .words("-c:v ffv1 -pix_fmt yuv444p -y")
            .arg(&path)
            .reads(&frames);
        path
    })
}

/// The sheet of a gallery of these files.
fn sheet(home: &Home, files: &[PathBuf], more: &[&str]) -> tastemaker::picture::Rgb8 {
    let target = home.path("sheet.png");
    let files = files.iter().map(|file| file.to_string_lossy().into_owned());
    tastemaker(home)
        .args(["effect", "gallery", "--force", "--output"])
        .arg(&target)
        .args(more)
        .args(files)
        .exits(0);
    match to_srgb_pixels(&target) {
        Pixels::Eight(picture) => picture,
        Pixels::Sixteen(_) => panic!("a sheet has 8 bits"),
    }
}

fn to_srgb_pixels(path: &Path) -> Pixels {
    Pixels::Eight(to_srgb(&decode(path).picture))
}

#[test]
fn every_effect_looks_as_it_did() {
    let home = Home::new();
    let clips = clips(&home);
    let listed = tastemaker(&home)
        .args(["list", "effects", "--json"])
        .exits(0);
    let names = listed.documents();
    assert!(names.len() >= 20);
    for document in names {
        let name = document["id"].as_str().unwrap();
        let picture = sheet(&home, &clips, &["--effect", name]);
        insta::with_settings!({ snapshot_path => "effects/snapshots", prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(name, cells(&picture));
        });
    }
}

/// The frames of the first strip of a sheet, in cells.
fn cells(sheet: &tastemaker::picture::Rgb8) -> String {
    let (across, down) = CELLS;
    let (wide, high) = (WIDE / across, HIGH / down);
    let mut text = String::new();
    for row in 0..down {
        for frame in 0..SHOWN {
            for column in 0..across {
                let mut sums = [0_usize; 3];
                for y in 0..high {
                    for x in 0..wide {
                        let left = MARGIN + frame * WIDE + column * wide + x;
                        let pixel = sheet.pixel(left, MARGIN + row * high + y);
                        for (sum, sample) in sums.iter_mut().zip(pixel) {
                            *sum += usize::from(sample);
                        }
                    }
                }
                for sum in sums {
                    text.push_str(&format!("{:x}", sum / (wide * high) / 16));
                }
            }
            text.push_str(if frame + 1 < SHOWN { "  " } else { "\n" });
        }
    }
    text
}

#[test]
fn a_gallery_is_a_page_too_and_lists_before_it_draws() {
    let home = Home::new();
    let photo = media("photos/stream.jpg");
    let target = home.path("effects.html");
    let verb = || tastemaker(&home).args(["effect", "gallery"]).arg(&photo);
    let listed = verb().args(["--dry-run", "--output"]).arg(&target).exits(0);
    assert!(listed.stdout().contains("whip\n") && !target.exists());
    verb()
        .args(["--effect", "whip", "--effect", "drop", "--output"])
        .arg(&target)
        .exits(0);
    let page = std::fs::read_to_string(&target).unwrap();
    assert_eq!(page.matches("data:image/jpeg").count(), 2);
    assert!(page.contains("flash + punch_in + shake"));
    let refused = verb()
        .args(["--effect", "whisk", "--output"])
        .arg(home.path("a.png"));
    assert!(refused.exits(2).stderr().contains("whip"));
    let sound = tastemaker(&home)
        .args(["effect", "gallery"])
        .arg(media("music/night.ogg"))
        .arg("--output")
        .arg(home.path("a.png"));
    assert!(sound.exits(2).stderr().contains("has no picture"));
}

#[test]
fn every_caption_style_is_shown() {
    let home = Home::new();
    let target = home.path("captions.html");
    let verb = || tastemaker(&home).args(["effect", "captions", "--output"]);
    verb()
        .arg(&target)
        .arg(media("photos/stream.jpg"))
        .arg(media("clips/bikes.mp4"))
        .exits(0);
    let page = std::fs::read_to_string(&target).unwrap();
    let styles = tastemaker::captions::CaptionStyle::all().unwrap();
    assert_eq!(page.matches("data:image/jpeg").count(), styles.len());
    assert!(styles.iter().all(|style| page.contains(&style.summary)));
    let refused = verb().arg(&target).arg(media("photos/stream.jpg"));
    assert!(refused.exits(2).stderr().contains("captions.html"));
}
