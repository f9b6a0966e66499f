//! Films that keep the dynamic range of their sources: compared with FFmpeg's own decoding in 10 bits.

use tastemaker::captions::Caption;

use super::*;
use crate::support::{Home, tastemaker};

const HLG: &str = "-color_primaries bt2020 -color_trc arib-std-b67 -colorspace bt2020nc";
const PQ: &str = "-color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc";

/// Two seconds of a clip of 10 bits with fine gradients, at 25 frames a second, with these tags and parameters of x265.
fn clip(folder: &Path, name: &str, tags: &str, parameters: &str) -> PathBuf {
    let path = folder.join(name);
    let moving = "nullsrc=s=320x180:r=25:d=2,format=yuv420p10le,\
                  geq=lum='64+876*mod(X+2*N+Y/4,320)/320':cb='512+200*sin(X/40)':cr='512+200*cos((Y+N)/30)'";
    ffmpeg()
        .args(["-f", "lavfi", "-i", moving])
        .words(&format!(
            "-c:v libx265 -x265-params log-level=none:crf=6:{parameters} {tags}"
        ))
        .writes(path)
}

fn try_keeping(plan: &Plan, film: &Path) -> Result<RenderReport, Error> {
    let how = Encoding {
        codec: FilmCodec::H265,
        dynamic_range: DynamicRange::Keep,
        quality: 4,
        copies: true,
    };
    render_with(how, plan, film, 2, Task::default())
}

fn keeping(plan: &Plan, film: &Path) -> RenderReport {
    let report = try_keeping(plan, film).unwrap();
    let verified = verified(plan, film);
    assert!(verified.passed(), "{verified:?}");
    report
}

/// Codec, profile, pixel format, range, matrix, transfer and primaries, as ffprobe names them.
fn tags(film: &Path) -> String {
    let fields =
        "stream=codec_name,profile,pix_fmt,color_range,color_space,color_transfer,color_primaries";
    let told = ffprobe(film, ["-select_streams", "v", "-show_entries", fields]);
    told.trim().to_owned()
}

/// The least PSNR of any frame of `film`, against the frames that FFmpeg makes of `source` with `filter`, in 10 bits.
fn least_psnr(film: &Path, source: &Path, filter: &str) -> f64 {
    let graph = format!(
        "[0:v]setpts=N/25/TB,format=yuv420p10le[film];\
         [1:v]{filter},setpts=N/25/TB,format=yuv420p10le[source];[film][source]psnr=shortest=1"
    );
    let source = source.to_str().unwrap();
    let report = ffmpeg_report(film, &["-i", source, "-lavfi", &graph]);
    let least = report.rsplit("min:").next().unwrap();
    let least = least.split_whitespace().next().unwrap();
    if least == "inf" {
        100.0
    } else {
        least.parse().unwrap()
    }
}

#[test]
fn each_range_comes_out_frame_by_frame_as_it_went_in() {
    let folder = tempfile::tempdir().unwrap();
    let sdr = "-color_primaries bt709 -color_trc bt709 -colorspace bt709";
    for (tagged, name, transfer) in [
        (
            HLG,
            "arib-std-b67 in bt2020",
            "tv,bt2020nc,arib-std-b67,bt2020",
        ),
        (PQ, "smpte2084 in bt2020", "tv,bt2020nc,smpte2084,bt2020"),
        (sdr, "bt709 in bt709", "tv,bt709,bt709,bt709"),
    ] {
        let clip = clip(folder.path(), "clip.mp4", tagged, "keyint=50");
        let mut plan = plan(320, 180, ratio(25, 1), &[("clip", &clip)]);
        plan.show("clip", ratio(2, 5), 15);
        plan.show("clip", ratio(6, 5), 10);
        let film = folder.path().join("film.mp4");
        let report = keeping(&plan, &film);
        assert_eq!(report.dynamic_range.as_deref(), Some(name));
        assert_eq!(tags(&film), format!("hevc,Main 10,yuv420p10le,{transfer}"));
        let cuts = "select='between(n,10,24)+between(n,30,39)'";
        let least = least_psnr(&film, &clip, cuts);
        assert!(least > 52.0, "{name}: {least:.1} dB");
        // A frame that is late by one is found.
        let late = "select='between(n,11,25)+between(n,31,40)'";
        assert!(least_psnr(&film, &clip, late) < 40.0);
        // By itself the film is for ordinary displays.
        let report = rendered(&plan, &film);
        assert_eq!(report.dynamic_range, None);
        assert_eq!(tags(&film), "h264,High,yuv420p,tv,bt709,bt709,bt709");
    }
}

#[test]
fn how_bright_a_film_is_meant_to_be_comes_along() {
    let folder = tempfile::tempdir().unwrap();
    let mastered =
        "master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)";
    let of = |name, light| {
        clip(
            folder.path(),
            name,
            PQ,
            &format!("{mastered}:max-cll={light}"),
        )
    };
    let (first, other) = (of("clip.mp4", "900,300"), of("other.mp4", "700,400"));
    let film = folder.path().join("film.mp4");
    let told = |film: &Path| {
        let fields = [
            "-select_streams",
            "v",
            "-show_entries",
            "stream_side_data",
            "-show_streams",
            "-of",
            "default",
        ];
        let told = ffprobe(film, fields);
        let wanted = [
            "red_x",
            "white_point_y",
            "min_luminance",
            "max_luminance",
            "max_content",
            "max_average",
        ];
        let of = |key: &&str| {
            let line = told
                .lines()
                .find_map(|line| line.strip_prefix(&format!("{key}=")).map(str::to_owned));
            line.unwrap_or_default()
        };
        wanted.iter().map(of).collect::<Vec<String>>().join(" ")
    };
    let mut plan = plan(
        320,
        180,
        ratio(25, 1),
        &[("clip", &first), ("other", &other)],
    );
    plan.show("clip", Rational::ZERO, 10);
    keeping(&plan, &film);
    assert_eq!(
        told(&film),
        "34000/50000 16450/50000 50/10000 10000000/10000 900 300"
    );
    // And of two clips that of the brighter one.
    plan.show("other", Rational::ZERO, 10);
    keeping(&plan, &film);
    assert_eq!(
        told(&film),
        "34000/50000 16450/50000 50/10000 10000000/10000 900 400"
    );
}

#[test]
fn crops_turns_and_scaling_are_those_of_ffmpeg() {
    let folder = tempfile::tempdir().unwrap();
    // Chroma of UHD lies on the upper left of its pixels.
    let clip = clip(folder.path(), "clip.mp4", HLG, "chromaloc=2");
    let film = folder.path().join("film.mp4");
    let mut part = plan(160, 90, ratio(25, 1), &[("clip", &clip)]);
    part.show("clip", Rational::ZERO, 10).crop = vec![[0.0, 0.25, 0.25, 0.5, 0.5]];
    keeping(&part, &film);
    let least = least_psnr(&film, &clip, "crop=160:90:80:45:exact=1,trim=end_frame=10");
    assert!(least > 50.0, "whole pixels: {least:.1} dB");
    let place = [
        "-select_streams",
        "v",
        "-show_entries",
        "stream=chroma_location",
    ];
    assert_eq!(ffprobe(&film, place).trim(), "topleft");

    let mut small = plan(240, 134, ratio(25, 1), &[("clip", &clip)]);
    small.show("clip", Rational::ZERO, 10);
    keeping(&small, &film);
    let scaled = "crop=320:178.6:0:0.7,scale=240:134:flags=lanczos+accurate_rnd,trim=end_frame=10";
    let least = least_psnr(&film, &clip, scaled);
    assert!(least > 36.0, "scaled: {least:.1} dB");

    let turned = folder.path().join("turned.mp4");
    ffmpeg()
        .input(&clip)
        .words("-c copy -metadata:s:v rotate=90 -tag:v hvc1")
        .writes(&turned);
    let mut upright = plan(180, 320, ratio(25, 1), &[("turned", &turned)]);
    upright.show("turned", Rational::ZERO, 10);
    keeping(&upright, &film);
    // FFmpeg turns it by itself.
    let least = least_psnr(&film, &turned, "trim=end_frame=10");
    assert!(least > 42.0, "turned: {least:.1} dB");
}

/// A clip of one color, in 10 bits.
fn flat(folder: &Path, name: &str, [luma, chroma]: [u16; 2]) -> PathBuf {
    let path = folder.join(name);
    let color =
        format!("nullsrc=s=64x64:r=25:d=2,format=yuv420p10le,geq=lum={luma}:cb={chroma}:cr=512");
    ffmpeg()
        .args(["-f", "lavfi", "-i", &color])
        .words(&format!(
            "-c:v libx265 -x265-params log-level=none:crf=0 {HLG}"
        ))
        .writes(path)
}

#[test]
fn dissolves_and_dips_to_black_are_made_of_ten_bits() {
    let folder = tempfile::tempdir().unwrap();
    let (dark, bright) = (
        flat(folder.path(), "dark.mp4", [301, 512]),
        flat(folder.path(), "bright.mp4", [702, 601]),
    );
    let mut plan = plan(
        64,
        64,
        ratio(25, 1),
        &[("dark", &dark), ("bright", &bright)],
    );
    plan.show("dark", ratio(2, 5), 10);
    let film = folder.path().join("film.mp4");
    for (kind, wanted) in [
        (TransitionEffect::Dissolve, [301, 351, 451, 552, 652, 702]),
        (TransitionEffect::DipToBlack, [301, 242, 123, 224, 543, 702]),
    ] {
        plan.picture.truncate(1);
        plan.output.duration_exact = ratio(2, 5);
        plan.show("bright", ratio(2, 5), 10).transition =
            SegmentTransition::Timed(TimedTransition {
                kind,
                duration: 0.16,
                duration_exact: ratio(4, 25),
            });
        keeping(&plan, &film);
        let luma = ffmpeg()
            .input(&film)
            .words("-vf extractplanes=y,crop=2:2:30:30,select='between(n,7,12)' -vsync 0 -f rawvideo -")
            .bytes();
        let found: Vec<u16> = luma
            .chunks_exact(8)
            .map(|frame| u16::from_le_bytes([frame[0], frame[1]]))
            .collect();
        assert!(
            found
                .iter()
                .zip(wanted)
                .all(|(found, wanted): (&u16, u16)| found.abs_diff(wanted) <= 4),
            "{found:?} {wanted:?}"
        );
    }
}

/// A caption in the first frames.
fn hello() -> Caption {
    Caption {
        text: "Hello".into(),
        start: 0.1,
        end: 0.4,
        style: None,
        words: Vec::new(),
        place: None,
        align: None,
    }
}

#[test]
fn what_cannot_be_drawn_in_it_is_refused_by_its_field() {
    let folder = tempfile::tempdir().unwrap();
    let hlg = clip(folder.path(), "hlg.mp4", HLG, "keyint=50");
    let pq = clip(folder.path(), "pq.mp4", PQ, "keyint=50");
    let photo = media("photos/dogs.jpg");
    let ids = [("hlg", &*hlg), ("pq", &*pq), ("photo", &*photo)];
    let whole = || {
        let mut plan = plan(320, 180, ratio(25, 1), &ids);
        plan.show("hlg", Rational::ZERO, 10);
        plan.show("hlg", ratio(4, 5), 10);
        plan
    };
    let film = folder.path().join("film.mp4");
    let refused = |change: &dyn Fn(&mut Plan), wanted: &str| {
        let mut plan = whole();
        change(&mut plan);
        let error = try_keeping(&plan, &film).expect_err(wanted);
        assert_eq!(error.code(), "usage");
        assert!(error.to_string().contains(wanted), "{error}");
        assert!(!film.exists());
    };
    refused(
        &|plan| plan.picture[1].look = Some("noir".into()),
        "picture[1].look",
    );
    refused(&|plan| plan.picture[0].fit = Fit::Blurred, "picture[0].fit");
    refused(
        &|plan| plan.picture[1].source = "photo".into(),
        "picture[1].source",
    );
    refused(
        &|plan| plan.picture[1].source = "pq".into(),
        "\"hlg\" is arib-std-b67 in bt2020, and \"pq\" is smpte2084 in bt2020",
    );
    refused(
        &|plan| {
            plan.picture[1].effects = vec![
                tastemaker::effects::Glow {
                    at: 0.9,
                    amount: 0.5,
                }
                .into(),
            ]
        },
        "picture[1].effects",
    );
    let dip = SegmentTransition::Timed(TimedTransition {
        kind: TransitionEffect::DipToWhite,
        duration: 0.16,
        duration_exact: ratio(4, 25),
    });
    refused(
        &|plan| plan.picture[1].transition = dip,
        "picture[1].transition",
    );
    refused(&|plan| plan.captions.push(hello()), "captions");
    // What only moves the crop is drawn.
    let mut plan = whole();
    plan.picture[0].effects = vec![
        SlowPush { amount: 0.2 }.into(),
        PunchIn {
            at: 0.2,
            amount: 0.1,
        }
        .into(),
    ];
    keeping(&plan, &film);
}

#[test]
fn the_terminal_keeps_it_in_h265_alone() {
    let home = Home::new();
    clip(home.as_ref(), "clip.mp4", HLG, "keyint=50");
    let path = home.path("clip.mp4");
    let mut plan = plan(320, 180, ratio(25, 1), &[("clip", &path)]);
    plan.show("clip", Rational::ZERO, 10);
    std::fs::write(home.path("film.plan.json"), plan.to_json().unwrap()).unwrap();
    let render = |flags: &str| {
        let words = format!("render film.plan.json -o film.mp4 --dynamic-range keep {flags}");
        tastemaker(&home).args(words.split_whitespace())
    };
    let refused = render("").exits(2);
    assert!(refused.stderr().contains("kept in H.265 alone"));
    assert!(refused.stderr().contains("--encoder h265"));
    let told = render("--encoder h265 --json").exits(0).last_document();
    assert_eq!(told["render"]["dynamic_range"], "arib-std-b67 in bt2020");
    let edit = "edit clip.mp4 -o cut.mp4 --encoder h265 --dynamic-range keep --look noir";
    let refused = tastemaker(&home).args(edit.split_whitespace()).exits(2);
    assert!(refused.stderr().contains("a look is for ordinary displays"));
}
