//! Starting something: an interview, one question, the sample answer, a saved interview, a recording that was found.

use std::path::PathBuf;

use super::{App, load};
use crate::{
    interview::{
        Interview, Practice, Turn, VoiceOrSample,
        draw::{self, Wish},
        posting,
    },
    question::Question,
    take::{FoundTake, Take},
    ui::{Screen, ViewModel, action::StartAction, view_model::Notice},
};

/// The ids of interviews that show the sample answer begin so: what a crash leaves of one is nobody's recording.
const SAMPLE_PREFIX: &str = "sample-";

impl App {
    /// Starts it, unless an interview is open that cannot be left now. What draws questions waits until they are read.
    pub(super) fn handle_start_action(&mut self, action: StartAction) {
        if draws_questions(&action) && self.view.bank.fields.is_empty() {
            self.workers.awaited = Some(action);
            return;
        }
        if self
            .view
            .practice
            .as_ref()
            .is_some_and(|practice| !practice.can_leave())
        {
            self.enter(Screen::Practice);
            return;
        }
        self.leave_interview();
        self.start(action);
        if self.view.screen == Screen::Practice {
            self.ask_new_question();
        }
    }

    fn start(&mut self, action: StartAction) {
        let field = self.view.field().map(|field| field.id.clone()).unwrap_or_default();
        let seed = self.seed;
        self.seed = seed.wrapping_add(1);
        let fields = &self.view.bank.fields;
        match action {
            StartAction::Interview => {
                let length = self.view.settings.length.clamp(1, draw::LONGEST);
                let wish = Wish {
                    length: length.into(),
                    ..wish(&self.view, &field)
                };
                let turns = draw::interview(fields, &wish, &mut self.memory, seed);
                self.save_memory();
                self.open(field, turns);
            }
            StartAction::OneQuestion => {
                let turn = draw::single(fields, &wish(&self.view, &field), &mut self.memory, seed);
                self.save_memory();
                self.open(field, turn.into_iter().collect());
            }
            StartAction::Question(id) => {
                let question = self.view.bank.question(&id).map(|(_, question)| question.clone());
                self.open(field, question.map(Turn::new).into_iter().collect());
            }
            StartAction::Topic(topic) => {
                let of_topic = |question: &&Question| question.topic == topic;
                let turns = self.view.field().map_or_else(Vec::new, |field| {
                    field
                        .questions
                        .iter()
                        .filter(of_topic)
                        .cloned()
                        .map(Turn::new)
                        .collect()
                });
                self.open(field, turns);
            }
            StartAction::Sample => self.extract_sample(),
            StartAction::Posting => {
                if let Some(found) = self.view.prepare.posting.clone() {
                    let turns = posting::interview(&found, fields, &mut self.memory, seed);
                    self.save_memory();
                    self.open(found.field, turns);
                    if let Some(practice) = &mut self.view.practice {
                        practice.interview.title = found.title;
                    }
                }
            }
            StartAction::PastInterview(id) => self.open_past(&id),
            StartAction::FoundTake(sound) => self.recover(&sound, field),
        }
    }

    /// Opens a new interview of these questions.
    fn open(&mut self, field: String, turns: Vec<Turn>) {
        if turns.is_empty() {
            return self.notify(Notice::Error(
                "This field has no questions to ask. Choose another one.".into(),
            ));
        }
        let now = self.view.now;
        let stamp = now.strftime("%Y-%m-%d-%H%M%S");
        let id = format!("{stamp}-{:03}", now.subsec_millisecond());
        self.show(Practice::new(Interview {
            turns,
            ..Interview::new(id, field, now, Vec::new())
        }));
    }

    fn show(&mut self, practice: Practice) {
        self.view.practice = Some(practice);
        self.enter(Screen::Practice);
        self.view.answer.show_question_alone();
        self.timers.jumped_to = None;
        self.observe();
    }

    fn extract_sample(&mut self) {
        if let Some(sample) = self.sample {
            let reader = load::extract_sample(&self.store, sample.sound, &self.wake);
            self.workers.loading.push(reader);
        }
    }

    /// Opens the sample answer, now that it can be played.
    pub(super) fn begin_sample(&mut self, sound: Result<PathBuf, String>) {
        let Some(sample) = self.sample else {
            return;
        };
        let sound = match sound {
            Ok(sound) => sound,
            Err(message) => return self.notify(Notice::Error(message)),
        };
        // Something else was begun meanwhile.
        if self.view.practice.is_some() {
            return;
        }
        let field = self.view.field().map(|field| field.id.clone()).unwrap_or_default();
        let found = self
            .view
            .bank
            .question(sample.question)
            .map(|(field, question)| (field.id.clone(), question.clone()));
        let (field, question) = found.unwrap_or_else(|| (field, bare_question("sample", "A sample answer")));
        self.open(field, vec![Turn::new(question)]);
        if let Some(practice) = &mut self.view.practice {
            practice.interview.sample = true;
            practice.interview.id.insert_str(0, SAMPLE_PREFIX);
            practice.source = VoiceOrSample::Sample(sound.clone());
        }
        self.record(self.view.now);
        // It is heard while its words appear.
        self.start_playing(sound, 0.0);
    }

    fn open_past(&mut self, id: &str) {
        let Some(past) = self.view.history.past.find(id) else {
            return;
        };
        let mut practice = Practice::new(Interview::clone(past));
        practice.take_up(self.navigation.left_at(id));
        self.show(practice);
    }

    /// Transcribes a recording that a crash left behind: with its question, where its file name still leads to it.
    fn recover(&mut self, sound: &std::path::Path, field: String) {
        let Some(found) = self
            .view
            .history
            .found
            .iter()
            .find(|found| found.sound == sound)
            .cloned()
        else {
            return;
        };
        self.view.history.found.retain(|other| other.sound != sound);
        let take = Take {
            sound: found.sound.clone(),
            seconds: found.seconds,
            ..Take::default()
        };
        let name = take_name(&found);
        let known = name.as_ref().and_then(|(id, turn)| {
            let interview = self.view.history.past.find(id)?;
            (*turn < interview.turns.len()).then(|| (Interview::clone(interview), *turn))
        });
        let turn = if let Some((interview, turn)) = known {
            self.show(Practice::new(interview));
            turn
        } else {
            self.open(
                field,
                vec![Turn::new(bare_question("found", "A recording that was found"))],
            );
            0
        };
        if let Some(practice) = &mut self.view.practice {
            let glossary = practice
                .interview
                .turns
                .get(turn)
                .map(|turn| turn.question.job_terms.clone())
                .unwrap_or_default();
            let commands = practice.recover(turn, take, found.recorded, glossary);
            self.send_all(commands);
            self.saves.interview_changed = true;
            self.save_interview();
        }
    }
}

/// Whether it is a recording of the sample answer.
pub(super) fn is_sample(found: &FoundTake) -> bool {
    let name = found.sound.file_name().map(|name| name.to_string_lossy());
    name.is_some_and(|name| name.starts_with(SAMPLE_PREFIX))
}

/// What is drawn for, as the settings say.
fn wish<'a>(view: &'a ViewModel, field: &'a str) -> Wish<'a> {
    Wish {
        role: view.role(),
        seniority: view.settings.seniority,
        ..Wish::of(field)
    }
}

/// Whether it needs the questions of the bank.
const fn draws_questions(action: &StartAction) -> bool {
    match action {
        StartAction::Interview
        | StartAction::OneQuestion
        | StartAction::Question(_)
        | StartAction::Topic(_)
        | StartAction::Sample
        | StartAction::Posting => true,
        StartAction::PastInterview(_) | StartAction::FoundTake(_) => false,
    }
}

/// A placeholder for the question of a recording.
fn bare_question(id: &str, prompt: &str) -> Question {
    Question {
        id: id.into(),
        prompt: prompt.into(),
        ..Question::default()
    }
}

/// The interview and the index of the question in a take's file name: "ID-q2-t1-140532.wav".
fn take_name(found: &FoundTake) -> Option<(String, usize)> {
    let stem = found.sound.file_stem()?.to_str()?;
    let (rest, _) = stem.rsplit_once("-t")?;
    let (id, number) = rest.rsplit_once("-q")?;
    let number: usize = number.parse().ok()?;
    Some((id.to_owned(), number.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn a_takes_name_leads_back_to_its_question() {
        let found = |name: &str| FoundTake {
            sound: format!("/takes/{name}.wav").into(),
            recorded: Timestamp::UNIX_EPOCH,
            seconds: 2.0,
        };
        assert_eq!(
            take_name(&found("2026-11-20-140201-123-q2-t1")),
            Some(("2026-11-20-140201-123".into(), 1))
        );
        assert_eq!(
            take_name(&found("2026-11-20-140201-123-q3-t1-140532")),
            Some(("2026-11-20-140201-123".into(), 2))
        );
        assert_eq!(take_name(&found("something")), None);
        assert_eq!(take_name(&found("a-q0-t1")), None);
    }
}
