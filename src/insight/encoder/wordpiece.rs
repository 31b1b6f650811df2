//! Word pieces (Wu et al. 2016) as the encoder was trained with: words and punctuation marks apart, lower case, without
//! accents, and each word cut into the longest pieces that are known.

use std::collections::HashMap;

pub(super) const UNKNOWN: &str = "[UNK]";
const STARTS: &str = "[CLS]";
const ENDS: &str = "[SEP]";
/// A longer word is unknown.
const MOST_CHARACTERS: usize = 100;

/// The pieces that are known, each with its id.
#[derive(Debug)]
pub(super) struct WordPieces {
    ids: HashMap<&'static str, u16>,
    /// Characters of the longest piece.
    longest: usize,
    unknown: u16,
    /// What stands before and after every text.
    pub start: u16,
    pub end: u16,
}

impl WordPieces {
    /// From the pieces in the order of their ids, a line each; a piece inside a word begins with "##".
    pub fn new(lines: &'static str) -> Option<Self> {
        let ids: HashMap<&str, u16> = lines.split('\n').zip(0..).collect();
        Some(Self {
            longest: ids.keys().map(|piece| piece.chars().count()).max()?,
            unknown: *ids.get(UNKNOWN)?,
            start: *ids.get(STARTS)?,
            end: *ids.get(ENDS)?,
            ids,
        })
    }

    /// The ids of a text's pieces, without those for start and end.
    pub fn ids(&self, text: &str) -> Vec<u16> {
        let mut ids = Vec::new();
        let mut word = String::new();
        for character in text.chars().flat_map(normalized) {
            if !character.is_whitespace() && !stands_alone(character) {
                word.push(character);
                continue;
            }
            self.add_word(&word, &mut ids);
            word.clear();
            if !character.is_whitespace() {
                self.add_word(character.encode_utf8(&mut [0; 4]), &mut ids);
            }
        }
        self.add_word(&word, &mut ids);
        ids
    }

    pub fn is_one_piece(&self, word: &str) -> bool {
        let ids = self.ids(word);
        ids.len() == 1 && ids != [self.unknown]
    }

    fn add_word(&self, word: &str, ids: &mut Vec<u16>) {
        let first = ids.len();
        let mut rest = word;
        let mut piece = String::new();
        let known_length = word.chars().count() <= MOST_CHARACTERS;
        while !rest.is_empty() && known_length {
            // From the longest piece that could be known down to one character.
            let found = rest
                .char_indices()
                .map(|(at, character)| at + character.len_utf8())
                .take(self.longest)
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .find_map(|end| {
                    piece.clear();
                    if rest.len() < word.len() {
                        piece.push_str("##");
                    }
                    piece.push_str(&rest[..end]);
                    self.ids.get(piece.as_str()).map(|id| (end, *id))
                });
            let Some((end, id)) = found else {
                break;
            };
            ids.push(id);
            rest = &rest[end..];
        }
        if !rest.is_empty() {
            ids.truncate(first);
            ids.push(self.unknown);
        }
    }
}

/// Whether a character is a word of its own: punctuation, ASCII symbols, and the signs of scripts without spaces.
fn stands_alone(character: char) -> bool {
    character.is_ascii_punctuation()
        || matches!(character, '¡' | '§' | '«' | '¶' | '·' | '»' | '¿')
        || matches!(u32::from(character), 0x2010..=0x2027 | 0x2030..=0x2043 | 0x2045..=0x2051 | 0x2053..=0x205E | 0x3001..=0x3003 | 0x3008..=0x3011)
        || matches!(u32::from(character), 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x2FA1F)
}

/// Lower case without accent; nothing for control characters and marks that only combine; a space for white space.
fn normalized(character: char) -> impl Iterator<Item = char> {
    let dropped = character.is_control() && !character.is_whitespace()
        || matches!(character, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fffd}');
    (!dropped)
        .then(|| without_accent(character))
        .into_iter()
        .flat_map(char::to_lowercase)
}

/// The letter under the accent, for the letters of Latin scripts.
fn without_accent(character: char) -> char {
    const LETTERS: [(char, &str); 34] = [
        ('A', "ÀÁÂÃÄÅĀĂĄǍ"),
        ('a', "àáâãäåāăąǎ"),
        ('C', "ÇĆĈĊČ"),
        ('c', "çćĉċč"),
        ('D', "Ď"),
        ('d', "ď"),
        ('E', "ÈÉÊËĒĔĖĘĚ"),
        ('e', "èéêëēĕėęě"),
        ('G', "ĜĞĠĢ"),
        ('g', "ĝğġģ"),
        ('I', "ÌÍÎÏĨĪĬĮİǏ"),
        ('i', "ìíîïĩīĭįǐ"),
        ('K', "Ķ"),
        ('k', "ķ"),
        ('L', "ĹĻĽ"),
        ('l', "ĺļľ"),
        ('N', "ÑŃŅŇ"),
        ('n', "ñńņň"),
        ('O', "ÒÓÔÕÖŌŎŐǑ"),
        ('o', "òóôõöōŏőǒ"),
        ('R', "ŔŖŘ"),
        ('r', "ŕŗř"),
        ('S', "ŚŜŞŠȘ"),
        ('s', "śŝşšș"),
        ('T', "ŢŤȚ"),
        ('t', "ţťț"),
        ('U', "ÙÚÛÜŨŪŬŮŰŲǓ"),
        ('u', "ùúûüũūŭůűųǔ"),
        ('W', "Ŵ"),
        ('w', "ŵ"),
        ('Y', "ÝŶŸ"),
        ('y', "ýÿŷ"),
        ('Z', "ŹŻŽ"),
        ('z', "źżž"),
    ];
    if character.is_ascii() {
        return character;
    }
    let found = LETTERS.iter().find(|(_, accented)| accented.contains(character));
    found.map_or(character, |(letter, _)| *letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_into_the_longest_known_pieces() {
        let pieces = WordPieces::new("[UNK]\n[CLS]\n[SEP]\nsub\n##net\n##s\n,\ncafe\n' \na").unwrap();
        assert_eq!(pieces.ids("Subnets, CAFÉ"), [3, 4, 5, 6, 7]);
        assert_eq!(pieces.ids("subnetx a\u{301}\u{0} a"), [0, 9, 9]);
        assert_eq!(pieces.ids(&"a".repeat(101)), [0]);
        assert!(pieces.ids("  ").is_empty());
    }
}
