//! Requests that come without TLS to a portal whose address has it: no browser keeps the cookie of a sign-in there, so they are told
//! where to go before they type a password. In: the headers of a request. Out: whether it comes in the clear, and the page that says so.
//!
//! The program itself never sees TLS, since a proxy takes it off. Who cannot be told from a visitor behind such a proxy is let in.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::{FORWARDED, HOST, ORIGIN, VIA};
use axum::http::request::Parts;
use axum::http::uri::Scheme;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};
use axum::response::Response;
use maud::html;

use super::same_origin::{FETCH_SITE, Origin, one};
use super::texts::Texts;
use super::{reply, urls};
use crate::app::App;
use crate::config::Config;
use crate::people::address::{self, Peer};

const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const REAL_IP: HeaderName = HeaderName::from_static("x-real-ip");

/// The parameter of the link on the page below: whoever follows it has come through TLS, whatever a proxy says.
const THROUGH_TLS: &str = "tls";

/// Whether a request comes without TLS to a portal whose address has it.
pub struct InTheClear(pub bool);

impl FromRequestParts<App> for InTheClear {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let followed = urls::parameter(parts.uri.query(), THROUGH_TLS).is_some();
        let trusted = app.config.proxies();
        let is_from_proxy = parts
            .extensions
            .get()
            .is_some_and(|Peer(peer)| address::is_in(&trusted, *peer));
        Ok(Self(
            app.config.is_secure()
                && match parts.method {
                    Method::GET | Method::HEAD => {
                        !followed
                            && is_shown_in_the_clear(&app.config, &parts.headers, is_from_proxy)
                    }
                    _ => is_sent_in_the_clear(&parts.headers),
                },
        ))
    }
}

/// Whether a browser says that the page with the form came in the clear. It keeps such cookies on this machine (Secure Contexts §3.1).
fn is_sent_in_the_clear(headers: &HeaderMap) -> bool {
    let page = one(headers, ORIGIN).and_then(Origin::parse);
    page.is_some_and(|page| page.scheme == Scheme::HTTP && !is_this_machine(&page.host))
}

/// Whether a page is asked for in the clear. `is_from_proxy`: whether the connection is that of a proxy of the settings, whose word
/// on the scheme is believed.
fn is_shown_in_the_clear(config: &Config, headers: &HeaderMap, is_from_proxy: bool) -> bool {
    // Browsers send it over TLS only, and to this machine.
    if headers.contains_key(FETCH_SITE) {
        return false;
    }
    if let Some(proto) = one(headers, FORWARDED_PROTO) {
        let mut hops = proto.split(',').map(str::trim);
        return is_from_proxy && hops.all(|hop| hop.eq_ignore_ascii_case("http"));
    }
    // A proxy that does not say whether it took TLS off.
    let forwards = [FORWARDED_FOR, FORWARDED, REAL_IP, VIA];
    if forwards.iter().any(|name| headers.contains_key(name)) {
        return false;
    }
    let base = Origin::of_page(&config.base());
    let asked = base
        .as_ref()
        .and_then(|base| base.with_host(one(headers, HOST)?));
    asked.is_none() || asked != base
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// The page that says where to sign in instead. `page`: the address of the same page within the portal; `status`: of the
/// answer, 200 unless something was refused.
pub fn way_out(
    app: &App,
    texts: &Texts,
    (title, page): (&str, &str),
    status: StatusCode,
) -> Response {
    let base = app.config.base();
    let there = format!("{base}{}", texts.to(urls::with(page, THROUGH_TLS, "yes")));
    let main = html! {
        div.entrance {
            h1 { (texts.t(title)) }
            p role="alert" { (texts.t_args("sign-in-in-the-clear", &[("address", base.as_str().into())])) }
            p.actions { a.button href=(there) { (texts.t("sign-in-there")) } }
        }
    };
    let title = texts.t(title);
    reply::entrance(app, texts, title, &main, status)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(sent: &[(&'static str, &str)]) -> HeaderMap {
        let pairs = sent.iter();
        pairs
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn a_page_is_asked_for_in_the_clear_when_nothing_says_that_it_may_have_tls() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::in_folder(folder.path()).unwrap();
        config.base_url = Some("https://portal.example".into());
        let lan = ("host", "192.168.1.5:8080");
        for (sent, is_from_proxy, expected) in [
            (&[lan][..], false, true),
            (&[("host", "portal.example:8080")], false, true),
            (&[("host", "other.example")], false, true),
            // A proxy that took TLS off, or that nothing tells from one.
            (&[("host", "portal.example")], false, false),
            (&[("host", "Portal.Example:443")], false, false),
            (&[lan, ("sec-fetch-site", "none")], false, false),
            (&[lan, ("x-forwarded-for", "203.0.113.9")], false, false),
            (&[lan, ("via", "1.1 proxy")], false, false),
            // What a proxy says is believed when the settings name it; that there is TLS, always.
            (&[lan, ("x-forwarded-proto", "https")], false, false),
            (&[lan, ("x-forwarded-proto", "http")], false, false),
            (
                &[("host", "portal.example"), ("x-forwarded-proto", "http")],
                true,
                true,
            ),
            (
                &[("host", "portal.example"), ("x-forwarded-proto", "https")],
                true,
                false,
            ),
            (&[lan, ("x-forwarded-proto", "https, http")], true, false),
            (
                &[("sec-fetch-site", "none"), ("x-forwarded-proto", "http")],
                true,
                false,
            ),
            // A link on a page elsewhere says nothing of this one.
            (
                &[
                    ("host", "portal.example"),
                    ("referer", "http://mail.example/"),
                ],
                false,
                false,
            ),
        ] {
            let is = is_shown_in_the_clear(&config, &headers(sent), is_from_proxy);
            assert_eq!(is, expected, "{sent:?} {is_from_proxy}");
        }
    }

    #[test]
    fn a_form_is_sent_in_the_clear_when_its_page_was() {
        for (origin, expected) in [
            ("http://192.168.1.5:8080", true),
            ("http://portal.example", true),
            ("https://portal.example", false),
            ("http://localhost:8080", false),
            ("http://127.0.0.1:8080", false),
            ("http://[::1]:8080", false),
            ("null", false),
        ] {
            assert_eq!(
                is_sent_in_the_clear(&headers(&[("origin", origin)])),
                expected,
                "{origin}"
            );
        }
        assert!(!is_sent_in_the_clear(&headers(&[(
            "host",
            "192.168.1.5:8080"
        )])));
    }
}
