//! Whisper, through whisper-rs: the only place that names it, and the only one with `unsafe` code.
//!
//! Two ways of decoding share one shaping of the token scores ([`LogitFilter`]):
//! - [`Recognizer::decode_partial`] drives the encoder and the decoder itself. The sound is encoded once, the words already
//!   known are given to the decoder in one batch, and decoding stops as soon as it goes wrong.
//! - [`Recognizer::decode_final`] uses `whisper_full`, the only way to the alignment heads from which the times of the words
//!   come (dynamic time warping over the cross attention, as in OpenAI's `timing.py`).
#![expect(
    unsafe_code,
    reason = "whisper-rs offers the logits filter and the encoder callback only as C callbacks"
)]

use std::{
    ffi::{c_int, c_void},
    panic::{AssertUnwindSafe, catch_unwind},
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
    ContextPadding, DecodeResult, PartialResult, Recognizer, RecognizerError, RecognizerFactory, SpeechDoubt, Window,
    prompt::prompt_within,
    repetition_guard::before_repeated_phrase,
    vocabulary::{DecodedToken, LogitFilter, TokenId, Vocabulary, argmax, probability_of},
};
use crate::{models, take::RATE};

/// The encoder's positions a second.
const POSITIONS_PER_SECOND: f64 = 50.0;
/// The encoder's longest window, in positions: 30 s.
const MAX_POSITIONS: usize = 1500;
/// Empty positions after the sound. With too few the decoder loses its place and says the last phrase again.
const PARTIAL_PADDING: usize = 128;
const FINAL_PADDING: usize = 256;
const AMPLE_PADDING: usize = 512;
const MIN_AMPLE_POSITIONS: usize = 1024;

/// Tokens that the prompt may have: with more the decoder has too little room for the text. whisper.cpp takes 223.
const MAX_PROMPT_TOKENS: usize = 200;
/// The decoder has room for 448 tokens.
const MAX_TOKENS: usize = 440;
/// Decoders that `whisper_full` runs at once. With one, greedy, its error paths free nothing of the state: then the state
/// is always ours to drop. (With more it frees the state itself where the cache of the decoders cannot grow, error -7.)
const DECODERS: c_int = 1;

/// Whisper's number for English.
const ENGLISH: c_int = 0;

/// A loaded Whisper model, from which recognizers are made.
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
        give_memory_back();
        let mut parameters = WhisperContextParameters::default();
        parameters.use_gpu(false).dtw_parameters(DtwParameters {
            mode: alignment_heads(models::size(path)),
            ..DtwParameters::default()
        });
        let failed = |reason: String| RecognizerError::Load {
            path: path.display().to_string(),
            reason,
        };
        let adapted = models::with_adapter(path).map_err(|error| failed(error.to_string()))?;
        let loaded = if let Some(model) = adapted {
            WhisperContext::new_from_buffer_with_params(&model, parameters)
        } else {
            log::info!("There is no adapter for fillers and repeats for this speech model.");
            WhisperContext::new_with_params(path, parameters)
        };
        let context = loaded.map_err(|error| failed(error.to_string()))?;
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

impl RecognizerFactory for WhisperModel {
    fn create(&self) -> Result<Box<dyn Recognizer>, RecognizerError> {
        let state = self.context.create_state().map_err(|error| decode_failed(&error))?;
        Ok(Box::new(Whisper {
            context: Arc::clone(&self.context),
            state: Some(state),
            prompt: None,
            vocabulary: Arc::clone(&self.vocabulary),
            language: Arc::clone(&self.language),
            threads: threads(),
            stop: Arc::default(),
        }))
    }
}

/// One recognizer of a model: it decodes one thing at a time.
struct Whisper {
    context: Arc<WhisperContext>,
    /// Nothing after an error: a decode that broke off leaves it half written, so the next one begins with a new one.
    state: Option<WhisperState>,
    /// The last prompt, which is the same for a whole take.
    prompt: Option<Prompt>,
    vocabulary: Arc<Vocabulary>,
    /// The language that is spoken, once a multilingual model has heard enough of it; both recognizers share it.
    language: Arc<OnceLock<c_int>>,
    /// For what someone waits for. What can wait gets one.
    threads: usize,
    /// Set from outside, it ends the decode that runs.
    stop: Arc<AtomicBool>,
}

/// What the decoder is given before the text, and what it was made from.
struct Prompt {
    fillers: bool,
    glossary: Vec<String>,
    tokens: Vec<c_int>,
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
        let mut parameters = FullParams::new(SamplingStrategy::Greedy { best_of: DECODERS });
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
        // SAFETY: the flag lives in an `Arc` that this recognizer holds, and so longer than any call with these parameters; it is
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
            // Another recognizer may have been quicker; its finding stands.
            Ok((language, _)) => drop(self.language.set(language)),
            Err(error) => log::warn!("The language was not recognized: {error}"),
        }
    }

    /// The tokens of the prompt for this window.
    fn prompt(&mut self, window: &Window<'_>) -> Vec<c_int> {
        let made = self
            .prompt
            .take_if(|made| made.fillers != window.fillers || made.glossary != window.glossary);
        drop(made);
        let prompt = self.prompt.get_or_insert_with(|| Prompt {
            fillers: window.fillers,
            glossary: window.glossary.to_vec(),
            tokens: prompt_within(MAX_PROMPT_TOKENS, window.fillers, window.glossary, |text| {
                tokens_of(&self.context, text)
            }),
        });
        prompt.tokens.clone()
    }
}

/// The tokens of a text.
fn tokens_of(context: &WhisperContext, text: &str) -> Vec<c_int> {
    // Every token stands for a byte at least. Where there is no room for all of them whisper.cpp answers with their
    // number below zero, and whisper-rs takes that for a length.
    let most = text.len() + 1;
    context.tokenize(text, most).unwrap_or_else(|error| {
        log::warn!("A prompt could not be given to the speech model: {error}");
        Vec::new()
    })
}

impl Recognizer for Whisper {
    fn decode_partial(&mut self, window: &Window<'_>) -> Result<PartialResult, RecognizerError> {
        let sound = padded(window.sound);
        let positions = positions_for(window.sound.len(), PARTIAL_PADDING);
        let mut state = self.state()?;
        let prompt = self.prompt(window);
        let mut parameters = self.parameters(positions, &[], self.threads);
        // SAFETY: the callback takes no user data and touches nothing.
        unsafe { parameters.set_start_encoder_callback(Some(stop_before_the_encoder)) };
        // `full` computes the spectrum and sets the number of positions, which nothing else can; then it stops.
        state.full(parameters, &sound).map_err(|error| decode_failed(&error))?;
        let outcome = self.greedy_decode(&mut state, window, &prompt);
        self.state = Some(state);
        outcome
    }

    fn decode_final(&mut self, window: &Window<'_>) -> Result<DecodeResult, RecognizerError> {
        let sound = padded(window.sound);
        let seconds = window.sound.len() as f64 / f64::from(RATE);
        let positions = match window.padding {
            ContextPadding::Usual => positions_for(window.sound.len(), FINAL_PADDING),
            ContextPadding::Ample => positions_for(window.sound.len(), AMPLE_PADDING).max(MIN_AMPLE_POSITIONS),
            ContextPadding::Full => MAX_POSITIONS,
        };
        let mut state = self.state()?;
        self.find_language(&mut state, &sound);
        let prompt = self.prompt(window);
        let mut filter = FilterCallback {
            filter: LogitFilter::new(&self.vocabulary, seconds),
            panicked: false,
        };
        let threads = if window.urgent { self.threads } else { 1 };
        let mut parameters = self.parameters(positions, &prompt, threads);
        // SAFETY: `filter` outlives the call to `full` below, and nothing else touches it meanwhile: with one greedy
        // decoder the filter is called from this thread only.
        unsafe {
            parameters.set_filter_logits_callback(Some(filter_logits));
            parameters.set_filter_logits_callback_user_data((&raw mut filter).cast::<c_void>());
        }
        state.full(parameters, &sound).map_err(|error| decode_failed(&error))?;
        if filter.panicked {
            return Err(RecognizerError::Died);
        }
        let filter = filter.filter;
        let mut doubt = SpeechDoubt {
            no_speech: 0.0,
            sign_log_odds: filter.sign_log_odds,
        };
        let mut emitted: Vec<DecodedToken> = Vec::new();
        for segment in state.as_iter() {
            for index in 0..segment.n_tokens() {
                let Some(token) = segment.get_token(index) else {
                    continue;
                };
                let data = token.token_data();
                if data.id < self.vocabulary.end() {
                    let at = Some(data.t_dtw as f64 / 100.0);
                    emitted.push(filter.emitted(emitted.len(), data.id, data.p, at));
                }
            }
        }
        let failed = filter.failed;
        let words = self.vocabulary.words(&emitted, seconds);
        let no_speech = self.no_speech(&mut self.decoder(&mut state, threads));
        self.state = Some(state);
        doubt.no_speech = no_speech?;
        Ok(DecodeResult { words, failed, doubt })
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
        if let Err(error) = self.decode_partial(&window) {
            log::warn!("{error}");
        }
    }

    fn stopper(&self) -> Option<Arc<AtomicBool>> {
        Some(Arc::clone(&self.stop))
    }
}

/// The decoder, over the sound that `state` holds, encoded.
struct StateDecoder<'a> {
    state: &'a mut WhisperState,
    threads: usize,
    stop: &'a AtomicBool,
    scores: Vec<f32>,
}

impl StateDecoder<'_> {
    /// The scores of what follows `tokens`, which come after the first `past` tokens of those fed before.
    fn feed(&mut self, tokens: &[TokenId], past: usize) -> Result<&mut [f32], RecognizerError> {
        if self.stop.load(Ordering::Acquire) {
            let reason = "it was stopped".to_owned();
            return Err(RecognizerError::Decode { reason });
        }
        // A single token is too little work to be shared.
        let threads = if tokens.len() == 1 { 1 } else { self.threads };
        let emitted = self.state.decode(tokens, past, threads);
        emitted.map_err(|error| decode_failed(&error))?;
        last_row(self.state, tokens.len(), &mut self.scores)?;
        Ok(&mut self.scores)
    }
}

impl Whisper {
    /// The encoder and the greedy decoder over the spectrum that `state` holds.
    fn greedy_decode(
        &self,
        state: &mut WhisperState,
        window: &Window<'_>,
        prompt: &[c_int],
    ) -> Result<PartialResult, RecognizerError> {
        let seconds = window.sound.len() as f64 / f64::from(RATE);
        state.encode(0, self.threads).map_err(|error| decode_failed(&error))?;
        let known = window.known.iter().flat_map(|word| &word.tokens);
        let mut said: Vec<c_int> = known.copied().collect();
        let mut fed = [self.lead(prompt).as_slice(), &said].concat();
        let mut filter = LogitFilter::new(&self.vocabulary, seconds);
        let mut emitted: Vec<DecodedToken> = Vec::new();
        let mut past = 0;
        let mut decoder = self.decoder(state, self.threads);
        // Words that are known already were spoken.
        let mut doubt = if said.is_empty() {
            let no_speech = self.no_speech(&mut decoder)?;
            Some(SpeechDoubt {
                no_speech,
                sign_log_odds: 0.0,
            })
        } else {
            None
        };
        loop {
            let scores = decoder.feed(&fed, past)?;
            past += fed.len();
            if let Some(doubt) = doubt.as_mut().filter(|_| said.is_empty()) {
                doubt.sign_log_odds = self.vocabulary.sign_log_odds(scores);
            }
            self.vocabulary.suppress_non_text(scores, said.is_empty());
            filter.apply(&said, scores);
            let (token, probability) = argmax(scores);
            if token == self.vocabulary.end() || past + 1 >= MAX_TOKENS {
                break;
            }
            emitted.push(filter.emitted(said.len(), token, probability, None));
            said.push(token);
            // Whatever follows a phrase that it says again would be thrown away. The word just begun is no word yet.
            if self.vocabulary.begins_word(token) {
                let words = self.vocabulary.words(&emitted[..emitted.len() - 1], seconds);
                if before_repeated_phrase(window.known, &words) < words.len() {
                    break;
                }
            }
            fed.clear();
            fed.push(token);
        }
        let words = self.vocabulary.words(&emitted, seconds);
        let made_up = doubt.is_some_and(|doubt| doubt.discredits(&words));
        Ok(PartialResult {
            words: if made_up { Vec::new() } else { words },
            failed: filter.failed || made_up,
        })
    }
}

impl Whisper {
    fn decoder<'a>(&'a self, state: &'a mut WhisperState, threads: usize) -> StateDecoder<'a> {
        StateDecoder {
            state,
            threads,
            stop: &self.stop,
            scores: Vec::new(),
        }
    }

    /// The probability of the token for "no speech" at the very beginning, where the decoder was taught to write it: without
    /// a prompt and before any other token.
    fn no_speech(&self, decoder: &mut StateDecoder<'_>) -> Result<f32, RecognizerError> {
        let scores = decoder.feed(&[self.context.token_sot()], 0)?;
        Ok(probability_of(self.context.token_nosp(), scores))
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

/// What `filter_logits` is given.
struct FilterCallback<'a> {
    filter: LogitFilter<'a>,
    /// A panic must not cross into C: it would end the process.
    panicked: bool,
}

unsafe extern "C" fn filter_logits(
    _context: *mut whisper_rs_sys::whisper_context,
    _state: *mut whisper_rs_sys::whisper_state,
    tokens: *const WhisperTokenData,
    count: c_int,
    logits: *mut f32,
    user: *mut c_void,
) {
    // SAFETY: `user` is the filter that `listen` put there, alive and borrowed by nobody else during the call.
    let filter = unsafe { &mut *user.cast::<FilterCallback<'_>>() };
    let said: Vec<c_int> = if tokens.is_null() || count <= 0 {
        Vec::new()
    } else {
        // SAFETY: whisper.cpp gives `count` tokens at `tokens`, unchanged during the call.
        unsafe { std::slice::from_raw_parts(tokens, count as usize) }
            .iter()
            .map(|token| token.id)
            .collect()
    };
    let FilterCallback { filter, panicked } = filter;
    // SAFETY: whisper.cpp gives one score for each token of the vocabulary; those up to the end-of-text token are the
    // first of them.
    let scores = unsafe { std::slice::from_raw_parts_mut(logits, filter.scores()) };
    let shaped = catch_unwind(AssertUnwindSafe(|| filter.apply(&said, scores)));
    *panicked |= shaped.is_err();
}

/// Copies the scores that the last decode gave for its last token.
fn last_row(state: &WhisperState, fed: usize, scores: &mut Vec<f32>) -> Result<(), RecognizerError> {
    let first = state.get_logits().map_err(|error| decode_failed(&error))?;
    let columns = first.len();
    let rows_before = fed.checked_sub(1).ok_or_else(|| RecognizerError::Decode {
        reason: "nothing was decoded".to_owned(),
    })?;
    // whisper-rs makes a slice of the first row only, and a pointer made from that slice may not leave it. The rows lie
    // in an allocation of the C side, whose provenance is exposed: the pointer to the last row is made from its address.
    let address = first.as_ptr().addr() + rows_before * columns * size_of::<f32>();
    let last = std::ptr::with_exposed_provenance::<f32>(address);
    // SAFETY: whisper.h: `whisper_get_logits` gives "rows: n_tokens, cols: n_vocab" of the last decode, which was fed
    // `fed` tokens; the last row is the one that is filled in. Nothing is decoded while `state` is borrowed.
    let row = unsafe { std::slice::from_raw_parts(last, columns) };
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
    positions.next_multiple_of(64).min(MAX_POSITIONS)
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

/// The heads of the decoder that attend to where a word is said. They were found for each of the published models; of any
/// other, such as Distil-Whisper's, those of the last layer are the best guess, and the sound sets the edges of the words.
fn alignment_heads(size: Option<models::Size>) -> DtwMode<'static> {
    const ENGLISH_VOCABULARY: i32 = 51_864;
    const FIRST_VOCABULARY: i32 = 51_865;
    const LAST_LAYER: DtwMode<'_> = DtwMode::TopMost { n_top: 1 };
    let Some(size) = size else { return LAST_LAYER };
    let english = size.vocabulary == ENGLISH_VOCABULARY;
    let model_preset = match (size.width, size.text_layers) {
        (384, 4) if english => DtwModelPreset::TinyEn,
        (384, 4) => DtwModelPreset::Tiny,
        (512, 6) if english => DtwModelPreset::BaseEn,
        (512, 6) => DtwModelPreset::Base,
        (768, 12) if english => DtwModelPreset::SmallEn,
        (768, 12) => DtwModelPreset::Small,
        (1024, 24) if english => DtwModelPreset::MediumEn,
        (1024, 24) => DtwModelPreset::Medium,
        (1280, 32) if size.vocabulary == FIRST_VOCABULARY => DtwModelPreset::LargeV2,
        (1280, 32) => DtwModelPreset::LargeV3,
        (1280, 4) => DtwModelPreset::LargeV3Turbo,
        _ => return LAST_LAYER,
    };
    DtwMode::ModelPreset { model_preset }
}

/// Has the C library give large blocks back to the system when they are freed.
///
/// A recognizer's buffers have tens of megabytes each, and come and go with every take, on threads of their own. Once one
/// of them was freed, glibc takes such blocks from its heaps instead, of which each thread has one, and these keep what
/// is freed: memory grew by up to a hundred megabytes a take, and came to rest at three times what is in use.
fn give_memory_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        /// Blocks from this size on are the system's own, and go back to it.
        const LARGE_BYTES: c_int = 256 << 10;
        // SAFETY: `mallopt` may be called at any time and from any thread; it only changes how later blocks are found.
        let changed = unsafe { libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE_BYTES) };
        if changed == 0 {
            log::warn!("The C library keeps its own ways with large blocks of memory.");
        }
    }
}

fn decode_failed(error: &whisper_rs::WhisperError) -> RecognizerError {
    RecognizerError::Decode {
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_models_have_alignment_heads_of_their_own_and_others_their_last_layer() {
        let heads = |vocabulary, width, text_layers| {
            alignment_heads(Some(models::Size {
                vocabulary,
                width,
                text_layers,
            }))
        };
        let is_preset = |mode: &DtwMode<'_>| matches!(mode, DtwMode::ModelPreset { .. });
        for (vocabulary, width, layers) in [
            (51_864, 384, 4),
            (51_865, 384, 4),
            (51_865, 512, 6),
            (51_864, 768, 12),
            (51_864, 1024, 24),
            (51_865, 1280, 32),
        ] {
            assert!(is_preset(&heads(vocabulary, width, layers)), "{width} {layers}");
        }
        let turbo = DtwMode::ModelPreset {
            model_preset: DtwModelPreset::LargeV3Turbo,
        };
        let same = |a: &DtwMode<'_>, b: &DtwMode<'_>| format!("{a:?}") == format!("{b:?}");
        assert!(same(&heads(51_866, 1280, 4), &turbo));
        // Distil-Whisper: the encoder of a published model with two or four layers of a decoder.
        for (width, layers) in [(768, 4), (1024, 2), (1280, 2)] {
            assert!(
                matches!(heads(51_864, width, layers), DtwMode::TopMost { n_top: 1 }),
                "{width} {layers}"
            );
        }
        assert!(matches!(alignment_heads(None), DtwMode::TopMost { .. }));
    }
}
