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
    Ears, Hearing, Recognizer, RecognizerError, Room, Window,
    loops::up_to_a_phrase_again,
    vocabulary::{Piece, Shaping, Token, Vocabulary, best},
    weigh::{Decoder, MOST_TOKENS, weigh},
};
use crate::{models, take::RATE};

/// The encoder's positions a second.
const POSITIONS_PER_SECOND: f64 = 50.0;
/// The encoder's longest window, in positions: 30 s.
const MOST_POSITIONS: usize = 1500;
/// Empty positions after the sound. With too few the decoder loses its place and says the last phrase again.
const GLANCE_MARGIN: usize = 128;
const LISTEN_MARGIN: usize = 256;
const AMPLE_MARGIN: usize = 512;
const LEAST_AMPLE: usize = 1024;
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
        // Read once: every look-up crosses into C.
        let texts = (0..context.token_eot())
            .map(|token| context.token_to_bytes(token).map(<[u8]>::to_vec).unwrap_or_default())
            .collect();
        let vocabulary = Vocabulary::new(texts);
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
                if data.id < self.vocabulary.end() {
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
        let mut decoding = self.decoding(&mut state, threads);
        let lead = self.lead(&prompt);
        let weighed = weigh(&mut decoding, &self.vocabulary, &lead, &mut words, &likelihoods);
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

/// The decoder, over the sound that `state` holds, encoded.
struct Decoding<'a> {
    state: &'a mut WhisperState,
    threads: usize,
    stop: &'a AtomicBool,
    scores: Vec<f32>,
}

impl Decoder for Decoding<'_> {
    fn feed(&mut self, tokens: &[Token], past: usize) -> Result<&mut [f32], RecognizerError> {
        if self.stop.load(Ordering::Acquire) {
            let reason = "it was stopped".to_owned();
            return Err(RecognizerError::Decode { reason });
        }
        // A single token is too little work to be shared.
        let threads = if tokens.len() == 1 { 1 } else { self.threads };
        let decoded = self.state.decode(tokens, past, threads);
        decoded.map_err(|error| decode_failed(&error))?;
        last_row(self.state, tokens.len(), &mut self.scores)?;
        Ok(&mut self.scores)
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
        let mut decoding = self.decoding(state, self.threads);
        loop {
            let scores = decoding.feed(&fed, past)?;
            past += fed.len();
            self.vocabulary.only_text(scores, said.is_empty());
            shaping.shape(&said, scores);
            let (token, probability) = best(scores);
            if token == self.vocabulary.end() || past + 1 >= MOST_TOKENS {
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
    fn decoding<'a>(&'a self, state: &'a mut WhisperState, threads: usize) -> Decoding<'a> {
        Decoding {
            state,
            threads,
            stop: &self.stop,
            scores: Vec::new(),
        }
    }

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
        lead.push(self.context.token_not());
        lead
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
    // SAFETY: whisper.cpp gives one score for each token of the vocabulary; those up to the end-of-text token are the
    // first of them.
    let scores = unsafe { std::slice::from_raw_parts_mut(logits, shaping.scores()) };
    shaping.shape_carefully(&said, scores);
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
