//! All URLs for visitors and scripts, grouped by who may use them; those of the desk are in `desk/routes.rs`.

use axum::extract::DefaultBodyLimit;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL};
use axum::http::{HeaderName, HeaderValue, Uri};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{any, get, post};
use axum::{Extension, Router};
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::app::App;
use crate::desk::people::{sign_in, welcome};
use crate::desk::{notices, routes as desk};
use crate::error::Error;
use crate::logging;
use crate::pages::{
    about, api, health, home, link, message, search, series, speaker, unlock, watch,
};
use crate::playback::at_once::AtOnce;
use crate::playback::decisions::Decisions;
use crate::playback::{caption, media, poster};
use crate::server::answers::Answers;
use crate::server::fair_share::{self, FairShare};
use crate::sharing::{embed, feed, oembed, share, sitemap};
use crate::uploads::routes as upload;
use crate::web::class::{self, Class, group};
use crate::web::freshness::made_anew;
use crate::web::posted::only_small_forms;
use crate::web::{self, assets, failure, guard, mangled, whole};

// The tables below have one route per line.

/// What answers every request to the portal.
pub fn answers(app: &App) -> Answers {
    let decisions = Decisions::default();
    let (groups, config) = (groups(app, &decisions), &app.config);
    let most = config.connections_per_address;
    let share = FairShare::new(config.proxies(), most, class_of);
    let answering = groups.clone().with_state(app.clone());
    let at_once = AtOnce::new(app.clone(), decisions);
    let router = groups
        .layer(from_fn_with_state(answering, mangled::answers))
        .layer(from_fn_with_state(share.clone(), fair_share::answers))
        .layer(from_fn_with_state(app.clone(), failure::words))
        .layer(from_fn_with_state(app.clone(), web::sign_in::private))
        .layer(from_fn(guard::headers))
        .layer(from_fn(logging::requests))
        .with_state(app.clone());
    Answers::new(at_once, share, router)
}

/// All groups of routes, each with its class.
fn groups(app: &App, decisions: &Decisions) -> Router<App> {
    let config = &app.config;
    Router::new()
        .merge(group(config, made_anew(pages(app)), Class::Page))
        .merge(group(config, made_anew(frames()), Class::Frame))
        .merge(group(config, made_anew(api()), Class::Api))
        .merge(group(config, made_anew(feeds()), Class::Feed))
        .merge(group(config, made_anew(timed_text()), Class::Part))
        .merge(group(config, parts(), Class::Part))
        .merge(group(config, files(decisions), Class::File))
        .merge(group(config, sign_in_forms(app), Class::Page))
        .merge(group(config, uploads(), Class::Upload))
        .merge(group(config, desk::routes(app), Class::Page))
        .merge(group(config, probes(), Class::Probe))
        .fallback(|address: Uri| async move {
            class::outside_groups(Error::NotFound, class_of(&address))
        })
}

/// The class of all addresses below a prefix, also of those without a route.
const BELOW: [(&str, Class); 12] = [
    ("/embed", Class::Frame),
    ("/api", Class::Api),
    ("/captions", Class::Part),
    ("/transcripts", Class::Part),
    ("/chapters", Class::Part),
    ("/posters", Class::Part),
    ("/assets", Class::Part),
    ("/media", Class::File),
    ("/uploads", Class::Upload),
    ("/healthz", Class::Probe),
    ("/readyz", Class::Probe),
    // Monitoring tools ask for this address, which does not exist.
    ("/metrics", Class::Probe),
];

fn class_of(address: &Uri) -> Class {
    class::of_address(&BELOW, address)
}

/// For everyone: pages.
fn pages(app: &App) -> Router<App> {
    Router::new()
        .route("/", get(home::show))
        .route("/series/{slug}", get(series::show))
        .route("/series/{slug}/unlock", post(unlock::unlock_series))
        .route("/watch/{id}", get(watch::show))
        .route("/l/{link}", get(link::show).post(unlock::unlock_link))
        .route("/speakers/{slug}", get(speaker::show))
        .route("/search", get(search::show))
        .route("/privacy", get(about::privacy))
        .route("/accessibility", get(about::accessibility))
        .route("/in-the-picture", get(about::in_the_picture))
        .route("/message", get(message::show).post(message::send))
        .route("/message/sent", get(message::sent))
        // Pages for newsletters, other sites and print.
        .route("/share/{id}", get(share::of_one))
        .route("/share/{id}/{part}", get(share::part_of_one))
        .route("/share/series/{slug}", get(share::of_all))
        .route("/share/series/{slug}/{part}", get(share::part_of_all))
        .layer(from_fn_with_state(app.clone(), only_small_forms))
}

/// For everyone: the player in pages of other sites.
fn frames() -> Router<App> {
    Router::new()
        .route("/embed/{id}", get(embed::show))
        .route("/embed/series/{slug}", get(embed::show_series))
}

/// For everyone: the catalogue as JSON, for scripts on any site.
fn api() -> Router<App> {
    Router::new()
        .route("/api/series", get(api::all_series))
        .route("/api/series/{slug}", get(api::one_series))
        .route("/api/recordings/{id}", get(api::one_recording))
        .route("/api/search", get(api::hits))
        .layer(says(ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .layer(says(CACHE_CONTROL, "no-cache"))
}

/// For everyone: feeds and other addresses that programs read.
fn feeds() -> Router<App> {
    Router::new()
        .route("/oembed", get(oembed::show))
        .route("/feed.xml", get(feed::all))
        .route("/series/{slug}/feed.xml", get(feed::of_series))
        .route("/series/{slug}/podcast.xml", get(feed::podcast))
        .route("/notices.xml", get(notices::feed))
        .route("/sitemap.xml", get(sitemap::show))
        .route("/robots.txt", get(sitemap::robots))
        .route("/.well-known/security.txt", get(sitemap::security))
}

/// For everyone: captions, transcripts and chapters.
fn timed_text() -> Router<App> {
    Router::new()
        .route("/captions/{id}/{file}", get(caption::vtt))
        .route("/transcripts/{id}/{file}", get(caption::transcript))
        .route("/chapters/{file}", get(caption::chapters))
}

/// For everyone: parts of a page.
fn parts() -> Router<App> {
    Router::new()
        .route("/assets/{file}", get(assets::show))
        .layer(CompressionLayer::new().gzip(true))
        .layer(from_fn(whole::answers))
        .route("/posters/{file}", get(poster::show))
}

/// For everyone: media files and hand-outs, which are neither compressed nor hashed on the way.
fn files(decisions: &Decisions) -> Router<App> {
    Router::new()
        .route("/media/{id}/{version}/{file}", get(media::show))
        .layer(Extension(decisions.clone()))
}

/// For people with an account or a welcome link.
fn sign_in_forms(app: &App) -> Router<App> {
    Router::new()
        .route("/sign-in", get(sign_in::show).post(sign_in::enter))
        .route("/sign-out", post(sign_in::leave))
        .route("/welcome/{token}", get(welcome::show).post(welcome::accept))
        .layer(from_fn_with_state(app.clone(), only_small_forms))
}

/// For coordinators and their scripts: uploads in pieces, without a body limit, compression or a timeout.
fn uploads() -> Router<App> {
    Router::new()
        .route("/uploads", any(upload::all))
        .route("/uploads/{upload}", any(upload::one))
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(upload::speaking))
}

/// For operators: health checks.
fn probes() -> Router<App> {
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
}

/// A layer that sets a header on every answer.
fn says(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}
