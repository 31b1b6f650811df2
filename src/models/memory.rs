//! How large a model is, and whether there is memory for it. Where there is not, the native code ends the whole process,
//! so this is asked first.

use std::{fs, path::Path};

/// How large a ggml file's model is, as its first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub vocabulary: i32,
    pub width: i32,
    pub text_layers: i32,
}

/// Reads the size of a model; nothing where the file is too short for it.
pub fn size(path: &Path) -> Option<Size> {
    let mut head = [0; 48];
    std::io::Read::read_exact(&mut fs::File::open(path).ok()?, &mut head).ok()?;
    let number = |index: usize| i32::from_le_bytes([head[index], head[index + 1], head[index + 2], head[index + 3]]);
    Some(Size {
        vocabulary: number(4),
        width: number(12),
        text_layers: number(36),
    })
}

/// There is too little memory, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Short {
    /// What the model takes at least, with two recognizers.
    pub needed: u64,
    pub free: u64,
}

/// Nothing where there is enough, or where the system does not say.
pub fn short_of_memory(model: &Path) -> Option<Short> {
    let free = free(&fs::read_to_string("/proc/meminfo").ok()?)?;
    let needed = needed(fs::metadata(model).ok()?.len(), size(model)?.text_layers);
    (free < needed).then_some(Short { needed, free })
}

/// Measured at the peak: 250 MB beside the weights of tiny, with 4 layers, and 420 MB beside those of base, with 6.
fn needed(weights: u64, text_layers: i32) -> u64 {
    const A_LAYER: u64 = 50_000_000;
    weights + A_LAYER * u64::try_from(text_layers).unwrap_or(0)
}

/// What Linux says is free for programs, with what it can swap away.
fn free(meminfo: &str) -> Option<u64> {
    let value = |name: &str| {
        let line = meminfo.lines().find_map(|line| line.strip_prefix(name))?;
        let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
        Some(kibibytes * 1024)
    };
    Some(value("MemAvailable:")? + value("SwapFree:").unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_that_is_free_is_read_from_what_linux_tells() {
        let meminfo = "MemTotal:       2035000 kB\nMemFree:          100000 kB\nMemAvailable:     200000 kB\nSwapFree:          50000 kB\n";
        assert_eq!(free(meminfo), Some(250_000 * 1024));
        assert_eq!(free("MemTotal: 2035000 kB\n"), None);
        assert_eq!(free("MemAvailable: much\n"), None);
    }

    #[test]
    fn tiny_fits_where_base_does_not() {
        let free = 400_000_000;
        assert!(needed(77_704_715, 4) < free && free < needed(147_951_465, 6));
    }
}
