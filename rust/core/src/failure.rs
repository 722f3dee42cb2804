use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use serde::Serialize;

/// Why a step failed: the service's own code and message, or one of our two kinds when there is no answer.
#[derive(Debug, PartialEq, Serialize)]
pub struct Failure {
    pub service: &'static str,
    pub code: String,
    pub message: String,
}

impl Failure {
    pub fn of<E: ProvideErrorMetadata>(service: &'static str, error: &SdkError<E>) -> Self {
        let (code, message) = match error {
            SdkError::ServiceError(answer) => {
                // An answer without an error document: its HTTP status is all there is.
                let status = || answer.raw().status().as_u16().to_string();
                let code = answer.err().code().map_or_else(status, str::to_owned);
                (code, answer.err().message().unwrap_or_default().to_owned())
            }
            _ => {
                let (code, message) = kind(error);
                (code.to_owned(), message.to_owned())
            }
        };
        Self {
            service,
            code,
            message,
        }
    }
}

fn kind<E>(error: &SdkError<E>) -> (&'static str, &'static str) {
    match error {
        SdkError::TimeoutError(_) => ("Timeout", "no answer in time"),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => ("Timeout", "no answer in time"),
        _ => ("NoAnswer", "no answer could be read"),
    }
}
