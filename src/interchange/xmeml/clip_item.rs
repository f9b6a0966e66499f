//! Writes the clip of a track, with its file where that comes first.

use std::collections::BTreeSet;

use crate::edit::SourceKind;
use crate::interchange::fraction::is_on_grid;
use crate::interchange::medium::Medium;
use crate::interchange::sequence::{SequenceClip, TrackContent};
use crate::interchange::url;
use crate::interchange::write_request::WriteRequest;
use crate::interchange::xmeml::rate::{EXACT_IN, can_be_said, frames, write_rate};
use crate::interchange::xml_writer::XmlWriter;
use crate::time::Rational;

/// Frames that a still is said to last: programs refuse clips beyond the end of their file.
const STILL_FRAMES: i64 = 1_000_000;

/// The files that were written in full: later clips name them by their id.
#[derive(Debug, Default)]
pub(super) struct FilesWritten {
    files: BTreeSet<usize>,
    clips: usize,
}

/// Where a clip lies and what is beside it.
pub(super) struct ClipEdges {
    pub content: TrackContent,
    /// Seconds of the film at its beginning.
    pub time: Rational,
    /// Frames of the transition into it, before and after its cut.
    pub into: Option<(i64, i64)>,
    /// Frames of the transition out of it.
    pub out: Option<(i64, i64)>,
}

pub(super) fn write_clip(
    xml: &mut XmlWriter,
    request: &WriteRequest<'_>,
    clip: &SequenceClip,
    edges: &ClipEdges,
    files: &mut FilesWritten,
) {
    let medium = request.medium(clip);
    let rate = clip_rate(request, clip, edges.content);
    files.clips += 1;
    xml.start("clipitem", &[("id", &format!("clipitem-{}", files.clips))]);
    xml.text("name", &[], &clip.name);
    xml.text("enabled", &[], "TRUE");
    xml.text(
        "duration",
        &[],
        &file_frames(medium, clip, rate).to_string(),
    );
    write_rate(xml, rate);
    let film = request.rate();
    let edge = |time: Rational, is_covered: bool| {
        if is_covered {
            "-1".into()
        } else {
            frames(time, film).to_string()
        }
    };
    let (start, end) = (edges.time, edges.time + clip.duration);
    xml.text("start", &[], &edge(start, edges.into.is_some()));
    xml.text("end", &[], &edge(end, edges.out.is_some()));
    // With a speed, in and out count the frames of the changed clip.
    let slowness = clip.speed.inverse().unwrap_or(Rational::ONE);
    let own = clip.start * slowness;
    let handle = |span: Option<(i64, i64)>, is_head: bool| {
        let count = span.map_or(0, |(before, after)| if is_head { before } else { after });
        Rational::whole(count) * request.frame()
    };
    let first = frames(own - handle(edges.into, true), rate);
    let length = clip.duration + handle(edges.into, true) + handle(edges.out, false);
    xml.text("in", &[], &first.to_string());
    xml.text("out", &[], &(first + frames(length, rate)).to_string());
    write_file(xml, request, clip, rate, files);
    if clip.speed != Rational::ONE {
        write_speed(xml, clip.speed);
    }
    if edges.content == TrackContent::Sound {
        xml.start("sourcetrack", &[]);
        xml.text("mediatype", &[], "audio");
        xml.text("trackindex", &[], "1");
        xml.end();
    }
    if !is_on_grid(own, rate) {
        xml.start("comments", &[]);
        xml.text("mastercomment1", &[], &format!("{EXACT_IN}{}", clip.start));
        xml.end();
    }
    xml.end();
}

/// The rate of a clip's own frames: its file's where XMEML can say it, else the film's.
fn clip_rate(request: &WriteRequest<'_>, clip: &SequenceClip, content: TrackContent) -> Rational {
    let medium = request.medium(clip);
    let rate = medium.and_then(|medium| medium.facts.frame_rate);
    rate.filter(|rate| content == TrackContent::Picture && can_be_said(*rate))
        .unwrap_or(request.rate())
}

fn file_frames(medium: Option<&Medium>, clip: &SequenceClip, rate: Rational) -> i64 {
    let slowness = clip.speed.inverse().unwrap_or(Rational::ONE);
    let end = clip.start * slowness + clip.duration;
    match medium {
        Some(medium) if medium.is_still() => STILL_FRAMES,
        Some(medium) => {
            let known = medium.facts.duration.map(|each| each * slowness);
            frames(known.unwrap_or(end).max(end), rate)
        }
        None => frames(end, rate),
    }
}

fn write_file(
    xml: &mut XmlWriter,
    request: &WriteRequest<'_>,
    clip: &SequenceClip,
    rate: Rational,
    files: &mut FilesWritten,
) {
    let Some((number, medium)) = clip.medium.zip(request.medium(clip)) else {
        return;
    };
    let id = format!("file-{}", number + 1);
    if !files.files.insert(number) {
        xml.empty("file", &[("id", &id)]);
        return;
    }
    xml.start("file", &[("id", &id)]);
    xml.text("name", &[], &medium.name);
    let address = format!("file://localhost{}", url::of_path(&medium.path));
    xml.text("pathurl", &[], &address);
    write_rate(xml, rate);
    let plain = SequenceClip {
        speed: Rational::ONE,
        ..clip.clone()
    };
    xml.text(
        "duration",
        &[],
        &file_frames(Some(medium), &plain, rate).to_string(),
    );
    xml.start("media", &[]);
    if medium.kind != Some(SourceKind::Audio) {
        xml.start("video", &[]);
        if let Some(size) = medium.facts.size {
            xml.start("samplecharacteristics", &[]);
            write_rate(xml, rate);
            xml.text("width", &[], &size.width.to_string());
            xml.text("height", &[], &size.height.to_string());
            xml.end();
        }
        xml.end();
    }
    if let Some((sample_rate, channels)) = medium.facts.sound {
        xml.start("audio", &[]);
        xml.start("samplecharacteristics", &[]);
        xml.text("depth", &[], "16");
        xml.text("samplerate", &[], &sample_rate.to_string());
        xml.end();
        xml.text("channelcount", &[], &channels.to_string());
        xml.end();
    }
    xml.end();
    xml.end();
}

/// The constant speed of a clip, as Final Cut's time remap.
fn write_speed(xml: &mut XmlWriter, speed: Rational) {
    xml.start("filter", &[]);
    xml.start("effect", &[]);
    xml.text("name", &[], "Time Remap");
    xml.text("effectid", &[], "timeremap");
    xml.text("effectcategory", &[], "motion");
    xml.text("effecttype", &[], "motion");
    xml.text("mediatype", &[], "video");
    let percent = (speed * Rational::whole(100)).seconds().to_string();
    for (id, value) in [
        ("variablespeed", "0"),
        ("speed", percent.as_str()),
        ("reverse", "FALSE"),
        ("frameblending", "FALSE"),
    ] {
        xml.start("parameter", &[]);
        xml.text("parameterid", &[], id);
        xml.text("name", &[], id);
        xml.text("value", &[], value);
        xml.end();
    }
    xml.end();
    xml.end();
}
