//! The TLS configuration: *ring* by name, TLS 1.2 and 1.3, HTTP/1.1, and a session cache that also tells when a
//! handshake begins. It must not read or set the process-wide crypto provider: an embedder may have none, or another.

use crate::{gate, roots::TrustedRoots};
use rustls::{
    ClientConfig, NamedGroup,
    client::{
        ClientSessionMemoryCache, ClientSessionStore, Resumption, Tls12ClientSessionValue,
        Tls13ClientSessionValue,
    },
    crypto::ring,
    pki_types::ServerName,
};
use std::sync::Arc;

/// How many gateways' sessions are kept.
const HOSTS: usize = 32;

/// The configuration handed to reqwest as it is.
pub(crate) fn config(roots: &TrustedRoots) -> Result<ClientConfig, rustls::Error> {
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots.store())
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // Early data is a replay waiting to happen. It is off by default; this says that it must stay off.
    config.enable_early_data = false;
    config.resumption = Resumption::store(Arc::new(Sessions(ClientSessionMemoryCache::new(HOSTS))));
    Ok(config)
}

/// rustls' own session cache. rustls asks it for a key exchange hint when it writes the first message of a handshake:
/// the only sign that TCP is done, and so the only way to give TLS a limit of its own under reqwest's connector.
#[derive(Debug)]
struct Sessions(ClientSessionMemoryCache);

impl ClientSessionStore for Sessions {
    fn kx_hint(&self, server: &ServerName<'_>) -> Option<NamedGroup> {
        gate::handshake_begins();
        self.0.kx_hint(server)
    }

    fn set_kx_hint(&self, server: ServerName<'static>, group: NamedGroup) {
        self.0.set_kx_hint(server, group);
    }

    fn set_tls12_session(&self, server: ServerName<'static>, value: Tls12ClientSessionValue) {
        self.0.set_tls12_session(server, value);
    }

    fn tls12_session(&self, server: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.0.tls12_session(server)
    }

    fn remove_tls12_session(&self, server: &ServerName<'static>) {
        self.0.remove_tls12_session(server);
    }

    fn insert_tls13_ticket(&self, server: ServerName<'static>, value: Tls13ClientSessionValue) {
        self.0.insert_tls13_ticket(server, value);
    }

    fn take_tls13_ticket(&self, server: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        self.0.take_tls13_ticket(server)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_early_data_and_no_http_2() {
        let config = config(&TrustedRoots::Public).unwrap();
        assert!(!config.enable_early_data);
        assert_eq!(config.alpn_protocols, [b"http/1.1"]);
    }
}
