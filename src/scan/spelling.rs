//! Names of files in two spellings. In: the files of a folder, of which one system wrote `é` as one character and another as two. Out:
//! the stem to which a name belongs, spelt as it stands in the folder: the bytes on the disk stay.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::folder::Folder;
use crate::catalogue::name::composed;

impl Folder {
    /// Makes one recording of the files whose stems differ in their spelling only (Unicode Standard Annex #15), under the spelling of
    /// its sidecar. Two that have a sidecar each stay two: each has an address.
    pub(super) fn join_spellings(&mut self) {
        let mut spellings: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for stem in self.groups.keys() {
            if let Cow::Owned(composed) = composed(stem) {
                spellings.entry(composed).or_default().push(stem.clone());
            }
        }
        for (composed, mut stems) in spellings {
            if self.groups.contains_key(&composed) {
                stems.push(composed.clone());
            }
            let has_sidecar = |stem: &&String| {
                let group = self.groups.get(*stem);
                group.is_some_and(|group| group.has_sidecar || group.has_unread_sidecar)
            };
            let described: Vec<&String> = stems.iter().filter(has_sidecar).collect();
            let owner = match described.as_slice() {
                [] => stems[0].clone(),
                [one] => (*one).clone(),
                _ => continue,
            };
            for other in stems.iter().filter(|stem| **stem != owner) {
                let other = self.groups.remove(other).unwrap_or_default();
                self.group(&owner).media.extend(other.media);
            }
            if owner != composed {
                self.spelt.insert(composed, owner);
            }
        }
    }

    /// The spelling in which a stem stands in the folder, when there is one.
    pub(super) fn spelling_of(&self, stem: &str) -> Option<&str> {
        let stands = |stem: &str| {
            let group = self.groups.get_key_value(stem).map(|(stem, _)| stem);
            group.or_else(|| self.adopted.get_key_value(stem).map(|(stem, _)| stem))
        };
        let composed = composed(stem);
        stands(stem)
            .or_else(|| stands(&composed))
            .or_else(|| self.spelt.get(&*composed))
            .map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use crate::catalogue::original::FilePlace;
    use crate::library::{Entry, EntryKind};
    use crate::scan::folder::sort;

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
    fn a_name_belongs_to_its_recording_in_whichever_spelling() {
        let (composed, decomposed) = ("01-\u{e9}\u{e9}n", "01-e\u{301}e\u{301}n");
        for (media, sidecar, captions) in [
            (composed, composed, decomposed),
            (decomposed, decomposed, composed),
            (decomposed, composed, composed),
            (composed, decomposed, composed),
        ] {
            let names = [
                format!("{media}.mp4"),
                format!("{sidecar}.toml"),
                format!("{captions}.nl.vtt"),
                format!("{captions}.jpg"),
                format!("{captions}.blad.pdf"),
            ];
            let folder = sort(names.iter().map(|name| file(name)).collect());
            assert!(folder.passed_over.is_empty(), "{names:?}");
            let (stem, group) = folder.groups.iter().next().unwrap();
            assert_eq!((folder.groups.len(), stem.as_str()), (1, sidecar));
            assert_eq!(
                group.files(),
                [&names[0], &names[2], &names[3], &names[4]].map(String::as_str)
            );
        }
        let mut two = [composed, decomposed]
            .map(|stem| file(&format!("{stem}.toml")))
            .to_vec();
        two.extend([composed, decomposed].map(|stem| file(&format!("{stem}.nl.vtt"))));
        let folder = sort(two);
        assert_eq!(folder.groups.len(), 2, "each has an address");
        assert!(
            folder
                .groups
                .values()
                .all(|group| group.captions.len() == 1)
        );
    }
}
