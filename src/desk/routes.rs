//! Every URL of the desk on one screen. One route is one line.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get, post};
use tower_http::compression::CompressionLayer;

use crate::app::App;
use crate::desk::home;
use crate::desk::kit::gate;
use crate::desk::kit::multipart::LARGEST as LARGEST_FILE;
use crate::desk::kit::way_back;
use crate::desk::links::list as link_list;
use crate::desk::links::owner::{OfRecording, OfSeries};
use crate::desk::links::page as links;
use crate::desk::links::share;
use crate::desk::people::account;
use crate::desk::people::audit as audit_list;
use crate::desk::people::hand_on;
use crate::desk::people::list as people;
use crate::desk::people::sign_in;
use crate::desk::problems;
use crate::desk::recording::captions as cues;
use crate::desk::recording::companions as files;
use crate::desk::recording::edit;
use crate::desk::recording::erase;
use crate::desk::recording::files as beside;
use crate::desk::recording::versions;
use crate::desk::recording::visibility;
use crate::desk::recordings::bulk;
use crate::desk::recordings::list as recording_list;
use crate::desk::recordings::trash;
use crate::desk::series::edit as series_edit;
use crate::desk::series::list as series_list;
use crate::desk::series::order as series_order;
use crate::desk::uploads::form as upload_form;
use crate::desk::uploads::page as sending;
use crate::web::reply;

/// Coordinators; the handlers of administrators ask for one themselves.
pub fn routes(app: &App) -> Router<App> {
    desk_of_recordings()
        .merge(desk_of_series())
        .merge(desk_of_people())
        // Below the desk nothing tells what is there from what is not.
        .route("/desk/{*rest}", any(reply::nothing_here))
        .layer(DefaultBodyLimit::max(LARGEST_FILE))
        .merge(desk_of_uploads())
        .method_not_allowed_fallback(way_back::to_the_form)
        .layer(from_fn_with_state(app.clone(), gate::only_coordinators))
        .layer(CompressionLayer::new().gzip(true))
}

/// Recordings.
#[rustfmt::skip]
fn desk_of_recordings() -> Router<App> {
    Router::new()
        .route("/desk", get(home::show))
        .route("/desk/recordings", get(recording_list::show))
        .route("/desk/recordings/bulk", post(bulk::bulk))
        .route("/desk/recordings/{id}", get(edit::show).post(edit::save))
        .route("/desk/recordings/{id}/visibility", get(visibility::show).post(visibility::save))
        .route("/desk/recordings/{id}/files", get(beside::show))
        .route("/desk/recordings/{id}/captions", post(files::add_captions))
        .route("/desk/recordings/{id}/captions/{language}/remove", post(files::remove_captions))
        .route("/desk/recordings/{id}/captions/{language}", get(cues::show).post(cues::save))
        .route("/desk/recordings/{id}/poster", post(files::set_poster))
        .route("/desk/recordings/{id}/poster/remove", post(files::remove_poster))
        .route("/desk/recordings/{id}/handouts", post(files::add_handout))
        .route("/desk/recordings/{id}/handouts/remove", post(files::remove_handout))
        .route("/desk/recordings/{id}/versions/{version}", post(versions::put_back))
        .route("/desk/recordings/{id}/versions/{version}/remove", post(versions::remove))
        .route("/desk/recordings/{id}/trash", post(trash::delete))
        .route("/desk/recordings/{id}/restore", post(trash::restore))
        .route("/desk/recordings/{id}/erase", get(erase::ask).post(erase::wipe))
        .route("/desk/recordings/{id}/links", get(links::show::<OfRecording>).post(links::add::<OfRecording>))
        .route("/desk/recordings/{id}/share", get(share::show::<OfRecording>).post(share::change::<OfRecording>))
        .route("/desk/recordings/{id}/links/withdraw", post(links::withdraw::<OfRecording>))
        .route("/desk/problems", get(problems::show))
        .route("/desk/problems/{id}", post(problems::again))
        .route("/desk/links", get(link_list::show))
        .route("/desk/trash", get(trash::show))
}

/// Series.
#[rustfmt::skip]
fn desk_of_series() -> Router<App> {
    Router::new()
        .route("/desk/series", get(series_list::show).post(series_list::add))
        .route("/desk/series/{id}", get(series_order::show))
        .route("/desk/series/{id}/about", get(series_edit::show).post(series_edit::save))
        .route("/desk/series/{id}/all", post(series_order::show_all))
        .route("/desk/series/{id}/password", post(links::set_password))
        .route("/desk/series/{id}/plan", post(series_order::plan))
        .route("/desk/series/{id}/move", post(series_order::reorder))
        .route("/desk/series/{id}/links", get(links::show::<OfSeries>).post(links::add::<OfSeries>))
        .route("/desk/series/{id}/share", get(share::show::<OfSeries>).post(share::change::<OfSeries>))
        .route("/desk/series/{id}/links/withdraw", post(links::withdraw::<OfSeries>))
}

/// Files that are sent in. The form may be of any size: it goes to the disk as it comes.
fn desk_of_uploads() -> Router<App> {
    Router::new()
        .route("/desk/upload", get(sending::show).post(upload_form::send))
        .route("/desk/uploads/{upload}", post(sending::describe))
        .route("/desk/uploads/{upload}/remove", post(sending::remove))
        .layer(DefaultBodyLimit::disable())
}

/// One's own account, and for administrators those of others.
#[rustfmt::skip]
fn desk_of_people() -> Router<App> {
    Router::new()
        .route("/desk/account", get(account::show))
        .route("/desk/account/password", post(account::change_password))
        .route("/desk/account/sign-ins/{id}", post(account::end_sign_in))
        .route("/desk/account/sign-out-everywhere", post(sign_in::leave_everywhere))
        .route("/desk/account/keys", post(account::add_key))
        .route("/desk/account/keys/{id}", post(account::revoke_key))
        .route("/desk/people", get(people::show).post(people::invite))
        .route("/desk/people/{id}/link", post(people::make_link))
        .route("/desk/people/{id}/role", post(people::set_role))
        .route("/desk/people/{id}/hand-on", get(hand_on::ask).post(hand_on::hand_on))
        .route("/desk/people/{id}/disable", post(people::disable))
        .route("/desk/people/{id}/enable", post(people::enable))
        .route("/desk/audit", get(audit_list::show))
        .route("/desk/audit/export.csv", get(audit_list::export))
}
