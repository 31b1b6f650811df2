//! Aloud: practice interview answers out loud. ARCHITECTURE.md is the map; each room's `//!` says what it owns.

pub mod app;
pub mod cli;
pub mod diagnostics;
pub mod insight;
pub mod interview;
pub mod listener;
pub mod microphone;
pub mod models;
pub mod narrator;
pub mod protocol;
pub mod question;
pub mod recognizer;
pub mod session;
pub mod single_instance;
pub mod span;
pub mod speaker;
pub mod store;
pub mod take;
pub mod transcript;
pub mod ui;
pub mod window;
