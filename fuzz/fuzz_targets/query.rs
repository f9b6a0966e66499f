//! What people type to find music: any text is understood in some way.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tastemaker::music::catalog::Query;

fuzz_target!(|text: &str| {
    let query = Query::parse(text);
    // What was understood can be said.
    assert!(query.filters.descriptions().iter().all(|part| !part.is_empty()));
});
