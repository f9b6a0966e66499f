//! Looks: named color and texture steps in a TOML file (`tastemaker.look/1`), the same pixels on every CPU.

mod document;
pub use document::{Look, LookStep};

mod library;
pub use library::{LookLibrary, LookSource};

mod compile;
pub use compile::CompiledLook;
