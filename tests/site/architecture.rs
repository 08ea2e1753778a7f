//! The house is held to its plan: which room may import which, how large a file may grow, and that texts of the rooms do not
//! go round the one place where databases and programs are opened (clippy's `disallowed_methods` holds that).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Which way the arrows point: a room, and the rooms it may import besides itself.
const ARROWS: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("embed_sites", &[]),
    // The name of the association is one of which a reader sees something.
    ("branding", &["catalogue"]),
    ("system", &[]),
    ("memory", &["system"]),
    ("request_body", &["error"]),
    // What a setting says of every recording, it says in the words of the catalogue.
    ("config", &["branding", "catalogue", "embed_sites", "error"]),
    ("db", &["error"]),
    // A place in the library is part of the rows of originals, and named there.
    ("library", &["catalogue", "system", "error"]),
    ("zero_copy", &["library"]),
    ("catalogue", &["embed_sites", "error"]),
    (
        "sidecar",
        &["branding", "catalogue", "embed_sites", "library", "error"],
    ),
    ("timed_text", &["catalogue", "error"]),
    ("search", &["catalogue", "timed_text", "error"]),
    ("people", &["error"]),
    ("transfer", &[]),
    (
        "readiness",
        &["catalogue", "db", "library", "transfer", "error"],
    ),
    (
        "app",
        &[
            "branding",
            "catalogue",
            "config",
            "db",
            "library",
            "people",
            "readiness",
            "request_body",
            "transfer",
            "error",
        ],
    ),
    (
        "web",
        &[
            "app",
            "branding",
            "catalogue",
            "config",
            "people",
            "request_body",
            "error",
        ],
    ),
    ("probe", &[]),
    (
        "scan",
        &[
            "app",
            "branding",
            "catalogue",
            "config",
            "library",
            "people",
            "readiness",
            "search",
            "sidecar",
            "timed_text",
            "probe",
            "error",
        ],
    ),
    (
        "archive",
        &[
            "app",
            "branding",
            "catalogue",
            "scan",
            "library",
            "search",
            "sidecar",
            "error",
        ],
    ),
    (
        "processing",
        &[
            "app",
            "archive",
            "catalogue",
            "config",
            "library",
            "probe",
            "timed_text",
            "error",
        ],
    ),
    (
        "uploads",
        &[
            "app",
            "archive",
            "catalogue",
            "scan",
            "library",
            "probe",
            "processing",
            "request_body",
            "sidecar",
            "transfer",
            "web",
            "error",
        ],
    ),
    (
        "playback",
        &[
            "app",
            "catalogue",
            "library",
            "timed_text",
            "web",
            "zero_copy",
            "error",
        ],
    ),
    (
        "pages",
        &[
            "app",
            "catalogue",
            "people",
            "readiness",
            "search",
            "timed_text",
            "web",
            "error",
        ],
    ),
    (
        "sharing",
        &[
            "app",
            "catalogue",
            "embed_sites",
            "library",
            "web",
            "playback",
            "error",
        ],
    ),
    (
        "desk",
        &[
            "app",
            "archive",
            "branding",
            "catalogue",
            "config",
            "embed_sites",
            "scan",
            "library",
            "people",
            "processing",
            "readiness",
            "request_body",
            "search",
            "sharing",
            "sidecar",
            "timed_text",
            "uploads",
            "web",
            "error",
        ],
    ),
    ("logging", &["config", "web", "error"]),
];

/// Rooms that see the whole house.
const ANYTHING: &[&str] = &["router", "server", "cli", "main", "lib"];

/// Most lines of a file of the program or of the stories.
const CEILING: usize = 500;
const ROUTER_CEILING: usize = 200;

#[test]
fn rooms_import_only_along_the_arrows() {
    let mut wrong = Vec::new();
    for file in rust_files("src") {
        let room = room_of(&file);
        if ANYTHING.contains(&room.as_str()) {
            continue;
        }
        let allowed = ARROWS
            .iter()
            .find(|(name, _)| *name == room)
            .map(|(_, allowed)| *allowed);
        let Some(allowed) = allowed else {
            panic!("the room {room} has no row in the table")
        };
        let text = fs::read_to_string(&file).unwrap();
        for import in imports(&text) {
            if import != room && !allowed.contains(&import.as_str()) {
                wrong.push(format!("{} imports {import}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_arrows_make_no_circle() {
    // What points at nothing that is left is taken out, until nothing is left or only circles.
    let mut left = ARROWS.to_vec();
    loop {
        let names: Vec<&str> = left.iter().map(|(name, _)| *name).collect();
        let before = left.len();
        left.retain(|(_, allowed)| allowed.iter().any(|room| names.contains(room)));
        if left.len() == before {
            break;
        }
    }
    let names: Vec<&str> = left.iter().map(|(name, _)| *name).collect();
    assert!(names.is_empty(), "{names:?}");
}

#[test]
fn every_room_is_in_the_table_and_in_the_house() {
    for (room, _) in ARROWS {
        let folder = root().join("src").join(room);
        assert!(
            folder.is_dir() || folder.with_extension("rs").is_file(),
            "there is no room {room}"
        );
    }
}

#[test]
fn no_file_outgrows_its_reader() {
    let mut wrong = Vec::new();
    for file in rust_files("src").into_iter().chain(rust_files("tests")) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let is_table = name.ends_with("_cases.rs") || name == "cases.rs";
        let ceiling = match name.as_str() {
            "router.rs" => ROUTER_CEILING,
            _ => CEILING,
        };
        let lines = fs::read_to_string(&file).unwrap().lines().count();
        if lines > ceiling && !is_table {
            let file = file.display();
            wrong.push(format!("{file}: {lines} lines, at most {ceiling}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_file_says_what_it_is_for() {
    for file in rust_files("src").into_iter().chain(rust_files("tests")) {
        let text = fs::read_to_string(&file).unwrap();
        assert!(
            text.starts_with("//!"),
            "{} does not open with //!",
            file.display()
        );
    }
}

/// `src/db/open.rs` is in the room `db`, `src/app.rs` in the room `app`.
fn room_of(file: &Path) -> String {
    let inside = file.strip_prefix(root().join("src")).unwrap();
    let first = inside
        .components()
        .next()
        .unwrap()
        .as_os_str()
        .to_string_lossy()
        .into_owned();
    first
        .trim_end_matches(".rs")
        .trim_end_matches("_cases")
        .to_owned()
}

/// The rooms a text names after `crate::`, in imports of one line or several and elsewhere; macros and what `error` exports for
/// them are everyone's.
fn imports(text: &str) -> Vec<String> {
    let code: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with("//"))
        .collect();
    let mut found = Vec::new();
    for piece in code.join(" ").split("crate::").skip(1) {
        let rooms = match piece.strip_prefix('{') {
            Some(list) => outermost(list),
            None => vec![piece],
        };
        let name = |room: &str| {
            let room = room.trim_start().chars();
            room.take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect::<String>()
        };
        found.extend(rooms.into_iter().map(name).filter(|room| is_room(room)));
    }
    found
}

/// The parts of a list in braces that begins behind its brace; lists within it are not taken apart.
fn outermost(list: &str) -> Vec<&str> {
    let mut depth = 0;
    let end = list.find(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        depth < 0
    });
    let mut inside = 0;
    list[..end.unwrap_or(list.len())]
        .split(|c| {
            inside += i32::from(c == '{') - i32::from(c == '}');
            c == ',' && inside == 0
        })
        .collect()
}

#[test]
fn an_import_of_several_lines_is_read_like_one() {
    let text = "use crate::{\n    db::{self, Pool},\n    sidecar,\n};\nuse crate::desk;\n// use crate::web;";
    assert_eq!(imports(text), ["db", "sidecar", "desk"]);
}

fn is_room(name: &str) -> bool {
    ARROWS.iter().any(|(room, _)| *room == name) || ANYTHING.contains(&name)
}

pub fn rust_files(folder: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && path.file_name().is_some_and(|name| name != "node_modules") {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.push(path);
            }
        }
    }
    files
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn no_two_files_import_each_other_by_whatever_way_round() {
    let files = modules();
    let names: BTreeSet<&str> = files.keys().map(String::as_str).collect();
    let imports: BTreeMap<&str, BTreeSet<&str>> = files
        .iter()
        .map(|(name, text)| (name.as_str(), files_named_in(name, text, &names)))
        .collect();
    let count: usize = imports.values().map(BTreeSet::len).sum();
    assert!(count > 800, "the premise: {count} imports");
    // What imports nothing that is left is taken out, until nothing is left or only circles.
    let mut left = imports.clone();
    loop {
        let before = left.len();
        let still: BTreeSet<&str> = left.keys().copied().collect();
        left.retain(|_, imports| imports.iter().any(|file| still.contains(file)));
        if left.len() == before {
            break;
        }
    }
    let reaches = |from: &str| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(file) = open.pop() {
            open.extend(imports[file].iter().filter(|next| seen.insert(**next)));
        }
        seen.contains(from)
    };
    let circles: Vec<&&str> = left.keys().filter(|file| reaches(file)).collect();
    assert!(circles.is_empty(), "{circles:#?}");
}

/// Every module of the program with its code, by its path: `desk::kit::form`. Tables of cases belong to their file.
fn modules() -> BTreeMap<String, String> {
    let files = rust_files("src").into_iter().map(|file| {
        let inside = file.strip_prefix(root().join("src")).unwrap();
        let path = inside
            .with_extension("")
            .to_string_lossy()
            .replace('/', "::");
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        (path.trim_end_matches("::mod").to_owned(), code.to_owned())
    });
    let is_told = |path: &str| !path.ends_with("cases") && !["lib", "main"].contains(&path);
    files.filter(|(path, _)| is_told(path)).collect()
}

/// The modules that a file names, its own folders left out: a module may be named by what lies in it.
fn files_named_in<'a>(name: &str, text: &str, names: &BTreeSet<&'a str>) -> BTreeSet<&'a str> {
    let lines = text.lines().map(str::trim);
    let code: Vec<&str> = lines.filter(|line| !line.starts_with("//")).collect();
    let mut paths = Vec::new();
    for opening in ["crate::", "super::"] {
        for piece in code.join(" ").split(opening).skip(1) {
            let folder = name.rsplit_once("::").map_or("", |(folder, _)| folder);
            let base = if opening == "crate::" { "" } else { folder };
            paths.extend(spelled_out(base, piece));
        }
    }
    let longest = |path: String| {
        let mut path = path.as_str();
        loop {
            match names.get(path) {
                Some(found) => return Some(*found),
                None => path = path.rsplit_once("::")?.0,
            }
        }
    };
    let found = paths.into_iter().filter_map(longest);
    found
        .filter(|found| !format!("{name}::").starts_with(&format!("{found}::")))
        .collect()
}

/// The paths that an import names, each from the top: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn spelled_out(base: &str, import: &str) -> Vec<String> {
    let end = import.find(|c: char| !(c.is_ascii_alphanumeric() || "_:".contains(c)));
    let (path, rest) = import.split_at(end.unwrap_or(import.len()));
    let path = match base {
        "" => path.to_owned(),
        base => format!("{base}::{path}"),
    };
    let path = path.trim_end_matches("::").to_owned();
    match rest.strip_prefix('{') {
        None => vec![path],
        Some(list) => outermost(list)
            .into_iter()
            .flat_map(|part| spelled_out(&path, part.trim_start()))
            .collect(),
    }
}

#[test]
fn what_a_file_imports_is_read_also_from_lists_within_lists() {
    let names = BTreeSet::from(["a", "a::b", "a::c", "d", "d::e"]);
    let text =
        "use super::c;\nuse crate::d::{\n    self,\n    e::{One, Two},\n};\n// use crate::a::c;";
    assert_eq!(
        files_named_in("a::b", text, &names),
        ["a::c", "d", "d::e"].into()
    );
    assert_eq!(
        files_named_in("d::e", "crate::a::b::new()", &names),
        ["a::b"].into()
    );
}
