//! The Rust shape of the original experiment (`.github/replica.yml`).

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use rust_core::PerCallFunction;
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = &PerCallFunction::from_env()?;
    run(service_fn(|_event: LambdaEvent<Value>| async move {
        Ok::<_, Error>(function.invoke().await)
    }))
    .await
}
