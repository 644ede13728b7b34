//! A server on 127.0.0.1 that follows a script per connection, over TCP or TLS, and counts what it saw.
//!
//! Bytes are counted where an application would read them (inside TLS). Tests wait for counters, never for time.

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use std::sync::Arc;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer},
    server::TlsStream,
};

/// How a connection begins.
#[derive(Clone)]
pub(crate) enum Wire {
    Plain,
    Tls(TlsAcceptor),
    /// Takes the connection and never says a word.
    Mute,
    /// Answers the TLS handshake with something else.
    Garbage,
    /// Closes at once.
    Slam,
}

/// What a connection does next. After the last step it reads until the peer closes.
#[derive(Clone)]
pub(crate) enum Step {
    /// Waits until a byte is there and leaves it.
    Peek,
    /// Reads one whole request.
    Read,
    /// Writes this.
    Write(Vec<u8>),
    /// Answers 200 with the last request's body.
    Echo,
    /// Ends properly.
    Close,
    /// Ends without the words TLS has for it.
    Vanish,
    /// Ends with a TCP reset.
    Reset,
}

/// What the server saw.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// TCP connections.
    pub(crate) accepted: usize,
    /// Connections ready for a request: TLS is done.
    pub(crate) ready: usize,
    /// Connections that ended, on either side.
    pub(crate) ended: usize,
    /// Application bytes read.
    pub(crate) bytes: usize,
    /// Whole requests read.
    pub(crate) requests: Vec<String>,
}

pub(crate) struct Server {
    pub(crate) port: u16,
    seen: watch::Receiver<Seen>,
}

impl Server {
    /// The nth connection follows the nth script, further ones the last.
    pub(crate) async fn start(wire: Wire, scripts: &[&[Step]]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (tell, seen) = watch::channel(Seen::default());
        let scripts: Vec<Vec<Step>> = scripts.iter().map(|script| script.to_vec()).collect();
        tokio::spawn(async move {
            for nth in 0.. {
                let (tcp, _) = listener.accept().await.unwrap();
                tell.send_modify(|seen| seen.accepted += 1);
                let script = scripts.get(nth).or(scripts.last()).cloned().unwrap_or_default();
                tokio::spawn(serve(wire.clone(), tcp, script, tell.clone()));
            }
        });
        Self { port, seen }
    }

    /// What it has seen until now.
    pub(crate) fn seen(&self) -> Seen {
        self.seen.borrow().clone()
    }

    /// Waits until it has seen enough.
    pub(crate) async fn until(&self, enough: impl FnMut(&Seen) -> bool) -> Seen {
        self.seen.clone().wait_for(enough).await.unwrap().clone()
    }
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Stream {
    fn tcp(&self) -> &TcpStream {
        match self {
            Self::Plain(tcp) => tcp,
            Self::Tls(tls) => tls.get_ref().0,
        }
    }

    /// Zero at the end, whatever ended it.
    async fn read(&mut self, into: &mut Vec<u8>) -> usize {
        match self {
            Self::Plain(tcp) => tcp.read_buf(into).await.unwrap_or(0),
            Self::Tls(tls) => tls.read_buf(into).await.unwrap_or(0),
        }
    }

    /// The peer may have gone; that is the test's business.
    async fn write(&mut self, bytes: &[u8]) {
        let _ = match self {
            Self::Plain(tcp) => tcp.write_all(bytes).await,
            Self::Tls(tls) => tls.write_all(bytes).await,
        };
        let _ = match self {
            Self::Plain(tcp) => tcp.flush().await,
            Self::Tls(tls) => tls.flush().await,
        };
    }

    async fn close(&mut self) {
        let _ = match self {
            Self::Plain(tcp) => tcp.shutdown().await,
            Self::Tls(tls) => tls.shutdown().await,
        };
    }
}

async fn serve(wire: Wire, mut tcp: TcpStream, script: Vec<Step>, tell: watch::Sender<Seen>) {
    match wire {
        Wire::Plain => follow(Stream::Plain(tcp), script, &tell).await,
        Wire::Tls(acceptor) => {
            if let Ok(tls) = acceptor.accept(tcp).await {
                follow(Stream::Tls(Box::new(tls)), script, &tell).await;
            }
        }
        Wire::Mute => drain(&mut tcp).await,
        Wire::Garbage => {
            let _ = tcp.write_all(b"220 mail.example ESMTP\r\n").await;
            drain(&mut tcp).await;
        }
        Wire::Slam => drop(tcp),
    }
    tell.send_modify(|seen| seen.ended += 1);
}

async fn drain(from: &mut (impl AsyncRead + Unpin)) {
    let mut bin = [0; 4096];
    while from.read(&mut bin).await.is_ok_and(|n| n > 0) {}
}

async fn follow(mut stream: Stream, script: Vec<Step>, tell: &watch::Sender<Seen>) {
    tell.send_modify(|seen| seen.ready += 1);
    let mut request = String::new();
    for step in script {
        match step {
            Step::Peek => drop(stream.tcp().peek(&mut [0]).await),
            Step::Read => match read_request(&mut stream, tell).await {
                Some(whole) => request = whole,
                None => return,
            },
            Step::Write(bytes) => stream.write(&bytes).await,
            Step::Echo => {
                let body = request.split_once("\r\n\r\n").map_or("", |(_, body)| body);
                stream.write(&answer("200 OK", body)).await;
            }
            Step::Close => return stream.close().await,
            Step::Vanish => return,
            Step::Reset => return stream.tcp().set_zero_linger().unwrap(),
        }
    }
    let mut rest = Vec::new();
    loop {
        let n = stream.read(&mut rest).await;
        if n == 0 {
            return;
        }
        tell.send_modify(|seen| seen.bytes += n);
    }
}

/// A whole request by its content length, or `None` when the peer ended before.
async fn read_request(stream: &mut Stream, tell: &watch::Sender<Seen>) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let n = stream.read(&mut bytes).await;
        tell.send_modify(|seen| seen.bytes += n);
        if n == 0 {
            return None;
        }
        let text = String::from_utf8(bytes.clone()).unwrap();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if body.len() == length.map_or(0, |length| length.parse().unwrap()) {
            tell.send_modify(|seen| seen.requests.push(text.clone()));
            return Some(text);
        }
    }
}

/// A whole reply.
pub(crate) fn answer(status: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// A certificate authority of its own.
pub(crate) struct Authority {
    pub(crate) root_pem: String,
    root: CertificateParams,
    root_key: KeyPair,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut root = CertificateParams::new(Vec::new()).unwrap();
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root_key = KeyPair::generate().unwrap();
        let root_pem = root.self_signed(&root_key).unwrap().pem();
        Self { root_pem, root, root_key }
    }

    /// TLS with a certificate for `localhost` and 127.0.0.1.
    pub(crate) fn wire(&self) -> Wire {
        self.wire_for(&["localhost", "127.0.0.1"])
    }

    /// TLS with a certificate for these names.
    pub(crate) fn wire_for(&self, names: &[&str]) -> Wire {
        let key = KeyPair::generate().unwrap();
        let leaf =
            CertificateParams::new(names.iter().map(|name| name.to_string()).collect::<Vec<_>>()).unwrap();
        let leaf = leaf.signed_by(&key, &Issuer::from_params(&self.root, &self.root_key)).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
            .unwrap();
        Wire::Tls(TlsAcceptor::from(Arc::new(config)))
    }
}
