//! Finding within one recording, as a plain form: every sentence that is meant is marked and counted, and each leads to the next.

use crate::support::Site;

fn captions(lines: &[&str]) -> String {
    let mut text = String::from("WEBVTT\n");
    for (place, line) in lines.iter().enumerate() {
        let (minute, second) = (place / 30, place % 30 * 2);
        let time = format!("{:02}:{:02}:{second:02}", minute / 60, minute % 60);
        text.push_str(&format!("\n{time}.000 --> {time}.900\n{line}\n"));
    }
    text
}

const SAID: &[&str] = &[
    "Welkom bij deze <i>training</i>.",
    "We praten over risico's & kansen.",
    "Bij gevaar bel je 112.",
    "Een risico is nooit weg.",
    "Jongerenwerkers kennen de risico\u{2019}s.",
];

async fn site(said: &str) -> (Site, String) {
    let site = Site::open().await;
    site.put(
        "reeks/series.toml",
        "title = \"Reeks\"\nvisibility = \"public\"\n",
    );
    site.put_clip("reeks/01-begin.mp4", 1);
    site.put("reeks/01-begin.nl.vtt", said);
    site.put(
        "reeks/01-begin.en.vtt",
        captions(&["Welcome to this training.", "Call an ambulance."]),
    );
    site.scan().await;
    let page = format!("/watch/{}", site.id_in("reeks/01-begin.toml"));
    (site, page)
}

#[tokio::test]
async fn every_sentence_that_is_meant_is_marked_and_counted_and_leads_to_the_next() {
    let (site, page) = site(&captions(SAID)).await;
    let text = site.get_dutch(&page).await.is(200).text();
    assert!(text.contains("name=\"find\"") && !text.contains("<mark>"));
    let text = site
        .get_dutch(&format!("{page}?find=risicos"))
        .await
        .is(200)
        .text();
    assert_eq!(text.matches("<mark>").count(), 3, "{text}");
    for marked in ["<mark>risico's</mark> &amp; kansen", "<mark>risico</mark>"] {
        assert!(text.contains(marked), "{marked}");
    }
    assert!(text.contains("1 van 3") && text.contains("value=\"risicos\""));
    assert!(text.contains("id=\"hit-1\" data-hit=\"now\""));
    let to = |number: usize| format!("href=\"{page}?find=risicos&amp;hit={number}#hit-{number}\"");
    assert!(text.contains(&to(3)) && text.contains(&to(2)));
    for (hit, now) in [("3", 3), ("2", 2), ("99", 3), ("0", 1), ("x", 1), ("-1", 1)] {
        let text = site
            .get_dutch(&format!("{page}?find=risicos&hit={hit}"))
            .await
            .is(200)
            .text();
        assert!(text.contains(&format!("{now} van 3")), "{hit}");
        assert!(text.contains(&format!("id=\"hit-{now}\" data-hit=\"now\"")));
    }
}

#[tokio::test]
async fn all_words_come_before_some_and_a_typing_error_is_understood() {
    let (site, page) = site(&captions(SAID)).await;
    let find = async |question: &str| {
        site.get_dutch(&format!("{page}?find={question}"))
            .await
            .is(200)
            .text()
    };
    let one = find("jongerenwerk+risico").await;
    assert_eq!(one.matches("data-hit=").count(), 1);
    assert!(!one.contains("nergens samen"));
    // All words in another language come before some of them in one's own.
    let all = find("call+ambulance").await;
    assert!(all.contains("<mark>Call</mark>") && !all.contains("nergens samen"));
    // A word that is said nowhere here is no typing error of one that is, unless it nearly is one.
    assert!(!find("gevangen").await.contains("vonden we niet"));
    let some = find("kansen+jongerenwerkers").await;
    assert!(some.contains("1 van 2") && some.contains("nergens samen"));
    // A sentence goes on in the next line, as in the results of a search: both are marked, and it counts once.
    let two = find("kansen+112").await;
    assert!(two.contains("1 van 1") && !two.contains("nergens samen"));
    assert!(two.contains("<mark>kansen</mark>") && two.contains("<mark>112</mark>"));
    let meant = find("gevaer").await;
    assert!(
        meant.contains("Dit zijn de resultaten voor “gevaar”")
            && meant.contains("<mark>gevaar</mark>")
    );
    let none = find("olifant").await;
    assert!(none.contains("Niets gevonden voor “olifant”") && !none.contains("<mark>"));
    assert!(none.contains("Welkom bij deze training."));
    // What is only said in another language is found there.
    let other = find("ambulance").await;
    assert!(other.contains("<mark>ambulance</mark>") && other.contains("lang=\"en\""));
    // Nothing asked for is nothing found.
    assert!(!find("+%20").await.contains("id=\"hit-"));
}

#[tokio::test]
async fn whatever_is_asked_for_gets_a_page() {
    let (site, page) = site(&captions(SAID)).await;
    let long = "risico".repeat(2000);
    for question in [
        "%22",
        "%00",
        "a%00b",
        "*",
        "NEAR(",
        "%22risico%22%20OR%20*",
        "%f0%9f%98%80",
        "%d7%a9%d7%9c%d7%95%d7%9d",
        "%",
        "--",
        &long,
    ] {
        let text = site
            .get_dutch(&format!("{page}?find={question}"))
            .await
            .is(200)
            .text();
        assert!(text.contains("name=\"find\""));
    }
    let text = site
        .get_dutch(&format!("{page}?find=%3Cscript%3E"))
        .await
        .text();
    assert!(text.contains("value=\"&lt;script&gt;\""));
    // Words after those that count are named.
    let nine = "welkom+training+praten+risico+kansen+gevaar+weg+jongerenwerkers+zwembad";
    let text = site.get_dutch(&format!("{page}?find={nine}")).await.text();
    assert!(text.contains("Naar “zwembad” is niet gezocht"), "{text}");
}

#[tokio::test]
async fn of_a_text_that_is_too_long_for_the_page_only_what_was_found_is_shown() {
    let mut said: Vec<String> = (0..7000).map(|line| format!("Regel {line}.")).collect();
    said[10].push_str(" Hier staat een olifant.");
    said[6900].push_str(" Daar staat een olifant.");
    let said: Vec<&str> = said.iter().map(String::as_str).collect();
    let (site, page) = site(&captions(&said)).await;
    let text = site
        .get_dutch(&format!("{page}?find=olifanten"))
        .await
        .is(200)
        .text();
    assert!(text.contains("1 van 2") && text.contains("Je ziet alleen wat gevonden is"));
    assert!(text.contains("Regel 6900.") && !text.contains("Regel 11."));
    assert_eq!(text.matches("<mark>").count(), 2);
    let text = site
        .get_dutch(&format!("{page}?find=giraf"))
        .await
        .is(200)
        .text();
    assert!(text.contains("Regel 2399.") && !text.contains("Regel 6900."));
}

#[tokio::test]
async fn of_very_many_places_the_first_are_shown_and_it_says_so() {
    let said = vec!["Weer een olifant."; 7000];
    let (site, page) = site(&captions(&said)).await;
    let text = site
        .get_dutch(&format!("{page}?find=olifant"))
        .await
        .is(200)
        .text();
    let count = text.matches("data-hit=").count();
    assert!(count > 2400 && count < 7000, "{count}");
    assert!(text.contains(&format!("1 van {count}")));
    assert!(text.contains(&format!("Dit zijn de eerste {count} plekken")));
    assert!(text.contains(&format!("id=\"hit-{count}\"")));
    // A text of long lines is cut by its bytes, and what is counted is there.
    let line = format!("Een olifant {}", "en nog een woord ".repeat(100));
    let said = vec![line.as_str(); 900];
    let (site, page) = self::site(&captions(&said)).await;
    let text = site
        .get_dutch(&format!("{page}?find=olifant"))
        .await
        .is(200)
        .text();
    let count = text.matches("data-hit=").count();
    assert!(count > 100 && count < 900 && text.contains(&format!("1 van {count}")));
    assert!(text.len() < 2 * 1024 * 1024);
}

#[tokio::test]
async fn the_form_keeps_the_language_and_the_link_that_opened_the_page() {
    let (site, page) = site(&captions(SAID)).await;
    let text = site
        .get(&format!("{page}?lang=nl&find=risico"))
        .await
        .is(200)
        .text();
    assert!(text.contains("type=\"hidden\" name=\"lang\" value=\"nl\""));
    assert!(text.contains("&amp;lang=nl#hit-2"), "{text}");
    let text = site
        .get(&format!("{page}?t=3&find=risico"))
        .await
        .is(200)
        .text();
    assert!(text.contains("type=\"hidden\" name=\"t\" value=\"3\""));
    assert!(text.contains("&amp;t=3#hit-2"));
    // The end of a part is kept as well.
    let text = site
        .get(&format!("{page}?t=0&end=1&find=risico"))
        .await
        .is(200)
        .text();
    assert!(text.contains("type=\"hidden\" name=\"end\" value=\"1\""));
    assert!(text.contains("&amp;end=1#hit-2"), "{text}");
    // A search leads on to all of what is said in its results.
    let results = site.get_dutch("/search?q=risico").await.is(200).text();
    assert!(results.contains(&format!("href=\"{page}?find=risico&amp;t=2\"")));
}

#[tokio::test]
async fn a_sentence_goes_on_in_what_follows_soon_and_not_after_a_silence() {
    let said = "WEBVTT\n\n00:00.000 --> 00:01.000\nEr zijn kansen.\n\n00:10.000 --> 00:11.000\nBel bij gevaar 112.\n";
    let (site, page) = site(said).await;
    let text = site
        .get_dutch(&format!("{page}?find=kansen+112"))
        .await
        .is(200)
        .text();
    assert!(text.contains("nergens samen") && text.contains("1 van 2"));
    let found = site.json("/api/search?q=kansen+112").await;
    assert_eq!(found["results"][0]["moments"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_search_leads_to_more_places_only_where_there_are_more() {
    for (lines, has_more) in [(3, false), (4, true)] {
        let said = vec!["Weer een olifant."; lines];
        let (site, page) = site(&captions(&said)).await;
        let results = site.get_dutch("/search?q=olifant").await.is(200).text();
        assert_eq!(results.contains("Meer plekken in deze opname"), has_more);
        let within = site.get_dutch(&format!("{page}?find=olifant")).await;
        assert!(within.is(200).text().contains(&format!("1 van {lines}")));
    }
}
