//! The interview as JSON: the saved document, with the insights of each shown answer beside it. It reads back as an
//! [`Interview`](crate::interview::Interview), which has no insights of its own.

use serde_json::Value;

use super::{ExportSource, insight_json::insights_json};
use crate::insight::Insights;

pub fn json(source: &ExportSource) -> String {
    let mut value = serde_json::to_value(&source.interview).unwrap_or_default();
    for (index, turn) in source.interview.turns.iter().enumerate() {
        let Some(insights) = source.insights.get(index) else {
            continue;
        };
        let main = turn.main_index();
        let follow_ups = turn
            .followed_by(main)
            .filter(|index| turn.attempts[*index].transcript.is_some());
        let found =
            std::iter::once((main, insights.main.as_ref())).chain(follow_ups.zip(insights.follow_ups.iter().map(Some)));
        for (attempt, found) in found {
            let transcript = turn
                .attempts
                .get(attempt)
                .and_then(|attempt| attempt.transcript.as_ref());
            if let (Some(transcript), Some(found)) = (transcript, found) {
                let found: &Insights = found;
                value["turns"][index]["attempts"][attempt]["insights"] =
                    Value::Object(insights_json(transcript, found));
            }
        }
    }
    serde_json::to_string_pretty(&value).unwrap_or_default() + "\n"
}
