//! What is made from the grammar for shells and for `man`.

use std::io::{self, Write};

use clap::{Command, CommandFactory as _};
use clap_complete::Shell;
use clap_mangen::{
    Man,
    roff::{Inline, Roff, bold, roman},
};

use super::grammar::CommandLine;

/// Arguments that every command has. The page tells them once, of the program.
const COMMON: [&str; 4] = ["json", "data", "help", "version"];

const DESCRIPTION: &str = "\
Aloud asks an interview question, listens through your microphone, and writes down what you say while you say it. Then it
shows what is in your answer: the points you made, the job terms you used, and every filler and repeated word. Nothing is
graded, and everything stays on this machine.

Without a command, it opens the window. The commands run the same code without one. --json and --data are accepted before
and after a command.";

const EXIT_STATUS: [(&str, &str); 3] = [
    ("0", "Done."),
    ("1", "It failed; one sentence on standard error says why."),
    ("2", "The arguments were wrong."),
];

const ENVIRONMENT: [(&str, &str); 2] = [
    ("ALOUD_MODELS", "The folder where speech models are stored."),
    (
        "ALOUD_MODEL_MIRROR",
        "An https address that is asked for speech models before the usual one.",
    ),
];

/// The completion script for a shell.
pub fn completions(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut CommandLine::command(), "aloud", &mut script);
    script
}

/// The manual page, in roff. One page tells all commands: `clap_mangen` alone would refer to one for each.
pub fn man_page() -> io::Result<String> {
    let mut root = CommandLine::command().disable_help_subcommand(true);
    root.build();
    let man = Man::new(root.clone().long_about(DESCRIPTION))
        .title("ALOUD")
        // No date: two quotes, since an argument that is left out would give its place to the next.
        .date("\"\"")
        .manual("User Commands");
    let mut page = written(|out| man.render_title(out))?;
    for section in [
        Man::render_name_section,
        Man::render_synopsis_section,
        Man::render_description_section,
        Man::render_options_section,
    ] {
        page += from_heading(&written(|out| section(&man, out))?);
    }
    page += &Roff::new().control("SH", ["COMMANDS"]).to_roff();
    for command in root.get_subcommands() {
        describe(command, &mut page)?;
    }
    page += &table("EXIT STATUS", &EXIT_STATUS);
    page += &table("ENVIRONMENT", &ENVIRONMENT);
    Ok(page)
}

/// What a command does, its usage, its own arguments and what it prints; then the same of the commands it has.
fn describe(command: &Command, page: &mut String) -> io::Result<()> {
    let own = COMMON.iter().fold(command.clone(), |command, common| {
        command.mut_arg(common, |argument| argument.hide(true))
    });
    let man = Man::new(own);
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name());
    *page += &Roff::new().control("SS", [name]).to_roff();
    *page += below_heading(&written(|out| man.render_description_section(out))?);
    *page += ".PP\n";
    *page += below_heading(&written(|out| man.render_synopsis_section(out))?);
    *page += below_heading(&written(|out| man.render_options_section(out))?);
    if let Some(prints) = command.get_after_help() {
        *page += &Roff::new().control("PP", []).text(lines(&prints.to_string())).to_roff();
    }
    command.get_subcommands().try_for_each(|inner| describe(inner, page))
}

/// The help's own line breaks are for a terminal; a page is filled to its reader's width.
fn lines(text: &str) -> Vec<Inline> {
    vec![roman(text.replace('\n', " "))]
}

fn table(heading: &str, rows: &[(&str, &str)]) -> String {
    let mut roff = Roff::new();
    roff.control("SH", [heading]);
    for (name, meaning) in rows {
        roff.control("TP", []).text([bold(*name)]).text([roman(*meaning)]);
    }
    roff.to_roff()
}

fn written(section: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<String> {
    let mut bytes = Vec::new();
    section(&mut bytes)?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

/// A section without the definitions that `clap_mangen` writes before each: once on a page is enough.
fn from_heading(section: &str) -> &str {
    section.find(".SH ").map_or("", |start| &section[start..])
}

fn below_heading(section: &str) -> &str {
    from_heading(section).split_once('\n').map_or("", |(_, body)| body)
}
