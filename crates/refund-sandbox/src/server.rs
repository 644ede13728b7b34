//! The socket: accepts, serves HTTP/1.1, stops.
//!
//! Knows connections and tasks. Must not know a gateway. It has an accept loop of its own so that a
//! fault can close a connection without one byte of a reply.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};
use tower::Service;

use crate::callbacks;
use crate::clock::first_instant;
use crate::config::SandboxConfig;
use crate::departure::or_hang_up;
use crate::routes;
use crate::world::{Shared, World};

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on {addr}")]
    Listen {
        /// The address asked for.
        addr: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The first instant is before 1970 or after the year 9999.
    #[error("the clock cannot start at {unix_seconds} seconds after 1970-01-01T00:00:00Z")]
    FirstInstant {
        /// The instant asked for.
        unix_seconds: i64,
    },
}

/// A sandbox that is listening. Dropping it stops it too, without waiting.
#[derive(Debug)]
pub struct Running {
    addr: SocketAddr,
    /// Closed, by [`Running::stop`] or by dropping, it ends the accept loop.
    alive: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Running {
    /// The address it listens on, with the port that was picked.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The base address of every gateway and of the control API, without a trailing slash:
    /// `http://127.0.0.1:40123`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Closes the socket and every connection, and waits until they are closed.
    pub async fn stop(self) {
        let Self { alive, task, .. } = self;
        drop(alive);
        // The only way for the loop to fail is a runtime that is shutting down, which stops it too.
        let _ = task.await;
    }
}

pub(crate) async fn start(config: SandboxConfig) -> Result<Running, StartError> {
    let start = first_instant(config.starts_at)
        .ok_or(StartError::FirstInstant { unix_seconds: config.starts_at.unwrap_or_default() })?;
    let listen_error = |source| StartError::Listen { addr: config.listen, source };
    let listener = TcpListener::bind(config.listen).await.map_err(listen_error)?;
    let addr = listener.local_addr().map_err(listen_error)?;
    let shared = Shared::new(World::new(config.mode, start, config.chaos));
    let router = routes::router(shared.clone());
    let (alive, stopped) = oneshot::channel();
    let task = tokio::spawn(accept(listener, router, shared, stopped));
    Ok(Running { addr, alive, task })
}

async fn accept(listener: TcpListener, router: Router, shared: Shared, mut stopped: oneshot::Receiver<()>) {
    let mut connections = JoinSet::new();
    // The courier lives and dies with the connections.
    connections.spawn(callbacks::serve(shared));
    loop {
        tokio::select! {
            _ = &mut stopped => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(connections.spawn(serve(stream, router.clone()))),
                // Out of descriptors, mostly: let the open connections end and try again.
                Err(_) => tokio::task::yield_now().await,
            },
        }
    }
    connections.shutdown().await;
}

async fn serve(stream: TcpStream, router: Router) {
    // Small replies must not wait for the next segment; without it they are only slower.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut router = router.clone();
        async move { or_hang_up(router.call(request.map(Body::new)).await) }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .header_read_timeout(None)
        // The `Date` header would be the machine's time, not the sandbox's.
        .auto_date_header(false)
        .serve_connection(TokioIo::new(stream), service);
    // Broken framing and closed sockets are the client's affair; closing on purpose arrives here too.
    let _ = connection.await;
}
