//! A disk that can be filled to its last page, for stories of full disks.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The bytes of one page of memory, of which a tmpfs is made.
const PAGE: u64 = 4096;

/// A disk of a few pages, mounted until this is dropped.
pub struct SmallDisk(pub PathBuf);

impl SmallDisk {
    /// `None` where that is not allowed, which the story then says.
    pub fn mount(place: &Path, megabytes: u32) -> Option<Self> {
        std::fs::create_dir_all(place).unwrap();
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "none"])
            .arg(place)
            .output();
        let is_mounted = mount.is_ok_and(|done| done.status.success());
        if !is_mounted {
            println!("no full disk: a tmpfs cannot be mounted here (that takes root)");
        }
        is_mounted.then(|| Self(place.to_owned()))
    }

    /// Leaves so many pages free.
    pub fn fill(&self, free: u64) {
        let mut filler = std::fs::File::create(self.0.join(".filler")).unwrap();
        while filler.write(&[0; 4096]).is_ok_and(|written| written > 0) {}
        let size = filler.metadata().unwrap().len();
        filler.set_len(size - free * PAGE).unwrap();
    }

    pub fn free(&self) {
        std::fs::remove_file(self.0.join(".filler")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}
