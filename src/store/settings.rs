//! The settings on disk.

use super::{Store, StoreError, file};
use crate::settings::Settings;

impl Store {
    /// The settings, and what was wrong with them where something was: then the usual ones are used.
    pub fn settings(&self) -> (Settings, Option<StoreError>) {
        match file::read_json::<Settings>(&self.root.join("settings.json")) {
            Ok(settings) => {
                let mut settings = settings.unwrap_or_default();
                settings.text_percent = settings.text_percent.clamp(80, 200);
                (settings, None)
            }
            Err(error) => (Settings::default(), Some(error)),
        }
    }

    pub fn save_settings(&self, settings: &Settings) -> Result<(), StoreError> {
        file::write_json(&self.root.join("settings.json"), settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Delivery, ThemeChoice, WindowPlace};

    #[test]
    fn settings_come_back_and_unknown_sizes_are_put_in_bounds() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Some(folder.path().to_owned())).unwrap();
        assert_eq!(store.settings().0, Settings::default());
        let chosen = Settings {
            text_percent: 900,
            field: "general".into(),
            ..Settings::default()
        };
        store.save_settings(&chosen).unwrap();
        let (read, error) = store.settings();
        assert!(error.is_none());
        assert_eq!((read.text_percent, read.field.as_str()), (200, "general"));
    }

    #[test]
    fn the_place_of_the_window_comes_back_also_without_what_a_system_does_not_tell() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Some(folder.path().to_owned())).unwrap();
        let place = WindowPlace {
            size: [1100, 700],
            at: Some([-8, 30]),
            maximized: true,
        };
        let settings = Settings {
            window: Some(place),
            ..Settings::default()
        };
        store.save_settings(&settings).unwrap();
        assert_eq!(store.settings().0.window, Some(place));
        std::fs::write(
            folder.path().join("settings.json"),
            r#"{"schema": 2, "content": {"window": {"size": [1000, 640]}}}"#,
        )
        .unwrap();
        let read = store.settings().0.window.unwrap();
        assert_eq!((read.size, read.at, read.maximized), ([1000, 640], None, false));
    }

    #[test]
    fn settings_of_an_older_version_keep_what_they_say() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Some(folder.path().to_owned())).unwrap();
        std::fs::write(
            folder.path().join("settings.json"),
            r#"{"schema": 2, "content": {"theme": "dark", "length": 8, "read_aloud": true, "reduced_motion": true}}"#,
        )
        .unwrap();
        let read = store.settings().0;
        assert_eq!(
            (read.theme, read.delivery, read.length),
            (ThemeChoice::Dark, Delivery::ReadAloud, 8)
        );
        assert!(read.reduced_motion);
        assert!(!read.more_contrast);
        assert_eq!(read.window, None);
    }
}
