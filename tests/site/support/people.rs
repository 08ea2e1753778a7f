//! Coordinators: people with an account and a signed-in browser.

use reqwest::Method;
use terugkijken::catalogue::coordinator::{self, Role};

use super::{Answer, Site};

/// The password of everyone in the tests.
pub const PASSWORD: &str = "vier losse woorden hier";

/// A coordinator with a signed-in browser.
pub struct Colleague<'a> {
    pub site: &'a Site,
    pub email: String,
    /// As the browser sends it.
    pub cookie: String,
}

impl Site {
    /// Makes an account and signs in; `mira` gets the address `mira@example.org`.
    pub async fn colleague(&self, name: &str, role: Role) -> Colleague<'_> {
        let email = format!("{name}@example.org");
        let hash = self.app.people.hashing.hash(PASSWORD.to_owned());
        let hash = hash.await.unwrap();
        let (address, shown) = (email.clone(), name.to_owned());
        let made = self.app.db.write(move |conn| {
            let id = coordinator::add(conn, &address, &shown, role)?;
            coordinator::set_password(conn, id, &hash, None)
        });
        made.await.unwrap();
        let cookie = self.sign_in(&email, PASSWORD).await.unwrap();
        Colleague {
            site: self,
            email,
            cookie,
        }
    }

    /// The cookie a browser gets for these; `None` when they do not let in.
    pub async fn sign_in(&self, email: &str, password: &str) -> Option<String> {
        let form = [("email", email), ("password", password)];
        let answer = self.post("/sign-in", &form).await;
        (answer.status == 303).then(|| answer.cookie().unwrap())
    }

    /// Sends a form as a visitor.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.send(self.ask(Method::POST, path).form(form)).await
    }
}

impl Colleague<'_> {
    pub async fn get(&self, path: &str) -> Answer {
        let request = self.site.ask(Method::GET, path);
        self.site.send(request.header("cookie", &self.cookie)).await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let request = self.site.ask(Method::POST, path).form(form);
        self.site.send(request.header("cookie", &self.cookie)).await
    }

    /// Sends a form and follows to where it leads.
    pub async fn does(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let answer = self.post(path, form).await.is(303);
        let to = answer.header("location").unwrap().to_owned();
        self.get(&to).await.is(200)
    }
}

impl Answer {
    /// The cookie it sets, as a browser sends it back.
    pub fn cookie(&self) -> Option<String> {
        let set = self.header("set-cookie")?;
        Some(set.split(';').next()?.to_owned())
    }
}
