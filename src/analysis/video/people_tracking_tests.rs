//! Synthetic samples, with colors for faces.

use super::*;
use crate::geometry::Size;
use crate::picture::Rgb8;

const RED: [u8; 3] = [200, 40, 40];
const BLUE: [u8; 3] = [30, 60, 200];

fn detection(kind: TrackKind, bounds: [f64; 4], color: [u8; 3]) -> PersonDetection {
    let picture = Rgb8::new(Size::new(8, 8), color.repeat(64)).unwrap();
    PersonDetection {
        kind,
        bounds: bounds.into(),
        score: 0.8,
        appearance: Appearance::of(&picture, Rect::FULL),
        mouth: Vec::new(),
    }
}

fn face(x: f64, color: [u8; 3]) -> PersonDetection {
    detection(TrackKind::Face, [x - 0.05, 0.3, 0.1, 0.18], color)
}

fn follow_all(samples: &[Vec<PersonDetection>]) -> Vec<PersonTrack> {
    let samples_at: Vec<SampleDetections<'_>> = samples
        .iter()
        .enumerate()
        .map(|(n, people)| SampleDetections {
            time: n as f64 * 0.4,
            people,
            people_looked_for: true,
        })
        .collect();
    track_people(&samples_at, 7)
}

fn middle_at(track: &PersonTrack, time: f64) -> f64 {
    at(&track.path, time).unwrap().center().x
}

#[test]
fn two_people_who_cross_keep_their_tracks() {
    let walk = |n: usize| (0.2 + 0.05 * n as f64, 0.8 - 0.05 * n as f64);
    // Alike or not, and where they meet only one of them is seen.
    for (first, second) in [(RED, BLUE), (RED, RED)] {
        let samples: Vec<Vec<PersonDetection>> = (0..13)
            .map(|n| {
                let (left, right) = walk(n);
                let mut all = vec![face(right, second), face(left, first)];
                if n == 6 {
                    all.pop();
                }
                all
            })
            .collect();
        let tracks = follow_all(&samples);
        assert_eq!(tracks.len(), 2, "{tracks:?}");
        assert_eq!((tracks[0].id, tracks[1].id), (7, 8));
        for (track, from, to) in [(&tracks[0], 0.2, 0.8), (&tracks[1], 0.8, 0.2)] {
            assert!((middle_at(track, 0.0) - from).abs() < 0.02, "{track:?}");
            assert!((middle_at(track, 4.8) - to).abs() < 0.02, "{track:?}");
        }
    }
}

#[test]
fn who_leaves_for_a_second_is_the_same_and_for_longer_is_not() {
    let gone = |from: usize, to: usize| -> Vec<PersonTrack> {
        let samples: Vec<Vec<PersonDetection>> = (0..16)
            .map(|n| {
                let mut all = vec![face(0.3, RED)];
                if !(from..to).contains(&n) {
                    all.push(face(0.7 + 0.01 * n as f64, BLUE));
                }
                all
            })
            .collect();
        follow_all(&samples)
    };
    let tracks = gone(5, 8);
    assert_eq!(tracks.len(), 2, "{tracks:?}");
    assert_eq!((tracks[1].start, tracks[1].end), (0.0, 6.0));
    assert_eq!(tracks[1].path.len(), 13);
    // Seen in 13 of 16 samples.
    assert!((tracks[1].score - 0.8 * 13.0 / 16.0).abs() < 1e-3);
    assert_eq!(gone(5, 12).len(), 3);
}

#[test]
fn another_face_in_the_same_place_after_a_gap_is_another_track() {
    let samples: Vec<Vec<PersonDetection>> = (0..14)
        .map(|n| match n {
            0..5 => vec![face(0.5, RED)],
            5..8 => vec![],
            _ => vec![face(0.5, BLUE)],
        })
        .collect();
    assert_eq!(follow_all(&samples).len(), 2);
}

#[test]
fn one_stray_box_is_no_track_and_does_not_bend_one() {
    let samples: Vec<Vec<PersonDetection>> = (0..10)
        .map(|n| {
            let mut all = vec![face(if n == 4 { 0.32 } else { 0.3 }, RED)];
            if n == 6 {
                all.push(face(0.9, BLUE));
            }
            all
        })
        .collect();
    let tracks = follow_all(&samples);
    assert_eq!(tracks.len(), 1, "{tracks:?}");
    for point in &tracks[0].path {
        assert!((point[1] + point[3] / 2.0 - 0.3).abs() < 0.006, "{point:?}");
    }
}

#[test]
fn a_person_carries_the_id_of_the_face_seen_in_between() {
    let samples: Vec<Vec<PersonDetection>> = (0..12)
        .map(|n| {
            let x = 0.3 + 0.01 * n as f64;
            // Where a face is found, people are not searched.
            if n % 3 == 0 {
                vec![face(x, RED)]
            } else {
                let person =
                    |x: f64, color| detection(TrackKind::Person, [x - 0.1, 0.25, 0.2, 0.7], color);
                vec![person(x, RED), person(x + 0.45, BLUE)]
            }
        })
        .collect();
    let tracks = follow_all(&samples);
    let of = |kind| tracks.iter().filter(move |track| track.kind == kind);
    let face = of(TrackKind::Face).next().unwrap();
    let owners: Vec<Option<u32>> = of(TrackKind::Person).map(|track| track.face).collect();
    assert_eq!(owners, [Some(face.id), None]);
}

#[test]
fn a_crowd_that_changes_all_the_time_stays_bounded() {
    let samples: Vec<Vec<PersonDetection>> = (0..400)
        .map(|n| {
            let all = (0..MOST_DETECTIONS).map(|k| {
                let x = ((n * 37 + k * 101) % 97) as f64 / 97.0;
                detection(TrackKind::Person, [x, (k as f64) / 30.0, 0.01, 0.02], RED)
            });
            all.collect()
        })
        .collect();
    let tracks = follow_all(&samples);
    assert!(tracks.len() <= MOST_TRACKS);
}
