//! What a window manager is told. There is none on a desk; this one looks on, and does nothing.

use std::time::{Duration, Instant};

use x11rb::{
    CURRENT_TIME, NONE,
    connection::Connection as _,
    properties::WmHints,
    protocol::{
        Event,
        xproto::{ChangeWindowAttributesAux, ConnectionExt as _, EventMask, InputFocus},
    },
    rust_connection::RustConnection,
};

#[derive(Debug)]
pub struct Manager {
    display: RustConnection,
    /// The message with which a window asks to be the active one.
    activate: u32,
}

impl Manager {
    pub fn new(number: &str) -> Self {
        let (display, screen) = x11rb::connect(Some(number)).unwrap();
        let root = display.setup().roots[screen].root;
        let messages = ChangeWindowAttributesAux::new().event_mask(EventMask::SUBSTRUCTURE_NOTIFY);
        let watches = display.change_window_attributes(root, &messages).unwrap();
        watches.check().unwrap();
        let activate = display.intern_atom(false, b"_NET_ACTIVE_WINDOW").unwrap();
        let activate = activate.reply().unwrap().atom;
        Self { display, activate }
    }

    /// No window has the keyboard any more.
    pub fn take_focus_away(&self) {
        let taken = self.display.set_input_focus(InputFocus::NONE, NONE, CURRENT_TIME);
        taken.unwrap().check().unwrap();
    }

    /// Waits until a window asks to be the active one. Gives its number.
    pub fn wait_for_activation(&self, patience: Duration) -> u32 {
        const GLANCE: Duration = Duration::from_millis(20);
        let begun = Instant::now();
        loop {
            match self.display.poll_for_event().unwrap() {
                Some(Event::ClientMessage(message)) if message.type_ == self.activate => return message.window,
                Some(_) => {}
                None => std::thread::sleep(GLANCE),
            }
            assert!(begun.elapsed() < patience, "no window asks to be the active one");
        }
    }

    /// Whether a window asks to be looked at.
    pub fn is_urgent(&self, window: u32) -> bool {
        let hints = WmHints::get(&self.display, window).unwrap().reply().unwrap();
        hints.is_some_and(|hints| hints.urgent)
    }
}
