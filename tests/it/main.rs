//! Tests of the whole crate that share one program: building and linking many takes longer than running them. What needs
//! the machine to itself is in `realtime`; what needs an allocator of its own is a program of its own.

#![allow(clippy::unwrap_used, reason = "in a test it is the assertion")]

#[path = "../support/paths.rs"]
mod paths;
#[path = "../support/real.rs"]
mod real;
#[path = "../support/room.rs"]
mod room;
#[path = "../support/scripted.rs"]
mod scripted;

mod access;
mod bank;
mod commands;
mod diagnostics;
mod files;
mod history;
mod insight;
mod planted;
mod practice;
mod rooms;
mod screens;
mod sound;
mod supply_chain;
mod takes;
mod unsaved;
