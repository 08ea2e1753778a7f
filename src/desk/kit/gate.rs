//! The gate of the desk: only signed-in coordinators get in, and others do not even learn which pages exist. A form that was sent
//! after a sign-in had ended is not lost.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, SET_COOKIE};
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;

use super::context::{self, Context};
use super::posted::{self, Posted, is_known_browser};
use super::try_again;
use crate::app::App;
use crate::desk::people::sign_in;
use crate::error::{Error, Result};
use crate::request_body::LARGEST_OF_STRANGER;
use crate::request_body::minimum_rate::at_minimum_rate;
use crate::web::sign_in::{identify, renew, way_back, with_cookie};
use crate::web::{Texts, urls};

/// The largest form in bytes that is kept for somebody whose sign-in ended: more than anyone types, and small enough to send back.
const KEPT: usize = 512 * 1024;

/// The same for somebody in whose browser no coordinator signed in before: encoded twice it fits into a form of a stranger.
const KEPT_OF_STRANGER: usize = LARGEST_OF_STRANGER / 4;

/// Middleware for everything below `/desk`.
pub async fn only_coordinators(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Result<Response> {
    let Some(mut me) = identify(&app, request.headers()).await? else {
        return outside(&app, request).await;
    };
    let renewed = renew(&app, &me, request.headers()).await?;
    let mut form = None;
    let mut share = None;
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        request = request.map(at_minimum_rate);
    }
    if is_form(&request) {
        // The account may have been disabled while the form arrived, so it is checked again.
        let (parts, body) = request.into_parts();
        let (body, held) = app.form_memory.read(body, posted::LARGEST).await?;
        share = Some(held);
        me = identify(&app, &parts.headers)
            .await?
            .ok_or(Error::SignInNeeded)?;
        form = Some((parts.uri.clone(), body.clone()));
        request = Request::from_parts(parts, Body::from(body));
    }
    let (mut parts, body) = request.into_parts();
    let context = Context::new(app, me, &parts);
    parts.extensions.insert(context.clone());
    let is_change = parts.method == Method::POST;
    let answer = next.run(Request::from_parts(parts, body));
    // A change that has begun is completed, with its audit line, even when the browser disconnects.
    let mut response = match is_change {
        true => tokio::spawn(answer).await.map_err(Error::internal)?,
        false => answer.await,
    };
    if let Some((uri, body)) = form {
        response = try_again::keep(&context, &uri, &body, response);
    }
    drop(share);
    if let Some(cookie) = renewed
        && !response.headers().contains_key(SET_COOKIE)
    {
        response = with_cookie(response, cookie);
    }
    // No cache may store a page of the desk.
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Answers a request without a sign-in: a page is shown after signing in, and a form is kept on the sign-in page and can be sent
/// again.
async fn outside(app: &App, request: Request) -> Result<Response> {
    let texts = Texts::of(request.uri(), request.headers());
    if request.headers().contains_key(AUTHORIZATION) {
        return Err(Error::SignInNeeded);
    }
    let address = request.uri().path_and_query();
    let address = address.map_or("/desk", |it| it.as_str());
    let address = way_back(Some(address)).unwrap_or_else(|| urls::desk(""));
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return context::go(&texts, urls::sign_in_to(&address));
    }
    let headers = request.headers().clone();
    let kept = match is_form(&request) {
        true => {
            let most = match is_known_browser(app, &headers).await? {
                true => KEPT,
                false => KEPT_OF_STRANGER,
            };
            let read = app.form_memory.read_of_stranger(request.into_body(), most);
            read.await.ok()
        }
        false => None,
    };
    let posted = kept.as_ref().and_then(|(body, _)| Posted::parse(body));
    Ok(sign_in::page_that_keeps(
        app,
        (&texts, &headers),
        &address,
        posted.as_ref(),
    ))
}

fn is_form(request: &Request) -> bool {
    request.headers().get(CONTENT_TYPE).is_some_and(|kind| {
        kind.as_bytes()
            .starts_with(b"application/x-www-form-urlencoded")
    })
}
