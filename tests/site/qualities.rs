//! What a visitor is offered of a film of which there are several files: to the browser as sources, to whoever chooses with what each
//! costs, and to whoever has no script as links.

use std::collections::HashSet;

use crate::processing::{make, site};
use crate::support::Site;

/// The stem of a file, the sources of its page with the screens they are for, and what one may choose.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [&'a str]);

const SOUND: &str = "-f lavfi -i sine=frequency=440:duration=3";

fn film(size: &str) -> String {
    format!("-f lavfi -i testsrc2=size={size}:rate=10:duration=3")
}

/// The `<source>` elements of a page, each as the end of its address and the screens it is for.
fn sources(page: &str) -> Vec<(String, String)> {
    let tags = page.split("<source ").skip(1);
    tags.map(|tag| {
        let tag = tag.split('>').next().unwrap();
        let value = |name: &str| {
            let rest = tag.split_once(&format!("{name}=\""));
            rest.map_or("", |(_, rest)| rest.split('"').next().unwrap())
        };
        let file = value("src").rsplit('/').next().unwrap().to_owned();
        (file, value("media").to_owned())
    })
    .collect()
}

/// The words to choose among, in their order.
fn choices(page: &str) -> Vec<String> {
    let Some((_, list)) = page.split_once("<select data-quality") else {
        return Vec::new();
    };
    let list = list.split("</select>").next().unwrap();
    list.split("<option ")
        .skip(1)
        .map(|option| {
            let words = option.split_once('>').unwrap().1;
            words.split(" · ").next().unwrap().to_owned()
        })
        .collect()
}

fn links(page: &str) -> usize {
    page.split_once("<noscript>").map_or(0, |(_, rest)| {
        rest.split("</noscript>")
            .next()
            .unwrap()
            .matches("href=\"/media/")
            .count()
    })
}

async fn page(site: &Site, path: &str) -> String {
    site.get(path).await.is(200).text()
}

#[tokio::test]
async fn a_film_is_offered_to_each_screen_in_the_size_that_fits_it() {
    let site = site().await;
    let codecs = "-c:v libx264 -pix_fmt yuv420p -c:a aac";
    for (name, arguments) in [
        (
            "01-film.mp4",
            format!("{} {SOUND} {codecs}", film("1280x720")),
        ),
        (
            "02-staand.mp4",
            format!("{} {SOUND} {codecs}", film("720x1280")),
        ),
        ("03-stil.mp4", format!("{} {codecs}", film("1280x720"))),
        (
            "04-klein.mp4",
            format!("{} {SOUND} {codecs}", film("320x180")),
        ),
        (
            "05-oud.avi",
            format!("{} {SOUND} -c:v mpeg4 -c:a mp3", film("1280x720")),
        ),
        ("06-geluid.mp3", format!("{SOUND} -c:a libmp3lame")),
    ] {
        make(&site.path(&format!("reeks/{name}")), &arguments);
    }
    site.scan().await;
    site.work_until_idle().await;
    // Also held upright a phone is no wider than the longest side.
    let screens = "(max-width: 640px), (max-height: 360px)";
    // The sound stands there twice, as Opus and for all; a script leaves one.
    let (best, small, sound) = ("Beste beeld", "Klein beeld (360p)", "Alleen geluid");
    let cases: [Case<'_>; 6] = [
        (
            "01-film",
            &[("01-film-360p.mp4", screens), ("01-film.mp4", "")],
            &[best, small, sound, sound],
        ),
        (
            "02-staand",
            &[("02-staand-360p.mp4", screens), ("02-staand.mp4", "")],
            &[best, small, sound, sound],
        ),
        (
            "03-stil",
            &[("03-stil-360p.mp4", screens), ("03-stil.mp4", "")],
            &[best, small],
        ),
        ("04-klein", &[("04-klein.mp4", "")], &[best, sound, sound]),
        // What only some players take is in no source and no choice; what was made of it stands in its place.
        (
            "05-oud",
            &[("05-oud-360p.mp4", screens), ("05-oud.mp4", "")],
            &[best, small, sound, sound],
        ),
        ("06-geluid", &[("06-geluid.mp3", "")], &[]),
    ];
    for (stem, expected, chosen) in cases {
        let id = site.id_in(&format!("reeks/{stem}.toml"));
        for path in [format!("/watch/{id}"), format!("/embed/{id}")] {
            let page = page(&site, &path).await;
            let sources = sources(&page);
            let sources: Vec<_> = sources
                .iter()
                .map(|(a, b)| (a.as_str(), b.as_str()))
                .collect();
            assert_eq!(sources, expected, "{path} of {stem}");
            assert_eq!(choices(&page), chosen, "{path} of {stem}");
            let qualities = chosen.iter().collect::<HashSet<_>>().len();
            let is_watch = path.starts_with("/watch");
            assert_eq!(links(&page), if is_watch { qualities } else { 0 }, "{path}");
        }
    }
    what_it_costs(&site).await;
}

/// What watching costs stands before it begins: at most, and with less.
async fn what_it_costs(site: &Site) {
    let id = site.id_in("reeks/01-film.toml");
    let (nl, en) = (
        page(site, &format!("/watch/{id}")).await,
        page(site, &format!("/watch/{id}?lang=en")).await,
    );
    let facts = |page: &str| {
        let list = page.split_once("<ul class=\"facts\">").unwrap().1;
        list.split("</ul>").next().unwrap().replace('\u{a0}', " ")
    };
    let size = |stem: &str| {
        let sizes = nl.split(&format!("{stem}\"")).nth(1).unwrap();
        let label = sizes.split_once(" · ").unwrap().1;
        label.split('<').next().unwrap().replace('\u{a0}', " ")
    };
    // Of the sound what it costs at most, which is the one for all.
    let [whole, small, sound] = ["value=\"best", "value=\"360p", "sound.m4a"].map(size);
    assert!(whole != small && small != sound, "the premise");
    let expected = format!("<li>{whole}</li><li>klein beeld {small} · alleen geluid {sound}</li>");
    assert!(facts(&nl).contains(&expected), "{} {expected}", facts(&nl));
    assert!(facts(&en).contains("small picture"), "{}", facts(&en));
    // Where the file is not handed out, neither are its renditions.
    let sidecar = site.read("reeks/01-film.toml");
    site.put("reeks/01-film.toml", format!("download = false\n{sidecar}"));
    site.scan().await;
    let page = page(site, &format!("/watch/{id}")).await;
    assert_eq!((links(&page), choices(&page).len()), (0, 4));
}

#[tokio::test]
async fn a_screen_of_any_size_gets_a_file_that_plays_also_where_a_larger_one_plays_in_some_browsers()
 {
    let site = Site::open().await;
    site.put(
        "reeks/series.toml",
        "title = \"Reeks\"\nvisibility = \"public\"\n",
    );
    let small = film("320x180");
    make(
        &site.path("reeks/01-film.mp4"),
        &format!("{small} {SOUND} -c:v libx264 -pix_fmt yuv420p -c:a aac"),
    );
    make(
        &site.path("reeks/01-film.mkv"),
        &format!(
            "{} {SOUND} -c:v libx265 -x265-params log-level=error -c:a aac",
            film("640x360")
        ),
    );
    site.scan().await;
    let page = page(
        &site,
        &format!("/watch/{}", site.id_in("reeks/01-film.toml")),
    )
    .await;
    let screens = "(max-width: 320px), (max-height: 180px)";
    let expected = [
        ("01-film.mp4", screens),
        ("01-film.mkv", ""),
        ("01-film.mp4", ""),
    ];
    assert_eq!(
        sources(&page),
        expected.map(|(file, screens)| (file.to_owned(), screens.to_owned()))
    );
}
