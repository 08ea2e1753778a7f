//! The moment of publication of each recording, which the sidecar keeps. In: what the sidecar says, and what the catalogue had
//! before the change. Out: the moment, never later than now, or none while visitors cannot find and play the recording.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rusqlite::Connection;

use super::inspected::Inspected;
use super::report::Report;
use crate::catalogue::PublicId;
use crate::catalogue::field::Moment;
use crate::catalogue::recording::Metadata;
use crate::catalogue::recording::publication::{self, Unsettled};
use crate::error::Result;
use crate::sidecar;

/// Gives those of these recordings (row ids) that were public already their moment, before a change is applied to them: the act that
/// made them public, their begin, their date or their arrival. It is never the moment of the scan, with which mail tools would send
/// a whole catalogue again.
pub fn settle(conn: &Connection, ids: &[i64], zone: &TimeZone, now: i64) -> Result<()> {
    let unsettled = publication::unsettled(conn, ids, now)?;
    if unsettled.is_empty() {
        return Ok(());
    }
    let mut subjects: Vec<String> = unsettled.iter().flat_map(subjects_of).collect();
    subjects.sort();
    subjects.dedup();
    let acts = publication::acts(conn, &subjects)?;
    let moments = unsettled.iter().map(|one| {
        let known = act_of(one, &acts).max(one.visible_from);
        let at = known.or_else(|| noon(one.date.as_deref(), zone, now));
        (one.id, at.unwrap_or(one.arrived).min(now))
    });
    publication::set(conn, &moments.collect::<Vec<_>>())
}

/// Publishes the recordings of a series that lost its password. Those that were public before it had one are not new: a version
/// before the moment of publication was kept let visitors find them since the act that made them public. The others are found from
/// now on, and so are those of which the audit list does not tell.
pub fn unlocked(conn: &Connection, series: i64, now: i64) -> Result<()> {
    let found = publication::unlocked(conn, series, now)?;
    let Some(first) = found.first() else {
        return Ok(());
    };
    let [_, series] = subjects_of(first);
    let mut subjects: Vec<String> = found
        .iter()
        .map(|one| subjects_of(one)[0].clone())
        .collect();
    subjects.push(series.clone());
    let acts = publication::acts(conn, &subjects)?;
    let locks = publication::locks(conn, &series)?;
    let moments = found.iter().map(|one| {
        let act = act_of(one, &acts);
        let open = act.max(one.visible_from.filter(|_| act.is_some()));
        let open = open.and_then(|at| first_without_password(&locks, at));
        (one.id, open.unwrap_or(now).min(now))
    });
    publication::set(conn, &moments.collect::<Vec<_>>())
}

/// The first moment from `at` on (UTC seconds) at which a series had no password; `None` when that is not known.
fn first_without_password(locks: &BTreeMap<i64, bool>, at: i64) -> Option<i64> {
    let had_one = match locks.range(..=at).next_back() {
        Some((_, is_locked)) => *is_locked,
        // Its first password that is known of came later.
        None => !*locks.values().next()?,
    };
    if !had_one {
        return Some(at);
    }
    let removed = locks.range(at..).find(|(_, is_locked)| !**is_locked);
    removed.map(|(at, _)| *at)
}

/// The act that made a recording public. The recordings of a series that was public before they arrived could be seen since they
/// arrived.
fn act_of(one: &Unsettled, acts: &HashMap<String, i64>) -> Option<i64> {
    let [own, series] = subjects_of(one);
    let of_series = || acts.get(&series).map(|at| (*at).max(one.arrived));
    acts.get(&own).copied().or_else(of_series)
}

/// The subjects under which the audit list has the acts that made a recording public.
fn subjects_of(one: &Unsettled) -> [String; 2] {
    [
        format!("recording {}", one.public_id),
        format!("series {}", one.series),
    ]
}

/// The moment that a sidecar states, when it has been; otherwise the one that the catalogue had. A moment that is still to come, or
/// none at all, is reported: it may have been written while the clock was wrong.
pub fn stated(
    stated: Option<Moment>,
    before: Option<&Moment>,
    (inspected, now): (&Inspected, i64),
    report: &mut Report,
) -> Option<Moment> {
    let has_been = |moment: &Moment| moment.at <= now;
    if let Some(stated) = &stated
        && !has_been(stated)
    {
        report.note(
            sidecar::file_of(&inspected.stem),
            format!(
                "\"{stated}\" is no moment that has been, so it is not when this was published"
            ),
        );
    }
    let before = before.cloned();
    stated.filter(has_been).or_else(|| before.filter(has_been))
}

/// The moment of a recording that is new to the catalogue and that visitors find at once. One whose sidecar carries an id was in a
/// catalogue before, which is being made again from the folder: it does not count as new.
pub fn of_new(
    inspected: &Inspected,
    id: &PublicId,
    metadata: &Metadata,
    (zone, now): (&TimeZone, i64),
) -> i64 {
    let begin = metadata.visible_from.as_ref().map(|moment| moment.at);
    let was_known = inspected.stated().id.as_deref() == Some(id.as_str());
    let before = || {
        let files = inspected.media.iter();
        let arrived = files
            .map(|file| file.place.modified_ns / 1_000_000_000)
            .min();
        noon(metadata.date.as_deref(), zone, now).or(arrived)
    };
    let before = if was_known { before() } else { None };
    begin.or(before).unwrap_or(now).min(now)
}

/// Noon of the day of a session, in UTC seconds; `None` without a date, and before that noon.
fn noon(date: Option<&str>, zone: &TimeZone, now: i64) -> Option<i64> {
    let noon = date?.parse::<Date>().ok()?.at(12, 0, 0, 0);
    let noon = noon.to_zoned(zone.clone()).ok()?.timestamp().as_second();
    (noon <= now).then_some(noon)
}
