//! Turns frames whose color matrix swscale does not know into RGB, with zscale.
//!
//! | matrix (ITU-T H.273, table 4) | here |
//! |---|---|
//! | 8: YCgCo | RGB |
//! | 10: BT.2020 with constant luminance | RGB |
//! | 12, 13: derived from the primaries | RGB |
//! | 14: ICtCp | RGB |
//! | all others but the usual ones, such as 11: Y'D'zD'x | guessed by size and codec, which is told |
//!
//! The primaries and the transfer curve stay those of the film.

use ffmpeg::{ffi, filter, frame};
use ffmpeg_next as ffmpeg;

use super::frame_facts::{has_alpha, is_yuv};
use crate::media::color_meaning::{ColorTags, has_usual_matrix};

/// Matrices that zscale knows and swscale does not.
const BY_ZSCALE: [u32; 5] = [8, 10, 12, 13, 14];
/// The result: RGB of 16 bits, which loses nothing of 12.
const RESULT: &str = "gbrp16le";

/// Converts the frames of one film.
#[derive(Default)]
pub(super) struct RareMatrix {
    graph: Option<Graph>,
    /// A frame could not be converted.
    unread: bool,
}

/// The filter graph for frames of one kind.
struct Graph {
    graph: filter::Graph,
    kind: FrameKind,
}

/// What the description of the graph depends on.
#[derive(Clone, Copy, PartialEq, Eq)]
struct FrameKind {
    size: (u32, u32),
    format: i32,
    tags: ColorTags,
}

impl RareMatrix {
    /// True if the colors of a frame were guessed.
    pub fn is_unread(&self) -> bool {
        self.unread
    }

    /// The frame with `tags` in RGB if its matrix is a rare one, else as it is.
    pub fn in_rgb(&mut self, frame: frame::Video, tags: ColorTags) -> frame::Video {
        if has_usual_matrix(tags) || !is_yuv(&frame) {
            return frame;
        }
        let kind = FrameKind {
            size: (frame.width(), frame.height()),
            // SAFETY: the frame is valid for the borrow; a plain number is read.
            format: unsafe { (*frame.as_ptr()).format },
            tags,
        };
        let known = BY_ZSCALE.contains(&tags.matrix) && !has_alpha(&frame);
        let converted = known.then(|| self.convert(&frame, kind)).flatten();
        converted.unwrap_or_else(|| {
            self.unread = true;
            frame
        })
    }

    fn convert(&mut self, frame: &frame::Video, kind: FrameKind) -> Option<frame::Video> {
        if self.graph.as_ref().is_none_or(|graph| graph.kind != kind) {
            self.graph = Some(Graph::new(kind)?);
        }
        let Graph { graph, .. } = self.graph.as_mut()?;
        let mut source = graph.get("in")?;
        // SAFETY: the graph is open and owned here; the filter takes a reference to the pixels and leaves the frame.
        let answer = unsafe { ffi::av_buffersrc_write_frame(source.as_mut_ptr(), frame.as_ptr()) };
        let mut converted = frame::Video::empty();
        let mut sink = graph.get("out")?;
        let done = answer >= 0 && sink.sink().frame(&mut converted).is_ok();
        if !done {
            self.graph = None;
        }
        done.then_some(converted)
    }
}

impl Graph {
    fn new(kind: FrameKind) -> Option<Self> {
        let FrameKind { size, format, tags } = kind;
        let (width, height) = size;
        let mut graph = filter::Graph::new();
        let input =
            format!("video_size={width}x{height}:pix_fmt={format}:time_base=1/1:pixel_aspect=1/1");
        graph.add(&filter::find("buffer")?, "in", &input).ok()?;
        graph.add(&filter::find("buffersink")?, "out", "").ok()?;
        let matrix = tags.matrix;
        let (primaries, transfer) = primaries_and_transfer(tags);
        let colors = format!("pin={primaries}:p={primaries}:tin={transfer}:t={transfer}");
        let range = if tags.full_range { "full" } else { "limited" };
        let steps = format!("zscale=min={matrix}:rin={range}:m=0:r=full:{colors},format={RESULT}");
        graph
            .output("in", 0)
            .ok()?
            .input("out", 0)
            .ok()?
            .parse(&steps)
            .ok()?;
        graph.validate().ok()?;
        Some(Self { graph, kind })
    }
}

/// What zscale is told to keep, where the tags leave it open: the ones that belong to the matrix.
fn primaries_and_transfer(tags: ColorTags) -> (u32, u32) {
    let (primaries, transfer) = match tags.matrix {
        10 => (9, 14),
        14 => (9, 16),
        _ => (1, 1),
    };
    let told = |tag: u32, usual: u32| if matches!(tag, 0 | 2 | 3) { usual } else { tag };
    match tags.matrix {
        // What YCgCo means depends on neither.
        8 => (primaries, transfer),
        _ => (
            told(tags.primaries, primaries),
            told(tags.transfer, transfer),
        ),
    }
}
