//! Puts lines on pages: no title stands alone at the foot of a page, and no single line of a paragraph at its foot or top.

use std::ops::Range;

use super::{MARGIN, PAGE_HEIGHT, content::Block, typeset::SetText};

/// Where the text of a page ends; the foot is below.
const BOTTOM: f32 = PAGE_HEIGHT - 68.0;

/// A page and what is on it.
#[derive(Debug, Default)]
pub struct SheetPage {
    pub blocks: Vec<PlacedBlock>,
}

/// A block, or those of its lines that are on this page.
#[derive(Debug, PartialEq)]
pub struct PlacedBlock {
    pub block: usize,
    pub lines: Range<usize>,
    /// The top of its first line.
    pub y: f32,
    /// Nothing is above it.
    pub at_top: bool,
}

pub fn paginate(blocks: &[Block], set: &[SetText]) -> Vec<SheetPage> {
    let mut pages = vec![SheetPage::default()];
    let mut y = MARGIN;
    for (index, block) in blocks.iter().enumerate() {
        let is_empty = pages.last().is_none_or(|page| page.blocks.is_empty());
        let space = if is_empty { 0.0 } else { block.space };
        let breaks = block.on_new_page || y + space + least_height(blocks, set, index) > BOTTOM;
        if breaks && !is_empty {
            pages.push(SheetPage::default());
            y = MARGIN;
        } else {
            y += space;
        }
        y = place(&mut pages, y, index, &set[index]);
    }
    pages
}

/// How much room a block must find on a page to begin there.
fn least_height(blocks: &[Block], set: &[SetText], index: usize) -> f32 {
    let lines = &set[index].lines;
    let height = |count: usize| lines[..count].iter().map(|line| line.height).sum::<f32>();
    if !blocks[index].keeps_next {
        return height(first_lines(lines.len()));
    }
    let next = blocks
        .get(index + 1)
        .map_or(0.0, |next| next.space + least_height(blocks, set, index + 1));
    height(lines.len()) + next
}

/// How many lines stay together at the beginning of a paragraph.
fn first_lines(count: usize) -> usize {
    if count <= 3 { count } else { 2 }
}

/// Places the lines of a block from here on, on further pages where it must be; returns where it ends.
fn place(pages: &mut Vec<SheetPage>, mut y: f32, block: usize, set: &SetText) -> f32 {
    let count = set.lines.len();
    let mut start = 0;
    while start < count {
        let mut room = y;
        let fits = set.lines[start..].iter().take_while(|line| {
            room += line.height;
            room <= BOTTOM
        });
        let mut end = start + fits.count();
        if end < count && count - end < 2 {
            // Two lines go over together.
            end = end.saturating_sub(1).max(start);
        }
        let is_empty = pages.last().is_none_or(|page| page.blocks.is_empty());
        if end == start && is_empty {
            // A line that is higher than a page.
            end = start + 1;
        }
        if end > start
            && let Some(page) = pages.last_mut()
        {
            let at_top = page.blocks.is_empty();
            page.blocks.push(PlacedBlock {
                block,
                lines: start..end,
                y,
                at_top,
            });
            y += set.lines[start..end].iter().map(|line| line.height).sum::<f32>();
        }
        start = end;
        if start < count {
            pages.push(SheetPage::default());
            y = MARGIN;
        }
    }
    y
}
