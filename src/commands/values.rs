//! Parsers of the values of flags.

use std::sync::Arc;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use jiff::Timestamp;

use crate::analysis::Part;
use crate::batch::{
    ContainerChoice, FaceTreatment, FormatChoice, Matching, ResultFormat, SizeLimit,
};
use crate::edit::{Denoiser, FramingChoice};
use crate::geometry::Size;
use crate::interchange::EditingProgram;
use crate::jobs::{ExportFormat, FileStretch};
use crate::media::{ChromaSubsampling, DynamicRange, FilmCodec, GainMapPolicy, MetadataPolicy};
use crate::music::MOST_STRETCH;
use crate::picture::Background;

/// The parts of an analysis by name.
pub fn parts() -> impl TypedValueParser<Value = Part> {
    PossibleValuesParser::new(Part::ALL.map(Part::name)).try_map(|name| {
        let found = Part::ALL.into_iter().find(|part| part.name() == name);
        found.ok_or("there is no such part")
    })
}

/// Parses one of a few words into what it stands for.
fn one_of<T: Clone + Send + Sync + 'static>(
    choices: Vec<(PossibleValue, T)>,
) -> impl TypedValueParser<Value = T> {
    let words: Vec<PossibleValue> = choices.iter().map(|(word, _)| word.clone()).collect();
    PossibleValuesParser::new(words).try_map(move |typed| {
        let mut choices = choices.iter();
        let found = choices.find(|(word, _)| word.matches(&typed, false));
        found
            .map(|(_, value)| value.clone())
            .ok_or("there is no such choice")
    })
}

/// How files are made to match.
pub fn matching() -> impl TypedValueParser<Value = Matching> {
    one_of(vec![
        ("none".into(), Matching::None),
        ("each".into(), Matching::Each),
        ("set".into(), Matching::Set),
    ])
}

/// How near and how still a film is framed.
pub fn framing() -> impl TypedValueParser<Value = FramingChoice> {
    one_of(
        FramingChoice::ALL
            .map(|choice| (choice.id().into(), choice))
            .to_vec(),
    )
}

/// What takes noise off speech.
pub fn denoiser() -> impl TypedValueParser<Value = Denoiser> {
    one_of(vec![
        ("none".into(), Denoiser::None),
        ("rnnoise".into(), Denoiser::Rnnoise),
        ("gtcrn".into(), Denoiser::Gtcrn),
    ])
}

/// Formats that a plan is exported to.
pub fn export_format() -> impl TypedValueParser<Value = ExportFormat> {
    let word = |format: ExportFormat| (PossibleValue::new(format.name()), format);
    one_of(ExportFormat::all().into_iter().map(word).collect())
}

/// Programs that timelines are written for.
pub fn editing_program() -> impl TypedValueParser<Value = EditingProgram> {
    one_of(vec![
        ("fcp".into(), EditingProgram::FinalCut),
        ("resolve".into(), EditingProgram::Resolve),
        ("premiere".into(), EditingProgram::Premiere),
        ("kdenlive".into(), EditingProgram::Kdenlive),
        ("shotcut".into(), EditingProgram::Shotcut),
    ])
}

/// Formats that stills are written in.
pub fn still_format() -> impl TypedValueParser<Value = FormatChoice> {
    let fixed = FormatChoice::Fixed;
    one_of(vec![
        ("keep".into(), FormatChoice::Keep),
        (
            PossibleValue::new("jpeg").alias("jpg"),
            fixed(ResultFormat::Jpeg),
        ),
        ("png".into(), fixed(ResultFormat::Png)),
        ("webp".into(), fixed(ResultFormat::WebP)),
    ])
}

/// Containers that clips are written in.
pub fn container() -> impl TypedValueParser<Value = ContainerChoice> {
    let word = |word, help| PossibleValue::new(word).help(help);
    one_of(vec![
        (
            word("mp4", "MP4, which plays everywhere; a MOV stays a MOV"),
            ContainerChoice::Playable,
        ),
        (
            word(
                "keep",
                "MKV, MOV and MP4 stay what they are, a WebM becomes MKV: with all sound tracks, subtitles, \
                 attachments",
            ),
            ContainerChoice::Keep,
        ),
    ])
}

/// The chroma subsampling of a JPEG; `None` keeps that of the original.
pub type JpegSubsampling = Option<ChromaSubsampling>;

/// The subsamplings that JPEGs are written with.
pub fn subsampling() -> impl TypedValueParser<Value = JpegSubsampling> {
    one_of(vec![
        ("keep".into(), None),
        ("444".into(), Some(ChromaSubsampling::Full444)),
        ("422".into(), Some(ChromaSubsampling::Half422)),
        ("420".into(), Some(ChromaSubsampling::Quarter420)),
    ])
}

/// What is kept of EXIF and XMP.
pub fn metadata() -> impl TypedValueParser<Value = MetadataPolicy> {
    let word = |word, help| PossibleValue::new(word).help(help);
    one_of(vec![
        (
            word("keep", "Everything, with the orientation reset"),
            MetadataPolicy::Keep,
        ),
        (
            word("strip-location", "Everything but where it was taken"),
            MetadataPolicy::StripLocation,
        ),
        (
            word("strip", "Only the color profile"),
            MetadataPolicy::Strip,
        ),
    ])
}

/// What becomes of faces.
pub fn faces() -> impl TypedValueParser<Value = FaceTreatment> {
    let word = |word, help| PossibleValue::new(word).help(help);
    one_of(vec![
        (word("keep", "They stay"), FaceTreatment::Keep),
        (
            word(
                "blur",
                "Make those that are found unrecognizable, in clips from frame to frame",
            ),
            FaceTreatment::Blur,
        ),
    ])
}

/// What becomes of gain maps.
pub fn gain_map() -> impl TypedValueParser<Value = GainMapPolicy> {
    let word = |word, help| PossibleValue::new(word).help(help);
    one_of(vec![
        (
            word("keep", "Keep it in a JPEG that shows the whole picture"),
            GainMapPolicy::Keep,
        ),
        (word("drop", "Leave it out"), GainMapPolicy::Drop),
    ])
}

/// A color, from `white` or `#ff8000`.
pub fn background(text: &str) -> Result<Background, String> {
    Background::try_from(text.to_owned())
}

/// How pictures of films are encoded, by codec or by encoder.
pub fn film_codec() -> impl TypedValueParser<Value = FilmCodec> {
    let word = |word, encoder, help| PossibleValue::new(word).alias(encoder).help(help);
    one_of(vec![
        (
            word("h264", "x264", "H.264 by x264, which everything plays"),
            FilmCodec::H264,
        ),
        (
            word("h265", "x265", "H.265 by x265: smaller, for newer devices"),
            FilmCodec::H265,
        ),
        (
            word("av1", "svt-av1", "AV1 by SVT-AV1: smallest, for the newest"),
            FilmCodec::Av1,
        ),
        (
            word("vp9", "libvpx", "VP9 by libvpx, for the web"),
            FilmCodec::Vp9,
        ),
    ])
}

/// What becomes of the dynamic range of sources.
pub fn dynamic_range() -> impl TypedValueParser<Value = DynamicRange> {
    let word = |word, help| PossibleValue::new(word).help(help);
    one_of(vec![
        (
            word("standard", "8 bits for ordinary displays"),
            DynamicRange::Standard,
        ),
        (
            word(
                "keep",
                "As the clips have it, in 10 bits with their tags; h265 alone",
            ),
            DynamicRange::Keep,
        ),
    ])
}

/// The presets of x264 that are offered, the fastest first.
pub fn encoder_preset() -> impl TypedValueParser<Value = &'static str> {
    let names = ["ultrafast", "veryfast", "fast", "medium", "slow"];
    one_of(names.map(|name| (name.into(), name)).into())
}

/// `yes` or `no`.
pub fn yes_or_no() -> impl TypedValueParser<Value = bool> {
    one_of(vec![("yes".into(), true), ("no".into(), false)])
}

/// A number with K, M or G: powers of 1000 for counts and bytes alike.
pub fn amount(text: &str) -> Result<u64, String> {
    let wrong = || format!("\"{text}\" is not a number such as 500, 20M or 4G");
    let (digits, factor) = match text.char_indices().last() {
        Some((at, 'k' | 'K')) => (&text[..at], 1_000),
        Some((at, 'm' | 'M')) => (&text[..at], 1_000_000),
        Some((at, 'g' | 'G')) => (&text[..at], 1_000_000_000),
        _ => (text, 1),
    };
    let number: u64 = digits.parse().map_err(|_| wrong())?;
    number.checked_mul(factor).ok_or_else(wrong)
}

/// A language code: two or three lower-case letters.
pub fn language(text: &str) -> Result<String, String> {
    let wrong =
        !(2..=3).contains(&text.len()) || !text.chars().all(|letter| letter.is_ascii_lowercase());
    match wrong {
        true => Err(format!(
            "\"{text}\" is not a language code such as en or de"
        )),
        false => Ok(text.to_owned()),
    }
}

/// A time, `2027-01-31T12:00:00Z`, or the beginning (UTC) of a day, `2027-01-31`.
pub fn moment(text: &str) -> Result<Timestamp, String> {
    let wrong = || format!("\"{text}\" is not a time such as 2027-01-31 or 2027-01-31T12:00:00Z");
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time);
    }
    let start = format!("{text}T00:00:00Z");
    start.parse().map_err(|_| wrong())
}

/// Seconds, from `20`, `20s`, `1.5s`, `1m30s` or `2m`.
pub fn length(text: &str) -> Result<f64, String> {
    let wrong = || format!("\"{text}\" is not a length such as 20s or 1m30s");
    let (minutes, seconds) = match text.split_once('m') {
        Some((minutes, rest)) => (minutes.parse::<f64>().map_err(|_| wrong())?, rest),
        None => (0.0, text),
    };
    let seconds = seconds.strip_suffix('s').unwrap_or(seconds);
    let seconds = if seconds.is_empty() {
        0.0
    } else {
        seconds.parse::<f64>().map_err(|_| wrong())?
    };
    let total = minutes * 60.0 + seconds;
    if total.is_finite() && total > 0.0 && total <= 86_400.0 {
        Ok(total)
    } else {
        Err(wrong())
    }
}

/// A stretch of a file, from `FILE@IN-OUT`; the last `@` counts.
pub fn file_stretch(text: &str) -> Result<FileStretch, String> {
    let wrong = || format!("\"{text}\" is not a stretch such as clip.mp4@0:12-0:20.5");
    let (file, times) = text.rsplit_once('@').ok_or_else(wrong)?;
    let (start, end) = times.split_once('-').ok_or_else(wrong)?;
    let (start, end) = (time(start).ok_or_else(wrong)?, time(end).ok_or_else(wrong)?);
    if file.is_empty() || end <= start {
        return Err(wrong());
    }
    Ok(FileStretch {
        file: file.into(),
        start,
        end,
    })
}

/// Seconds, from `SS.sss`, `MM:SS.sss` or `HH:MM:SS.sss`, each with an optional `s`.
fn time(text: &str) -> Option<f64> {
    let text = text.strip_suffix('s').unwrap_or(text);
    let parts: Vec<&str> = text.split(':').collect();
    if parts.len() > 3 {
        return None;
    }
    let mut seconds = 0.0;
    for part in parts {
        let digits = part
            .chars()
            .all(|letter| letter.is_ascii_digit() || letter == '.');
        let number = part.parse::<f64>().ok().filter(|_| digits)?;
        seconds = seconds * 60.0 + number;
    }
    (seconds <= 1e6).then_some(seconds)
}

/// Most segments that are named at a time.
const MOST_SEGMENTS: usize = 10_000;

/// Numbers of segments, from `2` or `3,5-7`.
pub fn segments(text: &str) -> Result<Arc<[usize]>, String> {
    let wrong = || format!("\"{text}\" are no segments such as 2 or 3,5-7");
    let number = |text: &str| {
        let number = text.trim().parse::<usize>().ok();
        number
            .filter(|number| (1..=MOST_SEGMENTS).contains(number))
            .ok_or_else(wrong)
    };
    let mut numbers = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        numbers.extend(number(first)?..=number(last)?);
        if numbers.is_empty() || numbers.len() > MOST_SEGMENTS {
            return Err(wrong());
        }
    }
    Ok(numbers.into())
}

/// A change of speed, 0..0.04, from `4` or `2.5%`.
pub fn stretch(text: &str) -> Result<f64, String> {
    let most = MOST_STRETCH * 100.0;
    let percent = text.strip_suffix('%').unwrap_or(text).parse::<f64>();
    percent
        .ok()
        .filter(|percent| (0.0..=most).contains(percent))
        .map(|percent| percent / 100.0)
        .ok_or_else(|| format!("\"{text}\" is no change of speed: give 0 to {most} percent"))
}

/// Width to height, from `9:16`.
pub fn aspect(text: &str) -> Result<(u32, u32), String> {
    let wrong = || format!("\"{text}\" is not a shape such as 9:16");
    let (width, height) = text.split_once(':').ok_or_else(wrong)?;
    let side = |text: &str| {
        text.parse::<u32>()
            .ok()
            .filter(|side| (1..=100).contains(side))
            .ok_or_else(wrong)
    };
    Ok((side(width)?, side(height)?))
}

/// A number from 0 to 2.
pub fn strength(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok();
    number
        .filter(|number| (0.0..=2.0).contains(number))
        .ok_or_else(|| format!("\"{text}\" is not a number from 0 to 2"))
}

/// A size limit, from `2048` or `1920x1080`.
pub fn fit(text: &str) -> Result<SizeLimit, String> {
    let side = |text: &str| {
        text.parse::<u32>()
            .ok()
            .filter(|side| (1..=100_000).contains(side))
            .ok_or_else(|| format!("\"{text}\" is not a size such as 2048 or 1920x1080"))
    };
    match text.split_once('x') {
        Some((width, height)) => Ok(SizeLimit::Within(Size::new(side(width)?, side(height)?))),
        None => side(text).map(SizeLimit::LongSide),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_word_and_its_alias_stand_for_the_same() {
        let format = clap::Arg::new("format").value_parser(still_format());
        let command = clap::Command::new("apply").arg(format);
        let parse = |word| command.clone().try_get_matches_from(["apply", word]);
        for word in ["jpeg", "jpg"] {
            let matches = parse(word).unwrap();
            let format = matches.get_one::<FormatChoice>("format");
            assert_eq!(format, Some(&FormatChoice::Fixed(ResultFormat::Jpeg)));
        }
        assert!(parse("gif").is_err());
    }

    #[test]
    fn lengths_amounts_and_shapes_are_read_as_people_write_them() {
        assert_eq!(length("20s"), Ok(20.0));
        assert_eq!(length("1m30s"), Ok(90.0));
        assert_eq!(length("2m"), Ok(120.0));
        assert_eq!(length("7.5"), Ok(7.5));
        for wrong in ["", "s", "m", "-3", "nan", "inf", "20x"] {
            assert!(length(wrong).is_err(), "{wrong}");
        }
        assert_eq!(moment("2027-01-31"), moment("2027-01-31T01:00:00+01:00"));
        for wrong in ["", "2027", "2027-02-30", "yesterday"] {
            assert!(moment(wrong).is_err(), "{wrong}");
        }
        assert_eq!(amount("4G"), Ok(4_000_000_000));
        for wrong in ["", "G", "4X", "é", "99999999999G", "-1"] {
            assert!(amount(wrong).is_err(), "{wrong}");
        }
        assert_eq!(aspect("9:16"), Ok((9, 16)));
        for wrong in ["9", "0:1", "9:", "a:b"] {
            assert!(aspect(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn stretches_of_files_are_read_as_people_write_them() {
        let stretch = file_stretch("a@b.mp4@0:12-1:00:20.5s").unwrap();
        assert_eq!(stretch.file.to_str(), Some("a@b.mp4"));
        assert_eq!((stretch.start, stretch.end), (12.0, 3620.5));
        for wrong in [
            "a.mp4",
            "@1-2",
            "a@2-1",
            "a@-1-2",
            "a@1-1e3",
            "a@1:2:3:4-9:0:0:0",
            "a@-",
        ] {
            assert!(file_stretch(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn segments_are_read_as_people_write_them() {
        assert_eq!(segments("2").as_deref(), Ok(&[2][..]));
        assert_eq!(segments("3,5-7").as_deref(), Ok(&[3, 5, 6, 7][..]));
        for wrong in ["", "0", "x", "2-", "7-5", "1-99999999", "-1"] {
            assert!(segments(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn strengths_and_sizes_are_read_as_people_write_them() {
        assert_eq!(strength("0.7"), Ok(0.7));
        for wrong in ["", "-0.1", "2.1", "nan", "inf", "1,5"] {
            assert!(strength(wrong).is_err(), "{wrong}");
        }
        assert_eq!(fit("2048"), Ok(SizeLimit::LongSide(2048)));
        assert_eq!(fit("30x20"), Ok(SizeLimit::Within(Size::new(30, 20))));
        for wrong in ["", "0", "x", "30x", "30x0", "-1", "1e3"] {
            assert!(fit(wrong).is_err(), "{wrong}");
        }
    }
}
