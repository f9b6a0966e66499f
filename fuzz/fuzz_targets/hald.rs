//! Hald images: a picture of any size is either refused or gives a table with colors in range.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use tastemaker::geometry::Size;
use tastemaker::looks::Lut;
use tastemaker::picture::{Pixels, Rgb8};

fuzz_target!(|data: &[u8]| {
    let [width, height, colors @ ..] = data else {
        return;
    };
    let size = Size::new(u32::from(*width).max(1), u32::from(*height).max(1));
    let samples = colors.iter().copied().chain(std::iter::repeat(0));
    let samples = samples.take(3 * size.pixels() as usize).collect();
    let picture = Rgb8::new(size, samples).expect("as many samples as the size asks for");
    if let Ok(lut) = Lut::from_hald(Path::new("x.png"), &Pixels::Eight(picture)) {
        assert!(lut.evaluate([0.3, 0.6, 1.0]).iter().all(|value| (0.0..=1.0).contains(value)));
    }
});
