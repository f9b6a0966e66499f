//! `.cube` files: any text is either refused or gives a table without NaN.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use tastemaker::looks::Lut;

fuzz_target!(|text: &str| {
    if let Ok(lut) = Lut::parse_cube(Path::new("x.cube"), text) {
        for color in [[0.0; 3], [0.3, 0.6, 1.0], [-1.0, 2.0, 0.5], [1.0; 3]] {
            assert!(lut.evaluate(color).iter().all(|value| !value.is_nan()));
        }
    }
});
