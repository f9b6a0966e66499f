//! Looks: their pixels, tables, masks and readers.

mod dehaze;
mod fuzz;
mod masks;
mod page;
mod planes;
mod steps;
mod tables;
