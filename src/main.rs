//! Arguments, logging, crash reports, and the printing of what failed.

use std::{io::Write, process::ExitCode, time::Duration};

use aloud::{
    cli::{
        self, CommandError,
        arguments::{self, Invocation, Subcommand},
    },
    diagnostics::{crashes::ProcessKind, error_chain, logger, panics},
    store::Store,
    window,
};

/// How long the end waits for the last log lines to be written.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    logger::install();
    panics::install();
    let status = run();
    logger::flush(FLUSH_TIMEOUT);
    status
}

fn run() -> ExitCode {
    let invocation = match arguments::parse(std::env::args_os().skip(1)) {
        Ok(invocation) => invocation,
        Err(error) => return fail(&error.to_string(), 2),
    };
    keep_diagnostics(&invocation);
    #[cfg(debug_assertions)]
    fail_on_request();
    if invocation.command == Subcommand::Window {
        return match window::open(invocation.data) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => fail(&error_chain(&error), 1),
        };
    }
    match cli::run(invocation, &mut std::io::stdout().lock(), &mut std::io::stderr()) {
        // Whoever has read enough of the output is content.
        Ok(()) | Err(CommandError::OutputClosed) => ExitCode::SUCCESS,
        Err(CommandError::Failed(message)) => fail(&message, 1),
        Err(CommandError::Misuse(message)) => fail(&message, 2),
    }
}

fn fail(message: &str, status: u8) -> ExitCode {
    // With standard error closed there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{message}");
    ExitCode::from(status)
}

/// Crash reports of every run go into its data folder, and so do the log lines of a recording. The window begins its log
/// once the folder is its own.
fn keep_diagnostics(invocation: &Invocation) {
    // Without a folder there is none to write to, which the run itself says.
    let Ok(folder) = Store::root_of(invocation.data.clone()) else {
        return;
    };
    let run = match &invocation.command {
        Subcommand::Window => ProcessKind::Window,
        Subcommand::Live { .. }
        | Subcommand::Analyze { .. }
        | Subcommand::Interview(_)
        | Subcommand::Questions(_)
        | Subcommand::Roles { .. }
        | Subcommand::Models(_)
        | Subcommand::Doctor
        | Subcommand::Completions(_)
        | Subcommand::ManPage
        | Subcommand::Help(_)
        | Subcommand::Version => ProcessKind::Command,
    };
    panics::write_to_folder(&folder, run);
}

/// A fault where a test asks for one: in this thread, or in another while this one goes on. Not part of a release.
#[cfg(debug_assertions)]
fn fail_on_request() {
    if let Ok(words) = std::env::var("ALOUD_TEST_PANIC") {
        panic!("{words}");
    }
    if let Ok(words) = std::env::var("ALOUD_TEST_THREAD_PANIC") {
        let failing = std::thread::Builder::new().name("test fault".to_owned());
        let ended = failing
            .spawn(move || panic!("{words}"))
            .map(std::thread::JoinHandle::join);
        assert!(matches!(ended, Ok(Err(_))), "the test's fault came up");
    }
}
