//! Checks that both languages have the same keys and variables, and that every key in the code exists.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::*;

/// Each key of a language with the variables of its text.
fn keys(lang: Lang) -> BTreeMap<String, BTreeSet<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/web/texts")
        .join(lang.tag());
    let mut keys = BTreeMap::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let mut key = String::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, _)) = line.split_once(" =")
                && !line.starts_with(' ')
            {
                key = name.to_owned();
                let before = keys.insert(key.clone(), BTreeSet::new());
                assert_eq!(before, None, "{key} stands twice in {}", lang.tag());
            }
            let variables = line.split('$').skip(1).map(|rest| {
                rest.chars()
                    .take_while(|character| character.is_ascii_lowercase() || *character == '_')
                    .collect::<String>()
            });
            if let Some(existing) = keys.get_mut(&key) {
                existing.extend(variables);
            }
        }
    }
    keys
}

#[test]
fn both_languages_hold_the_same_keys_and_variables() {
    let (nl, en) = (keys(Lang::Nl), keys(Lang::En));
    assert!(nl.len() > 100, "the texts are found: {}", nl.len());
    assert_eq!(nl, en);
}

#[test]
fn every_text_is_readable_to_the_loader() {
    for lang in Lang::ALL {
        for (key, variables) in keys(lang) {
            let args: HashMap<Cow<'static, str>, FluentValue<'_>> = variables
                .into_iter()
                .map(|name| (Cow::Owned(name), FluentValue::from(2)))
                .collect();
            let text = WORDS.try_lookup_with_args(&lang.identifier(), &key, &args);
            let text = text.unwrap_or_else(|| panic!("{key} in {}", lang.tag()));
            assert!(!text.contains(['{', '}']), "{key}: {text}");
            assert!(!text.contains('!'), "{key} shouts: {text}");
        }
    }
}

#[test]
fn every_text_that_a_room_asks_for_is_there() {
    let existing = keys(Lang::Nl);
    let mut asked = 0;
    for file in rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let source = std::fs::read_to_string(&file).unwrap();
        for opening in [".t(\"", ".t_args(\"", "text!(\"", ".t_args(\n"] {
            for rest in source.split(opening).skip(1) {
                let rest = rest.trim_start().trim_start_matches('"');
                let key: String = rest
                    .chars()
                    .take_while(|character| *character != '"')
                    .collect();
                // Examples in doc comments and composed keys are not literal keys.
                if !key.chars().all(|character| {
                    character.is_ascii_lowercase() || "-0123456789".contains(character)
                }) {
                    continue;
                }
                asked += 1;
                let in_example = source.lines().any(|line| {
                    line.trim_start().starts_with("//") && line.contains(&format!("\"{key}\""))
                });
                assert!(
                    existing.contains_key(&key) || in_example,
                    "{key} in {}",
                    file.display()
                );
            }
        }
    }
    assert!(asked > 80, "the questions are found: {asked}");
}

/// The parts before and after a word of the catalogue in composed keys.
const PUT_TOGETHER: [(&str, &str); 9] = [
    ("act-", ""),
    ("lacks-", ""),
    ("state-", ""),
    ("made-", ""),
    ("problem-", "-step"),
    ("role-", ""),
    ("seen-", ""),
    ("share-mode-", ""),
    ("step-", ""),
];

#[test]
fn no_text_is_left_over() {
    let source: String = rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
        .iter()
        .map(|file| std::fs::read_to_string(file).unwrap())
        .collect();
    // Spaces in an act become hyphens in its key.
    let dashed = source.replace(' ', "-");
    let is_put_together = |key: &str| {
        PUT_TOGETHER.iter().any(|(before, after)| {
            let rest = key.strip_prefix(before);
            let word = rest.and_then(|rest| rest.strip_suffix(after));
            word.is_some_and(|word| dashed.contains(&format!("\"{word}\"")))
        })
    };
    // Keys of verdicts come from rows, and so do acts that only earlier versions noted.
    let is_in_a_row = |key: &str| key.starts_with("verdict-") || key == "act-name-hand-out";
    for key in keys(Lang::Nl).keys().filter(|key| !is_in_a_row(key)) {
        assert!(
            source.contains(&format!("\"{key}\"")) || is_put_together(key),
            "nobody asks for {key}"
        );
    }
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files.extend(rust_files(&path)),
            false if path.extension().is_some_and(|extension| extension == "rs") => {
                files.push(path)
            }
            false => {}
        }
    }
    files
}

fn texts(uri: &str, preferred: &str) -> Texts {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT_LANGUAGE, preferred.parse().unwrap());
    Texts::of(&uri.parse().unwrap(), &headers)
}

#[test]
fn a_reader_gets_the_language_they_like_best_of_ours() {
    for (header, expected) in [
        ("", Lang::Nl),
        ("nl", Lang::Nl),
        ("en", Lang::En),
        ("en-GB,en;q=0.9,nl;q=0.8", Lang::En),
        ("fr,en;q=0.4,nl;q=0.6", Lang::Nl),
        ("de-DE,de;q=0.9", Lang::Nl),
        ("nl;q=0, en;q=0.001", Lang::En),
        ("en;q=0", Lang::Nl),
        ("*", Lang::Nl),
        ("EN-us", Lang::En),
        ("en;q=zzz, nl;q=0.5", Lang::En),
        (";;;,,,q=1;en", Lang::Nl),
    ] {
        assert_eq!(texts("/", header).lang(), expected, "{header}");
    }
}

#[test]
fn a_chosen_language_outweighs_the_browser_and_travels_along() {
    let chosen = texts("/search?q=a+b&lang=en&utm_source=mail", "nl");
    assert_eq!(chosen.lang(), Lang::En);
    assert_eq!(chosen.to(urls::home()), "/?lang=en");
    assert_eq!(chosen.address, "/search?q=a%20b");
    assert_eq!(chosen.in_language(Lang::Nl), "/search?q=a%20b&lang=nl");

    let not_ours = texts("/?lang=fr", "en");
    assert_eq!(not_ours.lang(), Lang::En);
    assert_eq!(not_ours.to(urls::home()), "/");
}
