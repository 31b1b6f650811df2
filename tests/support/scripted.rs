//! A sound side that says what a test tells it to, and an answer that looks like one.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::{
    cell::RefCell,
    path::PathBuf,
    rc::Rc,
    sync::{Arc, Mutex},
};

use aloud::{
    app::{AudioBackend, Options, Sample},
    protocol::{Command, Event, ModelState, PlaybackId, TakePlan, Update},
    span::Span,
    take::{Level, Take},
    transcript::{Transcript, Word},
    ui::view_model::ModelCard,
};

/// What the test holds of the studio.
#[derive(Debug, Default)]
pub struct Script {
    pub commands: Vec<Command>,
    pub events: Vec<Event>,
    pub level: Option<Level>,
    pub seconds: f64,
    /// Which speech model is there.
    pub missing_model: bool,
    pub microphones: Option<Vec<String>>,
    /// What is told at the start.
    pub notice: Option<String>,
    /// Whether the steps of a first start are shown.
    pub welcomes: bool,
    /// What was to be shown in the file manager.
    pub shown: Arc<Mutex<Vec<PathBuf>>>,
    /// What is played, and the second of it that was told last.
    pub playback: PlaybackId,
    pub second: f64,
}

#[derive(Clone, Debug, Default)]
pub struct Scripted(pub Rc<RefCell<Script>>);

impl Scripted {
    pub fn say(&self, event: Event) {
        self.0.borrow_mut().events.push(event);
    }

    pub fn commands(&self) -> Vec<Command> {
        self.0.borrow().commands.clone()
    }

    /// The plan of the take that was begun last.
    pub fn plan(&self) -> TakePlan {
        let plan = self.0.borrow().commands.iter().rev().find_map(|command| match command {
            Command::Record(plan) | Command::Transcribe(plan) => Some(plan.clone()),
            _ => None,
        });
        plan.expect("a take was begun")
    }

    /// The take that was begun last.
    pub fn take(&self, seconds: f64) -> Take {
        Take {
            sound: self.plan().sound,
            seconds,
            ..Take::default()
        }
    }

    /// The first sample of it is there.
    pub fn started(&self) {
        self.say(Event::Started(self.plan().id()));
    }

    /// Ends the running take with these words.
    pub fn finish(&self, transcript: Transcript) {
        let seconds = transcript
            .words
            .last()
            .and_then(|word| word.span)
            .map_or(1.0, |span| span.end + 0.4);
        let take = self.take(seconds);
        self.say(Event::Stopped(take.clone()));
        self.say(Event::Transcribed {
            take,
            transcript,
            model: "tiny.en".into(),
        });
    }

    /// The words of a running take: the first ones settled, the next ones tentative.
    pub fn words(&self, transcript: &Transcript, settled: usize, tentative: usize) {
        let heard = transcript.words[settled].span.map_or(0.0, |span| span.start + 0.9);
        self.0.borrow_mut().seconds = heard;
        self.started();
        self.say(Event::Words {
            take: self.plan().id(),
            update: Update {
                at: 1.0,
                heard,
                settled: transcript.words[..settled].to_vec(),
                tentative: transcript.text_of(settled..settled + tentative),
                behind: None,
            },
        });
    }

    /// This second of what is played is heard now.
    pub fn playing(&self, second: f64) {
        self.0.borrow_mut().second = second;
        let playback = self.0.borrow().playback;
        self.say(Event::Playing { playback, second });
    }

    /// What is played has come to its end.
    pub fn played(&self) {
        let playback = self.0.borrow().playback;
        self.say(Event::Played {
            playback,
            stopped_at: None,
        });
    }

    pub fn options(&self) -> Options {
        let (audio, notice) = (self.clone(), self.0.borrow().notice.clone());
        Options {
            audio: Box::new(move |_wake| Box::new(audio)),
            models: Arc::new(models),
            sample: Some(Sample {
                sound: b"RIFF",
                question: "general-introduction",
            }),
            notice: Box::new(|| notice),
            raise: None,
            show_in_folder: Arc::new({
                let shown = self.0.borrow().shown.clone();
                move |path| {
                    shown.lock().unwrap().push(path.to_owned());
                    if path.exists() {
                        Ok(())
                    } else {
                        Err(format!("{} is no longer there.", path.display()))
                    }
                }
            }),
            seed: 1,
            welcomes: self.0.borrow().welcomes,
        }
    }
}

impl AudioBackend for Scripted {
    fn send(&mut self, command: Command) {
        let mut script = self.0.borrow_mut();
        let reply = match &command {
            Command::FindMicrophones => {
                Some(Event::Microphones(script.microphones.clone().unwrap_or_else(|| {
                    vec!["USB Mic".into(), "Built-in Audio Analog Stereo".into()]
                })))
            }
            Command::Listen(name) => {
                script.events.push(Event::Heard {
                    microphone: name.clone().unwrap_or("USB Mic".into()),
                });
                Some(Event::Level { step: 9, speech: true })
            }
            Command::LoadModel(model) if script.missing_model => {
                Some(Event::Model(ModelState::Missing { model: model.clone() }))
            }
            Command::LoadModel(model) => Some(Event::Model(ModelState::Ready { model: model.clone() })),
            Command::Play { from, playback, .. } => {
                (script.playback, script.second) = (*playback, *from);
                Some(Event::Playing {
                    playback: *playback,
                    second: *from,
                })
            }
            Command::StopPlaying => Some(Event::Played {
                playback: script.playback,
                stopped_at: Some(script.second),
            }),
            Command::ReadAloud(_) => Some(Event::ReadingAloud(true)),
            Command::StopReading => Some(Event::ReadingAloud(false)),
            // Where a take goes, the sound side makes its folder.
            Command::Record(plan) => {
                std::fs::create_dir_all(plan.sound.parent().expect("a take lies in a folder")).unwrap();
                None
            }
            _ => None,
        };
        script.events.extend(reply);
        script.commands.push(command);
    }

    fn drain(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.0.borrow_mut().events)
    }

    fn level(&self) -> Level {
        self.0.borrow().level.unwrap_or(Level {
            rms: -32.0,
            peak: -21.0,
            speech: true,
        })
    }

    fn recording_seconds(&self) -> f64 {
        self.0.borrow().seconds
    }
}

pub fn models() -> Vec<ModelCard> {
    [
        (
            "tiny.en",
            "English. Quick on any laptop; the one to start with.",
            78,
            true,
        ),
        ("base", "A little slower, fewer words misheard.", 148, true),
        (
            "small.en",
            "English. For a fast computer; hears accents and names best.",
            488,
            false,
        ),
        ("tiny", "99 languages. Quick on any laptop.", 78, false),
    ]
    .map(|(name, good_for, megabytes, here)| ModelCard {
        name: name.into(),
        title: match name {
            "tiny.en" => Some("Fast".into()),
            "base" => Some("More accurate".into()),
            "small.en" => Some("Most accurate".into()),
            _ => None,
        },
        good_for: good_for.into(),
        megabytes,
        here,
        work: match name {
            "base" => Some(3.1),
            "small.en" => Some(12.0),
            _ => Some(1.0),
        },
        taught: ["tiny.en", "base"].contains(&name),
        wait_seconds: None,
    })
    .into()
}

/// Words with times: about 150 a minute, a breath at each comma and stop, and "[2.4]" for a silence.
pub fn spoken(text: &str) -> Transcript {
    let mut at = 0.4;
    let mut words = Vec::new();
    for token in text.split_whitespace() {
        if let Some(seconds) = token.strip_prefix('[').and_then(|token| token.strip_suffix(']')) {
            at += seconds.parse::<f64>().expect("a silence is a number");
            continue;
        }
        let length = 0.14 + 0.045 * token.chars().count() as f64;
        let sure = if token == "lateral" { 0.3 } else { 0.93 };
        words.push(Word::spoken(token, Span::new(at, at + length), sure));
        at += length + 0.06;
        if token.ends_with([',', '.']) {
            at += 0.34;
        }
    }
    Transcript { words }
}

/// An answer with all that can be noticed in it.
pub const ANSWER: &str = "So, um, at the hospital I was on the night desk when two accounts kept logging in from the \
    same workstation, and nobody had asked me to look at it. I I pulled the logs from our SIEM and, uh, [2.4] I saw \
    that both accounts had failed logins from an address outside the country. It was basically a phishing case. Somebody \
    had typed their password into a fake page, and there was no MFA on those accounts yet. I think that was the, um, the \
    main problem. I called the analyst on duty, we disabled both accounts, and we we checked the workstation for lateral \
    movement. You know, we did not find any. [2.1] After that I wrote the playbook for this kind of alert, because there \
    was no playbook before, and I showed the night team how to use the playbook. In the end the time from alert to \
    answer went from forty minutes to about twelve. What I learned is to write things down while they are fresh, and to \
    ask for a second pair of eyes early.";
