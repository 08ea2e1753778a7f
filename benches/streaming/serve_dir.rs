//! An axum program that serves a folder with tower-http, as its documentation shows: what one gets without further ado.

use std::path::Path;

use axum::Router;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tower_http::services::ServeDir;

/// Serves until it is killed.
pub fn run(folder: &Path, port: u16) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(crate::servers::WORKERS.parse().expect("a number"))
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(async {
        let listener = TcpListener::bind(("127.0.0.1", port)).await;
        // In its favour: without it small answers wait 40 ms (RFC 896 beside delayed acknowledgements).
        let listener = listener.expect("a port").tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        let router = Router::new().fallback_service(ServeDir::new(folder));
        axum::serve(listener, router).await.expect("a server");
    });
}
