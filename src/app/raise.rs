//! Brings the window to the front, when a second start asks for it.

use eframe::egui::{self, UserAttentionType, ViewportCommand, ViewportId};

use super::App;
use crate::single_instance::RaiseRequests;

impl App {
    /// Does what second starts have asked for. Where the system does not let a window take the focus, its place among
    /// the open ones is marked until it gets the focus.
    pub(super) fn come_forward(&mut self, ctx: &egui::Context) {
        let focused = ctx.input(|input| input.focused);
        let send = |command| ctx.send_viewport_cmd_to(ViewportId::ROOT, command);
        if self.foreground.attention_requested && focused {
            send(ViewportCommand::RequestUserAttention(UserAttentionType::Reset));
            self.foreground.attention_requested = false;
        }
        while let Some(request) = self.foreground.raise.as_ref().and_then(RaiseRequests::next) {
            send(ViewportCommand::Minimized(false));
            send(ViewportCommand::Focus);
            if !focused {
                send(ViewportCommand::RequestUserAttention(UserAttentionType::Informational));
                self.foreground.attention_requested = true;
            }
            request.done();
        }
    }
}
