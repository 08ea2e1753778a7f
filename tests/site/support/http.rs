//! The one client of the stories. It asks a portal inside the test and the finished program alike: as a visitor, as a browser
//! that is signed in, or with an access key.

use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder};

use super::markup::Page;

/// Somebody who asks a portal.
#[derive(Clone)]
pub struct Client {
    base: String,
    credentials: Credentials,
    requests: reqwest::Client,
}

/// What opens the desk.
#[derive(Clone)]
enum Credentials {
    None,
    /// As a browser sends it.
    Cookie(String),
    Key(String),
}

impl Client {
    /// A visitor of the portal at this host and port.
    pub fn new(host: &str) -> Self {
        let requests = reqwest::Client::builder()
            .redirect(Policy::none())
            .gzip(false)
            .no_proxy()
            .build()
            .unwrap();
        Self {
            base: format!("http://{host}"),
            credentials: Credentials::None,
            requests,
        }
    }

    /// A browser of the same portal that has this cookie.
    pub fn with_cookie(&self, cookie: String) -> Self {
        let credentials = Credentials::Cookie(cookie);
        Self {
            credentials,
            ..self.clone()
        }
    }

    /// A program that has this access key.
    pub fn with_key(&self, key: &str) -> Self {
        let credentials = Credentials::Key(key.to_owned());
        Self {
            credentials,
            ..self.clone()
        }
    }

    /// The same person at another host and port.
    pub fn at(&self, host: &str) -> Self {
        let base = format!("http://{host}");
        Self {
            base,
            ..self.clone()
        }
    }

    /// Host and port.
    pub fn host(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// The header by which it is let in.
    pub fn credential(&self) -> Option<(&'static str, String)> {
        match &self.credentials {
            Credentials::None => None,
            Credentials::Cookie(cookie) => Some(("cookie", cookie.clone())),
            Credentials::Key(key) => Some(("authorization", format!("Bearer {key}"))),
        }
    }

    pub fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        let path = path.strip_prefix(&self.base).unwrap_or(path);
        assert!(
            path.starts_with('/'),
            "{path} is no address of {}",
            self.base
        );
        let request = self
            .requests
            .request(method, format!("{}{path}", self.base));
        match self.credential() {
            Some((name, value)) => request.header(name, value),
            None => request,
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.ask(Method::GET, path)).await
    }

    /// As somebody whose browser prefers Dutch.
    pub async fn get_dutch(&self, path: &str) -> Answer {
        self.send(self.ask(Method::GET, path).header("accept-language", "nl"))
            .await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.send(self.ask(Method::POST, path).form(form)).await
    }

    pub async fn send(&self, request: RequestBuilder) -> Answer {
        answer(request).await.unwrap()
    }

    /// The answer, or nothing when the connection broke before all of it had come.
    pub async fn attempt(&self, request: RequestBuilder) -> Option<Answer> {
        answer(request).await.ok()
    }

    /// A JSON answer.
    pub async fn json(&self, path: &str) -> serde_json::Value {
        serde_json::from_slice(&self.get(path).await.is(200).body).unwrap()
    }

    /// The recordings that a series of the API, or a search of it, lists.
    pub async fn recordings(&self, path: &str) -> Vec<serde_json::Value> {
        let list = self.json(path).await;
        list["recordings"].as_array().unwrap().clone()
    }

    /// Their titles.
    pub async fn titles(&self, path: &str) -> Vec<String> {
        let recordings = self.recordings(path).await.into_iter();
        let titles = recordings.map(|one| one["title"].as_str().unwrap().to_owned());
        titles.collect()
    }
}

async fn answer(request: RequestBuilder) -> reqwest::Result<Answer> {
    let mut response = request.send().await?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let address = response.url().to_string();
    let body = match headers.get("content-type") {
        // It has no end, so its beginning is the answer.
        Some(kind) if kind == "text/event-stream" => response.chunk().await?.unwrap_or_default(),
        _ => response.bytes().await?,
    };
    let body = body.to_vec();
    Ok(Answer {
        address,
        status,
        headers,
        body,
    })
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

    /// As a browser makes it of its bytes.
    pub fn page(&self) -> Page {
        Page::parse(&self.text())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// All cookies it sets, as a browser sends them back.
    pub fn cookies(&self) -> Vec<String> {
        let set = self.headers.get_all("set-cookie").iter();
        set.map(|set| set.to_str().unwrap().split(';').next().unwrap().to_owned())
            .collect()
    }

    /// The cookie it sets, as a browser sends it back.
    pub fn cookie(&self) -> Option<String> {
        let set = self.header("set-cookie")?;
        Some(set.split(';').next()?.to_owned())
    }

    /// Where it leads.
    #[track_caller]
    pub fn location(&self) -> &str {
        let to = self.header("location");
        to.unwrap_or_else(|| panic!("{} leads nowhere", self.address))
    }
}
