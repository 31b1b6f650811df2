//! Recordings of every kind, made here byte by byte.
