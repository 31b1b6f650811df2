use std::io::Cursor;

use half::f16;

use super::{
    super::convert::{
        ctranslate2::tokens,
        format::Format,
        ggml::{Summary, inspect},
        layout::TensorRole,
        quantize::quantize,
    },
    made, unwatched,
};

fn inspected(file: &[u8]) -> Result<Summary, String> {
    inspect(Cursor::new(file), file.len() as u64).map_err(|invalid| invalid.to_string())
}

/// Bytes of a tensor's data.
fn data<'a>(file: &'a [u8], summary: &Summary, name: &str) -> &'a [u8] {
    let found = summary.tensors.iter().find(|found| found.tensor.name == name).unwrap();
    &file[found.at as usize..(found.at + found.bytes) as usize]
}

fn halves(variable: &str, from: u32, count: u32) -> Vec<u8> {
    (from..from + count)
        .flat_map(|place| f16::from_f32(made::number(variable, place)).to_le_bytes())
        .collect()
}

fn floats(variable: &str, from: u32, count: u32) -> Vec<u8> {
    (from..from + count)
        .flat_map(|place| made::number(variable, place).to_le_bytes())
        .collect()
}

#[test]
fn conversion_takes_fused_attention_apart_and_widens_what_must_be_exact() {
    let file = made::ggml();
    let summary = inspected(file).unwrap();
    let square = made::WIDTH * made::WIDTH;
    let attention = "encoder/layer_2/self_attention/linear_0/weight";
    let cross = "decoder/layer_0/attention/linear_1/weight";
    for (tensor, bytes) in [
        ("encoder.blocks.2.attn.query.weight", halves(attention, 0, square)),
        ("encoder.blocks.2.attn.key.weight", halves(attention, square, square)),
        (
            "encoder.blocks.2.attn.value.weight",
            halves(attention, 2 * square, square),
        ),
        ("decoder.blocks.0.cross_attn.key.weight", halves(cross, 0, square)),
        (
            "decoder.blocks.0.cross_attn.value.weight",
            halves(cross, square, square),
        ),
        (
            "encoder.blocks.0.attn.value.bias",
            floats("encoder/layer_0/self_attention/linear_0/bias", 128, 64),
        ),
        ("encoder.ln_post.weight", floats("encoder/layer_norm/gamma", 0, 64)),
        (
            "encoder.positional_embedding",
            floats("encoder/position_encodings/encodings", 0, 640),
        ),
        ("encoder.conv1.weight", halves("encoder/conv1/weight", 0, 64 * 80 * 3)),
    ] {
        assert!(data(file, &summary, tensor) == bytes, "{tensor}");
    }
}

#[test]
fn converted_file_spells_its_tokens_in_bytes() {
    let spelled = tokens(made::vocabulary()).unwrap();
    assert_eq!(spelled.len(), 50_257);
    assert_eq!(
        spelled[..4],
        [b"!".to_vec(), b" ".to_vec(), b" um".to_vec(), "é".as_bytes().to_vec()]
    );
}

#[test]
fn a_vocabulary_as_json_is_the_same() {
    let lines = std::str::from_utf8(made::vocabulary()).unwrap();
    let json = serde_json::to_vec(&lines.lines().collect::<Vec<_>>()).unwrap();
    assert_eq!(tokens(&json).unwrap(), tokens(made::vocabulary()).unwrap());
}

#[test]
fn a_vocabulary_that_is_none_is_refused() {
    let strange = String::from_utf8(made::vocabulary().to_vec())
        .unwrap()
        .replacen('!', "日", 1);
    for (words, message) in [
        (b"a\nb\n".to_vec(), "its vocabulary has 3 words of 50257"),
        (b"\xff\xfe".to_vec(), "its vocabulary is not text"),
        (b"[1, 2]".to_vec(), "its vocabulary is not a list of words"),
        (
            strange.into_bytes(),
            "its vocabulary has letters that stand for no byte",
        ),
    ] {
        assert_eq!(tokens(&words).unwrap_err().to_string(), message);
    }
}

#[test]
fn quantizing_makes_matrices_small_and_leaves_the_rest() {
    let file = made::ggml();
    for (format, block) in [(Format::Q8_0, 34), (Format::Q5_1, 24)] {
        let mut small = Vec::new();
        let length = file.len() as u64;
        unwatched(|progress| quantize(&mut Cursor::new(file), length, format, &mut small, progress)).unwrap();
        let (before, after) = (inspected(file).unwrap(), inspected(&small).unwrap());
        assert_eq!(after.format, format);
        for (old, new) in before.tensors.iter().zip(&after.tensors) {
            assert_eq!(old.tensor, new.tensor);
            match old.tensor.role {
                TensorRole::Matrix => assert_eq!(new.bytes, old.bytes / 64 * block),
                _ => assert!(data(file, &before, &old.tensor.name) == data(&small, &after, &new.tensor.name)),
            }
        }
        let again = unwatched(|progress| {
            quantize(
                &mut Cursor::new(&small),
                small.len() as u64,
                format,
                &mut Vec::new(),
                progress,
            )
        });
        assert_eq!(
            again.unwrap_err().to_string(),
            "only a model of 16-bit numbers can be made smaller"
        );
    }
}

#[test]
fn a_model_that_is_cut_or_goes_on_is_refused_wherever_it_ends() {
    let file = made::ggml();
    let tensors_at = inspected(file).unwrap().tensors_at as usize;
    for length in [1, 3] {
        assert_eq!(
            inspected(&file[..length]).unwrap_err(),
            "it does not have the header of a speech model"
        );
    }
    assert_eq!(inspected(&[]).unwrap_err(), "it is empty");
    for length in [
        4,
        47,
        60,
        70_000,
        tensors_at - 1,
        tensors_at,
        tensors_at + 30,
        file.len() / 2,
        file.len() - 1,
    ] {
        let message = inspected(&file[..length]).unwrap_err();
        assert!(
            message.starts_with(&format!("it is truncated: {length} of ")),
            "{length}: {message}"
        );
    }
    let mut longer = file.to_vec();
    longer.extend([0; 5]);
    assert_eq!(inspected(&longer).unwrap_err(), "it has 5 extra bytes at its end");
}

#[test]
fn a_model_that_contradicts_itself_is_refused() {
    let file = made::ggml();
    let tensors_at = inspected(file).unwrap().tensors_at as usize;
    let sizes = |number: usize| 4 + 4 * number;
    let cases: [(usize, u32, &str); 11] = [
        (sizes(0), 52_000, "its number of tokens cannot be 52000"),
        (sizes(2), 128, "its encoder and decoder have different widths"),
        (sizes(4), 7, "its number of audio layers cannot be 7"),
        (sizes(10), 99, "its format 99 is not known"),
        (sizes(10), 1012, "a width of 64 cannot be stored in its format"),
        (sizes(11), 128, "its mel filters have another size than its input"),
        (sizes(12), 0, "its mel filters have another size than its input"),
        (sizes(13) + 80 * 201 * 4, 7, "it spells out 7 tokens of 51864"),
        (
            sizes(13) + 80 * 201 * 4 + 4,
            1 << 30,
            "one of its tokens is 1073741824 bytes long",
        ),
        (tensors_at, 5, "the head of one of its tensors is damaged"),
        (
            tensors_at + 8,
            1,
            "its tensor decoder.positional_embedding has another shape or format than its head says",
        ),
    ];
    for (at, number, message) in cases {
        let mut broken = file.to_vec();
        broken[at..at + 4].copy_from_slice(&number.to_le_bytes());
        assert_eq!(inspected(&broken).unwrap_err(), message);
    }
    let mut renamed = file.to_vec();
    renamed[tensors_at + 20] = b'\n';
    assert_eq!(
        inspected(&renamed).unwrap_err(),
        "it holds '\\necoder.positional_embedding' where no such tensor belongs"
    );
    let mut spaceless = file.to_vec();
    let space = sizes(13) + 80 * 201 * 4 + 4 + 5 + 4;
    assert_eq!(spaceless[space], b' ');
    spaceless[space] = b'x';
    assert_eq!(inspected(&spaceless).unwrap_err(), "its tokens lack the space");
}
