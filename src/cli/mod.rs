//! The headless commands, one file each. They run the same rooms as the window.
pub mod live;
pub mod report;
