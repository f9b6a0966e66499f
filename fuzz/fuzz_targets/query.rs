//! Requests for music: any text parses, and every filter has a description.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tastemaker::music::catalog::Query;

fuzz_target!(|text: &str| {
    let query = Query::parse(text);
    assert!(query.filters.descriptions().iter().all(|part| !part.is_empty()));
});
