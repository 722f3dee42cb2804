//! The best effort (`.github/best-effort.yml`): init also opens the connections.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use rust_core::Function;
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = &Function::from_env().await?;
    function.prime().await;
    run(service_fn(|_event: LambdaEvent<Value>| async move {
        Ok::<_, Error>(function.invoke().await)
    }))
    .await
}
