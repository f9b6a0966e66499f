//! Animations in the formats of stills: films with every frame at its time, as browsers show them.

use std::io::Write as _;
use std::path::Path;

use tastemaker::Error;
use tastemaker::media::{FrameSize, Limits, MediaKind, VideoReader, probe};
use tastemaker::time::Rational;

use crate::support::{Home, results, tastemaker};

const WIDTH: usize = 12;
const HEIGHT: usize = 10;

type Rgba = [u8; 4];

/// One frame of an animated PNG: a part of the canvas, and how it is laid over what is there.
#[derive(Clone)]
struct Frame {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
    pixels: Vec<Rgba>,
    /// 0 stays, 1 becomes transparent, 2 becomes what was there before.
    dispose: u8,
    /// 0 replaces, 1 is laid over.
    blend: u8,
    /// Seconds as a fraction.
    delay: (u16, u16),
}

fn chunk(file: &mut Vec<u8>, kind: &[u8; 4], body: &[u8]) {
    file.extend((body.len() as u32).to_be_bytes());
    let mut crc = flate2::Crc::new();
    crc.update(kind);
    crc.update(body);
    file.extend(kind);
    file.extend(body);
    file.extend(crc.sum().to_be_bytes());
}

fn rows(pixels: &[Rgba], width: usize) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), Default::default());
    for row in pixels.chunks(width) {
        encoder.write_all(&[0]).unwrap();
        encoder.write_all(row.as_flattened()).unwrap();
    }
    encoder.finish().unwrap()
}

/// An animated PNG; `default` is shown by programs that know no animations, and is no part of it.
fn apng(frames: &[Frame], default: Option<&[Rgba]>, plays: u32) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let size = [(WIDTH as u32).to_be_bytes(), (HEIGHT as u32).to_be_bytes()].concat();
    chunk(&mut file, b"IHDR", &[&size[..], &[8, 6, 0, 0, 0]].concat());
    let control = [(frames.len() as u32).to_be_bytes(), plays.to_be_bytes()].concat();
    chunk(&mut file, b"acTL", &control);
    if let Some(picture) = default {
        chunk(&mut file, b"IDAT", &rows(picture, WIDTH));
    }
    let mut number = 0u32;
    for (at, frame) in frames.iter().enumerate() {
        let mut control = number.to_be_bytes().to_vec();
        number += 1;
        for value in [frame.width, frame.height, frame.left, frame.top] {
            control.extend((value as u32).to_be_bytes());
        }
        control.extend([frame.delay.0.to_be_bytes(), frame.delay.1.to_be_bytes()].concat());
        control.extend([frame.dispose, frame.blend]);
        chunk(&mut file, b"fcTL", &control);
        let data = rows(&frame.pixels, frame.width);
        if at == 0 && default.is_none() {
            chunk(&mut file, b"IDAT", &data);
        } else {
            chunk(
                &mut file,
                b"fdAT",
                &[&number.to_be_bytes()[..], &data].concat(),
            );
            number += 1;
        }
    }
    chunk(&mut file, b"IEND", &[]);
    file
}

/// What is on the screen in each frame, over black (PNG specification, third edition, section 12.1).
fn composed(frames: &[Frame]) -> Vec<Vec<[u8; 3]>> {
    let mut canvas = vec![[0.0f64; 4]; WIDTH * HEIGHT];
    let mut shown = Vec::new();
    for (number, frame) in frames.iter().enumerate() {
        let before = canvas.clone();
        let place =
            |at: usize| (frame.top + at / frame.width) * WIDTH + frame.left + at % frame.width;
        for (at, pixel) in frame.pixels.iter().enumerate() {
            let under = canvas[place(at)];
            let over = pixel.map(f64::from);
            canvas[place(at)] = match frame.blend {
                0 => over,
                _ => {
                    let (a, b) = (over[3] / 255.0, under[3] / 255.0);
                    let alpha = a + b * (1.0 - a);
                    let mixed = |color: usize| match alpha > 0.0 {
                        true => (over[color] * a + under[color] * b * (1.0 - a)) / alpha,
                        false => 0.0,
                    };
                    [mixed(0), mixed(1), mixed(2), alpha * 255.0]
                }
            };
        }
        let black = |pixel: &[f64; 4]| {
            [0, 1, 2].map(|color| (pixel[color] * pixel[3] / 255.0).round() as u8)
        };
        shown.push(canvas.iter().map(black).collect());
        // What is to become what was there before the first frame becomes transparent.
        match (number, frame.dispose) {
            (_, 1) | (0, 2) => (0..frame.pixels.len()).for_each(|at| canvas[place(at)] = [0.0; 4]),
            (_, 2) => canvas = before,
            _ => {}
        }
    }
    shown
}

/// A first frame that covers all, then every way to dispose and to blend, one behind the other in all pairs.
fn frames() -> Vec<Frame> {
    let mut seed = 7u32;
    let mut random = move |below: usize| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 16) as usize % below
    };
    let mut all = vec![Frame {
        left: 0,
        top: 0,
        width: WIDTH,
        height: HEIGHT,
        pixels: vec![[90, 120, 30, 255]; WIDTH * HEIGHT],
        dispose: 0,
        blend: 0,
        delay: (1, 10),
    }];
    for before in 0..3 {
        for after in 0..3 {
            for (dispose, blend) in [(before, 1), (after, 0), (after, 1)] {
                let (width, height) = (1 + random(8), 1 + random(7));
                let pixel = |_| {
                    [random(256), random(256), random(256), random(256)].map(|value| value as u8)
                };
                let pixels = (0..width * height).map(pixel).collect();
                all.push(Frame {
                    left: (WIDTH - width) / 2,
                    top: (HEIGHT - height) / 2,
                    width,
                    height,
                    pixels,
                    dispose,
                    blend,
                    delay: (5, 100),
                });
            }
        }
    }
    all
}

fn read(path: &Path) -> Vec<(Rational, Vec<[u8; 3]>)> {
    let mut reader = VideoReader::open(path, &Limits::default(), 1).unwrap();
    let mut all = Vec::new();
    while let Some(info) = reader.next_frame().unwrap() {
        let picture = reader.image(FrameSize::Full).unwrap();
        all.push((info.time, picture.pixels().collect()));
    }
    all
}

#[test]
fn frames_of_an_animated_png_are_composed_and_its_default_picture_is_none_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("moving.png");
    let frames = frames();
    let wanted = composed(&frames);
    let default = vec![[255, 0, 255, 255]; WIDTH * HEIGHT];
    for default in [None, Some(&default[..])] {
        std::fs::write(&path, apng(&frames, default, 3)).unwrap();
        let probe = probe(&path, &Limits::default()).unwrap();
        assert_eq!(probe.kind, MediaKind::Video);
        let facts = probe.video.unwrap();
        assert_eq!(facts.frames, Some(frames.len() as u64));
        assert_eq!(facts.plays, Some(3));
        let length = 10 + 5 * (frames.len() as i64 - 1);
        assert_eq!(facts.duration, Rational::new(length, 100));
        let found = read(&path);
        assert_eq!(found.len(), wanted.len());
        for (number, ((time, found), wanted)) in found.iter().zip(&wanted).enumerate() {
            let at = if number == 0 {
                0
            } else {
                5 + 5 * number as i64
            };
            assert_eq!(Some(*time), Rational::new(at, 100));
            for (found, wanted) in found.iter().zip(wanted) {
                let near = found.iter().zip(wanted).all(|(a, b)| a.abs_diff(*b) <= 3);
                assert!(near, "frame {number}: {found:?} for {wanted:?}");
            }
        }
    }
}

#[test]
fn one_frame_is_a_still_and_a_broken_animation_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("few.png");
    let frames = frames();
    let default = vec![[255, 0, 255, 255]; WIDTH * HEIGHT];
    for default in [None, Some(&default[..])] {
        std::fs::write(&path, apng(&frames[..1], default, 0)).unwrap();
        let probe = probe(&path, &Limits::default()).unwrap();
        assert_eq!(probe.kind, MediaKind::Image);
    }
    let whole = apng(&frames, None, 0);
    std::fs::write(&path, &whole[..whole.len() * 2 / 3]).unwrap();
    let mut reader = VideoReader::open(&path, &Limits::default(), 1).unwrap();
    let mut count = 0;
    let end = loop {
        match reader.next_frame() {
            Ok(Some(_)) => count += 1,
            end => break end,
        }
    };
    assert!(count > 5, "{count}");
    assert!(matches!(end, Err(Error::BreaksOff { .. })), "{end:?}");
}

#[test]
fn an_animated_png_becomes_a_clip_with_every_frame() {
    let home = Home::new();
    // Encoders of H.264 take no smaller pictures: the canvas is shown at its own size all the same.
    std::fs::write(home.path("moving.png"), apng(&frames(), None, 0)).unwrap();
    home.apply(&["silver", "moving.png", "-o", "out"]).exits(0);
    let names: Vec<String> = results(&home.path("out")).into_keys().collect();
    assert_eq!(names, ["moving.mp4"]);
    assert_eq!(read(&home.path("out/moving.mp4")).len(), frames().len());
    let analysis = tastemaker(&home)
        .args(["analyze", "moving.png", "--only", "shots", "--json"])
        .exits(0)
        .last_document();
    assert_eq!(analysis["file"]["kind"], "video");
    assert_eq!(analysis["video"]["frames"], frames().len());
    assert_eq!(analysis["video"]["plays"], 0);
}
