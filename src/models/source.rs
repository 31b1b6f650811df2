//! Gets a model of the catalog: its file from a mirror or from its usual address, or made out of a larger model that is
//! here.

use std::{
    fs::{self, File},
    io::{BufReader, BufWriter, Write as _},
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use ureq::http::Uri;

use super::{
    catalog::{Model, ModelSource, Quantized, Url},
    convert::quantize::quantize,
    download_error::DownloadError,
    error::{ModelError, Reason},
    invalid_model::{FetchError, InvalidModel},
    lock::Lock,
    mirror::{Mirror, MirrorError},
    model_store::ModelStore,
    progress::{Progress, ProgressSink},
};

impl ModelStore {
    /// Gets a model of the catalog from the first of its sources that gives it, and says where it lies.
    ///
    /// One that is here already is verified and left as it is. `tell` hears how far it is, and `cancel` ends it within
    /// a second. Another process or thread that gets the same model is waited for.
    pub fn fetch(
        &self,
        name: &str,
        tell: &mut dyn FnMut(Progress),
        cancel: &AtomicBool,
    ) -> Result<PathBuf, ModelError> {
        self.fetch_from(name, None, tell, cancel)
    }

    /// The same, and where the environment names no mirror, with this one.
    pub fn fetch_from(
        &self,
        name: &str,
        mirror: Option<&str>,
        tell: &mut dyn FnMut(Progress),
        cancel: &AtomicBool,
    ) -> Result<PathBuf, ModelError> {
        let model = self
            .catalog()
            .find(name)
            .ok_or_else(|| ModelError::Unknown { name: name.to_owned() })?;
        let sources = self.sources(model, mirror)?;
        self.prepare()?;
        let mut progress = ProgressSink::new(tell, cancel);
        let lock = self.lock(model, &mut progress)?;
        if let Some(path) = self.path(name) {
            match self.verify_until(name, cancel) {
                Ok(()) => return Ok(path),
                Err(ModelError::Damaged { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        let mut reasons = Vec::new();
        for source in &sources {
            match self.try_source(model, source, &lock, &mut progress) {
                Ok(()) => return Ok(self.place(name)),
                Err(FetchError::Cancelled) => return Err(ModelError::Cancelled),
                Err(FetchError::Write(error)) => return Err(self.fails(error)),
                Err(error) => {
                    let reason = reason(source, &error);
                    log::warn!("{}: {}", reason.source, reason.message);
                    reasons.push(reason);
                }
            }
        }
        let address = model.address().map(str::to_owned);
        Err(ModelError::Unreachable {
            name: name.to_owned(),
            reasons,
            address,
        })
    }

    /// Where a model can be had, in the order in which it is tried.
    fn sources(&self, model: &Model, mirror: Option<&str>) -> Result<Vec<ModelSource>, MirrorError> {
        let named = self
            .mirror
            .as_deref()
            .or(mirror)
            .filter(|address| !address.trim().is_empty());
        let mirror = named
            .map(|address| Mirror::parse_where(address, &|address| self.web.allows(address)))
            .transpose()?;
        let of_mirror = mirror.map(|mirror| {
            let url = mirror.url(&model.name);
            ModelSource::Url(Url { url })
        });
        Ok(of_mirror.into_iter().chain(model.sources.iter().cloned()).collect())
    }

    /// Gets a model from one source, verifies it, and puts it in its place.
    fn try_source(
        &self,
        model: &Model,
        source: &ModelSource,
        lock: &Lock,
        progress: &mut ProgressSink<'_>,
    ) -> Result<(), FetchError> {
        match source {
            ModelSource::Url(Url { url }) => self.take_url(model, url, lock, progress),
            ModelSource::Quantized(Quantized { quantized_from }) => {
                let temp_folder = self.temp_folder()?;
                let file = self.make_smaller(model, quantized_from, temp_folder.path(), progress)?;
                self.put(&file, model, progress)?;
                if let Lock::Held(_) = lock {
                    // What an earlier source had begun is of no use any more; it only takes room.
                    let _ = fs::remove_file(self.part(&model.name));
                }
                Ok(())
            }
        }
    }

    fn take_url(
        &self,
        model: &Model,
        url: &str,
        lock: &Lock,
        progress: &mut ProgressSink<'_>,
    ) -> Result<(), FetchError> {
        let temp_folder;
        let part = match lock {
            Lock::Held(_) => self.part(&model.name),
            Lock::None => {
                temp_folder = self.temp_folder()?;
                temp_folder.path().join("downloaded.bin")
            }
        };
        let resumed = fs::metadata(&part).is_ok_and(|part| part.len() > 0);
        self.web.download(url, &part, model.bytes, progress)?;
        match self.put(&part, model, progress) {
            Err(error @ (FetchError::Refused(_) | FetchError::InvalidModel(_))) => {
                fs::remove_file(&part).map_err(FetchError::Write)?;
                if !resumed {
                    return Err(error);
                }
                // The beginning came from an earlier try, perhaps of another file: once more, from the start.
                self.web.download(url, &part, model.bytes, progress)?;
                let again = self.put(&part, model, progress);
                if let Err(FetchError::Refused(_) | FetchError::InvalidModel(_)) = again {
                    fs::remove_file(&part).map_err(FetchError::Write)?;
                }
                again
            }
            ended => ended,
        }
    }

    /// A smaller form of another model that is here. Whatever that file holds: what comes out is verified.
    fn make_smaller(
        &self,
        model: &Model,
        larger: &str,
        temp_folder: &Path,
        progress: &mut ProgressSink<'_>,
    ) -> Result<PathBuf, FetchError> {
        let file = self.path(larger).ok_or(DownloadError::NothingToMakeItFrom)?;
        let file = File::open(file).map_err(InvalidModel::Unreadable)?;
        let length = file.metadata().map_err(InvalidModel::Unreadable)?.len();
        progress.begin(0, Some(length));
        let made = temp_folder.join("quantized.bin");
        let mut out = BufWriter::new(File::create(&made).map_err(FetchError::Write)?);
        quantize(&mut BufReader::new(file), length, model.format(), &mut out, progress)?;
        out.flush().map_err(FetchError::Write)?;
        Ok(made)
    }
}

/// Names a source and tells why it gave nothing.
fn reason(source: &ModelSource, error: &FetchError) -> Reason {
    let name = match source {
        ModelSource::Url(Url { url }) => host(url),
        ModelSource::Quantized(Quantized { quantized_from }) => format!("the larger model {quantized_from}"),
    };
    Reason {
        source: name,
        message: error.to_string(),
    }
}

/// The host of an address, with its port where one is named, and without a password.
fn host(url: &str) -> String {
    let address: Option<Uri> = url.parse().ok();
    let host = address.as_ref().and_then(|address| {
        let port = address.port().map_or_else(String::new, |port| format!(":{port}"));
        Some(format!("{}{port}", address.host()?))
    });
    host.unwrap_or_else(|| url.to_owned())
}
