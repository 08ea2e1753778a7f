//! From which address a request came, when that can be known: the other end of the connection, or what a proxy of ours says
//! about it. Only ever used to slow guessing down; never kept, never logged.

use std::net::IpAddr;

use axum::http::HeaderMap;
use ipnet::IpNet;

/// The other end of the connection, put into each request by the accept loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address of whoever asks. Behind a proxy that is not named in the settings everyone has the address of the proxy: then
/// it is not known. A name that the visitor could have written (left of the first address that is no proxy of ours) is never
/// believed.
pub fn of(headers: &HeaderMap, peer: Option<IpAddr>, trusted: &[IpNet]) -> Option<IpAddr> {
    let peer = peer?.to_canonical();
    let is_proxy = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    if !is_proxy(&peer) {
        // A proxy on this machine of which nobody told us.
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
