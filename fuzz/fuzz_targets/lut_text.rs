//! `.3dl` and `.csp` files: any text is either refused or gives a table without NaN.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use tastemaker::looks::Lut;

fuzz_target!(|text: &str| {
    let tables = [
        Lut::parse_3dl(Path::new("x.3dl"), text),
        Lut::parse_csp(Path::new("x.csp"), text),
    ];
    for lut in tables.into_iter().flatten() {
        for color in [[0.0; 3], [0.3, 0.6, 1.0], [-1.0, 2.0, 0.5], [1.0; 3]] {
            assert!(lut.evaluate(color).iter().all(|value| !value.is_nan()));
        }
    }
});
