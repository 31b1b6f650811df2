//! Tests that the clock decides: a real sound server, the real window, real-time decoding, full disks, killed processes.
//! They share one program and have the machine to themselves: Cargo runs the test programs one after the other.

#![allow(clippy::unwrap_used, reason = "in a test it is the assertion")]
#![cfg(target_os = "linux")]

#[path = "../support/desk/mod.rs"]
mod desk;
#[path = "../support/real.rs"]
mod real;
#[path = "../support/scripted.rs"]
mod scripted;
#[path = "../support/sound.rs"]
mod sound;

mod decoding;
mod disk;
mod frames;
mod killed;
mod load;
mod microphone;
mod model;
mod no_speech;
mod soak;
mod verbatim;
mod window;
