//! Arguments, logging, and the printing of what failed.

use std::{io::Write, process::ExitCode};

use aloud::{
    cli::{
        self,
        arguments::{self, Command},
    },
    window,
};

fn main() -> ExitCode {
    log::set_max_level(log::LevelFilter::Warn);
    if log::set_logger(&Diary).is_err() {
        // There is one already, and that is as good.
    }
    let invocation = match arguments::parse(std::env::args_os().skip(1)) {
        Ok(invocation) => invocation,
        Err(error) => return fail(&error.to_string(), 2),
    };
    let outcome = if invocation.command == Command::Window {
        window::open(invocation.data)
    } else {
        cli::run(invocation, &mut std::io::stdout().lock(), &mut std::io::stderr())
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => fail(&failure.0, 1),
    }
}

fn fail(says: &str, status: u8) -> ExitCode {
    // With standard error closed there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{says}");
    ExitCode::from(status)
}

/// Messages for whoever looks for them: on standard error, with `ALOUD_LOG=1`.
struct Diary;

impl log::Log for Diary {
    fn enabled(&self, about: &log::Metadata<'_>) -> bool {
        // The speech library calls it an error when it is stopped before its encoder, which is how it is used here.
        std::env::var_os("ALOUD_LOG").is_some() && !about.target().starts_with("whisper_rs")
    }

    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata()) {
            let _ = writeln!(
                std::io::stderr(),
                "{} {}: {}",
                record.level(),
                record.target(),
                record.args()
            );
        }
    }

    fn flush(&self) {}
}
