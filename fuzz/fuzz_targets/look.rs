//! Looks: any text is either refused or gives a look that survives being written and parsed again.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use tastemaker::looks::{CompiledLook, Look};

fuzz_target!(|text: &str| {
    let Ok(look) = Look::parse("x", Path::new("x.toml"), text) else {
        return;
    };
    // Looks that refer to a table file fail to compile, because it is not read here.
    let _ = CompiledLook::new(&look, 1.0);
    let again = look.to_toml().expect("a look can be written");
    let again = Look::parse("x", Path::new("x.toml"), &again).expect("and read again");
    assert_eq!(look, again);
});
