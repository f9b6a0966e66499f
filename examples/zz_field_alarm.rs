//! scratch
#![allow(clippy::print_stdout, missing_docs, clippy::unwrap_used)]
use std::io::Read;
use std::process::{Command, Stdio};
use tastemaker::geometry::Size;
use tastemaker::media::{FieldPair, FieldVotes};
fn main() {
    // per film, per height: gray frames of first 25 frames at 3 places
    let mut alarms = 0;
    let mut total = 0;
    let mut found = 0;
    let mut itotal = 0;
    for film in std::env::args().skip(1) {
        for (w, h) in [
            (176u32, 144u32),
            (320, 180),
            (320, 240),
            (426, 240),
            (480, 270),
            (640, 360),
            (640, 352),
        ] {
            for place in [0.0, 2.0] {
                for inter in [false, true] {
                    let mut vf = format!("scale={w}:{h}:flags=bicubic");
                    if inter {
                        vf += ",tinterlace=interleave_top";
                    }
                    let mut child = Command::new("ffmpeg")
                        .args([
                            "-nostdin",
                            "-v",
                            "error",
                            "-ss",
                            &place.to_string(),
                            "-i",
                            &film,
                            "-vf",
                            &vf,
                            "-frames:v",
                            "25",
                            "-an",
                            "-pix_fmt",
                            "gray",
                            "-f",
                            "rawvideo",
                            "-",
                        ])
                        .stdout(Stdio::piped())
                        .spawn()
                        .unwrap();
                    let mut bytes = Vec::new();
                    child
                        .stdout
                        .take()
                        .unwrap()
                        .read_to_end(&mut bytes)
                        .unwrap();
                    child.wait().unwrap();
                    let frames: Vec<&[u8]> = bytes.chunks_exact((w * h) as usize).collect();
                    if frames.len() < 8 {
                        continue;
                    }
                    let mut votes = FieldVotes::default();
                    for pair in frames.windows(2) {
                        votes.add(&FieldPair::measure(pair[0], pair[1], Size::new(w, h)).unwrap());
                        if votes.is_plainly_progressive() {
                            break;
                        }
                    }
                    let order = votes.order();
                    let is =
                        matches!(order, Some(o) if o != tastemaker::media::FieldOrder::Progressive);
                    if inter {
                        itotal += 1;
                        found += i32::from(is);
                    } else {
                        total += 1;
                        alarms += i32::from(is);
                    }
                    if is != inter && order.is_some() {
                        println!("{film} {w}x{h} at {place} inter {inter}: {order:?} {votes:?}");
                    }
                }
            }
        }
    }
    println!("progressive {total}: {alarms} false alarms; interlaced {itotal}: {found} found");
}
