//! Links to a moment and to a part: where a page, a frame, a mail and a share page begin and end, whatever stands in the address.

use terugkijken::catalogue::coordinator::Role;

use crate::sharing::{BASE, site as shared};
use crate::support::markup::{Page, between};
use crate::support::{Answer, Site};

/// A public recording of an hour, as the catalogue has it, that had another address before.
async fn site() -> (Site, String) {
    let (site, [id, _, _]) = shared().await;
    let sidecar = site.read("reeks/01-deel-1.toml");
    site.put(
        "reeks/01-deel-1.toml",
        format!("former_ids = [\"yyyyyyyyyy\"]\n{sidecar}"),
    );
    site.scan().await;
    site.put_rows("UPDATE original SET duration_ms = 3600000")
        .await;
    (site, id)
}

/// The media fragments of the sources of a page.
fn fragments(page: &str) -> Vec<String> {
    let sources = page.split("<source src=\"").skip(1);
    let addresses = sources.filter_map(|source| source.split('"').next());
    addresses
        .map(|address| address.split_once('#').map_or("", |(_, fragment)| fragment))
        .map(str::to_owned)
        .collect()
}

/// A share page as its form asks for it.
async fn typed(site: &Site, page: &str, start: &str, end: &str) -> Answer {
    let asked = [("t", start), ("end", end), ("w", "600"), ("in", "nl")];
    let asked = serde_urlencoded::to_string(asked).unwrap();
    site.get_dutch(&format!("{page}?{asked}")).await.is(200)
}

/// The link that a share page gives out.
fn given(page: &Page) -> String {
    page.attribute_of("share-link", BASE).unwrap()
}

#[tokio::test]
async fn a_link_to_a_part_begins_and_ends_there_and_leads_to_the_whole() {
    let (site, id) = site().await;
    for asked in [
        "t=754&end=780",
        "t=12m34s&end=13m",
        "t=12:34&end=13:00",
        "t=12%3A34&end=0%3A13%3A00",
    ] {
        let page = site
            .get_dutch(&format!("/watch/{id}?{asked}"))
            .await
            .is(200);
        assert_eq!(fragments(&page.text()), ["t=754,780"], "{asked}");
        assert_eq!(
            page.page().of_class("fragment"),
            "Dit is een fragment: 12:34–13:00.  Bekijk alles",
            "{asked}"
        );
        let whole = page.page().link_of("Bekijk alles");
        assert_eq!(whole, Some(format!("/watch/{id}")));
    }
    let english = site
        .get(&format!("/watch/{id}?t=1h&end=13m&lang=en"))
        .await
        .is(200);
    assert_eq!(fragments(&english.text()), ["t=3600"]);
    site.get(&format!("/watch/{id}?end=1m30s&lang=en"))
        .await
        .is(200)
        .shows("This is a fragment: 0:00–1:30.")
        .shows("Watch all of it");
}

#[tokio::test]
async fn a_value_that_is_no_moment_is_as_if_it_were_not_there() {
    let (site, id) = site().await;
    for (asked, expected) in [
        ("t=754", "t=754"),
        ("t=754&end=754", "t=754"),
        ("t=754&end=5", "t=754"),
        ("t=754&end=-1", "t=754"),
        ("t=754&end=1e9", "t=754"),
        ("t=754&end=99999999999999999999999", "t=754"),
        ("t=754&end=18446744073709551615", "t=754"),
        ("t=754&end=%00", "t=754"),
        ("t=754&end=%3Cscript%3E", "t=754"),
        ("t=-5&end=-3", ""),
        ("t=tekst&end=tekst", ""),
        ("t=3600&end=3700", "t=3600"),
        ("t=0&end=3600", "t=0"),
        ("t=1:75:00", ""),
        ("t=99999999:00", ""),
    ] {
        for page in ["watch", "embed"] {
            let page = site.get_dutch(&format!("/{page}/{id}?{asked}")).await;
            let page = page.is(200).hides("fragment:").text();
            assert_eq!(fragments(&page), [expected], "{asked}");
        }
    }
}

#[tokio::test]
async fn a_former_address_the_languages_and_other_sites_keep_the_part() {
    let (site, id) = site().await;
    let moved = site.get("/watch/yyyyyyyyyy?t=12m34s&end=13m&utm_source=x");
    assert_eq!(
        moved.await.is(308).location(),
        format!("/watch/{id}?t=12m34s&end=13m")
    );
    let moved = site.get("/embed/yyyyyyyyyy?t=754&end=780").await;
    assert_eq!(
        moved.is(308).location(),
        format!("/embed/{id}?t=754&end=780")
    );
    let moved = site.get("/share/yyyyyyyyyy?t=754&end=780").await;
    assert_eq!(
        moved.is(308).location(),
        format!("/share/{id}?t=754&end=780")
    );
    let page = site.get(&format!("/watch/{id}?t=754&end=780")).await;
    let text = page.is(200).text();
    assert!(text.contains(&format!("/watch/{id}?t=754&amp;end=780&amp;lang=en\"")));
    assert!(text.contains(&format!("rel=\"canonical\" href=\"{BASE}/watch/{id}\"")));
    assert!(text.contains(&format!(
        "%2Fwatch%2F{id}%3Ft%3D754%26end%3D780&amp;format=json"
    )));
    assert!(text.contains(&format!("href=\"/share/{id}?t=754&amp;end=780\"")));
}

#[tokio::test]
async fn a_frame_of_a_part_is_what_other_sites_get() {
    let (site, id) = site().await;
    for asked in [
        "t=754&end=780",
        "start=754&end=13:00",
        "start=12m34s&t=5&end=780",
    ] {
        let frame = site.get(&format!("/embed/{id}?{asked}")).await.is(200);
        assert_eq!(fragments(&frame.text()), ["t=754,780"], "{asked}");
    }
    for page in ["watch", "share", "embed"] {
        let url = format!("{BASE}/{page}/{id}%3Ft=12:34%26end=13m");
        let said = site.json(&format!("/oembed?url={url}&t=1&end=2")).await;
        let html = said["html"].as_str().unwrap();
        let src = between(html, "src=\"", "\"");
        assert_eq!(src, format!("{BASE}/embed/{id}?start=754&amp;end=780"));
    }
    let url = format!("{BASE}/watch/{id}%3Ft=754%26end=780");
    let asked = format!("/oembed?url={url}&variant=email&in=nl");
    let said = site.json(&asked).await;
    let html = said["html"].as_str().unwrap();
    assert!(html.contains("van 12:34 tot 13:00"), "{html}");
    assert!(html.contains(&format!("{BASE}/watch/{id}?t=754&amp;end=780\"")));
}

#[tokio::test]
async fn a_share_page_gives_out_the_part_that_was_typed() {
    let (site, id) = site().await;
    let page = site.get_dutch(&format!("/share/{id}")).await.is(200);
    let whole = page.page();
    assert_eq!(given(&whole), format!("{BASE}/watch/{id}"));
    let mut forms = whole.forms().into_iter();
    let form = forms.find(|form| form.typed() == ["t", "end"]).unwrap();
    assert_eq!(form.action, format!("/share/{id}"));
    let page = typed(&site, &form.action, "12:34", "13:00").await;
    let part = page.page();
    let link = format!("{BASE}/watch/{id}?t=754&end=780");
    assert_eq!(given(&part), link);
    assert!(
        part.copied("share-plain")
            .contains(&format!("Bekijk de opname: {link}"))
    );
    assert!(
        part.copied("share-plain")
            .contains(" · van 12:34 tot 13:00\n")
    );
    assert!(part.copied("share-html").contains("van 12:34 tot 13:00"));
    let escaped = link.replace('&', "&amp;");
    let links = part.copied("share-html").matches(&escaped).count();
    assert_eq!(links, part.copied("share-html").matches("<a ").count());
    assert!(part.copied("share-picture-html").contains(&escaped));
    assert!(
        part.copied("share-embed")
            .contains(&format!("{BASE}/embed/{id}?start=754&amp;end=780\""))
    );
    assert_eq!(
        (part.value("t"), part.value("end")),
        ("12:34".into(), "13:00".into())
    );
    let preview = part.attribute(&format!("/share/{id}/preview?"));
    let preview = preview.replace("&amp;", "&");
    site.get(&preview)
        .await
        .is(200)
        .shows("van 12:34 tot 13:00");
    let whole = site.get(&format!("/share/{id}/qr.svg")).await.is(200);
    let code = site.get(&format!("/share/{id}/qr.svg?t=754&end=780")).await;
    assert_ne!(code.is(200).body, whole.body);
    site.get_dutch(&format!("/share/{id}?t=90"))
        .await
        .is(200)
        .shows("vanaf 1:30");
}

#[tokio::test]
async fn what_is_wrong_with_a_moment_is_said_beside_it_and_what_was_typed_stays() {
    let (site, id) = site().await;
    for (start, end, sentence) in [
        ("-5", "", "Dat is geen tijd."),
        ("1e9", "", "Dat is geen tijd."),
        ("", "straks", "Dat is geen tijd."),
        ("<script>alert(1)</script>", "", "Dat is geen tijd."),
        ("1:00:00", "", "De opname duurt 1:00:00."),
        ("999999999999", "", "De opname duurt 1:00:00."),
        ("", "2h", "De opname duurt 1:00:00."),
        ("13:00", "12:34", "Het einde ligt niet na het begin."),
    ] {
        let answer = typed(&site, &format!("/share/{id}"), start, end).await;
        let answer = answer.shows(sentence);
        let page = answer.page();
        assert_eq!(
            (page.value("t"), page.value("end")),
            (start.into(), end.into())
        );
        assert_eq!(given(&page), format!("{BASE}/watch/{id}"));
        assert!(answer.text().contains("aria-invalid=\"true\""));
        // Above the form too, where the focus goes, with the way to the field; without script as well.
        let field = if sentence.contains("einde") || start.is_empty() {
            "end"
        } else {
            "t"
        };
        answer
            .shows("role=\"alert\" tabindex=\"-1\" autofocus")
            .shows(&format!("<a href=\"#field-{field}\">"))
            .shows(&format!("aria-describedby=\"error-{field}"));
    }
    let long = "9".repeat(900);
    for odd in ["%00", "7%00", "%FF%FE", long.as_str()] {
        site.get(&format!("/share/{id}?t={odd}&end={odd}"))
            .await
            .is(200);
    }
}

#[tokio::test]
async fn a_series_and_what_is_still_to_come_have_no_parts() {
    let (site, [_, _, planned]) = shared().await;
    for page in [format!("/share/{planned}"), "/share/series/reeks".into()] {
        let page = site.get_dutch(&format!("{page}?t=1&end=2")).await.is(200);
        page.hides("Laat het beginnen op").hides("van 0:01");
    }
    site.get_dutch(&format!("/watch/{planned}?t=1&end=2"))
        .await
        .is(200)
        .hides("Dit is een fragment");
}

#[tokio::test]
async fn a_mailing_gets_links_to_the_part() {
    let (site, id) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let page = format!("/desk/recordings/{id}/share");
    let shown = mira.get(&format!("{page}?t=754&end=780&lang=nl")).await;
    let forms = shown.is(200).page().forms().into_iter();
    let mut forms = forms.filter(|form| form.typed() == ["label"]);
    let fields = forms.next().unwrap().fields.into_iter();
    let kept = fields.filter(|field| ["t", "end"].contains(&field.name.as_str()));
    let kept: Vec<String> = kept.map(|field| field.value).collect();
    assert_eq!(kept, ["754", "780"]);
    let done = mira
        .post(&page, &[("label", "mei"), ("t", "754"), ("end", "780")])
        .await
        .is(303);
    let shown = mira.get(done.location()).await.is(200).page();
    let link = given(&shown);
    assert!(
        link.starts_with(&format!("{BASE}/l/")) && link.ends_with("?t=754&end=780"),
        "{link}"
    );
    let opened = site.get(link.strip_prefix(BASE).unwrap()).await.is(200);
    assert_eq!(fragments(&opened.text()), ["t=754,780"]);
}
