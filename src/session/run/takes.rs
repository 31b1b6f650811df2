//! Takes: recorded, stopped, and their words from the transcriber.

use std::time::{Duration, Instant};

use super::{Conductor, Message, Work};
use crate::{
    listener::{
        self, PreRoll,
        feed::{self, Speed},
        wav::WavFile,
    },
    recognizer::live::Settings,
    session::{
        Event, Source, TakePlan,
        transcriber::{self, Plan, Transcriber},
    },
    store::take_file,
    take::Take,
};

/// So long what was read aloud may still be in what the microphone heard: longer than what a take keeps from before
/// its beginning.
const READ_ECHO: Duration = Duration::from_millis(600);

impl Conductor {
    pub(super) fn record(&mut self, plan: TakePlan) {
        if self.work.as_ref().is_some_and(|work| work.take.is_none()) {
            return self.trouble("A take is being recorded already. Stop it first.");
        }
        self.work = None;
        self.playback = None;
        self.stop_reading();
        let mut source = None;
        let file = match &plan.source {
            Source::Microphone => None,
            Source::File(path) => Some((path, Speed::RealTime)),
            Source::FileAtOnce(path) => Some((path, Speed::Full)),
        };
        if let Some((path, speed)) = file {
            let begun = WavFile::open(path)
                .map_err(|error| error.to_string())
                .and_then(|wav| feed::feed(wav, speed).map_err(|error| error.to_string()));
            match begun {
                Ok((feed, outlet)) => {
                    self.feed = Some(feed);
                    source = Some(outlet);
                }
                Err(says) => return self.trouble(says),
            }
        } else if self.microphone.is_none() {
            self.listen(self.asked_microphone.clone().flatten());
        }
        let (file, sound) = match take_file::create(&plan.sound) {
            Ok(made) => made,
            Err(error) => {
                self.feed = None;
                return self.trouble(format!(
                    "The recording {} could not be made: {error}. Free some space, or choose another data folder.",
                    plan.sound.display()
                ));
            }
        };
        // What was read aloud a moment ago belongs to no answer.
        let echoes = self.read_until.is_some_and(|ended| ended.elapsed() < READ_ECHO);
        let pre_roll = if source.is_some() || echoes {
            PreRoll::None
        } else {
            PreRoll::Keep
        };
        self.listener.begin(file, pre_roll, source);
        let live = !matches!(plan.source, Source::FileAtOnce(_));
        self.begin_work(Work {
            plan,
            sound,
            live,
            begun: None,
            take: None,
            transcriber: None,
            discard: false,
        });
    }

    pub(super) fn transcribe(&mut self, plan: TakePlan) {
        if self.work.as_ref().is_some_and(|work| work.take.is_none()) {
            return self.trouble("A take is being recorded. Stop it first.");
        }
        self.work = None;
        let sound = match take_file::open(&plan.sound) {
            Ok(sound) => sound,
            Err(error) => {
                return self.trouble(format!(
                    "The recording {} could not be read: {error}. Listen to it with another program.",
                    plan.sound.display()
                ));
            }
        };
        let seconds = sound.len() as f64 / f64::from(crate::take::RATE);
        let take = Take {
            sound: plan.sound.clone(),
            seconds,
            lost_samples: 0,
            gaps: Vec::new(),
        };
        let take = Some(take);
        self.begin_work(Work {
            plan,
            sound,
            live: false,
            begun: None,
            take,
            transcriber: None,
            discard: false,
        });
    }

    fn begin_work(&mut self, work: Work) {
        self.work_number += 1;
        self.work = Some(work);
        self.begin_to_transcribe();
    }

    /// Starts the transcriber as soon as there is both something to transcribe and a model.
    pub(super) fn begin_to_transcribe(&mut self) {
        let Some((_, ears)) = &self.model else { return };
        let Some(work) = &mut self.work else { return };
        if work.transcriber.is_some() || work.discard {
            return;
        }
        let plan = Plan {
            glossary: work.plan.glossary.join(", "),
            live: work.live,
            settings: policy(),
            patience: transcriber::PATIENCE,
        };
        let number = self.work_number;
        let own = self.own.clone();
        let started = Transcriber::start(work.sound.clone(), ears.as_ref(), plan, move |told| {
            // Nobody reads it only when the session is over.
            let _ = own.send(Message::Transcriber(number, told));
        });
        match started {
            Ok(transcriber) => {
                if work.take.is_some() {
                    transcriber.finish();
                }
                work.transcriber = Some(transcriber);
            }
            Err(error) => self.trouble(error.to_string()),
        }
    }

    pub(super) fn stop(&mut self, discard: bool) {
        if let Some(work) = &mut self.work {
            work.discard = discard;
            if discard {
                work.transcriber = None;
            }
        }
        self.listener.end();
    }

    pub(super) fn listener_told(&mut self, told: listener::Told) {
        match told {
            listener::Told::Begun => {
                if let Some(work) = &mut self.work {
                    work.begun = Some(Instant::now());
                }
                self.outbox.push(Event::Started);
            }
            listener::Told::SourceEnded => {
                if self.feed.is_some() {
                    self.listener.end();
                }
            }
            listener::Told::CannotWrite(error) => self.trouble(format!(
                "The recording cannot be written: {error}. It is kept in memory and written as soon as that works: \
                 free some space on the disk."
            )),
            listener::Told::Ended(take) => self.take_ended(take),
        }
    }

    fn take_ended(&mut self, take: Take) {
        if self.feed.take().is_some()
            && let Some(name) = self.asked_microphone.clone()
        {
            self.microphones.open(name);
        }
        let Some(work) = &mut self.work else { return };
        if work.discard {
            self.work = None;
            if let Err(error) = take_file::delete(&take.sound) {
                self.trouble(format!(
                    "The recording {} could not be deleted: {error}.",
                    take.sound.display()
                ));
            }
            return;
        }
        work.take = Some(take.clone());
        if let Some(transcriber) = &work.transcriber {
            transcriber.finish();
        }
        self.outbox.push(Event::Stopped(take));
    }

    pub(super) fn transcriber_told(&mut self, told: transcriber::Told) {
        let Some(work) = &mut self.work else { return };
        match told {
            transcriber::Told::Moved(mut update) => {
                if let Some(begun) = work.begun {
                    update.at = begun.elapsed().as_secs_f64();
                }
                self.outbox.push(Event::Words(update));
            }
            transcriber::Told::Done { transcript, pace } => {
                let model = self.model.as_ref().map_or_else(String::new, |(name, _)| name.clone());
                let Some(take) = work.take.clone() else { return };
                self.work = None;
                if let Some(pace) = pace {
                    self.outbox.push(Event::Paced {
                        model: model.clone(),
                        pace,
                    });
                }
                self.outbox.push(Event::Transcribed {
                    take,
                    transcript,
                    model,
                });
            }
            transcriber::Told::Failed(error, transcript) => {
                self.trouble(error.to_string());
                let model = self.model.as_ref().map_or_else(String::new, |(name, _)| name.clone());
                if let Some(work) = self.work.take()
                    && let Some(take) = work.take
                    && !transcript.words.is_empty()
                {
                    self.outbox.push(Event::Transcribed {
                        take,
                        transcript,
                        model,
                    });
                }
            }
        }
    }
}

/// The live policy, with what the environment changes of it: so are variants of it measured.
fn policy() -> Settings {
    let Ok(changes) = std::env::var("ALOUD_POLICY") else {
        return Settings::default();
    };
    Settings::changed(&changes).unwrap_or_else(|error| {
        log::error!("ALOUD_POLICY: {error}.");
        Settings::default()
    })
}
