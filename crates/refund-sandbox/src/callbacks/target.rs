//! Where callbacks go: an address on this machine and nowhere else.
//!
//! The sandbox must not become a way to make requests to other hosts.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::http::Uri;

use crate::switches::Word;

/// A place to deliver to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) addr: SocketAddr,
    /// As it was given, host and port.
    pub(crate) authority: String,
    /// Path and query, at least `/`.
    pub(crate) path: String,
    pub(crate) verb: Verb,
}

/// How the OLD dialect calls: GET with a query by default, or a POST form (CONFIRMED, platform vendor).
/// The ECOM dialect always posts JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Get,
    Post,
}

impl Word for Verb {
    const SIDES: &'static [(&'static str, Self)] = &[("GET", Self::Get), ("POST", Self::Post)];
}

impl Target {
    /// Reads `http://127.0.0.1:PORT/path`: plain HTTP, a loopback address or `localhost`. The real
    /// gateways insist on HTTPS (CONFIRMED); a test listener has no certificate.
    pub(crate) fn parse(url: &str, verb: Verb) -> Option<Self> {
        let uri: Uri = url.parse().ok()?;
        (uri.scheme_str() == Some("http")).then_some(())?;
        let authority = uri.authority()?;
        // User names and passwords in addresses are secrets in the wrong place.
        (!authority.as_str().contains('@')).then_some(())?;
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        let ip = if host == "localhost" { IpAddr::from(Ipv4Addr::LOCALHOST) } else { host.parse().ok()? };
        ip.is_loopback().then_some(())?;
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        Some(Self {
            addr: SocketAddr::new(ip, authority.port_u16().unwrap_or(80)),
            authority: authority.to_string(),
            path: path.to_owned(),
            verb,
        })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}{}", self.authority, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_called() {
        for (url, expected) in [
            ("http://127.0.0.1:8080/cb?a=1", Some(("127.0.0.1:8080", "/cb?a=1"))),
            ("http://localhost:1", Some(("127.0.0.1:1", "/"))),
            ("http://[::1]:9/x", Some(("[::1]:9", "/x"))),
            ("http://127.8.8.8/", Some(("127.8.8.8:80", "/"))),
            ("https://127.0.0.1/", None),
            ("http://10.0.0.1/", None),
            ("http://0.0.0.0/", None),
            ("http://example.test/", None),
            ("http://localhost.example.test/", None),
            ("http://user:pass@127.0.0.1/", None),
            ("/cb", None),
            ("", None),
        ] {
            let target = Target::parse(url, Verb::Get);
            let seen = target.as_ref().map(|target| (target.addr.to_string(), target.path.as_str()));
            assert_eq!(seen, expected.map(|(addr, path)| (addr.to_owned(), path)), "{url}");
        }
    }
}
