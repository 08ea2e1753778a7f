//! What no keyboard types and no calendar knows, put into every field a coordinator can fill: kept as it is, or refused in a
//! sentence while everything that was typed stays.

use crate::hostile_cases::{DATES, NARROW, ODD};
use crate::hostile_desk::{HARMLESS, Rounds};
use crate::support::Site;

#[tokio::test]
async fn what_is_written_in_any_direction_or_not_seen_at_all_is_kept_or_refused_in_a_sentence() {
    let site = Site::open().await;
    let mut desk = Rounds::open(&site).await;
    desk.round(HARMLESS).await;
    desk.everywhere().await;
    for (text, _) in ODD {
        desk.round(text).await;
        desk.everywhere().await;
    }
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}: {faults:#?}", faults.len());
    assert_eq!(desk.counted.len(), (1 + ODD.len()) * desk.names.len());
    for ((_, field), sentence) in desk.counted.iter().filter(|(key, _)| is_wide(&key.1)) {
        let says_why = ["onzichtbaar", "één regel", "is geen tijd"]
            .iter()
            .any(|it| sentence.contains(it));
        assert!(sentence.is_empty() || says_why, "{field}: {sentence}");
    }
    // What people write is kept; what nobody can have meant is not.
    for (round, (text, is_kept)) in ODD.iter().enumerate() {
        let title = (round + 2, "/desk/recordings/{} title".to_owned());
        assert_eq!(desk.ever.contains(&title), *is_kept, "{text:?}");
    }
}

#[tokio::test]
async fn a_text_of_a_megabyte_is_refused_in_a_sentence_and_stays_where_it_was_typed() {
    let site = Site::open().await;
    let mut desk = Rounds::open(&site).await;
    desk.round(HARMLESS).await;
    for text in ["x".repeat(1_000_000), "é🦊 ".repeat(140_000)] {
        desk.each(&text).await;
    }
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}: {faults:#?}", faults.len());
    assert_eq!(desk.counted.len(), 3 * desk.names.len());
    for ((round, field), sentence) in desk.counted.iter().filter(|(key, _)| is_wide(&key.1)) {
        let says_why = ["tekens.", "te lang"]
            .iter()
            .any(|it| sentence.contains(it));
        assert!(*round == 1 || says_why, "{field}: {sentence}");
    }
}

#[tokio::test]
async fn a_day_or_a_moment_that_does_not_exist_is_refused_in_every_field() {
    let site = Site::open().await;
    let mut desk = Rounds::open(&site).await;
    let fields: Vec<String> = desk
        .names
        .iter()
        .filter(|field| is_date(field))
        .cloned()
        .collect();
    assert_eq!(fields.len(), 6, "{fields:?}");
    let mut tried = 0;
    for field in fields {
        let (form, name) = field.rsplit_once(' ').unwrap();
        let is_moment = name.starts_with("visible");
        for (date, of, sentence) in DATES.iter().filter(|(_, of, _)| of.fits(is_moment)) {
            let mut filled = desk.form(form).await;
            let others = [
                ("visible_from", ""),
                ("visible_until", ""),
                ("plan_title", "Blijft staan"),
                ("link_name", "Blijft staan"),
            ];
            for (other, value) in others {
                filled.set(other, value);
            }
            filled.set(name, date);
            let answer = filled.send(&desk.eva, None).await;
            let page = desk.look(&answer);
            tried += 1;
            match (sentence, page) {
                (Some(sentence), Some(page)) => {
                    let said = page.of_class("field-error");
                    let lost = filled.lost_in(&page);
                    assert!(
                        answer.status == 422
                            && sentence.split('|').any(|it| said.contains(it))
                            && lost.is_empty(),
                        "{field} {date} {of:?}: {} {said:?} {lost:?}",
                        answer.status
                    );
                }
                (None, None) => {
                    assert_eq!(answer.status, 303, "{field} {date}");
                    let now = desk.form(form).await;
                    let now = now
                        .fields
                        .into_iter()
                        .find(|it| it.name == name)
                        .unwrap()
                        .value;
                    let is_asked_anew = ["plan_date", "link_until"].contains(&name);
                    assert!(
                        is_asked_anew || now.starts_with(date),
                        "{field} {date} became {now}"
                    );
                }
                _ => panic!("{field} {date}: {} {}", answer.status, answer.text()),
            }
        }
    }
    assert!(tried > 60, "{tried}");
    // Whatever was kept is a date that every page can show.
    desk.round(HARMLESS).await;
    desk.everywhere().await;
    assert!(desk.faults.is_empty(), "{:#?}", desk.faults);
}

/// A field for words.
fn is_wide(field: &str) -> bool {
    let name = field.rsplit_once(' ').unwrap().1;
    !NARROW.contains(&name) && !name.contains("password")
}

fn is_date(field: &str) -> bool {
    [
        "date",
        "plan_date",
        "link_until",
        "visible_from",
        "visible_until",
    ]
    .iter()
    .any(|name| field.ends_with(&format!(" {name}")))
}
