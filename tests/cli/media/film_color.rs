//! What the numbers of films mean: whatever primaries, matrix, transfer and range they have, the colors come out.

use std::path::{Path, PathBuf};

use tastemaker::geometry::Size;
use tastemaker::media::{FrameSize, Limits, VideoReader};
use tastemaker::picture::Rgb8;

use crate::support::{Home, ffmpeg, ffprobe, tastemaker};

/// The patches of the film, in sRGB.
const PATCHES: [[u8; 3]; 6] = [
    [192, 64, 32],
    [80, 160, 96],
    [48, 80, 176],
    [128, 128, 128],
    [224, 200, 176],
    [24, 20, 32],
];

/// How a film is coded: its name, what zscale makes of sRGB's primaries and BT.709's curve, pixel format, encoder.
type Coding = (&'static str, &'static str, &'static str, &'static str);

const CODINGS: [Coding; 18] = [
    (
        "bt709.mp4",
        "p=709:t=709:m=709",
        "yuv420p",
        "libx264 -qp 4 -color_primaries bt709 -color_trc bt709 -colorspace bt709",
    ),
    (
        "bt2020.mp4",
        "p=2020:t=709:m=2020_ncl",
        "yuv420p",
        "libx264 -qp 4 -color_primaries bt2020 -color_trc bt709 -colorspace bt2020nc",
    ),
    (
        "bt2020-10.mp4",
        "p=2020:t=2020_10:m=2020_ncl",
        "yuv420p10le",
        "libx264 -qp 4 -color_primaries bt2020 -color_trc bt2020-10 -colorspace bt2020nc",
    ),
    (
        "bt2020.webm",
        "p=2020:t=2020_10:m=2020_ncl",
        "yuv420p10le",
        "libvpx-vp9 -b:v 0 -crf 4 -color_primaries bt2020 -color_trc bt2020-10 -colorspace bt2020nc",
    ),
    (
        "matrix-alone.mp4",
        "p=2020:t=709:m=2020_ncl",
        "yuv420p10le",
        "libx264 -qp 4 -x264-params colorprim=undef:transfer=undef:colormatrix=bt2020nc",
    ),
    (
        "p3.mp4",
        "p=smpte432:t=709:m=709",
        "yuv420p10le",
        "libx264 -qp 4 -color_primaries smpte432 -color_trc bt709 -colorspace bt709",
    ),
    (
        "p3-full-range.mkv",
        "p=smpte432:t=709:m=709:r=full",
        "yuv444p",
        "libx264 -qp 4 -color_range pc -color_primaries smpte432 -color_trc bt709 -colorspace bt709",
    ),
    (
        "pal.mp4",
        "p=bt470bg:t=709:m=470bg",
        "yuv420p",
        "libx264 -qp 4 -color_primaries bt470bg -color_trc gamma28 -colorspace bt470bg",
    ),
    (
        "ntsc.mp4",
        "p=170m:t=601:m=170m",
        "yuv422p10le",
        "libx264 -qp 4 -color_primaries smpte170m -color_trc smpte170m -colorspace smpte170m",
    ),
    (
        "jpeg.avi",
        "p=709:t=709:m=470bg:r=full",
        "yuvj420p",
        "mjpeg -q:v 1",
    ),
    (
        "vp8.webm",
        "p=709:t=709:m=170m",
        "yuv420p",
        "libvpx -b:v 5M -crf 4",
    ),
    (
        "linear.mp4",
        "p=709:t=linear:m=709",
        "yuv420p10le",
        "libx264 -qp 4 -color_primaries bt709 -color_trc linear -colorspace bt709",
    ),
    // Scaling RGB changes nothing of its colors, at any size.
    ("rgb.mkv", "p=709:t=709:m=gbr:r=full", "gbrp", "ffv1"),
    ("rgb.mov", "p=709:t=709:m=gbr:r=full", "rgb24", "qtrle"),
    // Matrices that swscale does not know.
    (
        "ycgco.mp4",
        "p=709:t=709:m=ycgco",
        "yuv444p",
        "libx264 -qp 4 -color_primaries bt709 -color_trc bt709 -colorspace ycgco",
    ),
    (
        "ycgco-full-range.mkv",
        "p=709:t=709:m=ycgco:r=full",
        "yuv420p",
        "libx264 -qp 4 -color_range pc -colorspace ycgco",
    ),
    (
        "constant-luminance.mp4",
        "p=2020:t=2020_10:m=2020_cl",
        "yuv420p10le",
        "libx264 -qp 4 -color_primaries bt2020 -color_trc bt2020-10 -colorspace bt2020c",
    ),
    (
        "derived.mkv",
        "p=smpte432:t=709:m=chroma-derived-nc",
        "yuv444p10le",
        "libx265 -x265-params log-level=none:qp=4 -color_primaries smpte432 -color_trc bt709 -colorspace chroma-derived-nc",
    ),
];

/// A film of the patches side by side.
fn film(folder: &Path, (name, numbers, format, encoder): Coding, size: Size) -> PathBuf {
    let width = size.width / PATCHES.len() as u32;
    let mut source = String::new();
    for ([red, green, blue], name) in PATCHES.into_iter().zip('a'..) {
        let height = size.height;
        source += &format!(
            "color=c=0x{red:02x}{green:02x}{blue:02x}:s={width}x{height}:r=10:d=0.5[{name}];"
        );
    }
    let range = if numbers.contains("r=full") {
        ""
    } else {
        ":r=limited"
    };
    source += "[a][b][c][d][e][f]hstack=6,format=gbrp,";
    source += &format!("zscale=pin=709:tin=709:rin=full:{numbers}{range},format={format}");
    ffmpeg()
        .source(&source)
        .arg("-c:v")
        .words(encoder)
        .writes(folder.join(name))
}

#[track_caller]
fn assert_patches(picture: &Rgb8, most: u8, what: &str) {
    let count = PATCHES.len();
    for (number, wanted) in PATCHES.into_iter().enumerate() {
        let x = picture.width() * (2 * number + 1) / (2 * count);
        let found = picture.pixel(x, picture.height() / 2);
        let near = found
            .iter()
            .zip(wanted)
            .all(|(found, wanted)| found.abs_diff(wanted) <= most);
        assert!(near, "{what}: {found:?} for {wanted:?}");
    }
}

fn first_frame(path: &Path, size: FrameSize) -> Rgb8 {
    let mut reader = VideoReader::open(path, &Limits::default(), 1).unwrap();
    reader.next_frame().unwrap().unwrap();
    reader.image(size).unwrap()
}

#[test]
fn colors_come_out_whatever_primaries_matrix_and_range_they_are_coded_in() {
    let folder = tempfile::tempdir().unwrap();
    for coding in CODINGS {
        let path = film(folder.path(), coding, Size::new(360, 60));
        // Linear light of 10 bits has few levels in the dark.
        let most = if coding.0 == "linear.mp4" { 5 } else { 3 };
        for size in [FrameSize::Full, FrameSize::LongSide(180)] {
            assert_patches(&first_frame(&path, size), most, coding.0);
        }
    }
}

/// PQ in ICtCp and in BT.2020's own matrix are the same film.
#[test]
fn ictcp_shows_what_the_usual_matrix_shows() {
    let folder = tempfile::tempdir().unwrap();
    let size = Size::new(360, 60);
    let shown = |coding: Coding| {
        let path = film(folder.path(), coding, size);
        first_frame(&path, FrameSize::Full)
    };
    let usual = shown((
        "usual.mkv",
        "p=2020:t=smpte2084:m=2020_ncl:npl=200",
        "yuv444p10le",
        "libx265 -x265-params log-level=none:qp=4 -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc",
    ));
    let rare = shown((
        "rare.mkv",
        "p=2020:t=smpte2084:m=ictcp:npl=200",
        "yuv444p10le",
        "libx265 -x265-params log-level=none:qp=4 -color_primaries bt2020 -color_trc smpte2084 -colorspace ictcp",
    ));
    for (number, _) in PATCHES.iter().enumerate() {
        let x = usual.width() * (2 * number + 1) / (2 * PATCHES.len());
        let (a, b) = (usual.pixel(x, 30), rare.pixel(x, 30));
        let near = a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= 4);
        assert!(near, "{number}: {a:?} {b:?}");
    }
}

/// Y'D'zD'x is one that nobody here can convert.
#[test]
fn a_matrix_that_nobody_knows_is_told() {
    let home = Home::new();
    ffmpeg()
        .source("testsrc=s=96x64:r=10:d=0.5")
        .words("-pix_fmt yuv420p -c:v libx264 -x264-params colormatrix=smpte2085")
        .writes(home.path("a.mp4"));
    let run = home
        .apply(&["silver", "a.mp4", "-o", "out", "--json"])
        .exits(0);
    let words = serde_json::json!(["matrix_unread"]);
    assert_eq!(run.answers()[0]["treatments"], words);
    assert!(run.stderr().contains("matrix"), "{run}");
}

#[test]
fn films_without_tags_mean_what_is_usual_for_their_size() {
    let folder = tempfile::tempdir().unwrap();
    let untagged = "libx264 -qp 4 -x264-params colorprim=undef:transfer=undef:colormatrix=undef";
    for (name, numbers, width, height) in [
        ("pal.mkv", "p=bt470bg:t=709:m=470bg", 720, 576),
        ("ntsc.mkv", "p=170m:t=601:m=170m", 720, 480),
        ("vga.mkv", "p=709:t=709:m=170m", 642, 480),
        ("hd.mkv", "p=709:t=709:m=709", 1284, 536),
    ] {
        let coding = (name, numbers, "yuv420p", untagged);
        let path = film(folder.path(), coding, Size::new(width, height));
        let tags = "-select_streams v -show_entries stream=color_space,color_primaries";
        assert_eq!(
            ffprobe(&path, tags.split_whitespace()).trim(),
            "unknown,unknown"
        );
        assert_patches(&first_frame(&path, FrameSize::Full), 3, name);
    }
}

#[test]
fn clips_that_are_made_anew_have_these_colors_and_tags_that_say_so() {
    let home = Home::new();
    for coding in CODINGS
        .into_iter()
        .filter(|coding| coding.0.ends_with(".mp4"))
    {
        film(home.as_ref(), coding, Size::new(720, 60));
    }
    let names: Vec<&str> = CODINGS
        .iter()
        .map(|coding| coding.0)
        .filter(|name| name.ends_with(".mp4"))
        .collect();
    let arguments = [
        &["none"],
        names.as_slice(),
        &["--resize", "360", "-o", "out"],
    ]
    .concat();
    home.apply(&arguments).exits(0);
    for name in names {
        let path = home.path("out").join(name);
        let entries = "stream=color_range,color_space,color_transfer,color_primaries";
        let tags = ffprobe(&path, ["-select_streams", "v", "-show_entries", entries]);
        assert_eq!(tags.trim(), "tv,bt709,bt709,bt709", "{name}");
        // By FFmpeg's own decoder and matrix.
        let pixels = ffmpeg()
            .input(&path)
            .words("-frames:v 1 -vf scale=in_color_matrix=bt709:flags=accurate_rnd -pix_fmt rgb24 -f rawvideo -")
            .bytes();
        let picture = Rgb8::new(Size::new(360, 30), pixels).expect("a frame");
        assert_patches(&picture, 6, name);
    }
}

#[test]
fn analysis_sees_the_colors_too() {
    let home = Home::new();
    let path = film(home.as_ref(), CODINGS[2], Size::new(360, 240));
    let document = tastemaker(&home)
        .args(["analyze", "--json"])
        .arg(&path)
        .exits(0)
        .last_document();
    let palette = document["video"]["shots"][0]["picture"]["palette"]
        .as_array()
        .expect("a palette");
    let colors: Vec<[u8; 3]> = palette
        .iter()
        .map(|color| {
            let hex = color["hex"].as_str().expect("text").trim_start_matches('#');
            let [_, red, green, blue] = u32::from_str_radix(hex, 16)
                .expect("a number")
                .to_be_bytes();
            [red, green, blue]
        })
        .collect();
    // Those that the palette does not join with others.
    for wanted in [PATCHES[0], PATCHES[4], PATCHES[5]] {
        let near = |color: &[u8; 3]| color.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) <= 4);
        assert!(colors.iter().any(near), "{wanted:?} in {colors:?}");
    }
}
