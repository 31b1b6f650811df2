//! The formats in which ggml stores numbers, and their sizes.

use super::layout::{Tensor, TensorRole};

/// A quantized file states a version of its blocks together with its format: `version * 1000 + format`.
const VERSION_FACTOR: u32 = 1000;

/// The formats of a model's matrices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    F32,
    F16,
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q8_0,
    Q2K,
    Q3K,
    Q4K,
    Q5K,
    Q6K,
}

impl Format {
    const ALL: [Self; 12] = [
        Self::F32,
        Self::F16,
        Self::Q4_0,
        Self::Q4_1,
        Self::Q5_0,
        Self::Q5_1,
        Self::Q8_0,
        Self::Q2K,
        Self::Q3K,
        Self::Q4K,
        Self::Q5K,
        Self::Q6K,
    ];

    /// `ggml_ftype` of a file, `ggml_type` of its matrices, elements and bytes of one block (from ggml.h and
    /// ggml-common.h).
    fn numbers(self) -> (u32, u32, u32, u32) {
        match self {
            Self::F32 => (0, 0, 1, 4),
            Self::F16 => (1, 1, 1, 2),
            Self::Q4_0 => (2, 2, 32, 18),
            Self::Q4_1 => (3, 3, 32, 20),
            Self::Q5_0 => (8, 6, 32, 22),
            Self::Q5_1 => (9, 7, 32, 24),
            Self::Q8_0 => (7, 8, 32, 34),
            Self::Q2K => (10, 10, 256, 84),
            Self::Q3K => (11, 11, 256, 110),
            Self::Q4K => (12, 12, 256, 144),
            Self::Q5K => (13, 13, 256, 176),
            Self::Q6K => (14, 14, 256, 210),
        }
    }

    /// The number that the head of a file states for it.
    ///
    /// whisper.cpp does not look at the version. It is the published files': their `q5_1` was made before ggml's blocks of
    /// `q8_0` changed and the version became 2.
    pub fn file_type(self) -> u32 {
        let version = match self {
            Self::F32 | Self::F16 => 0,
            Self::Q5_1 => 1,
            _ => 2,
        };
        version * VERSION_FACTOR + self.numbers().0
    }

    pub fn of_file_type(file_type: u32) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|format| format.numbers().0 == file_type % VERSION_FACTOR)
    }

    /// How a tensor of this role is stored in a file of this format.
    pub fn of_role(self, role: TensorRole) -> Self {
        match role {
            TensorRole::Exact => Self::F32,
            TensorRole::Convolution if self != Self::F32 => Self::F16,
            TensorRole::Convolution | TensorRole::Matrix => self,
        }
    }

    /// Bytes of a tensor, or nothing where its rows cannot be cut into whole blocks.
    pub fn bytes(self, tensor: &Tensor) -> Option<u64> {
        let (_, _, elements, bytes) = self.numbers();
        let row = tensor.dims.first()?;
        row.is_multiple_of(elements)
            .then(|| tensor.elements() / u64::from(elements) * u64::from(bytes))
    }

    /// The number that the head of a tensor states for it.
    pub fn tensor_type(self) -> u32 {
        self.numbers().1
    }
}
