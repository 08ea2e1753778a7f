//! The metadata of a recording, with the only list of its fields. A sidecar and a form set some of them; a row holds all of them,
//! with unset ones inherited from the series, the file name, the container or a setting.
//!
//! A new field needs a member, an entry in the list below, a column in `schema.sql` with its migration, and the page that shows it.

use super::Visibility;
use super::timing::{TIMINGS, Timing};
use crate::catalogue::chapter::Chapter;
use crate::catalogue::credit::Credit;
use crate::catalogue::field::{
    self, Bulk, Choice, Field, FieldKind, LONGEST_PROSE_CHARS, Moment, Value,
};
use crate::catalogue::licence::Licence;
use crate::embed_sites::EmbedSites;

/// The metadata of a recording.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    /// Number in the series.
    pub number: Option<i64>,
    pub title: Option<String>,
    /// Date of the recording, an ISO 8601 calendar date.
    pub date: Option<String>,
    /// BCP 47 language tag.
    pub language: Option<String>,
    /// One line of text for lists.
    pub summary: Option<String>,
    /// Text in Markdown.
    pub description: Option<String>,
    pub visibility: Option<Visibility>,
    /// The begin is inclusive, the end exclusive.
    pub visible_from: Option<Moment>,
    pub visible_until: Option<Moment>,
    /// When visitors could first find and play it. It is set once, by the scan.
    pub published: Option<Moment>,
    /// Reason shown at the address of a withdrawn recording.
    pub withdrawn_reason: Option<String>,
    /// Id or address of the successor, as written.
    pub replaced_by: Option<String>,
    /// Whether visitors are offered the file as a download.
    pub download: Option<bool>,
    /// Sites that may embed the player; inherited from the series when unset.
    pub embed_sites: Option<EmbedSites>,
    /// Licence for others; when unset, none is shown.
    pub licence: Option<Licence>,
    /// Credits in the order of the page. Empty in a row, because they have a table of their own.
    pub speakers: Vec<Credit>,
    /// Whether the times of captions and chapters fit the file; `None`: they do.
    pub timing: Option<Timing>,
    /// Chapters in the order of the sidecar, which may differ from their times. Empty in a row, because they have a table of their
    /// own.
    pub chapters: Vec<Chapter>,
}

/// All fields, in the order of a new sidecar.
pub const FIELDS: &[&Field<Metadata>] = &[
    &NUMBER,
    &TITLE,
    &DATE,
    &LANGUAGE,
    &SUMMARY,
    &DESCRIPTION,
    &VISIBILITY,
    &VISIBLE_FROM,
    &VISIBLE_UNTIL,
    &PUBLISHED,
    &WITHDRAWN_REASON,
    &REPLACED_BY,
    &DOWNLOAD,
    &EMBED_SITES,
    &LICENCE,
    &TIMING,
    &SPEAKERS,
    &CHAPTERS,
];

/// The fields of the form that describes a recording, in order.
pub const DESCRIBED: &[&Field<Metadata>] = &[
    &TITLE,
    &NUMBER,
    &DATE,
    &LANGUAGE,
    &SUMMARY,
    &DESCRIPTION,
    &SPEAKERS,
    &CHAPTERS,
    &DOWNLOAD,
    &LICENCE,
];

impl Metadata {
    /// Sets unset fields to the values in `around`.
    pub fn inherit(&mut self, around: &Self) {
        field::inherit(FIELDS, self, around);
    }

    /// The title, which is never empty in a row.
    pub fn title(&self) -> &str {
        self.title.as_deref().unwrap_or_default()
    }

    /// The language, which is never empty in a row.
    pub fn language(&self) -> &str {
        self.language.as_deref().unwrap_or_default()
    }

    /// The visibility; a recording without one is a draft, so that none becomes public by omission.
    pub fn visibility(&self) -> Visibility {
        self.visibility.unwrap_or(Visibility::Draft)
    }

    /// Sets who may see it. What was said when it was withdrawn ends when it is seen again, or a later withdrawal would say it once more.
    pub fn set_visibility(&mut self, visibility: Option<Visibility>) {
        self.visibility = visibility;
        if visibility.is_some_and(|now| now != Visibility::Withdrawn) {
            self.withdrawn_reason = None;
            self.replaced_by = None;
        }
    }

    /// Whether the download is offered, which is the default.
    pub fn download(&self) -> bool {
        self.download.unwrap_or(true)
    }
}

pub const NUMBER: Field<Metadata> = Field {
    name: "number",
    label: "recording-number",
    help: Some("recording-number-help"),
    kind: FieldKind::Number { from: 0, to: 999 },
    public: true,
    get: |it| it.number.map(Value::Number),
    set: |it, value| it.number = value.and_then(Value::number),
    ..Field::PLAIN
};

pub const TITLE: Field<Metadata> = Field {
    name: "title",
    label: "recording-title",
    required: true,
    public: true,
    get: |it| it.title.clone().map(Value::Text),
    set: |it, value| it.title = value.and_then(Value::text),
    ..Field::PLAIN
};

pub const DATE: Field<Metadata> = Field {
    name: "date",
    label: "recording-date",
    kind: FieldKind::Date,
    public: true,
    get: |it| it.date.clone().map(Value::Text),
    set: |it, value| it.date = value.and_then(Value::text),
    ..Field::PLAIN
};

pub const LANGUAGE: Field<Metadata> = Field {
    name: "language",
    label: "recording-language",
    kind: FieldKind::Language,
    required: true,
    bulk: Some(Bulk {
        act: "bulk-set-language",
        sentence: "bulk-language",
        warning: None,
    }),
    public: true,
    get: |it| it.language.clone().map(Value::Text),
    set: |it, value| it.language = value.and_then(Value::text),
    ..Field::PLAIN
};

pub const SUMMARY: Field<Metadata> = Field {
    name: "summary",
    label: "recording-summary",
    help: Some("recording-summary-help"),
    kind: FieldKind::prose(1_000, 2),
    public: true,
    get: |it| it.summary.clone().map(Value::Text),
    set: |it, value| it.summary = value.and_then(Value::text),
    ..Field::PLAIN
};

pub const DESCRIPTION: Field<Metadata> = Field {
    name: "description",
    label: "recording-description",
    help: Some("recording-description-help"),
    kind: FieldKind::prose(LONGEST_PROSE_CHARS, 8),
    public: true,
    get: |it| it.description.clone().map(Value::Text),
    set: |it, value| it.description = value.and_then(Value::text),
    ..Field::PLAIN
};

pub const VISIBILITY: Field<Metadata> = Field {
    name: "visibility",
    label: "visibility-who",
    kind: FieldKind::choice(VISIBILITIES, None),
    required: true,
    get: |it| it.visibility.map(|it| Value::Text(it.as_str().to_owned())),
    set: |it, value| it.set_visibility(value.and_then(|it| it.parsed(Visibility::parse))),
    ..Field::PLAIN
};

/// The choices of visibility for a recording and for a series.
pub const VISIBILITIES: &[Choice] = &[
    Choice::of(Visibility::Draft.as_str(), "visibility-draft"),
    Choice::of(Visibility::Link.as_str(), "visibility-link"),
    Choice::of(Visibility::Unlisted.as_str(), "visibility-unlisted"),
    Choice::of(Visibility::Public.as_str(), "visibility-public"),
    Choice::of(Visibility::Withdrawn.as_str(), "visibility-withdrawn"),
];

pub const VISIBLE_FROM: Field<Metadata> = Field {
    name: "visible_from",
    label: "visible-from",
    kind: FieldKind::Moment,
    get: |it| it.visible_from.clone().map(Value::Moment),
    set: |it, value| it.visible_from = value.and_then(Value::moment),
    ..Field::PLAIN
};

pub const VISIBLE_UNTIL: Field<Metadata> = Field {
    name: "visible_until",
    label: "visible-until",
    help: Some("visible-zone"),
    kind: FieldKind::Moment,
    get: |it| it.visible_until.clone().map(Value::Moment),
    set: |it, value| it.visible_until = value.and_then(Value::moment),
    ..Field::PLAIN
};

pub const PUBLISHED: Field<Metadata> = Field {
    name: "published",
    label: "recording-published",
    kind: FieldKind::Moment,
    public: true,
    get: |it| it.published.clone().map(Value::Moment),
    set: |it, value| it.published = value.and_then(Value::moment),
    ..Field::PLAIN
};

pub const WITHDRAWN_REASON: Field<Metadata> = Field {
    name: "withdrawn_reason",
    label: "withdrawn-reason",
    help: Some("withdrawn-reason-help"),
    kind: FieldKind::prose(LONGEST_PROSE_CHARS, 2),
    get: |it| it.withdrawn_reason.clone().map(Value::Text),
    set: |it, value| it.withdrawn_reason = value.and_then(Value::text),
    ..Field::PLAIN
};

pub const REPLACED_BY: Field<Metadata> = Field {
    name: "replaced_by",
    label: "replaced-by",
    help: Some("replaced-by-help"),
    get: |it| it.replaced_by.clone().map(Value::Text),
    set: |it, value| it.replaced_by = value.and_then(Value::text),
    ..Field::PLAIN
};

pub const DOWNLOAD: Field<Metadata> = Field {
    name: "download",
    label: "recording-download",
    kind: FieldKind::Flag,
    get: |it| it.download.map(Value::Flag),
    set: |it, value| it.download = value.and_then(Value::flag),
    ..Field::PLAIN
};

pub const EMBED_SITES: Field<Metadata> = Field {
    name: "embed_sites",
    label: "embed-place",
    kind: FieldKind::Sites {
        unset: "embed-as-series",
    },
    get: |it| it.embed_sites.as_ref().map(Value::written),
    set: |it, value| it.embed_sites = value.and_then(|it| it.parsed(EmbedSites::parse)),
    ..Field::PLAIN
};

pub const LICENCE: Field<Metadata> = Field {
    name: "licence",
    label: "licence",
    help: Some("licence-help"),
    kind: FieldKind::choice(Licence::ALL, Some("licence-as-series")),
    bulk: Some(Bulk {
        act: "bulk-set-licence",
        sentence: "bulk-licence",
        warning: Some("licence-for-ever"),
    }),
    public: true,
    get: |it| it.licence.map(|it| Value::Text(it.as_str().to_owned())),
    set: |it, value| it.licence = value.and_then(|it| it.parsed(Licence::parse)),
    ..Field::PLAIN
};

pub const TIMING: Field<Metadata> = Field {
    name: "timing",
    label: "timing-title",
    kind: FieldKind::choice(TIMINGS, Some("timing-fits")),
    get: |it| it.timing.map(|it| Value::Text(it.as_str().to_owned())),
    set: |it, value| it.timing = value.and_then(|it| it.parsed(Timing::parse)),
    ..Field::PLAIN
};

pub const SPEAKERS: Field<Metadata> = Field {
    name: "speakers",
    label: "recording-speakers",
    kind: FieldKind::Speakers,
    get: |it| (!it.speakers.is_empty()).then(|| Value::Speakers(it.speakers.clone())),
    set: |it, value| it.speakers = value.and_then(Value::speakers).unwrap_or_default(),
    ..Field::PLAIN
};

pub const CHAPTERS: Field<Metadata> = Field {
    name: "chapters",
    label: "recording-chapters",
    help: Some("recording-chapters-help"),
    kind: FieldKind::Chapters,
    get: |it| (!it.chapters.is_empty()).then(|| Value::Chapters(it.chapters.clone())),
    set: |it, value| it.chapters = value.and_then(Value::chapters).unwrap_or_default(),
    ..Field::PLAIN
};
