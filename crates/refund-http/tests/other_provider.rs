//! An embedder's process with another default crypto provider, one that can do nothing: the transport does not see it.
//! A test binary of its own, because a default is for the whole process.
#![expect(clippy::unwrap_used, reason = "a test whose scenery does not stand fails")]

#[expect(dead_code, reason = "shared with the other tests, which use all of it")]
#[path = "it/sending.rs"]
mod sending;
#[expect(dead_code, reason = "shared with the other tests, which use all of it")]
#[path = "it/server.rs"]
mod server;

use sending::{Lane, refund, send, transport};
use server::{Server, Step, answer};
use tokio_rustls::rustls::{
    ClientConfig,
    crypto::{CryptoProvider, ring},
};

#[tokio::test]
async fn the_process_wide_provider_is_not_asked() {
    let useless =
        CryptoProvider { cipher_suites: Vec::new(), kx_groups: Vec::new(), ..ring::default_provider() };
    useless.install_default().unwrap();
    let default = CryptoProvider::get_default().unwrap().clone();
    let built = ClientConfig::builder_with_provider(default).with_safe_default_protocol_versions();
    assert!(built.is_err(), "whoever asked for the default would fail");
    let server = Server::start(Lane::Https.wire(), &[&[Step::Read, Step::Write(answer("200 OK", ""))]]).await;
    let client = transport(Lane::Https).build().unwrap();
    assert!(send(&client, refund(&Lane::Https.url(&server))).await.is_ok());
    assert_eq!(server.seen().requests.len(), 1);
}
