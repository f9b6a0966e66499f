//! What is to be cut: any text is read, or refused at a column that it has.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tastemaker::edit::CutExpression;

fuzz_target!(|text: &str| {
    match CutExpression::parse(text) {
        Ok(read) => assert_eq!(CutExpression::parse(read.text()), Ok(read)),
        Err(error) => assert!((1..=text.chars().count() + 1).contains(&error.column)),
    }
});
