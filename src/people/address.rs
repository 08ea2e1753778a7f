//! Determines the address of a request: that of the connection, or the one that a trusted proxy reports. It is only used to slow
//! down password guessing and to share connections fairly, and never stored or logged.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;
use ipnet::IpNet;

/// The address of the connection, which the accept loop puts into each request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// From where a connection may be that of a proxy, which brings everyone's requests: this machine, private networks (RFC 1918,
/// RFC 4193) and the own link (RFC 3927, RFC 4291 §2.5.6).
const NEAR: [&str; 8] = [
    "127.0.0.0/8",
    "::1/128",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "fc00::/7",
    "169.254.0.0/16",
    "fe80::/10",
];

/// The networks whose connections may come from a proxy: those near by, and the proxies of the settings.
pub fn may_be_proxies(trusted: &[IpNet]) -> Vec<IpNet> {
    let near = NEAR.iter().filter_map(|net| net.parse().ok());
    near.chain(trusted.iter().copied()).collect()
}

/// Whether one of the networks has an address.
pub fn is_in(networks: &[IpNet], address: IpAddr) -> bool {
    let address = address.to_canonical();
    networks.iter().any(|net| net.contains(&address))
}

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address of the visitor. `None` behind a proxy that the settings do not trust, because everyone then has the address of the
/// proxy. An address that the visitor could have forged (left of the first one that is no trusted proxy) is never used.
pub fn of(headers: &HeaderMap, peer: Option<IpAddr>, trusted: &[IpNet]) -> Option<IpAddr> {
    let peer = peer?.to_canonical();
    if !is_in(trusted, peer) {
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
        .map_while(|address| parse(address.trim()))
        .map(|address| address.to_canonical())
        .find(|address| !is_in(trusted, *address))
}

/// An address, which some proxies write with its port.
fn parse(address: &str) -> Option<IpAddr> {
    let with_port = || address.parse().ok().map(|socket: SocketAddr| socket.ip());
    address.parse().ok().or_else(with_port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_may_be_near_or_named() {
        let networks = may_be_proxies(&["203.0.113.0/24".parse().unwrap()]);
        assert_eq!(networks.len(), NEAR.len() + 1);
        for (address, expected) in [
            ("127.0.0.1", true),
            ("::1", true),
            ("::ffff:192.168.2.9", true),
            ("172.31.0.1", true),
            ("172.32.0.1", false),
            ("fe80::1", true),
            ("fd12::1", true),
            ("203.0.113.9", true),
            ("198.51.100.1", false),
            ("2001:db8::1", false),
        ] {
            let address = address.parse().unwrap();
            assert_eq!(is_in(&networks, address), expected, "{address}");
        }
    }

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
            (
                "127.0.0.1",
                "203.0.113.9:51000, [2001:db8::1]:443",
                &trusted,
                Some("2001:db8::1"),
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
