//! SDK settings, the same as in `functions/handler.py`.

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, ConfigLoader, SdkConfig};
use aws_sdk_s3::config::RequestChecksumCalculation;
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(3);

pub fn config() -> ConfigLoader {
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

pub fn s3(config: &SdkConfig) -> aws_sdk_s3::Client {
    // Bucket in the path: one host name to resolve, whatever the endpoint.
    let config = aws_sdk_s3::config::Builder::from(config).force_path_style(true);
    aws_sdk_s3::Client::from_conf(config.build())
}

pub fn dynamodb(config: &SdkConfig) -> aws_sdk_dynamodb::Client {
    aws_sdk_dynamodb::Client::new(config)
}
