//! The interview as a PDF: an overview of the answers first, then every transcript whole, then the reflection. `content`
//! says what stands in it, `typeset` makes lines of letters of it, `pages` puts the lines on pages; here they are drawn.
//! The document is tagged, so that a screen reader can read it in order, and holds of each font what it needs.

mod content;
mod pages;
mod typeset;

use std::{fmt, num::NonZeroU16, sync::Arc};

use krilla::{
    Document, SerializeSettings,
    color::rgb,
    destination::XyzDestination,
    geom::{PathBuilder, Point},
    metadata::Metadata,
    num::NormalizedF32,
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint::{Fill, FillRule, LineCap, LineJoin, Stroke},
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag, Node, SpanTag, Tag, TagGroup, TagKind, TagTree},
};

use self::{
    content::{Block, Bullet, Heading},
    pages::{PlacedBlock, SheetPage},
    typeset::{SetLine, SetText, Typesetter},
};
use super::ExportSource;

/// A font's file, shared with whoever shows it elsewhere.
pub type FontBytes = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// The window's fonts and colors, for a document that looks like it.
#[derive(Clone)]
pub struct DocumentLook {
    /// The text font, with its weights.
    pub text_font: &'static [u8],
    /// What has letters that the text font has not, the likeliest first.
    pub other_fonts: Vec<FontBytes>,
    /// Whether the system's fonts are looked through for letters that none of these has.
    pub system_fonts: bool,
    /// Red, green, blue.
    pub ink: [u8; 3],
    pub soft: [u8; 3],
    pub accent: [u8; 3],
    pub line: [u8; 3],
}

impl fmt::Debug for DocumentLook {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DocumentLook")
            .field("system_fonts", &self.system_fonts)
            .finish_non_exhaustive()
    }
}

/// Why there is no PDF, with what the library says of it.
#[derive(Debug, thiserror::Error)]
#[error("The PDF could not be made ({0}). Save the interview as HTML and print that instead.")]
pub struct PdfError(String);

/// In a document whose fonts lack a letter.
pub const MISSING_LETTERS: &str = "Some letters could not be shown: this computer has no font for them.";

// Points, on A4.
const PAGE_WIDTH: f32 = 595.0;
const PAGE_HEIGHT: f32 = 842.0;
const MARGIN: f32 = 60.0;
const FOOT_BASELINE: f32 = PAGE_HEIGHT - 34.0;

pub fn pdf(source: &ExportSource, look: &DocumentLook) -> Result<Vec<u8>, PdfError> {
    let mut typesetter = Typesetter::new(look);
    let blocks = content::blocks(source);
    let mut set = typesetter.set_all(&blocks);
    let mut blocks = blocks;
    if typesetter.lacks_letters() {
        let notice = content::notice(MISSING_LETTERS);
        set.insert(content::NOTICE_AT.min(set.len()), typesetter.set(&notice));
        blocks.insert(content::NOTICE_AT.min(blocks.len()), notice);
    }
    let pages = pages::paginate(&blocks, &set);
    let mut drawing = Drawing::new(look, &blocks, &set);
    let mut document = Document::new_with(SerializeSettings {
        enable_tagging: true,
        ..SerializeSettings::default()
    });
    document.set_metadata(
        Metadata::new()
            .title(source.full_title())
            .language("en".to_owned())
            .creator("Aloud".to_owned()),
    );
    let total = pages.len();
    for (index, page) in pages.iter().enumerate() {
        let foot = [
            typesetter.set_foot(&source.full_title()),
            typesetter.set_foot(&format!("{} of {total}", index + 1)),
        ];
        drawing.page(&mut document, index, page, &foot)?;
    }
    document.set_outline(drawing.outline);
    document.set_tag_tree(tag_tree(&blocks, drawing.tags));
    document.finish().map_err(|error| PdfError(format!("{error:?}")))
}

/// What is drawn, and what is noted about it on the way.
struct Drawing<'a> {
    look: &'a DocumentLook,
    blocks: &'a [Block],
    set: &'a [SetText],
    outline: Outline,
    /// Of each block, its pieces on the pages.
    tags: Vec<Vec<Node>>,
}

impl<'a> Drawing<'a> {
    fn new(look: &'a DocumentLook, blocks: &'a [Block], set: &'a [SetText]) -> Self {
        Self {
            look,
            blocks,
            set,
            outline: Outline::new(),
            tags: blocks.iter().map(|_| Vec::new()).collect(),
        }
    }

    fn page(
        &mut self,
        document: &mut Document,
        index: usize,
        page: &SheetPage,
        foot: &[SetText; 2],
    ) -> Result<(), PdfError> {
        let settings = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT);
        let mut drawn = document.start_page_with(settings.ok_or_else(|| PdfError("page size".to_owned()))?);
        let mut surface = drawn.surface();
        for placed in &page.blocks {
            self.block(&mut surface, index, placed);
        }
        surface.start_tagged(artifact(ArtifactType::Footer));
        let [title, number] = foot;
        draw_text(&mut surface, title, MARGIN, FOOT_BASELINE);
        draw_text(&mut surface, number, PAGE_WIDTH - MARGIN - number.width, FOOT_BASELINE);
        surface.end_tagged();
        surface.finish();
        drawn.finish();
        Ok(())
    }

    fn block(&mut self, surface: &mut Surface<'_>, page: usize, placed: &PlacedBlock) {
        let (block, set) = (&self.blocks[placed.block], &self.set[placed.block]);
        let begins = placed.lines.start == 0;
        if block.rule && begins && !placed.at_top {
            self.rule(surface, placed.y - block.space / 2.0);
        }
        if let Some(entry) = block.outline.as_ref().filter(|_| begins) {
            let place = XyzDestination::new(page, Point::from_xy(0.0, (placed.y - 12.0).max(0.0)));
            self.outline.push_child(OutlineNode::new(entry.clone(), place));
        }
        let mut y = placed.y;
        for (line, set_line) in set.lines[placed.lines.clone()].iter().enumerate() {
            if begins && line == 0 {
                self.before_first_line(surface, placed.block, y + set_line.baseline);
            }
            let tag = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
            draw_line(surface, set_line, &set.text, block.x(), y + set_line.baseline);
            surface.end_tagged();
            self.tags[placed.block].push(tag.into());
            y += set_line.height;
        }
    }

    /// The name of the section in the margin, and the sign of a point.
    fn before_first_line(&mut self, surface: &mut Surface<'_>, block: usize, baseline: f32) {
        if let Some(label) = &self.set[block].label {
            let tag = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
            draw_text(surface, label, MARGIN, baseline);
            surface.end_tagged();
            self.tags[block].push(tag.into());
        }
        let (x, y) = (self.blocks[block].x() - 15.0, baseline - 7.5);
        let (points, color): (&[&[(f32, f32)]], _) = match self.blocks[block].bullet {
            None => return,
            Some(Bullet::Check) => (&[&[(0.5, 4.5), (3.2, 7.2), (8.5, 1.0)]], self.look.accent),
            Some(Bullet::Plus) => (&[&[(4.5, 0.5), (4.5, 8.0)], &[(0.8, 4.2), (8.2, 4.2)]], self.look.soft),
        };
        surface.start_tagged(artifact(ArtifactType::Layout));
        for strokes in points {
            stroke(surface, strokes.iter().map(|(dx, dy)| (x + dx, y + dy)), 1.2, color);
        }
        surface.end_tagged();
    }

    fn rule(&self, surface: &mut Surface<'_>, y: f32) {
        surface.start_tagged(artifact(ArtifactType::Layout));
        let ends = [(MARGIN, y), (PAGE_WIDTH - MARGIN, y)];
        stroke(surface, ends.into_iter(), 0.7, self.look.line);
        surface.end_tagged();
    }
}

fn artifact(kind: ArtifactType) -> ContentTag<'static> {
    ContentTag::Artifact(Artifact::with_kind(kind))
}

fn color(bytes: [u8; 3]) -> rgb::Color {
    let [red, green, blue] = bytes;
    rgb::Color::new(red, green, blue)
}

fn stroke(surface: &mut Surface<'_>, points: impl Iterator<Item = (f32, f32)>, width: f32, bytes: [u8; 3]) {
    let mut path = PathBuilder::new();
    for (index, (x, y)) in points.enumerate() {
        if index == 0 {
            path.move_to(x, y);
        } else {
            path.line_to(x, y);
        }
    }
    surface.set_fill(None);
    surface.set_stroke(Some(Stroke {
        paint: color(bytes).into(),
        width,
        line_cap: LineCap::Round,
        line_join: LineJoin::Round,
        ..Stroke::default()
    }));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
    surface.set_stroke(None);
}

/// A text of one line.
fn draw_text(surface: &mut Surface<'_>, text: &SetText, x: f32, baseline: f32) {
    if let Some(line) = text.lines.first() {
        draw_line(surface, line, &text.text, x, baseline);
    }
}

fn draw_line(surface: &mut Surface<'_>, line: &SetLine, text: &str, x: f32, baseline: f32) {
    for run in &line.runs {
        surface.set_fill(Some(Fill {
            paint: color(run.color).into(),
            opacity: NormalizedF32::ONE,
            rule: FillRule::default(),
        }));
        let start = Point::from_xy(x + run.x, baseline);
        surface.draw_glyphs(start, &run.glyphs, run.font.clone(), text, run.size, false);
    }
}

/// The document in the order in which it is read.
fn tag_tree(blocks: &[Block], tags: Vec<Vec<Node>>) -> TagTree {
    let mut tree = TagTree::new().with_lang(Some("en".to_owned()));
    for (block, pieces) in blocks.iter().zip(tags) {
        let level = |level: u16| NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN);
        let heading = |depth: u16| TagKind::from(Tag::Hn(level(depth), Some(block.text.clone())));
        let kind = match block.heading {
            Some(Heading::Title) => heading(1),
            Some(Heading::Chapter) => heading(2),
            Some(Heading::Question) => heading(3),
            None => Tag::P.into(),
        };
        tree.push(TagGroup::with_children(kind, pieces));
    }
    tree
}

/// How wide a text may be that begins here.
fn text_width(x: f32) -> f32 {
    PAGE_WIDTH - MARGIN - x
}
