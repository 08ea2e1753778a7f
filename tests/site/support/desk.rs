//! A recording and a coordinator at the desk, and how forms are filled in.

use reqwest::Method;
use reqwest::multipart::{Form, Part};

use super::people::Colleague;
use super::{Answer, Site};

pub const CAPTIONS: &str = "WEBVTT\n\n00:00.000 --> 00:01.000\nEerste regel\n";

/// A public recording, and the address of its page at the desk.
pub async fn site() -> (Site, String) {
    let site = Site::open().await;
    site.put(
        "reeks/series.toml",
        "title = \"Reeks\"\nvisibility = \"public\"\n",
    );
    site.put_clip("reeks/01-begin.mp4", 1);
    site.scan().await;
    let id = site.id_in("reeks/01-begin.toml");
    (site, id)
}

pub fn between(text: &str, before: &str, after: &str) -> String {
    let from = text
        .find(before)
        .unwrap_or_else(|| panic!("no {before} in {text}"))
        + before.len();
    text[from..].split(after).next().unwrap().to_owned()
}

/// The row of the only series, as the addresses of the desk name it.
pub async fn series_row(mira: &Colleague<'_>) -> String {
    let list = mira.get("/desk/series").await.is(200).text();
    between(&list, "href=\"/desk/series/", "\"")
}

pub async fn base(mira: &Colleague<'_>, page: &str) -> String {
    between(
        &mira.get(page).await.is(200).text(),
        "name=\"base\" value=\"",
        "\"",
    )
}

pub fn described<'a>(base: &'a str, title: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("base", base),
        ("title", title),
        ("number", "7"),
        ("date", "2026-09-01"),
        ("language", "nl"),
        ("summary", "Eén zin."),
        (
            "description",
            "Meer, in **Markdown**.\r\n\r\nEn nog een alinea.",
        ),
        ("speaker_name", "Mira de Vries"),
        ("speaker_role", "trainer"),
        ("speaker_name", "Bo"),
        ("speaker_role", ""),
        ("speaker_name", ""),
        ("speaker_role", ""),
        ("chapters", "0:00 Begin\n0:01 Slot"),
        ("download", "yes"),
    ]
}

pub async fn upload(
    mira: &Colleague<'_>,
    path: &str,
    name: &str,
    bytes: impl Into<Vec<u8>>,
    field: (&'static str, &str),
) -> Answer {
    let file = Part::bytes(bytes.into()).file_name(name.to_owned());
    let form = Form::new()
        .part("file", file)
        .text(field.0, field.1.to_owned());
    let request = mira.site.ask(Method::POST, path).multipart(form);
    mira.site.send(request.header("cookie", &mira.cookie)).await
}

/// A black PNG, so many pixels wide.
pub fn picture(width: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(width, 360)
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}
