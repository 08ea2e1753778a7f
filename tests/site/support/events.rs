//! Server-sent events as a browser reads them (WHATWG HTML §9.2).

use reqwest::Method;

use super::Client;

/// A stream of events that is open until this is dropped.
pub struct Events {
    response: reqwest::Response,
    read: String,
}

impl Client {
    /// Opens a stream; the status when there is none.
    pub async fn events(&self, path: &str) -> Result<Events, u16> {
        let response = self.ask(Method::GET, path).send().await.unwrap();
        let kind = response.headers().get("content-type");
        let is_stream = kind.is_some_and(|kind| kind == "text/event-stream");
        match is_stream {
            true => Ok(Events {
                response,
                read: String::new(),
            }),
            false => Err(response.status().as_u16()),
        }
    }
}

impl Events {
    /// The data of the next event; `None` when the stream ends.
    pub async fn next(&mut self) -> Option<serde_json::Value> {
        loop {
            if let Some((event, rest)) = self.read.split_once("\n\n") {
                let data = event.strip_prefix("data: ").map(str::to_owned);
                self.read = rest.to_owned();
                match data {
                    Some(data) => return Some(serde_json::from_str(&data).unwrap()),
                    // A comment, as a sign of life.
                    None => continue,
                }
            }
            let piece = self.response.chunk().await.ok()??;
            self.read.push_str(std::str::from_utf8(&piece).unwrap());
        }
    }

    /// Reads on until an event is like this, and answers it.
    pub async fn until(
        &mut self,
        what: &str,
        is_so: impl Fn(&serde_json::Value) -> bool,
    ) -> serde_json::Value {
        loop {
            let event = self.next().await;
            let event = event.unwrap_or_else(|| panic!("the stream ended before {what}"));
            if is_so(&event) {
                return event;
            }
        }
    }
}
