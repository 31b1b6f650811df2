//! WAV's larger relatives, and AIFF.

use super::{FRAMES, WavFields, check, chunk, pcm, riff, sized};

#[test]
fn the_larger_relatives_of_wav_are_read() {
    let whole = pcm().len() as u64;
    let lengths = |data: u64| [[data + 72, data, data / 2].map(u64::to_le_bytes).concat(), vec![0; 4]].concat();
    let (format, data) = (WavFields::pcm(16).chunk(), sized(b"data", u32::MAX, &pcm()));
    for magic in [b"RF64", b"BW64"] {
        for known in [whole, 0] {
            let list = if known == 0 { vec![] } else { chunk(b"axml", b"<a/>1") };
            let file = riff(
                magic,
                u32::MAX,
                &[chunk(b"ds64", &lengths(known)), format.clone(), data.clone(), list],
            );
            check("64 bits", &file, 0.0, 0);
        }
    }
    let swapped: Vec<u8> = pcm().chunks(2).flat_map(|pair| [pair[1], pair[0]]).collect();
    let big = [
        b"RIFX\0\0\0\0WAVEfmt \0\0\0\x10".to_vec(),
        [1_u16, 1].map(u16::to_be_bytes).concat(),
        [16_000_u32, 32_000].map(u32::to_be_bytes).concat(),
        [2_u16, 16].map(u16::to_be_bytes).concat(),
        [b"data".to_vec(), (whole as u32).to_be_bytes().to_vec(), swapped.clone()].concat(),
    ]
    .concat();
    check("RIFX", &big, 0.0, 0);
    let guid = |name: &[u8]| [name, b"\xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a"].concat();
    for length in [24 + whole, 0, u64::MAX] {
        let w64 = [
            b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\0\0".to_vec(),
            (whole + 104).to_le_bytes().to_vec(),
            guid(b"wave"),
            [guid(b"note"), 27_u64.to_le_bytes().to_vec(), vec![1; 8]].concat(),
            [
                guid(b"fmt "),
                40_u64.to_le_bytes().to_vec(),
                WavFields::pcm(16).chunk()[8..].to_vec(),
            ]
            .concat(),
            [guid(b"data"), length.to_le_bytes().to_vec(), pcm()].concat(),
        ]
        .concat();
        check("W64", &w64, 0.0, 0);
    }
    for (length, codec) in [(whole as u32, 3_u32), (u32::MAX, 3), (0, 3)] {
        let head = [
            b".snd".to_vec(),
            [28, length, codec, 16_000, 1, 0].map(u32::to_be_bytes).concat(),
        ]
        .concat();
        check("AU", &[head, swapped.clone()].concat(), 0.0, 0);
    }
}

#[test]
fn aiff_is_read_in_any_order_and_length() {
    let swapped: Vec<u8> = pcm().chunks(2).flat_map(|pair| [pair[1], pair[0]]).collect();
    let big = |name: &[u8], content: &[u8], length: usize| {
        let mut chunk = [name, &(length as u32).to_be_bytes(), content].concat();
        chunk.resize(chunk.len().next_multiple_of(2), 0);
        chunk
    };
    let common = |codec: &[u8]| {
        let rate = b"\x40\x0c\xfa\0\0\0\0\0\0\0";
        let content = [&[0, 1][..], &(FRAMES as u32).to_be_bytes(), &[0, 16], rate, codec].concat();
        big(b"COMM", &content, content.len())
    };
    let sound = |bytes: &[u8], length: usize| big(b"SSND", &[&[0; 8], bytes].concat(), length);
    let form = |kind: &[u8], chunks: &[Vec<u8>]| [b"FORM\0\0\0\0".to_vec(), kind.to_vec(), chunks.concat()].concat();
    let whole = swapped.len() + 8;
    for length in [whole, 0, 0x7fff_ffff, u32::MAX as usize] {
        let file = form(
            b"AIFF",
            &[big(b"NAME", b"abc", 3), common(b""), sound(&swapped, length)],
        );
        check(&format!("AIFF of {length}"), &file, 0.0, 0);
    }
    let late = form(b"AIFF", &[sound(&swapped, whole), common(b"")]);
    check("the sound before its description", &late, 0.0, 0);
    check(
        "AIFF-C",
        &form(b"AIFC", &[common(b"NONE\0\0"), sound(&swapped, whole)]),
        0.0,
        0,
    );
    check(
        "AIFF-C, turned round",
        &form(b"AIFC", &[common(b"sowt\0\0"), sound(&pcm(), whole)]),
        0.0,
        0,
    );
}
