//! Whether visitors can play a recording, as a coordinator reads it: the same sentence at the upload, on the files page and before
//! publishing.

use super::Texts;
use crate::catalogue::source::Unplayable;

/// The sentence: for whom it does not play, why, and whether the portal is mending it.
pub fn sentence(texts: &Texts, unplayable: &Unplayable) -> String {
    let why = unplayable.verdict.as_deref();
    let why = why.and_then(|key| texts.lang().find(key));
    let why = why.unwrap_or_else(|| texts.t("cannot-play-text"));
    let key = match unplayable.is_for_all {
        true => "plays-nowhere",
        false => "plays-partly",
    };
    let sentence = texts.t_args(key, &[("why", why.into())]);
    match unplayable.is_under_way {
        true => format!("{sentence} {}", texts.t("plays-soon")),
        false => sentence,
    }
}
