//! Gives a cue other words. In: cue text, and plain text that takes the place of what a reader sees of it. Out: cue text in which the
//! tags (who speaks, in which colour) stay where they were around what is the same.

use super::text::{Token, clean, escape_onto, push_closing, tokens};

/// Cue text that shows `plain`. What was typed as plain text is escaped, so that it becomes no tag and ends no cue.
pub fn reworded(cue: &str, plain: &str) -> String {
    let tokens = tokens(cue);
    let before: Vec<char> = tokens.iter().flat_map(letters).collect();
    let after: Vec<char> = plain.chars().collect();
    let mut rewording = Rewording::of(&before, &after);
    for token in &tokens {
        match token {
            Token::Open(tag, _) => rewording.text.push_str(tag),
            Token::Close(name) => {
                rewording.insert_before_the_end();
                push_closing(&mut rewording.text, name);
            }
            Token::Text(_) | Token::Line => {
                letters(token).into_iter().for_each(|c| rewording.step(c));
            }
        }
    }
    rewording.put();
    clean(&rewording.text)
}

/// What a reader sees of a token.
fn letters(token: &Token) -> Vec<char> {
    match token {
        Token::Text(text) => text.chars().collect(),
        Token::Line => vec!['\n'],
        Token::Open(..) | Token::Close(_) => Vec::new(),
    }
}

/// The characters between what both texts begin and end with are replaced.
struct Rewording {
    text: String,
    /// What is put in their place, until it is.
    new: String,
    first: usize,
    /// The place behind the last of them.
    end: usize,
    at: usize,
}

impl Rewording {
    fn of(before: &[char], after: &[char]) -> Self {
        let same = |(one, other): &(&char, &char)| one == other;
        let first = before.iter().zip(after).take_while(same).count();
        let (left, new) = (&before[first..], &after[first..]);
        let last = left.iter().rev().zip(new.iter().rev());
        let last = last.take_while(same).count();
        Self {
            text: String::new(),
            new: new[..new.len() - last].iter().collect(),
            first,
            end: before.len() - last,
            at: 0,
        }
    }

    fn step(&mut self, character: char) {
        if self.at == self.first {
            self.put();
        }
        if self.at < self.first || self.at >= self.end {
            self.push(character);
        }
        self.at += 1;
    }

    /// What is only added goes into the tag that closes here: its last words are still said by the same person.
    fn insert_before_the_end(&mut self) {
        if self.at == self.first && self.first == self.end {
            self.put();
        }
    }

    fn put(&mut self) {
        let new = std::mem::take(&mut self.new);
        new.chars().for_each(|character| self.push(character));
    }

    fn push(&mut self, character: char) {
        match character {
            '\n' => self.text.push('\n'),
            _ => escape_onto(&mut self.text, character.encode_utf8(&mut [0; 4])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timed_text::plain_text;

    #[test]
    fn tags_stay_around_what_is_the_same() {
        for (cue, plain, expected) in [
            ("Hallo werelt", "Hallo wereld", "Hallo wereld"),
            ("<v Anna>Halo</v>", "Hallo", "<v Anna>Hallo</v>"),
            ("<v Anna>Hallo</v>", "Hallo!", "<v Anna>Hallo!</v>"),
            ("<v Anna>Hallo", "O, hallo", "<v Anna>O, hallo</v>"),
            (
                "een <i>twee</i> drie",
                "een vier drie",
                "een <i>vier</i> drie",
            ),
            ("een <i>twee</i> drie", "een drie", "een <i></i>drie"),
            (
                "<v A>Een</v>\n<v B>Tvee</v>",
                "Een\nTwee",
                "<v A>Een</v>\n<v B>Twee</v>",
            ),
            ("Tom &amp; Jery", "Tom & Jerry", "Tom &amp; Jerry"),
            (
                "Een",
                "<b>Een</b> & \u{2192}",
                "&lt;b&gt;Een&lt;/b&gt; &amp; \u{2192}",
            ),
            ("Een", "Een\n\n\nTwee --> drie", "Een\nTwee --&gt; drie"),
            ("aa", "a", "a"),
            ("a", "aa", "aa"),
        ] {
            let found = reworded(cue, plain);
            assert_eq!(found, expected, "{cue:?} as {plain:?}");
            assert_eq!(clean(&found), found);
        }
        assert_eq!(plain_text(&reworded("<i>x</i>", "<v Q>")), "<v Q>");
    }
}
