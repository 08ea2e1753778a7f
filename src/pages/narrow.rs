//! The filters of the search page, as plain links. In: what is asked for, and the values that its results have. Out: links that narrow
//! the results, and links that take a filter away.

use maud::{Markup, html};

use crate::search::filters::{CAPTIONED_ONLY, Facet, Facets, Length};
use crate::search::{Filters, Question};
use crate::web::components::name;
use crate::web::{Texts, format, urls};

/// What is asked for.
pub struct Asked {
    pub question: Question,
    pub filters: Filters,
}

impl Asked {
    /// The filters as an address names them: name and value.
    pub fn named(&self) -> Vec<(&'static str, String)> {
        let filters = &self.filters;
        let length = filters.length.map(|length| length.as_str().to_owned());
        let captions = filters.has_captions.then(|| CAPTIONED_ONLY.to_owned());
        [
            ("series", filters.series.clone()),
            ("speaker", filters.speaker.clone()),
            ("year", filters.year.clone()),
            ("language", filters.language.clone()),
            ("length", length),
            ("captions", captions),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }

    /// The address of another question with the same filters.
    pub fn instead(&self, question: &str) -> String {
        let address = urls::search(question);
        (self.named().into_iter()).fold(address, |address, (name, value)| {
            urls::with(&address, name, &value)
        })
    }

    /// The address of the same question with this filter, or without it.
    pub fn address(&self, name: &str, value: Option<&str>) -> String {
        let kept = self.named().into_iter().filter(|(other, _)| *other != name);
        let address = kept.fold(
            urls::search(self.question.typed()),
            |address, (name, value)| urls::with(&address, name, &value),
        );
        match value {
            Some(value) => urls::with(&address, name, value),
            None => address,
        }
    }
}

/// The values of one filter: its name in addresses, the key of its label, and each value with what it is called.
struct Group {
    filter: &'static str,
    label: &'static str,
    values: Vec<(Facet, String)>,
}

/// The links below the number of results; nothing where no filter would change them.
pub fn narrow(texts: &Texts, asked: &Asked, facets: &Facets) -> Markup {
    let named = asked.named();
    let active = |filter: &str| {
        named
            .iter()
            .find(|(other, _)| *other == filter)
            .map(|(_, value)| value)
    };
    let mut groups = groups(texts, facets);
    groups.retain(|group| {
        let is_choice =
            group.values.len() > 1 || (group.filter == "captions" && !group.values.is_empty());
        is_choice || active(group.filter).is_some()
    });
    html! {
        @if !groups.is_empty() {
            details.filters open[!named.is_empty()] {
                summary { (texts.t("filters")) @if !named.is_empty() { " (" (named.len()) ")" } }
                dl {
                    @for group in &groups {
                        div {
                            dt { (texts.t(group.label)) }
                            @match active(group.filter) {
                                Some(value) => (taken_away(texts, asked, group, value)),
                                None => @for (facet, called) in &group.values {
                                    dd { a rel="nofollow" href=(texts.to(asked.address(group.filter, Some(&facet.value)))) { (name(called)) } @if !facets.is_part { " " span.size { (facet.count) } } }
                                },
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The link that takes away a filter with this value.
fn taken_away(texts: &Texts, asked: &Asked, group: &Group, value: &str) -> Markup {
    let called = group.values.iter().find(|(facet, _)| facet.value == value);
    let called = called.map_or(value, |(_, called)| called.as_str());
    let label = texts.t_args("filter-remove", &[("filter", called.into())]);
    html! {
        dd { a.active rel="nofollow" href=(texts.to(asked.address(group.filter, None))) aria-label=(label) {
            (name(called)) span aria-hidden="true" { " ×" }
        } }
    }
}

fn groups(texts: &Texts, facets: &Facets) -> Vec<Group> {
    let group = |filter, label, facets: &[Facet], call: &dyn Fn(&Facet) -> String| Group {
        filter,
        label,
        values: facets
            .iter()
            .map(|facet| (facet.clone(), call(facet)))
            .collect(),
    };
    let own = |facet: &Facet| facet.name.clone();
    let language = |facet: &Facet| format::language_name(&facet.value);
    let length = |facet: &Facet| {
        texts.t(match Length::parse(&facet.value) {
            Some(Length::Short) => "length-short",
            Some(Length::Medium) => "length-medium",
            Some(Length::Long) | None => "length-long",
        })
    };
    // It narrows nothing when all of them have captions.
    let is_telling = facets.captioned > 0 && facets.captioned < facets.results;
    let captioned = is_telling.then(|| Facet {
        value: CAPTIONED_ONLY.into(),
        name: texts.t("filter-captions-yes"),
        count: facets.captioned,
    });
    vec![
        group("series", "filter-series", &facets.series, &own),
        group("speaker", "filter-speaker", &facets.speakers, &own),
        group("year", "filter-year", &facets.years, &own),
        group("language", "filter-language", &facets.languages, &language),
        group("length", "filter-length", &facets.lengths, &length),
        group("captions", "filter-captions", captioned.as_slice(), &own),
    ]
}
