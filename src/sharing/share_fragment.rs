//! The fragment that a share page gives out: from which moment, and to which. In: what was typed, and the length of the recording. Out:
//! the fragment, or the sentences that say what is wrong; and the fields.

use maud::{Markup, html};

use crate::catalogue::recording::{Recording, RecordingState};
use crate::catalogue::timecode;
use crate::text;
use crate::web::form::{Field, Form, field, helped};
use crate::web::fragment::{self, Fragment};
use crate::web::posted::{Errors, Posted};
use crate::web::{Lang, Texts};

const START: Field<'_> = helped(fragment::PARAMETERS[0], "share-start", "share-moment-help");
const END: Field<'_> = field(fragment::PARAMETERS[1], "share-end");

/// The fragment of a recording of this length that was typed; the whole recording when something is wrong with it.
pub fn read([start, end]: &[String; 2], length_ms: Option<u64>) -> (Fragment, Errors) {
    let mut errors = Errors::new();
    let mut moment = |name, text: &str| {
        let seconds = timecode::parse_seconds(text);
        if seconds.is_none() && !text.is_empty() {
            errors.insert(name, text!("share-moment-odd"));
        }
        seconds
    };
    let (start, end) = (moment(START.name, start), moment(END.name, end));
    let begins = start.unwrap_or(0);
    if let Some(length) = length_ms {
        let late = || text!("share-moment-late", length = timecode::short(length));
        if begins.saturating_mul(1000) >= length && begins > 0 {
            errors.insert(START.name, late());
        }
        if end.is_some_and(|end| end > length.div_ceil(1000)) {
            errors.insert(END.name, late());
        }
    }
    if end.is_some_and(|end| end <= begins) && !errors.contains_key(START.name) {
        errors.insert(END.name, text!("share-end-early"));
    }
    match errors.is_empty() {
        true => (Fragment { start, end }.within(length_ms), errors),
        false => (Fragment::default(), errors),
    }
}

/// Which part of a recording a link plays, such as "vanaf 12:34"; `None` when it is the whole.
pub fn said(lang: Lang, fragment: Fragment) -> Option<String> {
    if let Some([start, end]) = fragment.part() {
        let args = [("start", start.into()), ("end", end.into())];
        return Some(lang.t_args("mail-from-to", &args));
    }
    let start = fragment.start.filter(|at| *at > 0)?;
    let args = [("start", fragment::words(start).into())];
    Some(lang.t_args("mail-from", &args))
}

/// Whether a part of it can be shared.
pub fn has_parts(recording: &Recording) -> bool {
    recording.state == RecordingState::Ready
}

/// What is wrong with begin and end, above the form.
pub fn summary(texts: &Texts, wrong: &Errors) -> Markup {
    let form = Form {
        texts,
        posted: &Posted::default(),
        errors: wrong,
    };
    form.summary(&[START, END])
}

/// The fields for begin and end, as they were typed.
pub fn fields(
    texts: &Texts,
    typed: &[String; 2],
    (fragment, wrong): (Fragment, &Errors),
) -> Markup {
    // What was understood is shown as it was understood.
    let understood = [fragment.start, fragment.end].map(|at| at.map(fragment::words));
    let [start, end] = match wrong.is_empty() {
        true => understood.map(Option::unwrap_or_default),
        false => typed.clone(),
    };
    let posted = Posted::of([(START.name, start), (END.name, end)]);
    let form = Form {
        texts,
        posted: &posted,
        errors: wrong,
    };
    html! {
        fieldset.share-moments {
            legend { (texts.t("share-moments")) }
            div.pair {
                @for field in [START, END] { (form.input(field, "text", Some("off"), false)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_a_fragment_or_a_sentence() {
        let odd = Err(("share-moment-odd", "t"));
        for (start, end, expected) in [
            ("", "", Ok((None, None))),
            ("0:03", "0:07", Ok((Some(3), Some(7)))),
            ("3", "", Ok((Some(3), None))),
            ("", "7s", Ok((None, Some(7)))),
            ("3", "10", Ok((Some(3), Some(10)))),
            ("", "10", Ok((None, None))),
            ("x", "", odd),
            ("-3", "7", odd),
            ("1e9", "", odd),
            ("10", "", Err(("share-moment-late", "t"))),
            ("99999999999999", "", Err(("share-moment-late", "t"))),
            ("", "11", Err(("share-moment-late", "end"))),
            ("7", "7", Err(("share-end-early", "end"))),
            ("0", "0", Err(("share-end-early", "end"))),
        ] {
            let (fragment, errors) = read(&[start.to_owned(), end.to_owned()], Some(10_000));
            let found = match errors.first_key_value() {
                Some((name, error)) => Err((error.key, *name)),
                None => Ok((fragment.start, fragment.end)),
            };
            assert_eq!(found, expected, "{start} {end}");
            assert!(errors.is_empty() || fragment == Fragment::default());
        }
    }
}
