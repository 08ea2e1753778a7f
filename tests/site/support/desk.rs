//! A coordinator at the desk: everything that stories do there.

use std::ops::Deref;

use reqwest::Method;
use reqwest::multipart::{Form as Multipart, Part};

use super::markup::Form;
use super::{Answer, Client, Site};

pub const CAPTIONS: &str = "WEBVTT\n\n00:00.000 --> 00:01.000\nEerste regel\n";

/// A coordinator with a browser that is signed in.
pub struct Desk {
    pub email: String,
    client: Client,
}

/// The desk is asked as its coordinator asks it.
impl Deref for Desk {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Client {
    /// Signs in with a browser of its own; `None` when these do not let in.
    pub async fn sign_in(&self, email: &str, password: &str) -> Option<Desk> {
        let form = [("email", email), ("password", password)];
        let answer = self.post("/sign-in", &form).await;
        (answer.status == 303).then(|| Desk {
            email: email.to_owned(),
            client: self.with_cookie(answer.cookie().unwrap()),
        })
    }
}

impl Desk {
    /// Sends a form and follows to where it leads.
    pub async fn does(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.follow(self.post(path, form).await).await
    }

    /// Where an answer leads.
    pub async fn follow(&self, answer: Answer) -> Answer {
        self.get(answer.is(303).location()).await.is(200)
    }

    /// The form on a page that is sent to that page, as it is now.
    pub async fn form(&self, page: &str) -> Form {
        self.get(page).await.is(200).page().form_to(page)
    }

    /// Fills in these fields of the form of a page, sends it and follows to where it leads.
    pub async fn fill(&self, page: &str, fields: &[(&str, &str)]) -> Answer {
        let form = self.form(page).await.with(fields);
        self.follow(form.send(self, None).await).await
    }

    /// Describes a recording as `described` does, under this title.
    pub async fn describe(&self, page: &str, title: &str) -> Answer {
        let base = self.base(page).await;
        self.does(page, &described(&base, title)).await
    }

    /// Changes these recordings together, without being asked whether that is meant.
    pub async fn change(&self, ids: &[&str], what: &[(&str, &str)]) -> Answer {
        let mut form: Vec<(&str, &str)> = ids.iter().map(|id| ("id", *id)).collect();
        form.extend(what);
        form.push(("sure", "yes"));
        self.post("/desk/recordings/bulk?lang=nl", &form).await
    }

    /// Moves a recording to the series with this row.
    pub async fn move_to(&self, series: &str, id: &str) -> Answer {
        let what = [("act", "series"), ("to_series", series)];
        self.change(&[id], &what).await.is(200)
    }

    /// What the form of a page compares with.
    pub async fn base(&self, page: &str) -> String {
        self.get(page).await.is(200).page().value("base")
    }

    /// The row of the series of this title, as the addresses of the desk name it.
    pub async fn series(&self, title: &str) -> String {
        let page = self.get("/desk/series").await.is(200).page();
        let mut rows = page.rows().into_iter();
        // Two titles may begin with the same words.
        let meant = rows.find(|row| row.title == title);
        let meant = meant.unwrap_or_else(|| panic!("no series {title}"));
        let link = meant.link("/desk/series/");
        link.rsplit('/').next().unwrap().to_owned()
    }

    /// Makes a link of this name on a page. Answers its address.
    pub async fn hand_out(&self, page: &str, name: &str, until: &str) -> String {
        let form = [("link_name", name), ("link_until", until)];
        let made = self.does(&format!("{page}/links"), &form).await;
        link_of(&made, name)
    }

    /// Sends a file and the field that goes with it.
    pub async fn put_file(
        &self,
        path: &str,
        name: &str,
        bytes: impl Into<Vec<u8>>,
        field: (&'static str, &str),
    ) -> Answer {
        let file = Part::bytes(bytes.into()).file_name(name.to_owned());
        let form = Multipart::new()
            .part("file", file)
            .text(field.0, field.1.to_owned());
        self.send(self.ask(Method::POST, path).multipart(form))
            .await
    }
}

/// The address of the link of this name, in the list that shows it.
pub fn link_of(list: &Answer, name: &str) -> String {
    let mut rows = list.page().rows().into_iter();
    let row = rows.find(|row| row.title == name);
    let row = row.unwrap_or_else(|| panic!("no link {name}"));
    let address = row.value("/l/");
    address[address.find("/l/").unwrap()..].to_owned()
}

/// A public recording, and the address of its page at the desk.
pub async fn site() -> (Site, String) {
    let site = Site::open().await;
    site.put(
        "reeks/series.toml",
        "title = \"Reeks\"\nvisibility = \"public\"\n",
    );
    site.put_clip("reeks/01-begin.mp4", 1);
    site.scan().await;
    let id = site.id_in("reeks/01-begin.toml");
    (site, id)
}

/// The form of a recording, filled in.
pub fn described<'a>(base: &'a str, title: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("base", base),
        ("title", title),
        ("number", "7"),
        ("date", "2026-09-01"),
        ("language", "nl"),
        ("summary", "Eén zin."),
        (
            "description",
            "Meer, in **Markdown**.\r\n\r\nEn nog een alinea.",
        ),
        ("speaker_name", "Mira de Vries"),
        ("speaker_role", "trainer"),
        ("speaker_name", "Bo"),
        ("speaker_role", ""),
        ("speaker_name", ""),
        ("speaker_role", ""),
        ("chapters", "0:00 Begin\n0:01 Slot"),
        ("download", "yes"),
    ]
}

/// A black PNG, so many pixels wide.
pub fn picture(width: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(width, 360)
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}
