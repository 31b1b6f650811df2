//! The app as a test has it: driven by what stands on its screens.

#![allow(dead_code, reason = "each test uses a part of it")]

use crate::scripted::{ANSWER, Scripted, spoken};
use aloud::{
    app::App,
    protocol::{Event, Failure, Task},
    store::Store,
};
use eframe::egui::{Key, accesskit::Role};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};

/// The app in a window that nobody sees, with a sound side that says what a test tells it to.
pub struct Room {
    pub harness: Harness<'static, App>,
    pub audio: Scripted,
    pub folder: tempfile::TempDir,
}

impl Room {
    pub fn new() -> Self {
        Self::in_folder(tempfile::tempdir().unwrap(), Scripted::default())
    }

    pub fn in_folder(folder: tempfile::TempDir, audio: Scripted) -> Self {
        let (data, script) = (folder.path().to_owned(), audio.clone());
        let harness = Harness::builder().with_size([1280.0, 800.0]).build_eframe(move |cc| {
            let store = Store::open(Some(data.clone())).unwrap();
            let mut app = App::new(&cc.egui_ctx, store, script.options());
            app.settle();
            app
        });
        let mut room = Self { harness, audio, folder };
        room.steps();
        room
    }

    /// The window is closed and opened again.
    pub fn again(mut self) -> Self {
        // What was written has settled, and is saved.
        self.harness.run_steps(10);
        let Self { harness, folder, .. } = self;
        drop(harness);
        Self::in_folder(folder, Scripted::default())
    }

    /// A few frames, the last of them with all that was read, saved or deleted meanwhile.
    pub fn steps(&mut self) {
        self.harness.run_steps(3);
        self.harness.state_mut().settle();
        // What is laid over the rest is measured in one frame and shown in the next.
        self.harness.run_steps(2);
    }

    pub fn click(&mut self, label: &str) {
        // A row's own words are labels too: what is pressed is the control of that name.
        let control = |node: &egui_kittest::Node<'_>| node.accesskit_node().role() != Role::Label;
        let find = |room: &Self| {
            room.harness
                .get_all_by_label(label)
                .find(control)
                .map(|node| node.scroll_to_me())
        };
        assert!(find(self).is_some(), "no control is called {label}");
        self.steps();
        self.harness.get_all_by_label(label).find(control).unwrap().click();
        self.steps();
    }

    /// Writes into the field of this name.
    pub fn write(&mut self, field: &str, text: &str) {
        self.harness.get_by_label(field).focus();
        self.steps();
        self.harness.get_by_label(field).type_text(text);
        self.steps();
    }

    pub fn press(&mut self, key: Key) {
        self.harness.key_press(key);
        self.steps();
    }

    pub fn say(&mut self, event: Event) {
        self.audio.say(event);
        self.steps();
    }

    /// This second of what is played is heard now.
    pub fn playing(&mut self, second: f64) {
        self.audio.playing(second);
        self.steps();
    }

    /// The first sample of the take is there.
    pub fn started(&mut self) {
        self.audio.started();
        self.steps();
    }

    pub fn fail(&mut self, task: Task, failure: Failure) {
        self.say(Event::Failed { task, failure });
    }

    pub fn shows(&self, text: &str) -> bool {
        // Most of what is shown has curly quotes; names that only a screen reader tells are as they are written.
        let curly = aloud::ui::widgets::text::curly(text);
        [text, &curly]
            .into_iter()
            .any(|text| self.harness.query_all_by_label_contains(text).next().is_some())
    }

    pub fn app(&self) -> &App {
        self.harness.state()
    }

    /// The question as it stands on screen.
    pub fn prompt(&self) -> String {
        let asked = self.app().view.practice.as_ref().unwrap().turn().unwrap().asked();
        aloud::ui::widgets::text::curly(asked).into_owned()
    }

    /// Practices a question of five, as the next thing.
    pub fn start(&mut self) {
        self.click("Start a practice interview");
    }

    pub fn answer_aloud(&mut self) {
        self.press(Key::Space);
        self.press(Key::Space);
        self.audio.finish(spoken(ANSWER));
        self.steps();
    }
}
