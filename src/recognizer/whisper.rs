//! Whisper, through whisper-rs: the only place that names it, and the only one with `unsafe` code.
//!
//! Two ways of decoding share one shaping of the token scores ([`Shaping`]):
//! - [`Recognizer::glance`] drives the encoder and the decoder itself. The sound is encoded once, the words already
//!   known are given to the decoder in one batch, and decoding stops as soon as it goes wrong.
//! - [`Recognizer::listen`] uses `whisper_full`, the only way to the alignment heads from which the times of the words
//!   come (dynamic time warping over the cross attention, as in OpenAI's `timing.py`).
#![expect(
    unsafe_code,
    reason = "whisper-rs offers the logits filter and the encoder callback only as C callbacks"
)]

use std::{
    collections::HashMap,
    ffi::{c_int, c_void},
    path::Path,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use whisper_rs::{
    DtwMode, DtwModelPreset, DtwParameters, FullParams, SamplingStrategy, WhisperContext, WhisperContextParameters,
    WhisperState, WhisperTokenData, whisper_rs_sys,
};

use super::{
    Ears, HeardWord, Hearing, Nearly, Recognizer, RecognizerError, Room, Window, left_out,
    loops::{goes_in_circles, up_to_a_phrase_again},
};
use crate::{
    models,
    span::Span,
    take::RATE,
    transcript::{Witness, vocal_filler},
};

/// The encoder's positions a second.
const POSITIONS_PER_SECOND: f64 = 50.0;
/// The encoder's longest window, in positions: 30 s.
const MOST_POSITIONS: usize = 1500;
/// Empty positions after the sound. With too few the decoder loses its place and says the last phrase again.
const GLANCE_MARGIN: usize = 128;
const LISTEN_MARGIN: usize = 256;
const AMPLE_MARGIN: usize = 512;
const LEAST_AMPLE: usize = 1024;
/// The decoder has room for 448 tokens, those before the text included.
const MOST_TOKENS: usize = 440;
/// What is put before the text so that Whisper does not tidy fillers away. Longer prompts cut sentences.
const FILLER_PROMPT: &str = "Um, uh, hmm, er, ah.";

/// Whisper's number for English.
const ENGLISH: c_int = 0;

/// A loaded Whisper model, from which ears are made.
pub struct WhisperModel {
    context: Arc<WhisperContext>,
    vocabulary: Arc<Vocabulary>,
    language: Arc<OnceLock<c_int>>,
}

impl std::fmt::Debug for WhisperModel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WhisperModel").finish_non_exhaustive()
    }
}

impl WhisperModel {
    /// Loads a ggml model file.
    pub fn load(path: &Path) -> Result<Self, RecognizerError> {
        if let Some(short) = models::short_of_memory(path) {
            return Err(RecognizerError::Memory {
                path: path.display().to_string(),
                needed: short.needed / 1_000_000,
                free: short.free / 1_000_000,
            });
        }
        whisper_rs::install_logging_hooks();
        let mut parameters = WhisperContextParameters::default();
        parameters.use_gpu(false).dtw_parameters(DtwParameters {
            mode: DtwMode::ModelPreset {
                model_preset: alignment_heads(path),
            },
            ..DtwParameters::default()
        });
        let context = WhisperContext::new_with_params(path, parameters).map_err(|error| RecognizerError::Load {
            path: path.display().to_string(),
            reason: error.to_string(),
        })?;
        let vocabulary = Vocabulary::read(&context);
        Ok(Self {
            context: Arc::new(context),
            vocabulary: Arc::new(vocabulary),
            language: Arc::default(),
        })
    }
}

impl Ears for WhisperModel {
    fn ear(&self) -> Result<Box<dyn Recognizer>, RecognizerError> {
        let state = self.context.create_state().map_err(|error| decode_failed(&error))?;
        Ok(Box::new(Whisper {
            context: Arc::clone(&self.context),
            state: Some(state),
            vocabulary: Arc::clone(&self.vocabulary),
            language: Arc::clone(&self.language),
            threads: threads(),
            stop: Arc::default(),
        }))
    }
}

/// One ear of a model: it decodes one thing at a time.
struct Whisper {
    context: Arc<WhisperContext>,
    /// Gone after an error: the C side has freed it already, and freeing it twice would end the process.
    state: Option<WhisperState>,
    vocabulary: Arc<Vocabulary>,
    /// The language that is spoken, once a multilingual model has heard enough of it; both ears share it.
    language: Arc<OnceLock<c_int>>,
    /// For what someone waits for. What can wait gets one.
    threads: usize,
    /// Set from outside, it ends the decode that runs.
    stop: Arc<AtomicBool>,
}

impl Whisper {
    fn state(&mut self) -> Result<WhisperState, RecognizerError> {
        match self.state.take() {
            Some(state) => Ok(state),
            None => self.context.create_state().map_err(|error| decode_failed(&error)),
        }
    }

    /// Parameters of one decode. They carry pointers into `self.stop` and into what the callbacks are given, which must
    /// outlive the call.
    fn parameters<'b>(&self, positions: usize, prompt: &'b [c_int], threads: usize) -> FullParams<'static, 'b> {
        let mut parameters = FullParams::new(SamplingStrategy::Greedy { best_of: 1 });
        parameters.set_n_threads(threads as c_int);
        parameters.set_no_timestamps(true);
        parameters.set_single_segment(true);
        parameters.set_no_context(true);
        parameters.set_print_special(false);
        parameters.set_print_progress(false);
        parameters.set_print_realtime(false);
        parameters.set_print_timestamps(false);
        parameters.set_temperature(0.0);
        parameters.set_temperature_inc(0.0);
        parameters.set_audio_ctx(positions as c_int);
        // SAFETY: the flag lives in an `Arc` that this ear holds, and so longer than any call with these parameters; it is
        // only read, and atomically. (whisper-rs's safe way to set such a callback frees it before it is called.)
        unsafe {
            parameters.set_abort_callback(Some(is_stopped));
            parameters.set_abort_callback_user_data(Arc::as_ptr(&self.stop).cast_mut().cast::<c_void>());
        }
        if !prompt.is_empty() {
            parameters.set_tokens(prompt);
        }
        if let Some(language) = self.language.get().filter(|language| **language != ENGLISH) {
            // whisper-rs keeps a copy of the name for good: a few bytes a decode, and only for other languages.
            parameters.set_language(whisper_rs::get_lang_str(*language));
        }
        parameters
    }

    /// Lets a multilingual model find out, once, which language is spoken.
    fn find_language(&self, state: &mut WhisperState, sound: &[f32]) {
        const ENOUGH: usize = RATE as usize * 2;
        if !self.context.is_multilingual() || self.language.get().is_some() || sound.len() < ENOUGH {
            return;
        }
        let found = state
            .pcm_to_mel(sound, self.threads)
            .and_then(|()| state.lang_detect(0, self.threads));
        match found {
            // Another ear may have been quicker; its finding stands.
            Ok((language, _)) => drop(self.language.set(language)),
            Err(error) => log::warn!("The language was not recognized: {error}"),
        }
    }

    fn prompt(&self, window: &Window<'_>) -> Vec<c_int> {
        let mut text = String::new();
        if window.fillers {
            text.push_str(FILLER_PROMPT);
        }
        if !window.glossary.is_empty() {
            text.push_str(" Glossary: ");
            text.push_str(window.glossary);
            text.push('.');
        }
        if text.is_empty() {
            return Vec::new();
        }
        self.context.tokenize(&text, 200).unwrap_or_default()
    }
}

impl Recognizer for Whisper {
    fn glance(&mut self, window: &Window<'_>) -> Result<Hearing, RecognizerError> {
        let sound = padded(window.sound);
        let positions = positions_for(window.sound.len(), GLANCE_MARGIN);
        let mut state = self.state()?;
        let prompt = self.prompt(window);
        let mut parameters = self.parameters(positions, &[], self.threads);
        // SAFETY: the callback takes no user data and touches nothing.
        unsafe { parameters.set_start_encoder_callback(Some(stop_before_the_encoder)) };
        // `full` computes the spectrum and sets the number of positions, which nothing else can; then it stops.
        if let Err(error) = state.full(parameters, &sound) {
            std::mem::forget(state);
            return Err(decode_failed(&error));
        }
        let outcome = self.glance_at(&mut state, window, &prompt);
        self.state = Some(state);
        outcome
    }

    fn listen(&mut self, window: &Window<'_>) -> Result<Hearing, RecognizerError> {
        let sound = padded(window.sound);
        let seconds = window.sound.len() as f64 / f64::from(RATE);
        let positions = match window.room {
            Room::Usual => positions_for(window.sound.len(), LISTEN_MARGIN),
            Room::Ample => positions_for(window.sound.len(), AMPLE_MARGIN).max(LEAST_AMPLE),
        };
        let mut state = self.state()?;
        self.find_language(&mut state, &sound);
        let prompt = self.prompt(window);
        let mut shaping = Shaping::new(&self.vocabulary, seconds);
        let threads = if window.urgent { self.threads } else { 1 };
        let mut parameters = self.parameters(positions, &prompt, threads);
        // SAFETY: `shaping` outlives the call to `full` below, and nothing else touches it meanwhile: with one greedy
        // decoder the filter is called from this thread only.
        unsafe {
            parameters.set_filter_logits_callback(Some(shape_logits));
            parameters.set_filter_logits_callback_user_data((&raw mut shaping).cast::<c_void>());
        }
        if let Err(error) = state.full(parameters, &sound) {
            std::mem::forget(state);
            return Err(decode_failed(&error));
        }
        let mut pieces: Vec<Piece> = Vec::new();
        for segment in state.as_iter() {
            for index in 0..segment.n_tokens() {
                let Some(token) = segment.get_token(index) else {
                    continue;
                };
                let data = token.token_data();
                if data.id < self.vocabulary.end {
                    pieces.push(Piece {
                        token: data.id,
                        probability: data.p,
                        at: Some(data.t_dtw as f64 / 100.0),
                        nearly: shaping.nearly.get(pieces.len()).copied(),
                    });
                }
            }
        }
        let failed = shaping.failed;
        let mut words = self.vocabulary.words(&pieces, seconds);
        let likelihoods: Vec<f32> = pieces.iter().map(|piece| piece.probability.max(1e-6).ln()).collect();
        let weighed = self.weigh(&mut state, &prompt, &mut words, &likelihoods, threads);
        self.state = Some(state);
        weighed?;
        Ok(Hearing { words, failed })
    }

    /// Hears a second of silence on all threads.
    ///
    /// OpenMP keeps worker threads for each thread that decodes. Once there are more of all these than cores, those that
    /// wait sleep; until then they spin. Beside one busy core of two that made words come three times as late.
    fn prepare(&mut self) {
        let silence = vec![0.0; RATE as usize];
        let window = Window {
            sound: &silence,
            urgent: true,
            ..Window::default()
        };
        if let Err(error) = self.glance(&window) {
            log::warn!("{error}");
        }
    }

    fn stopper(&self) -> Option<Arc<AtomicBool>> {
        Some(Arc::clone(&self.stop))
    }
}

impl Whisper {
    /// The encoder and the greedy decoder over the spectrum that `state` holds.
    fn glance_at(
        &self,
        state: &mut WhisperState,
        window: &Window<'_>,
        prompt: &[c_int],
    ) -> Result<Hearing, RecognizerError> {
        let seconds = window.sound.len() as f64 / f64::from(RATE);
        state.encode(0, self.threads).map_err(|error| decode_failed(&error))?;
        let known = window.known.iter().flat_map(|word| &word.tokens);
        let mut said: Vec<c_int> = known.copied().collect();
        let mut fed = [self.lead(prompt).as_slice(), &said].concat();
        let mut shaping = Shaping::new(&self.vocabulary, seconds);
        let mut pieces: Vec<Piece> = Vec::new();
        let mut past = 0;
        let mut scores: Vec<f32> = Vec::new();
        loop {
            if self.stop.load(Ordering::Acquire) {
                return Err(RecognizerError::Decode {
                    reason: "it was stopped".to_owned(),
                });
            }
            // A single token is too little work to be shared.
            let threads = if fed.len() == 1 { 1 } else { self.threads };
            state
                .decode(&fed, past, threads)
                .map_err(|error| decode_failed(&error))?;
            past += fed.len();
            last_row(state, fed.len(), &mut scores)?;
            self.vocabulary.only_text(&mut scores, said.is_empty());
            shaping.shape(&said, &mut scores);
            let (token, probability) = best(&scores);
            if token == self.vocabulary.end || past + 1 >= MOST_TOKENS {
                break;
            }
            said.push(token);
            pieces.push(Piece {
                token,
                probability,
                at: None,
                nearly: None,
            });
            // Whatever follows a phrase that it says again would be thrown away. The word just begun is no word yet.
            if self.vocabulary.begins_word(token) {
                let words = self.vocabulary.words(&pieces[..pieces.len() - 1], seconds);
                if up_to_a_phrase_again(window.known, &words) < words.len() {
                    break;
                }
            }
            fed.clear();
            fed.push(token);
        }
        Ok(Hearing {
            words: self.vocabulary.words(&pieces, seconds),
            failed: shaping.failed,
        })
    }
}

impl Whisper {
    /// What the decoder is given before the text.
    fn lead(&self, prompt: &[c_int]) -> Vec<c_int> {
        let mut lead: Vec<c_int> = Vec::with_capacity(64);
        if !prompt.is_empty() {
            lead.push(self.context.token_prev());
            lead.extend_from_slice(prompt);
        }
        lead.push(self.context.token_sot());
        if self.context.is_multilingual() {
            lead.push(self.context.token_lang(self.language.get().copied().unwrap_or(ENGLISH)));
            lead.push(self.context.token_transcribe());
        }
        lead.push(self.vocabulary.no_timestamps);
        lead
    }

    /// Where a filler or the words before, once more, came near to being written, sets the odds of it by what follows, too:
    /// the decoder is made to write it, and then the same words as before. After something that was said those are as
    /// likely as without it, or likelier; after something that was not the decoder loses its place in the sound.
    ///
    /// `likelihoods` are the natural logarithms for the tokens of `words`, one after the other. The sound is not encoded
    /// again: `state` still holds it from the hearing.
    fn weigh(
        &self,
        state: &mut WhisperState,
        prompt: &[c_int],
        words: &mut [HeardWord],
        likelihoods: &[f32],
        threads: usize,
    ) -> Result<(), RecognizerError> {
        /// What is less likely than this is not looked at, or not any further.
        const NEAR_AGAIN: f32 = -7.0;
        const NEAR_FILLER: f32 = -5.0;
        /// Tokens that follow.
        const FOLLOWING: usize = 6;
        /// So that a hard stretch does not cost much more than another.
        const MOST: usize = 12;
        let tokens: Vec<c_int> = words.iter().flat_map(|word| word.tokens.iter().copied()).collect();
        let mut near: Vec<(f32, Addition)> = Vec::new();
        let mut begin = 0;
        for index in 0..words.len() {
            if let Some(nearly) = words[index].nearly {
                for (length, odds) in (1..).zip(nearly.again_odds) {
                    if odds > NEAR_AGAIN && index >= length && left_out::is_stumbled_over(&words[index - length..index])
                    {
                        let what = What::Again(length);
                        near.push((odds - NEAR_AGAIN, Addition { index, begin, what }));
                    }
                }
                if nearly.filler_odds > NEAR_FILLER && left_out::is_free_of_fillers(words, index) {
                    let what = What::Filler;
                    near.push((nearly.filler_odds - NEAR_FILLER, Addition { index, begin, what }));
                }
            }
            if let Some(nearly) = &mut words[index].nearly {
                nearly.again_odds = [f32::NEG_INFINITY; 2];
                nearly.filler_before_odds = f32::NEG_INFINITY;
            }
            begin += words[index].tokens.len();
        }
        near.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        let mut near: Vec<Addition> = near.into_iter().take(MOST).map(|(_, addition)| addition).collect();
        near.sort_by_key(|addition| addition.begin);
        let Some(last) = near.last().filter(|_| tokens.len() == likelihoods.len()) else {
            return Ok(());
        };
        let said = [self.lead(prompt).as_slice(), &tokens].concat();
        let lead = said.len() - tokens.len();
        state
            .decode(&said[..lead + last.begin], 0, threads)
            .map_err(|error| decode_failed(&error))?;
        // From the last to the first: what was fed up to a word stays fed for those before it.
        for Addition { index, begin, what } in near.into_iter().rev() {
            if self.stop.load(Ordering::Acquire) {
                break;
            }
            let Some(nearly) = words[index].nearly else { continue };
            let following = &tokens[begin..tokens.len().min(begin + FOLLOWING)];
            let (mut added, following, near) = match what {
                What::Again(length) => {
                    let mut again = self.vocabulary.inside_a_sentence(&words[index - length].tokens);
                    again.extend(words[index - length + 1..index].iter().flat_map(|word| &word.tokens));
                    (again, following.to_vec(), NEAR_AGAIN)
                }
                What::Filler => {
                    let before = tokens[..begin].last();
                    let begins = before.is_none_or(|before| self.vocabulary.ends_a_sentence(*before));
                    let filler = self.vocabulary.filler(&nearly, begins);
                    let following = if begins {
                        self.vocabulary.inside_a_sentence(following)
                    } else {
                        following.to_vec()
                    };
                    (filler, following, NEAR_FILLER)
                }
            };
            let without: f32 = likelihoods[begin..begin + following.len()].iter().sum();
            added.extend(following);
            if lead + begin + added.len() >= MOST_TOKENS {
                continue;
            }
            let with = self.likelihood(state, &said[..lead + begin], &added, without + near)?;
            if let Some(nearly) = &mut words[index].nearly {
                match what {
                    What::Again(length) => nearly.again_odds[length - 1] = with - without,
                    What::Filler => nearly.filler_before_odds = with - without,
                }
            }
        }
        Ok(())
    }

    /// The natural logarithm of how likely the decoder holds `tokens` after `said`; or something below `least`, if it is.
    /// It must have been fed all of `said` but the last, which it may be fed again.
    fn likelihood(
        &self,
        state: &mut WhisperState,
        said: &[c_int],
        tokens: &[c_int],
        least: f32,
    ) -> Result<f32, RecognizerError> {
        let mut scores = Vec::new();
        let mut sum = 0.0;
        for (past, (fed, token)) in (said.len() - 1..).zip(said.last().into_iter().chain(tokens).zip(tokens)) {
            state.decode(&[*fed], past, 1).map_err(|error| decode_failed(&error))?;
            last_row(state, 1, &mut scores)?;
            self.vocabulary.only_text(&mut scores, false);
            self.vocabulary.only_spoken(&mut scores);
            let (likeliest, probability) = best(&scores);
            sum += scores[*token as usize] - scores[likeliest as usize] + probability.ln();
            if sum < least {
                break;
            }
        }
        Ok(sum)
    }
}

/// Something that may have been said before word `index`, whose first token is the `begin`th.
struct Addition {
    index: usize,
    begin: usize,
    what: What,
}

enum What {
    /// So many of the last words once more.
    Again(usize),
    Filler,
}

/// A decoded token.
#[derive(Clone, Copy, Debug)]
struct Piece {
    token: c_int,
    probability: f32,
    /// Seconds from the start of the window, where the alignment heads tell.
    at: Option<f64>,
    nearly: Option<Nearly>,
}

/// What is said of tokens, read once: every look-up crosses into C.
struct Vocabulary {
    texts: Vec<Vec<u8>>,
    end: c_int,
    no_timestamps: c_int,
    /// Never wanted in a transcript: "[", "(", "♪" and their like.
    unspoken: Vec<c_int>,
    /// Tokens that are vocal fillers, and how each is spelled in a text.
    fillers: Vec<(c_int, &'static str)>,
    /// Tokens that begin a word with a capital letter, and the same with a small one.
    small: HashMap<c_int, c_int>,
}

impl Vocabulary {
    fn read(context: &WhisperContext) -> Self {
        let end = context.token_eot();
        let texts: Vec<Vec<u8>> = (0..end)
            .map(|token| context.token_to_bytes(token).map(<[u8]>::to_vec).unwrap_or_default())
            .collect();
        let ids = |wanted: &dyn Fn(&str) -> bool| -> Vec<c_int> {
            (0..end)
                .filter(|token| std::str::from_utf8(&texts[*token as usize]).is_ok_and(wanted))
                .collect()
        };
        let unspoken = ids(&|text| {
            let text = text.trim_start();
            text.starts_with([
                '[', ']', '(', ')', '{', '}', '*', '<', '>', '♪', '♫', '♩', '♬', '~', '_', '|', '"', '#',
            ]) || text.starts_with("--")
        });
        let fillers = (0..end)
            .filter_map(|token| {
                let text = std::str::from_utf8(&texts[token as usize]).ok()?.trim();
                // "Eh" and "huh" ask something more often than they fill.
                let filler =
                    vocal_filler(text).filter(|_| !["eh", "huh", "err"].contains(&text.to_lowercase().as_str()));
                Some((token, filler?))
            })
            .collect();
        let small = small_letters(&texts);
        Self {
            fillers,
            small,
            no_timestamps: context.token_not(),
            texts,
            end,
            unspoken,
        }
    }

    /// Leaves only what can stand in a text: `whisper_full` does the same for its own decoding.
    fn only_text(&self, scores: &mut [f32], first: bool) {
        for score in scores.iter_mut().skip(self.end as usize + 1) {
            *score = f32::NEG_INFINITY;
        }
        if first {
            scores[self.end as usize] = f32::NEG_INFINITY;
            // 220 is the token of a lone space in every Whisper vocabulary.
            scores[220] = f32::NEG_INFINITY;
        }
    }

    /// A word as it is written where no sentence begins.
    fn inside_a_sentence(&self, word: &[c_int]) -> Vec<c_int> {
        let mut word = word.to_vec();
        if let Some(first) = word.first_mut() {
            *first = self.small.get(first).copied().unwrap_or(*first);
        }
        word
    }

    fn ends_a_sentence(&self, token: c_int) -> bool {
        let last = self.texts.get(token as usize).and_then(|text| text.last());
        matches!(last, Some(b'.' | b'?' | b'!'))
    }

    /// The filler that was near, as a text has it where a sentence begins, or inside of one.
    fn filler(&self, nearly: &Nearly, begins: bool) -> Vec<c_int> {
        let mut spelled = format!(" {}", nearly.filler).into_bytes();
        if begins {
            spelled[1].make_ascii_uppercase();
        }
        let find = |text: &[u8]| self.texts.iter().position(|token| token == text);
        let filler = find(&spelled).or_else(|| find(if begins { b" Um" } else { b" um" }));
        filler
            .into_iter()
            .chain(find(b","))
            .map(|token| token as c_int)
            .collect()
    }

    fn begins_word(&self, token: c_int) -> bool {
        self.texts
            .get(token as usize)
            .is_some_and(|text| text.starts_with(b" "))
    }

    fn is_punctuation(&self, token: c_int) -> bool {
        self.texts
            .get(token as usize)
            .is_some_and(|text| !text.iter().any(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80))
    }

    /// Whether the text ends in the same filler twice. From there the decoder seldom finds the way on.
    fn stammers(&self, said: &[c_int]) -> bool {
        let mut words = said.iter().rev().filter(|token| !self.is_punctuation(**token));
        let is_filler = |wanted: c_int| self.fillers.iter().any(|(token, _)| *token == wanted);
        matches!((words.next(), words.next()), (Some(a), Some(b)) if a == b && is_filler(*a))
    }

    /// What the next token nearly is, beside the likeliest.
    fn nearly(&self, said: &[c_int], scores: &[f32]) -> Nearly {
        let filler = self
            .fillers
            .iter()
            .max_by(|a, b| scores[a.0 as usize].total_cmp(&scores[b.0 as usize]));
        let mut begun = said.iter().rev().filter(|token| self.begins_word(**token));
        let mut rest = f32::NEG_INFINITY;
        for (token, score) in scores[..=self.end as usize].iter().enumerate() {
            if *score > rest && !self.fillers.iter().any(|(filler, _)| *filler == token as c_int) {
                rest = *score;
            }
        }
        Nearly {
            filler: filler.map_or("", |(_, text)| *text),
            filler_odds: filler.map_or(f32::NEG_INFINITY, |(token, _)| scores[*token as usize] - rest),
            filler_before_odds: f32::NEG_INFINITY,
            again_odds: std::array::from_fn(|_| {
                begun.next().map_or(f32::NEG_INFINITY, |token| {
                    let again = self.small.get(token).unwrap_or(token);
                    scores[*again as usize] - rest
                })
            }),
        }
    }

    fn only_spoken(&self, scores: &mut [f32]) {
        for token in &self.unspoken {
            scores[*token as usize] = f32::NEG_INFINITY;
        }
    }

    /// Puts tokens together to words: a token that begins with a space begins a word.
    fn words(&self, pieces: &[Piece], seconds: f64) -> Vec<HeardWord> {
        let mut words: Vec<(Vec<u8>, Vec<Piece>)> = Vec::new();
        for piece in pieces {
            let text = &self.texts[piece.token as usize];
            match words.last_mut() {
                Some((bytes, tokens)) if !text.starts_with(b" ") => {
                    bytes.extend_from_slice(text);
                    tokens.push(*piece);
                }
                _ => words.push((text.clone(), vec![*piece])),
            }
        }
        // A word's place begins behind the last one, so with the punctuation between them.
        let nearly: Vec<Option<Nearly>> = (0..words.len())
            .map(|index| {
                let between = index.checked_sub(1).into_iter().flat_map(|before| {
                    words[before].1[1..]
                        .iter()
                        .filter(|piece| self.is_punctuation(piece.token))
                });
                words[index].1[..1]
                    .iter()
                    .chain(between)
                    .filter_map(|piece| piece.nearly)
                    .reduce(Nearly::or)
            })
            .collect();
        // The alignment gives the moment at which a token ends; a word begins where the one before it has ended.
        let ends: Vec<Option<f64>> = words
            .iter()
            .map(|(_, pieces)| {
                let spoken = pieces.iter().rfind(|piece| !self.is_punctuation(piece.token));
                spoken.or(pieces.last())?.at
            })
            .collect();
        words
            .into_iter()
            .enumerate()
            .map(|(index, (bytes, pieces))| HeardWord {
                // Over a hum the decoder may write a part of a letter.
                text: String::from_utf8_lossy(&bytes)
                    .replace(char::REPLACEMENT_CHARACTER, "")
                    .trim()
                    .to_owned(),
                confidence: pieces.iter().map(|piece| piece.probability).fold(1.0, f32::min),
                span: ends[index].map(|end| {
                    let end = end.clamp(0.0, seconds);
                    let start = index.checked_sub(1).and_then(|before| ends[before]).unwrap_or(0.0);
                    Span::new(start.clamp(0.0, end), end)
                }),
                tokens: pieces.iter().map(|piece| piece.token).collect(),
                witness: Witness::Transcript,
                nearly: nearly[index],
            })
            .filter(|word| !word.text.is_empty())
            .collect()
    }
}

/// For each token that begins a word with a capital letter the one with a small letter. "I" has none.
fn small_letters(texts: &[Vec<u8>]) -> HashMap<c_int, c_int> {
    let tokens: HashMap<&[u8], c_int> = (0..).zip(texts).map(|(token, text)| (text.as_slice(), token)).collect();
    (0..)
        .zip(texts)
        .filter(|(_, text)| text.first() == Some(&b' ') && text.get(1).is_some_and(u8::is_ascii_uppercase))
        .filter(|(_, text)| text.as_slice() != b" I")
        .filter_map(|(token, text)| Some((token, *tokens.get(text.to_ascii_lowercase().as_slice())?)))
        .collect()
}

/// What is done to the scores of the next token, in both ways of decoding: unspoken tokens are out, and a decoder that
/// goes round in circles is stopped.
struct Shaping<'a> {
    vocabulary: &'a Vocabulary,
    most_tokens: usize,
    failed: bool,
    /// For each token of a careful hearing, what it nearly was.
    nearly: Vec<Nearly>,
}

impl<'a> Shaping<'a> {
    fn new(vocabulary: &'a Vocabulary, seconds: f64) -> Self {
        // Fast speech is five words a second, and a word is seldom more than two tokens.
        Self {
            vocabulary,
            most_tokens: (seconds * 9.0) as usize + 12,
            failed: false,
            nearly: Vec::new(),
        }
    }

    fn shape(&mut self, said: &[c_int], scores: &mut [f32]) {
        self.vocabulary.only_spoken(scores);
        if self.vocabulary.stammers(said) {
            for (token, _) in &self.vocabulary.fillers {
                scores[*token as usize] = f32::NEG_INFINITY;
            }
        }
        if said.len() > self.most_tokens || goes_in_circles(said) {
            self.failed = true;
            scores.fill(f32::NEG_INFINITY);
            scores[self.vocabulary.end as usize] = 0.0;
        }
    }
}

unsafe extern "C" fn is_stopped(stop: *mut c_void) -> bool {
    // SAFETY: `stop` is the flag that `parameters` put there, alive during the call.
    unsafe { &*stop.cast::<AtomicBool>() }.load(Ordering::Acquire)
}

unsafe extern "C" fn stop_before_the_encoder(
    _context: *mut whisper_rs_sys::whisper_context,
    _state: *mut whisper_rs_sys::whisper_state,
    _user: *mut c_void,
) -> bool {
    false
}

unsafe extern "C" fn shape_logits(
    _context: *mut whisper_rs_sys::whisper_context,
    _state: *mut whisper_rs_sys::whisper_state,
    tokens: *const WhisperTokenData,
    count: c_int,
    logits: *mut f32,
    user: *mut c_void,
) {
    // SAFETY: `user` is the `Shaping` that `listen` put there, alive and borrowed by nobody else during the call.
    let shaping = unsafe { &mut *user.cast::<Shaping<'_>>() };
    let said: Vec<c_int> = if tokens.is_null() || count <= 0 {
        Vec::new()
    } else {
        // SAFETY: whisper.cpp gives `count` tokens at `tokens`, unchanged during the call.
        unsafe { std::slice::from_raw_parts(tokens, count as usize) }
            .iter()
            .map(|token| token.id)
            .collect()
    };
    let scores_count = shaping.vocabulary.texts.len() + 1;
    // SAFETY: whisper.cpp gives one score for each token of the vocabulary; those up to the end-of-text token are the
    // first of them.
    let scores = unsafe { std::slice::from_raw_parts_mut(logits, scores_count) };
    shaping.vocabulary.only_spoken(scores);
    shaping.nearly.push(shaping.vocabulary.nearly(&said, scores));
    shaping.shape(&said, scores);
}

/// Copies the scores that the last decode gave for its last token.
fn last_row(state: &WhisperState, fed: usize, scores: &mut Vec<f32>) -> Result<(), RecognizerError> {
    let first = state.get_logits().map_err(|error| decode_failed(&error))?;
    let columns = first.len();
    // SAFETY: whisper.h: `whisper_get_logits` gives "rows: n_tokens, cols: n_vocab" of the last decode, which was fed
    // `fed` tokens. whisper-rs makes a slice of the first row only; the last row is the one that is filled in.
    let row = unsafe { std::slice::from_raw_parts(first.as_ptr().add((fed - 1) * columns), columns) };
    scores.clear();
    scores.extend_from_slice(row);
    Ok(())
}

/// The token with the highest score, and its probability.
fn best(scores: &[f32]) -> (c_int, f32) {
    let mut token = 0;
    let mut highest = f32::NEG_INFINITY;
    for (index, score) in scores.iter().enumerate() {
        if *score > highest {
            highest = *score;
            token = index;
        }
    }
    let sum: f32 = scores.iter().map(|score| (score - highest).exp()).sum();
    (token as c_int, 1.0 / sum.max(1.0))
}

/// How many threads work at one thing that someone waits for.
///
/// With OpenMP they wait for each other without harm. ggml's own threads spin: beside other work on both cores two of
/// them took 840 ms for a token that one does in 4, so elsewhere there is one.
fn threads() -> usize {
    const MOST: usize = 4;
    if cfg!(target_os = "linux") {
        std::thread::available_parallelism().map_or(1, |cores| cores.get().min(MOST))
    } else {
        1
    }
}

fn positions_for(samples: usize, margin: usize) -> usize {
    let positions = (samples as f64 / f64::from(RATE) * POSITIONS_PER_SECOND).ceil() as usize + margin;
    positions.next_multiple_of(64).min(MOST_POSITIONS)
}

/// Less than a second of sound is read past its end by the C side.
fn padded(sound: &[f32]) -> std::borrow::Cow<'_, [f32]> {
    const LEAST: usize = RATE as usize;
    if sound.len() >= LEAST {
        return sound.into();
    }
    let mut longer = sound.to_vec();
    longer.resize(LEAST, 0.0);
    longer.into()
}

/// The heads of the decoder that attend to where a word is said. They were found for each of the published models; one
/// that is as deep as one of those is taken for a kin of it.
fn alignment_heads(path: &Path) -> DtwModelPreset {
    const ENGLISH_VOCABULARY: i32 = 51_864;
    let size = models::size(path);
    let english = size.is_some_and(|size| size.vocabulary == ENGLISH_VOCABULARY);
    match (size.map_or(0, |size| size.text_layers), english) {
        (12, true) => DtwModelPreset::SmallEn,
        (12, false) => DtwModelPreset::Small,
        (6, true) => DtwModelPreset::BaseEn,
        (6, false) => DtwModelPreset::Base,
        (24, true) => DtwModelPreset::MediumEn,
        (24, false) => DtwModelPreset::Medium,
        (_, true) => DtwModelPreset::TinyEn,
        (_, false) => DtwModelPreset::Tiny,
    }
}

fn decode_failed(error: &whisper_rs::WhisperError) -> RecognizerError {
    RecognizerError::Decode {
        reason: error.to_string(),
    }
}
