//! Stored passwords that nobody can use: a hash in a sidecar may come from another program, or ask for more memory or time than a
//! guess may take. In: hashes. Out: whether a person has to set a password anew.

use super::report::Report;
use crate::catalogue::library_file::{FileState, LibraryFile};
use crate::library::Library;
use crate::people::password;

/// The reason in words, for the output of the `scan` command and the list of problems.
pub const UNUSABLE: &str = "a password_hash in it is not one that this program made, or each guess would take too much memory or time; \
                            until the password is set anew nobody can open what it protects";

/// Whether one of the hashes is refused.
pub(super) fn has_unusable<'a>(hashes: impl IntoIterator<Item = Option<&'a String>>) -> bool {
    let mut hashes = hashes.into_iter().flatten();
    hashes.any(|hash| !password::is_usable(hash))
}

/// The sidecar as a refused file for the list of problems, after a line in the report; `None` when it went meanwhile.
pub(super) fn refused(
    library: &Library,
    folder: &str,
    file: &str,
    report: &mut Report,
) -> Option<LibraryFile> {
    report.note(format!("{folder}/{file}"), UNUSABLE);
    Some(LibraryFile {
        place: library.stat(folder, file).ok()??,
        state: FileState::Refused,
        problem: Some(UNUSABLE.to_owned()),
    })
}
