//! Options of a select, each with its value and label: all series, and the possible owners.

use std::collections::HashMap;

use crate::catalogue::coordinator::Coordinator;
use crate::catalogue::name::isolated;

/// Value and label of each option.
pub type Options = Vec<(String, String)>;

/// All series by row id, in the order of their titles.
pub fn of_series(titles: &HashMap<i64, (String, bool)>) -> Options {
    let options = titles.iter();
    let mut options: Options = options
        .map(|(id, (title, _))| (id.to_string(), isolated(title).into_owned()))
        .collect();
    options.sort_by_key(|(_, title)| title.to_lowercase());
    options
}

/// Coordinators by row id.
pub fn of_people<'a>(people: impl IntoIterator<Item = &'a Coordinator>) -> Options {
    let people = people.into_iter();
    people
        .map(|one| (one.id.to_string(), isolated(&one.name).into_owned()))
        .collect()
}
