//! The policy against a speaker whose every word is known: words with their times in, and what a recognizer would make
//! of each window computed from them.

use proptest::prelude::*;

use super::*;

/// What is said, as (word, start, end) in seconds.
#[derive(Clone, Debug, Default)]
struct SpokenScript {
    words: Vec<(String, f64, f64)>,
    seconds: f64,
}

impl SpokenScript {
    /// "we had … a plan": each word takes 0.3 s, each "…" is a silence of 0.2 s.
    fn of(line: &str) -> Self {
        let mut script = Self {
            words: Vec::new(),
            seconds: 0.5,
        };
        for token in line.split_whitespace() {
            if token == "…" {
                script.seconds += 0.2;
            } else {
                script
                    .words
                    .push((token.to_owned(), script.seconds, script.seconds + 0.3));
                script.seconds += 0.3;
            }
        }
        script.seconds += 1.0;
        script
    }

    fn frames(&self) -> Vec<Frame> {
        (0..(self.seconds / FRAME_SECONDS) as usize)
            .map(|index| {
                let at = index as f64 * FRAME_SECONDS;
                let last_voiced = self.words.iter().any(|(_, start, end)| (*start..*end).contains(&at));
                if last_voiced {
                    Frame {
                        loudness: -25.0,
                        voice: 0.9,
                    }
                } else {
                    Frame {
                        loudness: -70.0,
                        voice: 0.05,
                    }
                }
            })
            .collect()
    }

    /// The words of a segment, with the spans that a final decode gives.
    fn words_in(&self, segment: Segment) -> Vec<RecognizedWord> {
        let span = segment.span();
        self.words
            .iter()
            .filter(|(_, start, end)| (span.start..span.end).contains(&f64::midpoint(*start, *end)))
            .map(|(text, start, end)| word(text, *start, *end))
            .collect()
    }
}

fn word(text: &str, start: f64, end: f64) -> RecognizedWord {
    RecognizedWord {
        text: text.to_owned(),
        confidence: 0.9,
        span: Some(Span::new(start, end)),
        tokens: vec![1],
        ..RecognizedWord::default()
    }
}

/// Everything that came out.
#[derive(Debug, Default)]
struct RunOutcome {
    settled: Vec<String>,
    last: Vec<String>,
    partials: usize,
    longest_window: f64,
    longest_listen: f64,
    /// Most words that were shown and not settled.
    most_tentative: usize,
}

/// How wrong the quick looks are.
#[derive(Clone, Copy, Debug)]
enum QuickRun {
    Right,
    /// The last word is another one unless the window ends in silence.
    CutOff,
    /// Every n-th fails.
    Failing(usize),
    /// Every n-th writes something else altogether.
    Wrong(usize),
    /// Loses its place at the end and begins again.
    Looping,
}

/// Plays a script through the policy; a final decode comes `late` frames after it was asked for.
fn play(script: &SpokenScript, quick: QuickRun, late: u64, parameters: StreamingParameters) -> RunOutcome {
    play_with(
        StreamingPolicy::new(parameters, SettledBy::FinalDecode),
        script,
        quick,
        late,
    )
}

fn play_with(mut live: StreamingPolicy, script: &SpokenScript, quick: QuickRun, late: u64) -> RunOutcome {
    let mut outcome = RunOutcome::default();
    let mut owed: Vec<(u64, Segment)> = Vec::new();
    let frames = script.frames();
    let take = |outcome: &mut RunOutcome, update: TranscriptUpdate| {
        outcome
            .settled
            .extend(update.settled.iter().map(|word| word.text.clone()));
        outcome.most_tentative = outcome.most_tentative.max(update.tentative.len());
    };
    for (index, frame) in frames.iter().enumerate() {
        let now = index as u64;
        live.push_frame(*frame);
        if index + 1 == frames.len() {
            live.finish();
        }
        if let Some(segment) = live.next_final() {
            owed.push((now + late, segment));
        }
        if let Some(partial) = live.next_partial() {
            outcome.partials += 1;
            outcome.longest_window = outcome.longest_window.max(partial.segment.seconds());
            let result = partial_decoded(script, &partial, quick, outcome.partials);
            let update = live.partial_decoded(partial.segment, result, 0.1);
            take(&mut outcome, update);
        }
        while owed
            .first()
            .is_some_and(|(due, _)| *due <= now || index + 1 == frames.len())
        {
            let (_, segment) = owed.remove(0);
            outcome.longest_listen = outcome.longest_listen.max(segment.seconds());
            let update = live.final_decoded(segment, Some(script.words_in(segment)));
            take(&mut outcome, update);
        }
    }
    while let Some(segment) = live.next_final() {
        let update = live.final_decoded(segment, Some(script.words_in(segment)));
        take(&mut outcome, update);
    }
    assert!(live.is_idle(), "something is still open");
    outcome.last = live.final_words().iter().map(|word| word.text.clone()).collect();
    outcome
}

fn partial_decoded(script: &SpokenScript, partial: &PartialRequest, quick: QuickRun, number: usize) -> PartialResult {
    let all = script.words_in(partial.segment);
    let mut words = all[partial.known.len().min(all.len())..].to_vec();
    let failed = match quick {
        QuickRun::Right => false,
        QuickRun::Looping => {
            words.extend_from_slice(if all.len() < 4 { &[] } else { &all });
            false
        }
        QuickRun::CutOff => {
            let end = partial.segment.span().end;
            if let Some(last) = words.last_mut()
                && last.span.is_some_and(|span| span.end > end)
            {
                last.text = format!("{}…", last.text);
            }
            false
        }
        QuickRun::Failing(every) => number.is_multiple_of(every),
        QuickRun::Wrong(every) => {
            if number.is_multiple_of(every) {
                words = vec![word("nonsense", 0.0, 0.1), word(&number.to_string(), 0.1, 0.2)];
            }
            false
        }
    };
    PartialResult { words, failed }
}

#[test]
fn a_word_that_is_worded_anew_stays_while_what_follows_it_stays() {
    let words = |text: &str| text.split(' ').map(|text| word(text, 0.0, 0.1)).collect::<Vec<_>>();
    for (shown, now, steady) in [
        (
            "our authorities claim",
            "other authorities claim that",
            "our authorities claim that",
        ),
        ("our story is", "authorities claim that", "authorities claim that"),
        ("we will do", "we will do it", "we will do it"),
        ("the long part", "the long pause", "the long pause"),
        ("there's some", "there is some", "there is some"),
        ("a b c d the", "e f g h the", "e f g h the"),
    ] {
        let texts: Vec<String> = steadied(&words(shown), words(now))
            .into_iter()
            .map(|word| word.text)
            .collect();
        assert_eq!(texts.join(" "), steady, "{shown}");
    }
}

#[test]
fn half_a_word_that_is_doubtful_is_kept_back_until_it_is_whole() {
    let doubtful = |text: &str, start, end| RecognizedWord {
        confidence: 0.3,
        ..word(text, start, end)
    };
    let mut live = StreamingPolicy::new(StreamingParameters::default(), SettledBy::FinalDecode);
    let script = talk(5, 1_000, 0);
    let mut partials = 0;
    let mut shown = Vec::new();
    for frame in script.frames() {
        live.push_frame(frame);
        let Some(partial) = live.next_partial() else { continue };
        partials += 1;
        let words = match partials {
            1 => vec![word("so", 0.0, 0.3), doubtful("inter", 0.3, 0.5)],
            2 => vec![word("so", 0.0, 0.3), doubtful("interview", 0.3, 0.8)],
            3 => vec![doubtful("interview", 0.3, 0.8)],
            _ => break,
        };
        let result = PartialResult { words, failed: false };
        let update = live.partial_decoded(partial.segment, result, 0.1);
        let texts = |words: &[RecognizedWord]| words.iter().map(|word| word.text.clone()).collect::<Vec<_>>().join(" ");
        shown.push((texts(&update.settled), texts(&update.tentative)));
    }
    let expected = [("", "so"), ("so", ""), ("", "interview")];
    assert_eq!(
        shown,
        expected.map(|(settled, open)| (settled.to_owned(), open.to_owned()))
    );
}

#[test]
fn a_partial_decode_that_begins_anew_is_believed_up_to_there_unless_it_tells_less_than_before() {
    let mut live = StreamingPolicy::new(StreamingParameters::default(), SettledBy::FinalDecode);
    let looks = ["a b c d e", "a b c d a b c d", "a b c d e f a b c d e f"];
    let mut looks = looks.into_iter();
    let mut told = Vec::new();
    for frame in talk(8, 1_000, 0).frames() {
        live.push_frame(frame);
        let Some(partial) = live.next_partial() else { continue };
        let Some(look) = looks.next() else { break };
        let words = look.split(' ').map(|text| word(text, 0.0, 0.1)).collect();
        let update = live.partial_decoded(partial.segment, PartialResult { words, failed: false }, 0.1);
        let text = |words: &[RecognizedWord]| words.iter().map(|word| word.text.as_str()).collect::<String>();
        told.push((text(&update.settled), text(&update.tentative)));
    }
    let expected = [("", "abcde"), ("", "abcde"), ("abcde", "f")];
    assert_eq!(
        told,
        expected.map(|(settled, open)| (settled.to_owned(), open.to_owned()))
    );
}

fn said(script: &SpokenScript) -> Vec<String> {
    script.words.iter().map(|(text, ..)| text.clone()).collect()
}

/// A line of different words, with a silence after every `run` of them.
fn talk(words: usize, run: usize, silence: usize) -> SpokenScript {
    let mut line = String::new();
    for index in 0..words {
        line += &["w", &index.to_string(), " "].concat();
        if (index + 1) % run == 0 {
            line.push_str(&"… ".repeat(silence));
        }
    }
    SpokenScript::of(&line)
}

#[test]
fn every_word_is_settled_once_and_in_order() {
    for (name, script) in [
        ("short", SpokenScript::of("hello")),
        ("sentence", SpokenScript::of("we had a plan … … … and it worked")),
        ("dips", talk(150, 4, 1)),
        ("pauses", talk(60, 6, 4)),
    ] {
        for quick in [
            QuickRun::Right,
            QuickRun::CutOff,
            QuickRun::Failing(3),
            QuickRun::Looping,
        ] {
            for late in [0, 20, 200] {
                let outcome = play(&script, quick, late, StreamingParameters::default());
                assert_eq!(outcome.last, said(&script), "{name}, {quick:?}, {late}");
                assert_eq!(outcome.settled, said(&script), "{name}, {quick:?}, {late}");
            }
        }
    }
}

#[test]
fn without_any_short_pause_the_final_text_is_complete_and_the_live_text_nearly_so() {
    let script = talk(150, 1_000, 0);
    for quick in [QuickRun::Right, QuickRun::CutOff, QuickRun::Failing(3)] {
        let outcome = play(&script, quick, 20, StreamingParameters::default());
        assert_eq!(outcome.last, said(&script), "{quick:?}");
        // A blind cut may hide a word of the live text; it stands in the final one.
        let mut rest = outcome.last.iter();
        assert!(
            outcome.settled.iter().all(|word| rest.any(|said| said == word)),
            "{quick:?}: out of order"
        );
        assert!(
            outcome.settled.len() >= 146,
            "{quick:?}: {} words",
            outcome.settled.len()
        );
    }
}

#[test]
fn silence_asks_for_nothing() {
    let script = SpokenScript {
        words: Vec::new(),
        seconds: 60.0,
    };
    let outcome = play(&script, QuickRun::Right, 0, StreamingParameters::default());
    assert_eq!((outcome.partials, outcome.last.len()), (0, 0));
}

#[test]
fn a_click_is_no_speech() {
    let mut live = StreamingPolicy::new(StreamingParameters::default(), SettledBy::FinalDecode);
    for index in 0..200 {
        let voice = if index % 50 < 2 { 0.9 } else { 0.0 };
        live.push_frame(Frame { loudness: -30.0, voice });
        assert_eq!(live.next_partial(), None);
    }
    live.finish();
    assert_eq!(live.next_final(), None);
}

#[test]
fn words_are_settled_while_someone_goes_on_speaking() {
    let script = talk(60, 5, 1);
    let mut live = StreamingPolicy::new(StreamingParameters::default(), SettledBy::FinalDecode);
    let mut settled = 0;
    let mut at_ten_seconds = 0;
    for (index, frame) in script.frames().into_iter().enumerate() {
        live.push_frame(frame);
        if let Some(partial) = live.next_partial() {
            let result = partial_decoded(&script, &partial, QuickRun::CutOff, index);
            settled += live.partial_decoded(partial.segment, result, 0.1).settled.len();
        }
        if index as f64 * FRAME_SECONDS > 7.0 && at_ten_seconds == 0 {
            at_ten_seconds = settled;
        }
    }
    assert!(
        at_ten_seconds >= 12,
        "{at_ten_seconds} words were settled after seven seconds of speech"
    );
}

#[test]
fn windows_and_segments_stay_short_however_long_someone_speaks() {
    for script in [talk(400, 5, 1), talk(400, 1_000, 0)] {
        let outcome = play(&script, QuickRun::CutOff, 20, StreamingParameters::default());
        assert!(outcome.longest_listen <= 15.0, "{}", outcome.longest_listen);
        assert!(outcome.longest_window <= 15.0, "{}", outcome.longest_window);
    }
    let outcome = play(&talk(400, 5, 1), QuickRun::CutOff, 20, StreamingParameters::default());
    assert!(
        outcome.longest_window <= 7.0,
        "dips keep the window short: {}",
        outcome.longest_window
    );
}

#[test]
fn segments_end_where_the_sound_says_however_late_a_decode_comes() {
    for script in [talk(400, 5, 1), talk(400, 1_000, 0), talk(200, 7, 2)] {
        let cut = |partials: bool| {
            let mut live = StreamingPolicy::new(StreamingParameters::default(), SettledBy::FinalDecode);
            let mut segments = Vec::new();
            for (index, frame) in script.frames().into_iter().enumerate() {
                live.push_frame(frame);
                if let Some(partial) = live.next_partial().filter(|_| partials) {
                    live.partial_decoded(
                        partial.segment,
                        partial_decoded(&script, &partial, QuickRun::CutOff, index),
                        0.1,
                    );
                }
                segments.extend(live.next_final());
            }
            live.finish();
            segments.extend(live.next_final());
            segments
        };
        assert_eq!(cut(true), cut(false));
    }
}

#[test]
fn what_nobody_has_looked_at_is_told_in_seconds() {
    let script = talk(20, 5, 1);
    let mut live = StreamingPolicy::new(StreamingParameters::default(), SettledBy::FinalDecode);
    assert_eq!(live.undecoded_seconds(), 0.0);
    let mut told = Vec::new();
    for frame in script.frames() {
        live.push_frame(frame);
        told.push(live.undecoded_seconds());
    }
    assert!(told.is_sorted(), "it grows as long as nobody looks");
    let said = script.words.last().unwrap().2 - script.words[0].1;
    let undecoded_seconds = *told.last().unwrap();
    assert!(
        (undecoded_seconds - said).abs() < 1.0,
        "{undecoded_seconds} s of {said} s"
    );
    while let Some(segment) = live.next_final() {
        live.final_decoded(segment, Some(script.words_in(segment)));
    }
    live.finish();
    while let Some(segment) = live.next_final() {
        live.final_decoded(segment, Some(script.words_in(segment)));
    }
    assert_eq!(live.undecoded_seconds(), 0.0);
}

#[test]
fn a_slow_machine_looks_less_often() {
    let script = talk(100, 1_000, 0);
    let count = |seconds: f64| {
        let mut live = StreamingPolicy::new(StreamingParameters::default(), SettledBy::FinalDecode);
        let mut partials = 0;
        for frame in script.frames() {
            live.push_frame(frame);
            if let Some(partial) = live.next_partial() {
                partials += 1;
                let result = partial_decoded(&script, &partial, QuickRun::Right, partials);
                live.partial_decoded(partial.segment, result, seconds);
            }
        }
        partials
    };
    assert!(count(0.1) > 2 * count(1.0), "{} and {}", count(0.1), count(1.0));
}

#[test]
fn a_decode_that_fails_leaves_what_was_shown() {
    let script = SpokenScript::of("we had a plan … … … …");
    let mut live = StreamingPolicy::new(StreamingParameters::default(), SettledBy::FinalDecode);
    let mut settled: Vec<RecognizedWord> = Vec::new();
    for frame in script.frames() {
        live.push_frame(frame);
        if let Some(partial) = live.next_partial() {
            let result = partial_decoded(&script, &partial, QuickRun::Right, 1);
            settled.extend(live.partial_decoded(partial.segment, result, 0.1).settled);
        }
    }
    let segment = live.next_final().expect("the segment has ended");
    settled.extend(live.final_decoded(segment, None).settled);
    assert_eq!(settled.len(), 4, "{settled:?}");
    assert_eq!(live.final_words().len(), 4);
}

#[test]
fn a_better_second_decode_writes_nothing_twice() {
    let check = |settled: &str, last: &str, expect: &str| {
        let words = |line: &str| {
            line.split_whitespace()
                .map(|text| word(text, 0.0, 0.1))
                .collect::<Vec<_>>()
        };
        let rest = after_settled(&words(settled), &words(last));
        let rest: Vec<&str> = rest.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(rest.join(" "), expect, "{settled} | {last}");
    };
    check("", "we had a plan", "we had a plan");
    check("we had", "We had a plan.", "a plan.");
    check("we add", "we had a plan", "a plan");
    check("we had a", "we had plan b", "b");
    check("we had a plan", "we had a plan", "");
    check("we had a plan b", "we had a plan", "");
    check("it put them", "it it put them there", "there");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn whatever_is_said_the_final_words_are_complete_and_in_order(
        gaps in prop::collection::vec(0_usize..6, 1..80),
        late in 0_u64..300,
        wrong in 2_usize..6,
    ) {
        let line: String =
            gaps.iter().enumerate().map(|(index, gap)| ["w", &index.to_string(), " ", &"… ".repeat(*gap)].concat()).collect();
        let script = SpokenScript::of(&line);
        let outcome = play(&script, QuickRun::Wrong(wrong), late, StreamingParameters::default());
        prop_assert_eq!(outcome.last, said(&script));
        // Nothing wrong is ever settled: no two partial decodes running are wrong in the same way.
        prop_assert!(outcome.settled.iter().all(|word| word.starts_with('w')), "{:?}", outcome.settled);
    }
}

#[test]
fn a_policy_is_changed_by_name() {
    let changed = StreamingParameters::changed("step=0.4 pause=0.8/0.5/6").unwrap();
    let expected = StreamingParameters {
        step: 0.4,
        pause: (0.8, 0.5, 6.0),
        ..StreamingParameters::default()
    };
    assert_eq!(changed, expected);
    for wrong in ["step", "step=fast", "stride=0.4", "pause=0.7"] {
        assert_eq!(
            StreamingParameters::changed(wrong).unwrap_err(),
            format!("\"{wrong}\" is nothing that the live policy can go by")
        );
    }
}

#[test]
fn where_another_model_writes_the_final_text_the_live_words_do_not_wait_for_it() {
    let never = 1_000_000;
    for quick in [
        QuickRun::Right,
        QuickRun::CutOff,
        QuickRun::Failing(3),
        QuickRun::Wrong(4),
    ] {
        for script in [talk(60, 1_000, 0), talk(60, 5, 1), talk(60, 7, 4)] {
            let live = StreamingPolicy::new(StreamingParameters::default(), SettledBy::PartialDecode);
            let outcome = play_with(live, &script, quick, never);
            let said: Vec<&str> = script.words.iter().map(|(text, ..)| text.as_str()).collect();
            assert_eq!(outcome.last, said, "the final text is whole");
            assert!(
                outcome.settled.len() + 4 > said.len(),
                "{quick:?}: {:?}",
                outcome.settled
            );
            if matches!(quick, QuickRun::Right | QuickRun::CutOff) {
                assert_eq!(outcome.settled, said, "{quick:?}: each word once, in its place");
            }
        }
    }
}

#[test]
fn preliminary_words_stand_in_for_final_ones_that_are_not_there_yet() {
    let script = talk(60, 7, 4);
    let mut live = StreamingPolicy::new(StreamingParameters::default(), SettledBy::PartialDecode);
    for frame in script.frames() {
        live.push_frame(frame);
    }
    live.finish();
    let first = live.next_final().unwrap();
    live.final_decoded(first, Some(vec![word("final", 0.0, 0.1)]));
    assert_eq!(live.preliminary_words(), None, "there is nothing of the rest yet");
    let mut asked = 0;
    while let Some(segment) = live.next_preliminary() {
        asked += 1;
        live.preliminary_decoded(segment, Some(vec![word("quick", 0.0, 0.1)]));
    }
    let words = live.preliminary_words().unwrap();
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    assert!(asked > 1, "{asked}");
    assert_eq!(texts[0], "final");
    assert!(
        texts[1..].iter().all(|text| *text == "quick") && texts.len() == asked + 1,
        "{texts:?}"
    );
}
