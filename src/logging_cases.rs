//! Test cases of log lines: what they contain, and what they leave out.

use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use axum::routing::get;
use tower::ServiceExt;

use crate::config::Config;
use crate::web::class::{Class, group};

use super::{LogFormat, Request, io, log, requests, shown};

/// A writer that gathers the whole log as text.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl io::Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The log line of one request.
async fn line(format: LogFormat, filter: &str, method: Method, address: &str) -> String {
    let paper = Paper::default();
    let writer = paper.clone();
    let log = log(format, filter, move || writer.clone(), false).unwrap();
    let quiet = tracing::subscriber::set_default(log);
    let config = Arc::new(Config::in_folder(Path::new("/")).unwrap());
    let probe = Router::new().route("/healthz", get(|| async { axum::Json(1) }));
    let router = Router::new()
        .route("/", get(|| async { axum::response::Html("hello") }))
        .route("/film", get(|| async { "bytes" }))
        .route(
            "/broken",
            get(|| async { StatusCode::INTERNAL_SERVER_ERROR }),
        )
        .merge(group(&config, probe, Class::Probe))
        .layer(axum::middleware::from_fn(requests));
    let request = Request::builder()
        .method(method)
        .uri(address)
        .header("user-agent", "Agent/1")
        .header("referer", "https://elsewhere.example/")
        .header("x-forwarded-for", "203.0.113.7");
    router
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    drop(quiet);
    let written = paper.0.lock().unwrap().clone();
    String::from_utf8(written).unwrap()
}

#[tokio::test]
async fn a_page_is_one_line_without_its_query_or_its_reader() {
    let line = line(
        LogFormat::Human,
        "info",
        Method::GET,
        "/?mail=mira@example.org",
    )
    .await;
    assert_eq!(line.lines().count(), 1, "{line}");
    for part in [
        "INFO",
        "method=\"GET\"",
        "path=\"/\"",
        "status=200",
        "ms=0",
        "bytes=5",
    ] {
        assert!(line.contains(part), "{part} in {line}");
    }
    for kept in ["mira", "mail", "Agent", "elsewhere", "203.0"] {
        assert!(!line.contains(kept), "{kept} in {line}");
    }
}

#[tokio::test]
async fn a_line_in_json_is_one_flat_object() {
    let line = line(LogFormat::Json, "info", Method::GET, "/").await;
    for part in [
        "\"level\":\"INFO\"",
        "\"message\":\"answered\"",
        "\"status\":200",
        "\"bytes\":5",
        "\"path\":\"/\"",
    ] {
        assert!(line.contains(part), "{part} in {line}");
    }
    assert!(line.starts_with('{') && line.ends_with("}\n"), "{line}");
}

#[tokio::test]
async fn what_a_page_brings_with_it_is_only_shown_to_who_asks() {
    for address in ["/film", "/healthz", "/wp-login.php"] {
        assert_eq!(
            line(LogFormat::Human, "info", Method::GET, address).await,
            "",
            "{address}"
        );
        assert!(
            line(LogFormat::Human, "debug", Method::GET, address)
                .await
                .contains("DEBUG"),
            "{address}"
        );
    }
}

#[tokio::test]
async fn our_own_fault_is_an_error() {
    let line = line(LogFormat::Human, "error", Method::GET, "/broken").await;
    assert!(
        line.contains("ERROR") && line.contains("status=500"),
        "{line}"
    );
}

#[tokio::test]
async fn a_path_that_opens_a_door_is_not_written_down() {
    for address in [
        "/l/nieuwsbrief-7kq2",
        "/uploads/7kq2",
        "//l/7kq2",
        "/nergens-7kq2",
    ] {
        let line = line(LogFormat::Human, "debug", Method::GET, address).await;
        assert!(line.contains("…") && !line.contains("7kq2"), "{line}");
    }
}

#[test]
fn of_a_path_only_what_is_public_and_plainly_spelled_is_written_down() {
    for (pattern, path, expected) in [
        ("/", "/", "/"),
        ("/watch/{id}", "/watch/q3a1gc8bxx", "/watch/q3a1gc8bxx"),
        ("/watch/{id}", "/watch/0123456789abcdef", "/watch/{id}"),
        ("/watch/{id}", "/watch/%713a1gc8bxx", "/watch/{id}"),
        ("/l/{link}", "/l/7kq2", "/l/{link}"),
        ("/desk/{*rest}", "/desk/l/7kq2", "/desk/{*rest}"),
        (
            "/series/{slug}/feed.xml",
            "/series/online-jongerenwerk/feed.xml",
            "/series/online-jongerenwerk/feed.xml",
        ),
        (
            "/media/{id}/{version}/{file}",
            "/media/q3a1gc8bxx/0123456789ab/01%20l%2f7kq2.mp4",
            "/media/q3a1gc8bxx/0123456789ab/{file}",
        ),
    ] {
        assert_eq!(shown(pattern, path), expected);
    }
}

#[tokio::test]
async fn of_the_libraries_only_warnings_are_written_down() {
    let paper = Paper::default();
    let writer = paper.clone();
    let log = log(LogFormat::Human, "trace", move || writer.clone(), false).unwrap();
    tracing::subscriber::with_default(log, || {
        tracing::info!(target: "hyper::proto", "GET /l/7kq2");
        tracing::warn!(target: "hyper::proto", "of the library");
        tracing::trace!("of ours");
    });
    let written = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
    assert!(!written.contains("7kq2"), "{written}");
    assert!(
        written.contains("of the library") && written.contains("of ours"),
        "{written}"
    );
}

#[tokio::test]
async fn a_long_path_is_cut() {
    let line = line(
        LogFormat::Human,
        "debug",
        Method::GET,
        &format!("/{}", "é".repeat(4_000)),
    )
    .await;
    assert!(line.len() < 500, "{}", line.len());
}

#[test]
fn a_filter_that_is_none_is_named() {
    let refusal = log(LogFormat::Human, "loud=please", io::sink, false)
        .err()
        .unwrap()
        .to_string();
    assert!(refusal.contains("loud=please"), "{refusal}");
}
