//! All URLs of the desk, one route per line.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get, post};
use tower_http::compression::CompressionLayer;

use super::kit::multipart::LARGEST;
use super::{
    association, home, kit, links, messages, people, problems, queue, recording, recordings,
    series, uploads,
};
use crate::app::App;
use crate::web::reply;

/// The routes for coordinators; handlers for administrators check the role themselves.
pub fn routes(app: &App) -> Router<App> {
    desk_of_recordings()
        .merge(desk_of_series())
        .merge(desk_of_people())
        // An unknown address below `/desk` gets the same answer as a known one without a sign-in.
        .route("/desk/{*rest}", any(reply::nothing_here))
        .layer(DefaultBodyLimit::max(LARGEST))
        .merge(desk_of_uploads())
        .method_not_allowed_fallback(kit::way_back::to_the_form)
        .layer(from_fn_with_state(
            app.clone(),
            kit::gate::only_coordinators,
        ))
        .layer(CompressionLayer::new().gzip(true))
}

/// Routes of recordings.
#[rustfmt::skip]
fn desk_of_recordings() -> Router<App> {
    Router::new()
        .route("/desk", get(home::show))
        .route("/desk/recordings", get(recordings::list::show))
        .route("/desk/recordings/bulk", post(recordings::bulk::bulk))
        .route("/desk/recordings/{id}", get(recording::edit::show).post(recording::edit::save))
        .route("/desk/recordings/{id}/visibility", get(recording::visibility::show).post(recording::visibility::save))
        .route("/desk/recordings/{id}/files", get(recording::files::show))
        .route("/desk/recordings/{id}/captions", post(recording::files::add_captions))
        .route("/desk/recordings/{id}/captions/begin", post(recording::files::begin_captions))
        .route("/desk/recordings/{id}/captions/{language}/remove", post(recording::files::remove_captions))
        .route("/desk/recordings/{id}/captions/{language}", get(recording::cues::show).post(recording::cues::save))
        .route("/desk/recordings/{id}/corrections/{message}", post(recording::corrections::decide))
        .route("/desk/recordings/{id}/poster", post(recording::files::set_poster))
        .route("/desk/recordings/{id}/poster/frame", post(recording::files::choose_frame))
        .route("/desk/recordings/{id}/frames/{file}", get(recording::files::frame))
        .route("/desk/recordings/{id}/poster/remove", post(recording::files::remove_poster))
        .route("/desk/recordings/{id}/handouts", post(recording::files::add_handout))
        .route("/desk/recordings/{id}/handouts/remove", post(recording::files::remove_handout))
        .route("/desk/recordings/{id}/handouts/take", post(recording::files::take_handout))
        .route("/desk/recordings/{id}/timing", post(recording::files::set_timing))
        .route("/desk/recordings/{id}/renditions", post(recording::made::again))
        .route("/desk/recordings/{id}/versions/{version}", post(recording::versions::put_back))
        .route("/desk/recordings/{id}/versions/{version}/remove", post(recording::versions::remove))
        .route("/desk/recordings/{id}/trash", post(recordings::trash::delete))
        .route("/desk/recordings/{id}/restore", post(recordings::trash::restore))
        .route("/desk/recordings/{id}/erase", get(recording::erase::ask).post(recording::erase::wipe))
        .route("/desk/recordings/{id}/links", get(links::page::show).post(links::page::add))
        .route("/desk/recordings/{id}/share", get(links::share::show).post(links::share::change))
        .route("/desk/recordings/{id}/links/withdraw", post(links::page::withdraw))
        .route("/desk/messages", get(messages::show).post(messages::act))
        .route("/desk/problems", get(problems::show))
        .route("/desk/problems/{id}", post(problems::again))
        .route("/desk/queue", get(queue::page::show))
        .route("/desk/queue/events", get(queue::events::stream))
        .route("/desk/queue/backlog", post(queue::acts::backlog))
        .route("/desk/queue/{job}/stop", post(queue::acts::stop))
        .route("/desk/queue/{job}/again", post(queue::acts::again))
        .route("/desk/links", get(links::list::show))
        .route("/desk/links/named", get(links::named::show))
        .route("/desk/links/withdraw", post(links::named::withdraw))
        .route("/desk/trash", get(recordings::trash::show))
}

/// Routes of series.
#[rustfmt::skip]
fn desk_of_series() -> Router<App> {
    Router::new()
        .route("/desk/series", get(series::list::show).post(series::list::add))
        .route("/desk/demonstration/remove", post(series::demonstration::remove))
        .route("/desk/series/{id}", get(series::order::show))
        .route("/desk/series/{id}/about", get(series::edit::show).post(series::edit::save))
        .route("/desk/series/{id}/all", post(series::order::show_all))
        .route("/desk/series/{id}/remove", post(series::remove::remove))
        .route("/desk/series/{id}/restore", post(series::remove::restore))
        .route("/desk/series/{id}/password", post(links::page::set_password))
        .route("/desk/series/{id}/plan", post(series::order::plan))
        .route("/desk/series/{id}/move", post(series::order::reorder))
        .route("/desk/series/{id}/links", get(links::page::show).post(links::page::add))
        .route("/desk/series/{id}/share", get(links::share::show).post(links::share::change))
        .route("/desk/series/{id}/links/withdraw", post(links::page::withdraw))
}

/// Routes of uploads. The form may have any size, because it is streamed to the disk.
fn desk_of_uploads() -> Router<App> {
    Router::new()
        .route(
            "/desk/upload",
            get(uploads::page::show).post(uploads::page::send),
        )
        .route("/desk/uploads/{upload}", post(uploads::page::describe))
        .route("/desk/uploads/{upload}/remove", post(uploads::page::remove))
        .layer(DefaultBodyLimit::disable())
}

/// Routes of accounts: the coordinator's own, and for administrators those of others, the association and the audit list.
#[rustfmt::skip]
fn desk_of_people() -> Router<App> {
    Router::new()
        .route("/desk/account", get(people::account::show))
        .route("/desk/account/password", post(people::account::change_password))
        .route("/desk/account/sign-ins/{id}", post(people::account::end_sign_in))
        .route("/desk/account/sign-out-everywhere", post(people::sign_in::leave_everywhere))
        .route("/desk/account/feed", post(people::account::add_feed))
        .route("/desk/account/keys", post(people::account::add_key))
        .route("/desk/account/keys/{id}", post(people::account::revoke_key))
        .route("/desk/people", get(people::list::show).post(people::list::invite))
        .route("/desk/people/{id}/link", post(people::list::make_link))
        .route("/desk/people/{id}/role", post(people::list::set_role))
        .route("/desk/people/{id}/hand-on", get(people::hand_on::ask).post(people::hand_on::hand_on))
        .route("/desk/people/{id}/disable", post(people::list::disable))
        .route("/desk/people/{id}/enable", post(people::list::enable))
        .route("/desk/association", get(association::show).post(association::save))
        .route("/desk/association/logo", post(association::set_logo))
        .route("/desk/association/logo/remove", post(association::remove_logo))
        .route("/desk/audit", get(people::audit::show))
        .route("/desk/audit/export.csv", get(people::audit::export))
}
