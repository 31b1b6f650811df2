//! Notes to write after a real interview, as drafts to start from. Square brackets mark what only the writer knows.

use std::fmt::Write as _;

use super::Reflection;

/// Who is written to, as far as the research sheet says.
#[derive(Clone, Copy, Debug)]
pub struct Addressee<'a> {
    pub company: &'a str,
    pub role: &'a str,
}

impl Addressee<'_> {
    fn company(&self) -> &str {
        if self.company.trim().is_empty() {
            "[company]"
        } else {
            self.company.trim()
        }
    }

    fn role(&self) -> &str {
        if self.role.trim().is_empty() {
            "[role]"
        } else {
            self.role.trim()
        }
    }
}

/// A thank-you note.
pub fn thank_you(to: Addressee<'_>) -> String {
    format!(
        "Hello [name],\n\nThank you for your time today and for telling me about the {} role at {}. What you said about \
         [something they told you] stayed with me, because [why it matters to you].\n\nIf anything else would help you, I \
         am glad to send it.\n\nBest regards,\n[your name]\n",
        to.role(),
        to.company(),
    )
}

/// A note with what was looked up since: an "I don't know" that is followed by an answer.
pub fn follow_up(to: Addressee<'_>, afterwards: &Reflection) -> String {
    let looked_up: Vec<&str> = afterwards.to_look_up().collect();
    let mut message = format!(
        "Hello [name],\n\nIn our conversation about the {} role at {} there were questions that I could not answer fully. \
         I have looked them up since:\n\n",
        to.role(),
        to.company(),
    );
    if looked_up.is_empty() {
        message.push_str("- [question]: [what you found, in one or two sentences]\n");
    }
    for line in looked_up {
        let _ = writeln!(message, "- {line}: [what you found, in one or two sentences]");
    }
    message + "\nI am happy to talk about any of it.\n\nBest regards,\n[your name]\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_follow_up_names_each_thing_that_was_to_be_looked_up() {
        let afterwards = Reflection {
            look_up: "Kerberos tickets\n\n  OSI layer 5 ".into(),
            ..Reflection::default()
        };
        let note = follow_up(
            Addressee {
                company: "Spindle",
                role: "",
            },
            &afterwards,
        );
        assert!(note.contains("about the [role] role at Spindle"));
        assert!(note.contains("- Kerberos tickets: [what"));
        assert!(note.contains("- OSI layer 5: [what"));
    }
}
