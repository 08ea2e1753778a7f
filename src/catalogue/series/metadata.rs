//! The metadata of a series, with the only list of its fields. `series.toml` and a form set some of them; a row holds all of them,
//! with unset ones inherited from the name of the folder or a setting.

use crate::catalogue::field::{self, Field, FieldKind, LONGEST_PROSE_CHARS, Moment, Value};
use crate::catalogue::licence::Licence;
use crate::catalogue::recording::metadata::VISIBILITIES;
use crate::catalogue::recording::{self, Visibility};
use crate::embed_sites::EmbedSites;

/// The metadata of a series.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    pub title: Option<String>,
    /// The organiser.
    pub organiser: Option<String>,
    /// Text in Markdown.
    pub description: Option<String>,
    /// BCP 47 language tag.
    pub language: Option<String>,
    /// Visibility of its recordings that set none.
    pub visibility: Option<Visibility>,
    /// Whether the series demonstrates the program: it is labelled everywhere and kept out of search engines.
    pub demonstration: Option<bool>,
    /// Position among the series, lowest first.
    pub order: Option<i64>,
    /// PHC string of its password.
    pub password_hash: Option<String>,
    /// Sites that may embed the player; inherited from the portal when unset.
    pub embed_sites: Option<EmbedSites>,
    /// Licence of its recordings that set none.
    pub licence: Option<Licence>,
    /// The UUID by which podcast apps know the series. It is set once, by the scan.
    pub podcast_guid: Option<String>,
    /// When it was removed at the desk, with the recordings that it had.
    pub removed: Option<Moment>,
}

/// All fields, in the order of a new series file.
pub const FIELDS: &[&Field<Metadata>] = &[
    &TITLE,
    &ORGANISER,
    &DESCRIPTION,
    &LANGUAGE,
    &VISIBILITY,
    &DEMONSTRATION,
    &ORDER,
    &PASSWORD_HASH,
    &EMBED_SITES,
    &LICENCE,
    &PODCAST_GUID,
    &REMOVED,
];

/// The fields of the form that describes a series, in order.
pub const DESCRIBED: &[&Field<Metadata>] = &[
    &TITLE,
    &ORGANISER,
    &DESCRIPTION,
    &LANGUAGE,
    &ORDER,
    &VISIBILITY,
    &LICENCE,
];

impl Metadata {
    /// Sets unset fields to the values in `around`.
    pub fn inherit(&mut self, around: &Self) {
        field::inherit(FIELDS, self, around);
    }

    /// The metadata that its recordings inherit.
    pub fn for_recordings(&self) -> recording::Metadata {
        recording::Metadata {
            language: self.language.clone(),
            visibility: self.visibility,
            licence: self.licence,
            ..recording::Metadata::default()
        }
    }

    /// The title, which is never empty in a row.
    pub fn title(&self) -> &str {
        self.title.as_deref().unwrap_or_default()
    }

    /// The language, which is never empty in a row.
    pub fn language(&self) -> &str {
        self.language.as_deref().unwrap_or_default()
    }

    pub fn demonstration(&self) -> bool {
        self.demonstration.unwrap_or(false)
    }
}

pub const TITLE: Field<Metadata> = Field {
    name: "title",
    label: "series-name",
    required: true,
    get: |it| it.title.clone().map(Value::Text),
    set: |it, value| it.title = value.and_then(Value::text),
    ..Field::PLAIN
};

pub const ORGANISER: Field<Metadata> = Field {
    name: "organiser",
    label: "series-organiser",
    get: |it| it.organiser.clone().map(Value::Text),
    set: |it, value| it.organiser = value.and_then(Value::text),
    ..Field::PLAIN
};

pub const DESCRIPTION: Field<Metadata> = Field {
    name: "description",
    label: "recording-description",
    help: Some("recording-description-help"),
    kind: FieldKind::prose(LONGEST_PROSE_CHARS, 6),
    get: |it| it.description.clone().map(Value::Text),
    set: |it, value| it.description = value.and_then(Value::text),
    ..Field::PLAIN
};

pub const LANGUAGE: Field<Metadata> = Field {
    name: "language",
    label: "recording-language",
    kind: FieldKind::Language,
    required: true,
    get: |it| it.language.clone().map(Value::Text),
    set: |it, value| it.language = value.and_then(Value::text),
    ..Field::PLAIN
};

pub const VISIBILITY: Field<Metadata> = Field {
    name: "visibility",
    label: "series-visibility",
    help: Some("series-visibility-help"),
    kind: FieldKind::choice(VISIBILITIES, Some("series-visibility-setting")),
    get: |it| it.visibility.map(|it| Value::Text(it.as_str().to_owned())),
    set: |it, value| it.visibility = value.and_then(|it| it.parsed(Visibility::parse)),
    ..Field::PLAIN
};

pub const DEMONSTRATION: Field<Metadata> = Field {
    name: "demonstration",
    label: "demonstration",
    kind: FieldKind::Flag,
    get: |it| it.demonstration.map(Value::Flag),
    set: |it, value| it.demonstration = value.and_then(Value::flag),
    ..Field::PLAIN
};

pub const ORDER: Field<Metadata> = Field {
    name: "order",
    column: Some("position"),
    label: "series-order",
    help: Some("series-order-help"),
    kind: FieldKind::Number {
        from: -99_999,
        to: 999_999,
    },
    get: |it| it.order.map(Value::Number),
    set: |it, value| it.order = value.and_then(Value::number),
    ..Field::PLAIN
};

pub const PASSWORD_HASH: Field<Metadata> = Field {
    name: "password_hash",
    label: "lock-password",
    kind: FieldKind::Secret,
    get: |it| it.password_hash.clone().map(Value::Text),
    set: |it, value| it.password_hash = value.and_then(Value::text),
    ..Field::PLAIN
};

pub const EMBED_SITES: Field<Metadata> = Field {
    name: "embed_sites",
    label: "embed-place",
    kind: FieldKind::Sites {
        unset: "embed-as-portal",
    },
    get: |it| it.embed_sites.as_ref().map(Value::written),
    set: |it, value| it.embed_sites = value.and_then(|it| it.parsed(EmbedSites::parse)),
    ..Field::PLAIN
};

pub const LICENCE: Field<Metadata> = Field {
    name: "licence",
    label: "licence",
    help: Some("series-licence-help"),
    kind: FieldKind::choice(Licence::ALL, Some("licence-as-portal")),
    get: |it| it.licence.map(|it| Value::Text(it.as_str().to_owned())),
    set: |it, value| it.licence = value.and_then(|it| it.parsed(Licence::parse)),
    ..Field::PLAIN
};

pub const PODCAST_GUID: Field<Metadata> = Field {
    name: "podcast_guid",
    label: "podcast-guid",
    get: |it| it.podcast_guid.clone().map(Value::Text),
    set: |it, value| it.podcast_guid = value.and_then(Value::text),
    ..Field::PLAIN
};

pub const REMOVED: Field<Metadata> = Field {
    name: "removed",
    column: Some("removed_at"),
    label: "series-removed",
    kind: FieldKind::Moment,
    get: |it| it.removed.clone().map(Value::Moment),
    set: |it, value| it.removed = value.and_then(Value::moment),
    ..Field::PLAIN
};
