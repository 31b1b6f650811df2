//! A window for one message: why a second start from an icon ends.

use eframe::egui;

use super::{AppError, native_options, run_app};
use crate::{
    settings::Settings,
    ui::{message, theme},
};

struct MessageWindow {
    message: String,
}

/// Opens a small window with this message, and returns when it is closed.
pub fn show_message(message: &str) -> Result<(), AppError> {
    const SIZE: [f32; 2] = [520.0, 260.0];
    let mut native = native_options(SIZE);
    native.viewport = native.viewport.with_min_inner_size([360.0, 200.0]);
    let message = message.to_owned();
    run_app(native, move |ctx| {
        theme::install(ctx);
        theme::apply(ctx, &Settings::default());
        MessageWindow { message }
    })
}

impl eframe::App for MessageWindow {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let read = message::message_ui(ui, &self.message);
        if read || ui.ctx().input(|input| input.key_pressed(egui::Key::Escape)) {
            ui.ctx().send_viewport_cmd(egui::ViewportCommand::Close);
        }
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}
