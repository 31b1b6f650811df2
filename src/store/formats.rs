//! The formats that the user's files have had, and the way from each to the next. A change that `#[serde(default)]` cannot
//! bridge is a new format: raise [`NEWEST`] and write the step here.

use serde_json::{Value, json};

/// The format that is written, and the newest that can be read.
pub const NEWEST: u64 = 3;

/// What was written in this format, as today's would have it.
pub fn brought_up_to_date(mut content: Value, from: u64) -> Value {
    // One step for each format: from 1 to 2, …
    const STEPS: [fn(&mut Value); NEWEST as usize - 1] = [gaps_have_a_place, questions_are_delivered];
    let first = from.saturating_sub(1) as usize;
    for step in STEPS.iter().skip(first) {
        step(&mut content);
    }
    content
}

/// Format 2 (of interviews): where a microphone was gone, a take knows the place and how long it was, not a stretch of
/// its own sound.
fn gaps_have_a_place(content: &mut Value) {
    match content {
        Value::Array(list) => list.iter_mut().for_each(gaps_have_a_place),
        Value::Object(map) => {
            for (name, inner) in map {
                match inner {
                    Value::Array(gaps) if name == "gaps" => gaps.iter_mut().for_each(|gap| {
                        if let (Some(start), Some(end)) = (gap["start"].as_f64(), gap["end"].as_f64()) {
                            *gap = json!({"at": start, "seconds": end - start});
                        }
                    }),
                    other => gaps_have_a_place(other),
                }
            }
        }
        _ => {}
    }
}

/// Format 3 (of the settings): there are three ways to ask a question, not two.
fn questions_are_delivered(content: &mut Value) {
    let read_aloud = content.as_object_mut().and_then(|map| map.remove("read_aloud"));
    if read_aloud == Some(Value::Bool(true)) {
        content["delivery"] = json!("read-aloud");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_of_the_first_format_become_those_of_the_second_wherever_they_stand() {
        let old = json!({"turns": [{"attempts": [{"take": {"gaps": [{"start": 1.0, "end": 2.5}]}}]}], "at": 1});
        let new = json!({"turns": [{"attempts": [{"take": {"gaps": [{"at": 1.0, "seconds": 1.5}]}}]}], "at": 1});
        assert_eq!(brought_up_to_date(old, 1), new);
        assert_eq!(brought_up_to_date(new.clone(), NEWEST), new);
    }
}
