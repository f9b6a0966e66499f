//! Writes the producers of clips, with their filters.

use crate::edit::{Fit, SourceKind};
use crate::geometry::Size;
use crate::interchange::fraction::fraction;
use crate::interchange::loss::is_cropped;
use crate::interchange::mlt::writer::{PARTS_OF_A_SECOND, Writer};
use crate::interchange::sequence::{SequenceClip, TrackContent};
use crate::time::Rational;

impl Writer<'_> {
    /// The producer of a clip with its filters; gives its id.
    pub(super) fn producer(&mut self, clip: &SequenceClip, content: TrackContent) -> String {
        self.producers += 1;
        let id = format!("producer{}", self.producers);
        let Some(medium) = self.request.medium(clip) else {
            self.xml.start("producer", &[("id", &id)]);
            self.property("mlt_service", "color");
            self.property("resource", "black");
            self.xml.end();
            return id;
        };
        let path = self.request.relative_path(medium);
        let end = self.frames(local(clip, clip.start) + clip.duration);
        let known = medium
            .facts
            .duration
            .map(|whole| self.frames(local(clip, whole)));
        let length = known.unwrap_or(end).max(end);
        self.xml.start("producer", &[("id", &id)]);
        self.property("length", &length.to_string());
        if clip.speed != Rational::ONE && content == TrackContent::Picture {
            let speed = clip.speed.seconds();
            self.property("mlt_service", "timewarp");
            self.property("resource", &format!("{speed}:{path}"));
            self.property("warp_resource", &path);
            self.property("warp_speed", &speed.to_string());
        } else {
            // Without a service, MLT takes what opens the file: that differs for stills.
            if medium.kind != Some(SourceKind::Image) {
                self.property("mlt_service", "avformat");
            }
            self.property("resource", &path);
        }
        self.property("shotcut:caption", &clip.name);
        match content {
            TrackContent::Picture => self.crop(clip, medium.facts.size),
            TrackContent::Sound => self.gain(clip),
        }
        self.xml.end();
        id
    }

    /// Puts the whole picture into the rectangle in which its crop fills the frame.
    fn crop(&mut self, clip: &SequenceClip, size: Option<Size>) {
        let output = &self.request.plan.output;
        let film = Size::new(output.width, output.height);
        let Some(segment) = self.request.segment(clip) else {
            return;
        };
        // The shape of a crop that fills a panel is not the film's.
        if segment.fit == Fit::Blurred || !segment.second_crop.is_empty() {
            return;
        }
        // A picture of another shape is letterboxed by MLT, not stretched as a plan asks.
        let same_shape = size.is_none_or(|size| {
            let shape = |size: Size| f64::from(size.width) / f64::from(size.height.max(1));
            (shape(size) / shape(film) - 1.0).abs() < 0.001
        });
        if !is_cropped(&segment.crop) && same_shape {
            return;
        }
        let points: Vec<String> = segment
            .crop
            .iter()
            .map(|[time, x, y, width, height]| {
                let time = fraction(*time, PARTS_OF_A_SECOND).unwrap_or(Rational::ZERO);
                let frame = self.frames(local(clip, time));
                let (across, down) = (
                    f64::from(film.width) / width,
                    f64::from(film.height) / height,
                );
                format!(
                    "{frame}={:.3} {:.3} {across:.3} {down:.3} 1",
                    -x * across,
                    -y * down
                )
            })
            .collect();
        self.xml.start("filter", &[]);
        self.property("mlt_service", "affine");
        self.property("background", "color:black");
        self.property("shotcut:filter", "affineSizePosition");
        self.property("transition.fill", "1");
        self.property("transition.distort", "1");
        self.property("transition.rect", &points.join(";"));
        self.xml.end();
    }

    fn gain(&mut self, clip: &SequenceClip) {
        let Some(sound) = self.request.sound(clip) else {
            return;
        };
        let start = self.frames(clip.start);
        let points: Vec<String> = sound
            .gain
            .iter()
            .map(|[time, decibel]| {
                let after = fraction(time - sound.at, PARTS_OF_A_SECOND);
                let frame = start + self.frames(after.unwrap_or(Rational::ZERO));
                format!("{frame}={decibel}")
            })
            .collect();
        self.xml.start("filter", &[]);
        self.property("mlt_service", "volume");
        self.property("level", &points.join(";"));
        self.xml.end();
    }
}

/// Second `time` of a clip's file, in the time of its producer.
pub(super) fn local(clip: &SequenceClip, time: Rational) -> Rational {
    time * clip.speed.inverse().unwrap_or(Rational::ONE)
}
