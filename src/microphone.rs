//! The microphones of this machine, through cpal: list them, open one, hear of its troubles. Knows nothing but cpal and
//! the ring that it fills.

use std::time::Duration;

use cpal::{
    BufferSize, Data, Device, Error, ErrorKind, SampleFormat, Stream, StreamConfig, SupportedBufferSize,
    SupportedStreamConfig,
    traits::{DeviceTrait, HostTrait, StreamTrait},
};

use crate::{
    listener::ring::{SampleConsumer, SampleProducer, ring},
    take::SOURCE_RATES,
};

/// How long the system may take to open a microphone.
const PATIENCE: Duration = Duration::from_secs(5);

/// An open microphone. Dropping it closes it, and its ring ends.
pub struct Microphone {
    pub name: String,
    /// Kept for its drop: the stream runs as long as it lives.
    _stream: Stream,
}

impl std::fmt::Debug for Microphone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Microphone")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, thiserror::Error)]
pub enum MicrophoneError {
    #[error("No microphone was found. Plug one in, or allow this app to use it in the system's settings.")]
    NoneFound,
    #[error("There is no microphone named '{name}'. {}", offer(.others))]
    Unknown { name: String, others: Vec<String> },
    #[error("Could not open microphone '{name}': {}", advice(.source))]
    Open { name: String, source: Error },
    #[error("Could not list the microphones: {}", advice(.0))]
    Find(Error),
    #[error(
        "The sound system does not answer. Allow this app to use the microphone if the system asks, or restart the sound system."
    )]
    Silent,
    #[error("The sound system crashed on this microphone. Choose another, or plug it in again.")]
    Died,
}

/// What became of an open microphone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StreamProblem {
    /// It is gone, or will deliver no more: open another, or the same again.
    Gone(String),
    /// It goes on, with a gap or through another device.
    Passing(String),
}

/// Names of the microphones, the system's choice first.
pub fn names() -> Result<Vec<String>, MicrophoneError> {
    hush();
    let host = cpal::default_host();
    let chosen = host.default_input_device().filter(is_real);
    let mut names: Vec<String> = chosen.iter().map(name_of).collect();
    for device in host.input_devices().map_err(MicrophoneError::Find)? {
        let name = name_of(&device);
        // A monitor plays back what the machine itself sounds.
        if !names.contains(&name) && !name.starts_with("Monitor of ") && is_real(&device) {
            names.push(name);
        }
    }
    Ok(names)
}

/// Keeps ALSA from writing on standard error what the errors that it returns say too.
fn hush() {
    #[cfg(target_os = "linux")]
    if let Err(error) = alsa::Output::local_error_handler() {
        log::warn!("ALSA is not quiet: {error}");
    }
}

/// Whether something can be heard from it. ALSA lists its plugins as devices (converters, mixers, one that hears only
/// silence), and a default where there is no sound card at all.
fn is_real(device: &Device) -> bool {
    #[cfg(target_os = "linux")]
    if let Ok(id) = device.id()
        && id.host() == cpal::HostId::Alsa
    {
        return match id.id() {
            "default" | "pulse" | "pipewire" => device
                .supported_input_configs()
                .is_ok_and(|mut any| any.next().is_some()),
            plugin_or_card => plugin_or_card.contains("CARD="),
        };
    }
    let _ = device;
    true
}

/// The way in which this machine's sound is reached: "PulseAudio", "ALSA", "CoreAudio", …
pub fn sound_system() -> &'static str {
    cpal::default_host().id().name()
}

/// Opens a microphone (nothing: the system's choice). Its sound arrives in the ring; `on_problem` is called from a thread
/// of the sound system and must not wait.
pub fn open(
    name: Option<&str>,
    mut on_problem: impl FnMut(StreamProblem) + Send + 'static,
) -> Result<(Microphone, SampleConsumer), MicrophoneError> {
    let device = find(name)?;
    let name = name_of(&device);
    let failed = |source: Error| MicrophoneError::Open {
        name: name.clone(),
        source,
    };
    let config = configuration(&device).map_err(failed)?;
    let (producer, consumer) = ring(config.sample_rate(), config.channels());
    let format = config.sample_format();
    let stream_config = StreamConfig {
        buffer_size: buffer(&device, &config),
        ..config.into()
    };
    let stream = device
        .build_input_stream_raw(
            stream_config,
            format,
            callback(producer),
            move |error| on_problem(problem_of(&error)),
            Some(PATIENCE),
        )
        .map_err(failed)?;
    stream.play().map_err(failed)?;
    Ok((
        Microphone {
            name: name.clone(),
            _stream: stream,
        },
        consumer,
    ))
}

/// What the sound system calls for every buffer. It never locks, allocates, logs or panics.
fn callback(mut producer: SampleProducer) -> impl FnMut(&Data, &cpal::InputCallbackInfo) + Send + 'static {
    move |data, _| match data.sample_format() {
        SampleFormat::I8 => producer.push(data.as_slice::<i8>().unwrap_or_default()),
        SampleFormat::I16 => producer.push(data.as_slice::<i16>().unwrap_or_default()),
        SampleFormat::I24 => producer.push(data.as_slice::<cpal::I24>().unwrap_or_default()),
        SampleFormat::I32 => producer.push(data.as_slice::<i32>().unwrap_or_default()),
        SampleFormat::I64 => producer.push(data.as_slice::<i64>().unwrap_or_default()),
        SampleFormat::U8 => producer.push(data.as_slice::<u8>().unwrap_or_default()),
        SampleFormat::U16 => producer.push(data.as_slice::<u16>().unwrap_or_default()),
        SampleFormat::U24 => producer.push(data.as_slice::<cpal::U24>().unwrap_or_default()),
        SampleFormat::U32 => producer.push(data.as_slice::<u32>().unwrap_or_default()),
        SampleFormat::U64 => producer.push(data.as_slice::<u64>().unwrap_or_default()),
        SampleFormat::F32 => producer.push(data.as_slice::<f32>().unwrap_or_default()),
        SampleFormat::F64 => producer.push(data.as_slice::<f64>().unwrap_or_default()),
        // Bit streams are never chosen: see `configuration`.
        _ => {}
    }
}

fn find(name: Option<&str>) -> Result<Device, MicrophoneError> {
    hush();
    let host = cpal::default_host();
    let Some(name) = name else {
        let chosen = host.default_input_device().filter(is_real);
        return chosen.ok_or(MicrophoneError::NoneFound);
    };
    host.input_devices()
        .map_err(MicrophoneError::Find)?
        .find(|device| name_of(device) == name && is_real(device))
        .ok_or_else(|| MicrophoneError::Unknown {
            name: name.to_owned(),
            others: names().unwrap_or_default(),
        })
}

/// How much sound may wait at once. PulseAudio (and PipeWire in its place) saves power where it is not asked: it delivers
/// every two seconds, which is how late the level and the words would be, and how much of a take a crash would cost.
/// It delivers twice in the time that is asked for here, and keeps no more than this for a reader that is late: sound
/// beyond that is gone, so it must not be short either.
fn buffer(device: &Device, config: &SupportedStreamConfig) -> BufferSize {
    const MOST: Duration = Duration::from_millis(200);
    let frames = (f64::from(config.sample_rate()) * MOST.as_secs_f64()) as u32;
    let server = device.id().is_ok_and(|id| id.host().name() == "PulseAudio");
    match config.buffer_size() {
        SupportedBufferSize::Range { min, max } if server => BufferSize::Fixed(frames.clamp(*min, *max)),
        _ => BufferSize::Default,
    }
}

fn name_of(device: &Device) -> String {
    device
        .description()
        .map_or_else(|_| "Unnamed microphone".to_owned(), |about| about.name().to_owned())
}

/// The device's own choice where that can be used, else the nearest that can.
fn configuration(device: &Device) -> Result<SupportedStreamConfig, Error> {
    let usable = |format: SampleFormat| {
        !matches!(
            format,
            SampleFormat::DsdU8 | SampleFormat::DsdU16 | SampleFormat::DsdU32
        )
    };
    let refused = match device.default_input_config() {
        Ok(config) if usable(config.sample_format()) && SOURCE_RATES.contains(&config.sample_rate()) => {
            return Ok(config);
        }
        Ok(_) => ErrorKind::UnsupportedConfig.into(),
        Err(error) => error,
    };
    device
        .supported_input_configs()?
        .filter(|range| usable(range.sample_format()))
        .filter(|range| {
            range.min_sample_rate() <= *SOURCE_RATES.end() && range.max_sample_rate() >= *SOURCE_RATES.start()
        })
        .min_by_key(|range| (range.channels(), range.min_sample_rate().abs_diff(48_000)))
        .map(|range| {
            let rate = 48_000.clamp(range.min_sample_rate(), range.max_sample_rate());
            range.with_sample_rate(rate)
        })
        .ok_or(refused)
}

fn problem_of(error: &Error) -> StreamProblem {
    match error.kind() {
        ErrorKind::DeviceChanged | ErrorKind::Xrun | ErrorKind::RealtimeDenied => {
            StreamProblem::Passing(error.to_string())
        }
        _ => StreamProblem::Gone(advice(error)),
    }
}

/// The cause and what to do about it, as a sentence that follows a colon.
fn advice(error: &Error) -> String {
    match error.kind() {
        ErrorKind::DeviceBusy => "another program is using it. Close that program and try again.".to_owned(),
        ErrorKind::DeviceNotAvailable => {
            "it has been unplugged or switched off. Plug it in, or choose another.".to_owned()
        }
        ErrorKind::HostUnavailable => "the sound system is not running. Start it, or log in again.".to_owned(),
        ErrorKind::PermissionDenied => {
            "the system does not allow it. Allow this app to use the microphone in the privacy settings.".to_owned()
        }
        ErrorKind::UnsupportedConfig => "it offers no sound that can be used here. Choose another.".to_owned(),
        _ => format!(
            "{}. Choose another microphone, or try again.",
            error.to_string().trim_end_matches('.')
        ),
    }
}

fn offer(others: &[String]) -> String {
    match others {
        [] => "No microphone was found at all.".to_owned(),
        _ => format!("There is: {}.", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_say_what_to_do() {
        let error = MicrophoneError::Open {
            name: "USB Mic".to_owned(),
            source: ErrorKind::DeviceBusy.into(),
        };
        assert_eq!(
            error.to_string(),
            "Could not open microphone 'USB Mic': another program is using it. Close that program and try again."
        );
        let error = MicrophoneError::Unknown {
            name: "A".to_owned(),
            others: vec!["B".to_owned(), "C".to_owned()],
        };
        assert_eq!(error.to_string(), "There is no microphone named 'A'. There is: B, C.");
    }

    #[test]
    fn only_what_ends_the_stream_is_a_loss() {
        assert!(matches!(
            problem_of(&ErrorKind::DeviceNotAvailable.into()),
            StreamProblem::Gone(_)
        ));
        assert!(matches!(problem_of(&ErrorKind::Xrun.into()), StreamProblem::Passing(_)));
    }
}
