//! One file for each command that needs no window.

pub mod interview;
pub mod questions;
