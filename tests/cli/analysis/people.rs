//! Tracks of faces and people through films, active speakers and camera motion, on real pictures.

use std::path::{Path, PathBuf};

use tastemaker::analysis::video::analyze_video;
use tastemaker::analysis::{Analysis, PersonTrack, Shot, TrackKind, VideoReport, analyze};

use crate::support::{self, context, ffmpeg};

fn film(path: &Path) -> VideoReport {
    let (report, broken) = analyze_video(&context(), path).expect("the film is readable");
    assert!(broken.is_none(), "{broken:?}");
    check(&report.shots);
    report
}

fn heard(path: &Path) -> Analysis {
    analyze(&context(), path).expect("the film is readable")
}

/// Invariants of every film.
fn check(shots: &[Shot]) {
    let mut last = 0;
    for shot in shots {
        let ids: Vec<u32> = shot.tracks.iter().map(|track| track.id).collect();
        for track in &shot.tracks {
            assert_eq!(track.id, last + 1, "ids count on");
            last = track.id;
            assert!(track.start >= shot.start - 1e-3 && track.end <= shot.end + 1e-3);
            assert!((0.0..=1.0).contains(&track.score));
            assert_eq!(track.path.first().unwrap()[0], track.start);
            assert_eq!(track.path.last().unwrap()[0], track.end);
            assert!(track.path.windows(2).all(|pair| pair[0][0] < pair[1][0]));
            for point in &track.path {
                assert!(point[1] >= 0.0 && point[1] + point[3] <= 1.001, "{point:?}");
                assert!(point[2] >= 0.0 && point[2] + point[4] <= 1.001, "{point:?}");
            }
            for peak in &shot.motion.peaks {
                assert!(*peak > shot.start && *peak < shot.end, "{peak}");
            }
            for span in &track.speaking {
                assert!(span.start >= track.start - 0.06 && span.end <= shot.end + 0.06);
            }
            assert!(track.face.is_none_or(|face| ids.contains(&face)));
        }
    }
}

fn of(shot: &Shot, kind: TrackKind) -> Vec<&PersonTrack> {
    shot.tracks
        .iter()
        .filter(|track| track.kind == kind)
        .collect()
}

/// A film that ffmpeg makes by `arguments`.
fn made(folder: &Path, name: &str, arguments: &[&str]) -> PathBuf {
    ffmpeg()
        .args(arguments)
        .words("-c:v libx264 -crf 18 -pix_fmt yuv420p")
        .writes(folder.join(name))
}

fn media(name: &str) -> String {
    support::media(name).to_str().unwrap().to_owned()
}

#[test]
fn one_face_is_one_track_from_end_to_end() {
    let report = film(&support::media("clips/carphone.mp4"));
    let faces = of(&report.shots[0], TrackKind::Face);
    assert_eq!(faces.len(), 1, "{:?}", report.shots[0].tracks);
    assert!(faces[0].start < 0.5 && faces[0].end > 3.4, "{:?}", faces[0]);
    // Without the analysis of sound, nobody is marked as speaking.
    assert_eq!(faces[0].speaking_share, None);
    if let Some(corpus) = support::corpus() {
        for name in ["intel_asl_book.mkv", "intel_asl_yes.mkv"] {
            let report = film(&corpus.join("video/clips").join(name));
            let faces = of(&report.shots[0], TrackKind::Face);
            assert_eq!(faces.len(), 1, "{name}: {:?}", report.shots[0].tracks);
            let (length, seen) = (report.duration, faces[0].end - faces[0].start);
            assert!(seen > length - 0.9, "{name}: {seen} of {length}");
        }
    }
}

#[test]
fn people_on_a_plaza_keep_their_tracks() {
    let report = film(&support::media("clips/plaza.mp4"));
    let people = of(&report.shots[0], TrackKind::Person);
    assert!((3..=20).contains(&people.len()), "{}", people.len());
    let longest = people
        .iter()
        .map(|track| track.end - track.start)
        .fold(0.0, f64::max);
    assert!(longest > 6.0, "{longest}");
    // A steady walk: no point far from the middle of its neighbors.
    for track in people {
        for three in track.path.windows(3) {
            let x = |point: &[f64; 5]| point[1] + point[3] / 2.0;
            let off = (x(&three[1]) - (x(&three[0]) + x(&three[2])) / 2.0).abs();
            assert!(off < 0.04, "{off} in {three:?}");
        }
    }
}

#[test]
fn the_face_that_talks_is_told_from_the_one_that_listens() {
    let folder = tempfile::tempdir().unwrap();
    let (clip, voice) = (media("clips/carphone.mp4"), media("speech/austen.flac"));
    // The same man twice, once talking and once as a photo, with a voice.
    for (name, order, talker) in [("left.mp4", "[a][b]", 0), ("right.mp4", "[b][a]", 1)] {
        let graph = format!(
            "[0:v]scale=320:240,setsar=1,fps=30,split[a][c];\
             [c]trim=end_frame=1,loop=loop=119:size=1,setpts=N/30/TB[b];{order}hstack"
        );
        let arguments = [
            "-i",
            &clip,
            "-i",
            &voice,
            "-filter_complex",
            &graph,
            "-t",
            "4",
        ];
        let path = made(folder.path(), name, &arguments);
        let analysis = heard(&path);
        let shots = analysis.video.unwrap().shots;
        check(&shots);
        let mut faces = of(&shots[0], TrackKind::Face);
        faces.sort_by(|a, b| a.path[0][1].total_cmp(&b.path[0][1]));
        assert_eq!(faces.len(), 2, "{:?}", shots[0].tracks);
        let share = |face: usize| faces[face].speaking_share.unwrap_or(-1.0);
        assert!(share(talker) >= 0.5, "{name}: {:?}", faces[talker]);
        assert_eq!(share(1 - talker), 0.0, "{name}: {:?}", faces[1 - talker]);
        let speech = analysis.audio.unwrap().speech;
        for span in &faces[talker].speaking {
            assert!(
                speech
                    .iter()
                    .any(|said| span.start >= said.start - 1e-3 && span.start <= said.end)
            );
        }
    }
}

#[test]
fn nobody_speaks_without_a_voice_and_small_mouths_are_not_judged() {
    let folder = tempfile::tempdir().unwrap();
    let (clip, voice) = (media("clips/carphone.mp4"), media("speech/austen.flac"));
    let quiet = heard(&support::media("clips/carphone.mp4"));
    assert!(
        quiet.video.unwrap().shots[0]
            .tracks
            .iter()
            .all(|track| track.speaking_share.is_none())
    );
    // The face is 5 % of the picture's width: 8 of 160 pixels, and the mouth 4 of them.
    let graph = "[0:v]scale=352:264,setsar=1,fps=30,pad=1920:1080:700:400:gray";
    let arguments = [
        "-i",
        &clip,
        "-i",
        &voice,
        "-filter_complex",
        graph,
        "-t",
        "4",
    ];
    let small = heard(&made(folder.path(), "small.mp4", &arguments));
    for track in &small.video.unwrap().shots[0].tracks {
        assert_eq!(
            (track.speaking_share, track.speaking.len()),
            (None, 0),
            "{track:?}"
        );
    }
}

#[test]
fn known_moves_of_the_camera_are_told_in_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let photo = media("photos/meadow.jpg");
    let moves = [
        // 3 pixels of 480 a frame to the right.
        (
            "pan",
            "scale=1280:-2,crop=480:270:60+3*n:100",
            [3.0 / 480.0 * 25.0, 0.0, 0.0, 0.0],
        ),
        // 2 pixels a frame upwards.
        (
            "tilt",
            "scale=1280:-2,crop=480:270:300:240-2*n",
            [0.0, 2.0 / 480.0 * 25.0, 0.0, 0.0],
        ),
        // The picture turns clockwise by 0.4 degrees a frame, the camera the other way.
        (
            "roll",
            "scale=1280:-2,rotate=0.4*n*PI/180,crop=480:270",
            [0.0, 0.0, 0.0, -10.0],
        ),
        // 0.8 percent a frame.
        (
            "zoom",
            "scale=2400:-2,zoompan=z=pow(1.008\\,on)*1.2:x=iw/2-iw/zoom/2:y=ih/2-ih/zoom/2:d=1:s=480x270:fps=25",
            [0.0, 0.0, 0.2, 0.0],
        ),
    ];
    for (word, filter, [pan, tilt, zoom, roll]) in moves {
        let arguments = [
            "-loop", "1", "-r", "25", "-i", &photo, "-vf", filter, "-t", "2",
        ];
        let report = film(&made(folder.path(), &format!("{word}.mp4"), &arguments));
        let motion = &report.shots[0].motion;
        eprintln!("{word}: {motion:?}");
        assert_eq!(motion.camera, word, "{motion:?}");
        assert!((motion.pan - pan).abs() < 0.03, "{motion:?}");
        assert!((motion.tilt - tilt).abs() < 0.03, "{motion:?}");
        assert!((motion.zoom - zoom).abs() < 0.05, "{motion:?}");
        assert!((motion.roll - roll).abs() < 3.0, "{motion:?}");
        assert!(motion.subject < 0.5 * motion.energy, "{motion:?}");
    }
}

#[test]
fn a_shaky_camera_goes_nowhere() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let report = film(&corpus.join("video/clips/meshflow_small-shaky-5.avi"));
    let motion = &report.shots[0].motion;
    assert_eq!(motion.camera, "handheld");
    assert!(motion.shake > 0.5 && motion.roll.abs() < 3.0, "{motion:?}");
    let still = film(&corpus.join("video/clips/pyscenedetect_counter.mp4"));
    for shot in &still.shots {
        assert_eq!(shot.motion.camera, "static");
        assert_eq!((shot.motion.pan, shot.motion.roll), (0.0, 0.0));
    }
}

#[test]
fn a_scene_that_comes_back_is_a_take() {
    let folder = tempfile::tempdir().unwrap();
    let (talk, street, plaza) = (
        media("clips/carphone.mp4"),
        media("clips/bikes.mp4"),
        media("clips/plaza.mp4"),
    );
    // The talk, the street, the talk again (a later part, brighter and nearer), the plaza, the talk.
    let graph = "[0:v]fps=25,scale=320:240,setsar=1,split=3[t][u][v];\
        [t]trim=end_frame=32[a];\
        [1:v]fps=25,trim=start_frame=80:end_frame=125,setpts=PTS-STARTPTS,scale=320:240,setsar=1[b];\
        [u]trim=start_frame=34:end_frame=66,setpts=PTS-STARTPTS,eq=brightness=0.04,\
         crop=304:228,scale=320:240,setsar=1[c];\
        [2:v]fps=25,trim=end_frame=40,scale=320:240,setsar=1[d];\
        [v]trim=start_frame=66:end_frame=98,setpts=PTS-STARTPTS[e];[a][b][c][d][e]concat=n=5";
    let inputs = [
        "-i",
        &talk,
        "-i",
        &street,
        "-i",
        &plaza,
        "-filter_complex",
        graph,
    ];
    let report = film(&made(folder.path(), "takes.mp4", &inputs));
    assert_eq!(report.shots.len(), 5, "{:?}", report.takes);
    assert_eq!(report.takes.len(), 1, "{:?}", report.takes);
    let take = &report.takes[0];
    assert_eq!(take.shots, [0, 2, 4]);
    assert!(take.shots.contains(&take.best) && take.likeness >= 0.45);
    // Without the talk's return there is nothing to group.
    let report = film(&support::media("clips/plaza.mp4"));
    assert!(report.takes.is_empty());
}

#[test]
fn shots_of_different_clips_are_no_takes_and_each_has_a_moment() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    // Twelve clips each; in the third the first one comes back once.
    for (name, allowed) in [
        ("c1_hard_25fps.mp4", 0),
        ("c2_mixed_30fps.mp4", 0),
        ("c3_fast_flash_25fps.mp4", 1),
    ] {
        let report = film(&corpus.join("video/composites").join(name));
        eprintln!(
            "{name}: {} shots, takes {:?}",
            report.shots.len(),
            report.takes
        );
        assert!(report.shots.len() > 5);
        assert!(report.takes.len() <= allowed, "{:?}", report.takes);
        for shot in &report.shots {
            let lasts = shot.end - shot.start > 1.0;
            assert!(
                !lasts || !shot.moments.is_empty(),
                "{} – {}",
                shot.start,
                shot.end
            );
        }
    }
}
