//! Job terms that the recognizer wrote down as they sound: "seam" where SIEM was said. They are shown as the term.

use super::{Text, asked_for};
use crate::{
    insight::token_view::TokenView,
    question::{Field, Question, Term},
    transcript::{Transcript, Word},
};

/// A spoken answer whose misheard terms are written as the terms, each as one word that keeps what was heard. What was typed
/// stays, and so does what the recognizer may well have written as it was said ("saga" for "saga pattern").
pub(in crate::insight) fn with_misheard_terms(
    transcript: &Transcript,
    question: Option<&Question>,
    field: &Field,
) -> Transcript {
    let found: Vec<_> = {
        let view = TokenView::new(transcript);
        let text = Text::new(&view);
        let chosen = text.chosen(field, &asked_for(question));
        let misheard = chosen.iter().filter(|found| found.spoken);
        misheard
            .map(|found| (text.words(found), &field.terms[found.term]))
            .collect()
    };
    let mut words = Vec::with_capacity(transcript.words.len());
    let mut next = 0;
    for (range, term) in found {
        let Some(heard) = transcript.words.get(range.clone()).filter(|_| range.start >= next) else {
            continue;
        };
        if let Some(word) = shown_as(term, heard) {
            words.extend_from_slice(&transcript.words[next..range.start]);
            words.push(word);
            next = range.end;
        }
    }
    words.extend_from_slice(&transcript.words[next..]);
    Transcript::of(words)
}

/// The term in place of these words, with what stood around them; nothing where they are its name already, or were not heard.
fn shown_as(term: &Term, heard: &[Word]) -> Option<Word> {
    let (first, last) = (heard.first()?, heard.last()?);
    let span = heard.iter().map(|word| word.span).collect::<Option<Vec<_>>>()?;
    if heard.iter().any(|word| word.heard.is_some()) || says_its_name(term, heard) {
        return None;
    }
    let before = first.text.find(char::is_alphanumeric)?;
    let after = last.text.rfind(char::is_alphanumeric)?;
    let after = after + last.text[after..].chars().next()?.len_utf8();
    let texts: Vec<&str> = heard.iter().map(|word| word.text.as_str()).collect();
    let whole = texts.join(" ");
    let end = whole.len() - (last.text.len() - after);
    let said = &whole[before..end];
    Some(Word {
        text: format!("{}{}{}", &whole[..before], name_like(term, said), &whole[end..]),
        span: span.into_iter().reduce(crate::span::Span::join),
        confidence: heard.iter().map(|word| word.confidence).fold(1.0, f32::min),
        then: last.then,
        heard: Some(said.to_owned()),
        ..first.clone()
    })
}

/// The name or the acronym, whichever has a length more like what was heard.
fn name_like<'a>(term: &'a Term, said: &str) -> &'a str {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    let names = [Some(&term.name), term.acronym.as_ref()].into_iter().flatten();
    names
        .min_by_key(|name| letters(name).abs_diff(letters(said)))
        .map_or("", String::as_str)
}

/// Whether the words of a written form are all among those that were heard, or the other way around.
fn says_its_name(term: &Term, heard: &[Word]) -> bool {
    let heard: Vec<String> = heard.iter().map(Word::bare).collect();
    let written = [Some(&term.name), term.long_form.as_ref(), term.acronym.as_ref()];
    written.into_iter().flatten().chain(&term.also).any(|form| {
        let form: Vec<String> = form.split_whitespace().map(str::to_lowercase).collect();
        form.iter().all(|word| heard.contains(word)) || heard.iter().all(|word| form.contains(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    fn field() -> Field {
        let term = |name: &str, also: &[&str], spoken: &[&str]| Term {
            name: name.to_owned(),
            acronym: name.chars().all(char::is_uppercase).then(|| name.to_owned()),
            also: also.iter().map(|text| (*text).to_owned()).collect(),
            spoken: spoken.iter().map(|text| (*text).to_owned()).collect(),
            ..Term::default()
        };
        let mut field: Field = toml::from_str("id = \"it\"\nname = \"IT\"\nquestions = []\n").expect("a field");
        field.terms = vec![
            term("SIEM", &[], &["seam", "s i e m"]),
            term("saga pattern", &[], &["saga"]),
            term("GitLab", &[], &["get lab"]),
            term("firewall", &[], &[]),
        ];
        field
    }

    fn spoken(text: &str) -> Transcript {
        let words = text.split(' ').zip(0_u32..);
        Transcript::of(
            words
                .map(|(word, at)| Word::spoken(word, Span::new(f64::from(at), f64::from(at) + 0.5), 0.9))
                .collect(),
        )
    }

    #[test]
    fn misheard_terms_are_shown_as_the_terms() {
        let shown = with_misheard_terms(
            &spoken("The firewall fed our seam, and get lab ran it."),
            None,
            &field(),
        );
        assert_eq!(shown.text(), "The firewall fed our SIEM, and GitLab ran it.");
        let heard: Vec<_> = shown.words.iter().filter_map(|word| word.heard.as_deref()).collect();
        assert_eq!(heard, ["seam", "get lab"]);
        assert_eq!(shown.words[6].span, Some(Span::new(6.0, 7.5)));
        let again = with_misheard_terms(&shown, None, &field());
        assert_eq!(again, shown);
    }

    #[test]
    fn what_was_said_or_typed_stays() {
        for text in ["We used a saga with the firewall.", "There is a seam in my coat."] {
            assert_eq!(with_misheard_terms(&spoken(text), None, &field()).text(), text);
        }
        let typed = Transcript::typed("The firewall fed our seam.");
        assert_eq!(with_misheard_terms(&typed, None, &field()), typed);
    }
}
