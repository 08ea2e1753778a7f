//! What every story stands on: [`Site`], a portal in a temporary folder, and [`clips`], recordings of two seconds.

pub mod chance;
pub mod clips;
pub mod counting;
pub mod crowd;
pub mod desk;
pub mod events;
pub mod find;
pub mod http;
pub mod leafing;
pub mod many;
pub mod markup;
pub mod nginx;
pub mod people;
pub mod program;
pub mod requests;
pub mod rfc9110;
pub mod sending;
pub mod shelf;
pub mod small_disk;
pub mod talk;
pub mod traces;
pub mod tus;
pub mod version_before;
pub mod wire;

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;
use terugkijken::app::App;
use terugkijken::config::Config;
use terugkijken::processing::{confined, worker};
use terugkijken::scan::full_scan;
use terugkijken::scan::report::{Finding, Report};
use terugkijken::server::{self, Limits, Stop, Stopper};
use terugkijken::{cli, router};
use tokio::net::TcpListener;

pub use http::{Answer, Client};
use program::PROGRAM;

/// A portal that serves on a port of its own until it is dropped.
pub struct Site {
    pub app: App,
    folder: TempDir,
    /// Any visitor.
    client: Client,
    serving: Serving,
}

/// The program serves as long as this is there.
struct Serving(Stopper);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// A portal is asked as a visitor asks it.
impl Deref for Site {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Site {
    /// An empty portal.
    pub async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    /// An empty portal with settings of its own.
    pub async fn open_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::in_folder(folder, change).await
    }

    async fn in_folder(folder: TempDir, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::in_folder(folder.path()).unwrap();
        // What ffmpeg makes of recordings is told by the stories of it, which name the program.
        config.ffmpeg = String::new();
        confined::launch_with(PROGRAM);
        change(&mut config);
        let app = cli::open(config).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = Client::new(&listener.local_addr().unwrap().to_string());
        let (stopper, stop) = Stop::by_hand();
        let answers = router::answers(&app);
        tokio::spawn(server::serve(listener, answers, Limits::default(), stop));
        Self {
            app,
            folder,
            client,
            serving: Serving(stopper),
        }
    }

    /// The same folders, served by a new program whose catalogue has to be made again.
    pub async fn without_its_catalogue(self) -> Self {
        self.started_again(|data| std::fs::remove_dir_all(data).unwrap())
            .await
    }

    /// The same folders, served by a new program.
    pub async fn restarted(self) -> Self {
        self.started_again(|_| {}).await
    }

    /// The same folders, served by a new program. `meanwhile`: what happens to the data folder.
    async fn started_again(self, meanwhile: impl FnOnce(&Path)) -> Self {
        let Self {
            app,
            folder,
            serving,
            ..
        } = self;
        drop(serving);
        let config = Config::clone(&app.config);
        drop(app);
        meanwhile(&config.data);
        Self::in_folder(folder, |fresh| *fresh = config).await
    }

    /// Puts a file into the media folder: `reeks/01-begin.mp4`.
    pub fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// Puts a recording of two seconds into the media folder; each `seed` is another one.
    pub fn put_clip(&self, name: &str, seed: u32) {
        self.put(name, clips::bytes(name, seed));
    }

    pub fn rename(&self, from: &str, to: &str) {
        std::fs::create_dir_all(self.path(to).parent().unwrap()).unwrap();
        std::fs::rename(self.path(from), self.path(to)).unwrap();
    }

    pub fn remove(&self, name: &str) {
        std::fs::remove_file(self.path(name)).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.media().join(name)
    }

    pub fn media(&self) -> &Path {
        self.app.library.media()
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Reads the media folder, as the server does every few minutes.
    pub async fn scan(&self) -> Report {
        full_scan::scan(&self.app, Arc::new(|_| {})).await.unwrap()
    }

    /// Lets the worker finish.
    pub async fn work_until_idle(&self) {
        worker::work_until_idle(&self.app).await.unwrap();
    }

    /// The public id in a sidecar.
    pub fn id_in(&self, sidecar: &str) -> String {
        let text = self.read(sidecar);
        let line = text
            .lines()
            .find(|line| line.starts_with("id = "))
            .unwrap_or_else(|| panic!("no id in {text}"));
        line.trim_start_matches("id = ")
            .trim_matches('"')
            .to_owned()
    }

    /// The recording of that title, as the API tells it.
    pub async fn recording(&self, title: &str) -> serde_json::Value {
        let all = self.json("/api/series").await;
        for series in all["series"].as_array().unwrap() {
            let series = self
                .json(&format!("/api/series/{}", series["slug"].as_str().unwrap()))
                .await;
            for recording in series["recordings"].as_array().unwrap() {
                if recording["title"] == title {
                    return self
                        .json(&format!(
                            "/api/recordings/{}",
                            recording["id"].as_str().unwrap()
                        ))
                        .await;
                }
            }
        }
        panic!("no visitor finds a recording \"{title}\" in {all}");
    }

    /// The series `reeks` and all its recordings as the API tells them.
    pub async fn everything(&self) -> Vec<serde_json::Value> {
        let series = self.json("/api/series/reeks").await;
        let mut all = vec![series.clone()];
        for one in series["recordings"].as_array().unwrap() {
            let id = one["id"].as_str().unwrap();
            all.push(self.json(&format!("/api/recordings/{id}")).await);
        }
        all
    }

    /// The address of an absolute URL of the API, within this portal.
    pub fn address(&self, url: &serde_json::Value) -> String {
        url.as_str()
            .unwrap()
            .strip_prefix(&self.app.config.base())
            .unwrap()
            .to_owned()
    }
}

/// The findings of a scan as lines.
pub fn lines(report: &Report) -> Vec<String> {
    report.findings.iter().map(Finding::to_string).collect()
}

/// Whether any line of a scan holds all these words.
#[track_caller]
pub fn says(report: &Report, words: &[&str]) {
    let lines = lines(report);
    assert!(
        lines
            .iter()
            .any(|line| words.iter().all(|word| line.contains(word))),
        "nothing about {words:?} in {lines:#?}"
    );
}
