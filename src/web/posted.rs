//! A posted form. In: the body of a POST. Out: fields as text that can be stored, with uniform line ends, in one spelling (NFC) and without control
//! characters. Errors are texts beside their fields, and all typed values are kept.

use std::borrow::Cow;
use std::collections::BTreeMap;

use axum::body::Body;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::BodyExt;

use super::sign_in;
use crate::app::App;
use crate::catalogue::device_mark;
use crate::catalogue::name::{composed, is_visible};
use crate::error::{Error, Result, Text};
use crate::request_body::{LARGEST_OF_STRANGER, broken};
use crate::text;

/// The largest form in bytes: all fields of a recording at their longest, percent-encoded.
pub const LARGEST: usize = 4 * 1024 * 1024;

/// Most fields of a form: three for each caption line, more than any other form has.
pub const MOST_FIELDS: usize = 10_000;

/// The fields of a form, in the order in which they were sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Posted(Vec<(String, String)>);

/// Errors by the name of their field.
pub type Errors = BTreeMap<&'static str, Text>;

impl Posted {
    /// Parses `application/x-www-form-urlencoded` (WHATWG URL §5.1). `None` for any other body.
    pub fn parse(body: &[u8]) -> Option<Self> {
        // Each field takes memory, however short it is.
        if body.iter().filter(|byte| **byte == b'&').count() > MOST_FIELDS {
            return None;
        }
        let mut fields: Vec<(String, String)> = serde_urlencoded::from_bytes(body).ok()?;
        for (name, value) in &mut fields {
            // A browser sends line ends as CRLF (WHATWG HTML §4.10.22.4).
            *value = value.replace("\r\n", "\n").replace('\r', "\n");
            // Only the hash of a password is kept, made of it as it was typed.
            if !name.contains("password")
                && let Cow::Owned(text) = composed(value)
            {
                *value = text;
            }
        }
        Some(Self(fields))
    }

    /// A form with these values.
    pub fn of<const N: usize>(fields: [(&str, String); N]) -> Self {
        Self(fields.map(|(name, value)| (name.to_owned(), value)).into())
    }

    /// Adds a field.
    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Replaces the value of a field.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.0.retain(|(key, _)| key != name);
        self.and(name, value)
    }

    /// The values of the form in one hidden field (`was`), which later show what was changed.
    pub fn packed(&self) -> String {
        serde_urlencoded::to_string(&self.0).unwrap_or_default()
    }

    /// The values that the form was filled in with, when it contains them.
    pub fn was(&self) -> Option<Self> {
        self.has("was")
            .then(|| Self::parse(self.get("was").as_bytes()).unwrap_or_default())
    }

    /// Whether a field has the same values in both forms.
    pub fn is_filled_as(&self, other: &Self, name: &str) -> bool {
        self.filled(name) == other.filled(name)
    }

    /// The non-empty values of a field.
    fn filled<'a>(&'a self, name: &'a str) -> Vec<&'a str> {
        self.all(name).filter(|value| !value.is_empty()).collect()
    }

    /// After a conflicting edit: fields that were not changed since the form was filled in (`was`) get their value in `now`.
    pub fn untouched_as(self, now: &Self, names: &[&str]) -> Self {
        let was = self.was().unwrap_or_default();
        let mut form = self;
        for name in names {
            if form.is_filled_as(&was, name) {
                form.0.retain(|(key, _)| key != name);
                let current = now.0.iter().filter(|(key, _)| key == name);
                form.0.extend(current.cloned());
            }
        }
        form.with("was", &now.packed())
    }

    /// The typed value of a field; empty when it was not sent.
    pub fn get(&self, name: &str) -> &str {
        let field = self.0.iter().find(|(key, _)| key == name);
        field.map_or("", |(_, value)| value)
    }

    /// All values of a field that may be sent several times.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let fields = self.0.iter().filter(move |(key, _)| key == name);
        fields.map(|(_, value)| value.as_str())
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    pub fn fields(&self) -> &[(String, String)] {
        &self.0
    }

    /// One line of text without surrounding spaces, at most `most` characters, of which a reader sees something unless it is empty;
    /// adds to `errors` otherwise.
    pub fn line(&self, name: &'static str, most: usize, errors: &mut Errors) -> String {
        let text = self.get(name).trim();
        if text.contains(['\n', '\t']) {
            errors.insert(name, text!("field-one-line"));
        }
        if !text.is_empty() && !is_visible(text) {
            errors.insert(name, text!("field-unseen"));
        }
        self.checked(name, text, most, errors)
    }

    /// One line of text that must not be empty.
    pub fn needed(&self, name: &'static str, most: usize, errors: &mut Errors) -> String {
        let text = self.line(name, most, errors);
        if text.is_empty() {
            errors.insert(name, text!("field-needed"));
        }
        text
    }

    /// Text of several lines, at most `most` characters.
    pub fn lines(&self, name: &'static str, most: usize, errors: &mut Errors) -> String {
        self.checked(name, self.get(name).trim_end(), most, errors)
    }

    fn checked(&self, name: &'static str, text: &str, most: usize, errors: &mut Errors) -> String {
        let count = text.chars().count();
        if count > most {
            let (most, count) = (most.to_string(), count.to_string());
            errors.insert(name, text!("field-long", most = most, count = count));
        }
        if text.contains(|c: char| c.is_control() && c != '\n' && c != '\t') {
            errors.insert(name, text!("field-control"));
        }
        text.to_owned()
    }
}

impl FromRequest<App> for Posted {
    type Rejection = Error;

    /// Of a body that was read already, within its limits: by the gate of the desk, or by [`only_small_forms`].
    async fn from_request(request: Request, _: &App) -> Result<Self> {
        let body = request.into_body().collect().await;
        let body = body.map_err(|problem| broken(&problem))?.to_bytes();
        Self::parse(&body).ok_or_else(|| Error::Refused(text!("form-unreadable")))
    }
}

/// Middleware for forms of people who are not signed in: small, and whole in time. A browser in which a coordinator signed in before
/// may send a form again that was kept while it had to sign in.
pub async fn only_small_forms(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Result<Response> {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(next.run(request).await);
    }
    let (parts, body) = request.into_parts();
    let most = match is_known_browser(&app, &parts.headers).await? {
        true => LARGEST,
        false => LARGEST_OF_STRANGER,
    };
    let (body, _share) = app.form_memory.read_of_stranger(body, most).await?;
    Ok(next.run(Request::from_parts(parts, Body::from(body))).await)
}

/// Whether a coordinator signed in before in the browser that sends these headers.
pub async fn is_known_browser(app: &App, headers: &HeaderMap) -> Result<bool> {
    let (Some(mark), now) = (sign_in::mark(&app.config, headers), app.clock.now()) else {
        return Ok(false);
    };
    app.db
        .read(move |conn| device_mark::is_known(conn, &mark, now))
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_they_were_typed_and_what_is_wrong_is_said_beside_them() {
        let posted = Posted::parse(
            b"title=+Risico%27s+%F0%9F%A6%8A+&id=1&id=2&text=a%0D%0Ab&odd=a%00b&long=abcdef",
        )
        .unwrap();
        let mut errors = Errors::new();
        assert_eq!(posted.needed("title", 20, &mut errors), "Risico's 🦊");
        assert_eq!(posted.all("id").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(posted.lines("text", 10, &mut errors), "a\nb");
        assert!(errors.is_empty());
        posted.line("odd", 10, &mut errors);
        posted.line("long", 5, &mut errors);
        posted.line("text", 10, &mut errors);
        posted.needed("absent", 5, &mut errors);
        let keys: Vec<_> = errors
            .iter()
            .map(|(name, text)| (*name, text.key))
            .collect();
        assert_eq!(
            keys,
            [
                ("absent", "field-needed"),
                ("long", "field-long"),
                ("odd", "field-control"),
                ("text", "field-one-line")
            ]
        );
    }
}
