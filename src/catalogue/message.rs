//! A message from a visitor to the people at the desk, sent with the form that needs no mail server: that they are in a recording,
//! that something does not play, that a line of the captions is wrong, or another question. Bounded in number, and kept for half a year at most.

use rusqlite::{Connection, Row, named_params};

use super::heartbeat::ages_count;
use super::query::{self, Query, sql_word};
use super::slice::{Cursor, Direction, Slice};
use super::{PublicId, address, purge};
use crate::error::Result;

/// Most characters of a message, and of how its sender wants to be reached.
pub const LONGEST_TEXT: usize = 4000;
pub const LONGEST_REPLY_TO: usize = 200;

/// Most characters of a line of captions in a message, as it stands and as it should be: as many as a line has at most, so that
/// each can be corrected.
pub const LONGEST_LINE: usize = 5000;

/// Days for which a message is kept; visitors are told so.
pub const KEPT_DAYS: i64 = 180;

const DAY: i64 = 24 * 60 * 60;

/// Messages that are taken in within a day from all senders together: more than an association gets in a year, and few enough to be
/// looked through when somebody fills the box on purpose.
const MOST_A_DAY: i64 = 200;

/// As many of them as the others leave for those who are in a recording: whoever fills the box with questions keeps nobody from
/// asking to be taken out.
const KEPT_FOR_PICTURES: i64 = 100;

/// Messages in the box: with texts at their longest 32 MB, and 80 MB when all are of lines at their longest.
const MOST: i64 = 2000;

/// As many of these.
const BOX_KEPT_FOR_PICTURES: i64 = 1000;

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageKind {
    /// The sender can be seen or heard.
    Picture,
    /// Playback, captions or a page do not work, or are wrong.
    Playing,
    Question,
    /// A line of the captions is wrong.
    Captions,
}

impl MessageKind {
    pub const ALL: [Self; 4] = [Self::Picture, Self::Playing, Self::Question, Self::Captions];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Picture => "picture",
            Self::Playing => "playing",
            Self::Question => "question",
            Self::Captions => "captions",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

sql_word!(MessageKind);

/// A line of captions as a visitor read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaptionLine {
    /// Of the captions.
    pub language: String,
    pub start_ms: u64,
    /// Plain text, without empty lines.
    pub text: String,
}

/// A message as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// The recording by any name it ever had; a name of none makes it a message about the portal.
    pub recording: Option<PublicId>,
    pub kind: MessageKind,
    /// The moment in the recording, in seconds.
    pub at_s: Option<i64>,
    /// Of a line of captions: how it should be.
    pub text: String,
    pub reply_to: Option<String>,
    pub language: &'static str,
    /// The line of captions that is wrong, with the kind that says so.
    pub line: Option<CaptionLine>,
}

/// What became of a message that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    New,
    /// It came before: somebody pressed twice, or sent the page again.
    Before,
    /// There is no room for it.
    Full,
}

/// Takes a message in.
pub fn receive(conn: &Connection, message: &NewMessage, now: i64) -> Result<Received> {
    let recording = match &message.recording {
        Some(id) => address::row_of_recording(conn, id)?,
        None => None,
    };
    let sql = "SELECT EXISTS (SELECT 1 FROM message
               WHERE received_at > :now - :day AND recording_id IS :recording AND kind = :kind AND at_s IS :at
                 AND text = :text AND reply_to IS :reply_to
                 AND caption_language IS :caption_language AND cue_start_ms IS :cue_start AND cue_text IS :cue_text)";
    let line = message.line.as_ref();
    let params = named_params! {
        ":now": now,
        ":day": DAY,
        ":recording": recording,
        ":kind": message.kind,
        ":at": message.at_s,
        ":text": message.text,
        ":reply_to": message.reply_to,
        ":caption_language": line.map(|line| &line.language),
        ":cue_start": line.map(|line| line.start_ms),
        ":cue_text": line.map(|line| &line.text),
    };
    if conn.value(sql, params)? {
        return Ok(Received::Before);
    }
    let is_of_picture = message.kind == MessageKind::Picture && recording.is_some();
    if !has_room(conn, is_of_picture, now)? {
        return Ok(Received::Full);
    }
    add(conn, recording, message, now)?;
    Ok(Received::New)
}

fn add(conn: &Connection, recording: Option<i64>, message: &NewMessage, now: i64) -> Result<()> {
    let sql = "INSERT INTO message
                   (recording_id, kind, at_s, text, reply_to, language, received_at, caption_language, cue_start_ms, cue_text)
               VALUES (:recording, :kind, :at, :text, :reply_to, :language, :now, :caption_language, :cue_start, :cue_text)";
    let line = message.line.as_ref();
    let params = named_params! {
        ":recording": recording,
        ":kind": message.kind,
        ":at": message.at_s,
        ":text": message.text,
        ":reply_to": message.reply_to,
        ":language": message.language,
        ":now": now,
        ":caption_language": line.map(|line| &line.language),
        ":cue_start": line.map(|line| line.start_ms),
        ":cue_text": line.map(|line| &line.text),
    };
    conn.write(sql, params).map(drop)
}

/// Condition of an SQL statement: somebody says that they are in a recording of this portal.
macro_rules! is_of_picture {
    () => {
        "(message.kind = 'picture' AND message.recording_id IS NOT NULL)"
    };
}

/// Whether one more message fits; the oldest that was handled makes room for it.
fn has_room(conn: &Connection, is_of_picture: bool, now: i64) -> Result<bool> {
    let sql = concat!(
        "SELECT count(*), count(*) FILTER (WHERE today), count(*) FILTER (WHERE other), count(*) FILTER (WHERE today AND other)
         FROM (SELECT received_at > :now - :day AS today, NOT ",
        is_of_picture!(),
        " AS other FROM message)"
    );
    let params = named_params! { ":now": now, ":day": DAY };
    let (all, today, others, others_today): (i64, i64, i64, i64) =
        conn.row(sql, params, |row| row.try_into())?;
    let is_over = |others: i64, most: i64| !is_of_picture && others >= most;
    if today >= MOST_A_DAY || is_over(others_today, MOST_A_DAY - KEPT_FOR_PICTURES) {
        return Ok(false);
    }
    let is_share_full = is_over(others, MOST - BOX_KEPT_FOR_PICTURES);
    if all < MOST && !is_share_full {
        return Ok(true);
    }
    let sql = concat!(
        "DELETE FROM message
         WHERE id = (SELECT id FROM message
                     WHERE handled_at IS NOT NULL AND NOT (:is_share_full AND ",
        is_of_picture!(),
        ") ORDER BY received_at, id LIMIT 1)"
    );
    Ok(conn.change(sql, named_params! { ":is_share_full": is_share_full })? > 0)
}

/// A message at the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub id: i64,
    pub kind: MessageKind,
    /// Public id and title of the recording.
    pub recording: Option<(PublicId, String)>,
    /// Whether the recording is in the trash.
    pub is_trashed: bool,
    pub at_s: Option<u64>,
    pub text: String,
    pub reply_to: Option<String>,
    pub language: String,
    /// UTC seconds.
    pub received_at: i64,
    /// Who handled it, and when in UTC seconds.
    pub handled: Option<(String, i64)>,
    /// The line of captions that is wrong.
    pub line: Option<CaptionLine>,
    /// Whether those captions are still there.
    pub has_captions: bool,
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Message> {
    let recording: Option<PublicId> = row.get("public_id")?;
    let title: Option<String> = row.get("title")?;
    let handled_at: Option<i64> = row.get("handled_at")?;
    let handler: Option<String> = row.get("handler")?;
    Ok(Message {
        id: row.get("id")?,
        kind: row.get("kind")?,
        recording: recording.zip(title),
        is_trashed: row.get::<_, Option<i64>>("deleted_at")?.is_some(),
        at_s: row.get("at_s")?,
        text: row.get("text")?,
        reply_to: row.get("reply_to")?,
        language: row.get("language")?,
        received_at: row.get("received_at")?,
        handled: handled_at.map(|at| (handler.unwrap_or_default(), at)),
        line: line_from_row(row)?,
        has_captions: row.get("has_captions")?,
    })
}

fn line_from_row(row: &Row<'_>) -> rusqlite::Result<Option<CaptionLine>> {
    let language: Option<String> = row.get("caption_language")?;
    language.map_or(Ok(None), |language| {
        Ok(Some(CaptionLine {
            language,
            start_ms: row.get("cue_start_ms")?,
            text: row.get("cue_text")?,
        }))
    })
}

/// Which messages a coordinator may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    Administrator,
    /// Those about recordings, all of which an editor may change; what is about the portal may be about the editors.
    Editor,
}

impl Reader {
    /// Bound to `:all`.
    fn reads_all(self) -> bool {
        match self {
            Self::Administrator => true,
            Self::Editor => false,
        }
    }
}

/// Condition of an SQL statement: the reader may read the message.
macro_rules! is_readable {
    () => {
        "(:all OR message.recording_id IS NOT NULL)"
    };
}

/// SQL: messages on one side of another.
macro_rules! messages {
    ($side:literal, $direction:literal) => {
        concat!(
            "SELECT message.*, recording.public_id, recording.title, recording.deleted_at, coordinator.name AS handler,
                    EXISTS (SELECT 1 FROM caption WHERE caption.recording_id = message.recording_id
                                                    AND caption.language = message.caption_language) AS has_captions
             FROM message
             LEFT JOIN recording ON recording.id = message.recording_id
             LEFT JOIN coordinator ON coordinator.id = message.handled_by
             WHERE ", $side, " AND (message.handled_at IS NOT NULL) = :handled AND ", is_readable!(),
            " ORDER BY message.id ", $direction, " LIMIT :most"
        )
    };
}

/// A part of the messages that were handled, or of the others, the newest first; a cursor names a message by its id.
pub fn slice(
    conn: &Connection,
    reader: Reader,
    handled: bool,
    cursor: &Cursor,
    most: usize,
) -> Result<Slice<Message>> {
    let id = |name: &str| Ok(name.parse::<i64>().ok());
    Slice::find(cursor, most, id, |id, direction, most| {
        let sql = match direction {
            Direction::Forward => messages!("message.id < :border", "DESC"),
            Direction::Backward => messages!("message.id > :border", "ASC"),
        };
        let params = named_params! {
            ":border": id.copied().unwrap_or(i64::MAX),
            ":handled": handled,
            ":all": reader.reads_all(),
            ":most": i64::try_from(most).unwrap_or(i64::MAX),
        };
        conn.rows(sql, params, from_row)
    })
}

/// Row id, kind and moment (UTC seconds) of the newest messages, handled or not.
pub fn newest(
    conn: &Connection,
    reader: Reader,
    most: usize,
) -> Result<Vec<(i64, MessageKind, i64)>> {
    let sql = concat!(
        "SELECT id, kind, received_at FROM message WHERE ",
        is_readable!(),
        " ORDER BY id DESC LIMIT :most"
    );
    let params = named_params! {
        ":all": reader.reads_all(),
        ":most": i64::try_from(most).unwrap_or(i64::MAX),
    };
    conn.rows(sql, params, |row| row.try_into())
}

/// How many messages still have to be handled, and how many were; counting stops at the most that there can be.
pub fn counts(conn: &Connection, reader: Reader) -> Result<(u32, u32)> {
    let sql = concat!(
        "SELECT count(*) FILTER (WHERE handled_at IS NULL), count(*) FILTER (WHERE handled_at IS NOT NULL)
         FROM message WHERE ",
        is_readable!()
    );
    let params = named_params! { ":all": reader.reads_all() };
    conn.row(sql, params, |row| row.try_into())
}

/// Marks messages as handled (`by`: row id of the coordinator), or as open again (`None`). Returns how many were not yet.
pub fn set_handled(
    conn: &Connection,
    reader: Reader,
    ids: &[i64],
    by: Option<i64>,
    now: i64,
) -> Result<usize> {
    let sql = concat!(
        "UPDATE message SET handled_at = iif(:by IS NULL, NULL, :now), handled_by = :by
         WHERE id IN (SELECT value FROM json_each(:ids)) AND (handled_at IS NULL) = (:by IS NOT NULL) AND ",
        is_readable!()
    );
    let params = named_params! {
        ":by": by,
        ":now": now,
        ":ids": query::json(ids)?,
        ":all": reader.reads_all(),
    };
    conn.change(sql, params)
}

/// Removes messages. Returns how many there were; the file is to be written anew, so that their words leave it.
pub fn remove(conn: &Connection, reader: Reader, ids: &[i64]) -> Result<usize> {
    let sql = concat!(
        "DELETE FROM message WHERE id IN (SELECT value FROM json_each(:ids)) AND ",
        is_readable!()
    );
    let params = named_params! { ":ids": query::json(ids)?, ":all": reader.reads_all() };
    let removed = conn.change(sql, params)?;
    if removed > 0 {
        purge::want(conn)?;
    }
    Ok(removed)
}

/// UTC seconds: what was received until then is old enough to be erased.
pub fn written_before(now: i64) -> i64 {
    now - KEPT_DAYS * DAY
}

/// Removes the messages that are older than [`KEPT_DAYS`]. Returns how many; the file is to be written anew.
pub fn remove_old(conn: &Connection, now: i64) -> Result<usize> {
    let sql = concat!(
        "DELETE FROM message WHERE received_at <= :before AND ",
        ages_count!()
    );
    let removed = conn.change(sql, named_params! { ":before": written_before(now) })?;
    if removed > 0 {
        purge::want(conn)?;
    }
    Ok(removed)
}
