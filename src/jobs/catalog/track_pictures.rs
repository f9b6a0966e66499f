//! A track as a picture of its waveform and structure, and the artwork in its tags.

use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::jobs::png_file::{srgb_picture, write_png};
use crate::jobs::{Workshop, refuse_conflicts};
use crate::media::{decode_still_inside, sound_artwork, to_srgb};
use crate::music::catalog::CatalogTrack;
use crate::notice::Notice;
use crate::picture::Pixels;
use crate::report::track_picture;
use crate::store::{Overwrite, write_atomic};
use crate::task::Task;

/// Which pictures of a track are written, and where.
pub struct TrackPicturesJob {
    /// A drawing of waveform, energy, beats and sections, beside the artwork (PNG).
    pub drawing: Option<PathBuf>,
    /// The artwork, as it is in the tags.
    pub artwork: Option<PathBuf>,
    /// What happens to files that are there already.
    pub overwrite: Overwrite,
}

impl TrackPicturesJob {
    /// Fails when a file is in the way.
    pub fn refuse_conflicts(&self) -> Result<()> {
        refuse_conflicts(
            [self.drawing.as_ref(), self.artwork.as_ref()],
            self.overwrite,
        )
    }
}

/// Writes the pictures. Artwork that cannot be decoded is left out of the drawing, with a notice.
pub fn write_track_pictures(
    job: &TrackPicturesJob,
    track: &CatalogTrack,
    workshop: &Workshop,
    task: &Task,
) -> Result<()> {
    job.refuse_conflicts()?;
    let path = &track.entry.path;
    let artwork = sound_artwork(path);
    if let Some(target) = &job.artwork {
        let artwork = artwork
            .as_ref()
            .ok_or_else(|| Error::unsupported(path, "there is no artwork in its tags"))?;
        write_atomic(target, artwork, job.overwrite)?;
    }
    let Some(target) = &job.drawing else {
        return Ok(());
    };
    let Some(audio) = &track.analysis.audio else {
        return Err(Error::damaged(path, "nothing was heard in it"));
    };
    let limits = workshop.limits();
    let cover = artwork.and_then(|artwork| {
        decode_still_inside(path, artwork, limits)
            .inspect_err(|problem| {
                task.notice(Notice::ArtworkUnreadable {
                    file: path.clone(),
                    problem: problem.to_string(),
                });
            })
            .ok()
            .map(|still| to_srgb(&still.picture))
    });
    let pixels = track_picture(path, audio, cover.as_ref(), limits, task)?;
    let picture = srgb_picture(Pixels::Eight(pixels));
    write_png(target, &picture, job.overwrite)
}
