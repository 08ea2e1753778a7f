//! What one person may have is not what the next one gets: whoever asked before, on whichever connection, each request is answered
//! for whoever sends it.

use terugkijken::catalogue::coordinator::Role;

use crate::support::crowd::Crowd;
use crate::support::desk::Desk;
use crate::support::program::command;
use crate::support::rfc9110::Asked;
use crate::support::shelf::{WAYS, Way};
use crate::support::talk::Talk;
use crate::support::{Site, clips};

const NOW: i64 = 1_800_000_000; // 2027-01-15T08:00:00Z

struct Stage {
    site: Site,
    mira: Desk,
    film: Vec<u8>,
    page: String,
    address: String,
}

/// A recording that only these may see.
async fn stage((_, settings): Way, visibility: &str) -> Stage {
    let site = Site::open_with(settings).await;
    site.app.clock.hold(NOW);
    let film = clips::padded(1, 300_000);
    site.put(
        "reeks/series.toml",
        "title = \"Reeks\"\nvisibility = \"public\"\n",
    );
    site.put("reeks/01-begin.toml", "");
    site.put("reeks/01-begin.mp4", &film);
    site.scan().await;
    let address = site.address(&site.recording("Begin").await["sources"][0]["url"]);
    let mira = site.colleague("mira", Role::Editor).await;
    let page = format!("/desk/recordings/{}", site.id_in("reeks/01-begin.toml"));
    let stage = Stage {
        site,
        mira,
        film,
        page,
        address,
    };
    stage.shows_to(visibility).await;
    stage
}

impl Stage {
    async fn shows_to(&self, visibility: &str) {
        let page = format!("{}/visibility", self.page);
        self.mira.fill(&page, &[("visibility", visibility)]).await;
    }

    fn with_link(&self, link: &str) -> String {
        format!("{}?link={}", self.address, link.trim_start_matches("/l/"))
    }

    fn cookie(&self) -> Vec<u8> {
        self.mira.credential().unwrap().1.into_bytes()
    }
}

/// Everything that can be asked of it: parts, its head, whether what somebody has is current. `etags`: all that anybody was told.
fn questions(etags: &[String]) -> Vec<Asked> {
    let range = |text: &str| ("range", format!("bytes={text}").into_bytes());
    let mut lines = vec![
        Vec::new(),
        vec![range("0-1")],
        vec![range("100-99999")],
        vec![range("0-0,-1")],
        vec![range("999999999-")],
    ];
    for etag in etags {
        let etag = etag.clone().into_bytes();
        lines.push(vec![("if-none-match", etag.clone())]);
        lines.push(vec![("if-match", etag.clone())]);
        lines.push(vec![range("5-9"), ("if-range", etag)]);
    }
    let asked = lines.into_iter().flat_map(|lines| {
        ["GET", "HEAD"].map(|method| Asked {
            method,
            lines: lines.clone(),
        })
    });
    asked.collect()
}

/// Asks one after another on one connection, as a proxy brings the requests of many: who may see it, then who may not.
async fn never_gets(stage: &Stage, cookie: Option<Vec<u8>>, may: &str, may_not: &str) {
    let mut talk = Talk::to(stage.site.host()).await;
    let allowed = |mut asked: Asked| {
        asked
            .lines
            .extend(cookie.clone().map(|value| ("cookie", value)));
        asked
    };
    let whole = Asked {
        method: "GET",
        lines: Vec::new(),
    };
    talk.ask(&allowed(whole), may).await;
    let heard = talk.hear("GET").await.unwrap();
    assert!(
        heard.status == 200 && heard.body == stage.film,
        "{}",
        heard.head
    );
    assert_eq!(heard.header("cache-control"), Some("private, no-cache"));
    let etag = heard.header("etag").unwrap().to_owned();
    let public = etag.replace("-private", "");
    assert_ne!(etag, public);
    for asked in questions(&[etag, public, "*".to_owned()]) {
        talk.ask(&allowed(asked.clone()), may).await;
        let heard = talk.hear(asked.method).await.unwrap();
        assert!(heard.status < 500 && heard.status != 404, "{}", heard.head);
        talk.ask(&asked, may_not).await;
        let heard = talk.hear(asked.method).await.unwrap();
        assert!(
            matches!(heard.status, 404 | 410),
            "{asked:?}: {}",
            heard.head
        );
        assert_eq!(heard.header("etag"), None);
        assert_eq!(heard.header("content-range"), None);
    }
}

#[tokio::test]
async fn a_draft_that_a_coordinator_watches_is_not_there_for_the_visitor_who_asks_next() {
    for way in WAYS {
        for visibility in ["draft", "link", "withdrawn"] {
            let stage = stage(way, visibility).await;
            let cookie = Some(stage.cookie());
            never_gets(&stage, cookie, &stage.address, &stage.address).await;
        }
    }
}

#[tokio::test]
async fn what_a_link_opens_is_not_there_for_who_has_no_link_or_another_one() {
    for way in WAYS {
        let stage = stage(way, "link").await;
        let link = stage.mira.hand_out(&stage.page, "mei", "").await;
        let may = stage.with_link(&link);
        never_gets(&stage, None, &may, &stage.address).await;
        let other = stage.mira.hand_out(&stage.page, "juni", "").await;
        let other = stage.with_link(&other);
        stage.site.get(&other).await.is(200);
        let links = stage.mira.get(&format!("{}/links", stage.page)).await;
        let withdraw = format!("{}/links/withdraw", stage.page);
        let form = links.is(200).page().form_to(&withdraw);
        // The first one in the list is withdrawn, whichever it is: the other goes on.
        form.send(&stage.mira, None).await.is(303);
        let statuses = [
            stage.site.get(&may).await.status,
            stage.site.get(&other).await.status,
        ];
        let (may, gone) = match statuses {
            [200, 404 | 410] => (may, other),
            [404 | 410, 200] => (other, may),
            _ => panic!("{statuses:?}"),
        };
        never_gets(&stage, None, &may, &gone).await;
    }
}

#[tokio::test]
async fn who_gave_the_password_of_a_series_opens_it_for_nobody_else() {
    for way in WAYS {
        let stage = stage(way, "public").await;
        let series = stage.mira.series("Reeks").await;
        let lock = format!("/desk/series/{series}/password");
        let password = [("password", "samen verder")];
        stage.mira.does(&lock, &password).await;
        let opened = stage.site.post("/series/reeks/unlock", &password).await;
        let opened = opened.is(303).location().to_owned();
        let (_, link) = opened.split_once("link=").unwrap();
        let may = stage.with_link(link);
        never_gets(&stage, None, &may, &stage.address).await;
    }
}

#[tokio::test]
async fn what_visitors_watched_goes_on_for_coordinators_when_it_is_a_draft_and_comes_back_for_all()
{
    for way in WAYS {
        let stage = stage(way, "public").await;
        let Stage {
            site,
            mira,
            film,
            address,
            ..
        } = &stage;
        let etag = format!("\"{}\"", address.split('/').nth(3).unwrap());
        for _ in 0..2 {
            let public = site.get(address).await.is(200).says("etag", &etag);
            assert!(public.body == *film);
            assert!(
                public
                    .header("cache-control")
                    .unwrap()
                    .starts_with("public")
            );
            stage.shows_to("draft").await;
            site.get(address).await.is(410);
            let seen = mira.get(address).await.is(200);
            assert!(seen.body == *film);
            assert_eq!(seen.header("cache-control"), Some("private, no-cache"));
            site.get(address).await.is(410);
            stage.shows_to("public").await;
            let mirror = mira.get(address).await.is(200);
            assert!(mirror.body == *film);
        }
    }
}

#[tokio::test]
async fn a_replaced_version_is_watched_by_coordinators_alone_whoever_asked_first() {
    for way in WAYS {
        let stage = stage(way, "public").await;
        let Stage {
            site,
            mira,
            film,
            address,
            page,
            ..
        } = &stage;
        let id = page.rsplit('/').next().unwrap();
        site.get(address).await.is(200);
        let metadata = [("filename", "nieuw.mp4"), ("replaces", id)];
        let new = clips::padded(2, 310_000);
        mira.upload(new.clone(), &metadata).await;
        for _ in 0..3 {
            assert!(mira.get(address).await.is(200).body == *film);
            let led = site.get(address).await.is(308).location().to_owned();
            assert!(site.get(&led).await.is(200).body == new);
            let range = site.ask(reqwest::Method::GET, address);
            site.send(range.header("range", "bytes=5-9")).await.is(410);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_command_publishes_is_there_for_the_very_next_request_of_a_hundred_players() {
    for way in WAYS {
        let stage = stage(way, "public").await;
        let series = stage.mira.series("Reeks").await;
        let form = [("visibility", "draft"), ("sure", "yes")];
        let all = format!("/desk/series/{series}/all");
        stage.mira.does(&all, &form).await;
        // Its own word went with that, so that it follows the series.
        let sidecar = stage.site.read("reeks/01-begin.toml");
        let follows = sidecar
            .lines()
            .filter(|line| !line.starts_with("visibility"));
        let follows: Vec<&str> = follows.collect();
        stage.site.put("reeks/01-begin.toml", follows.join("\n"));
        stage.site.scan().await;
        let crowd = Crowd::gather(stage.site.host(), &stage.address, &[404, 410]).await;
        let folder = stage.site.folder().to_owned();
        let publish = ["series", "publish", "reeks"];
        let done = tokio::task::spawn_blocking(move || command(&folder, &publish, ""));
        let (is_well, printed, warned) = done.await.unwrap();
        assert!(is_well, "{printed} {warned}");
        for heard in crowd.after().await {
            assert!(matches!(heard.status, 200 | 206 | 304), "{}", heard.head);
        }
    }
}

#[tokio::test]
async fn what_becomes_visible_and_ends_by_the_clock_does_so_at_that_second() {
    for (way, from, until) in WAYS.iter().flat_map(|way| [(*way, 60, 120), (*way, 1, 2)]) {
        let stage = stage(way, "public").await;
        let Stage { site, address, .. } = &stage;
        let moment = |seconds: i64| jiff::Timestamp::from_second(NOW + seconds).unwrap();
        let (begin, end) = (moment(from), moment(until));
        let text = site.read("reeks/01-begin.toml");
        let text = format!("visible_from = {begin}\nvisible_until = {end}\n{text}");
        site.put("reeks/01-begin.toml", text);
        site.scan().await;
        // Also when the clock is put back, as clocks are.
        for seconds in [
            0,
            from - 1,
            from,
            until - 1,
            until,
            from,
            until + 1,
            from - 1,
            until - 1,
        ] {
            site.app.clock.hold(NOW + seconds);
            let is_seen = (from..until).contains(&seconds);
            for _ in 0..2 {
                let status = site.get(address).await.status;
                assert_eq!(status == 200, is_seen, "{seconds}: {status}");
            }
        }
    }
}
