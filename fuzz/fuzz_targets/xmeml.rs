//! XMEML: any text is read or refused.
#![no_main]

mod timeline;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| timeline::read(text, "timeline.xml"));
