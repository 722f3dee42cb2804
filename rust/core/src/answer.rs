use crate::failure::Failure;
use serde::Serialize;
use std::future::Future;
use std::time::{Duration, Instant};

/// A Function URL response (payload format 2.0).
#[derive(Debug, Serialize)]
pub struct Answer {
    #[serde(rename = "statusCode")]
    pub status_code: u16,
    pub headers: Headers,
    pub body: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Headers {
    pub content_type: &'static str,
    pub x_execution_environment: String,
    /// 1 is the environment's first (cold) invocation.
    pub x_invocation: String,
    pub server_timing: String,
}

#[derive(Serialize)]
enum Body {
    #[serde(rename = "id")]
    Stored(String),
    #[serde(rename = "error")]
    Failed(Failure),
}

impl Answer {
    /// 200 with `{"id":…}`, or 502 with `{"error":{"service":…,"code":…,"message":…}}`.
    pub fn new(environment: &str, invocation: u64, clock: Clock, outcome: Result<String, Failure>) -> Self {
        let (status_code, body) = match outcome {
            Ok(id) => (200, Body::Stored(id)),
            Err(failure) => (502, Body::Failed(failure)),
        };
        Self {
            status_code,
            headers: Headers {
                content_type: "application/json",
                x_execution_environment: environment.to_owned(),
                x_invocation: invocation.to_string(),
                server_timing: clock.server_timing(),
            },
            body: serde_json::to_string(&body).expect("strings are valid JSON"),
        }
    }
}

/// Times the steps of one invocation, failed ones included.
pub struct Clock {
    started: Instant,
    steps: Vec<(&'static str, Duration)>,
}

impl Clock {
    pub fn start() -> Self {
        Self {
            started: Instant::now(),
            steps: Vec::with_capacity(2),
        }
    }

    pub async fn time<T>(&mut self, step: &'static str, work: impl Future<Output = T>) -> T {
        let started = Instant::now();
        let outcome = work.await;
        self.steps.push((step, started.elapsed()));
        outcome
    }

    /// `s3;dur=1.234, ddb;dur=0.567, total;dur=2.345`, in ms.
    fn server_timing(&self) -> String {
        let total = ("total", self.started.elapsed());
        let steps = self.steps.iter().chain(std::iter::once(&total));
        let entries = steps.map(|(name, time)| format!("{name};dur={:.3}", time.as_secs_f64() * 1e3));
        entries.collect::<Vec<_>>().join(", ")
    }
}
