//! Keeps a form that could not be saved now, because the series is locked or the disk is full. In: the refusal and the form. Out:
//! the refusal with all typed values and a button that sends them again, also without script.

use axum::http::header::RETRY_AFTER;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use maud::html;

use super::context::Context;
use super::form;
use super::layout::Page;
use super::posted::Posted;
use crate::error::{Error, Text};
use crate::text;
use crate::web::reply::Fault;
use crate::web::texts;

/// Adds the form to a temporary refusal (503, 507); any other response is returned unchanged.
pub fn keep(context: &Context, uri: &Uri, body: &[u8], response: Response) -> Response {
    let texts = &context.texts;
    let (Some(why), Some(posted)) = (passing(&response), Posted::parse(body)) else {
        return response;
    };
    let action = uri.path_and_query().map_or("/desk", |it| it.as_str());
    let main = html! {
        p.lead role="alert" { (texts::sentence(texts.lang(), &why)) }
        p { (texts.t("try-again-kept")) }
        (form::kept(texts, action, &posted, "try-again"))
    };
    let page = Page::new("", texts.t("try-again-title")).status(response.status());
    let mut page = page.with(context, &main);
    if let Some(after) = response.headers().get(RETRY_AFTER) {
        page.headers_mut().insert(RETRY_AFTER, after.clone());
    }
    page
}

/// The text of a temporary refusal.
fn passing(response: &Response) -> Option<Text> {
    let fault = response.extensions().get::<Fault>()?;
    match (response.status(), fault.0.as_ref()) {
        (
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::INSUFFICIENT_STORAGE,
            Error::Status(_, why),
        ) => Some(why.clone()),
        (_, Error::DiskFull) => Some(text!("save-disk-full")),
        _ => None,
    }
}
