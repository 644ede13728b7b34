//! The way out of the network: directly, or through a company's HTTP proxy by CONNECT.
//!
//! A proxy sees the gateway's name and port and TLS bytes, nothing else; the tunnel is built before the gate. The
//! environment's proxy variables are never read: where money goes is not decided by whoever set `HTTPS_PROXY`.

use reqwest::Url;
use std::fmt;

/// The way to `https` gateways. Plain HTTP goes to this machine only, so it never takes a proxy.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Egress {
    /// Straight. The default.
    #[default]
    Direct,
    /// Through a tunnel.
    Tunnel(HttpProxy),
}

/// An HTTP proxy: `http://host:port`, with `user:password@` if it asks for them.
#[derive(Clone)]
pub struct HttpProxy(Url);

/// Why a text is not a proxy's address. The text is not repeated: it may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProxyError {
    /// Not a URL.
    #[error("the proxy's address is not a URL such as http://proxy.example:3128: {detail}")]
    NotAUrl {
        /// What is wrong with it.
        detail: String,
    },
    /// A scheme other than `http`.
    #[error("only http:// proxies are supported, not {scheme}://")]
    Scheme {
        /// The scheme given.
        scheme: String,
    },
    /// A path, a query or a fragment, which a proxy has no use for.
    #[error("the proxy's address has more than a host and a port")]
    TooMuch,
}

impl HttpProxy {
    /// Reads a proxy's address.
    ///
    /// # Errors
    /// [`ProxyError`].
    pub fn parse(address: &str) -> Result<Self, ProxyError> {
        let url = Url::parse(address).map_err(|error| ProxyError::NotAUrl { detail: error.to_string() })?;
        if url.scheme() != "http" {
            return Err(ProxyError::Scheme { scheme: url.scheme().to_owned() });
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(ProxyError::TooMuch);
        }
        Ok(Self(url))
    }

    pub(crate) fn url(&self) -> Url {
        self.0.clone()
    }
}

impl fmt::Debug for HttpProxy {
    /// Host and port; never user and password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let port = self.0.port_or_known_default().unwrap_or(80);
        write!(f, "HttpProxy({}:{port})", self.0.host_str().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_host_and_a_port_and_its_password_is_not_shown() {
        let proxy = HttpProxy::parse("http://shop:canary@proxy.example:3128").expect("a proxy");
        assert_eq!(format!("{proxy:?}"), "HttpProxy(proxy.example:3128)");
        assert_eq!(format!("{:?}", HttpProxy::parse("http://10.0.0.1")), "Ok(HttpProxy(10.0.0.1:80))");
        let scheme = |s: &str| Some(ProxyError::Scheme { scheme: s.to_owned() });
        assert_eq!(HttpProxy::parse("https://proxy.example").err(), scheme("https"));
        assert_eq!(HttpProxy::parse("socks5://proxy.example").err(), scheme("socks5"));
        assert_eq!(HttpProxy::parse("http://proxy.example/x").err(), Some(ProxyError::TooMuch));
        let nonsense = HttpProxy::parse("shop:canary@proxy.example:3128").expect_err("no scheme we know");
        assert!(!nonsense.to_string().contains("canary"), "{nonsense}");
    }
}
