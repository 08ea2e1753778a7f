//! A description of an upload for the upload page and for scripts: its progress and its outcome.

use serde::Serialize;

use super::finish;
use crate::catalogue::source::Unplayable;
use crate::catalogue::upload::{Upload, UploadState as Stage};
use crate::web::{Texts, format, plays, urls};

/// The description of an upload.
#[derive(Debug, Serialize)]
pub struct Report {
    pub id: String,
    pub name: String,
    /// `arriving`, `finishing`, `done` or `refused`.
    pub state: &'static str,
    pub offset_bytes: u64,
    pub size_bytes: Option<u64>,
    /// The title from the form; at first the one in the file name.
    pub title: String,
    pub number: Option<i64>,
    pub series: Option<i64>,
    /// The outcome as a sentence.
    pub sentence: String,
    /// The page of the desk that shows the recording.
    pub desk_url: Option<String>,
    pub expires_at: i64,
}

impl Report {
    /// `unplayable`: why what became of it does not play for everybody.
    pub fn of(texts: &Texts, upload: &Upload, unplayable: Option<&Unplayable>) -> Self {
        let mut sentence = match upload.state {
            Stage::Arriving => match upload.size_bytes {
                Some(size) => {
                    let left = size.saturating_sub(upload.offset_bytes);
                    let left = format::size(texts.lang(), left);
                    texts.t_args("upload-arriving", &[("left", left.into())])
                }
                None => texts.t("upload-arriving-open"),
            },
            Stage::Finishing => texts.t("upload-finishing"),
            Stage::Done if upload.replaces_id.is_some() => texts.t("upload-replaced"),
            Stage::Done => texts.t("upload-done"),
            Stage::Refused => texts.t(upload.problem.as_deref().unwrap_or("upload-not-media")),
        };
        if let Some(unplayable) = unplayable.filter(|_| upload.state == Stage::Done) {
            sentence = format!("{sentence} {}", plays::sentence(texts, unplayable));
        }
        let recording = upload.recording.as_ref();
        Self {
            id: upload.id.clone(),
            name: upload.name.clone(),
            state: upload.state.as_str(),
            offset_bytes: upload.offset_bytes,
            size_bytes: upload.size_bytes,
            title: finish::title(upload),
            number: finish::number(upload),
            series: upload.series_id,
            sentence,
            desk_url: recording.map(|id| urls::desk(&format!("recordings/{id}"))),
            expires_at: upload.expires_at,
        }
    }
}
