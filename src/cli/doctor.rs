//! `aloud doctor`: what works on this machine, what does not, and what to do about it.

use std::{
    io::Write,
    path::PathBuf,
    sync::mpsc::{RecvTimeoutError, sync_channel},
    thread,
    time::Duration,
};

use serde_json::json;

use super::{CommandError, line};
use crate::{
    about,
    diagnostics::crashes,
    microphone,
    models::{DEFAULT, InstallState, ModelStore},
    store::Store,
};

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    pub name: &'static str,
    pub ok: bool,
    pub message: String,
    /// What to do about it.
    pub advice: Option<String>,
}

impl Check {
    fn good(name: &'static str, message: String) -> Self {
        Self {
            name,
            ok: true,
            message,
            advice: None,
        }
    }

    fn bad(name: &'static str, message: String, advice: &str) -> Self {
        Self {
            name,
            ok: false,
            message,
            advice: Some(advice.to_owned()),
        }
    }
}

pub fn run(
    model_store: &ModelStore,
    data: Option<PathBuf>,
    json: bool,
    out: &mut dyn Write,
) -> Result<(), CommandError> {
    let checks = [
        microphones(),
        model(model_store),
        display(),
        processor(),
        last_crash(data.clone()),
        data_folder(data),
    ];
    if json {
        let checks: Vec<_> = checks
            .iter()
            .map(|check| json!({"name": check.name, "ok": check.ok, "says": check.message, "do": check.advice}))
            .collect();
        line(out, &json!({"type": "doctor", "checks": checks}))?;
        return Ok(());
    }
    for check in checks {
        let mark = if check.ok { "ok " } else { "no " };
        writeln!(out, "{mark} {:<11} {}", check.name, check.message)?;
        if let Some(advice) = check.advice {
            writeln!(out, "    {:<11} {advice}", "")?;
        }
    }
    Ok(())
}

fn microphones() -> Check {
    const NAME: &str = "microphone";
    const PATIENCE: Duration = Duration::from_secs(5);
    let (sender, answer) = sync_channel(1);
    let asked = thread::Builder::new()
        .name("microphone check".to_owned())
        .spawn(move || {
            // Nobody waits any more when the system took too long.
            let _ = sender.send((microphone::names(), microphone::sound_system()));
        });
    if let Err(error) = asked {
        return Check::bad(
            NAME,
            format!("Could not start a thread to look for microphones: {error}."),
            "Close some other programs.",
        );
    }
    match answer.recv_timeout(PATIENCE) {
        Ok((Ok(names), system)) if !names.is_empty() => Check::good(
            NAME,
            format!(
                "{} found through {system}: {}.",
                plural(names.len(), "microphone"),
                names.join(", ")
            ),
        ),
        Ok((Ok(_), system)) => Check::bad(
            NAME,
            format!("No microphone was found through {system}."),
            "Plug one in, or allow this program to use it in the system's settings. Answers can also be typed.",
        ),
        Ok((Err(error), _)) => Check::bad(
            NAME,
            error.to_string(),
            "Check that the sound system is running. Answers can also be typed.",
        ),
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Check::bad(
            NAME,
            "The sound system is not responding.".to_owned(),
            "Restart it, or log out and in again. Answers can also be typed.",
        ),
    }
}

fn model(model_store: &ModelStore) -> Check {
    const NAME: &str = "model";
    let entries = model_store.list();
    let here: Vec<&str> = entries
        .iter()
        .filter(|entry| entry.state == InstallState::Installed)
        .map(|entry| entry.name.as_str())
        .collect();
    if let Some(damaged) = entries.iter().find(|entry| entry.state == InstallState::Damaged) {
        return Check::bad(
            NAME,
            format!("The speech model {} is damaged.", damaged.name),
            &format!("Download it again with \"aloud models fetch {}\".", damaged.name),
        );
    }
    if here.is_empty() {
        return Check::bad(
            NAME,
            format!("No speech model was found in {}.", model_store.folder().display()),
            &format!("Download one with \"aloud models fetch {DEFAULT}\". Answers can also be typed."),
        );
    }
    Check::good(
        NAME,
        format!(
            "{} in {}: {}.",
            plural(here.len(), "speech model"),
            model_store.folder().display(),
            here.join(", ")
        ),
    )
}

fn display() -> Check {
    const NAME: &str = "display";
    if !cfg!(target_os = "linux") {
        return Check::good(NAME, "Provided by the system.".to_owned());
    }
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    match (set("WAYLAND_DISPLAY"), set("DISPLAY")) {
        (Some(name), _) => Check::good(NAME, format!("Wayland, {name}.")),
        (None, Some(name)) => Check::good(NAME, format!("X11, {name}.")),
        (None, None) => Check::bad(
            NAME,
            "No display was found for the window.".to_owned(),
            "Start Aloud on a desktop. \"aloud live\" and \"aloud analyze\" work without a display.",
        ),
    }
}

fn processor() -> Check {
    const NAME: &str = "processor";
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    #[cfg(target_arch = "x86_64")]
    if !std::arch::is_x86_feature_detected!("avx2") {
        return Check::bad(
            NAME,
            format!("{} without AVX2: the live text will lag behind.", plural(cores, "core")),
            "Nothing is lost: the final transcript will still be complete. A newer computer shows words sooner.",
        );
    }
    if cores < 2 {
        return Check::bad(
            NAME,
            "Only one core: the live text will lag behind.".to_owned(),
            "Close other programs while you practice. The final transcript will still be complete.",
        );
    }
    Check::good(
        NAME,
        format!("{}. Aloud was built for {}.", plural(cores, "core"), about::built_for()),
    )
}

/// Before the data folder is looked at: where there is none, nothing has crashed in it.
fn last_crash(data: Option<PathBuf>) -> Check {
    const NAME: &str = "last crash";
    let report = Store::root_of(data).ok().and_then(|folder| crashes::last(&folder));
    let Some(report) = report else {
        return Check::good(NAME, "None on record.".to_owned());
    };
    let what = if report.ended_aloud() {
        "Aloud ended unexpectedly".to_owned()
    } else {
        format!("The thread \"{}\" ended unexpectedly", report.thread)
    };
    Check::bad(
        NAME,
        format!(
            "{what} on {} ({}, {}). The report is in {}.",
            report.when,
            report.version,
            report.place,
            report.path.display()
        ),
        "Send the report to Aloud's developers: it contains none of your words. Delete it when you no longer need it.",
    )
}

fn data_folder(data: Option<PathBuf>) -> Check {
    const NAME: &str = "data";
    let written = Store::open(data).and_then(|store| store.try_writing().map(|()| store));
    match written {
        Ok(store) if store.exists() => {
            Check::good(NAME, format!("Your practice is stored in {}.", store.root().display()))
        }
        Ok(store) => Check::good(
            NAME,
            format!(
                "Your practice will be stored in {}; the folder is created when something is first saved.",
                store.root().display()
            ),
        ),
        Err(error) => Check::bad(NAME, error.to_string(), "Name another folder with --data DIR."),
    }
}

fn plural(count: usize, thing: &str) -> String {
    if count == 1 {
        format!("1 {thing}")
    } else {
        format!("{count} {thing}s")
    }
}
