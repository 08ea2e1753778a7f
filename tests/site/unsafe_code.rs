//! Unsafe code stands in one file, with the argument for each block; `tests/run` tests that file under the address sanitizer.

use std::fs;
use std::path::PathBuf;

use crate::architecture::rust_files;

#[test]
fn unsafe_code_stands_in_one_file() {
    let unsafe_files: Vec<PathBuf> = rust_files("src")
        .into_iter()
        .filter(|file| fs::read_to_string(file).unwrap().contains("unsafe {"))
        .collect();
    assert_eq!(unsafe_files.len(), 1, "{unsafe_files:?}");
    assert!(unsafe_files[0].ends_with("src/system.rs"));
    // Each block says why it is sound.
    let text = fs::read_to_string(&unsafe_files[0]).unwrap();
    assert_eq!(
        text.matches("unsafe {").count(),
        text.matches("// SAFETY: ").count()
    );
}
