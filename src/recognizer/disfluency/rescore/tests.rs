use super::*;
use crate::recognizer::DisfluencyCandidates;

const TEXTS: [&str; 14] = [
    " So", " so", " we", " ran", " the", " scan", " um", " Um", ",", ".", " and", " it", " on", " that",
];
const LEAD: [TokenId; 2] = [100, 101];

fn token(text: &str) -> TokenId {
    TEXTS.iter().position(|token| *token == text).expect("a known token") as TokenId
}

fn tokens(line: &[&str]) -> Vec<TokenId> {
    line.iter().map(|text| token(text)).collect()
}

/// A decoder that knows what was said, and is lost once something else stands before.
struct ScriptedDecoder {
    fed: Vec<TokenId>,
    truth: Vec<TokenId>,
    scores: Vec<f32>,
}

impl Decoder for ScriptedDecoder {
    fn feed(&mut self, tokens: &[TokenId], past: usize) -> Result<&mut [f32], RecognizerError> {
        assert!(past <= self.fed.len(), "nothing was fed before {past}");
        self.fed.truncate(past);
        self.fed.extend_from_slice(tokens);
        self.scores = vec![0.0; TEXTS.len() + 5];
        let said = &self.fed[LEAD.len()..];
        if let Some(next) = self.truth.strip_prefix(said).and_then(<[TokenId]>::first) {
            self.scores[*next as usize] = 6.0;
        }
        Ok(&mut self.scores)
    }
}

/// Words with what came near before each.
fn heard(written: &[(&str, f32, [f32; 2])]) -> Vec<DecodedWord> {
    let word = |(text, filler_log_odds, again_log_odds): &(&str, f32, [f32; 2])| DecodedWord {
        text: text.trim().to_owned(),
        confidence: 0.9,
        tokens: vec![token(text)],
        candidates: Some(DisfluencyCandidates {
            filler: "um",
            filler_log_odds: *filler_log_odds,
            filler_before_log_odds: 0.0,
            again_log_odds: *again_log_odds,
            again_instead_log_odds: 0.0,
            first_instead_log_odds: f32::NEG_INFINITY,
        }),
        ..DecodedWord::default()
    };
    written.iter().map(word).collect()
}

/// What was written, weighed where this was said.
fn weighed_words(truth: &[&str], mut words: Vec<DecodedWord>) -> Vec<DecodedWord> {
    let vocabulary = Vocabulary::new(TEXTS.iter().map(|text| text.as_bytes().to_vec()).collect());
    let mut decoder = ScriptedDecoder {
        fed: Vec::new(),
        truth: tokens(truth),
        scores: Vec::new(),
    };
    let likelihoods = vec![-0.1; words.len()];
    rescore(&mut decoder, &vocabulary, &LEAD, &mut words, &likelihoods).expect("a scripted decoder does not fail");
    words
}

fn rescored(truth: &[&str], written: &[(&str, f32, [f32; 2])]) -> Vec<DisfluencyCandidates> {
    let words = weighed_words(truth, heard(written));
    words.into_iter().filter_map(|word| word.candidates).collect()
}

fn readings(truth: &[&str], written: &[(&str, f32, [f32; 2])]) -> Vec<Option<Alternative>> {
    let words = weighed_words(truth, heard(written));
    words.into_iter().map(|word| word.alternative).collect()
}

const FAR: [f32; 2] = [-20.0; 2];

#[test]
fn a_filler_that_was_said_bears_what_follows_and_one_that_was_not_does_not() {
    let written = [(" so", -20.0, FAR), (" we", -2.0, FAR), (" ran", -20.0, FAR)];
    let said = rescored(&[" so", " um", ",", " we", " ran"], &written);
    assert!(said[1].filler_before_log_odds > -1.0, "{said:?}");
    let not_said = rescored(&[" so", " we", " ran"], &written);
    assert!(
        not_said[1].filler_before_log_odds < PARAMETERS.rescore.filler,
        "{not_said:?}"
    );
    assert_eq!(said[2].filler_before_log_odds, f32::NEG_INFINITY, "it was not near");
}

#[test]
fn one_word_again_is_told_from_two() {
    let near = [-4.0, -4.0];
    let written = [
        (" so", -20.0, FAR),
        (" we", -20.0, FAR),
        (" ran", -20.0, near),
        (" it", -20.0, near),
    ];
    let one = rescored(&[" so", " we", " we", " ran", " it"], &written);
    assert!(
        one[2].again_log_odds[0] > -1.0 && one[3].again_log_odds[1] < -5.0,
        "{one:?}"
    );
    let after_a_stop = rescored(&[" so", " we", ",", " we", " ran", " it"], &written);
    assert!(after_a_stop[2].again_log_odds[0] > -2.0, "{after_a_stop:?}");
    let two = rescored(&[" so", " we", " ran", " we", " ran", " it"], &written);
    assert!(
        two[3].again_log_odds[1] > -1.0 && two[2].again_log_odds[0] < -5.0,
        "{two:?}"
    );
}

#[test]
fn a_word_said_again_that_was_taken_for_another_bears_what_follows_that_other() {
    let near = [-4.0, -20.0];
    let written = [
        (" so", -20.0, FAR),
        (" we", -20.0, FAR),
        (" on", -20.0, near),
        (" ran", -20.0, FAR),
    ];
    let again = rescored(&[" so", " we", " we", " ran"], &written);
    assert!(again[2].again_instead_log_odds > -1.0, "{again:?}");
    let another = rescored(&[" so", " we", " on", " ran"], &written);
    assert!(another[2].again_instead_log_odds < -5.0, "{another:?}");
    let last = rescored(&[" so", " we", " we"], &written[..3]);
    assert_eq!(last[2].again_instead_log_odds, f32::NEG_INFINITY, "nothing supports it");
}

#[test]
fn the_first_of_two_that_was_taken_for_another_word_bears_what_follows() {
    let mut written = [
        (" so", -20.0, FAR),
        (" that", -20.0, FAR),
        (" the", -20.0, FAR),
        (" scan", -20.0, FAR),
    ];
    let twice = rescored(&[" so", " the", " the", " scan"], &written);
    assert!(twice[1].first_instead_log_odds > -1.0, "{twice:?}");
    let once = rescored(&[" so", " that", " the", " scan"], &written);
    assert!(once[1].first_instead_log_odds < -5.0, "{once:?}");
    written[2].0 = " it";
    let other = rescored(&[" so", " the", " it", " scan"], &written);
    assert_eq!(
        other[1].first_instead_log_odds,
        f32::NEG_INFINITY,
        "there are no two of it"
    );
}

#[test]
fn a_filler_that_was_taken_for_a_word_bears_what_follows_that_word() {
    let written = [(" we", -20.0, FAR), (" on", -6.0, FAR), (" ran", -20.0, FAR)];
    let filler = readings(&[" we", " um", ",", " ran"], &written);
    assert!(
        filler[1]
            .as_ref()
            .is_some_and(|alternative| alternative.log_odds > -1.0),
        "{filler:?}"
    );
    let word = readings(&[" we", " on", " ran"], &written);
    assert!(
        word[1].as_ref().is_none_or(|alternative| alternative.log_odds < -5.0),
        "{word:?}"
    );
    assert_eq!(word[2], None, "it sounds like none");
}

#[test]
fn a_filler_that_melted_into_a_word_is_followed_by_another() {
    let said = [" Um", ",", " it", " ran", " the", " scan"];
    let written = |confidence| {
        let mut written = heard(&[
            (" we", -3.0, FAR),
            (" ran", -20.0, FAR),
            (" the", -20.0, FAR),
            (" scan", -20.0, FAR),
        ]);
        written[0].confidence = confidence;
        written
    };
    let doubtful = weighed_words(&said, written(0.3));
    let alternative = doubtful[0].alternative.as_ref().expect("another reading");
    let texts: Vec<&str> = alternative.words.iter().map(|word| word.text.as_str()).collect();
    assert_eq!((alternative.replaced, texts), (1, vec!["it"]));
    assert!(alternative.log_odds > -1.0, "{alternative:?}");
    assert_eq!(
        weighed_words(&said, written(0.9))[0].alternative,
        None,
        "a clear word stays"
    );
    let as_written = weighed_words(&[" Um", ",", " we", " ran", " the", " scan"], written(0.3));
    assert_eq!(as_written[0].alternative, None, "the word stays, after a filler");
}

#[test]
fn a_reading_is_back_in_the_text_where_two_words_running_are_the_same_or_both_end() {
    let words = |line: &str| -> Vec<DecodedWord> {
        let word = |text: &str| DecodedWord {
            text: text.to_owned(),
            ..DecodedWord::default()
        };
        line.split_whitespace().map(word).collect()
    };
    for (alternative, rest, ended, back) in [
        ("it took too", "Henry took too long", false, Some((1, 1))),
        ("took too", "Henry took too long", false, Some((0, 1))),
        ("it took", "Henry took", false, None),
        ("it took", "Henry took", true, Some((1, 1))),
        ("Henry took", "Henry took too", false, Some((0, 0))),
        ("I ran a campaign", "ironic and campaign.", true, Some((3, 2))),
        ("one two", "three four five", true, None),
        ("", "words.", true, Some((0, 1))),
        ("", "words.", false, None),
        ("", "some words.", true, None),
    ] {
        assert_eq!(
            back_in(&words(alternative), &words(rest), ended),
            back,
            "{alternative} / {rest}"
        );
    }
}

#[test]
fn a_sentence_that_begins_with_a_filler_goes_on_with_a_small_letter() {
    let written = [(" So", -1.0, FAR), (" we", -20.0, FAR)];
    let said = rescored(&[" Um", ",", " so", " we"], &written);
    assert!(said[0].filler_before_log_odds > -1.0, "{said:?}");
}
