use std::{fs, path::Path, sync::atomic::AtomicBool};

use tempfile::TempDir;

use super::{
    super::{Imported, check, in_groups},
    files, made, models,
};

/// A folder for the user's files, with a model store inside.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
        }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> std::path::PathBuf {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    fn import(&self, path: &Path) -> Result<Imported, String> {
        let home = models(&self.folder.path().join("models"), "");
        home.import(path, &mut |_| {}, &AtomicBool::new(false))
            .map_err(|error| error.to_string())
    }

    fn shelved(&self) -> Vec<String> {
        files(&self.folder.path().join("models"))
    }
}

/// A model that no catalog knows: the made one with another last weight.
fn own() -> Vec<u8> {
    let mut file = made::ggml().to_vec();
    *file.last_mut().unwrap() ^= 1;
    file
}

#[test]
fn a_model_of_the_catalog_gets_its_name_whatever_its_file_is_called() {
    for (kind, name) in [
        ("a file", "x.bin"),
        ("a folder", "ct2"),
        ("its model.bin", "ct2/model.bin"),
        ("a wheel", "x.whl"),
    ] {
        let desk = Desk::new();
        match kind {
            "a file" => {
                desk.file(name, made::ggml());
            }
            "a wheel" => made::wheel(&desk.folder.path().join(name)),
            _ => {
                desk.file("ct2/model.bin", made::model_bin());
                desk.file("ct2/vocabulary.txt", made::vocabulary());
            }
        }
        let imported = desk.import(&desk.folder.path().join(name)).unwrap();
        assert_eq!((imported.name.as_str(), imported.own), ("toy", false), "{kind}");
        assert!(fs::read(imported.path).unwrap() == made::ggml(), "{kind}");
        assert_eq!(desk.shelved(), ["ggml-toy.bin"], "{kind}");
    }
}

#[test]
fn wheels_with_parts_are_put_together_in_order() {
    let desk = Desk::new();
    let (first, second) = made::model_bin().split_at(3_000_000);
    let wheel = |name: &str| desk.folder.path().join(name);
    fs::create_dir(wheel("wheels")).unwrap();
    // The names sort against the order of the parts.
    made::zip(
        &wheel("wheels/b.whl"),
        &[
            ("toy1/model.bin.part1", first),
            ("toy1/vocabulary.txt", made::vocabulary()),
        ],
    );
    assert_eq!(
        desk.import(&wheel("wheels")).unwrap_err(),
        format!(
            "'{}' is not a whole speech model: it ends after part 1 of several; import all of its \
             wheels at once.",
            wheel("wheels").display()
        )
    );
    made::zip(&wheel("wheels/a.whl"), &[("toy2/model.bin.part2", second)]);
    assert_eq!(desk.import(&wheel("wheels")).unwrap().name, "toy");
    made::zip(&wheel("wheels/c.whl"), &[("toy3/model.bin.part4", b"x")]);
    assert!(
        desk.import(&wheel("wheels"))
            .unwrap_err()
            .contains("part 3 of it is missing, or another is there twice")
    );
}

#[test]
fn wheels_that_are_named_together_are_one_model_or_several() {
    let desk = Desk::new();
    let bin = made::model_bin();
    let (first, second) = bin.split_at(3_000_000);
    // Another model, which no catalog knows: one weight is another.
    let mut other = bin.to_vec();
    other[bin.len() / 2] ^= 1;
    let (other_first, other_second) = other.split_at(2_000_000);
    let wheel = |name: &str, entries: &[(&str, &[u8])]| {
        let path = desk.folder.path().join(name);
        made::zip(&path, entries);
        path
    };
    let part = |name: &str, entry: &str, bytes: &[u8]| wheel(name, &[(entry, bytes)]);
    let b = part("toy_part2-1.0-py3-none-any.whl", "toy2/model.bin.part2", second);
    let a = wheel(
        "toy_part1-1.0-py3-none-any.whl",
        &[
            ("toy1/model.bin.part1", first),
            ("toy1/vocabulary.txt", made::vocabulary()),
        ],
    );
    let d = part("other_2-1.0-py3-none-any.whl", "other2/model.bin.part2", other_second);
    let c = wheel(
        "other_1-1.0-py3-none-any.whl",
        &[
            ("other1/model.bin.part1", other_first),
            ("other1/vocabulary.txt", made::vocabulary()),
        ],
    );
    let whole = desk.folder.path().join("whole.whl");
    made::wheel(&whole);
    let file = desk.file("ggml-medical.bin", &own());
    let page = desk.file("page.bin", b"<html>");
    let groups = |paths: &[&std::path::PathBuf]| {
        let paths: Vec<_> = paths.iter().map(|path| (*path).clone()).collect();
        in_groups(&paths)
    };
    let same = |groups: Vec<Vec<std::path::PathBuf>>, wanted: &[&[&std::path::PathBuf]]| {
        let wanted: Vec<Vec<_>> = wanted
            .iter()
            .map(|group| group.iter().map(|path| (*path).clone()).collect())
            .collect();
        assert_eq!(groups, wanted);
    };
    same(groups(&[&b, &a]), &[&[&b, &a]]);
    same(
        groups(&[&whole, &b, &file, &a, &page]),
        &[&[&whole], &[&b, &a], &[&file], &[&page]],
    );
    same(groups(&[&a, &c, &b, &d]), &[&[&a, &b], &[&c, &d]]);
    same(groups(&[&whole, &whole, &a, &a, &b]), &[&[&whole], &[&a, &b]]);

    let home = models(&desk.folder.path().join("models"), "");
    let import = |paths: &[std::path::PathBuf]| {
        home.import_group(paths, &mut |_| {}, &AtomicBool::new(false))
            .map_err(|error| error.to_string())
    };
    assert_eq!(import(&[b.clone(), a.clone()]).unwrap().name, "toy");
    assert!(fs::read(home.path("toy").unwrap()).unwrap() == made::ggml());
    let imported = import(&[c.clone(), d.clone()]).unwrap();
    assert_eq!(
        (imported.name.as_str(), imported.own),
        ("other_1-1.0-py3-none-any", true)
    );
    assert_eq!(
        import(&[b.clone(), d.clone()]),
        Err(format!(
            "'{}' with '{}' is not a speech model: it lacks the part that holds the vocabulary. Give a ggml file (.bin), \
             a CTranslate2 folder, or its wheels; `aloud models list` names the models that can be fetched instead.",
            b.display(),
            d.display()
        ))
    );
    assert_eq!(desk.shelved(), ["ggml-other_1-1.0-py3-none-any.bin", "ggml-toy.bin"]);
}

#[test]
fn an_own_model_keeps_its_files_name_and_is_listed_as_own() {
    let desk = Desk::new();
    let path = desk.file("ggml-medical.bin", &own());
    let imported = desk.import(&path).unwrap();
    assert_eq!((imported.name.as_str(), imported.own), ("medical", true));
    // The same again changes nothing.
    assert_eq!(desk.import(&path), Ok(imported));
    let models = models(&desk.folder.path().join("models"), "");
    let entry = models.list().pop().unwrap();
    assert_eq!(
        (entry.name.as_str(), entry.own, entry.bytes),
        ("medical", true, made::ggml().len() as u64)
    );
    assert!(models.verify("medical").is_ok());
    fs::write(models.path("medical").unwrap(), &own()[..9000]).unwrap();
    let message = models.verify("medical").unwrap_err().to_string();
    assert!(
        message.starts_with("The model medical on this machine is damaged: it is truncated: 9000 of "),
        "{message}"
    );
    assert!(message.ends_with("Import it again."), "{message}");
}

#[test]
fn an_own_model_never_takes_the_name_of_another() {
    let desk = Desk::new();
    let path = desk.file("ggml-toy.bin", &own());
    let message = |path: &Path, name: &str| {
        let path = path.display();
        Err(format!(
            "'{path}' would be named {name}, but another model already has that name. Rename the file and import it again."
        ))
    };
    assert_eq!(desk.import(&path), message(&path, "toy"));
    let mut other = own();
    *other.last_mut().unwrap() ^= 2;
    desk.import(&desk.file("mine.bin", &own())).unwrap();
    let second = desk.file("elsewhere/mine.bin", &other);
    assert_eq!(desk.import(&second), message(&second, "mine"));
    assert_eq!(desk.shelved(), ["ggml-mine.bin"]);
}

#[test]
fn what_is_no_model_is_refused_with_a_sentence_and_leaves_nothing() {
    let desk = Desk::new();
    let ggml = made::ggml();
    let list = "Give a ggml file (.bin), a CTranslate2 folder, or its wheels; `aloud models list` names the models that \
                can be fetched instead.";
    let again = "Copy or download it again.";
    fs::create_dir(desk.folder.path().join("empty")).unwrap();
    made::zip(
        &desk.folder.path().join("other.whl"),
        &[("package/code.py", b"import os")],
    );
    made::zip(
        &desk.folder.path().join("wordless.whl"),
        &[("package/vocabulary.txt", b"a")],
    );
    for (name, bytes, message) in [
        (
            "page.bin",
            Some(b"<!DOCTYPE html><html>".to_vec()),
            format!("is not a speech model: it is a web page. {list}"),
        ),
        (
            "cut.bin",
            Some(ggml[..ggml.len() - 7].to_vec()),
            format!(
                "is not a whole speech model: it is truncated: {} of {} bytes. {again}",
                ggml.len() - 7,
                ggml.len()
            ),
        ),
        (
            "nothing.bin",
            Some(Vec::new()),
            format!("is not a speech model: it is empty. {list}"),
        ),
        (
            "song.bin",
            Some(b"RIFF----WAVE".to_vec()),
            format!("is not a speech model: it does not have the header of a speech model. {list}"),
        ),
        (
            "ct2/model.bin",
            Some(made::model_bin()[..5000].to_vec()),
            format!("is not a speech model: there is no vocabulary.txt or vocabulary.json beside it. {list}"),
        ),
        (
            "empty",
            None,
            format!("is not a speech model: it is a folder with neither a model.bin nor wheels in it. {list}"),
        ),
        (
            "other.whl",
            None,
            format!("is not a speech model: it lacks the part that holds the vocabulary. {list}"),
        ),
        (
            "wordless.whl",
            None,
            format!("is not a speech model: it holds no model.bin. {list}"),
        ),
    ] {
        let path = bytes.map_or_else(|| desk.folder.path().join(name), |bytes| desk.file(name, &bytes));
        assert_eq!(desk.import(&path), Err(format!("'{}' {message}", path.display())));
    }
    assert_eq!(desk.shelved(), [] as [&str; 0]);
}

#[test]
fn a_cancelled_import_leaves_nothing() {
    let desk = Desk::new();
    let path = desk.file("x.bin", made::ggml());
    let models = models(&desk.folder.path().join("models"), "");
    let ended = models.import(&path, &mut |_| {}, &AtomicBool::new(true));
    assert!(ended.unwrap_err().to_string().starts_with("Cancelled."));
    assert_eq!(desk.shelved(), [] as [&str; 0]);
}

#[test]
fn a_model_named_by_its_path_is_checked_before_it_is_loaded() {
    let desk = Desk::new();
    assert!(check(&desk.file("good.bin", made::ggml())).is_ok());
    assert!(
        check(&desk.file("bad.bin", b"lmgg"))
            .unwrap_err()
            .to_string()
            .contains("is not a whole speech model")
    );
    assert!(
        check(Path::new("/nowhere/x.bin"))
            .unwrap_err()
            .to_string()
            .starts_with("Could not read '/nowhere/x.bin': ")
    );
}
