# What `run` and `test` both need: the system's packages, Rust, the speech model, the place of the build.
# Sourced, not run. Every step looks first whether it is done already, and then costs nothing.

# Nothing of the current folder is ever run, and no Python code that the environment points to: PATH keeps its absolute
# folders alone (an empty one means the current folder), and what sends Python elsewhere is unset.
only_absolute_folders() {
    local folder kept=
    local IFS=:
    set -f
    for folder in $PATH; do
        case "$folder" in /*) kept=${kept:+$kept:}$folder ;; esac
    done
    set +f
    PATH=$kept
}
only_absolute_folders
unset "${!PYTHON@}" PIP_PYTHON

say() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }

stop() {
    printf '%s\n' "$*" >&2
    exit 1
}

# Tells users of other systems what to do instead.
require_linux() {
    case "$(uname -s)" in
    Linux) ;;
    Darwin)
        stop "This script sets up Linux. On macOS: install Xcode's command line tools (xcode-select --install), CMake and Rust (rustup), then
  cargo run --release -- models fetch tiny.en
  cargo run --release
and for the tests: cargo test"
        ;;
    *)
        stop "This script sets up Linux. On Windows: install Visual Studio's C++ build tools, CMake, LLVM and Rust (rustup), then in a terminal
  cargo run --release -- models fetch tiny.en
  cargo run --release
and for the tests: cargo test"
        ;;
    esac
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        stop "Installing packages needs root: run this as root, or install sudo. Wanted: $*"
    fi
}

# Installs the packages that are missing.
packages() {
    local missing=() name
    if ! command -v dpkg-query >/dev/null; then
        say "This is not Debian or Ubuntu. What they call $* must be here; where it is not, the build says so"
        return
    fi
    for name in "$@"; do
        case "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" in
        installed) ;;
        *) missing+=("$name") ;;
        esac
    done
    [ ${#missing[@]} = 0 ] && return
    say "Installing ${missing[*]}"
    as_root apt-get update -q >&2
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}" >&2
}

# Rust, at least as new as Cargo.toml asks for.
rust() {
    if ! command -v cargo >/dev/null && [ -f "$HOME/.cargo/env" ]; then
        . "$HOME/.cargo/env"
    fi
    local wanted found
    wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    found=$(rustc --version 2>/dev/null | cut -d' ' -f2) || true
    if [ -n "$found" ] && [ "$(printf '%s\n%s\n' "$wanted" "$found" | sort -V | head -n 1)" = "$wanted" ]; then
        return
    fi
    if command -v rustup >/dev/null; then
        say "Updating Rust ($wanted or newer is needed, ${found:-none} is here)"
        rustup toolchain install stable --profile minimal -c rustfmt -c clippy >&2
        rustup default stable >&2
    else
        say "Installing Rust ($wanted or newer is needed, ${found:-none} is here)"
        curl --proto '=https' --tlsv1.2 -fsS https://sh.rustup.rs |
            sh -s -- -y --profile minimal -c rustfmt -c clippy >&2
        . "$HOME/.cargo/env"
    fi
}

# The build's cache lies outside the checkout, so that a fresh clone builds as fast as an old one. The speech code is
# built for this very processor; a cache that comes to a machine with another one is not used there, nor one that was
# built with other settings.
build_place() {
    local built_for
    built_for=$( (uname -m; grep -m 1 '^flags' /proc/cpuinfo || true; cat .cargo/config.toml) | sha256sum | cut -c 1-8)
    export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/aloud/target-$built_for}
    # The crate brings its C bindings for Linux; without them libclang would be needed.
    export WHISPER_DONT_GENERATE_BINDINGS=1
    aloud=$CARGO_TARGET_DIR/release/aloud
}

# What needs no running program: formatting, lints and, where cargo-deny is installed, licences and sources. `check` is the
# caller's: it names what is checked and counts what fails.
lints() {
    check "Formatting" cargo fmt --check
    check "Lints" cargo clippy --locked --all-targets -- -D warnings
    if command -v cargo-deny >/dev/null; then
        check "Licences, bans and sources" cargo deny --offline check licenses bans sources
    fi
}

# Builds what the tests run: in the development profile, whose own code is compiled in parts (see Cargo.toml).
build_tests() {
    say "Building the tests in $CARGO_TARGET_DIR (the first time takes several minutes)"
    cargo build --locked --all-targets >&2
    aloud=$CARGO_TARGET_DIR/debug/aloud
}

# Builds the program.
build() {
    say "Building in $CARGO_TARGET_DIR (the first time takes several minutes)"
    cargo build --release --locked >&2
}

# The default model, where Aloud looks for it. Its checksum is looked at each time: that takes a blink.
model() {
    "$aloud" models verify tiny.en >/dev/null 2>&1 && return
    say "Getting the speech model tiny.en (78 MB)"
    ALOUD=$aloud scripts/model tiny.en >&2 || "$aloud" models fetch tiny.en >&2
}

# What Aloud is built with, what its window loads when it opens, and pip, with which scripts/model gets a model.
build_packages=(build-essential cmake pkg-config libasound2-dev ca-certificates curl python3-pip)
window_packages=(libgl1 libegl1 libx11-6 libx11-xcb1 libxcursor1 libxi6 libxrandr2 libxkbcommon0 libxkbcommon-x11-0
    libwayland-client0 libwayland-cursor0 libwayland-egl1)
