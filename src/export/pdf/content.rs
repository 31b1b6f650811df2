//! What stands in the PDF, block by block. Knows sizes and order; no fonts, no pages.

use std::ops::Range;

use crate::export::{
    ExportSource,
    summary::{AnswerSummary, LineKind, Section, SectionLine, summaries},
};

use super::MARGIN;

/// Where the text of an answer begins: the names of its sections stand left of it.
const COLUMN: f32 = MARGIN + 112.0;
/// Behind the title and the line under it.
pub const NOTICE_AT: usize = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heading {
    Title,
    Chapter,
    Question,
}

/// The sign before a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bullet {
    Check,
    Plus,
}

/// The letters of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Letters {
    pub size: f32,
    /// From one line to the next.
    pub leading: f32,
    pub weight: f32,
    /// The size for which the text font draws its letters.
    pub optical_size: f32,
    pub soft: bool,
}

const fn letters(size: f32, leading: f32, weight: f32, soft: bool) -> Letters {
    Letters {
        size,
        leading,
        weight,
        optical_size: if size > 15.0 { 28.0 } else { 16.0 },
        soft,
    }
}

pub const TITLE: Letters = letters(23.0, 29.0, 580.0, false);
pub const CHAPTER: Letters = letters(17.0, 23.0, 580.0, false);
pub const QUESTION: Letters = letters(11.5, 16.0, 620.0, false);
pub const BODY: Letters = letters(9.5, 14.5, 410.0, false);
pub const STRONG: Letters = letters(9.5, 14.5, 560.0, false);
pub const SOFT: Letters = letters(9.5, 14.5, 410.0, true);
pub const SPOKEN: Letters = letters(10.5, 17.0, 410.0, false);
pub const LABEL: Letters = letters(8.5, 14.5, 500.0, true);
pub const FOOT: Letters = letters(8.0, 12.0, 410.0, true);

/// A paragraph.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing about its place on a page"
)]
#[derive(Clone, Debug)]
pub struct Block {
    pub text: String,
    pub letters: Letters,
    /// Parts of the text with other letters, as ranges of its bytes.
    pub other: Vec<(Range<usize>, Letters)>,
    /// In the margin, beside the first line.
    pub label: Option<&'static str>,
    pub bullet: Option<Bullet>,
    pub in_column: bool,
    pub space: f32,
    /// A line over it.
    pub rule: bool,
    pub on_new_page: bool,
    /// It never stands alone at the foot of a page.
    pub keeps_next: bool,
    pub heading: Option<Heading>,
    /// Its entry in the table of contents.
    pub outline: Option<String>,
}

impl Block {
    fn new(text: impl Into<String>, letters: Letters, space: f32) -> Self {
        Self {
            text: printable(&text.into()),
            letters,
            other: Vec::new(),
            label: None,
            bullet: None,
            in_column: false,
            space,
            rule: false,
            on_new_page: false,
            keeps_next: false,
            heading: None,
            outline: None,
        }
    }

    fn column(text: impl Into<String>, letters: Letters, space: f32) -> Self {
        Self {
            in_column: true,
            ..Self::new(text, letters, space)
        }
    }

    fn titled(text: impl Into<String>, letters: Letters, space: f32, heading: Heading) -> Self {
        Self {
            keeps_next: true,
            heading: Some(heading),
            ..Self::new(text, letters, space)
        }
    }

    /// Where its lines begin, from the left edge.
    pub fn x(&self) -> f32 {
        if self.in_column { COLUMN } else { MARGIN }
    }
}

/// The document.
pub fn blocks(source: &ExportSource) -> Vec<Block> {
    let mut title = Block::titled(&source.title, TITLE, 0.0, Heading::Title);
    title.outline = Some("Overview".to_owned());
    let mut blocks = vec![
        title,
        Block::new(format!("{}. {}.", source.day, source.in_short()), SOFT, 4.0),
    ];
    let answers = summaries(source);
    for answer in &answers {
        add_overview(&mut blocks, answer);
    }
    let mut first = true;
    for answer in answers.iter().filter(|answer| has_more(answer)) {
        add_transcript(&mut blocks, answer, std::mem::take(&mut first));
    }
    add_reflection(&mut blocks, source);
    blocks
}

/// A sentence about the document itself.
pub fn notice(text: &str) -> Block {
    Block::new(text, SOFT, 4.0)
}

fn question(answer: &AnswerSummary<'_>, space: f32) -> Block {
    let text = format!("{}. {}", answer.number, answer.question);
    Block::titled(text, QUESTION, space, Heading::Question)
}

fn add_overview(blocks: &mut Vec<Block>, answer: &AnswerSummary<'_>) {
    let mut title = question(answer, 30.0);
    title.rule = true;
    blocks.push(title);
    if let Some(without) = answer.without {
        blocks.push(Block::new(without, SOFT, 3.0));
        return;
    }
    blocks.push(Block {
        keeps_next: true,
        ..Block::new(&answer.figures, SOFT, 3.0)
    });
    blocks.push(Block {
        label: Some("Begins with"),
        ..Block::column(&answer.excerpt, SOFT, 10.0)
    });
    for section in &answer.sections {
        add_section(blocks, section);
    }
}

fn add_section(blocks: &mut Vec<Block>, section: &Section) {
    for (index, line) in section.lines.iter().enumerate() {
        let first = index == 0;
        let mut block = point(line, if first { 9.0 } else { 3.0 });
        block.label = first.then_some(section.name);
        blocks.push(block);
    }
}

/// A point with its name on one line and what shows it below, or a word with its count, or a sentence.
fn point(line: &SectionLine, space: f32) -> Block {
    let bullet = match line.kind {
        LineKind::Made => Some(Bullet::Check),
        LineKind::Open => Some(Bullet::Plus),
        LineKind::Sentence => None,
    };
    let between = match (line.label.is_empty() || line.text.is_empty(), bullet) {
        (true, _) => "",
        (false, Some(_)) => "\n",
        (false, None) => ": ",
    };
    let label = printable(&line.label);
    let text = format!("{label}{between}{}", printable(&line.text));
    let label = 0..label.len();
    let rest = label.end..text.len();
    let mut block = Block::column(text, BODY, space);
    block.bullet = bullet;
    if !label.is_empty() {
        block.other.push((label, STRONG));
        if bullet.is_some() {
            block.other.push((rest, SOFT));
        }
    }
    block
}

/// Whether there is more of an answer than the overview shows.
fn has_more(answer: &AnswerSummary<'_>) -> bool {
    !answer.paragraphs.is_empty() || !answer.follow_ups.is_empty() || !answer.notes.is_empty()
}

fn add_transcript(blocks: &mut Vec<Block>, answer: &AnswerSummary<'_>, first: bool) {
    if first {
        let mut chapter = Block::titled("Transcripts", CHAPTER, 0.0, Heading::Chapter);
        chapter.on_new_page = true;
        blocks.push(chapter);
    }
    let mut title = question(answer, if first { 16.0 } else { 34.0 });
    title.rule = !first;
    title.outline = Some(title.text.clone());
    blocks.push(title);
    if answer.without.is_none() {
        blocks.push(Block {
            keeps_next: true,
            ..Block::new(&answer.figures, SOFT, 3.0)
        });
    }
    add_paragraphs(blocks, answer.paragraphs.iter().map(String::as_str), "Answer", SPOKEN);
    for (ask, words) in &answer.follow_ups {
        blocks.push(Block {
            label: Some("Then you were asked"),
            keeps_next: true,
            ..Block::column(*ask, QUESTION, 14.0)
        });
        add_paragraphs(blocks, words.iter().map(String::as_str), "Answer", SPOKEN);
    }
    add_paragraphs(blocks, lines(answer.notes), "Notes", BODY);
}

fn add_reflection(blocks: &mut Vec<Block>, source: &ExportSource) {
    for (index, (name, text)) in source.reflection().into_iter().enumerate() {
        if index == 0 {
            let mut chapter = Block::titled("Reflection", CHAPTER, 44.0, Heading::Chapter);
            chapter.outline = Some(chapter.text.clone());
            blocks.push(chapter);
        }
        add_paragraphs(blocks, lines(text), name, BODY);
    }
}

fn add_paragraphs<'a>(
    blocks: &mut Vec<Block>,
    texts: impl Iterator<Item = &'a str>,
    label: &'static str,
    letters: Letters,
) {
    for (index, text) in texts.enumerate() {
        let first = index == 0;
        blocks.push(Block {
            label: first.then_some(label),
            ..Block::column(text, letters, if first { 12.0 } else { letters.leading / 2.0 })
        });
    }
}

/// Without what moves a terminal's cursor: there is nothing to print of it.
fn printable(text: &str) -> String {
    let letters = text.chars();
    letters
        .map(|letter| {
            if letter.is_control() && letter != '\n' {
                ' '
            } else {
                letter
            }
        })
        .collect()
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}
