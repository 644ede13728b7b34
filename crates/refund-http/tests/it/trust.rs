//! Certificates: a root is trusted by the one client it was given to, bad PEM is refused, and no process-wide crypto
//! provider is needed or set.

use crate::{
    sending::{Lane, authority, refund, roots, send, transport},
    server::{Authority, Server, Step, answer},
};
use refund_core::{Digest, Fired, NotSentReason};
use refund_http::{HttpTransport, RootCertificates, RootsError, TrustedRoots};
use tokio_rustls::rustls::crypto::CryptoProvider;

fn trusting(trusted: TrustedRoots) -> HttpTransport {
    transport(Lane::Https).roots(trusted).build().unwrap()
}

#[tokio::test]
async fn a_root_is_trusted_by_its_own_client_alone() {
    let (ours, stranger) = (authority(), Authority::new());
    let ok = [Step::Read, Step::Write(answer("200 OK", ""))];
    let server = Server::start(ours.wire(), &[&ok]).await;
    let both = [ours.root_pem.as_str(), &stranger.root_pem].concat();
    let cases = [
        ("only it", TrustedRoots::Only(roots(ours)), true),
        ("it among others", TrustedRoots::Only(RootCertificates::from_pem(both.as_bytes()).unwrap()), true),
        ("it beside the public ones", TrustedRoots::PublicAnd(roots(ours)), true),
        ("the public ones", TrustedRoots::Public, false),
        ("another", TrustedRoots::Only(roots(&stranger)), false),
        ("another beside the public ones", TrustedRoots::PublicAnd(roots(&stranger)), false),
    ];
    // All built before any is used: none can borrow another's trust or session.
    let clients = cases.map(|(who, trusted, welcome)| (who, trusting(trusted), welcome));
    for (who, client, welcome) in clients {
        match send(&client, refund(&Lane::Https.url(&server))).await {
            Ok(Fired::Reply(reply)) => assert!(welcome && reply.status == 200, "{who} is trusted"),
            Err(refused) => assert!(!welcome && refused.reason == NotSentReason::Tls, "{who}: {refused}"),
            Ok(other) => panic!("{who}: {other:?}"),
        }
    }
    assert_eq!(server.seen().requests.len(), 3, "nobody else was sent a byte");
    assert!(CryptoProvider::get_default().is_none(), "no provider for the whole process");
}

#[test]
fn roots_are_certificates_or_an_error_that_says_which() {
    let pem =
        |text: &str| RootCertificates::from_pem(text.as_bytes()).map(|roots| roots.fingerprints().len());
    let good = &authority().root_pem;
    assert_eq!(pem(&[good.as_str(), good].concat()), Ok(2));
    assert_eq!(pem(""), Err(RootsError::Empty));
    assert_eq!(pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), Err(RootsError::Empty));
    let cut = good.replace("-----END CERTIFICATE-----", "");
    assert!(matches!(pem(&[good.as_str(), &cut].concat()), Err(RootsError::Pem { read: 1, .. })));
    let hollow = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert!(matches!(pem(&[good.as_str(), hollow].concat()), Err(RootsError::Certificate { number: 2, .. })));
}

#[test]
fn a_fingerprint_is_the_sha_256_of_the_certificate() {
    // A certificate's PEM and its fingerprint as another tool prints it:
    // openssl req -x509 -newkey ed25519 … ; openssl x509 -fingerprint -sha256
    let roots = RootCertificates::from_pem(include_bytes!("root.pem")).unwrap();
    let fingerprint = include_str!("root.sha256").trim();
    assert_eq!(roots.fingerprints().iter().map(Digest::to_string).collect::<Vec<_>>(), [fingerprint]);
}
