//! A look ready to run: point-wise steps folded into one 3-D table, spatial steps in as few passes as possible.

use std::sync::Arc;

use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::looks::Look;
use crate::looks::grade::Grade;
use crate::looks::table::Table;
use crate::looks::texture::{Depth, Textures, Workspace, run};
use crate::picture::{Picture, Pixels, Rgb, Rgb8};

/// A compiled look; cheap to clone and meant to be shared between threads.
///
/// The same look, strength, picture, seed and frame number give the same pixels on every machine and with any number
/// of threads.
#[derive(Debug, Clone)]
pub struct CompiledLook {
    /// `None` where no color changes.
    table: Option<Arc<Table>>,
    textures: Textures,
    workspace: Arc<Workspace>,
}

impl CompiledLook {
    /// Compiles `look` at `strength`: 1 is as written, 0 changes nothing, up to 2 exaggerates.
    ///
    /// Fails on a strength outside 0..2 and on steps that no look file could hold.
    pub fn new(look: &Look, strength: f64) -> Result<Self> {
        if !(0.0..=2.0).contains(&strength) {
            return Err(Error::Usage {
                what: format!("the strength of a look is {strength}"),
                hint: "give a number from 0 to 2; 1 is the look as written".into(),
            });
        }
        look.check()?;
        let grade = Grade::new(&look.steps, strength);
        Ok(Self {
            table: (!grade.is_identity()).then(|| Arc::new(Table::new(&grade))),
            textures: Textures::new(&look.steps, strength),
            workspace: Arc::new(Workspace::default()),
        })
    }

    /// True when no pixel will change.
    pub fn is_identity(&self) -> bool {
        self.table.is_none() && self.textures.is_identity()
    }

    /// Changes an 8-bit sRGB frame in place. `seed` (of the content) and `frame_number` make grain.
    pub fn apply(&self, frame: &mut Rgb8, seed: u64, frame_number: u64) {
        self.apply_samples(frame, seed, frame_number);
    }

    /// Changes a still in place, at its own depth.
    ///
    /// A look works on the numbers of the picture's own color space, taken as display values, and leaves the profile
    /// as it is: a wide-gamut picture stays wide. Opacity stays too.
    pub fn apply_picture(&self, picture: &mut Picture, seed: u64) {
        match &mut picture.pixels {
            Pixels::Eight(pixels) => self.apply_samples(pixels, seed, 0),
            Pixels::Sixteen(pixels) => self.apply_samples(pixels, seed, 0),
        }
    }

    fn apply_samples<T: Depth>(&self, picture: &mut Rgb<T>, seed: u64, frame_number: u64) {
        let table = self.table.as_deref();
        if !self.textures.is_identity() {
            run(
                picture,
                table,
                &self.textures,
                &self.workspace,
                seed,
                frame_number,
            );
            return;
        }
        let Some(table) = table else {
            return;
        };
        let row = 3 * picture.width();
        picture
            .samples_mut()
            .par_chunks_mut(16 * row)
            .for_each(|samples| {
                for pixel in samples.chunks_exact_mut(3) {
                    let color = T::look_up(table, [pixel[0], pixel[1], pixel[2]]);
                    pixel.copy_from_slice(&color);
                }
            });
    }
}
