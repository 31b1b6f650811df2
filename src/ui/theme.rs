//! Colours, spaces, sizes and fonts: all of them are here, and nowhere else. Knows no screen.

use std::sync::Arc;

use eframe::egui::{
    self, Color32, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, FontTweak, Margin, Stroke, TextStyle,
    Theme, Ui, Vec2, epaint::text::VariationCoords,
};

use crate::{
    assets::TEXT_FONT,
    settings::{Settings, ThemeChoice},
};

/// The colours of one theme. Every pair of text and ground has a contrast of at least 7 to 1, with more contrast of 15 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// The window.
    pub paper: Color32,
    /// Cards and fields.
    pub surface: Color32,
    /// Under the pointer; also the ground of quiet chosen things.
    pub hover: Color32,
    pub ink: Color32,
    pub soft: Color32,
    /// Hairlines, and the edges of cards and controls.
    pub line: Color32,
    /// What a bar is filled on: the part of a download that is still to come, a step of the meter that is not reached.
    pub track: Color32,
    /// What can be done next, and job terms.
    pub accent: Color32,
    /// The accent as a ground under ink.
    pub wash: Color32,
    /// Text on the accent.
    pub on_accent: Color32,
    pub filler: Color32,
    pub repeat: Color32,
    /// Recording, and nothing else.
    pub recording: Color32,
    pub on_recording: Color32,
    /// Points that the ring around the focus is thick.
    pub ring: u8,
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

const LIGHT: Tokens = Tokens {
    paper: rgb(0xFA_F8F4),
    surface: rgb(0xFF_FFFF),
    hover: rgb(0xF1_EDE5),
    ink: rgb(0x1C_1B1A),
    soft: rgb(0x4E_4943),
    line: rgb(0xE4_DFD6),
    track: rgb(0xE4_DFD6),
    accent: rgb(0x08_5656),
    wash: rgb(0xE2_F0ED),
    on_accent: rgb(0xFF_FFFF),
    filler: rgb(0x75_3D03),
    repeat: rgb(0x5B_21B6),
    recording: rgb(0xA6_1B1B),
    on_recording: rgb(0xFF_FFFF),
    ring: 2,
};

const DARK: Tokens = Tokens {
    paper: rgb(0x15_1413),
    surface: rgb(0x1F_1E1C),
    hover: rgb(0x2A_2826),
    ink: rgb(0xED_EAE4),
    soft: rgb(0xC6_C0B9),
    line: rgb(0x35_322E),
    track: rgb(0x35_322E),
    accent: rgb(0x78_D2CC),
    wash: rgb(0x1B_3534),
    on_accent: rgb(0x0B_2423),
    filler: rgb(0xF2_BC6B),
    repeat: rgb(0xCC_B9FB),
    recording: rgb(0xFF_9C92),
    on_recording: rgb(0x2B_0B08),
    ring: 2,
};

/// More contrast: the hues are only just left, and lines are as clear as the usual text.
const LIGHT_CLEAR: Tokens = Tokens {
    paper: rgb(0xFF_FFFF),
    surface: rgb(0xFF_FFFF),
    hover: rgb(0xF0_F0F0),
    ink: rgb(0x00_0000),
    soft: rgb(0x18_1818),
    line: rgb(0x66_6666),
    track: rgb(0xC8_C8C8),
    accent: rgb(0x00_1E1E),
    wash: rgb(0xE4_F4F4),
    on_accent: rgb(0xFF_FFFF),
    filler: rgb(0x2B_1200),
    repeat: rgb(0x1E_0052),
    recording: rgb(0x3C_0000),
    on_recording: rgb(0xFF_FFFF),
    ring: 3,
};

const DARK_CLEAR: Tokens = Tokens {
    paper: rgb(0x00_0000),
    surface: rgb(0x00_0000),
    hover: rgb(0x19_1919),
    ink: rgb(0xFF_FFFF),
    soft: rgb(0xF2_F2F2),
    line: rgb(0x90_9090),
    track: rgb(0x3A_3A3A),
    accent: rgb(0xB8_FFFF),
    wash: rgb(0x00_1E1E),
    on_accent: rgb(0x00_0000),
    filler: rgb(0xFF_F0C0),
    repeat: rgb(0xF6_F0FF),
    recording: rgb(0xFF_F0EC),
    on_recording: rgb(0x00_0000),
    ring: 3,
};

impl Tokens {
    /// The colours of the theme that this part of the window is in: each has a paper of its own.
    pub fn of(ui: &Ui) -> Self {
        let visuals = ui.visuals();
        let clear = Self::new(visuals.dark_mode, true);
        if visuals.panel_fill == clear.paper {
            clear
        } else {
            Self::for_dark(visuals.dark_mode)
        }
    }

    /// The usual colours.
    pub fn for_dark(dark: bool) -> Self {
        Self::new(dark, false)
    }

    /// With or without more contrast.
    pub fn new(dark: bool, more_contrast: bool) -> Self {
        match (dark, more_contrast) {
            (false, false) => LIGHT,
            (true, false) => DARK,
            (false, true) => LIGHT_CLEAR,
            (true, true) => DARK_CLEAR,
        }
    }

    pub fn has_more_contrast(self) -> bool {
        self.paper == Self::new(true, true).paper || self.paper == Self::new(false, true).paper
    }
}

/// Steps between things.
pub mod space {
    pub const XS: f32 = 4.0;
    pub const S: f32 = 8.0;
    pub const M: f32 = 12.0;
    pub const L: f32 = 16.0;
    pub const XL: f32 = 24.0;
    pub const XXL: f32 = 32.0;
    pub const HUGE: f32 = 48.0;
}

/// Sizes of text.
pub mod size {
    /// Numbers of a plot, seconds of a pause.
    pub const SMALL: f32 = 12.0;
    pub const LABEL: f32 = 13.0;
    pub const TEXT: f32 = 15.0;
    pub const SPOKEN: f32 = 18.0;
    pub const QUESTION: f32 = 28.0;
}

/// Height of a line of a transcript, in sizes of its text.
pub const SPOKEN_LINE: f32 = 1.6;
/// The widest that a text is set, in points at [`size::SPOKEN`]: about 68 characters.
pub const MEASURE: f32 = 620.0;
pub const CARD_RADIUS: u8 = 10;
pub const CONTROL_RADIUS: u8 = 6;
/// Height of a control.
pub const CONTROL: f32 = 36.0;
/// Letters of one width, for code.
pub fn fixed_width(points: f32) -> FontId {
    FontId::new(points, FontFamily::Monospace)
}

/// Narrower windows stack what wider ones put side by side.
pub const NARROW: f32 = 980.0;

pub fn regular(size: f32) -> FontId {
    FontId::new(size, FontFamily::Proportional)
}

pub fn medium(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name("medium".into()))
}

pub fn semibold(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name("semibold".into()))
}

/// For large text: tighter and a little bolder.
pub fn display(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name("display".into()))
}

pub fn icon(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name("icons".into()))
}

/// Installs fonts and styles. Once, before the first frame.
pub fn install(ctx: &egui::Context) {
    ctx.set_fonts(fonts());
    // Many systems do not say which theme they have: then it is that of paper.
    ctx.options_mut(|options| options.fallback_theme = Theme::Light);
    set_styles(ctx, &Settings::default());
}

/// Follows the settings, when they have changed.
pub fn apply(ctx: &egui::Context, settings: &Settings) {
    ctx.set_theme(match settings.theme {
        ThemeChoice::System => egui::ThemePreference::System,
        ThemeChoice::Light => egui::ThemePreference::Light,
        ThemeChoice::Dark => egui::ThemePreference::Dark,
    });
    ctx.set_zoom_factor(f32::from(settings.text_percent) / 100.0);
    set_styles(ctx, settings);
}

fn set_styles(ctx: &egui::Context, settings: &Settings) {
    for theme in [Theme::Light, Theme::Dark] {
        ctx.style_mut_of(theme, |style| {
            apply_tokens(style, Tokens::new(theme == Theme::Dark, settings.more_contrast));
            apply_motion(style, settings.reduced_motion);
        });
    }
}

/// Fades and slides, or none: then nothing on screen moves by itself, and a list stops with the finger that moves it.
fn apply_motion(style: &mut egui::Style, reduced: bool) {
    let usual = egui::Style::default();
    if reduced {
        style.animation_time = 0.0;
        style.scroll_animation = egui::style::ScrollAnimation::none();
        style.spacing.scroll.kinetic.decay_time = 0.0;
        style.spacing.scroll.kinetic.rubber_band = false;
    } else {
        style.animation_time = 0.14;
        style.scroll_animation = usual.scroll_animation;
        style.spacing.scroll.kinetic = usual.spacing.scroll.kinetic;
    }
}

/// Inter for text (one variable file, so that weights cost nothing), then what egui brings, then the icons.
fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let fallback = fonts
        .families
        .get(&FontFamily::Proportional)
        .cloned()
        .unwrap_or_default();
    let cuts = [
        (FontFamily::Proportional, "Inter", 20.0, 410.0),
        (FontFamily::Name("medium".into()), "Inter medium", 20.0, 530.0),
        (FontFamily::Name("semibold".into()), "Inter semibold", 20.0, 620.0),
        (FontFamily::Name("display".into()), "Inter display", 28.0, 580.0),
    ];
    for (family, name, optical_size, weight) in cuts {
        let tweak = FontTweak {
            coords: VariationCoords::new([(b"opsz", optical_size), (b"wght", weight)]),
            ..FontTweak::default()
        };
        fonts
            .font_data
            .insert(name.to_owned(), Arc::new(FontData::from_static(TEXT_FONT).tweak(tweak)));
        let mut chain = vec![name.to_owned()];
        chain.extend(fallback.iter().cloned());
        fonts.families.insert(family, chain);
    }
    let icons = FontData::from_static(lucide_icons::LUCIDE_FONT_BYTES);
    fonts.font_data.insert("Lucide".to_owned(), Arc::new(icons));
    fonts
        .families
        .insert(FontFamily::Name("icons".into()), vec!["Lucide".to_owned()]);
    fonts
}

/// Scroll bars are thin, and shown while the pointer is over what they scroll.
fn scroll_style(more_contrast: bool) -> egui::style::ScrollStyle {
    let (active, interact) = if more_contrast { (0.85, 1.0) } else { (0.4, 0.7) };
    egui::style::ScrollStyle {
        bar_width: 8.0,
        floating_width: 4.0,
        dormant_handle_opacity: 0.0,
        active_handle_opacity: active,
        interact_handle_opacity: interact,
        ..egui::style::ScrollStyle::floating()
    }
}

fn apply_tokens(style: &mut egui::Style, tokens: Tokens) {
    style.text_styles = [
        (TextStyle::Small, regular(size::LABEL)),
        (TextStyle::Body, regular(size::TEXT)),
        (TextStyle::Button, medium(size::TEXT)),
        (TextStyle::Heading, display(size::QUESTION)),
        (TextStyle::Monospace, FontId::new(size::LABEL, FontFamily::Monospace)),
    ]
    .into();
    let spacing = &mut style.spacing;
    spacing.item_spacing = Vec2::new(space::S, space::S);
    spacing.button_padding = Vec2::new(space::M, space::S);
    spacing.interact_size = Vec2::new(CONTROL, CONTROL);
    spacing.menu_margin = Margin::same(space::XS as i8);
    spacing.scroll = scroll_style(tokens.has_more_contrast());
    spacing.tooltip_width = 320.0;
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.4;
    let visuals = &mut style.visuals;
    visuals.panel_fill = tokens.paper;
    visuals.window_fill = tokens.surface;
    visuals.window_stroke = Stroke::new(1.0, tokens.line);
    visuals.window_corner_radius = CornerRadius::same(CARD_RADIUS);
    visuals.menu_corner_radius = CornerRadius::same(CARD_RADIUS);
    visuals.extreme_bg_color = tokens.surface;
    visuals.faint_bg_color = tokens.hover;
    visuals.override_text_color = Some(tokens.ink);
    visuals.weak_text_color = Some(tokens.soft);
    visuals.hyperlink_color = tokens.accent;
    visuals.selection.bg_fill = tokens.wash;
    visuals.selection.stroke = Stroke::new(f32::from(tokens.ring), tokens.accent);
    visuals.warn_fg_color = tokens.filler;
    visuals.error_fg_color = tokens.ink;
    visuals.interact_cursor = Some(egui::CursorIcon::PointingHand);
    visuals.text_cursor.stroke = Stroke::new(2.0, tokens.accent);
    // Nothing blinks, and a window that nobody touches paints nothing.
    visuals.text_cursor.blink = false;
    visuals.popup_shadow = egui::Shadow {
        offset: [0, 4],
        blur: 16,
        spread: 0,
        color: Color32::from_black_alpha(if visuals.dark_mode { 96 } else { 24 }),
    };
    visuals.window_shadow = visuals.popup_shadow;
    let widgets = &mut visuals.widgets;
    for (state, ground, edge) in [
        (&mut widgets.noninteractive, tokens.paper, tokens.line),
        (&mut widgets.inactive, tokens.surface, tokens.line),
        (&mut widgets.hovered, tokens.hover, tokens.soft),
        (&mut widgets.active, tokens.hover, tokens.accent),
        (&mut widgets.open, tokens.hover, tokens.line),
    ] {
        state.bg_fill = ground;
        state.weak_bg_fill = ground;
        state.bg_stroke = Stroke::new(1.0, edge);
        state.fg_stroke = Stroke::new(1.0, tokens.ink);
        state.corner_radius = CornerRadius::same(CONTROL_RADIUS);
        state.expansion = 0.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(color: Color32) -> f32 {
        let part = |value: u8| {
            let value = f32::from(value) / 255.0;
            if value <= 0.039_28 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(color.r()) + 0.7152 * part(color.g()) + 0.0722 * part(color.b())
    }

    fn contrast(a: Color32, b: Color32) -> f32 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The grounds that text stands on, and the texts that stand on all of them.
    fn grounds_and_texts(tokens: Tokens) -> ([Color32; 4], [Color32; 5]) {
        (
            [tokens.paper, tokens.surface, tokens.hover, tokens.wash],
            [tokens.ink, tokens.soft, tokens.accent, tokens.filler, tokens.repeat],
        )
    }

    #[test]
    fn text_has_a_contrast_of_seven_to_one_on_every_ground_and_of_fifteen_where_more_is_wanted() {
        for (tokens, least) in [(LIGHT, 7.0), (DARK, 7.0), (LIGHT_CLEAR, 15.0), (DARK_CLEAR, 15.0)] {
            let (grounds, texts) = grounds_and_texts(tokens);
            let pairs = texts.into_iter().flat_map(|text| grounds.map(|ground| (text, ground)));
            // The rest is used on fewer grounds.
            let pairs = pairs.chain([
                (tokens.recording, tokens.paper),
                (tokens.recording, tokens.surface),
                (tokens.on_accent, tokens.accent),
                (tokens.on_recording, tokens.recording),
            ]);
            for (text, ground) in pairs {
                let contrast = contrast(text, ground);
                assert!(contrast >= least, "{text:?} on {ground:?}: {contrast}");
            }
            // The edge of a field or a switch shows where it is.
            assert!(contrast(tokens.soft, tokens.hover) >= 4.5);
            // What a bar is filled with shows how far it is.
            for fill in [tokens.accent, tokens.soft] {
                assert!(contrast(fill, tokens.track) >= 4.5, "{fill:?} on {:?}", tokens.track);
            }
        }
    }

    #[test]
    fn with_more_contrast_every_line_and_edge_is_seen_and_the_ring_is_three_points_thick() {
        for tokens in [LIGHT_CLEAR, DARK_CLEAR] {
            let (grounds, _) = grounds_and_texts(tokens);
            for edge in [tokens.line, tokens.soft, tokens.accent] {
                for ground in grounds {
                    let contrast = contrast(edge, ground);
                    assert!(contrast >= 4.5, "{edge:?} on {ground:?}: {contrast}");
                }
            }
            assert_eq!(tokens.ring, 3);
        }
    }

    /// The style of a window with these settings, and the theme that it is in.
    fn dressed(settings: &Settings) -> (Arc<egui::Style>, Theme, Tokens) {
        let ctx = egui::Context::default();
        install(&ctx);
        apply(&ctx, settings);
        let mut tokens = LIGHT;
        let mut output = ctx.run_ui(egui::RawInput::default(), |ui| tokens = Tokens::of(ui));
        // Nothing paints it.
        output.textures_delta.clear();
        (ctx.global_style(), ctx.theme(), tokens)
    }

    #[test]
    fn a_window_is_light_where_the_system_says_nothing() {
        let (_, theme, tokens) = dressed(&Settings::default());
        assert_eq!((theme, tokens), (Theme::Light, LIGHT));
    }

    #[test]
    fn more_contrast_goes_with_either_theme() {
        for (theme, expected) in [(ThemeChoice::Light, LIGHT_CLEAR), (ThemeChoice::Dark, DARK_CLEAR)] {
            let settings = Settings {
                theme,
                more_contrast: true,
                ..Settings::default()
            };
            assert_eq!(dressed(&settings).2, expected);
        }
    }

    #[test]
    fn with_reduced_motion_nothing_moves_by_itself_and_without_it_things_move_again() {
        let reduced = Settings {
            reduced_motion: true,
            ..Settings::default()
        };
        let still = dressed(&reduced).0;
        assert_eq!(still.animation_time, 0.0);
        assert_eq!(still.scroll_animation, egui::style::ScrollAnimation::none());
        assert_eq!(still.spacing.scroll.kinetic.decay_time, 0.0);
        let ctx = egui::Context::default();
        install(&ctx);
        apply(&ctx, &reduced);
        apply(&ctx, &Settings::default());
        let style = ctx.global_style();
        assert!(style.animation_time > 0.0);
        assert_eq!(style.scroll_animation, egui::Style::default().scroll_animation);
    }
}
