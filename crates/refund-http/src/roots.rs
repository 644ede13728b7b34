//! Whom a client trusts to vouch for a gateway: root certificates as a type that only valid PEM makes.
//!
//! A root is trusted by the one client it was given to. That matters for Sber: its hosts need the Russian national CA
//! (CONFIRMED: Sber, ecom API description), and trusted everywhere that CA could vouch for any host. There is no way to
//! switch certificate checks off.

use refund_core::Digest;
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use std::fmt;

/// Root certificates, at least one, each of them usable.
#[derive(Clone)]
pub struct RootCertificates(Vec<CertificateDer<'static>>);

/// Why a text is not a set of root certificates. Certificates are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RootsError {
    /// There is no certificate in it. Keys and other sections do not count.
    #[error("no certificate found: the text needs a -----BEGIN CERTIFICATE----- section")]
    Empty,
    /// A section is damaged.
    #[error("after {read} certificates the PEM text is damaged: {detail}")]
    Pem {
        /// How many certificates were read before it.
        read: usize,
        /// What is wrong.
        detail: String,
    },
    /// A section holds something that cannot vouch for anybody.
    #[error("certificate {number} cannot be used as a root: {detail}")]
    Certificate {
        /// Which.
        number: usize,
        /// What is wrong.
        detail: String,
    },
}

impl RootCertificates {
    /// Reads PEM text with one or more certificates (`-----BEGIN CERTIFICATE-----`). Other sections are passed over.
    ///
    /// # Errors
    /// [`RootsError`] when there is none, or one that cannot be used: nothing is skipped silently.
    pub fn from_pem(pem: &[u8]) -> Result<Self, RootsError> {
        let mut certificates = Vec::new();
        for section in CertificateDer::pem_slice_iter(pem) {
            let damaged = |error: rustls::pki_types::pem::Error| RootsError::Pem {
                read: certificates.len(),
                detail: error.to_string(),
            };
            certificates.push(section.map_err(damaged)?);
        }
        if certificates.is_empty() {
            return Err(RootsError::Empty);
        }
        for (index, certificate) in certificates.iter().enumerate() {
            let unusable = |error: rustls::Error| RootsError::Certificate {
                number: index + 1,
                detail: error.to_string(),
            };
            RootCertStore::empty().add(certificate.clone()).map_err(unusable)?;
        }
        Ok(Self(certificates))
    }

    /// SHA-256 of each certificate, in order: what a person compares with the published fingerprint.
    pub fn fingerprints(&self) -> Vec<Digest> {
        self.0.iter().map(|certificate| Digest::of(certificate)).collect()
    }

    fn add_to(&self, store: &mut RootCertStore) {
        // Each one was accepted by a store when this was made.
        store.add_parsable_certificates(self.0.iter().cloned());
    }
}

impl fmt::Debug for RootCertificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RootCertificates").field(&self.fingerprints()).finish()
    }
}

/// Whom one client trusts.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum TrustedRoots {
    /// The public web's authorities (Mozilla's list as compiled in). The default.
    #[default]
    Public,
    /// These beside the public ones.
    PublicAnd(RootCertificates),
    /// These and nobody else: the choice for a gateway behind a CA that should vouch for it alone.
    Only(RootCertificates),
}

impl TrustedRoots {
    pub(crate) fn store(&self) -> RootCertStore {
        let public = || RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        let (mut store, own) = match self {
            Self::Public => return public(),
            Self::PublicAnd(own) => (public(), own),
            Self::Only(own) => (RootCertStore::empty(), own),
        };
        own.add_to(&mut store);
        store
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Whom a handshake trusts is shown in tests/it/trust.rs; that nobody else is trusted shows in the number alone.
    #[test]
    fn only_means_only() {
        let own = || RootCertificates::from_pem(include_bytes!("../tests/it/root.pem")).unwrap();
        let public = webpki_roots::TLS_SERVER_ROOTS.len();
        assert!(public > 100, "Mozilla's list has some 140 roots, this one {public}");
        assert_eq!(TrustedRoots::Public.store().len(), public);
        assert_eq!(TrustedRoots::PublicAnd(own()).store().len(), public + 1);
        assert_eq!(TrustedRoots::Only(own()).store().len(), 1);
    }
}
