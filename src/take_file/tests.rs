use super::*;

fn ramp(from: usize, count: usize) -> Vec<f32> {
    (from..from + count).map(|index| index as f32 / 32_768.0).collect()
}

#[test]
fn sound_can_be_read_before_and_after_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let (mut file, sound) = create(&folder.path().join("take.wav")).unwrap();
    file.push(&ramp(0, 100));
    file.write().unwrap();
    file.push(&ramp(100, 50));
    let mut read = Vec::new();
    sound.read(90, 120, &mut read).unwrap();
    assert_eq!(read.len(), 30);
    assert!((read[0] - 90.0 / 32_768.0).abs() < 1e-4 && (read[29] - 119.0 / 32_768.0).abs() < 1e-4);
    sound.read(140, 900, &mut read).unwrap();
    assert_eq!(read.len(), 10);
    sound.read(900, 1000, &mut read).unwrap();
    assert!(read.is_empty());
}

#[test]
fn the_file_is_a_wav_after_every_write() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/take.wav");
    let (mut file, _sound) = create(&path).unwrap();
    for round in 1..4 {
        file.push(&ramp(0, 160));
        file.write().unwrap();
        let reader = hound::WavReader::open(&path).unwrap();
        assert_eq!(reader.len(), round * 160);
        assert_eq!(reader.spec().sample_rate, RATE);
    }
    file.seal().unwrap();
    assert!(create(&path).is_err(), "a take is never written over");
    assert_eq!(open(&path).unwrap().len(), 480);
}

#[test]
fn a_take_goes_on_in_another_folder_with_all_that_it_had() {
    let folder = tempfile::tempdir().unwrap();
    let (old, other) = (folder.path().join("take.wav"), folder.path().join("other"));
    let (mut file, sound) = create(&old).unwrap();
    file.push(&ramp(0, 160));
    file.write().unwrap();
    file.push(&ramp(160, 40));
    file.relocate(&other).unwrap();
    file.push(&ramp(200, 100));
    let new = other.join("take.wav");
    assert_eq!((file.path(), old.exists()), (new.as_path(), false));
    file.seal().unwrap();
    let mut read = Vec::new();
    sound.read(0, 400, &mut read).unwrap();
    let same = |(read, wanted): (&f32, f32)| (read - wanted).abs() < 1e-4;
    assert!(read.len() == 300 && read.iter().zip(ramp(0, 300)).all(same));
    assert_eq!(hound::WavReader::open(&new).unwrap().len(), 300);
}

#[test]
fn a_take_that_cannot_move_stays_where_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("take.wav");
    let (mut file, _sound) = create(&path).unwrap();
    file.push(&ramp(0, 160));
    std::fs::write(folder.path().join("no folder"), "").unwrap();
    assert!(file.relocate(&folder.path().join("no folder")).is_err());
    assert_eq!(file.path(), path);
    file.seal().unwrap();
    assert_eq!(hound::WavReader::open(&path).unwrap().len(), 160);
}

#[test]
fn a_take_whose_header_is_behind_is_repaired() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("take.wav");
    let (mut file, _sound) = create(&path).unwrap();
    file.push(&ramp(0, 160));
    file.write().unwrap();
    drop(file);
    let mut longer = OpenOptions::new().append(true).open(&path).unwrap();
    longer.write_all(&[1, 2, 3]).unwrap();
    assert_eq!(repair(&path).unwrap(), 161);
    let foreign = folder.path().join("foreign.wav");
    std::fs::write(&foreign, [7; 100]).unwrap();
    assert!(repair(&foreign).is_err());
    assert_eq!(std::fs::read(&foreign).unwrap(), [7; 100]);
    assert_eq!(hound::WavReader::open(&path).unwrap().len(), 161);
}
