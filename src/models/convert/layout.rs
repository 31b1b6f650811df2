//! What a Whisper network consists of: its tensors, their shapes, and the order in which the published files hold
//! them (the order of `OpenAI`'s checkpoints, decoder first).

use crate::models::invalid_model::InvalidModel;

/// The sizes that determine a Whisper network, as the head of a ggml file states them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Tokens, timestamps included.
    pub vocabulary: u32,
    /// Positions of sound: 1500 are 30 seconds.
    pub audio_positions: u32,
    /// Width of the network; encoder and decoder are equally wide.
    pub width: u32,
    /// Attention heads, of 64 channels each.
    pub heads: u32,
    pub audio_layers: u32,
    pub text_positions: u32,
    pub text_layers: u32,
    /// Mel bands of the input.
    pub bands: u32,
}

/// How a tensor is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TensorRole {
    /// Always 32-bit floats: biases, norms, positions.
    Exact,
    /// A convolution: 16-bit floats, quantized or not.
    Convolution,
    /// In the model's own format.
    Matrix,
}

/// One tensor of the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tensor {
    pub name: String,
    /// As ggml writes them: the innermost (fastest) dimension first.
    pub dims: Vec<u32>,
    pub role: TensorRole,
}

impl Tensor {
    pub fn elements(&self) -> u64 {
        self.dims.iter().map(|&dim| u64::from(dim)).product()
    }
}

/// Whisper's own widths end at 1280; each head has 64 channels.
const HEAD: u32 = 64;
const WIDEST: u32 = 1280;
/// The layer counts that whisper.cpp knows by name; it ends the process over any other.
const AUDIO_LAYERS: [u32; 5] = [4, 6, 12, 24, 32];
/// English-only, multilingual, and large-v3's.
const VOCABULARIES: std::ops::RangeInclusive<u32> = 51_864..=51_866;

impl Shape {
    /// Refuses every network that whisper.cpp could not load.
    pub fn check(&self) -> Result<(), InvalidModel> {
        let message = |what: &str, value: u32| Err(InvalidModel::Broken(format!("its {what} cannot be {value}")));
        if !VOCABULARIES.contains(&self.vocabulary) {
            return message("number of tokens", self.vocabulary);
        }
        if !(1..=1500).contains(&self.audio_positions) {
            return message("number of audio positions", self.audio_positions);
        }
        if self.width == 0 || self.width > WIDEST || !self.width.is_multiple_of(HEAD) {
            return message("width", self.width);
        }
        if self.heads != self.width / HEAD {
            return message("number of attention heads", self.heads);
        }
        if !AUDIO_LAYERS.contains(&self.audio_layers) {
            return message("number of audio layers", self.audio_layers);
        }
        if !(1..=448).contains(&self.text_positions) {
            return message("number of text positions", self.text_positions);
        }
        if !(1..=32).contains(&self.text_layers) {
            return message("number of text layers", self.text_layers);
        }
        if ![80, 128].contains(&self.bands) {
            return message("number of mel bands", self.bands);
        }
        Ok(())
    }

    /// Every tensor, in the published order.
    pub fn tensors(&self) -> Vec<Tensor> {
        let width = self.width;
        let mut list = List(Vec::new());
        list.push(
            "decoder.positional_embedding",
            &[width, self.text_positions],
            TensorRole::Exact,
        );
        list.push(
            "encoder.positional_embedding",
            &[width, self.audio_positions],
            TensorRole::Exact,
        );
        list.push(
            "decoder.token_embedding.weight",
            &[width, self.vocabulary],
            TensorRole::Matrix,
        );
        for layer in 0..self.text_layers {
            let block = format!("decoder.blocks.{layer}");
            list.block(&block, width);
            list.norm(&format!("{block}.cross_attn_ln"), width);
            list.attention(&format!("{block}.cross_attn"), width);
        }
        list.norm("decoder.ln", width);
        for (layer, channels) in [(1, self.bands), (2, width)] {
            list.push(
                &format!("encoder.conv{layer}.weight"),
                &[3, channels, width],
                TensorRole::Convolution,
            );
            list.push(&format!("encoder.conv{layer}.bias"), &[1, width], TensorRole::Exact);
        }
        for layer in 0..self.audio_layers {
            list.block(&format!("encoder.blocks.{layer}"), width);
        }
        list.norm("encoder.ln_post", width);
        list.0
    }
}

struct List(Vec<Tensor>);

impl List {
    fn push(&mut self, name: &str, dims: &[u32], role: TensorRole) {
        self.0.push(Tensor {
            name: name.to_owned(),
            dims: dims.to_vec(),
            role,
        });
    }

    fn norm(&mut self, name: &str, width: u32) {
        self.push(&format!("{name}.weight"), &[width], TensorRole::Exact);
        self.push(&format!("{name}.bias"), &[width], TensorRole::Exact);
    }

    fn linear(&mut self, name: &str, from: u32, to: u32) {
        self.push(&format!("{name}.weight"), &[from, to], TensorRole::Matrix);
        self.push(&format!("{name}.bias"), &[to], TensorRole::Exact);
    }

    fn attention(&mut self, name: &str, width: u32) {
        self.linear(&format!("{name}.query"), width, width);
        // Whisper's keys have no bias.
        self.push(&format!("{name}.key.weight"), &[width, width], TensorRole::Matrix);
        self.linear(&format!("{name}.value"), width, width);
        self.linear(&format!("{name}.out"), width, width);
    }

    fn block(&mut self, name: &str, width: u32) {
        self.norm(&format!("{name}.mlp_ln"), width);
        self.linear(&format!("{name}.mlp.0"), width, 4 * width);
        self.linear(&format!("{name}.mlp.2"), 4 * width, width);
        self.norm(&format!("{name}.attn_ln"), width);
        self.attention(&format!("{name}.attn"), width);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TINY_EN: Shape = Shape {
        vocabulary: 51_864,
        audio_positions: 1500,
        width: 384,
        heads: 6,
        audio_layers: 4,
        text_positions: 448,
        text_layers: 4,
        bands: 80,
    };

    #[test]
    fn tiny_has_167_tensors_in_the_order_of_the_checkpoint() {
        let tensors = TINY_EN.tensors();
        assert_eq!(tensors.len(), 167);
        let names: Vec<&str> = tensors.iter().take(4).map(|tensor| tensor.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "decoder.positional_embedding",
                "encoder.positional_embedding",
                "decoder.token_embedding.weight",
                "decoder.blocks.0.mlp_ln.weight",
            ]
        );
        assert_eq!(
            tensors.last().map(|tensor| tensor.name.as_str()),
            Some("encoder.ln_post.bias")
        );
    }

    #[test]
    fn sizes_that_whisper_does_not_have_are_refused() {
        assert!(TINY_EN.check().is_ok());
        for (shape, message) in [
            (
                Shape {
                    vocabulary: 7,
                    ..TINY_EN
                },
                "its number of tokens cannot be 7",
            ),
            (Shape { width: 100, ..TINY_EN }, "its width cannot be 100"),
            (
                Shape {
                    width: 0,
                    heads: 0,
                    ..TINY_EN
                },
                "its width cannot be 0",
            ),
            (
                Shape { heads: 5, ..TINY_EN },
                "its number of attention heads cannot be 5",
            ),
            (
                Shape {
                    audio_layers: 5,
                    ..TINY_EN
                },
                "its number of audio layers cannot be 5",
            ),
            (
                Shape {
                    text_layers: u32::MAX,
                    ..TINY_EN
                },
                "its number of text layers cannot be 4294967295",
            ),
            (
                Shape {
                    audio_positions: 0,
                    ..TINY_EN
                },
                "its number of audio positions cannot be 0",
            ),
            (
                Shape {
                    text_positions: 449,
                    ..TINY_EN
                },
                "its number of text positions cannot be 449",
            ),
            (Shape { bands: 81, ..TINY_EN }, "its number of mel bands cannot be 81"),
        ] {
            assert_eq!(
                shape.check().map_err(|invalid| invalid.to_string()),
                Err(message.to_owned())
            );
        }
    }
}
