//! What may be a hand-out. In: the name of a file beside a recording. Out: `Ok` when it is one by itself, or the reason why a person has
//! to choose it, or why it never is one. Whatever nobody named is public only when it is of a kind in [`KINDS`].

/// A kind of file that is a hand-out by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// For the report of a scan; README lists the same kinds with the same endings.
    pub name: &'static str,
    pub endings: &'static [&'static str],
}

const fn kind(name: &'static str, endings: &'static [&'static str]) -> Kind {
    Kind { name, endings }
}

/// The kinds of file that people hand out. What browsers run (HTML, SVG, scripts, programs) is not among them, nor are text captions,
/// projects of editors, and `.key`, which is also the ending of a private key.
pub const KINDS: &[Kind] = &[
    kind("documents", &["pdf", "doc", "docx", "odt", "rtf", "pages"]),
    kind("slides", &["ppt", "pptx", "pps", "ppsx", "odp"]),
    kind("sheets", &["xls", "xlsx", "ods", "csv", "tsv", "numbers"]),
    kind(
        "pictures",
        &[
            "jpg", "jpeg", "png", "webp", "gif", "avif", "heic", "tif", "tiff", "bmp",
        ],
    ),
    kind("text", &["txt", "md"]),
    kind("e-books", &["epub", "mobi"]),
    kind("archives", &["zip", "7z", "rar", "tar", "gz", "tgz"]),
    kind("calendars", &["ics"]),
];

/// Why a file is no hand-out by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// Of none of the kinds.
    Kind,
    /// Its name speaks of who was there or what they said: a transcript, an attendance list.
    People,
    /// The chat of a meeting, or captions that a participant saved.
    Chat,
    /// Left by a program: a backup, a lock, part of a file, one of two that were changed at once.
    Leftover,
    /// A sidecar under another name. It holds words that were not published, or are not any more.
    Sidecar,
}

impl Unfit {
    /// Whether it is a hand-out when the sidecar names it.
    pub fn may_be_named(self) -> bool {
        match self {
            Self::Kind | Self::People | Self::Chat | Self::Leftover => true,
            Self::Sidecar => false,
        }
    }

    /// Whether a file that was a hand-out before there were kinds stays one, so that its address goes on answering.
    pub fn keeps_address(self) -> bool {
        match self {
            Self::Kind | Self::People => true,
            Self::Chat | Self::Leftover | Self::Sidecar => false,
        }
    }
}

/// Endings of what programs leave behind: downloads under way, backups, swap files, locks, shortcuts of one computer.
const LEFT_BEHIND: &[&str] = &[
    "!qb",
    "!sync",
    "!ut",
    "aria2",
    "autosave",
    "bc!",
    "bkp",
    "crdownload",
    "download",
    "ds_store",
    "dtapart",
    "fdmdownload",
    "filepart",
    "icloud",
    "kate-swp",
    "lck",
    "lnk",
    "lock",
    "new",
    "opdownload",
    "partial",
    "rej",
    "save",
    "sav",
    "swl",
    "swm",
    "swn",
    "swo",
    "swp",
    "swx",
    "temp",
    "unison",
    "wbk",
    "xlk",
    "ytdl",
    "~lock",
];

/// Endings of backups and parts, which may be counted: `.bak2`, `.part01`, `.tmp0`.
const BACKUPS: &[&str] = &["backup", "bak", "old", "orig", "part", "tmp"];

/// What programs that keep folders alike write into the name of the second of two files (Syncthing, Nextcloud and ownCloud, Dropbox,
/// Seafile, Box).
const CONFLICTS: &[&str] = &[
    "sync-conflict-",
    "conflicted copy",
    "conflicting copy",
    "conflict copy",
    "conflicterende kopie",
    "case conflict",
    "_conflict-",
    "sfconflict",
];

/// Sidecars of other programs: what they say about a film is no more meant for visitors than what ours say.
const SIDECARS: &[&str] = &["yaml", "yml", "nfo", "description"];

/// Endings of text in which meetings are saved.
const TEXT: &[&str] = &[
    "txt", "md", "rtf", "csv", "tsv", "log", "json", "xml", "html", "htm",
];

/// Endings of lists of people.
const LISTS: &[&str] = &["csv", "tsv", "txt", "xls", "xlsx", "ods", "json"];

/// Words in the names of saved chats beside the word itself.
const AROUND_CHAT: &[&str] = &[
    "bbb",
    "export",
    "group",
    "log",
    "meet",
    "meeting",
    "messages",
    "new",
    "private",
    "public",
    "saved",
    "teams",
    "the",
    "transcript",
    "van",
    "webex",
    "webinar",
    "whatsapp",
    "zoom",
];

/// Words in the names of lists of who was there.
const PRESENCE: &[&str] = &[
    "aanwezigen",
    "aanwezigheidslijst",
    "attendance",
    "attendancereport",
    "attendee",
    "attendees",
    "deelnemerslijst",
    "meetingattendancereport",
    "participants",
    "presentielijst",
    "registrants",
];

/// Endings that a browser or a computer may run; the desk refuses them, because nobody expects a program behind the word "hand-out".
const RUN: &[&str] = &[
    "app", "apk", "bat", "cmd", "com", "command", "cpl", "deb", "dll", "dmg", "exe", "gadget",
    "hta", "htm", "html", "inf", "iso", "jar", "js", "jse", "lnk", "mht", "mhtml", "mjs", "msi",
    "msix", "php", "pif", "pkg", "ps1", "reg", "rpm", "scr", "sh", "svg", "svgz", "swf", "url",
    "vb", "vbe", "vbs", "webloc", "wsf", "xht", "xhtml", "xml", "xsl",
];

/// Judges a file that belongs to a recording. `words`: the part of its name between the stem of the recording and the ending.
///
/// Errors with the reason why it is no hand-out by itself.
pub fn judge(name: &str, words: &str) -> Result<(), Unfit> {
    let (name, words) = (name.to_lowercase(), words.to_lowercase());
    let (before, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
    if is_sidecar(&name, ending, &words) {
        return Err(Unfit::Sidecar);
    }
    if is_leftover(&name) {
        return Err(Unfit::Leftover);
    }
    // Google Meet saves its chat as captions.
    if ending == "sbv" || is_chat(before, ending, &words) {
        return Err(Unfit::Chat);
    }
    if !is_kind(ending) {
        return Err(Unfit::Kind);
    }
    match is_about_people(before, ending, &words) {
        true => Err(Unfit::People),
        false => Ok(()),
    }
}

/// Whether a hand-out of this name, from before there were kinds, is none any more. `stem`: that of its recording; a name that does
/// not begin with it is that of a file which the recording took over, and its own stem is taken to have no dot.
pub fn is_over(name: &str, stem: &str) -> bool {
    let of_stem = name
        .strip_prefix(stem)
        .and_then(|rest| rest.strip_prefix('.'));
    let of_other = name.split_once('.').map_or("", |(_, behind)| behind);
    let behind_stem = of_stem.unwrap_or(of_other);
    let words = behind_stem.rsplit_once('.').map_or("", |(words, _)| words);
    judge(name, words).is_err_and(|unfit| !unfit.keeps_address())
}

/// Whether a file with this ending is refused at the desk, because it would run on the computer of who opens it.
pub fn runs(ending: &str) -> bool {
    RUN.contains(&ending)
}

/// The names of all kinds, for people: `documents, slides, …`.
pub fn names() -> String {
    let names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    names.join(", ")
}

fn is_kind(ending: &str) -> bool {
    KINDS.iter().any(|kind| kind.endings.contains(&ending))
}

/// Whether the lower-case name is that of a sidecar with something behind it, or of a sidecar of another program.
fn is_sidecar(name: &str, ending: &str, words: &str) -> bool {
    let is_ours = name.match_indices(".toml").any(|(at, toml)| {
        let rest = &name[at + toml.len()..];
        // A hand-out of a Mr. Tomlinson is not meant.
        let is_word = rest.starts_with(char::is_alphanumeric) && rest.contains('.');
        !rest.is_empty() && !is_word
    });
    let is_bare = words.is_empty() && matches!(ending, "json" | "xml");
    let is_info = ending == "json" && (words == "info" || words.ends_with(".info"));
    is_ours || ending == "toml" || is_bare || is_info || SIDECARS.contains(&ending)
}

/// Whether a stem says that its sidecar is the copy of another (`01-begin.bak`, `01-begin.sync-conflict-…`), which would be a
/// recording of its own with words that are not published any more. `stands`: whether there is a recording of a stem; where the
/// original is none, a name like `01-begin.part2` is that of a recording.
pub fn is_copied_sidecar(stem: &str, stands: &dyn Fn(&str) -> bool) -> bool {
    let lower = stem.to_ascii_lowercase();
    if let Some(at) = CONFLICTS.iter().filter_map(|it| lower.find(it)).min() {
        // Between the name and the mark may stand whose copy it is.
        let name = &stem[..at];
        let ends = name.char_indices().filter(|(_, c)| !c.is_alphanumeric());
        return stands(name) || ends.map(|(end, _)| &name[..end]).any(stands);
    }
    let is_of_copy = |ending: &str| {
        let ending = ending.to_lowercase();
        is_backup(&ending) || ending == "toml" || ending.starts_with('~')
    };
    let shorter = match stem.rsplit_once('.') {
        Some((before, ending)) if is_of_copy(ending) => Some(before),
        Some(_) | None => stem.strip_suffix('~'),
    };
    shorter.is_some_and(|original| stands(original) || is_copied_sidecar(original, stands))
}

fn is_conflict(name: &str) -> bool {
    CONFLICTS.iter().any(|conflict| name.contains(conflict))
}

/// Whether a lower-case ending is one of [`BACKUPS`], perhaps with a figure.
fn is_backup(ending: &str) -> bool {
    BACKUPS.contains(&ending.trim_end_matches(|c: char| c.is_ascii_digit()))
}

/// Whether a name is one that programs give to what they leave behind.
fn is_leftover(name: &str) -> bool {
    let name = name.to_lowercase();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    // macOS puts `.sb-` and eight characters behind a name while it saves.
    let is_saved = ending.starts_with("sb-");
    let is_lock = name.split('.').any(|part| part.starts_with('~'));
    name.ends_with(['~', '#'])
        || LEFT_BEHIND.contains(&ending)
        || is_backup(ending)
        || is_conflict(&name)
        || is_saved
        || is_lock
}

/// The words of a name: letters and figures that stand together.
fn tokens(name: &str) -> impl Iterator<Item = &str> + Clone {
    name.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

fn is_chat_word(word: &str) -> bool {
    let behind = [
        "log",
        "export",
        "history",
        "message",
        "transcript",
        "geschiedenis",
        "bericht",
        "verslag",
    ];
    let is_behind = word
        .strip_prefix("chat")
        .is_some_and(|rest| behind.iter().any(|behind| rest.starts_with(behind)));
    matches!(word, "chat" | "chats") || is_behind || (word.ends_with("chat") && word != "snapchat")
}

/// Whether the name says "saved chat" and nothing about a subject.
fn is_only_chat(name: &str) -> bool {
    let mut words = tokens(name);
    let is_around =
        |word: &str| AROUND_CHAT.contains(&word) || word.bytes().all(|byte| byte.is_ascii_digit());
    words.clone().any(is_chat_word) && words.all(|word| is_chat_word(word) || is_around(word))
}

/// Whether a text is the chat of a meeting, or captions that a participant saved. A text with the bare name of a recording is one when
/// the recording has the name that Zoom gives.
fn is_chat(before: &str, ending: &str, words: &str) -> bool {
    if !TEXT.contains(&ending) {
        return false;
    }
    let subject = if words.is_empty() { before } else { words };
    let is_saved_captions =
        subject.contains("closed_caption") || subject.contains("closed-caption");
    let is_chat = match words.is_empty() {
        true => is_only_chat(before) || is_of_zoom(before),
        false => tokens(words).any(is_chat_word) || is_of_zoom(words),
    };
    is_saved_captions || is_chat
}

/// Whether a name is that of a recording by Zoom: `GMT20240101-090000_Recording`.
fn is_of_zoom(name: &str) -> bool {
    let rest = name.strip_prefix("gmt").unwrap_or_default();
    let (date, rest) = rest.split_once('-').unwrap_or_default();
    let is_date = date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit());
    is_date && rest.contains("recording")
}

/// Whether the name speaks of who was there or of all that was said. A sheet about the subject "chat" is none of that, one that is
/// called "chat" may be.
fn is_about_people(before: &str, ending: &str, words: &str) -> bool {
    let subject = if words.is_empty() { before } else { words };
    let is_list = LISTS.contains(&ending) && tokens(subject).any(|word| PRESENCE.contains(&word));
    let is_transcript = tokens(words).any(|word| matches!(word, "transcript" | "transcripts"));
    is_list || is_transcript || is_only_chat(subject)
}

#[cfg(test)]
#[path = "hand_out_cases.rs"]
mod cases;
