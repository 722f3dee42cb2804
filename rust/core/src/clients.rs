//! SDK settings, the same as in `functions/steps.py`, and the two calls.

use crate::Failure;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, ConfigLoader, SdkConfig};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_s3::config::RequestChecksumCalculation;
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(3);

pub struct Clients {
    s3: aws_sdk_s3::Client,
    dynamodb: aws_sdk_dynamodb::Client,
}

impl Clients {
    pub async fn load() -> Self {
        let config = config().load().await;
        Self {
            s3: s3(&config),
            dynamodb: aws_sdk_dynamodb::Client::new(&config),
        }
    }

    /// A role that may only write is refused, over the connection that the calls will use; that is as good.
    pub async fn prime(&self, bucket: &str, table: &str) {
        let _ = self.s3.head_bucket().bucket(bucket).send().await;
        let _ = self.dynamodb.describe_table().table_name(table).send().await;
    }

    pub async fn put_object(&self, bucket: &str, id: &str) -> Result<(), Failure> {
        let request = self.s3.put_object().bucket(bucket);
        let sent = request.key(id).body(id.as_bytes().to_vec().into()).send();
        sent.await.map_err(|error| Failure::of("s3", &error))?;
        Ok(())
    }

    pub async fn put_item(&self, table: &str, id: &str) -> Result<(), Failure> {
        let request = self.dynamodb.put_item().table_name(table);
        let sent = request.item("id", AttributeValue::S(id.into())).send();
        sent.await.map_err(|error| Failure::of("dynamodb", &error))?;
        Ok(())
    }
}

fn config() -> ConfigLoader {
    aws_config::defaults(BehaviorVersion::latest())
        // A retry would hide an error and count as latency.
        .retry_config(RetryConfig::disabled())
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(TIMEOUT)
                .read_timeout(TIMEOUT)
                .build(),
        )
        // By default one SDK sends a checksum header and the other, over TLS, a chunked body with a trailer.
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
}

fn s3(config: &SdkConfig) -> aws_sdk_s3::Client {
    // Bucket in the path: one host name to resolve, whatever the endpoint.
    let config = aws_sdk_s3::config::Builder::from(config).force_path_style(true);
    aws_sdk_s3::Client::from_conf(config.build())
}
