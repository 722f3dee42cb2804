use crate::answer::{Answer, Clock};
use crate::clients::Clients;
use crate::{Failure, Settings};
use std::borrow::Borrow;
use std::future::Future;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

/// What every execution environment keeps between invocations, whenever its clients are made.
pub struct Environment {
    settings: Settings,
    /// Made by the first call, because many environments may be restored from one snapshot of init (SnapStart).
    id: OnceLock<String>,
    invocations: AtomicU64,
}

impl Environment {
    /// Fails when a variable is missing, and names it.
    pub fn from_env() -> Result<Self, String> {
        Ok(Self {
            settings: Settings::read(|name| std::env::var(name).ok())?,
            id: OnceLock::new(),
            invocations: AtomicU64::new(0),
        })
    }

    pub async fn prime(&self, clients: &Clients) {
        clients.prime(&self.settings.bucket, &self.settings.table).await;
    }

    /// One invocation; making `clients` is part of it.
    pub async fn invoke(&self, clients: impl Future<Output = impl Borrow<Clients>>) -> Answer {
        let id = self.id.get_or_init(|| Uuid::new_v4().to_string());
        let invocation = self.invocations.fetch_add(1, Ordering::Relaxed) + 1;
        let mut clock = Clock::start();
        let clients = clients.await;
        let outcome = self.store(clients.borrow(), &mut clock).await;
        Answer::new(id, invocation, clock, outcome)
    }

    async fn store(&self, clients: &Clients, clock: &mut Clock) -> Result<String, Failure> {
        let id = Uuid::new_v4().to_string();
        clock
            .time("s3", clients.put_object(&self.settings.bucket, &id))
            .await?;
        clock
            .time("ddb", clients.put_item(&self.settings.table, &id))
            .await?;
        Ok(id)
    }
}
