//! A recording without a picture gets one of its film: by itself where no visitor comes yet, as a proposal elsewhere, and never one that
//! somebody took away.

use terugkijken::catalogue::coordinator::Role;
use terugkijken::config::{Config, Pictures};

use crate::processing::make;
use crate::support::Site;
use crate::support::desk::{Desk, picture};

/// A portal with ffmpeg, whose recordings are drafts unless they say otherwise.
async fn site_with(change: impl FnOnce(&mut Config)) -> (Site, Desk) {
    let site = Site::open_with(|config| {
        config.ffmpeg = "ffmpeg".to_owned();
        config.free_mb = 0;
        config.niceness = 0;
        config.renditions = terugkijken::config::Renditions::None;
        change(config);
    })
    .await;
    site.put("reeks/series.toml", "title = \"Reeks\"\n");
    let mira = site.colleague("mira", Role::Editor).await;
    (site, mira)
}

async fn site() -> (Site, Desk) {
    site_with(|_| {}).await
}

/// A film of twelve seconds, of which the first five and the last two are black; `seed`: what it shows, and in which size.
const BLACK_AROUND: &str = "-f lavfi -i testsrc2=size=SIZE:rate=5:duration=12 -vf hue=h=HUE,drawbox=color=black:t=fill:enable='lt(t,5)+gt(t,10)' -c:v libx264 -pix_fmt yuv420p";

/// Puts a film with a black begin and end into the folder, and lets the portal do what it does by itself.
async fn film(site: &Site, name: &str, size: &str, hue: &str) {
    put_film(site, name, size, hue);
    site.scan().await;
    site.work_until_idle().await;
}

fn put_film(site: &Site, name: &str, size: &str, hue: &str) {
    let arguments = BLACK_AROUND
        .replace("SIZE", size)
        .replace("HUE", hue)
        .replace('\'', "");
    let path = site.path(&format!("reeks/{name}.mp4"));
    // A comma stands between filters, unless it is escaped.
    let arguments = arguments.replace(",5)", "\\,5)").replace(",10)", "\\,10)");
    make(&path, &arguments);
}

/// Average light, width and height of a JPEG.
fn seen(bytes: &[u8]) -> (f64, u32, u32) {
    let picture = image::load_from_memory(bytes).unwrap().to_luma8();
    let sum: u64 = picture.pixels().map(|it| u64::from(it.0[0])).sum();
    let count = u64::from(picture.width()) * u64::from(picture.height());
    #[expect(clippy::cast_precision_loss, reason = "the numbers are small")]
    let light = sum as f64 / count as f64;
    (light, picture.width(), picture.height())
}

/// The addresses of the frames on the page with the files, in their order.
async fn frames(mira: &Desk, id: &str) -> Vec<String> {
    let page = mira.get(&format!("/desk/recordings/{id}/files")).await;
    let text = page.is(200).text();
    let start = format!("/desk/recordings/{id}/frames/");
    let opening = format!("src=\"{start}");
    let parts = text.split(&opening).skip(1);
    parts
        .map(|rest| format!("{start}{}", rest.split('"').next().unwrap()))
        .collect()
}

/// The moment in the address of a frame.
fn moment(frame: &str) -> &str {
    let (_, file) = frame.split_once("/frames/").unwrap();
    file.split('.').next().unwrap()
}

/// The poster as visitors and coordinators get it: its bytes.
async fn poster(asked_by: &crate::support::Client, id: &str) -> Vec<u8> {
    let answer = asked_by.get(&format!("/posters/{id}.jpg")).await.is(200);
    answer.body.to_vec()
}

async fn poster_version(site: &Site, id: &str) -> Option<String> {
    let id = id.to_owned();
    let found = site.app.db.read(move |conn| {
        let sql = "SELECT poster.version FROM recording LEFT JOIN poster ON poster.recording_id = recording.id WHERE public_id = ?1";
        Ok(conn.query_row(sql, [id], |row| row.get(0))?)
    });
    found.await.unwrap()
}

/// The names of files in a folder below the data folder.
fn kept(site: &Site, folder: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(site.app.config.data.join(folder)) else {
        return Vec::new();
    };
    entries
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[tokio::test]
async fn a_draft_that_begins_in_black_gets_a_bright_picture_by_itself() {
    let (site, mira) = site().await;
    film(&site, "01-begin", "640x360", "0").await;
    let id = site.id_in("reeks/01-begin.toml");
    assert!(poster_version(&site, &id).await.is_some());
    let (light, width, height) = seen(&poster(&mira, &id).await);
    assert!(light > 60.0, "{light}");
    assert_eq!((width, height), (640, 360));
    // The black ones are not among those to choose from, and none is there twice.
    let all = frames(&mira, &id).await;
    assert!((3..=6).contains(&all.len()), "{all:?}");
    let mut different = std::collections::HashSet::new();
    for frame in &all {
        let answer = mira
            .get(frame)
            .await
            .is(200)
            .says("content-type", "image/jpeg");
        assert!(seen(&answer.body).0 > 60.0, "{frame}");
        assert!(different.insert(answer.body.to_vec()), "{frame}");
    }
    // The page says so, in both languages, and which one it is.
    let files = format!("/desk/recordings/{id}/files");
    mira.get_dutch(&files)
        .await
        .shows("vanzelf uit de opname gekozen")
        .shows("in gebruik")
        .shows("Beeld op 0:0");
    mira.get(&format!("{files}?lang=en"))
        .await
        .shows("chosen from the recording by itself")
        .shows("in use");
    // Visitors neither see the recording nor what it would show; published, it is the picture for everybody.
    for address in all.iter().chain([&format!("/posters/{id}.jpg")]) {
        assert_ne!(site.get(address).await.status, 200, "{address}");
    }
    mira.change(&[&id], &[("act", "public")]).await.is(200);
    let public = poster(&site, &id).await;
    assert!(seen(&public).0 > 60.0);
    site.get("/series/reeks")
        .await
        .is(200)
        .shows(&format!("/posters/{id}.jpg"));
}

#[tokio::test]
async fn what_is_public_already_gets_a_proposal_that_nobody_sees_before_it_is_accepted() {
    for (visibility, setting) in [
        ("public", Pictures::Automatic),
        ("unlisted", Pictures::Automatic),
        ("link", Pictures::Automatic),
        ("draft", Pictures::Proposed),
    ] {
        let (site, mira) = site_with(|config| config.pictures = setting).await;
        site.put(
            "reeks/series.toml",
            format!("title = \"Reeks\"\nvisibility = \"{visibility}\"\n"),
        );
        film(&site, "01-begin", "320x180", "0").await;
        let id = site.id_in("reeks/01-begin.toml");
        assert_eq!(poster_version(&site, &id).await, None, "{visibility}");
        let all = frames(&mira, &id).await;
        let files = format!("/desk/recordings/{id}/files");
        let page = mira.get_dutch(&files).await.is(200);
        let page = page.shows("ons voorstel").shows("heeft nog geen foto");
        for frame in &all {
            assert_ne!(site.get(frame).await.status, 200, "{visibility}: {frame}");
        }
        // What everybody gets has nothing of the film.
        let title = poster(&mira, &id).await;
        site.work_until_idle().await;
        assert_eq!(poster(&mira, &id).await, title);
        // The first one is chosen already, so that one click accepts it.
        let form = page
            .page()
            .form_to(&format!("/desk/recordings/{id}/poster/frame"));
        assert_eq!(page.page().value("frame"), moment(&all[0]));
        mira.follow(form.send(&mira, None).await).await;
        site.work_until_idle().await;
        let best = mira.get(&all[0]).await.is(200).body;
        assert_eq!(
            std::fs::read(site.path("reeks/01-begin.jpg")).unwrap(),
            best
        );
        assert_ne!(poster(&mira, &id).await, title, "{visibility}");
        mira.get_dutch(&files)
            .await
            .shows("in gebruik")
            .hides("ons voorstel");
    }
}

#[tokio::test]
async fn a_replaced_film_gets_a_new_picture_and_the_one_of_before_is_gone() {
    let (site, mira) = site().await;
    film(&site, "01-begin", "320x180", "0").await;
    let id = site.id_in("reeks/01-begin.toml");
    let before = (poster_version(&site, &id).await, frames(&mira, &id).await);
    film(&site, "01-begin", "320x180", "180").await;
    let after = (poster_version(&site, &id).await, frames(&mira, &id).await);
    assert!(after.0.is_some() && after.0 != before.0, "{after:?}");
    assert_ne!(after.1, before.1);
    for frame in &after.1 {
        mira.get(frame).await.is(200);
    }
    // Of a public one nothing of the film of before is shown, and the new frame is a proposal.
    mira.change(&[&id], &[("act", "public")]).await.is(200);
    put_film(&site, "01-begin", "320x180", "90");
    site.scan().await;
    assert_eq!(poster_version(&site, &id).await, None);
    for frame in &after.1 {
        mira.get(frame).await.is(404);
    }
    site.work_until_idle().await;
    assert_eq!(poster_version(&site, &id).await, None);
    let files = format!("/desk/recordings/{id}/files");
    mira.get_dutch(&files).await.shows("ons voorstel");
    // A page that was open meanwhile chooses nothing by accident.
    let answer = mira
        .post(
            &format!("/desk/recordings/{id}/poster/frame?lang=nl"),
            &[("frame", "77")],
        )
        .await;
    assert_eq!(answer.status, 422);
    answer.shows("intussen vernieuwd");
}

#[tokio::test]
async fn a_picture_that_a_person_chose_stays_and_one_that_was_taken_away_does_not_come_back() {
    let (site, mira) = site().await;
    site.put("reeks/01-foto.png", picture(640));
    film(&site, "01-foto", "320x180", "0").await;
    film(&site, "02-kies", "320x180", "0").await;
    film(&site, "03-weg", "320x180", "0").await;
    let [own, chosen, taken] =
        ["01-foto", "02-kies", "03-weg"].map(|stem| site.id_in(&format!("reeks/{stem}.toml")));
    // Beside a picture of its own no frame is looked for.
    assert!(frames(&mira, &own).await.is_empty());
    let second = frames(&mira, &chosen).await.swap_remove(1);
    let choose = format!("/desk/recordings/{chosen}/poster/frame");
    mira.does(&choose, &[("frame", moment(&second))]).await;
    let remove = format!("/desk/recordings/{taken}/poster/remove");
    mira.does(&remove, &[]).await;
    assert_eq!(poster_version(&site, &taken).await, None);
    let mut before = Vec::new();
    for id in [&own, &chosen, &taken] {
        before.push(poster_version(&site, id).await);
    }
    for stem in ["01-foto", "02-kies", "03-weg"] {
        film(&site, stem, "320x180", "180").await;
    }
    for (id, before) in [&own, &chosen, &taken].into_iter().zip(&before) {
        assert_eq!(poster_version(&site, id).await, *before);
    }
    assert!(before[0].is_some() && before[1].is_some());
    let page = mira
        .get_dutch(&format!("/desk/recordings/{taken}/files"))
        .await;
    page.shows("wordt vanzelf geen foto gezet")
        .hides("ons voorstel");
    // A catalogue that is made again from the folder has the chosen picture; the picture of a person in the folder outweighs a frame.
    site.put("reeks/03-weg.png", picture(320));
    let site = site.without_its_catalogue().await;
    site.scan().await;
    site.work_until_idle().await;
    for (id, before) in [&own, &chosen].into_iter().zip(&before) {
        assert_eq!(poster_version(&site, id).await, *before);
    }
    assert!(poster_version(&site, &taken).await.is_some());
}

#[tokio::test]
async fn a_picture_put_beside_the_film_takes_the_place_of_a_frame() {
    let (site, mira) = site().await;
    film(&site, "01-begin", "320x180", "0").await;
    let id = site.id_in("reeks/01-begin.toml");
    let frame = poster_version(&site, &id).await;
    site.put("reeks/01-begin.png", picture(640));
    site.scan().await;
    site.work_until_idle().await;
    assert_ne!(poster_version(&site, &id).await, frame);
    assert_eq!(seen(&poster(&mira, &id).await).1, 640);
    let files = format!("/desk/recordings/{id}/files");
    mira.get_dutch(&files)
        .await
        .shows("Je kunt de foto vervangen");
    // A scan that sees no picture leaves a frame where it is, and takes nothing back that a person took away.
    site.remove("reeks/01-begin.png");
    site.scan().await;
    site.work_until_idle().await;
    assert_eq!(poster_version(&site, &id).await, None);
}

#[tokio::test]
async fn sound_alone_and_a_black_film_get_no_picture() {
    let (site, mira) = site().await;
    make(
        &site.path("reeks/01-geluid.mp3"),
        "-f lavfi -i sine=duration=3",
    );
    make(
        &site.path("reeks/02-geluid.mp4"),
        "-f lavfi -i sine=duration=3 -c:a aac",
    );
    make(
        &site.path("reeks/03-zwart.mp4"),
        "-f lavfi -i color=black:size=320x180:rate=5:duration=3 -pix_fmt yuv420p",
    );
    site.scan().await;
    site.work_until_idle().await;
    for stem in ["01-geluid", "02-geluid", "03-zwart"] {
        let id = site.id_in(&format!("reeks/{stem}.toml"));
        assert_eq!(poster_version(&site, &id).await, None, "{stem}");
        assert!(frames(&mira, &id).await.is_empty(), "{stem}");
    }
    mira.get("/desk/problems").await.is(200).hides("03-zwart");
    assert!(kept(&site, "frames").is_empty());
}

#[tokio::test]
async fn what_is_wiped_leaves_no_frame() {
    let (site, _) = site().await;
    let anna = site.colleague("anna", Role::Administrator).await;
    film(&site, "01-begin", "320x180", "0").await;
    let id = site.id_in("reeks/01-begin.toml");
    let of_it = |folder: &str| {
        let mut names = kept(&site, folder);
        names.retain(|name| name.starts_with(&id));
        names.len()
    };
    assert!(of_it("frames") >= 3 && of_it("posters") >= 1);
    let page = format!("/desk/recordings/{id}");
    anna.does(&format!("{page}/trash"), &[]).await;
    anna.does(&format!("{page}/erase"), &[("sure", "yes")])
        .await;
    assert_eq!((of_it("frames"), of_it("posters")), (0, 0));
}

#[tokio::test]
async fn frames_that_no_row_names_are_swept_and_others_stay() {
    let (site, mira) = site().await;
    film(&site, "01-begin", "320x180", "0").await;
    let id = site.id_in("reeks/01-begin.toml");
    let before = kept(&site, "frames").len();
    let folder = site.app.config.data.join("frames");
    let left = folder.join("zzzzzzzzzz-000000000000-1.aaaaaa.jpg");
    std::fs::write(&left, b"x").unwrap();
    for name in kept(&site, "frames") {
        let earlier = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
        let file = std::fs::File::options().write(true).open(folder.join(name));
        file.unwrap().set_modified(earlier).unwrap();
    }
    site.work_until_idle().await;
    assert!(!left.exists());
    assert_eq!(kept(&site, "frames").len(), before);
    for frame in frames(&mira, &id).await {
        mira.get(&frame).await.is(200);
    }
}

#[tokio::test]
async fn a_film_that_stands_upright_keeps_its_shape() {
    let (site, mira) = site().await;
    // As a phone stores it: lying, with a note to turn it.
    let lying = site.folder().join("lying.mp4");
    make(
        &lying,
        "-f lavfi -i testsrc2=size=640x360:rate=5:duration=6 -c:v libx264 -pix_fmt yuv420p",
    );
    make(
        &site.path("reeks/01-staand.mp4"),
        &format!("-i {} -c copy -metadata:s:v rotate=90", lying.display()),
    );
    film(&site, "02-hoog", "180x320", "0").await;
    for (stem, size) in [("01-staand", (360, 640)), ("02-hoog", (180, 320))] {
        let id = site.id_in(&format!("reeks/{stem}.toml"));
        let (_, width, height) = seen(&poster(&mira, &id).await);
        assert_eq!((width, height), size, "{stem}");
        mira.change(&[&id], &[("act", "public")]).await.is(200);
        for page in ["watch", "embed"] {
            let page = site.get(&format!("/{page}/{id}")).await.is(200);
            page.shows("data-portrait")
                .shows(&format!("width=\"{}\" height=\"{}\"", size.0, size.1));
        }
    }
}

#[tokio::test]
async fn without_ffmpeg_and_by_setting_no_frame_is_looked_for() {
    for (ffmpeg, setting) in [("", Pictures::Automatic), ("ffmpeg", Pictures::None)] {
        let (site, mira) = site_with(|config| {
            config.ffmpeg = ffmpeg.to_owned();
            config.pictures = setting;
        })
        .await;
        film(&site, "01-begin", "320x180", "0").await;
        let id = site.id_in("reeks/01-begin.toml");
        assert!(frames(&mira, &id).await.is_empty());
        assert_eq!(poster_version(&site, &id).await, None);
    }
}
