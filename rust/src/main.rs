use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use rust_core::Function;
use serde_json::Value;

// An execution environment serves one invocation at a time: a second thread would have nothing to do.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = &Function::from_env().await?;
    run(service_fn(|_event: LambdaEvent<Value>| async move {
        Ok::<_, Error>(function.invoke().await)
    }))
    .await
}
