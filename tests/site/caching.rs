//! What a cache between us and a reader has to know: which answers are another one in another language or encoding.

use reqwest::Method;

use crate::support::Site;
use crate::support::desk::CAPTIONS;

/// Whether `Vary` names it (RFC 9110 §12.5.5), in however many lines.
fn varies(answer: &crate::support::Answer, name: &str) -> bool {
    let said = answer.headers.get_all("vary").iter();
    let names = said.flat_map(|value| value.to_str().unwrap().split(','));
    names
        .map(str::trim)
        .any(|said| said.eq_ignore_ascii_case(name))
}

#[tokio::test]
async fn an_answer_that_is_another_in_another_language_or_encoding_says_so() {
    let site = Site::open().await;
    site.put(
        "reeks/series.toml",
        "title = \"Reeks\"\nvisibility = \"public\"\n",
    );
    site.put_clip("reeks/01-begin.mp4", 1);
    site.put(
        "reeks/01-begin.toml",
        "date = \"2026-09-01\"\n[[chapters]]\nstart = \"0:01\"\ntitle = \"Slot\"\n",
    );
    site.put("reeks/01-begin.nl.vtt", CAPTIONS);
    site.scan().await;
    let id = site.id_in("reeks/01-begin.toml");
    let of_mail = format!(
        "/oembed?variant=email&url={}/watch/{id}",
        site.app.config.base()
    );
    let mut in_languages = Vec::new();
    for address in [
        "/",
        "/series/reeks",
        "/search?q=begin",
        "/privacy",
        "/nergens",
        "/feed.xml",
        "/series/reeks/feed.xml",
        "/series/reeks/podcast.xml",
        "/sitemap.xml",
        "/robots.txt",
        "/api/series",
        "/api/series/reeks",
        "/api/search?q=begin",
        "/api/nergens",
        "/share/series/reeks",
        "/embed/series/reeks",
        "/healthz",
        &of_mail,
        &format!("{of_mail}&format=xml"),
        &format!("/watch/{id}"),
        &format!("/embed/{id}"),
        &format!("/share/{id}"),
        &format!("/share/{id}/preview"),
        &format!("/share/{id}/qr.svg"),
        &format!("/captions/{id}/nl.vtt"),
        &format!("/transcripts/{id}/nl.txt"),
        &format!("/chapters/{id}.vtt"),
        &format!("/chapters/{id}.json"),
        &format!("/api/recordings/{id}"),
        &format!("/posters/{id}.jpg"),
        &format!("/captions/{id}/xx.vtt"),
    ] {
        let ask = |language: &str| {
            site.ask(Method::GET, address)
                .header("accept-language", language)
        };
        let dutch = site.send(ask("nl")).await;
        let english = site.send(ask("en")).await;
        let small = site.send(ask("nl").header("accept-encoding", "gzip")).await;
        if dutch.body != english.body {
            in_languages.push(address.to_owned());
        }
        for answer in [&dutch, &english, &small] {
            assert!(
                dutch.body == english.body || varies(answer, "accept-language"),
                "{address}: {:?}",
                answer.headers
            );
            let is_smaller = small.header("content-encoding").is_some();
            assert!(
                !is_smaller || varies(answer, "accept-encoding"),
                "{address}: {:?}",
                answer.headers
            );
        }
    }
    // The premise: pages, feeds, mails and refusals have a language.
    for address in [
        "/",
        "/feed.xml",
        "/series/reeks/podcast.xml",
        &of_mail,
        "/api/nergens",
    ] {
        assert!(
            in_languages.iter().any(|one| one == address),
            "{address} not in {in_languages:?}"
        );
    }
}
