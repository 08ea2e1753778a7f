//! Every address that was ever given out goes on answering. All of them are collected from a portal as people would: from its
//! pages, its feeds, its snippets and its mailings. Then everything happens to the recordings that happens in years, and each
//! address is asked for again: none is "not found", and each lands where it should in at most one step.

use std::collections::BTreeSet;

use terugkijken::catalogue::coordinator::Role;

use crate::support::Site;
use crate::support::markup::between;

const BASE: &str = "https://training.example.org";

/// What a document of ours names: every address of a page, a picture, a file, a feed.
fn addresses(text: &str) -> BTreeSet<String> {
    let text = text
        .replace("&amp;", "&")
        .replace("&quot;", "\"")
        .replace("\\/", "/");
    let starts = [
        "\"",
        ">",
        "\"https://training.example.org",
        ">https://training.example.org",
        " https://training.example.org",
    ];
    let places = [
        "/watch/",
        "/series/",
        "/embed/",
        "/share/",
        "/media/",
        "/posters/",
        "/captions/",
        "/transcripts/",
        "/chapters/",
        "/l/",
        "/feed.xml",
        "/speakers/",
        "/oembed?",
        "/api/",
    ];
    let mut found = BTreeSet::new();
    for start in starts {
        for place in places {
            for piece in text.split(&format!("{start}{place}")).skip(1) {
                let rest = piece.split(['"', '<', ' ', '\n', '#', ')']).next().unwrap();
                found.insert(format!("{place}{rest}"));
            }
        }
    }
    found
}

/// Asks for it as a browser does, and follows one step. Answers the last status and, of a page, its text.
async fn follow(site: &Site, address: &str) -> (u16, String, usize) {
    let mut here = address.to_owned();
    for steps in 0..3 {
        let answer = site.get(&here).await;
        match answer.header("location") {
            Some(next) if matches!(answer.status, 301 | 302 | 303 | 307 | 308) => {
                here = next.strip_prefix(BASE).unwrap_or(next).to_owned();
            }
            _ => return (answer.status, answer.text(), steps),
        }
    }
    (0, String::new(), 3)
}

#[tokio::test]
async fn no_address_that_was_given_out_is_ever_not_found() {
    let site = Site::open_with(|config| config.base_url = Some(BASE.into())).await;
    for (folder, count) in [("reeks", 6_u32), ("andere", 2)] {
        site.put(
            &format!("{folder}/series.toml"),
            format!("title = \"Reeks {folder}\"\nvisibility = \"public\"\n"),
        );
        for number in 1..=count {
            let stem = format!("{folder}/0{number}-deel");
            site.put_clip(
                &format!("{stem}.mp4"),
                number + u32::try_from(folder.len()).unwrap() * 10,
            );
            site.put(&format!("{stem}.toml"), format!("title = \"{folder} {number}\"\n[[speakers]]\nname = \"Bo {folder}\"\n[[chapters]]\nstart = \"0:00\"\ntitle = \"Begin\"\n"));
            site.put(
                &format!("{stem}.nl.vtt"),
                "WEBVTT\n\n00:00.000 --> 00:01.000\nTekst\n",
            );
            site.put(
                &format!("{stem}.werkblad.pdf"),
                format!("%PDF-1.4 {folder} {number}"),
            );
        }
    }
    site.scan().await;
    site.work_until_idle().await;
    let ids: Vec<String> = (1..=6)
        .map(|number| site.id_in(&format!("reeks/0{number}-deel.toml")))
        .collect();
    let mira = site.colleague("mira", Role::Administrator).await;
    let row = mira.series("Reeks reeks").await;
    let mailing = mira
        .does(
            &format!("/desk/series/{row}/share"),
            &[("label", "nieuwsbrief")],
        )
        .await
        .text();

    // Everything that anyone could have copied.
    let mut given = addresses(&mailing);
    given.retain(|address| !address.contains("/preview"));
    let mut pages = vec![
        "/".to_owned(),
        "/feed.xml".to_owned(),
        "/sitemap.xml".to_owned(),
    ];
    for slug in ["reeks", "andere"] {
        for path in [
            "/series/SLUG",
            "/series/SLUG/feed.xml",
            "/series/SLUG/podcast.xml",
            "/share/series/SLUG",
            "/embed/series/SLUG",
            "/api/series/SLUG",
        ] {
            pages.push(path.replace("SLUG", slug));
        }
    }
    for id in &ids {
        pages.extend(
            [
                "/watch/ID",
                "/embed/ID",
                "/share/ID",
                "/api/recordings/ID",
                "/posters/ID-play.jpg?w=600",
            ]
            .map(|path| path.replace("ID", id)),
        );
    }
    for page in pages {
        given.extend(addresses(&site.get(&page).await.is(200).text()));
        given.insert(page);
    }
    // Seen once, before anything happens: all of them answer.
    for address in &given {
        assert!(
            matches!(follow(&site, address).await, (200, _, 0)),
            "{address}"
        );
    }
    assert!(given.len() > 120, "{} addresses", given.len());
    for kind in [
        "/media/",
        "/captions/",
        "/transcripts/",
        "/chapters/",
        "/posters/",
        "/l/",
        "/oembed?",
        "/speakers/",
        "/api/",
        "/embed/",
        "/share/",
    ] {
        assert!(
            given.iter().any(|address| address.starts_with(kind)),
            "none of {kind}"
        );
    }

    // Years go by. The second moves to the other series; the third gets a new file; the fourth is withdrawn, the fifth is put in
    // the trash, the sixth is wiped for good; the series gets another name, and then goes up in the other one.
    let other = mira.series("Reeks andere").await;
    mira.move_to(&other, &ids[1]).await;
    site.put_clip("reeks/03-deel.mp4", 99);
    site.scan().await;
    let withdrawn = site.read("reeks/04-deel.toml");
    site.put("reeks/04-deel.toml", format!("visibility = \"withdrawn\"\nwithdrawn_reason = \"Verouderd\"\nreplaced_by = \"{}\"\n{withdrawn}", ids[2]));
    site.scan().await;
    for id in [&ids[4], &ids[5]] {
        mira.does(&format!("/desk/recordings/{id}/trash"), &[])
            .await;
    }
    mira.does(
        &format!("/desk/recordings/{}/erase", ids[5]),
        &[("sure", "yes")],
    )
    .await;
    let known_as = podcast_guid(&site, "reeks").await;
    site.rename("reeks", "nieuwe-naam");
    site.scan().await;
    site.work_until_idle().await;
    replay(&site, &given, &ids, "nieuwe-naam").await;
    // Programs know a podcast by its guid: under another name it is the same one.
    assert_eq!(podcast_guid(&site, "nieuwe-naam").await, known_as);
    // And in a catalogue made again from the folder; but a link to what was wiped for good was wiped with it.
    given.retain(|address| !address.starts_with("/l/"));
    let site = site.without_its_catalogue().await;
    site.scan().await;
    site.work_until_idle().await;
    replay(&site, &given, &ids, "nieuwe-naam").await;
    // Merged: the rest moves as well, and the empty folder goes.
    for file in std::fs::read_dir(site.path("nieuwe-naam")).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        if name != "series.toml" && !name.starts_with('.') {
            site.rename(
                &format!("nieuwe-naam/{name}"),
                &format!("andere/{}", name.replacen('0', "1", 1)),
            );
        }
    }
    std::fs::remove_dir_all(site.path("nieuwe-naam")).unwrap();
    site.scan().await;
    site.work_until_idle().await;
    replay(&site, &given, &ids, "andere").await;
}

async fn podcast_guid(site: &Site, slug: &str) -> String {
    let feed = site.get(&format!("/series/{slug}/podcast.xml")).await;
    between(&feed.is(200).text(), "<podcast:guid>", "</podcast:guid>")
}

/// Asks for all of them again.
async fn replay(site: &Site, given: &BTreeSet<String>, ids: &[String], slug: &str) {
    let mut wrong = Vec::new();
    for address in given {
        let (status, text, steps) = follow(site, address).await;
        let of = |number: usize| address.contains(&ids[number]);
        // A series in a frame goes on with what there is.
        let is_gone = (of(3) || of(4) || of(5)) && !address.starts_with("/embed/series/");
        let is_picture = address.starts_with("/posters/");
        let is_fine = match status {
            200 => !is_gone || is_picture || address.starts_with("/oembed"),
            // What took its place is said where there is room to say it.
            410 => {
                is_gone
                    && (!address.starts_with(&format!("/watch/{}", ids[3]))
                        || text.contains(&ids[2]))
            }
            // A script that asks about something that went hears that there is nothing to show; a mailing's link to it too.
            404 => is_gone && address.starts_with("/oembed"),
            _ => false,
        };
        // The link of a mailing names no recording; it opens one or says that it is over.
        let is_fine = is_fine || address.starts_with("/l/") && matches!(status, 200 | 410);
        if !is_fine || steps > 1 {
            wrong.push(format!("{status} after {steps} steps: {address}"));
        }
    }
    assert_eq!(
        wrong,
        Vec::<String>::new(),
        "{} of {}",
        wrong.len(),
        given.len()
    );
    // Where they land.
    for (number, title) in [(0, "reeks 1"), (1, "reeks 2"), (2, "reeks 3")] {
        let (_, text, _) = follow(site, &format!("/watch/{}", ids[number])).await;
        assert!(text.contains(title));
    }
    let (_, text, steps) = follow(site, "/series/reeks").await;
    assert!(text.contains(&format!("/series/{slug}")) && steps == 1);
}
