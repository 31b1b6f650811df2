//! What the app has the disk do, and what it hears of it: see [`super::disk`].

use std::sync::Arc;

use eframe::egui;

use super::{
    App,
    disk::{Ended, Job, Marked, News, Progress},
    opening,
    unsaved::{Document, Save, Unsaved},
};
use crate::{
    interview::Interview,
    ui::{
        scene::{Asked, Notice},
        status::{Deleting, NotSaved},
        widgets::text,
    },
};

impl App {
    /// Has the open interview put on disk, and puts it in the list of those that were.
    pub(super) fn save_interview(&mut self) {
        if !std::mem::take(&mut self.changed) {
            return;
        }
        let Some(interview) = &self.scene.interview else {
            return;
        };
        let interview = Arc::new(interview.clone());
        if !interview.is_empty() {
            self.scene.past.put(Arc::clone(&interview));
        }
        self.disk.queue().save(Save::Interview(interview));
    }

    pub(super) fn save_sheet(&mut self) {
        if std::mem::take(&mut self.sheet_changed) {
            let sheet = Box::new(self.scene.sheet.clone());
            self.disk.queue().save(Save::Sheet(sheet));
        }
    }

    pub(super) fn save_settings(&mut self) {
        if !self.settings_broken {
            let settings = Box::new(self.scene.settings.clone());
            self.disk.queue().save(Save::Settings(settings));
        }
    }

    pub(super) fn save_memory(&mut self) {
        self.disk.queue().save(Save::DrawMemory(self.memory.clone()));
    }

    pub(super) fn save_own(&mut self) {
        let text = self.scene.own.clone();
        self.own_on_its_way = Some(text.clone());
        self.disk.queue().save(Save::OwnQuestions(text));
    }

    /// Has something deleted or written elsewhere.
    pub(super) fn ask_disk(&mut self, job: Job) {
        if let Err(error) = self.disk.queue().ask(job) {
            self.notify(Notice::Trouble(error.to_string()));
        }
    }

    /// Hears what has become of it.
    pub(super) fn hear_disk(&mut self, ctx: &egui::Context) {
        let News {
            unsaved,
            progress,
            marked,
            ended,
        } = self.disk.news();
        if let Some(unsaved) = unsaved {
            self.note_unsaved(unsaved);
        }
        if let Some(progress) = progress {
            self.scene.deleting = match progress {
                Progress::Deleted { done, total } => Some(Deleting { done, total }),
                Progress::Over => None,
            };
        }
        for marked in marked {
            self.mark(marked);
        }
        for ended in ended {
            self.hear_ended(ended);
        }
        self.name_unsaved();
        if self.disk.has_news() {
            ctx.request_repaint();
        }
    }

    fn note_unsaved(&mut self, unsaved: Vec<Unsaved>) {
        if unsaved.is_empty() && !self.unsaved.is_empty() {
            self.notify(Notice::Done("Everything is saved again.".into()));
            if self.scene.asked == Some(Asked::CloseUnsaved) {
                self.scene.asked = None;
            }
        }
        self.unsaved = unsaved;
    }

    /// Says what is not saved. Which interview "this" one is changes with what is open.
    fn name_unsaved(&mut self) {
        let Some(first) = self.unsaved.first() else {
            self.scene.not_saved = None;
            return;
        };
        let open = self.scene.interview.as_ref().map(|interview| interview.id.as_str());
        let not_saved = NotSaved {
            what: what(&self.unsaved, open),
            why: first.why.clone(),
        };
        if self.scene.not_saved.as_ref() != Some(&not_saved) {
            self.scene.not_saved = Some(not_saved);
        }
    }

    /// Recordings of an interview are gone: its newest state knows it too.
    fn mark(&mut self, marked: Marked) {
        let Marked { before, after, sounds } = marked;
        let note = |interview: &mut Interview| {
            for attempt in interview.turns.iter_mut().flat_map(|turn| &mut turn.attempts) {
                let gone = attempt.playable().is_some_and(|take| sounds.contains(&take.sound));
                attempt.sound_deleted |= gone;
            }
        };
        if let Some(open) = self.scene.interview.as_mut().filter(|open| open.id == after.id) {
            note(open);
        }
        let Some(listed) = self.scene.past.find(&after.id) else {
            return;
        };
        // Most have not changed meanwhile.
        let newest = if Arc::ptr_eq(listed, &before) {
            after
        } else {
            let mut newest = Interview::clone(listed);
            note(&mut newest);
            Arc::new(newest)
        };
        self.scene.past.replace(newest);
    }

    fn hear_ended(&mut self, ended: Ended) {
        let says = match ended {
            Ended::Deleted(Ok(())) | Ended::RecordingsDeleted(Ok(())) => return,
            Ended::AllRecordingsDeleted(Ok(())) => Ok("All recordings are deleted.".into()),
            Ended::AllDeleted(Ok(())) => Ok("Everything is deleted.".into()),
            Ended::Exported(Ok(path)) => Ok(format!("Saved as {}", path.display())),
            Ended::OwnQuestionsSaved => {
                self.own_on_its_way = None;
                self.loading.push(opening::read_bank_again(&self.store, &self.wake));
                Ok("Your questions are saved.".into())
            }
            Ended::Deleted(Err(says))
            | Ended::RecordingsDeleted(Err(says))
            | Ended::AllRecordingsDeleted(Err(says))
            | Ended::AllDeleted(Err(says))
            | Ended::Exported(Err(says)) => Err(says),
        };
        self.notify(says.map_or_else(Notice::Trouble, Notice::Done));
    }

    /// Whoever closes the window while something cannot be saved is asked first: it would be lost.
    pub(super) fn mind_closing(&mut self, ctx: &egui::Context) {
        let asked = ctx.input(|input| input.viewport().close_requested());
        if asked && !self.unsaved.is_empty() && !self.closes_anyway {
            ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
            self.scene.asked = Some(Asked::CloseUnsaved);
        }
    }
}

/// "this interview and your settings"
fn what(unsaved: &[Unsaved], open: Option<&str>) -> String {
    let others = |unsaved: &&Unsaved| matches!(&unsaved.document, Document::Interview(id) if Some(id.as_str()) != open);
    let mut names = Vec::new();
    let open_too = unsaved
        .iter()
        .any(|unsaved| matches!(&unsaved.document, Document::Interview(id) if Some(id.as_str()) == open));
    if open_too {
        names.push("this interview".to_owned());
    }
    match unsaved.iter().filter(others).count() {
        0 => {}
        1 if open_too => names.push("another one".to_owned()),
        1 => names.push("an interview".to_owned()),
        more => names.push(text::count(more, "interview", "interviews")),
    }
    names.extend(unsaved.iter().filter_map(|unsaved| {
        let name = match &unsaved.document {
            Document::Interview(_) => return None,
            Document::Sheet => "your preparation",
            Document::Settings => "your settings",
            Document::OwnQuestions => "your own questions",
            Document::DrawMemory => "which questions you had",
        };
        Some(name.to_owned())
    }));
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_saved_is_named_as_its_owner_would() {
        let interview = |id: &str| Document::Interview(id.into());
        for (documents, open, expected) in [
            (vec![interview("a")], Some("a"), "this interview"),
            (vec![interview("a")], None, "an interview"),
            (
                vec![interview("a"), interview("b")],
                Some("b"),
                "this interview and another one",
            ),
            (vec![interview("a"), interview("b")], None, "2 interviews"),
            (
                vec![interview("a"), Document::Sheet, Document::Settings],
                Some("a"),
                "this interview, your preparation and your settings",
            ),
        ] {
            let unsaved: Vec<Unsaved> = documents
                .into_iter()
                .map(|document| Unsaved {
                    document,
                    why: String::new(),
                })
                .collect();
            assert_eq!(what(&unsaved, open), expected);
        }
    }
}
