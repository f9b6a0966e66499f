//! Films of noise, with transitions whose frames are known.

use super::*;
use crate::analysis::TransitionKind;
use crate::models::SHOT_FRAME;

/// A textured scene: `seed` makes another one, `shift` moves the camera.
fn scene(seed: usize, shift: usize) -> Vec<f32> {
    let (width, height) = (SHOT_FRAME.width as usize, SHOT_FRAME.height as usize);
    let mut out = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        for x in 0..width {
            for channel in 0..3 {
                out.push(20.0 + 200.0 * noise([(x + shift) / 4, y / 4, channel, seed]));
            }
        }
    }
    out
}

/// A repeatable pseudo-random number, 0..1; neighboring seeds give unrelated ones.
fn noise(place: [usize; 4]) -> f32 {
    let mut value = 0x9e37_79b9_u32;
    for part in place {
        value ^= part as u32 + 1;
        value = value.wrapping_mul(0x85eb_ca6b);
        value ^= value >> 13;
        value = value.wrapping_mul(0xc2b2_ae35);
        value ^= value >> 16;
    }
    (value >> 8) as f32 / (1 << 24) as f32
}

fn frame(samples: &[f32]) -> Rgb8 {
    let bytes = samples
        .iter()
        .map(|&sample| sample.clamp(0.0, 255.0) as u8)
        .collect();
    Rgb8::new(SHOT_FRAME, bytes).unwrap()
}

fn mixed(a: &[f32], b: &[f32], share: f32) -> Vec<f32> {
    a.iter().zip(b).map(|(a, b)| a + (b - a) * share).collect()
}

/// Transitions of a film that must be found without the network.
fn find(film: &[Vec<f32>]) -> Vec<(TransitionKind, u64, u64)> {
    let mut finder = TransitionFinder::new(|_: &[&Rgb8]| panic!("nothing here is in doubt"));
    let mut found = Vec::new();
    let mut settled = 0;
    for samples in film {
        finder.push(frame(samples)).unwrap();
        for transition in finder.take() {
            assert!(
                transition.start_frame >= settled,
                "{transition:?} before {settled}"
            );
            found.push((
                transition.kind,
                transition.start_frame,
                transition.end_frame,
            ));
        }
        settled = finder.settled();
    }
    finder.finish().unwrap();
    found.extend(
        finder
            .take()
            .into_iter()
            .map(|t| (t.kind, t.start_frame, t.end_frame)),
    );
    found
}

fn still(seed: usize, frames: usize) -> Vec<Vec<f32>> {
    vec![scene(seed, 0); frames]
}

#[test]
fn cuts_are_found_to_the_frame() {
    let film = [still(1, 20), still(2, 7), still(3, 120), still(4, 30)].concat();
    let cut = TransitionKind::Cut;
    assert_eq!(find(&film), [(cut, 20, 21), (cut, 27, 28), (cut, 147, 148)]);
}

#[test]
fn a_flash_is_no_cut() {
    for length in [1, 2, 3] {
        let mut film = still(1, 80);
        for samples in &mut film[40..40 + length] {
            for sample in samples {
                *sample = (*sample * 2.0 + 90.0).min(255.0);
            }
        }
        assert_eq!(find(&film), []);
    }
}

#[test]
fn a_change_of_light_is_no_cut() {
    let mut film = still(1, 80);
    for (n, samples) in film.iter_mut().enumerate() {
        let gain = 1.0 - 0.5 * (n as f32 - 40.0).clamp(0.0, 5.0) / 5.0;
        for sample in samples {
            *sample *= gain;
        }
    }
    assert_eq!(find(&film), []);
}

#[test]
fn a_dissolve_is_one_span() {
    let (a, b) = (scene(1, 0), scene(2, 0));
    let mut film = still(1, 30);
    film.extend((1..=12).map(|n| mixed(&a, &b, n as f32 / 13.0)));
    film.extend(still(2, 30));
    let found = find(&film);
    assert_eq!(found.len(), 1, "{found:?}");
    let (kind, start, end) = found[0];
    assert_eq!(kind, TransitionKind::Dissolve);
    assert!(
        start.abs_diff(30) <= 1 && end.abs_diff(42) <= 1,
        "{found:?}"
    );
}

#[test]
fn fades_through_black_are_one_span_and_those_at_the_ends_are_none() {
    let (a, b) = (scene(1, 0), scene(2, 0));
    let black = vec![0.0; a.len()];
    let fade = |from: &[f32], to: &[f32]| -> Vec<Vec<f32>> {
        (1..=10).map(|n| mixed(from, to, n as f32 / 10.0)).collect()
    };
    let film = [
        vec![black.clone(); 3],
        fade(&black, &a),
        still(1, 40),
        fade(&a, &black),
        vec![black.clone(); 20],
        fade(&black, &b),
        still(2, 40),
        fade(&b, &black),
        vec![black.clone(); 15],
    ]
    .concat();
    let found = find(&film);
    assert_eq!(found.len(), 1, "{found:?}");
    let (kind, start, end) = found[0];
    assert_eq!(kind, TransitionKind::FadeBlack);
    assert!(
        start.abs_diff(53) <= 1 && end.abs_diff(92) <= 2,
        "{found:?}"
    );
}

#[test]
fn a_wipe_is_one_span() {
    let (a, b) = (scene(1, 0), scene(2, 0));
    let mut film = still(1, 30);
    for n in 1..=11 {
        let border = 48 * n / 12;
        let frame = a.iter().zip(&b).enumerate();
        film.push(
            frame
                .map(|(at, (a, b))| if at / 3 % 48 < border { *b } else { *a })
                .collect(),
        );
    }
    film.extend(still(2, 30));
    let found = find(&film);
    assert_eq!(found.len(), 1, "{found:?}");
    let (kind, start, end) = found[0];
    assert_eq!(kind, TransitionKind::Wipe);
    assert!(
        start.abs_diff(30) <= 3 && end.abs_diff(41) <= 3,
        "{found:?}"
    );
}

#[test]
fn a_moving_camera_is_no_cut() {
    let film: Vec<Vec<f32>> = (0..120).map(|n| scene(1, n / 2)).collect();
    let mut finder = TransitionFinder::new(|frames: &[&Rgb8]| {
        Ok(vec![ShotProbabilities::default(); frames.len()])
    });
    for samples in &film {
        finder.push(frame(samples)).unwrap();
    }
    finder.finish().unwrap();
    assert_eq!(finder.take(), []);
}

#[test]
fn the_network_decides_what_is_in_doubt() {
    // Two views with something in common: less than of one scene, more than of two.
    let half_known = mixed(&scene(1, 0), &scene(2, 0), 0.68);
    let film = [still(1, 60), vec![half_known; 60]].concat();
    for (answer, expected) in [(0.9, vec![60]), (0.1, Vec::new())] {
        let mut finder = TransitionFinder::new(move |frames: &[&Rgb8]| {
            let last = ShotProbabilities {
                last: answer,
                inside: answer,
            };
            Ok(vec![last; frames.len()])
        });
        for samples in &film {
            finder.push(frame(samples)).unwrap();
        }
        finder.finish().unwrap();
        let starts: Vec<u64> = finder.take().iter().map(|t| t.start_frame).collect();
        assert_eq!(starts, expected);
    }
}

#[test]
fn a_film_of_one_frame_has_no_transition() {
    assert_eq!(find(&still(1, 1)), []);
    assert_eq!(find(&[]), []);
}
