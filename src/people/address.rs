//! Determines the address of a request: that of the connection, or the one that a trusted proxy reports. It is only used to slow
//! down password guessing, and never stored or logged.

use std::net::IpAddr;

use axum::http::HeaderMap;
use ipnet::IpNet;

/// The address of the connection, which the accept loop puts into each request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address of the visitor. `None` behind a proxy that the settings do not trust, because everyone then has the address of the
/// proxy. An address that the visitor could have forged (left of the first one that is no trusted proxy) is never used.
pub fn of(headers: &HeaderMap, peer: Option<IpAddr>, trusted: &[IpNet]) -> Option<IpAddr> {
    let peer = peer?.to_canonical();
    let is_proxy = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    if !is_proxy(&peer) {
        // A connection from this machine comes from a proxy that the settings do not name.
        return (!peer.is_loopback()).then_some(peer);
    }
    let forwarded: Vec<&str> = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    forwarded
        .into_iter()
        .rev()
        .map_while(|address| address.trim().parse::<IpAddr>().ok())
        .map(|address| address.to_canonical())
        .find(|address| !is_proxy(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_proxies_are_believed() {
        let trusted: Vec<IpNet> = vec![
            "127.0.0.1/32".parse().unwrap(),
            "10.0.0.0/8".parse().unwrap(),
        ];
        for (peer, forwarded, trusted, expected) in [
            (
                "127.0.0.1",
                "203.0.113.9",
                &trusted[..],
                Some("203.0.113.9"),
            ),
            (
                "127.0.0.1",
                "1.1.1.1, 203.0.113.9, 10.0.0.3",
                &trusted,
                Some("203.0.113.9"),
            ),
            ("127.0.0.1", "203.0.113.9, nonsense", &trusted, None),
            ("127.0.0.1", "", &trusted, None),
            ("127.0.0.1", "203.0.113.9", &[], None),
            (
                "198.51.100.7",
                "203.0.113.9",
                &trusted,
                Some("198.51.100.7"),
            ),
            ("::ffff:198.51.100.7", "", &trusted, Some("198.51.100.7")),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(FORWARDED_FOR, forwarded.parse().unwrap());
            assert_eq!(
                of(&headers, peer.parse().ok(), trusted),
                expected.map(|address| address.parse().unwrap()),
                "{peer} {forwarded}"
            );
        }
    }
}
