//! `GET /assets/{file}`: style, scripts and pictures of the portal itself, inside the binary. The hash of the content is in
//! the name, so a browser keeps them for ever and sees a new one at once.

use std::path::Path as FilePath;
use std::time::UNIX_EPOCH;

use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use super::theme;
use crate::app::App;
use crate::config::Config;
use crate::error::{Error, Result};

#[derive(RustEmbed)]
#[folder = "src/web/assets"]
struct Embedded;

const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The largest logo that is sent.
const LARGEST_LOGO: u64 = 1024 * 1024;

/// The address of an embedded file: `style.css` → `/assets/style.0123456789ab.css`.
pub fn url(name: &str) -> String {
    let hash = Embedded::get(name)
        .map(|file| hash_of(&file.data))
        .unwrap_or_default();
    address(name, &hash)
}

/// The address of the accent colour.
pub fn theme_url(config: &Config) -> String {
    address(
        "theme.css",
        &hash_of(theme::css(config.accent_rgb()).as_bytes()),
    )
}

/// The address of the association's logo, when it has one.
pub fn logo_url(config: &Config) -> Option<String> {
    let path = config.logo.as_deref()?;
    let metadata = path.metadata().ok()?;
    // Time and size stand in for the content: a logo is replaced by hand, once in years.
    let modified = metadata
        .modified()
        .ok()?
        .duration_since(UNIX_EPOCH)
        .ok()?
        .as_nanos();
    let hash = hash_of(format!("{modified} {}", metadata.len()).as_bytes());
    Some(address(&format!("logo.{}", ending(path)?), &hash))
}

/// Sends a file. An address with another hash than today's is of a page from before an update: it gets today's file.
pub async fn show(State(app): State<App>, Path(file): Path<String>) -> Result<Response> {
    let (name, hash) = split(&file).ok_or(Error::NotFound)?;
    let (bytes, today) = match name.as_str() {
        "theme.css" => {
            let css = theme::css(app.config.accent_rgb()).into_bytes();
            let hash = hash_of(&css);
            (css, hash)
        }
        logo if logo.starts_with("logo.") => (read_logo(&app, logo).await?, hash.clone()),
        name => {
            let file = Embedded::get(name).ok_or(Error::NotFound)?;
            let hash = hash_of(&file.data);
            (file.data.into_owned(), hash)
        }
    };
    let cache = if today == hash { FOR_EVER } else { "no-cache" };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(media_type(&name))),
        (CACHE_CONTROL, HeaderValue::from_static(cache)),
        // An embed in a sandbox asks without an origin of its own.
        (ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    ];
    Ok((headers, bytes).into_response())
}

async fn read_logo(app: &App, name: &str) -> Result<Vec<u8>> {
    let path = app
        .config
        .logo
        .clone()
        .filter(|path| ending(path).is_some_and(|ending| name == format!("logo.{ending}")));
    let path = path.ok_or(Error::NotFound)?;
    let read = tokio::task::spawn_blocking(move || match path.metadata()?.len() {
        ..=LARGEST_LOGO => std::fs::read(path),
        _ => Err(std::io::ErrorKind::FileTooLarge.into()),
    });
    Ok(read.await.map_err(Error::internal)??)
}

fn ending(path: &FilePath) -> Option<String> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    ["svg", "png", "jpg", "jpeg", "webp"]
        .contains(&ending.as_str())
        .then_some(ending)
}

fn address(name: &str, hash: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, ending)) => format!("/assets/{stem}.{hash}.{ending}"),
        None => format!("/assets/{name}"),
    }
}

/// `style.0123456789ab.css` → `style.css` and the hash.
fn split(file: &str) -> Option<(String, String)> {
    let (rest, ending) = file.rsplit_once('.')?;
    let (stem, hash) = rest.rsplit_once('.')?;
    Some((format!("{stem}.{ending}"), hash.to_owned()))
}

fn hash_of(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().as_str()[..12].to_owned()
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        _ => "application/octet-stream",
    }
}
