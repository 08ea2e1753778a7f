//! Sorts the folder of a series: files that share a stem belong to one recording. In: the entries of a folder. Out: a [`Folder`];
//! no file is read, and no entry is left out without a reason.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::copies::Copies;
use super::file_name::{self, CaptionName, FileKind};
use crate::catalogue::caption::CaptionKind;
use crate::catalogue::hand_out::{self, Unfit};
use crate::catalogue::name::is_same;
use crate::catalogue::original::FilePlace;
use crate::library::{Entry, EntryKind};
use crate::sidecar::{ENDING, SERIES_FILE};

/// The folder of a series, sorted.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Folder {
    pub has_series_file: bool,
    /// Whether the series file is not read, because its name has other capitals or it is no file.
    pub has_unread_series_file: bool,
    /// The files of each recording by stem, in order of names.
    pub groups: BTreeMap<String, Group>,
    /// Names of the entries that belong to no recording, with the reason.
    pub passed_over: Vec<(String, PassedOver)>,
    /// Stems whose files were given to the recording of another stem, with that other stem.
    pub(super) adopted: BTreeMap<String, String>,
    /// Stems that are not spelt as they are compared (NFC), by that spelling.
    pub(super) spelt: BTreeMap<String, String>,
}

/// A file that belongs to a recording, as its name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Companion<'a> {
    /// The stem of the recording.
    pub stem: &'a str,
    pub kind: FileKind,
    /// The part of the name between stem and ending: the language of captions, the title of a hand-out.
    pub words: &'a str,
}

impl Companion<'_> {
    /// Whether the file holds the captions in `language` of a recording that is spoken in `spoken`.
    pub fn is_captions(&self, language: &str, spoken: &str) -> bool {
        self.kind == FileKind::Caption
            && file_name::captions(self.words)
                .is_some_and(|said| said.language.as_deref().unwrap_or(spoken) == language)
    }

    /// Whether captions hold only what is said in another language.
    pub fn is_forced(&self) -> bool {
        let said = file_name::captions(self.words);
        said.is_some_and(|said| said.kind == Some(CaptionKind::Forced))
    }

    /// Whether the file is the poster of its recording.
    pub fn is_poster(&self) -> bool {
        self.kind == FileKind::Picture && self.words.is_empty()
    }
}

/// All files that share one stem.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Group {
    /// Media files in order of names; the first one gives the recording its name.
    pub media: Vec<FilePlace>,
    pub has_sidecar: bool,
    /// Whether the sidecar is not read, because its name has other capitals or it is no file.
    pub has_unread_sidecar: bool,
    /// What the name of each caption file says, and its place.
    pub captions: Vec<(CaptionName, FilePlace)>,
    pub poster: Option<FilePlace>,
    /// The words between stem and ending, and the place of each file that is a hand-out by itself.
    pub attachments: Vec<(String, FilePlace)>,
    /// The other files, which are a hand-out at most when the sidecar names them.
    pub unclaimed: Vec<Unclaimed>,
}

/// A file of a recording that is no hand-out by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclaimed {
    /// The part of the name between stem and ending.
    pub words: String,
    pub place: FilePlace,
    pub unfit: Unfit,
}

/// Why an entry of a folder belongs to no recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassedOver {
    /// The name begins with the stem of no recording.
    NoStem,
    /// A folder inside a series.
    Folder,
    /// A symbolic link, which is never followed.
    Link,
    /// A socket, pipe or device.
    NoFile,
    /// A second poster, or a second caption file in one language.
    SecondOne,
    /// A caption file in a language that another one has already, in another spelling.
    OtherSpelling,
    /// A caption file whose name does not end in a language.
    NoLanguage,
    /// A file with the name of a series.
    NoFolder,
    /// A file outside the series folders.
    OutsideSeries,
    /// A name with a character that an address cannot carry.
    Name,
    /// A sidecar whose ending is in capitals.
    Capitals,
    /// A file of a recording that is no hand-out by itself, and that its sidecar does not name.
    NoHandOut(Unfit),
}

/// The reason why a file of another kind is no hand-out.
static NO_KIND: LazyLock<String> = LazyLock::new(|| {
    format!(
        "of no kind that is a hand-out by itself ({}); it is one when its sidecar names it under [[attachments]]",
        hand_out::names()
    )
});

impl PassedOver {
    /// Whether the entry stands where a file or a folder of ours would stand, and is none: a coordinator has to know of it.
    pub fn is_in_the_way(self, name: &str) -> bool {
        match self {
            Self::Link | Self::NoFile | Self::NoFolder => true,
            Self::Folder => file_name::kind(name).1 != FileKind::Other,
            Self::NoStem
            | Self::SecondOne
            | Self::OtherSpelling
            | Self::NoLanguage
            | Self::OutsideSeries
            | Self::Name
            | Self::Capitals
            | Self::NoHandOut(_) => false,
        }
    }

    /// What the entry is not.
    pub fn missed(self) -> &'static str {
        match self {
            Self::NoHandOut(_) => "a hand-out",
            _ => "a recording",
        }
    }

    /// The reason in words, for the output of the `scan` command.
    pub fn reason(self) -> &'static str {
        match self {
            Self::NoStem => "not a recording, and its name does not begin with that of one",
            Self::Folder => "a folder inside a series; a series holds files only",
            Self::Link => "a link, which is never followed",
            Self::NoFile => "neither a file nor a folder",
            Self::SecondOne => "there is one of its kind already",
            Self::OtherSpelling => "spells a language in another way than its other captions",
            Self::NoLanguage => "a caption whose name does not say its language, as in name.nl.vtt",
            Self::NoFolder => "a file where the folder of a series was",
            Self::OutsideSeries => "stands beside the series; put it into a folder",
            Self::Capitals => {
                "its name must end in .toml, in small letters; until then nobody but coordinators see what it is about"
            }
            Self::Name => "its name holds a character that cannot be read",
            Self::NoHandOut(Unfit::Kind) => &NO_KIND,
            Self::NoHandOut(Unfit::People) => {
                "it may say who was there and what they said; it is a hand-out when its sidecar names it under [[attachments]]"
            }
            Self::NoHandOut(Unfit::Chat) => {
                "the chat of a meeting is for nobody but who was there; it is a hand-out when its sidecar names it under [[attachments]]"
            }
            Self::NoHandOut(Unfit::Leftover) => {
                "left by a program (a backup, a part of a file, a lock or a second version)"
            }
            Self::NoHandOut(Unfit::Sidecar) => {
                "a sidecar under another name, which nobody ever sees"
            }
        }
    }
}

/// Whether a name can be shown, be part of an address and be found again.
pub fn is_readable(name: &str) -> bool {
    !name.contains(|c: char| c == char::REPLACEMENT_CHARACTER || c == '\\' || c.is_control())
}

/// Sorts the entries of a folder into recordings and their files.
pub fn sort(entries: Vec<Entry>) -> Folder {
    let (mut folder, copies) = (Folder::default(), Copies::among(&entries));
    let (mut sidecars, mut companions) = (Vec::new(), Vec::new());
    for entry in entries {
        let place = match entry.kind {
            EntryKind::File(place) if is_readable(&place.file) => Ok(place),
            EntryKind::File(_) => Err(PassedOver::Name),
            EntryKind::Folder => Err(PassedOver::Folder),
            EntryKind::Link => Err(PassedOver::Link),
            EntryKind::Other => Err(PassedOver::NoFile),
        };
        let place = match place {
            Ok(place) => place,
            Err(why) => {
                folder.miss_sidecar(&entry.name);
                folder.pass_over(entry.name, why);
                continue;
            }
        };
        match file_name::kind(&place.file) {
            _ if place.file == SERIES_FILE => folder.has_series_file = true,
            (_, FileKind::Sidecar) if !place.file.ends_with(ENDING) => {
                folder.miss_sidecar(&place.file);
                folder.pass_over(place.file, PassedOver::Capitals);
            }
            (stem, FileKind::Media) => folder.group(stem).media.push(place),
            (_, FileKind::Sidecar) => sidecars.push(place),
            (_, FileKind::Caption | FileKind::Picture | FileKind::Other) => companions.push(place),
        }
    }
    for place in sidecars {
        let (stem, _) = file_name::kind(&place.file);
        match copies.has(stem) {
            // A copy belongs to the recording of the sidecar it was made of.
            true => companions.push(place),
            false => folder.group(stem).has_sidecar = true,
        }
    }
    folder.join_spellings();
    // Among captions of one language the usual spelling wins: its address was that language before.
    companions.sort_by_key(|place| file_name::is_other_spelling(&place.file));
    for place in companions {
        folder.add_companion(place);
    }
    folder
}

impl Folder {
    /// Stems that have a sidecar but no media file of their own.
    pub fn without_media(&self) -> Vec<String> {
        let groups = self
            .groups
            .iter()
            .filter(|(_, group)| group.has_sidecar && group.media.is_empty());
        groups.map(|(stem, _)| stem.clone()).collect()
    }

    /// Names of the sidecars and of the series file.
    pub fn sidecars(&self) -> Vec<String> {
        let with_sidecar = self.groups.iter().filter(|(_, group)| group.has_sidecar);
        let series_file = self.has_series_file.then(|| SERIES_FILE.to_owned());
        with_sidecar
            .map(|(stem, _)| format!("{stem}{ENDING}"))
            .chain(series_file)
            .collect()
    }

    /// Gives the files that share a stem with `file` to the recording whose sidecar names `file`, unless those files have a sidecar
    /// of their own.
    pub fn adopt(&mut self, stem: &str, file: &str) {
        let (other, _) = file_name::kind(file);
        let Some(other) = self.spelling_of(other).map(str::to_owned) else {
            return;
        };
        let is_free = self.groups.get(&other).is_some_and(|group| {
            !group.has_sidecar && group.media.iter().any(|place| is_same(&place.file, file))
        });
        if !is_free || other == stem {
            return;
        }
        let Some(mut adopted) = self.groups.remove(&other) else {
            return;
        };
        let Some(group) = self.groups.get_mut(stem) else {
            return;
        };
        self.adopted.insert(other, stem.to_owned());
        group.media.append(&mut adopted.media);
        group.captions.append(&mut adopted.captions);
        group.attachments.append(&mut adopted.attachments);
        group.unclaimed.append(&mut adopted.unclaimed);
        group.poster = group.poster.take().or(adopted.poster);
    }

    /// Notes that there is a sidecar of this name that is not read: its name is in capitals, or it is a link or no file at all.
    /// Ignoring it could make a draft public, so its recording or series counts as unreadable.
    fn miss_sidecar(&mut self, name: &str) {
        let (stem, kind) = file_name::kind(name);
        match kind {
            FileKind::Sidecar if name.eq_ignore_ascii_case(SERIES_FILE) => {
                self.has_unread_series_file = true;
            }
            FileKind::Sidecar => self.group(stem).has_unread_sidecar = true,
            FileKind::Media | FileKind::Caption | FileKind::Picture | FileKind::Other => {}
        }
    }

    pub(super) fn group(&mut self, stem: &str) -> &mut Group {
        self.groups.entry(stem.to_owned()).or_default()
    }

    fn pass_over(&mut self, name: String, why: PassedOver) {
        self.passed_over.push((name, why));
    }

    /// The recording that a file name belongs to: the one with the longest stem that the name begins with, or `None`. The scan
    /// reads files by this rule and the desk writes them by it.
    pub fn companion<'a>(&'a self, name: &'a str) -> Option<Companion<'a>> {
        let (before_ending, kind) = file_name::kind(name);
        // The search starts at the longest beginning, because a name has few dots and a folder may have many stems.
        let mut dots = name.rmatch_indices('.').map(|(at, _)| at);
        dots.find_map(|at| {
            let beginning = &name[..at];
            let spelling = self.spelling_of(beginning)?;
            let existing = self.groups.get_key_value(spelling).map(|(stem, _)| stem);
            let stem = existing.or_else(|| self.adopted.get(spelling))?;
            let words = before_ending.get(at..).unwrap_or_default();
            Some(Companion {
                stem,
                kind,
                words: words.trim_start_matches('.'),
            })
        })
    }

    /// Adds a companion file to its recording.
    fn add_companion(&mut self, place: FilePlace) {
        let Some(Companion { stem, kind, words }) = self.companion(&place.file) else {
            self.pass_over(place.file, PassedOver::NoStem);
            return;
        };
        let (stem, words) = (stem.to_owned(), words.to_owned());
        let Some(group) = self.groups.get_mut(&stem) else {
            return;
        };
        let refused = match kind {
            FileKind::Caption => group.add_caption(&words, place.clone()),
            FileKind::Picture if words.is_empty() => group.add_poster(place.clone()),
            FileKind::Picture | FileKind::Other | FileKind::Media | FileKind::Sidecar => {
                group.add_hand_out(words, place.clone());
                None
            }
        };
        if let Some(why) = refused {
            self.pass_over(place.file, why);
        }
    }
}

impl Group {
    /// The names of all files of the recording except the sidecar.
    pub fn files(&self) -> Vec<String> {
        let companions = self
            .captions
            .iter()
            .map(|(_, place)| place)
            .chain(&self.poster);
        let attachments = self.attachments.iter().map(|(_, place)| place);
        let unclaimed = self.unclaimed.iter().map(|unclaimed| &unclaimed.place);
        self.media
            .iter()
            .chain(companions)
            .chain(attachments)
            .chain(unclaimed)
            .map(|place| place.file.clone())
            .collect()
    }

    fn add_caption(&mut self, words: &str, place: FilePlace) -> Option<PassedOver> {
        let Some(said) = file_name::captions(words) else {
            return Some(PassedOver::NoLanguage);
        };
        if self.captions.iter().any(|(existing, _)| *existing == said) {
            let is_other = file_name::is_other_spelling(&place.file);
            return Some([PassedOver::SecondOne, PassedOver::OtherSpelling][usize::from(is_other)]);
        }
        self.captions.push((said, place));
        None
    }

    fn add_hand_out(&mut self, words: String, place: FilePlace) {
        match hand_out::judge(&place.file, &words) {
            Ok(()) => self.attachments.push((words, place)),
            Err(unfit) => self.unclaimed.push(Unclaimed {
                words,
                place,
                unfit,
            }),
        }
    }

    fn add_poster(&mut self, place: FilePlace) -> Option<PassedOver> {
        if self.poster.is_some() {
            return Some(PassedOver::SecondOne);
        }
        self.poster = Some(place);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str) -> Entry {
        let place = FilePlace {
            folder: "reeks".into(),
            file: name.into(),
            size_bytes: 1,
            modified_ns: 1,
            inode: 1,
        };
        Entry {
            name: name.into(),
            kind: EntryKind::File(place),
        }
    }

    #[test]
    fn files_of_one_stem_are_one_recording() {
        let folder = sort(
            [
                "01-a.mp4",
                "01-a.webm",
                "01-a.toml",
                "01-a.nl.vtt",
                "01-a.EN.srt",
                "01-a.jpg",
                "01-a.handout.pdf",
                "series.toml",
                "02-b.toml",
            ]
            .map(file)
            .to_vec(),
        );
        assert!(folder.has_series_file && folder.passed_over.is_empty());
        let one = &folder.groups["01-a"];
        assert_eq!(
            (one.media.len(), one.has_sidecar, one.poster.is_some()),
            (2, true, true)
        );
        assert_eq!(
            one.captions
                .iter()
                .map(|(said, _)| said.language.as_deref())
                .collect::<Vec<_>>(),
            [Some("nl"), Some("en")]
        );
        assert_eq!(one.attachments[0].0, "handout");
        assert!(folder.groups["02-b"].media.is_empty());
    }

    #[test]
    fn the_longest_stem_owns_a_companion() {
        let folder = sort(
            ["01-a.mp4", "01-a.deel.mp4", "01-a.deel.nl.vtt"]
                .map(file)
                .to_vec(),
        );
        assert!(folder.groups["01-a"].captions.is_empty());
        assert_eq!(folder.groups["01-a.deel"].captions.len(), 1);
    }

    #[test]
    fn nothing_is_passed_over_in_silence() {
        let mut entries = [
            "01-a.mp4",
            "leesmij.txt",
            "01-a.jpg",
            "01-a.png",
            "01-a.nl.vtt",
            "01-a.nl.srt",
            "01-a.foo.bar.vtt",
        ]
        .map(file)
        .to_vec();
        entries.push(Entry {
            name: "map".into(),
            kind: EntryKind::Folder,
        });
        entries.push(Entry {
            name: "weg.mp4".into(),
            kind: EntryKind::Link,
        });
        let reasons: Vec<_> = sort(entries).passed_over;
        for (name, why) in [
            ("map", PassedOver::Folder),
            ("weg.mp4", PassedOver::Link),
            ("leesmij.txt", PassedOver::NoStem),
            ("01-a.png", PassedOver::SecondOne),
            ("01-a.nl.srt", PassedOver::SecondOne),
            ("01-a.foo.bar.vtt", PassedOver::NoLanguage),
        ] {
            assert!(
                reasons.contains(&(name.to_owned(), why)),
                "{name}: {reasons:?}"
            );
        }
        assert_eq!(reasons.len(), 6);
    }
}
