//! What the Rust variants and the PyO3 variant do: new id -> PutObject -> PutItem -> answer. `functions/handler.py` does
//! the same, step for step.

mod answer;
mod clients;
mod environment;
mod failure;
mod settings;

pub use answer::Answer;
pub use failure::Failure;
pub use settings::Settings;

use clients::Clients;
use environment::Environment;
use std::error::Error;
use std::future::ready;

/// The function: its clients are made once, before the first call.
pub struct Function {
    environment: Environment,
    clients: Clients,
}

impl Function {
    /// Init: reads the environment and makes the clients. Fails when a variable is missing, and names it.
    pub async fn from_env() -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self {
            environment: Environment::from_env()?,
            clients: Clients::load().await,
        })
    }

    /// Opens the connections and runs once what the calls will run, as `functions/primed.py` does.
    pub async fn prime(&self) {
        self.environment.prime(&self.clients).await;
    }

    /// One invocation; the event is not looked at, so that a Function URL and a direct invoke get the same answer.
    pub async fn invoke(&self) -> Answer {
        self.environment.invoke(ready(&self.clients)).await
    }
}

/// The Rust shape of the original experiment, for `.github/replica.yml`: configuration and clients are made by every call.
pub struct PerCallFunction {
    environment: Environment,
}

impl PerCallFunction {
    /// Init: reads the environment only.
    pub fn from_env() -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self {
            environment: Environment::from_env()?,
        })
    }

    pub async fn invoke(&self) -> Answer {
        self.environment.invoke(Clients::load()).await
    }
}
