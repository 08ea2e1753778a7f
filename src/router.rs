//! Every URL on one screen, grouped by who may call it.

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::app::App;
use crate::logging;
use crate::pages::{about, api, health, home, search, series, speaker, watch};
use crate::playback::{caption, media, poster};
use crate::sharing::embed;
use crate::web::{assets, failure, freshness, guard, reply};

/// The whole portal.
pub fn router(app: &App) -> Router {
    // Everyone: the catalogue as JSON, for scripts on any site.
    let api = Router::new()
        .route("/api/series", get(api::all_series))
        .route("/api/series/{slug}", get(api::one_series))
        .route("/api/recordings/{id}", get(api::one_recording))
        .route("/api/search", get(api::hits))
        .layer(SetResponseHeaderLayer::overriding(
            ACCESS_CONTROL_ALLOW_ORIGIN,
            HeaderValue::from_static("*"),
        ))
        .layer(SetResponseHeaderLayer::overriding(
            CACHE_CONTROL,
            HeaderValue::from_static("no-cache"),
        ));

    // Everyone: pages.
    let pages = Router::new()
        .route("/", get(home::show))
        .route("/series/{slug}", get(series::show))
        .route("/watch/{id}", get(watch::show))
        .route("/speakers/{slug}", get(speaker::show))
        .route("/search", get(search::show))
        .route("/privacy", get(about::privacy))
        .route("/accessibility", get(about::accessibility))
        .route("/in-the-picture", get(about::in_the_picture))
        // The player inside other people's pages.
        .route("/embed/{id}", get(embed::show))
        // Timed text.
        .route("/captions/{id}/{file}", get(caption::vtt))
        .route("/transcripts/{id}/{file}", get(caption::transcript))
        .route("/chapters/{file}", get(caption::chapters))
        .merge(api)
        .layer(from_fn(freshness::answers))
        .route("/assets/{file}", get(assets::show))
        .layer(CompressionLayer::new().gzip(true));

    // Everyone: bytes. Neither compressed nor hashed on their way.
    let bytes = Router::new()
        .route("/media/{id}/{version}/{file}", get(media::show))
        .route("/posters/{file}", get(poster::show));

    // Whoever keeps it running.
    let operators = Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready));

    pages
        .merge(bytes)
        .merge(operators)
        .fallback(reply::nothing_here)
        .layer(CatchPanicLayer::custom(reply::panicked))
        .layer(from_fn_with_state(app.clone(), failure::words))
        .layer(from_fn(guard::headers))
        .layer(from_fn(logging::requests))
        .with_state(app.clone())
}
