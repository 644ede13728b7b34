//! A core request as a request of the HTTP library, or the reason why it is never sent.
//!
//! Errors name the part that is wrong and never its content: URLs, header values and bodies may hold credentials.

use crate::{
    body::{LockedBody, PermitLock},
    builder::PlainHttp,
};
use refund_core::{Method, NotSent, NotSentReason, Request};
use reqwest::{
    Body, Url,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use rustls::pki_types::ServerName;
use std::{net::IpAddr, sync::Arc};

/// The longest head, in bytes of URL, header names and values: far below the HTTP library's write buffer (400 KiB), so
/// that no head is written before its body has been asked for.
const MAX_HEAD: usize = 64 * 1024;

/// Headers that frame a message or belong to the connection. The transport writes those it needs.
const OURS: [&str; 7] =
    ["connection", "content-length", "expect", "host", "te", "transfer-encoding", "upgrade"];

/// What the body waits for.
pub(crate) enum Release {
    /// Nothing: a call without effect.
    AtOnce,
    /// The permit.
    ByPermit(Arc<PermitLock>),
}

/// A request ready for the HTTP library, and the place it goes to as shown to people (`host:port`).
pub(crate) struct Outgoing {
    pub(crate) request: reqwest::Request,
    pub(crate) place: String,
}

/// Checks and translates.
pub(crate) fn outgoing(request: Request, plain: PlainHttp, release: Release) -> Result<Outgoing, NotSent> {
    let Request { method, url, headers, body } = request;
    let head = url.len() + headers.iter().map(|(name, value)| name.len() + value.len() + 4).sum::<usize>();
    if head > MAX_HEAD {
        return Err(unusable(format!("URL and headers have {head} bytes, the limit is {MAX_HEAD}")));
    }
    let url = parse_url(&url, plain)?;
    let place = place_of(&url);
    let method = match method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
    };
    let mut outgoing = reqwest::Request::new(method, url);
    *outgoing.headers_mut() = header_map(headers)?;
    *outgoing.body_mut() = match release {
        Release::AtOnce if body.is_empty() => None,
        Release::AtOnce => Some(Body::from(body)),
        Release::ByPermit(_) if body.is_empty() => {
            let detail = "a request that moves money needs a body: it is what the permit holds back";
            return Err(unusable(detail.into()));
        }
        Release::ByPermit(lock) => Some(Body::wrap(LockedBody::new(body, lock))),
    };
    Ok(Outgoing { request: outgoing, place })
}

fn parse_url(text: &str, plain: PlainHttp) -> Result<Url, NotSent> {
    let url = Url::parse(text).map_err(|error| unusable(format!("the URL cannot be read: {error}")))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(unusable("the URL holds a user name or a password".into()));
    }
    let host = host_of(&url);
    match (url.scheme(), plain) {
        ("https", _) if ServerName::try_from(host).is_ok() => Ok(url),
        ("https", _) => Err(unusable(format!("{host:?} is not a name a certificate can be for"))),
        ("http", PlainHttp::LoopbackOnly) if is_loopback(host) => Ok(url),
        ("http", PlainHttp::LoopbackOnly) => {
            Err(unusable(format!("plain http to {host}: allowed to this machine only, use https")))
        }
        ("http", PlainHttp::Never) => Err(unusable(format!("plain http to {host}: use https"))),
        (scheme, _) => Err(unusable(format!("the scheme {scheme} is not https"))),
    }
}

fn header_map(headers: Vec<(&'static str, String)>) -> Result<HeaderMap, NotSent> {
    let mut map = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let parsed = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| unusable(format!("{name:?} is not a header name")))?;
        if OURS.contains(&parsed.as_str()) {
            return Err(unusable(format!("the header {parsed} is the transport's own")));
        }
        let mut value = HeaderValue::from_str(&value).map_err(|_| {
            unusable(format!("the value of the header {parsed} has characters no header can have"))
        })?;
        // Never printed by the HTTP library either.
        value.set_sensitive(true);
        map.append(parsed, value);
    }
    Ok(map)
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The host, an IPv6 address without its brackets.
fn host_of(url: &Url) -> &str {
    url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']')
}

fn place_of(url: &Url) -> String {
    let port = url.port_or_known_default().unwrap_or_default();
    format!("{}:{port}", url.host_str().unwrap_or_default())
}

fn unusable(detail: String) -> NotSent {
    NotSent::new(NotSentReason::Unusable, detail)
}
