//! Films that are transparent in places: what shows there is black, never what lies under it.

use std::path::{Path, PathBuf};

use tastemaker::media::{FrameSize, Limits, VideoReader, probe};
use tastemaker::picture::FilmTreatment;
use tastemaker::time::Rational;

use crate::support::{Home, ffmpeg};

/// Magenta whose left third is transparent, whose middle is half so, and whose right is opaque.
fn film(path: &Path, encoder: &str) -> PathBuf {
    let alpha = "geq=lum='if(lt(X,32),0,if(lt(X,64),128,255))'";
    ffmpeg()
        .source("color=c=0xFF00FF:s=96x64:r=10:d=0.5")
        .source(&format!(
            "color=c=black:s=96x64:r=10:d=0.5,format=gray,{alpha}"
        ))
        .args(["-filter_complex", "[0]format=rgba[a];[a][1]alphamerge"])
        .words(encoder)
        .writes(path)
}

#[test]
fn what_is_transparent_shows_black() {
    let folder = tempfile::tempdir().unwrap();
    for (name, encoder) in [
        (
            "vp8.webm",
            "-c:v libvpx -pix_fmt yuva420p -auto-alt-ref 0 -b:v 2M",
        ),
        (
            "vp9.webm",
            "-c:v libvpx-vp9 -pix_fmt yuva420p -b:v 0 -crf 10",
        ),
        (
            "prores.mov",
            "-c:v prores_ks -profile:v 4444 -pix_fmt yuva444p10le",
        ),
        ("animation.mov", "-c:v qtrle -pix_fmt argb"),
        ("png.mov", "-c:v png -pix_fmt rgba"),
        ("ffv1.mkv", "-c:v ffv1 -pix_fmt bgra"),
    ] {
        let path = film(&folder.path().join(name), encoder);
        let mut reader = VideoReader::open(&path, &Limits::default(), 1).unwrap();
        while reader.next_frame().unwrap().is_some() {
            assert!(reader.planes().is_none(), "{name}");
            for size in [FrameSize::Full, FrameSize::LongSide(48)] {
                let picture = reader.image(size).unwrap();
                for (part, wanted) in [(1, 0), (3, 128), (5, 255)] {
                    let [red, green, blue] =
                        picture.pixel(picture.width() * part / 6, picture.height() / 2);
                    let off = red.abs_diff(wanted).max(blue.abs_diff(wanted)).max(green);
                    assert!(off <= 8, "{name} {part}: {red} {green} {blue}");
                }
            }
        }
        assert_eq!(
            reader.treatments(),
            [FilmTreatment::LaidOverBlack],
            "{name}"
        );
    }
}

#[test]
fn an_opaque_film_in_a_format_with_opacity_is_nothing_to_tell() {
    let folder = tempfile::tempdir().unwrap();
    let path = ffmpeg()
        .source("testsrc=s=64x64:r=10:d=0.5")
        .words("-c:v qtrle -pix_fmt argb")
        .writes(folder.path().join("opaque.mov"));
    let mut reader = VideoReader::open(&path, &Limits::default(), 1).unwrap();
    while reader.next_frame().unwrap().is_some() {
        reader.image(FrameSize::Full).unwrap();
    }
    assert_eq!(reader.treatments(), []);
}

#[test]
fn a_clip_made_anew_says_what_became_of_its_opacity() {
    let home = Home::new();
    film(
        &home.path("sticker.webm"),
        "-c:v libvpx-vp9 -pix_fmt yuva420p -b:v 0 -crf 10",
    );
    let run = home
        .apply(&["silver", "sticker.webm", "-o", "out", "--json"])
        .exits(0);
    let words = serde_json::json!(["laid_over_black"]);
    assert_eq!(run.answers()[0]["treatments"], words);
    assert!(run.stderr().contains("black"), "{run}");
}

#[test]
fn a_clip_shows_the_background_that_was_chosen() {
    let home = Home::new();
    film(&home.path("sticker.mov"), "-c:v qtrle -pix_fmt argb");
    let run = home
        .apply(&[
            "none",
            "sticker.mov",
            "-o",
            "out",
            "--resize",
            "90",
            "--background",
            "#00ff80",
            "--json",
        ])
        .exits(0);
    let words = serde_json::json!(["laid_over_color"]);
    assert_eq!(run.answers()[0]["treatments"], words);
    let mut reader =
        VideoReader::open(&home.path("out/sticker.mov"), &Limits::default(), 1).unwrap();
    reader.next_frame().unwrap().unwrap();
    let shown = reader.image(FrameSize::Full).unwrap().pixel(10, 30);
    for (shown, wanted) in shown.iter().zip([0, 255, 128]) {
        assert!(shown.abs_diff(wanted) <= 8, "{shown} is not {wanted}");
    }
}

/// Two streams: colors, and opacity in gray, as `auxv`.
#[cfg(feature = "heic")]
#[test]
fn opacity_in_a_stream_of_its_own_is_followed() {
    let home = Home::new();
    let alpha = "geq=lum='if(lt(X,32),0,if(lt(X,64),128,255))'";
    let path = ffmpeg()
        .source("color=c=0xFF00FF:s=96x64:r=10:d=0.5")
        .source(&format!(
            "color=c=black:s=96x64:r=10:d=0.5,format=gray,{alpha}"
        ))
        .words("-map 0 -map 1 -c:v libaom-av1 -cpu-used 8 -crf 10")
        .words("-pix_fmt:v:0 yuv420p -pix_fmt:v:1 gray -color_range:v:1 pc")
        .writes(home.path("sticker.avif"));
    assert_eq!(probe(&path, &Limits::default()).unwrap().left_out, []);
    let mut reader = VideoReader::open(&path, &Limits::default(), 1).unwrap();
    let check = |reader: &mut VideoReader| {
        for size in [FrameSize::Full, FrameSize::LongSide(48)] {
            let picture = reader.image(size).unwrap();
            for (part, wanted) in [(1, 0), (3, 128), (5, 255)] {
                let [red, green, blue] =
                    picture.pixel(picture.width() * part / 6, picture.height() / 2);
                let off = red.abs_diff(wanted).max(blue.abs_diff(wanted)).max(green);
                assert!(off <= 10, "{part}: {red} {green} {blue}");
            }
        }
    };
    while reader.next_frame().unwrap().is_some() {
        assert!(reader.planes().is_none());
        check(&mut reader);
    }
    reader.seek(Rational::new(3, 10).unwrap()).unwrap();
    reader.next_frame().unwrap().unwrap();
    check(&mut reader);
    assert_eq!(reader.treatments(), [FilmTreatment::LaidOverBlack]);
}
