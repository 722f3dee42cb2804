//! What the Rust and the PyO3 variant do: new id -> PutObject -> PutItem -> answer. `functions/handler.py` does the same,
//! step for step.

mod answer;
mod clients;
mod failure;
mod settings;

pub use answer::Answer;
pub use failure::Failure;
pub use settings::Settings;

use answer::Clock;
use aws_sdk_dynamodb::types::AttributeValue;
use std::error::Error;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

/// What one execution environment keeps between invocations.
pub struct Function {
    s3: aws_sdk_s3::Client,
    dynamodb: aws_sdk_dynamodb::Client,
    settings: Settings,
    environment: String,
    invocations: AtomicU64,
}

impl Function {
    /// Init: reads the environment and makes the clients. Fails when a variable is missing, and names it.
    pub async fn from_env() -> Result<Self, Box<dyn Error + Send + Sync>> {
        let settings = Settings::read(|name| std::env::var(name).ok())?;
        let config = clients::config().load().await;
        Ok(Self {
            s3: clients::s3(&config),
            dynamodb: clients::dynamodb(&config),
            settings,
            environment: Uuid::new_v4().to_string(),
            invocations: AtomicU64::new(0),
        })
    }

    /// One invocation; the event is not looked at, so that a Function URL and a direct invoke get the same answer.
    pub async fn invoke(&self) -> Answer {
        let invocation = self.invocations.fetch_add(1, Ordering::Relaxed) + 1;
        let mut clock = Clock::start();
        let outcome = self.store(&mut clock).await;
        Answer::new(&self.environment, invocation, clock, outcome)
    }

    async fn store(&self, clock: &mut Clock) -> Result<String, Failure> {
        let id = Uuid::new_v4().to_string();
        clock.time("s3", self.put_object(&id)).await?;
        clock.time("ddb", self.put_item(&id)).await?;
        Ok(id)
    }

    async fn put_object(&self, id: &str) -> Result<(), Failure> {
        let request = self.s3.put_object().bucket(&self.settings.bucket);
        let sent = request.key(id).body(id.as_bytes().to_vec().into()).send();
        sent.await.map_err(|error| Failure::of("s3", &error))?;
        Ok(())
    }

    async fn put_item(&self, id: &str) -> Result<(), Failure> {
        let request = self.dynamodb.put_item().table_name(&self.settings.table);
        let sent = request.item("id", AttributeValue::S(id.into())).send();
        sent.await.map_err(|error| Failure::of("dynamodb", &error))?;
        Ok(())
    }
}
