//! Who may see what is said in one file of the program, and in no other.

use std::fs;

use crate::architecture::rust_files;

/// What only a rule of visibility says, in SQL.
const RULES: &[&str] = &[
    "visible_from <",
    "visible_from >",
    "visible_from IS",
    "visible_until <",
    "visible_until >",
    "visible_until IS",
    "< visible_until",
    "< recording.visible_until",
    "was_visible",
    "visibility IN",
    "visibility NOT IN",
    "visibility = 'public'",
    "visibility = 'link'",
    "visibility = 'unlisted'",
    "visibility = 'withdrawn'",
    "visibility <>",
    "withdrawn_at IS",
    "link.expires_at IS",
    "< link.expires_at",
    "link.password_hash IS",
    "series.password_hash IS",
    "< access_grant.expires_at",
    "access_grant.proof",
];

#[test]
fn who_may_see_what_is_said_in_one_place() {
    let rules = "src/catalogue/recording/visibility.rs";
    let mut wrong = Vec::new();
    for file in rust_files("src") {
        let text = fs::read_to_string(&file).unwrap();
        let code: Vec<&str> = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .flat_map(str::split_whitespace)
            .collect();
        let code = code.join(" ");
        let has = |rule: &&&str| code.contains(**rule);
        if file.ends_with(rules) {
            assert!(RULES.iter().filter(has).count() > 10, "the premise");
            continue;
        }
        let found = RULES.iter().filter(has);
        wrong.extend(found.map(|rule| format!("{} says `{rule}`", file.display())));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
