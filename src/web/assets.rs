//! Style sheet, scripts and icons, embedded in the binary. In: a name. Out: an address with a hash of the bytes, so that a browser
//! may keep them for ever and a new version of the program is visible at once.
//!
//! Three assets depend on the settings: the theme, the logo and the favicon with its colour.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use axum::extract::{Path as UrlPath, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use rust_embed::Embed;

use super::theme;
use crate::app::App;
use crate::config::Config;
use crate::error::{Error, Result};

/// `Cache-Control` of an asset: a year is the longest useful lifetime (RFC 9111 §5.2.2.1, RFC 8246).
const KEEP: &str = "public, max-age=31536000, immutable";

/// Largest logo in bytes; a reasonable one has some dozens of kB.
const LARGEST_LOGO: u64 = 2 * 1024 * 1024;

/// The accent colour in `favicon.svg`, which that of the settings replaces.
const DRAWN_IN: &str = "#0f5e63";

#[derive(Embed)]
#[folder = "src/web/assets"]
struct Embedded;

/// The address of an asset: `asset("style.css")` is `/assets/style.0123456789abcdef.css`. Empty for an unknown name; a test checks
/// that pages use known names only.
pub fn asset(name: &str) -> String {
    let own = ASSETS.get(name).map(|asset| asset.made.address());
    own.unwrap_or_else(|| {
        tracing::error!(name, "no asset of that name");
        String::new()
    })
}

/// The addresses of all scripts that a script imports, directly or indirectly.
pub fn imports(name: &str) -> Vec<String> {
    let imports = ASSETS.get(name).into_iter().flat_map(|it| &it.imports);
    imports.map(|name| asset(name)).collect()
}

/// An asset as it is sent: the imports of a script contain the hashes of the imported scripts, so that its own hash covers them
/// too.
#[derive(Debug)]
struct Asset {
    made: Made,
    /// Names of all scripts it imports, directly or indirectly.
    imports: BTreeSet<String>,
}

static ASSETS: LazyLock<BTreeMap<String, Asset>> = LazyLock::new(|| {
    let mut assets = BTreeMap::new();
    for name in Embedded::iter() {
        add(&name, &mut assets);
    }
    assets
});

/// Adds an asset after its imports. Scripts that import each other in a circle could have no hash; a test refuses them.
fn add(name: &str, assets: &mut BTreeMap<String, Asset>) {
    if assets.contains_key(name) {
        return;
    }
    let mut text = source_of(name);
    let mut imports = BTreeSet::new();
    for import in imported(&text) {
        add(&import, assets);
        if let Some(asset) = assets.get(&import) {
            let file = asset.made.address().replace("/assets/", "./");
            text = text.replace(&format!("\"./{import}\""), &format!("\"{file}\""));
            imports.extend(asset.imports.iter().cloned());
            imports.insert(import);
        }
    }
    let made = Made::of(name.to_owned(), text.into_bytes());
    assets.insert(name.to_owned(), Asset { made, imports });
}

/// The text of an asset; all embedded assets are text.
fn source_of(name: &str) -> String {
    let file = Embedded::get(name).map(|file| file.data);
    String::from_utf8_lossy(&file.unwrap_or_default()).into_owned()
}

/// The names of scripts that a script imports directly, from lines like `import … from "./name.js";`.
fn imported(script: &str) -> Vec<String> {
    let imports = script.lines().filter(|line| line.starts_with("import "));
    let file = |line: &str| {
        let (_, file) = line.strip_suffix("\";")?.rsplit_once("\"./")?;
        Some(file.to_owned())
    };
    imports.filter_map(file).collect()
}

/// The assets that depend on the settings.
#[derive(Debug)]
pub struct Own {
    pub theme: Made,
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

/// The settings that these assets depend on.
type Key = ([u8; 3], Option<PathBuf>);

/// The assets by settings, generated once; a running portal has one entry.
static OWN: LazyLock<Mutex<HashMap<Key, Arc<Own>>>> = LazyLock::new(Mutex::default);

impl Own {
    /// The assets for these settings. The logo is read at its first use, so a new logo needs a restart.
    pub fn of(config: &Config) -> Arc<Self> {
        let key = (config.accent_rgb(), config.logo.clone());
        let mut made = OWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = made.get(&key) {
            return Arc::clone(own);
        }
        let own = Arc::new(Self::make(key.0, key.1.as_deref()));
        made.insert(key, Arc::clone(&own));
        own
    }

    fn make(accent: [u8; 3], logo: Option<&Path>) -> Self {
        let drawing = source_of("favicon.svg").replace(DRAWN_IN, &theme::hex(accent));
        Self {
            theme: Made::of("theme.css".to_owned(), theme::theme_css(accent).into()),
            favicon: Made::of("favicon.svg".to_owned(), drawing.into()),
            logo: logo.and_then(read_logo),
        }
    }

    fn named(&self, name: &str) -> Option<&Made> {
        [Some(&self.theme), Some(&self.favicon), self.logo.as_ref()]
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

fn read_logo(path: &Path) -> Option<Made> {
    let refuse = |why: &str| {
        tracing::warn!(path = %path.display(), "the logo {why}; the name is shown");
        None
    };
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    if !matches!(extension.as_str(), "svg" | "png" | "jpg" | "jpeg" | "webp") {
        return refuse("is not an SVG, PNG, JPEG or WebP file");
    }
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path)
        .and_then(|file| file.take(LARGEST_LOGO + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) if bytes.len() as u64 <= LARGEST_LOGO => {
            Some(Made::of(format!("logo.{extension}"), bytes))
        }
        Ok(_) => refuse("is larger than 2 MB"),
        Err(problem) => {
            tracing::warn!(path = %path.display(), %problem, "the logo cannot be read; the name is shown");
            None
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
    let own = Own::of(&app.config);
    let embedded = ASSETS.get(&name).map(|asset| &asset.made);
    let made = own.named(&name).or(embedded).ok_or(Error::NotFound)?;
    let keep = if hash == made.hash { KEEP } else { "no-cache" };
    let etag = HeaderValue::from_str(&format!("\"{}\"", made.hash)).map_err(Error::internal)?;
    let is_known = headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .any(|held| held == etag);
    let fixed = [
        (ETAG, etag),
        (CACHE_CONTROL, HeaderValue::from_static(keep)),
        // An embed in a sandbox has no origin, so its requests are cross-origin.
        (ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    ];
    if is_known {
        return Ok((StatusCode::NOT_MODIFIED, fixed).into_response());
    }
    let media_type = (CONTENT_TYPE, HeaderValue::from_static(media_type(&name)));
    Ok((fixed, [media_type], made.bytes.clone()).into_response())
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
        let address = asset("style.css");
        let (name, hash) = parts(address.strip_prefix("/assets/").unwrap()).unwrap();
        assert_eq!(name, "style.css");
        assert_eq!(hash.len(), 16);
        assert_eq!(asset("../style.css"), "");
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
    fn a_script_asks_for_its_imports_by_their_hash_and_no_two_import_each_other() {
        fn reaches(from: &str, to: &str, depth: usize) -> bool {
            assert!(depth < 20, "{from} imports in a circle");
            let imports = imported(&source_of(from));
            imports
                .iter()
                .any(|it| it == to || reaches(it, to, depth + 1))
        }
        let mut count = 0;
        for name in Embedded::iter().filter(|name| name.ends_with(".js")) {
            assert!(!reaches(&name, &name, 0), "{name} imports itself");
            let sent = String::from_utf8(ASSETS[&*name].made.bytes.clone()).unwrap();
            for import in imported(&source_of(&name)) {
                let address = asset(&import).replace("/assets/", "./");
                assert!(
                    sent.contains(&format!("from \"{address}\";")),
                    "{name}: {import}"
                );
                assert!(!sent.contains(&format!("./{import}\"")), "{name}: {import}");
                count += 1;
            }
        }
        assert!(count > 4, "the premise");
        assert_eq!(imports("player.js").len(), 4);
        assert_eq!(imports("reconnect.js").len(), 1);
        assert_eq!(imports("share.js"), [""; 0]);
    }

    #[test]
    fn the_favicon_wears_the_accent() {
        let own = Own::make([0xaa, 0x11, 0x22], None);
        let drawing = String::from_utf8(own.favicon.bytes.clone()).unwrap();
        assert!(drawing.contains("#aa1122") && !drawing.contains(DRAWN_IN));
        assert!(own.logo.is_none());
    }
}
