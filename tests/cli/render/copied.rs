//! Films whose groups of pictures are copied from the source where the plan leaves them as they are.

use tastemaker::captions::Caption;

use super::*;

const USUAL: &str = "-g 20 -keyint_min 20 -sc_threshold 0 -bf 3 -pix_fmt yuv420p \
                     -color_primaries bt709 -color_trc bt709 -colorspace bt709";

/// The same of x265, with more parameters of its own.
fn h265(parameters: &str) -> String {
    let colors = "-color_primaries bt709 -color_trc bt709 -colorspace bt709";
    format!(
        "-c:v libx265 -pix_fmt yuv420p {colors} -x265-params \
         keyint=20:min-keyint=20:scenecut=0:open-gop=0:log-level=none{parameters}"
    )
}

const SQUARE: &str = "scale=640:360,setsar=1";

/// 120 frames of a clip at 25 frames a second, encoded with more `words` of FFmpeg.
fn clip(path: PathBuf, filter: &str, words: &str) -> PathBuf {
    ffmpeg()
        .args(["-i", media("clips/bikes.mp4").to_str().unwrap()])
        .words("-an -frames:v 120 -c:v libx264 -crf 18 -preset veryfast")
        .args(["-vf", filter])
        .words(words)
        .writes(path)
}

fn copying(codec: FilmCodec, plan: &Plan, film: &Path) -> RenderReport {
    let how = Encoding {
        codec,
        dynamic_range: DynamicRange::Standard,
        quality: 18,
        copies: true,
    };
    render_with(how, plan, film, 2, Task::default()).unwrap()
}

/// Frames 7 to 106 of the clip, and then 110 to 119.
fn two_cuts(clip: &Path) -> Plan {
    let mut plan = plan(640, 360, ratio(25, 1), &[("clip", clip)]);
    plan.show("clip", ratio(7, 25), 100);
    plan.show("clip", ratio(110, 25), 10);
    plan
}

#[test]
fn groups_are_copied_bit_for_bit_and_the_edges_encoded() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let (h264_film, h265_film) = (FilmCodec::H264, FilmCodec::H265);
    for (codec, name, words) in [
        (h264_film, "clip.mp4", USUAL.to_owned()),
        (h264_film, "clip.mkv", USUAL.to_owned()),
        // Other profiles, and pictures that are stored long before they are shown.
        (
            h264_film,
            "main.mp4",
            format!("{USUAL} -profile:v main -bf 2"),
        ),
        (
            h264_film,
            "baseline.mp4",
            format!("{USUAL} -profile:v baseline"),
        ),
        (
            h264_film,
            "late.mov",
            format!("{USUAL} -bf 8 -b_strategy 0 -x264-params b-pyramid=normal:ref=6:sps-id=1"),
        ),
        (h265_film, "h265.mp4", h265("")),
        (h265_film, "h265.mkv", h265(":repeat-headers=1")),
        // Some have sublayers, more slices, or no picture that is shown before one that stands before it.
        (
            h265_film,
            "sublayers.mp4",
            h265(":temporal-layers=1:bframes=8:b-adapt=0:ref=5"),
        ),
        (
            h265_film,
            "slices.mov",
            h265(":slices=4:bframes=0:weightp=0"),
        ),
    ] {
        let clip = clip(at(name), SQUARE, &words);
        let plan = two_cuts(&clip);
        let film = at("film.mp4");
        let report = copying(codec, &plan, &film);
        assert_eq!(report.copied_frames, Some(80), "{name}");
        let checked = verified(&plan, &film);
        assert!(checked.passed(), "{name}: {checked:?}");
        // Players find no error, every frame, and each at its time.
        let told = ffmpeg_report(&film, &["-xerror", "-f", "null", "-"]);
        assert!(!told.to_lowercase().contains("error"), "{name}: {told}");
        assert_eq!(
            stream_entries(&film, "v", "nb_read_frames"),
            "110",
            "{name}"
        );
        let (source, made) = (frames_of(&clip), frames_of(&film));
        assert_eq!(made.len(), 110, "{name}");
        let shown = (7..107).chain(110..120);
        for (number, (made, from)) in made.iter().zip(shown).enumerate() {
            let like = psnr(made, &source[from]);
            match (13..93).contains(&number) {
                true => assert!(
                    *made == source[from],
                    "{name}: frame {number}, {like:.1} dB"
                ),
                false => assert!(like > 38.0, "{name}: frame {number}, {like:.1} dB"),
            }
        }
        let mut reader = VideoReader::open(&film, &Limits::default(), 1).unwrap();
        for number in [90, 12, 13, 50, 93, 108] {
            reader.seek(ratio(number, 25)).unwrap();
            reader.next_frame().unwrap();
            let frame = reader.image(FrameSize::Full).unwrap();
            assert!(
                frame == made[number as usize],
                "{name}: seeking to frame {number}"
            );
        }
    }
}

#[test]
fn nothing_is_copied_of_what_is_changed_or_stored_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let usual = clip(at("usual.mp4"), SQUARE, USUAL);
    let copied = |plan: &Plan| copying(FilmCodec::H264, plan, &at("film.mp4")).copied_frames;
    assert_eq!(copied(&two_cuts(&usual)), Some(80));

    let changed = |change: &dyn Fn(&mut Segment)| {
        let mut plan = two_cuts(&usual);
        change(&mut plan.picture[0]);
        copied(&plan)
    };
    assert_eq!(changed(&|first| first.look = Some("noir".into())), None);
    assert_eq!(
        changed(&|first| first.crop = vec![[0.0, 0.1, 0.1, 0.8, 0.8]]),
        None
    );
    assert_eq!(
        changed(&|first| first.effects = vec![
            PunchIn {
                at: 1.0,
                amount: 0.2
            }
            .into()
        ]),
        None
    );
    // Between two frames of the source it is not clear which one is meant.
    assert_eq!(
        changed(&|first| {
            let half = ratio(1, 50);
            first.start_exact = first.start_exact + half;
            first.end_exact = first.end_exact + half;
        }),
        None
    );
    let mut captioned = two_cuts(&usual);
    captioned.output.captions = Some(tastemaker::edit::CaptionDelivery::Burned);
    captioned.captions = vec![Caption {
        text: "Here".into(),
        start: 0.0,
        end: 4.4,
        style: None,
        words: Vec::new(),
        place: None,
        align: None,
    }];
    assert_eq!(copied(&captioned), None);

    for (name, filter, words) in [
        // The pixels of this clip are not square.
        ("wide.mp4", "scale=640:360", USUAL),
        ("small.mp4", "scale=320:180,setsar=1", USUAL),
        ("faster.mp4", "scale=640:360,setsar=1,fps=50", USUAL),
        (
            "open.mp4",
            SQUARE,
            &format!("{USUAL} -flags -cgop -x264-params open-gop=1"),
        ),
        ("long.mp4", SQUARE, &USUAL.replace(" 20", " 250")),
        (
            "full.mp4",
            "scale=640:360:out_range=full,setsar=1",
            &format!("{USUAL} -color_range pc"),
        ),
        ("deep.mp4", SQUARE, &USUAL.replace("yuv420p", "yuv420p10le")),
        ("plain.mp4", SQUARE, "-g 20 -keyint_min 20 -sc_threshold 0"),
        ("bytes.ts", SQUARE, USUAL),
    ] {
        let clip = clip(at(name), filter, words);
        assert_eq!(copied(&two_cuts(&clip)), None, "{name}");
    }
}

#[test]
fn h265_is_copied_into_h265_alone_and_in_eight_bits() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for (name, codec, words) in [
        ("h264.mp4", FilmCodec::H265, USUAL.to_owned()),
        ("h265.mp4", FilmCodec::H264, h265("")),
        ("h265-open.mp4", FilmCodec::H265, h265(":open-gop=1")),
        (
            "h265-deep.mp4",
            FilmCodec::H265,
            h265("").replace("yuv420p", "yuv420p10le"),
        ),
    ] {
        let clip = clip(at(name), SQUARE, &words);
        let report = copying(codec, &two_cuts(&clip), &at("film.mp4"));
        assert_eq!(report.copied_frames, None, "{name}");
    }
}
