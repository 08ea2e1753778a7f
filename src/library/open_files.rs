//! The files of the media folder that stay open between two requests, so that a range costs neither an `open` nor a thread. In: the
//! place of a file as the catalogue knows it. Out: the open file, if it is still that one.
//!
//! Only files of local disks stay open, and none that was not asked for a minute, so that a disk can be taken away.

use std::collections::HashMap;
use std::fs::File;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::process::{Resource, getrlimit};

use super::Library;
use super::disk_kind::is_on_sendable_disk;
use super::opened::Opened;
use crate::catalogue::original::FilePlace;
use crate::error::Result;

/// Most files that stay open, where the system allows as many.
const MOST: usize = 256;

/// The share of all descriptors that they may take.
const SHARE: usize = 16;

impl Library {
    /// The file of a place that is open already, if it still is that file. Does not wait for a disk.
    pub fn open_file(&self, place: &FilePlace) -> Option<Arc<Opened>> {
        self.open_files.get(place)
    }

    /// Opens a file for sending, if it is still the one that the catalogue knows, and keeps it open.
    ///
    /// [`crate::error::Error::Changed`] when it is not, so that bytes of two versions are never mixed.
    pub fn open_to_send(&self, place: &FilePlace) -> Result<Arc<Opened>> {
        let (file, metadata) = self.open_checked(place)?;
        let opened = Arc::new(Opened::new(file, &metadata));
        self.open_files.keep(place.clone(), &opened);
        Ok(opened)
    }

    /// Whether the kernel can send what lies on the disk of the media folder by itself.
    pub fn is_sendable(&self) -> bool {
        File::open(&self.media).is_ok_and(|folder| is_on_sendable_disk(&folder))
    }

    /// Closes open files that were removed or replaced, so that the disk gets their room back.
    pub fn close_gone_files(&self) {
        self.open_files.close_gone();
    }

    /// Closes open files of which somebody moved the name to another place: an open file does not show it. Waits for their disks.
    pub fn close_moved_files(&self) {
        for place in self.open_files.places() {
            let now = self.stat(&place.folder, &place.file);
            if !now.is_ok_and(|now| now.is_some_and(|now| now.is_same_file(&place))) {
                self.open_files.close(&place);
            }
        }
    }

    /// Closes open files that nobody asked for since the last call, so that their disk can be taken away.
    pub fn close_idle_files(&self) {
        self.open_files.close_idle();
    }
}

/// The files that are open. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct OpenFiles(Arc<All>);

#[derive(Debug, Default)]
struct All {
    files: Mutex<HashMap<FilePlace, Held>>,
    /// Counts the times that the files were asked for.
    asked: AtomicU64,
    /// That count when those that nobody asks for were last closed.
    closed: AtomicU64,
}

#[derive(Debug)]
struct Held {
    opened: Arc<Opened>,
    /// When it was last asked for, by that count.
    used: u64,
}

impl OpenFiles {
    /// The open file of this place, if it still is that file. One that changed is closed.
    pub fn get(&self, place: &FilePlace) -> Option<Arc<Opened>> {
        let opened = {
            let mut files = self.files();
            let held = files.get_mut(place)?;
            held.used = self.0.asked.fetch_add(1, Ordering::Relaxed);
            Arc::clone(&held.opened)
        };
        if opened.is_untouched() {
            return Some(opened);
        }
        let mut files = self.files();
        // Another request may have opened the new file meanwhile.
        if files
            .get(place)
            .is_some_and(|held| Arc::ptr_eq(&held.opened, &opened))
        {
            files.remove(place);
        }
        None
    }

    /// Keeps a file open. When there are too many, the one that was not asked for the longest is closed.
    pub fn keep(&self, place: FilePlace, opened: &Arc<Opened>) {
        if !opened.answers_at_once() {
            return;
        }
        let most = most();
        let mut files = self.files();
        // What was removed a moment ago was not there yet to be closed.
        if !opened.is_untouched() {
            return;
        }
        while files.len() >= most && !files.contains_key(&place) {
            let oldest = files.iter().min_by_key(|(_, held)| held.used);
            let Some(oldest) = oldest.map(|(place, _)| place.clone()) else {
                break;
            };
            files.remove(&oldest);
        }
        let held = Held {
            opened: Arc::clone(opened),
            used: self.0.asked.fetch_add(1, Ordering::Relaxed),
        };
        files.insert(place, held);
    }

    /// Closes what was removed, replaced or changed.
    pub fn close_gone(&self) {
        self.files().retain(|_, held| held.opened.is_untouched());
    }

    /// The places of all of them.
    fn places(&self) -> Vec<FilePlace> {
        self.files().keys().cloned().collect()
    }

    fn close(&self, place: &FilePlace) {
        self.files().remove(place);
    }

    /// Closes what nobody asked for since the last call.
    pub fn close_idle(&self) {
        let now = self.0.asked.fetch_add(1, Ordering::Relaxed);
        let before = self.0.closed.swap(now, Ordering::Relaxed);
        self.files().retain(|_, held| held.used >= before);
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.files().len()
    }

    fn files(&self) -> MutexGuard<'_, HashMap<FilePlace, Held>> {
        self.0.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Most files that may stay open now.
fn most() -> usize {
    let descriptors = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let share = usize::try_from(descriptors).unwrap_or(usize::MAX) / SHARE;
    share.clamp(1, MOST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn place(number: usize) -> FilePlace {
        FilePlace {
            folder: "reeks".to_owned(),
            file: format!("{number}.mp4"),
            size_bytes: 1,
            modified_ns: 0,
            inode: 0,
        }
    }

    fn open(folder: &Path, number: usize) -> Arc<Opened> {
        let path = folder.join(number.to_string());
        std::fs::write(&path, "a").unwrap();
        let file = File::open(path).unwrap();
        let metadata = file.metadata().unwrap();
        Arc::new(Opened::new(file, &metadata))
    }

    #[test]
    fn so_many_stay_open_and_the_one_asked_for_last_among_them() {
        let folder = tempfile::tempdir().unwrap();
        let files = OpenFiles::default();
        let first = open(folder.path(), 0);
        assert!(first.answers_at_once(), "the premise");
        files.keep(place(0), &first);
        for number in 1..most() + 20 {
            files.keep(place(number), &open(folder.path(), number));
            assert!(files.get(&place(0)).is_some());
        }
        assert_eq!(files.len(), most());
        assert!(files.get(&place(1)).is_none());
    }

    #[test]
    fn what_was_removed_or_replaced_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let files = OpenFiles::default();
        for number in 0..3 {
            files.keep(place(number), &open(folder.path(), number));
        }
        std::fs::remove_file(folder.path().join("0")).unwrap();
        std::fs::rename(folder.path().join("2"), folder.path().join("1")).unwrap();
        files.close_gone();
        assert_eq!(files.len(), 1);
        assert!(files.get(&place(2)).is_some(), "it was moved, and is whole");
        std::fs::write(folder.path().join("1"), "changed").unwrap();
        assert!(files.get(&place(2)).is_none());
        assert_eq!(files.len(), 0);
    }

    #[test]
    fn what_nobody_asks_for_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let files = OpenFiles::default();
        for number in 0..2 {
            files.keep(place(number), &open(folder.path(), number));
        }
        files.close_idle();
        assert_eq!(files.len(), 2, "both were asked for since the start");
        assert!(files.get(&place(1)).is_some());
        files.close_idle();
        assert_eq!(files.len(), 1);
        files.close_idle();
        assert_eq!(files.len(), 0);
    }
}
