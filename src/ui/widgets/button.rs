//! Buttons: filled for the one next step, quiet for others, outlined for what cannot be taken back, plain for small ones.
//! An icon never appears without its label.

use eframe::egui::{self, Color32, CornerRadius, FontId, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, vec2};
use lucide_icons::Icon;

use super::{focus_ring, text::curly};
use crate::ui::theme::{self, CONTROL, CONTROL_RADIUS, Tokens, size, space};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ButtonStyle {
    Filled,
    Recording,
    Quiet,
    Outlined,
    Plain,
}

/// A button with a label, perhaps an icon before it and a key after it.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is one step of a builder")]
#[must_use = "a button is shown with `show`"]
pub struct Button<'a> {
    label: &'a str,
    icon: Option<Icon>,
    key: Option<&'a str>,
    name: Option<&'a str>,
    style: ButtonStyle,
    enabled: bool,
    chosen: bool,
    tall: bool,
    flush: bool,
}

impl<'a> Button<'a> {
    const fn new(label: &'a str, style: ButtonStyle) -> Self {
        Self {
            label,
            icon: None,
            key: None,
            name: None,
            style,
            enabled: true,
            chosen: false,
            tall: false,
            flush: false,
        }
    }

    /// The one next step of a screen.
    pub const fn filled(label: &'a str) -> Self {
        Self::new(label, ButtonStyle::Filled)
    }

    /// Ends a recording.
    pub const fn recording(label: &'a str) -> Self {
        Self::new(label, ButtonStyle::Recording)
    }

    pub const fn quiet(label: &'a str) -> Self {
        Self::new(label, ButtonStyle::Quiet)
    }

    /// What destroys something: as clear as the filled one, and not as inviting.
    pub const fn outlined(label: &'a str) -> Self {
        Self::new(label, ButtonStyle::Outlined)
    }

    pub const fn plain(label: &'a str) -> Self {
        Self::new(label, ButtonStyle::Plain)
    }

    pub const fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// The key that does the same.
    pub const fn key(mut self, key: &'a str) -> Self {
        self.key = Some(key);
        self
    }

    /// Without what does not fit.
    pub const fn without_icon(mut self) -> Self {
        self.icon = None;
        self
    }

    pub const fn without_key(mut self) -> Self {
        self.key = None;
        self
    }

    /// What a screen reader says, where the label alone does not tell what it is about.
    pub const fn name(mut self, name: &'a str) -> Self {
        self.name = Some(name);
        self
    }

    pub const fn enabled(mut self, enabled: bool) -> Self {
        self.enabled = enabled;
        self
    }

    pub const fn chosen(mut self, chosen: bool) -> Self {
        self.chosen = chosen;
        self
    }

    pub const fn tall(mut self) -> Self {
        self.tall = true;
        self
    }

    /// Starts where text above it starts; its ground reaches out to the left.
    pub const fn flush(mut self) -> Self {
        self.flush = true;
        self
    }

    fn colors(self, tokens: Tokens, hovered: bool) -> (Color32, Color32, Stroke) {
        let none = Stroke::NONE;
        match self.style {
            ButtonStyle::Filled if hovered => (tokens.accent.gamma_multiply(0.9), tokens.on_accent, none),
            ButtonStyle::Filled => (tokens.accent, tokens.on_accent, none),
            ButtonStyle::Recording if hovered => (tokens.recording.gamma_multiply(0.9), tokens.on_recording, none),
            ButtonStyle::Recording => (tokens.recording, tokens.on_recording, none),
            ButtonStyle::Quiet if self.chosen => (tokens.wash, tokens.ink, Stroke::new(1.0, tokens.accent)),
            ButtonStyle::Quiet => {
                let ground = if hovered { tokens.hover } else { tokens.surface };
                (ground, tokens.ink, Stroke::new(1.0, tokens.line))
            }
            ButtonStyle::Outlined => {
                let ground = if hovered { tokens.hover } else { tokens.surface };
                (ground, tokens.ink, Stroke::new(1.5, tokens.ink))
            }
            ButtonStyle::Plain => {
                let ground = if hovered { tokens.hover } else { Color32::TRANSPARENT };
                let text = if self.chosen || hovered {
                    tokens.ink
                } else {
                    tokens.soft
                };
                (ground, text, none)
            }
        }
    }

    /// Shows the button; true when it is pressed.
    pub fn show(self, ui: &mut Ui) -> bool {
        self.response(ui).clicked()
    }

    /// How wide it is with nothing but its label.
    pub fn width(self, ui: &Ui) -> f32 {
        let label = ui
            .painter()
            .layout_no_wrap(curly(self.label).into_owned(), self.font(), Color32::PLACEHOLDER);
        label.size().x + 2.0 * self.padding()
    }

    fn font(self) -> FontId {
        theme::medium(if self.tall { 16.0 } else { size::TEXT })
    }

    const fn padding(self) -> f32 {
        match (self.style, self.tall) {
            (ButtonStyle::Plain, _) => space::S,
            (_, true) => space::XL,
            _ => space::L,
        }
    }

    pub fn response(self, ui: &mut Ui) -> egui::Response {
        let tokens = Tokens::of(ui);
        let text_size = if self.tall { 16.0 } else { size::TEXT };
        let label = ui
            .painter()
            .layout_no_wrap(curly(self.label).into_owned(), self.font(), Color32::PLACEHOLDER);
        let icon = self.icon.map(|icon| {
            ui.painter().layout_no_wrap(
                char::from(icon).to_string(),
                theme::icon(text_size + 2.0),
                Color32::PLACEHOLDER,
            )
        });
        let key = self.key.map(|key| {
            ui.painter()
                .layout_no_wrap(key.to_owned(), theme::regular(size::LABEL), Color32::PLACEHOLDER)
        });
        let padding = self.padding();
        let mut width = label.size().x + 2.0 * padding;
        width += icon.as_ref().map_or(0.0, |icon| icon.size().x + space::S);
        width += key.as_ref().map_or(0.0, |key| key.size().x + space::M);
        let height = if self.tall {
            48.0
        } else if self.style == ButtonStyle::Plain {
            32.0
        } else {
            CONTROL
        };
        let sense = if self.enabled { Sense::click() } else { Sense::hover() };
        let out = if self.flush { padding } else { 0.0 };
        let (mut rect, response) = ui.allocate_exact_size(vec2(width - out, height), sense);
        rect.min.x -= out;
        let name = self.name.unwrap_or(self.label);
        let (enabled, chosen) = (self.enabled, self.chosen);
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(egui::accesskit::Role::Button, enabled, name);
            info.selected = chosen.then_some(true);
            info
        });
        if ui.is_rect_visible(rect) {
            let hovered = self.enabled && (response.hovered() || response.has_focus());
            let (ground, text, edge) = self.colors(tokens, hovered);
            let fade = if self.enabled { 1.0 } else { 0.7 };
            let painter = ui.painter();
            let corner = CornerRadius::same(CONTROL_RADIUS);
            painter.rect(rect, corner, ground.gamma_multiply(fade), edge, StrokeKind::Inside);
            let mut at = rect.left_center() + vec2(padding, 0.0);
            if let Some(icon) = icon {
                painter.galley(
                    at - vec2(0.0, icon.size().y / 2.0),
                    icon.clone(),
                    text.gamma_multiply(fade),
                );
                at.x += icon.size().x + space::S;
            }
            painter.galley(
                at - vec2(0.0, label.size().y / 2.0),
                label.clone(),
                text.gamma_multiply(fade),
            );
            at.x += label.size().x + space::M;
            if let Some(key) = key {
                let color = if matches!(self.style, ButtonStyle::Filled | ButtonStyle::Recording) {
                    text
                } else {
                    tokens.soft
                };
                painter.galley(at - vec2(0.0, key.size().y / 2.0), key, color.gamma_multiply(fade));
            }
        }
        focus_ring(ui.painter(), tokens, &response, CONTROL_RADIUS);
        response
    }
}

/// How wide a row of plain buttons with these labels will be.
pub fn plain_width(ui: &Ui, labels: &[&str]) -> f32 {
    labels
        .iter()
        .map(|label| {
            let galley = ui.painter().layout_no_wrap(
                curly(label).into_owned(),
                theme::medium(size::TEXT),
                Color32::PLACEHOLDER,
            );
            galley.size().x + 2.0 * space::S + ui.spacing().item_spacing.x + size::TEXT + 2.0 + space::S
        })
        .sum()
}

/// An icon as decoration beside text.
pub fn icon_ui(ui: &mut Ui, icon: Icon, points: f32, color: Color32) {
    let galley = ui
        .painter()
        .layout_no_wrap(char::from(icon).to_string(), theme::icon(points), color);
    let (rect, _) = ui.allocate_exact_size(Vec2::new(galley.size().x, galley.size().y), Sense::hover());
    ui.painter().galley(rect.min, galley, color);
}
