//! Looks: their pixels, tables, masks and readers.

mod fuzz;
mod masks;
mod page;
mod planes;
mod steps;
mod tables;
