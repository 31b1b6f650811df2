//! Tests of the whole crate that share one program: building and linking many takes longer than running them. What needs
//! the machine to itself is in `realtime`; what needs an allocator of its own is a program of its own.

#![allow(clippy::unwrap_used, reason = "in a test it is the assertion")]

#[path = "../support/paths.rs"]
mod paths;
#[path = "../support/pdf.rs"]
mod pdf;
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
mod drafts;
mod exports;
mod files;
mod final_text;
mod first_start;
mod history;
mod insight;
mod navigation;
mod planted;
mod player;
mod practice;
mod rooms;
mod screens;
mod silence;
mod sound;
mod supply_chain;
mod takes;
mod unsaved;
