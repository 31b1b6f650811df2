//! What this program says of itself: which version, built for what, and where later ones are.

pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The level of processors that the speech code was built for, such as "x86-64-v3", as `scripts/package` names it. Nothing
/// where it was built for the very processor of the machine that built it.
pub const PROCESSOR_LEVEL: Option<&str> = option_env!("ALOUD_PROCESSOR_LEVEL");

/// The address of the page with the releases; nothing where it was not known when this was built.
pub const HOMEPAGE: Option<&str> = match option_env!("ALOUD_HOMEPAGE") {
    Some(address) if !address.is_empty() => Some(address),
    _ => None,
};

/// What the speech code was built for, in words.
pub fn built_for() -> String {
    match PROCESSOR_LEVEL {
        Some(level) => format!("processors of the level {level}"),
        None => "the processor of the computer that built it".to_owned(),
    }
}
