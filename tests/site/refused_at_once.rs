//! What is taken away is refused by the very next request, whatever a hundred players are asking at that moment: each request that
//! begins after the answer of the desk, the end of a command or the move of the clock.

use std::fs::File;
use std::io::Write;

use terugkijken::catalogue::coordinator::Role;

use crate::support::crowd::Crowd;
use crate::support::desk::Desk;
use crate::support::program::command;
use crate::support::shelf::{WAYS, Way};
use crate::support::talk::Heard;
use crate::support::{Site, clips};

const NOW: i64 = 1_800_000_000; // 2027-01-15T08:00:00Z

/// Answers of what can be played.
const PLAYED: &[u16] = &[200, 206, 304];

/// How a recording is taken away, and how visitors are answered then.
const ENDS: &[(&str, &[u16])] = &[
    ("draft", &[404, 410]),
    ("withdrawn", &[410]),
    ("link", &[404, 410]),
    ("trash", &[410]),
    ("bulk", &[404, 410]),
    ("wiped", &[410]),
    ("replaced", &[308, 410]),
    ("series", &[404, 410]),
    ("password", &[404]),
    ("moved to a draft series", &[404, 410]),
    ("until", &[404, 410]),
    ("from", &[404, 410]),
    ("sidecar", &[404, 410]),
    ("series sidecar", &[404, 410]),
    ("command", &[404, 410]),
    ("file removed", &[404, 410, 503]),
    ("file renamed over", &[503]),
    ("file written over", &[503]),
    ("file cut", &[503]),
];

struct Stage {
    site: Site,
    mira: Desk,
}

async fn stage((_, settings): Way) -> Stage {
    let site = Site::open_with(settings).await;
    site.app.clock.hold(NOW);
    for (number, (name, _)) in (1..).zip(ENDS) {
        let when = match *name {
            "until" => "visible_until = 2027-01-15T08:01:00Z\n",
            "from" => "visible_from = 2027-01-15T07:59:00Z\n",
            _ => "",
        };
        let shown = match *name {
            "series" | "series sidecar" | "moved to a draft series" => String::new(),
            _ => format!("visibility = \"public\"\n{when}"),
        };
        site.put(&format!("{name}/01-begin.toml"), shown);
        site.put(
            &format!("{name}/series.toml"),
            format!("title = \"{name}\"\nvisibility = \"public\"\n"),
        );
        site.put(
            &format!("{name}/01-begin.mp4"),
            clips::padded(number, 200_000),
        );
    }
    site.put(
        "weg/series.toml",
        "title = \"weg\"\nvisibility = \"draft\"\n",
    );
    site.scan().await;
    let mira = site.colleague("mira", Role::Administrator).await;
    Stage { site, mira }
}

impl Stage {
    fn id(&self, name: &str) -> String {
        self.site.id_in(&format!("{name}/01-begin.toml"))
    }

    async fn address(&self, name: &str) -> String {
        let path = format!("/api/recordings/{}", self.id(name));
        let told = self.site.json(&path).await;
        self.site.address(&told["sources"][0]["url"])
    }

    /// Fills in the form of a page and sends it. Done when the answer has come.
    async fn fills(&self, page: &str, fields: &[(&str, &str)]) {
        let form = self.mira.form(page).await.with(fields);
        form.send(&self.mira, None).await.is(303);
    }

    async fn posts(&self, path: &str, fields: &[(&str, &str)]) {
        self.mira.post(path, fields).await.is(303);
    }

    /// Changes what a file of the folder says, as somebody does who does not use the desk.
    fn says(&self, file: &str, from: &str, to: &str) {
        let text = self.site.read(file);
        assert!(from.is_empty() || text.contains(from), "{text}");
        self.site.put(file, text.replace(from, to));
    }

    /// Takes a recording away.
    async fn end(&self, name: &str) {
        let Self { site, mira } = self;
        let id = self.id(name);
        let page = format!("/desk/recordings/{id}");
        let series = format!("/desk/series/{}", mira.series(name).await);
        let visibility = format!("{page}/visibility");
        let film = format!("{name}/01-begin.mp4");
        let sidecar = format!("{name}/01-begin.toml");
        match name {
            "draft" | "withdrawn" | "link" => {
                self.fills(&visibility, &[("visibility", name)]).await;
            }
            "trash" => self.posts(&format!("{page}/trash"), &[]).await,
            "bulk" => drop(mira.change(&[&id], &[("act", "draft")]).await.is(200)),
            "wiped" => {
                self.posts(&format!("{page}/trash"), &[]).await;
                let sure = [("sure", "yes")];
                self.posts(&format!("{page}/erase"), &sure).await;
            }
            "replaced" => {
                let metadata = [("filename", "nieuw.mp4"), ("replaces", &id)];
                let upload = mira.upload(clips::padded(99, 200_000), &metadata).await;
                assert_eq!(mira.report(&upload).await["state"], "done");
            }
            "series" => {
                let form = [("visibility", "draft"), ("sure", "yes")];
                self.posts(&format!("{series}/all"), &form).await;
            }
            "password" => {
                let form = [("password", "samen verder")];
                self.posts(&format!("{series}/password"), &form).await;
            }
            "moved to a draft series" => {
                mira.move_to(&mira.series("weg").await, &id).await;
            }
            "until" => site.app.clock.hold(NOW + 60),
            "from" => site.app.clock.hold(NOW - 61),
            "sidecar" => {
                self.says(&sidecar, "\"public\"", "\"draft\"");
                site.scan().await;
            }
            "series sidecar" => {
                self.says("series sidecar/series.toml", "\"public\"", "\"link\"");
                site.scan().await;
            }
            "command" => {
                self.says(&sidecar, "\"public\"", "\"draft\"");
                let folder = site.folder().to_owned();
                let done = tokio::task::spawn_blocking(move || command(&folder, &["scan"], ""));
                let (is_well, printed, warned) = done.await.unwrap();
                assert!(is_well, "{printed} {warned}");
            }
            "file removed" => site.remove(&film),
            "file renamed over" => {
                site.put(&format!("{name}/nieuw"), clips::padded(98, 200_000));
                site.rename(&format!("{name}/nieuw"), &film);
            }
            "file written over" => {
                let file = File::options().write(true).open(site.path(&film));
                let written = clips::padded(97, 200_000);
                file.unwrap().write_all(&written).unwrap();
            }
            "file cut" => {
                let file = File::options().write(true).open(site.path(&film));
                file.unwrap().set_len(150_000).unwrap();
            }
            _ => panic!("{name}"),
        }
    }
}

/// None of these brings a byte of the recording, or says that what somebody has is current.
fn refused(name: &str, statuses: &[u16], answers: &[Heard]) {
    for Heard { status, head, .. } in answers {
        assert!(statuses.contains(status), "{name}: {head}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_taken_away_is_refused_by_the_very_next_request_of_a_hundred_players() {
    // Who may see a recording is the same whichever way its bytes leave; whether the file is the one that is known is asked by both.
    for (way, is_meant) in [(WAYS[0], ""), (WAYS[1], "file ")] {
        let stage = stage(way).await;
        for (name, statuses) in ENDS.iter().filter(|(name, _)| name.starts_with(is_meant)) {
            let address = stage.address(name).await;
            let crowd = Crowd::gather(stage.site.host(), &address, PLAYED).await;
            stage.end(name).await;
            refused(name, statuses, &crowd.after().await);
            stage.site.app.clock.hold(NOW);
        }
    }
}
