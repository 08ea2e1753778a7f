//! What every story stands on: [`Site`], a portal in a temporary folder, and [`clips`], recordings of two seconds.

pub mod clips;
pub mod counting;
pub mod desk;
pub mod markup;
pub mod people;
pub mod sending;
pub mod tus;
pub mod wire;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder};
use tempfile::TempDir;
use terugkijken::app::App;
use terugkijken::config::Config;
use terugkijken::processing::worker;
use terugkijken::scan::full_scan;
use terugkijken::scan::report::{Finding, Report};
use terugkijken::server::{self, Limits, Stop, Stopper};
use terugkijken::{cli, router};
use tokio::net::TcpListener;

/// A portal that serves on a port of its own until it is dropped.
pub struct Site {
    pub app: App,
    folder: TempDir,
    base: String,
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
        change(&mut config);
        let app = cli::open(config).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (stopper, stop) = Stop::by_hand();
        let router = router::router(&app);
        tokio::spawn(async move { server::serve(listener, router, Limits::default(), stop).await });
        let client = Client::builder()
            .redirect(Policy::none())
            .gzip(false)
            .no_proxy()
            .build()
            .unwrap();
        Self {
            app,
            folder,
            base,
            client,
            serving: Serving(stopper),
        }
    }

    /// The same folders, served by a new program whose catalogue has to be made again.
    pub async fn without_its_catalogue(self) -> Self {
        let Self {
            app,
            folder,
            serving,
            ..
        } = self;
        drop(serving);
        let config = Config::clone(&app.config);
        drop(app);
        std::fs::remove_dir_all(&config.data).unwrap();
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

    /// Host and port.
    pub fn host(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    pub fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        assert!(
            path.starts_with('/') || path.starts_with(&self.base),
            "{path} is no address of this portal"
        );
        let path = path.strip_prefix(&self.base).unwrap_or(path);
        self.client.request(method, format!("{}{path}", self.base))
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.ask(Method::GET, path)).await
    }

    /// As a visitor whose browser prefers Dutch.
    pub async fn get_dutch(&self, path: &str) -> Answer {
        self.send(self.ask(Method::GET, path).header("accept-language", "nl"))
            .await
    }

    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let address = response.url().to_string();
        let body = response.bytes().await.unwrap().to_vec();
        Answer {
            address,
            status,
            headers,
            body,
        }
    }

    /// A JSON answer of the API.
    pub async fn json(&self, path: &str) -> serde_json::Value {
        serde_json::from_slice(&self.get(path).await.is(200).body).unwrap()
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

    /// The address of an absolute URL of the API, within this portal.
    pub fn address(&self, url: &serde_json::Value) -> String {
        url.as_str()
            .unwrap()
            .strip_prefix(&self.app.config.base())
            .unwrap()
            .to_owned()
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub address: String,
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.address, self.text());
        self
    }

    #[track_caller]
    pub fn shows(self, text: &str) -> Self {
        assert!(
            self.text().contains(text),
            "{} does not show {text:?}: {}",
            self.address,
            self.text()
        );
        self
    }

    #[track_caller]
    pub fn hides(self, text: &str) -> Self {
        assert!(
            !self.text().contains(text),
            "{} shows {text:?}: {}",
            self.address,
            self.text()
        );
        self
    }

    #[track_caller]
    pub fn says(self, header: &str, value: &str) -> Self {
        assert_eq!(
            self.header(header),
            Some(value),
            "{header} of {}",
            self.address
        );
        self
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
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
