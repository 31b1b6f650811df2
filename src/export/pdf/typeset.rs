//! Makes lines of letters: shapes text of any script, breaks it into lines and finds fonts for letters that the document's
//! own have not, first among the window's fonts, then among the system's.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use krilla::text::{Font, GlyphId, KrillaGlyph};
use parley::{
    Alignment, AlignmentOptions, FontContext, FontFamily, FontFamilyName, FontVariation, FontVariations, FontWeight,
    Layout, LayoutContext, LineHeight, OverflowWrap, RangedBuilder, StyleProperty,
    fontique::{
        Blob, Collection, CollectionOptions, FontInfoOverride, GenericFamily, QueryFamily, QueryStatus, SourceCache,
    },
    layout::Run,
    setting::Tag,
};

use super::{
    DocumentLook,
    content::{Block, FOOT, LABEL, Letters},
    text_width,
};

/// The name under which the text font is known here, whatever the system has under its own.
const TEXT_FAMILY: &str = "document text";
const OPTICAL_SIZE: Tag = Tag::new(b"opsz");

/// A text in lines.
pub struct SetText {
    pub text: String,
    pub lines: Vec<SetLine>,
    /// Of the widest line.
    pub width: f32,
    /// What stands in the margin beside it.
    pub label: Option<Box<SetText>>,
}

pub struct SetLine {
    pub height: f32,
    /// From the top of the line.
    pub baseline: f32,
    pub runs: Vec<SetRun>,
}

/// Letters of one font and color, side by side.
pub struct SetRun {
    pub x: f32,
    pub font: Font,
    pub size: f32,
    pub color: [u8; 3],
    pub glyphs: Vec<KrillaGlyph>,
}

/// What a run is drawn with.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Ink {
    color: [u8; 3],
    optical_size: f32,
}

/// A font's file, its number there, and its variations.
type FontKey = (u64, u32, Vec<([u8; 4], u32)>);

pub struct Typesetter<'a> {
    look: &'a DocumentLook,
    fonts: FontContext,
    layouts: LayoutContext<Ink>,
    families: Vec<FontFamilyName<'static>>,
    /// Blob of the text font.
    text_font: u64,
    known: HashMap<FontKey, Option<Font>>,
    /// Letters that no font has so far.
    missing: BTreeSet<char>,
}

impl<'a> Typesetter<'a> {
    pub fn new(look: &'a DocumentLook) -> Self {
        let mut collection = Collection::new(CollectionOptions {
            shared: false,
            system_fonts: false,
        });
        let text_font = Blob::new(Arc::new(look.text_font));
        let id = text_font.id();
        let mut families = Vec::new();
        let fonts = look.other_fonts.iter().map(|font| Blob::new(Arc::clone(font)));
        for (index, font) in std::iter::once(text_font).chain(fonts).enumerate() {
            let name = if index == 0 {
                TEXT_FAMILY.to_owned()
            } else {
                format!("document {index}")
            };
            let info = FontInfoOverride {
                family_name: Some(&name),
                ..FontInfoOverride::default()
            };
            collection.register_fonts(font, Some(info));
            families.push(FontFamilyName::Named(Cow::Owned(name)));
        }
        Self {
            look,
            fonts: FontContext {
                collection,
                source_cache: SourceCache::default(),
            },
            layouts: LayoutContext::new(),
            families,
            text_font: id,
            known: HashMap::new(),
            missing: BTreeSet::new(),
        }
    }

    /// Whether a text that was set has letters that no font has.
    pub fn lacks_letters(&self) -> bool {
        !self.missing.is_empty()
    }

    /// Sets all blocks. The system's fonts are looked through only where a letter is missing, since that takes a while.
    pub fn set_all(&mut self, blocks: &[Block]) -> Vec<SetText> {
        let set: Vec<SetText> = blocks.iter().map(|block| self.set(block)).collect();
        if self.missing.is_empty() || !self.look.system_fonts {
            return set;
        }
        self.fonts.collection.load_system_fonts();
        let missing = std::mem::take(&mut self.missing);
        self.add_families_for(missing);
        blocks.iter().map(|block| self.set(block)).collect()
    }

    /// Adds those families of the system that have these letters, the system's choice first.
    fn add_families_for(&mut self, mut missing: BTreeSet<char>) {
        let generic = [
            GenericFamily::SystemUi,
            GenericFamily::SansSerif,
            GenericFamily::Serif,
            GenericFamily::Emoji,
            GenericFamily::Math,
        ];
        let FontContext {
            collection,
            source_cache,
        } = &mut self.fonts;
        let usual: Vec<_> = generic
            .into_iter()
            .flat_map(|generic| collection.generic_families(generic).collect::<Vec<_>>())
            .collect();
        let usual: Vec<String> = usual
            .into_iter()
            .filter_map(|family| collection.family_name(family).map(str::to_owned))
            .collect();
        let all: Vec<String> = collection.family_names().map(str::to_owned).collect();
        for name in usual.into_iter().chain(all) {
            if missing.is_empty() {
                break;
            }
            let mut query = collection.query(source_cache);
            query.set_families([QueryFamily::Named(&name)]);
            let before = missing.len();
            query.matches_with(|font| {
                if let Some(letters) = font
                    .charmap()
                    .filter(|_| !has_pictures_only(font.blob.as_ref(), font.index))
                {
                    missing.retain(|letter| letters.map(*letter).is_none_or(|glyph| glyph == 0));
                }
                QueryStatus::Stop
            });
            if missing.len() < before {
                self.families.push(FontFamilyName::Named(Cow::Owned(name)));
            }
        }
    }

    pub fn set(&mut self, block: &Block) -> SetText {
        let width = text_width(block.x());
        let mut set = self.set_text(&block.text, block.letters, &block.other, width);
        if let Some(label) = block.label {
            let width = block.x() - super::MARGIN - 18.0;
            set.label = Some(Box::new(self.set_text(label, LABEL, &[], width)));
        }
        set
    }

    /// A line at the foot of a page.
    pub fn set_foot(&mut self, text: &str) -> SetText {
        self.set_text(text, FOOT, &[], text_width(super::MARGIN) * 0.8)
    }

    fn set_text(
        &mut self,
        text: &str,
        letters: Letters,
        other: &[(std::ops::Range<usize>, Letters)],
        width: f32,
    ) -> SetText {
        let look = self.look;
        let mut builder = self.layouts.ranged_builder(&mut self.fonts, text, 1.0, false);
        builder.push_default(StyleProperty::FontFamily(FontFamily::List(Cow::Borrowed(
            &self.families,
        ))));
        builder.push_default(StyleProperty::LineHeight(LineHeight::Absolute(letters.leading)));
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::Anywhere));
        push_letters(&mut builder, letters, look, None);
        for (range, letters) in other {
            push_letters(&mut builder, *letters, look, Some(range));
        }
        let mut layout: Layout<Ink> = builder.build(text);
        layout.break_all_lines(Some(width));
        layout.align(Alignment::Start, AlignmentOptions::default());
        let mut widest = 0.0_f32;
        let mut lines = Vec::with_capacity(layout.len());
        for line in layout.lines() {
            let metrics = line.metrics();
            let mut x = metrics.offset;
            let mut runs = Vec::new();
            for run in line.runs() {
                x = self.add_run(&layout, &run, text, x, &mut runs);
            }
            widest = widest.max(x - metrics.trailing_whitespace);
            lines.push(SetLine {
                height: metrics.line_height,
                baseline: metrics.baseline - metrics.block_min_coord,
                runs,
            });
        }
        SetText {
            text: text.to_owned(),
            lines,
            width: widest,
            label: None,
        }
    }

    /// Adds the letters of a run, parted where their color changes; returns where the next run begins.
    fn add_run(
        &mut self,
        layout: &Layout<Ink>,
        run: &Run<'_, Ink>,
        text: &str,
        mut x: f32,
        runs: &mut Vec<SetRun>,
    ) -> f32 {
        let size = run.font_size();
        let pictures = has_pictures_only(run.font().data.as_ref(), run.font().index);
        let mut open: Option<SetRun> = None;
        for cluster in run.visual_clusters() {
            let range = cluster.text_range();
            if cluster.is_ligature_continuation() {
                if let Some(last) = open.as_mut().and_then(|run| run.glyphs.last_mut()) {
                    last.text_range.end = range.end.max(last.text_range.end);
                    last.text_range.start = range.start.min(last.text_range.start);
                }
                continue;
            }
            for glyph in cluster.glyphs() {
                if glyph.id == 0 || pictures {
                    self.missing
                        .extend(text[range.clone()].chars().filter(|letter| is_shown(*letter)));
                }
                let ink = layout.styles()[glyph.style_index()].brush;
                if open.as_ref().is_none_or(|open| open.color != ink.color) {
                    runs.extend(open.take());
                    let font = self.font(run, ink);
                    open = font.map(|font| SetRun {
                        x,
                        font,
                        size,
                        color: ink.color,
                        glyphs: Vec::new(),
                    });
                }
                if let Some(open) = &mut open {
                    open.glyphs.push(KrillaGlyph::new(
                        GlyphId::new(glyph.id),
                        glyph.advance / size,
                        glyph.x / size,
                        glyph.y / size,
                        0.0,
                        range.clone(),
                        None,
                    ));
                }
                x += glyph.advance;
            }
        }
        runs.extend(open);
        x
    }

    fn font(&mut self, run: &Run<'_, Ink>, ink: Ink) -> Option<Font> {
        let font = run.font();
        let settings = run.synthesis();
        let settings = settings.variation_settings().iter();
        let mut variations: Vec<([u8; 4], u32)> = settings
            .map(|(tag, value)| (tag.into_bytes(), value.to_bits()))
            .collect();
        if font.data.id() == self.text_font {
            variations.push((OPTICAL_SIZE.to_bytes(), ink.optical_size.to_bits()));
        }
        let key = (font.data.id(), font.index, variations);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let coordinates: Vec<(krilla::text::Tag, f32)> = key
            .2
            .iter()
            .map(|(tag, bits)| (krilla::text::Tag::new(tag), f32::from_bits(*bits)))
            .collect();
        let (data, _) = font.data.clone().into_raw_parts();
        let made = Font::new_variable(data.into(), font.index, &coordinates);
        self.known.insert(key, made.clone());
        made
    }
}

fn push_letters(
    builder: &mut RangedBuilder<'_, Ink>,
    letters: Letters,
    look: &DocumentLook,
    range: Option<&std::ops::Range<usize>>,
) {
    let optical = [FontVariation::new(OPTICAL_SIZE, letters.optical_size)];
    let ink = Ink {
        color: if letters.soft { look.soft } else { look.ink },
        optical_size: letters.optical_size,
    };
    let styles = [
        StyleProperty::FontSize(letters.size),
        StyleProperty::FontWeight(FontWeight::new(letters.weight)),
        StyleProperty::FontVariations(FontVariations::List(Cow::Owned(optical.to_vec()))),
        StyleProperty::Brush(ink),
    ];
    for style in styles {
        match range {
            Some(range) => builder.push(style, range.clone()),
            None => builder.push_default(style),
        }
    }
}

/// Whether a font's letters are pictures of one size, as in many fonts of colored emoji: nothing of them would be drawn.
fn has_pictures_only(file: &[u8], index: u32) -> bool {
    let number = |at: usize| -> Option<usize> {
        let bytes: [u8; 4] = file.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_be_bytes(bytes) as usize)
    };
    let tables = || -> Option<Vec<[u8; 4]>> {
        let start = if file.starts_with(b"ttcf") {
            number(12 + 4 * index as usize)?
        } else {
            0
        };
        let count = number(start + 2)? & 0xffff;
        let tag = |table: usize| file.get(start + 12 + 16 * table..)?.first_chunk().copied();
        (0..count).map(tag).collect()
    };
    let tables = tables().unwrap_or_default();
    let has = |tag: &[u8; 4]| tables.contains(tag);
    (has(b"CBDT") || has(b"sbix")) && !has(b"COLR")
}

/// Whether a letter is something to see: spaces and marks of direction need no font.
fn is_shown(letter: char) -> bool {
    let is_format = matches!(
        letter,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}'
    );
    !letter.is_whitespace() && !letter.is_control() && !is_format
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The head of a font's file with these tables.
    fn file(tables: &[&[u8; 4]]) -> Vec<u8> {
        let mut file = vec![0, 1, 0, 0, 0, tables.len() as u8, 0, 0, 0, 0, 0, 0];
        for table in tables {
            file.extend_from_slice(*table);
            file.extend_from_slice(&[0; 12]);
        }
        file
    }

    #[test]
    fn fonts_of_pictures_are_told_from_those_with_outlines() {
        assert!(!has_pictures_only(crate::assets::TEXT_FONT, 0));
        assert!(has_pictures_only(&file(&[b"CBDT", b"cmap"]), 0));
        assert!(has_pictures_only(&file(&[b"glyf", b"sbix"]), 0));
        assert!(!has_pictures_only(&file(&[b"CBDT", b"COLR"]), 0));
        assert!(!has_pictures_only(b"ttcf", 3) && !has_pictures_only(b"", 0));
    }
}
