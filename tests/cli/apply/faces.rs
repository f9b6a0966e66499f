//! Faces that are blurred: no detector finds them any more, and the rest stays.

use std::fs;
use std::path::Path;

use tastemaker::geometry::{Rect, Size};
use tastemaker::media::{FrameSize, Limits, VideoReader, to_srgb};
use tastemaker::picture::{Filter, Rgb8, crop_resize};

use crate::support::{Home, decode, ffmpeg, ffprobe, mean_difference, media, models, results};

/// Boxes of the faces that the network finds in the picture and its tiles.
fn faces(picture: &Rgb8) -> Vec<Rect> {
    let mut found = models().detect_faces(picture).unwrap();
    found.extend(models().detect_faces_tiled(picture).unwrap());
    found.iter().map(|face| face.bounds).collect()
}

fn still(path: &Path) -> Rgb8 {
    to_srgb(&decode(path).picture)
}

fn frames(path: &Path) -> Vec<Rgb8> {
    let mut reader = VideoReader::open(path, &Limits::default(), 1).unwrap();
    let mut frames = Vec::new();
    while reader.next_frame().unwrap().is_some() {
        frames.push(reader.image(FrameSize::Full).unwrap());
    }
    frames
}

/// True where a pixel lies in one of `boxes`, grown to somewhat more than twice their size.
fn is_beside(x: usize, y: usize, size: Size, boxes: &[Rect]) -> bool {
    let (x, y) = (
        (x as f64 + 0.5) / f64::from(size.width),
        (y as f64 + 0.5) / f64::from(size.height),
    );
    boxes.iter().any(|face| {
        let middle = face.center();
        (x - middle.x).abs() <= 1.1 * face.width && (y - middle.y).abs() <= 1.1 * face.height
    })
}

#[test]
fn a_face_in_a_photo_is_found_no_more_and_the_rest_stays_to_the_byte() {
    let home = Home::new();
    let photo = media("photos/astronaut.jpg");
    let blurred = home
        .apply(&["none", "-o", "out", "--faces", "blur", "--format", "png"])
        .arg("--json")
        .arg(&photo)
        .exits(0)
        .document();
    assert_eq!(blurred["faces_blurred"], 1, "{blurred}");
    let (before, after) = (still(&photo), still(&home.path("out/astronaut.png")));
    let there = faces(&before);
    assert!(!there.is_empty());
    assert!(faces(&after).is_empty());
    let mut changed = 0;
    for y in 0..before.height() {
        for x in 0..before.width() {
            match is_beside(x, y, before.size(), &there) {
                true => changed += usize::from(before.pixel(x, y) != after.pixel(x, y)),
                false => assert_eq!(before.pixel(x, y), after.pixel(x, y), "{x} {y}"),
            }
        }
    }
    assert!(changed > 1000, "{changed}");
}

#[test]
fn a_face_is_blurred_in_every_shape_and_under_every_look() {
    let home = Home::new();
    let photo = media("photos/astronaut.jpg");
    for (name, arguments) in [
        ("square", &["noir", "--aspect", "1:2"][..]),
        ("small", &["film-warm", "--resize", "200"]),
        ("matched", &["none", "--match", "each"]),
    ] {
        home.apply(arguments)
            .args(["-o", name, "--faces", "blur"])
            .arg(&photo)
            .exits(0);
        let after = still(&home.path(&format!("{name}/astronaut.jpg")));
        assert!(faces(&after).is_empty(), "{name}");
    }
}

#[test]
fn a_photo_of_nobody_stays_as_it_is() {
    let home = Home::new();
    let photo = media("photos/coffee.jpg");
    let done = home
        .apply(&[
            "none", "-o", "out", "--faces", "blur", "--format", "png", "--json",
        ])
        .arg(&photo)
        .exits(0)
        .document();
    assert_eq!(done["faces_blurred"], 0);
    assert!(still(&home.path("out/coffee.png")) == still(&photo));
}

#[test]
fn a_face_in_a_clip_is_found_in_no_frame() {
    let home = Home::new();
    let clip = media("clips/carphone.mp4");
    let done = home
        .apply(&["none", "-o", "out", "--faces", "blur", "--json"])
        .arg(&clip)
        .exits(0)
        .document();
    assert!(done["faces_blurred"].as_u64().unwrap() >= 1, "{done}");
    let (before, after) = (frames(&clip), frames(&home.path("out/carphone.mp4")));
    assert_eq!(before.len(), after.len());
    let with_face = before.iter().filter(|frame| !faces(frame).is_empty());
    assert!(with_face.count() * 10 > before.len() * 9);
    for (number, (before, after)) in before.iter().zip(&after).enumerate() {
        assert!(faces(after).is_empty(), "frame {number}");
        // The face is in the middle; the car around it stays.
        let corner = Rect::new(0.0, 0.0, 0.15, 0.15);
        let corner = |frame: &Rgb8| crop_resize(frame, corner, Size::new(24, 24), Filter::Box);
        let change = mean_difference(&corner(before), &corner(after));
        assert!(change < 3.0, "frame {number}: {change}");
    }
}

#[test]
fn nobody_is_seen_for_a_frame_at_a_new_shot() {
    let home = Home::new();
    let joined = ffmpeg()
        .input(media("clips/earth.mp4"))
        .input(media("clips/carphone.mp4"))
        .words("-filter_complex")
        .arg(
            "[0:v]trim=duration=1,fps=25,scale=352:288,setsar=1[a];\
             [1:v]trim=duration=1,fps=25,scale=352:288,setsar=1[b];[a][b]concat=n=2",
        )
        .words("-an -pix_fmt yuv420p -crf 16")
        .writes(home.path("joined.mp4"));
    home.apply(&["none", "-o", "out", "--faces", "blur"])
        .arg(&joined)
        .exits(0);
    let (before, after) = (frames(&joined), frames(&home.path("out/joined.mp4")));
    assert_eq!((before.len(), after.len()), (50, 50));
    assert!(!faces(&before[25]).is_empty());
    for (number, frame) in after.iter().enumerate() {
        assert!(faces(frame).is_empty(), "frame {number}");
    }
    // The cover does not reach far into the shot before.
    assert!(mean_difference(&before[20], &after[20]) < 2.0);
}

#[test]
fn without_the_network_nothing_is_written() {
    let home = Home::new();
    fs::create_dir(home.path("models")).unwrap();
    let manifest = crate::support::root().join("models/manifest.toml");
    fs::copy(manifest, home.path("models/manifest.toml")).unwrap();
    for file in ["photos/astronaut.jpg", "clips/carphone.mp4"] {
        let run = home
            .apply(&["none", "-o", "out", "--faces", "blur", "--models", "models"])
            .arg(media(file))
            .exits(2);
        assert!(run.stderr().contains("blazeface"), "{}", run.stderr());
    }
    let made = results(&home.path("out"));
    assert!(made.keys().all(|name| name.starts_with('.')), "{made:?}");
}

#[test]
fn a_cover_that_may_show_the_face_does_not_come_along() {
    let home = Home::new();
    let clip = ffmpeg()
        .input(media("clips/carphone.mp4"))
        .input(media("photos/astronaut.jpg"))
        .words("-t 1 -map 0:v -map 1:v -c:v:0 copy -c:v:1 mjpeg -disposition:v:1 attached_pic")
        .writes(home.path("clip.mp4"));
    let video = |path: &Path| {
        let streams = ffprobe(path, ["-show_entries", "stream=codec_name"]);
        streams
            .matches("codec_name")
            .count()
            .max(streams.lines().count())
    };
    let apply = |output: &str, faces: &str| {
        home.apply(&["noir", "--json", "-o", output, "--faces", faces])
            .arg(&clip)
            .exits(0)
            .last_document()
    };
    assert!(apply("kept", "keep").get("left_out").is_none());
    let blurred = apply("blurred", "blur");
    assert_eq!(blurred["left_out"][0]["kind"], "cover", "{blurred}");
    let (kept, left) = (home.path("kept/clip.mp4"), home.path("blurred/clip.mp4"));
    assert_eq!(video(&kept), video(&left) + 1);
}
