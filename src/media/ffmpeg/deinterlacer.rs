//! Deinterlaces frames with FFmpeg's bwdif.
//!
//! Each input frame gives one output frame with the same time and duration. The lines of its first field are kept and
//! the others are interpolated from both fields, the frame before and the frame after. One frame per field would give
//! smoother motion, but it doubles the work and the file size, platforms often halve the rate again, and frames would
//! no longer be at the times they have in the original.

use std::collections::VecDeque;

use ffmpeg::{ffi, filter, frame};
use ffmpeg_next as ffmpeg;

use super::decoded_frame::DecodedFrame;
use crate::time::Rational;

/// Frames the filter holds at most: previous, current, next, output, and its buffer pool.
pub(super) const HELD_FRAMES: u64 = 6;

/// Which frames are interlaced, and in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fields {
    /// None: frames pass unchanged.
    Progressive,
    /// Frames flagged as interlaced, in the flagged order.
    AsFlagged,
    /// All frames, whatever their flags say.
    Interlaced { top_first: bool },
}

/// A queue of frames in front of the filter, and of finished frames behind it.
pub(super) struct Deinterlacer {
    fields: Fields,
    threads: usize,
    graph: Option<Graph>,
    /// Facts of the frames inside the filter.
    waiting: VecDeque<FrameFacts>,
    ready: VecDeque<DecodedFrame>,
    count: i64,
}

/// Facts of a frame, kept while its pixels are in the filter.
struct FrameFacts {
    number: i64,
    time: Rational,
    end: Rational,
    key: bool,
}

/// The filter graph for frames of one size and format.
struct Graph {
    graph: filter::Graph,
    kind: (u32, u32, i32),
}

impl Deinterlacer {
    pub fn new(fields: Fields, threads: usize) -> Self {
        Self {
            fields,
            threads,
            graph: None,
            waiting: VecDeque::new(),
            ready: VecDeque::new(),
            count: 0,
        }
    }

    /// Drops all frames, after a seek.
    pub fn clear(&mut self) {
        *self = Self::new(self.fields, self.threads);
    }

    /// The next finished frame.
    pub fn pop(&mut self) -> Option<DecodedFrame> {
        self.ready.pop_front()
    }

    /// Adds the next frame.
    pub fn push(&mut self, frame: DecodedFrame) -> Result<(), ffmpeg::Error> {
        let DecodedFrame {
            mut frame,
            time,
            end,
            key,
        } = frame;
        let kind = kind(&frame);
        if self.graph.as_ref().is_none_or(|graph| graph.kind != kind) {
            self.finish()?;
            self.graph = Some(Graph::new(kind, self.threads)?);
        }
        self.mark(&mut frame);
        self.waiting.push_back(FrameFacts {
            number: self.count,
            time,
            end,
            key,
        });
        if let Some(Graph { graph, .. }) = &mut self.graph {
            let mut source = graph.get("in").ok_or(ffmpeg::Error::FilterNotFound)?;
            // Moves the pixels out of the frame, which is dropped here.
            source.source().add(&frame)?;
        }
        self.count += 1;
        self.collect()
    }

    /// Flushes the filter.
    pub fn finish(&mut self) -> Result<(), ffmpeg::Error> {
        if let Some(Graph { graph, .. }) = &mut self.graph {
            let mut source = graph.get("in").ok_or(ffmpeg::Error::FilterNotFound)?;
            source.source().flush()?;
        }
        self.collect()?;
        self.graph = None;
        self.waiting.clear();
        Ok(())
    }

    /// Numbers `frame` and sets its flags for the filter.
    fn mark(&self, frame: &mut frame::Video) {
        frame.set_pts(Some(self.count));
        if let Fields::Interlaced { top_first } = self.fields {
            // SAFETY: the frame is owned here; plain numbers are written.
            unsafe {
                let raw = frame.as_mut_ptr();
                (*raw).interlaced_frame = 1;
                (*raw).top_field_first = i32::from(top_first);
                (*raw).repeat_pict = 0;
            }
        }
    }

    /// Collects finished frames.
    fn collect(&mut self) -> Result<(), ffmpeg::Error> {
        let Some(Graph { graph, .. }) = &mut self.graph else {
            return Ok(());
        };
        let mut sink = graph.get("out").ok_or(ffmpeg::Error::FilterNotFound)?;
        loop {
            let mut frame = frame::Video::empty();
            match sink.sink().frame(&mut frame) {
                Ok(()) => {}
                Err(ffmpeg::Error::Eof | ffmpeg::Error::Other { errno: ffi::EAGAIN }) => {
                    return Ok(());
                }
                Err(error) => return Err(error),
            }
            // The filter doubles timestamps.
            let number = frame.pts().map(|number| number / 2);
            while let Some(facts) = self.waiting.pop_front() {
                if Some(facts.number) == number {
                    let FrameFacts { time, end, key, .. } = facts;
                    self.ready.push_back(DecodedFrame {
                        frame,
                        time,
                        end,
                        key,
                    });
                    break;
                }
            }
        }
    }
}

/// Size and pixel format.
fn kind(frame: &frame::Video) -> (u32, u32, i32) {
    // SAFETY: the frame is valid for the borrow; a plain number is read.
    let format = unsafe { (*frame.as_ptr()).format };
    (frame.width(), frame.height(), format)
}

impl Graph {
    fn new(kind: (u32, u32, i32), threads: usize) -> Result<Self, ffmpeg::Error> {
        let (width, height, format) = kind;
        let find = |name| filter::find(name).ok_or(ffmpeg::Error::FilterNotFound);
        let mut graph = filter::Graph::new();
        let input =
            format!("video_size={width}x{height}:pix_fmt={format}:time_base=1/1:pixel_aspect=1/1");
        graph.add(&find("buffer")?, "in", &input)?;
        graph.add(&find("buffersink")?, "out", "")?;
        graph
            .output("in", 0)?
            .input("out", 0)?
            .parse("bwdif=mode=send_frame:parity=auto:deint=interlaced")?;
        // SAFETY: the graph is owned here and not configured yet; a plain number is written.
        unsafe {
            (*graph.as_mut_ptr()).nb_threads = i32::try_from(threads).unwrap_or(1);
        }
        graph.validate()?;
        Ok(Self { graph, kind })
    }
}
