//! The moment of publication of a recording, as feeds, structured data and sitemaps state it: never later than now. Until the first
//! scan after an update has set it, noon of its date stands for it.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::format;
use crate::catalogue::recording::Recording;

/// When visitors could first see a recording, in the time zone of the portal; `None`: not yet. `now`: UTC seconds.
pub fn moment(one: &Recording, zone: &TimeZone, now: i64) -> Option<Zoned> {
    let published = one.published.as_ref().map(|moment| moment.at);
    let noon = || format::noon(one.date.as_deref()?, zone);
    let at = published.or_else(|| Some(noon()?.timestamp().as_second()))?;
    zoned(at.min(now), zone)
}

/// When anything that visitors see of a recording last changed; its publication when nothing did.
pub fn last_change(one: &Recording, zone: &TimeZone, now: i64) -> Option<Zoned> {
    let published = moment(one, zone, now).map(|moment| moment.timestamp().as_second());
    let at = published.max(one.changed_at)?;
    zoned(at.min(now), zone)
}

/// A moment (UTC seconds) in a time zone.
pub fn zoned(at: i64, zone: &TimeZone) -> Option<Zoned> {
    Some(Timestamp::from_second(at).ok()?.to_zoned(zone.clone()))
}

/// A moment for programs (ISO 8601): `2021-01-24T12:00:00+01:00`.
pub fn iso(moment: &Zoned) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}
