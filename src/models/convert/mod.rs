//! The formats that a Whisper model's weights come in, and turning one into another: `CTranslate2` → ggml, and ggml →
//! a smaller ggml. Values in, bytes out: this folder knows no catalog, no models' folder and no network.
//!
//! Of the rest of the models' room it uses `digest`, `invalid` and `progress`, which use nothing of it; a test of the
//! rooms holds it to that.

pub mod ctranslate2;
pub mod format;
pub mod ggml;
pub mod layout;
mod mel;
pub mod quantize;
mod scan;
pub mod to_ggml;
