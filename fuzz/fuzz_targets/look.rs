//! Any text is a look that can be compiled, run and written again, or it is refused with a line.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use tastemaker::looks::{CompiledLook, Look};

fuzz_target!(|text: &str| {
    let Ok(look) = Look::parse("x", Path::new("x.toml"), text) else {
        return;
    };
    // A table beside the look has not been read here, so that such looks cannot be compiled.
    let _ = CompiledLook::new(&look, 1.0);
    let again = look.to_toml().expect("a look can be written");
    let again = Look::parse("x", Path::new("x.toml"), &again).expect("and read again");
    assert_eq!(look, again);
});
