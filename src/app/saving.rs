//! What the app asks of the disk, and how that ends: see [`super::disk`].

use std::sync::Arc;

use eframe::egui;

use super::{
    App,
    disk::{DeletionProgress, DiskJob, DiskNews, JobResult, RecordingsRemoved},
    load,
    unsaved::{Document, Save, Unsaved},
};
use crate::{
    interview::Interview,
    ui::{
        status::{Deleting, NotSaved},
        view_model::{Confirmation, Notice},
        widgets::text,
    },
};

impl App {
    /// Asks the disk to save the open interview, and puts it into the history.
    pub(super) fn save_interview(&mut self) {
        if !std::mem::take(&mut self.saves.interview_changed) {
            return;
        }
        let Some(practice) = &self.view.practice else {
            return;
        };
        if practice.interview.sample {
            return;
        }
        let interview = Arc::new(practice.interview.clone());
        if !interview.is_empty() {
            self.view.history.past.put(Arc::clone(&interview));
        }
        self.saves.disk.queue().save(Save::Interview(interview));
    }

    pub(super) fn save_research_notes(&mut self) {
        if std::mem::take(&mut self.saves.notes_changed) {
            let sheet = Box::new(self.view.prepare.notes.clone());
            self.saves.disk.queue().save(Save::ResearchNotes(sheet));
        }
    }

    pub(super) fn save_settings(&mut self) {
        if !self.saves.settings_broken {
            let settings = Box::new(self.view.settings.clone());
            self.saves.disk.queue().save(Save::Settings(settings));
        }
    }

    pub(super) fn save_memory(&mut self) {
        self.view.asked_again = self.memory.asked_again();
        self.saves.disk.queue().save(Save::DrawMemory(self.memory.clone()));
    }

    /// Asks the disk for something else than saving; whether it will do it.
    pub(super) fn queue_disk_job(&mut self, job: DiskJob) -> bool {
        let asked = self.saves.disk.queue().ask(job);
        if let Err(error) = &asked {
            self.notify(Notice::Error(error.to_string()));
        }
        asked.is_ok()
    }

    /// Takes the results of what was asked.
    pub(super) fn handle_disk_news(&mut self, ctx: &egui::Context) {
        let DiskNews {
            unsaved,
            progress,
            marked,
            ended,
        } = self.saves.disk.news();
        if let Some(unsaved) = unsaved {
            self.note_unsaved(unsaved);
        }
        if let Some(progress) = progress {
            self.view.attention.deleting = match progress {
                DeletionProgress::Deleted { done, total } => Some(Deleting { done, total }),
                DeletionProgress::Over => None,
            };
        }
        for marked in marked {
            self.mark_deleted(marked);
        }
        for ended in ended {
            self.handle_job_result(ended, ctx);
        }
        self.name_unsaved();
        if self.saves.disk.has_news() {
            ctx.request_repaint();
        }
    }

    fn note_unsaved(&mut self, unsaved: Vec<Unsaved>) {
        if unsaved.is_empty() && !self.saves.unsaved.is_empty() {
            self.notify(Notice::Done("Everything is saved again.".into()));
            if self.view.attention.confirmation == Some(Confirmation::CloseUnsaved) {
                self.view.attention.confirmation = None;
            }
        }
        self.saves.unsaved = unsaved;
    }

    /// Names what is not saved. Which interview is "this interview" changes with what is open.
    fn name_unsaved(&mut self) {
        let Some(first) = self.saves.unsaved.first() else {
            self.view.attention.not_saved = None;
            return;
        };
        let open = self.view.interview().map(|interview| interview.id.as_str());
        let not_saved = NotSaved {
            what: what(&self.saves.unsaved, open),
            why: first.why.clone(),
        };
        if self.view.attention.not_saved.as_ref() != Some(&not_saved) {
            self.view.attention.not_saved = Some(not_saved);
        }
    }

    /// Recordings of an interview are gone: its newest state knows it too.
    fn mark_deleted(&mut self, marked: RecordingsRemoved) {
        let RecordingsRemoved { before, after, sounds } = marked;
        let note = |interview: &mut Interview| {
            for attempt in interview.turns.iter_mut().flat_map(|turn| &mut turn.attempts) {
                let gone = attempt.playable().is_some_and(|take| sounds.contains(&take.sound));
                attempt.sound_deleted |= gone;
            }
        };
        if let Some(open) = self.view.practice.as_mut().filter(|open| open.interview.id == after.id) {
            note(&mut open.interview);
        }
        let Some(listed) = self.view.history.past.find(&after.id) else {
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
        self.view.history.past.replace(newest);
    }

    fn handle_job_result(&mut self, ended: JobResult, ctx: &egui::Context) {
        let message = match ended {
            JobResult::Deleted(Ok(())) | JobResult::RecordingsDeleted(Ok(())) => return,
            JobResult::AllRecordingsDeleted(Ok(())) => Ok("All recordings were deleted.".into()),
            JobResult::AllDeleted(Ok(())) => Ok("Everything was deleted.".into()),
            JobResult::Exported(result) => return self.finish_export(result),
            JobResult::SoundExported(result) => return self.tell_export(result),
            JobResult::ExportTaken(job, path) => return self.ask_to_replace(job, path),
            JobResult::Composed(Ok(text)) => {
                ctx.copy_text(text);
                Ok("Copied.".into())
            }
            JobResult::OwnQuestionsSaved => {
                if !self.holds_own_questions() {
                    self.saves.own_questions = None;
                }
                self.workers
                    .loading
                    .push(load::read_bank_again(&self.store, &self.wake));
                Ok("Your questions were saved.".into())
            }
            JobResult::Deleted(Err(message))
            | JobResult::RecordingsDeleted(Err(message))
            | JobResult::AllRecordingsDeleted(Err(message))
            | JobResult::AllDeleted(Err(message))
            | JobResult::Composed(Err(message)) => Err(message),
        };
        self.notify(message.map_or_else(Notice::Error, Notice::Done));
    }

    /// Asks before the window is closed while something is not saved: it would be lost.
    pub(super) fn confirm_closing(&mut self, ctx: &egui::Context) {
        let close_requested = ctx.input(|input| input.viewport().close_requested());
        if close_requested && !self.saves.unsaved.is_empty() && !self.saves.closes_anyway {
            ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
            self.view.attention.confirmation = Some(Confirmation::CloseUnsaved);
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
            Document::ResearchNotes => "your preparation",
            Document::Settings => "your settings",
            Document::OwnQuestions | Document::OwnDraft => "your own questions",
            Document::DrawMemory => "the list of questions you have had",
        };
        Some(name.to_owned())
    }));
    // Two documents may have one name.
    names.dedup();
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
                vec![interview("a"), Document::ResearchNotes, Document::Settings],
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
