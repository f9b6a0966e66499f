//! Looks: pixels, tables, masks and parsers.

mod dehaze;
mod fuzz;
mod masks;
mod page;
mod planes;
mod steps;
mod tables;
