//! Style sheet, scripts and icons, embedded in the binary. In: a name. Out: an address with a hash of the bytes, so that a browser
//! may keep them for ever and a new version of the program is visible at once.
//!
//! Three assets depend on the branding: the style sheet and the favicon with their colour, and the logo.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use axum::extract::{Path as UrlPath, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use rust_embed::Embed;

use super::theme;
use crate::app::App;
use crate::branding::{Branding, Logo};
use crate::error::{Error, Result};

/// `Cache-Control` of an asset: a year is the longest useful lifetime (RFC 9111 §5.2.2.1, RFC 8246).
const KEEP: &str = "public, max-age=31536000, immutable";

/// The style sheet of every page; it is embedded without the colours that follow from the settings.
const STYLE: &str = "style.css";

/// The accent colour in `favicon.svg`, which that of the portal replaces.
const DRAWN_IN: &str = "#0f5e63";

#[derive(Embed)]
#[folder = "src/web/assets"]
struct Embedded;

/// The address of an asset: `asset("desk.css")` is `/assets/desk.0123456789abcdef.css`. Empty for an unknown name; a test checks
/// that pages use known names only.
pub fn asset(name: &str) -> String {
    ASSETS.get(name).map(Made::address).unwrap_or_else(|| {
        tracing::error!(name, "no asset of that name");
        String::new()
    })
}

static ASSETS: LazyLock<BTreeMap<String, Made>> = LazyLock::new(|| {
    let asset = |name: Cow<'static, str>| {
        let name = name.into_owned();
        let made = Made::of(name.clone(), source_of(&name).into_bytes());
        (name, made)
    };
    Embedded::iter().map(asset).collect()
});

/// Scripts of a page at most.
const MOST_SCRIPTS: usize = 8;

/// What stands between the names of the scripts in the name of a bundle.
const AND: char = '+';

/// The bundles that pages ask for, by their names.
static BUNDLES: LazyLock<Mutex<BTreeMap<String, Arc<Made>>>> = LazyLock::new(Mutex::default);

/// The address of the scripts of a page as one, with everything that they import: on a slow line each file costs a round trip.
pub fn bundle(scripts: &[&str]) -> String {
    let stems = scripts.iter().map(|name| name.trim_end_matches(".js"));
    let name = format!("{}.js", stems.collect::<Vec<_>>().join(&AND.to_string()));
    let mut bundles = BUNDLES.lock().unwrap_or_else(PoisonError::into_inner);
    match bundles.get(&name) {
        Some(made) => made.address(),
        None => {
            let made = Arc::new(Made::of(name.clone(), bundled(scripts).into_bytes()));
            let address = made.address();
            bundles.insert(name, made);
            address
        }
    }
}

/// A bundle by its name; one that no page of this process has asked for yet is made and not kept. `None` when its scripts do not exist.
fn bundle_named(name: &str) -> Option<Arc<Made>> {
    let bundles = BUNDLES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(made) = bundles.get(name) {
        return Some(Arc::clone(made));
    }
    drop(bundles);
    let stems = name.strip_suffix(".js")?.split(AND);
    let names: Vec<String> = stems.map(|stem| format!("{stem}.js")).collect();
    let all_exist =
        names.len() <= MOST_SCRIPTS && names.iter().all(|name| ASSETS.contains_key(name));
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    all_exist.then(|| Arc::new(Made::of(name.to_owned(), bundled(&names).into_bytes())))
}

/// These scripts and all that they import, each once and after its imports, as one module. Each stands in a function of its own, so
/// that names stay apart; that of an imported one answers with what it exports. One that breaks takes none of the others with it.
fn bundled(scripts: &[&str]) -> String {
    let mut added = BTreeSet::new();
    let mut bundle = String::new();
    for name in scripts {
        if added.insert((*name).to_owned()) {
            let (text, _) = with_imports(name, &mut added, &mut bundle);
            let _ = write!(
                bundle,
                "try {{\n(() => {{\n{text}}})();\n}} catch (problem) {{ reportError(problem); }}\n"
            );
        }
    }
    bundle
}

/// Adds a script after its imports. Scripts that import each other in a circle cannot be told one after the other; a test refuses them.
fn add(name: &str, added: &mut BTreeSet<String>, bundle: &mut String) {
    if added.insert(name.to_owned()) {
        let (text, exports) = with_imports(name, added, bundle);
        let (constant, exports) = (constant(name), exports.join(", "));
        let _ = write!(
            bundle,
            "const {constant} = (() => {{\n{text}return {{ {exports} }};\n}})();\n"
        );
    }
}

/// Adds what a script imports. Returns its own text, with the imports as constants, and the names that it exports.
fn with_imports(
    name: &str,
    added: &mut BTreeSet<String>,
    bundle: &mut String,
) -> (String, Vec<String>) {
    let mut exports = Vec::new();
    let mut text = String::new();
    for line in source_of(name).lines() {
        if let Some((names, import)) = import(line) {
            add(import, added, bundle);
            if let Some(names) = names {
                let names = names.replace(" as ", ": ");
                let _ = writeln!(text, "const {names} = {};", constant(import));
            }
        } else if let Some(rest) = line.strip_prefix("export ") {
            exports.extend(declared(rest).map(str::to_owned));
            let _ = writeln!(text, "{rest}");
        } else if !is_comment(line) {
            let _ = writeln!(text, "{line}");
        }
    }
    (text, exports)
}

/// Whether a line is nothing but a comment, which browsers need not fetch.
fn is_comment(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with("//") || (line.starts_with("/**") && line.ends_with("*/"))
}

/// The name in a bundle of what a script exports.
fn constant(name: &str) -> String {
    format!("${}", name.trim_end_matches(".js"))
}

/// What a line `import { a, b as c } from "./name.js";` or `import "./name.js";` imports: the names in their braces, and the script.
fn import(line: &str) -> Option<(Option<&str>, &str)> {
    let (names, file) = line
        .strip_prefix("import ")?
        .strip_suffix("\";")?
        .rsplit_once("\"./")?;
    Some((names.strip_suffix(" from "), file))
}

/// The name that a line declares: `function name(`, `async function name(`, `class Name`, `const name =`.
fn declared(line: &str) -> Option<&str> {
    let line = line.strip_prefix("async ").unwrap_or(line);
    let kinds = ["function ", "class ", "const "];
    let rest = kinds.iter().find_map(|kind| line.strip_prefix(kind))?;
    rest.split(|character: char| !character.is_alphanumeric())
        .next()
}

/// The text of an asset; all embedded assets are text.
fn source_of(name: &str) -> String {
    let file = Embedded::get(name).map(|file| file.data);
    String::from_utf8_lossy(&file.unwrap_or_default()).into_owned()
}

/// The assets that depend on the branding.
#[derive(Debug)]
pub struct Own {
    /// The colours of the theme and the whole look, as one: on a slow line each sheet costs a round trip before anything is drawn.
    pub style: Made,
    pub favicon: Made,
    /// `None` without a logo, or when its file cannot be shown.
    pub logo: Option<Made>,
}

/// A file that is ready to be sent.
#[derive(Debug)]
pub struct Made {
    name: String,
    hash: String,
    bytes: Vec<u8>,
}

/// What these assets are made of: the accent colour, and the ending and the hash of the logo.
type Key = ([u8; 3], Option<(&'static str, blake3::Hash)>);

/// The assets by what they are made of, generated once. A running portal has one entry, and another one after each change.
static OWN: LazyLock<Mutex<HashMap<Key, Arc<Own>>>> = LazyLock::new(Mutex::default);

/// Entries at most, of which each holds a style sheet and a logo.
const MOST_OWN: usize = 8;

impl Own {
    /// The assets for this branding.
    pub fn of(branding: &Branding) -> Arc<Self> {
        let logo = branding.logo.as_ref();
        let key = (
            branding.accent_rgb(),
            logo.map(|logo| (logo.ending, logo.hash)),
        );
        let mut made = OWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = made.get(&key) {
            return Arc::clone(own);
        }
        if made.len() >= MOST_OWN {
            made.clear();
        }
        let own = Arc::new(Self::make(key.0, logo));
        made.insert(key, Arc::clone(&own));
        own
    }

    fn make(accent: [u8; 3], logo: Option<&Logo>) -> Self {
        let drawing = source_of("favicon.svg").replace(DRAWN_IN, &theme::hex(accent));
        let style = theme::theme_css(accent) + &source_of(STYLE);
        Self {
            style: Made::of(STYLE.to_owned(), style.into()),
            favicon: Made::of("favicon.svg".to_owned(), drawing.into()),
            logo: logo.map(|it| Made::of(format!("logo.{}", it.ending), it.bytes.to_vec())),
        }
    }

    fn named(&self, name: &str) -> Option<&Made> {
        [Some(&self.style), Some(&self.favicon), self.logo.as_ref()]
            .into_iter()
            .flatten()
            .find(|made| made.name == name)
    }
}

impl Made {
    fn of(name: String, bytes: Vec<u8>) -> Self {
        let hash = blake3::hash(&bytes).to_hex()[..16].to_owned();
        Self { name, hash, bytes }
    }

    pub fn address(&self) -> String {
        let hash = &self.hash;
        match self.name.rsplit_once('.') {
            Some((stem, extension)) => format!("/assets/{stem}.{hash}.{extension}"),
            None => format!("/assets/{}.{hash}", self.name),
        }
    }
}

/// `GET /assets/{file}`. A page that was drawn by an older version of the program asks by a former hash: it gets the current bytes,
/// which must not be cached under that name.
pub async fn show(
    State(app): State<App>,
    headers: HeaderMap,
    UrlPath(file): UrlPath<String>,
) -> Result<Response> {
    let (name, hash) = parts(&file).ok_or(Error::NotFound)?;
    let own = Own::of(&app.branding());
    let bundle = bundle_named(&name);
    let embedded = || bundle.as_deref().or_else(|| ASSETS.get(&name));
    let made = own.named(&name).or_else(embedded).ok_or(Error::NotFound)?;
    let keep = if hash == made.hash { KEEP } else { "no-cache" };
    let etag = HeaderValue::from_str(&format!("\"{}\"", made.hash)).map_err(Error::internal)?;
    let is_known = headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .any(|held| held == etag);
    let mut fixed = HeaderMap::from_iter([
        (ETAG, etag),
        (CACHE_CONTROL, HeaderValue::from_static(keep)),
        // An embed in a sandbox has no origin, so its requests are cross-origin.
        (ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    ]);
    if is_drawing(&name) {
        fixed.insert(CONTENT_SECURITY_POLICY, DRAWING_POLICY);
    }
    if is_known {
        return Ok((StatusCode::NOT_MODIFIED, fixed).into_response());
    }
    let media_type = (CONTENT_TYPE, HeaderValue::from_static(media_type(&name)));
    Ok((fixed, [media_type], made.bytes.clone()).into_response())
}

/// The policy of a drawing that is opened by itself: it draws with its own styles, runs no script and has no origin (HTML §7.1.5).
const DRAWING_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");

fn is_drawing(name: &str) -> bool {
    name.ends_with(".svg")
}

/// Name and hash in the last part of an address.
fn parts(file: &str) -> Option<(String, &str)> {
    let (rest, extension) = file.rsplit_once('.')?;
    let (stem, hash) = rest.rsplit_once('.')?;
    Some((format!("{stem}.{extension}"), hash))
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_name_and_hash() {
        let address = asset("desk.css");
        let (name, hash) = parts(address.strip_prefix("/assets/").unwrap()).unwrap();
        assert_eq!(name, "desk.css");
        assert_eq!(hash.len(), 16);
        assert_eq!(asset("../desk.css"), "");
        assert_eq!(parts("style.css"), None);
    }

    #[test]
    fn scripts_stay_small_enough_to_be_read_and_hang_on_nothing_but_their_imports() {
        for name in Embedded::iter().filter(|name| name.ends_with(".js")) {
            let script = source_of(&name);
            assert!(script.len() <= 8 * 1024, "{name}: {} bytes", script.len());
            assert!(script.lines().count() < 200, "{name}");
            assert!(
                !script.contains("window."),
                "{name} leaves a global or reads one"
            );
        }
    }

    #[test]
    fn a_bundle_has_each_script_once_and_after_its_imports_and_no_two_import_each_other() {
        fn imported(name: &str) -> Vec<String> {
            let source = source_of(name);
            let imports = source
                .lines()
                .filter_map(|line| Some(import(line)?.1.to_owned()));
            imports.collect()
        }
        fn reaches(from: &str, to: &str, depth: usize) -> bool {
            assert!(depth < 20, "{from} imports in a circle");
            let mut imports = imported(from).into_iter();
            imports.any(|it| it == to || reaches(&it, to, depth + 1))
        }
        let mut count = 0;
        for name in Embedded::iter().filter(|name| name.ends_with(".js")) {
            assert!(!reaches(&name, &name, 0), "{name} imports itself");
            let bundle = bundled(&[&name]);
            let place = |name: &str| {
                let begin = format!("const {} = (() => {{", constant(name));
                assert_eq!(bundle.matches(&begin).count(), 1, "{name}");
                bundle.find(&begin)
            };
            let own = bundle.find("try {\n(() => {");
            for import in imported(&name) {
                assert!(Embedded::get(&import).is_some(), "{name}: {import}");
                assert!(place(&import) < own, "{name}: {import}");
                count += 1;
            }
            for line in source_of(&name).lines() {
                let exported = line.strip_prefix("export ");
                assert!(
                    exported.is_none_or(|it| declared(it).is_some()),
                    "{name}: {line}"
                );
            }
            for line in bundle.lines() {
                assert!(
                    !line.starts_with("import ") && !line.starts_with("export "),
                    "{name}: {line}"
                );
            }
        }
        assert!(count > 4, "the premise");
        assert!(bundled(&["resume.js"]).contains("return { read, write, forget, length, clock };"));
        let address = bundle(&["watch.js", "search.js"]);
        let (name, hash) = parts(address.strip_prefix("/assets/").unwrap()).unwrap();
        assert_eq!(bundle_named(&name).unwrap().hash, hash);
        assert!(bundle_named("player+nothing.js").is_none());
    }

    #[test]
    fn the_favicon_wears_the_accent() {
        let own = Own::make([0xaa, 0x11, 0x22], None);
        let drawing = String::from_utf8(own.favicon.bytes.clone()).unwrap();
        assert!(drawing.contains("#aa1122") && !drawing.contains(DRAWN_IN));
        let style = String::from_utf8(own.style.bytes.clone()).unwrap();
        assert!(
            style.find("@layer theme") < style.find("@layer reset"),
            "every rule of the look overrides those of the theme"
        );
        assert!(own.logo.is_none());
    }
}
