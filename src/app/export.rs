//! Takes the open interview, or the sound of an answer, out of Aloud: where to, in which form, and what is said of it. Made
//! and written on the disk's thread; how an export looks is [`crate::export`]'s.

use std::{path::PathBuf, sync::mpsc, thread};

use eframe::egui::{self, FontDefinitions, FontFamily};

use super::{
    App,
    disk::{DiskJob, ExportJob, ExportRequest, Exported},
};
use crate::{
    assets::TEXT_FONT,
    export::{self, DocumentLook, Export},
    interview::{Attempt, Phase},
    store::ExportPlace,
    ui::{
        action::ExportAction,
        theme::Tokens,
        view_model::{Confirmation, Notice},
    },
};

/// Shows a path in the system's file manager, or says in a sentence why not. Called on a thread of its own.
pub type ShowInFolder = std::sync::Arc<dyn Fn(&std::path::Path) -> Result<(), String> + Send + Sync>;

/// What is waited for.
pub(super) struct Exports {
    show: ShowInFolder,
    shown: Option<mpsc::Receiver<Result<(), String>>>,
    /// The export whose file is there already, until the person has said whether to write over it.
    taken: Option<Box<ExportJob>>,
}

impl Exports {
    pub(super) fn new(show: ShowInFolder) -> Self {
        Self {
            show,
            shown: None,
            taken: None,
        }
    }
}

impl App {
    pub(super) fn handle_export_action(&mut self, action: ExportAction, ctx: &egui::Context) {
        match action {
            ExportAction::Copy(text) => {
                ctx.copy_text(text);
                self.notify(Notice::Done("Copied.".into()));
            }
            ExportAction::CopyInterview => {
                if let Some(request) = self.export_request() {
                    self.queue_disk_job(DiskJob::CopyInterview(Box::new(request)));
                }
            }
            ExportAction::Save(format) => self.export(format),
            ExportAction::EditPath(path) => {
                let id = self.view.interview().map(|interview| interview.id.clone());
                self.view.export.typed = id.map(|id| (id, path));
            }
            ExportAction::SaveSound => self.save_sound(),
            ExportAction::ShowInFolder(path) => self.show_in_folder(path),
        }
    }

    fn export(&mut self, format: Export) {
        // One after the other: a second press is an accident.
        if self.view.export.running.is_some() {
            return;
        }
        let (Some(request), Some(place)) = (self.export_request(), self.export_place()) else {
            return;
        };
        self.queue_export(Box::new(ExportJob {
            format,
            place,
            request,
            look: document_look(),
        }));
    }

    fn queue_export(&mut self, job: Box<ExportJob>) {
        self.view.export.running = Some(job.format);
        self.view.export.saved = None;
        if !self.queue_disk_job(DiskJob::Export(job)) {
            self.view.export.running = None;
        }
    }

    /// The open interview, with what is known of its answers.
    fn export_request(&self) -> Option<ExportRequest> {
        let practice = self.view.practice.as_ref()?;
        let interview = practice.interview.clone();
        // Elsewhere, these are of other answers.
        let known = if practice.phase == Phase::Review {
            self.view.answer.review.clone()
        } else {
            Vec::new()
        };
        Some(ExportRequest {
            title: self.view.title_of(&interview).to_owned(),
            day: self.view.day(interview.begun),
            interview,
            known,
            bank: self.view.bank.clone(),
        })
    }

    /// Where the open interview goes: the proposed place, or the one that was typed.
    fn export_place(&self) -> Option<ExportPlace> {
        let interview = self.view.interview()?;
        let proposed = self.view.export.proposed(interview, self.view.zone.as_ref());
        let typed = self.view.export.typed_for(interview).map(str::trim);
        Some(match typed.filter(|typed| !typed.is_empty()) {
            Some(typed) if proposed.as_os_str() != typed => ExportPlace::Chosen {
                path: self.store.typed_export(without_ending(typed)),
                replace: false,
            },
            Some(_) | None => ExportPlace::Free(proposed),
        })
    }

    /// Copies the sound of the shown answer to where the person finds it.
    fn save_sound(&mut self) {
        let Some(turn) = self.turn() else { return };
        let Some(take) = turn.attempt().and_then(Attempt::playable) else {
            return;
        };
        let number = self.view.interview().map_or(1, |interview| interview.at + 1);
        let at = turn.attempt().map_or(self.view.now, |attempt| attempt.at);
        let name = format!("Answer {number}, {}", export::stamp(at, self.view.zone.as_ref()));
        let place = ExportPlace::Free(self.view.export.folder.join(name));
        let sound = take.sound.clone();
        self.queue_disk_job(DiskJob::ExportSound { place, sound });
    }

    /// The interview is there, or is not.
    pub(super) fn finish_export(&mut self, result: Result<Exported, String>) {
        self.view.export.running = None;
        if let (Ok(exported), Some(interview)) = (&result, self.view.interview()) {
            self.view.export.saved = Some((interview.id.clone(), exported.path.clone()));
        }
        self.tell_export(result);
    }

    /// Says where something was saved, or why not.
    pub(super) fn tell_export(&mut self, result: Result<Exported, String>) {
        self.notify(match result {
            Ok(Exported { path, remark }) => Notice::Saved { path, remark },
            Err(message) => Notice::Error(message),
        });
    }

    /// A file of the chosen name is there: the person says what becomes of it.
    pub(super) fn ask_to_replace(&mut self, job: Box<ExportJob>, path: PathBuf) {
        self.view.export.running = None;
        self.exports.taken = Some(job);
        self.view.attention.confirmation = Some(Confirmation::ReplaceFile(path));
    }

    pub(super) fn replace_file(&mut self) {
        if let Some(mut job) = self.exports.taken.take() {
            if let ExportPlace::Chosen { replace, .. } = &mut job.place {
                *replace = true;
            }
            self.queue_export(job);
        }
    }

    fn show_in_folder(&mut self, path: PathBuf) {
        let (sender, receiver) = mpsc::sync_channel(1);
        let (show, wake) = (self.exports.show.clone(), self.wake.clone());
        let spawned = thread::Builder::new().name("file manager".into()).spawn(move || {
            // A window that is gone by now needs no answer.
            let _ = sender.send(show(&path));
            wake();
        });
        match spawned {
            Ok(_) => self.exports.shown = Some(receiver),
            Err(error) => self.notify(Notice::Error(format!("No file manager could be opened: {error}."))),
        }
    }

    /// Says why nothing was shown.
    pub(super) fn handle_shown_in_folder(&mut self) {
        let Some(shown) = &self.exports.shown else { return };
        match shown.try_recv() {
            Err(mpsc::TryRecvError::Empty) => {}
            Ok(Err(message)) => {
                self.exports.shown = None;
                self.notify(Notice::Error(message));
            }
            Ok(Ok(())) | Err(mpsc::TryRecvError::Disconnected) => self.exports.shown = None,
        }
    }
}

/// The ending of an export is the button's to say.
fn without_ending(path: &str) -> &str {
    let endings = Export::ALL.into_iter().filter_map(Export::ending);
    let mut stripped = endings.filter_map(|ending| path.strip_suffix(ending)?.strip_suffix('.'));
    stripped.next().filter(|rest| !rest.is_empty()).unwrap_or(path)
}

/// The window's own fonts and light colors.
pub fn document_look() -> DocumentLook {
    let fonts = FontDefinitions::default();
    let names = fonts.families.get(&FontFamily::Proportional);
    let others = names.into_iter().flatten().filter_map(|name| fonts.font_data.get(name));
    let tokens = Tokens::for_dark(false);
    let bytes = |color: egui::Color32| [color.r(), color.g(), color.b()];
    DocumentLook {
        text_font: TEXT_FONT,
        other_fonts: others.map(|font| font.font.clone()).collect(),
        system_fonts: true,
        ink: bytes(tokens.ink),
        soft: bytes(tokens.soft),
        accent: bytes(tokens.accent),
        line: bytes(tokens.line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ending_that_was_typed_makes_way_for_the_one_that_was_pressed() {
        for (typed, expected) in [
            ("/home/a/for Ana.pdf", "/home/a/for Ana"),
            ("for Ana.md", "for Ana"),
            ("Interview 3.2", "Interview 3.2"),
            (".pdf", ".pdf"),
            ("pdf", "pdf"),
        ] {
            assert_eq!(without_ending(typed), expected);
        }
    }
}
