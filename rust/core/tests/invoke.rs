//! The function against real HTTP servers that answer as S3 and DynamoDB do. `functions/test_handler.py` has the
//! same cases with the same expected bytes.

mod server;

use rust_core::{Function, PerCallFunction};
use serde_json::{Value, json};
use server::{Reply, Server};
use tokio::sync::{Mutex, MutexGuard};

static ENVIRONMENT: Mutex<()> = Mutex::const_new(());

/// Makes the function as init does, from environment variables; the guard keeps other tests off them meanwhile.
async fn function(s3: &str, dynamodb: &str) -> Function {
    let _guard = set_environment(s3, dynamodb).await;
    Function::from_env().await.expect("init")
}

/// The variables hold for as long as the guard is kept.
async fn set_environment(s3: &str, dynamodb: &str) -> MutexGuard<'static, ()> {
    let guard = ENVIRONMENT.lock().await;
    let variables = [
        ("AWS_ENDPOINT_URL_S3", s3),
        ("AWS_ENDPOINT_URL_DYNAMODB", dynamodb),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("S3_BUCKET_NAME", "bucket"),
        ("DYNAMODB_TABLE", "table"),
    ];
    // SAFETY: every test reads and writes the environment under the lock above.
    for (name, value) in variables {
        unsafe { std::env::set_var(name, value) };
    }
    guard
}

async fn invoke(function: &Function) -> Value {
    serde_json::to_value(function.invoke().await).expect("JSON")
}

#[tokio::test]
async fn puts_the_object_then_the_item_then_answers_with_the_id() {
    let server = Server::start(vec![Reply::ok(""), Reply::ok("{}")]);
    let answer = invoke(&function(&server.url, &server.url).await).await;
    let id = server.requests()[0].body.clone();

    assert_eq!(uuid::Uuid::parse_str(&id).unwrap().get_version_num(), 4);
    assert_eq!(answer["statusCode"], 200);
    assert_eq!(answer["body"], format!(r#"{{"id":"{id}"}}"#));
    let [put_object, put_item] = &server.requests()[..] else {
        panic!("two requests")
    };
    assert_eq!(put_object.method, "PUT");
    assert!(put_object.path.starts_with(&format!("/bucket/{id}")));
    assert_eq!(put_object.body, id);
    assert_eq!(put_item.header("x-amz-target"), Some("DynamoDB_20120810.PutItem"));
    let item: Value = serde_json::from_str(&put_item.body).unwrap();
    assert_eq!(
        item,
        json!({ "TableName": "table", "Item": { "id": { "S": id } } })
    );
}

#[tokio::test]
async fn a_function_that_makes_its_clients_by_every_call_answers_alike() {
    let server = Server::start(vec![
        Reply::ok(""),
        Reply::ok("{}"),
        Reply::ok(""),
        Reply::ok("{}"),
    ]);
    let _guard = set_environment(&server.url, &server.url).await;
    let function = PerCallFunction::from_env().expect("init");
    for invocation in ["1", "2"] {
        let answer = serde_json::to_value(function.invoke().await).expect("JSON");
        assert_eq!(answer["statusCode"], 200);
        assert_eq!(answer["headers"]["x-invocation"], invocation);
        assert_eq!(steps(&answer["headers"]), ["s3", "ddb", "total"]);
    }
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn a_primed_function_has_asked_both_services_before_its_first_call_and_minds_no_refusal() {
    let refusal =
        r#"{"__type":"com.amazon.coral.service#AccessDeniedException","message":"it may only write"}"#;
    let replies = [
        Reply::new(403, ""),
        Reply::new(400, refusal),
        Reply::ok(""),
        Reply::ok("{}"),
    ];
    let server = Server::start(replies.into());
    let function = function(&server.url, &server.url).await;
    function.prime().await;
    let [head_bucket, describe_table] = &server.requests()[..] else {
        panic!("two requests")
    };
    assert_eq!((&*head_bucket.method, &*head_bucket.path), ("HEAD", "/bucket/"));
    assert_eq!(
        describe_table.header("x-amz-target"),
        Some("DynamoDB_20120810.DescribeTable")
    );
    let answer = invoke(&function).await;
    assert_eq!(answer["statusCode"], 200);
    assert_eq!(answer["headers"]["x-invocation"], "1");
}

#[tokio::test]
async fn signs_the_body_and_adds_no_checksum() {
    let server = Server::start(vec![Reply::ok(""), Reply::ok("{}")]);
    invoke(&function(&server.url, &server.url).await).await;
    let put_object = &server.requests()[0];
    assert_eq!(put_object.header("content-length"), Some("36"));
    assert_eq!(put_object.header("x-amz-content-sha256").map(str::len), Some(64));
    assert_eq!(put_object.header("x-amz-checksum-crc32"), None);
}

#[tokio::test]
async fn counts_invocations_and_keeps_the_environment() {
    let replies = [Reply::ok(""), Reply::ok("{}"), Reply::ok(""), Reply::ok("{}")];
    let server = Server::start(replies.into());
    let function = function(&server.url, &server.url).await;
    let headers = |answer: Value| answer["headers"].clone();
    let (first, second) = (headers(invoke(&function).await), headers(invoke(&function).await));

    assert_eq!(
        (&first["x-invocation"], &second["x-invocation"]),
        (&json!("1"), &json!("2"))
    );
    assert_eq!(
        first["x-execution-environment"],
        second["x-execution-environment"]
    );
    assert_eq!(first["content-type"], "application/json");
    assert_eq!(steps(&first), ["s3", "ddb", "total"]);
}

#[tokio::test]
async fn another_environment_has_another_id() {
    let server = Server::start(vec![
        Reply::ok(""),
        Reply::ok("{}"),
        Reply::ok(""),
        Reply::ok("{}"),
    ]);
    let mut ids = vec![];
    for _ in 0..2 {
        ids.push(invoke(&function(&server.url, &server.url).await).await["headers"].clone());
    }
    assert_ne!(
        ids[0]["x-execution-environment"],
        ids[1]["x-execution-environment"]
    );
}

#[tokio::test]
async fn an_s3_error_is_a_502_without_a_write_to_dynamodb_and_without_a_retry() {
    let document = "<Error><Code>NoSuchBucket</Code><Message>The bucket “b” is gone</Message></Error>";
    let server = Server::start(vec![Reply::new(404, document)]);
    let answer = invoke(&function(&server.url, &server.url).await).await;
    assert_eq!(answer["statusCode"], 502);
    assert_eq!(
        answer["body"],
        r#"{"error":{"service":"s3","code":"NoSuchBucket","message":"The bucket “b” is gone"}}"#
    );
    assert_eq!(steps(&answer["headers"]), ["s3", "total"]);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_dynamodb_error_is_a_502_with_the_services_own_words() {
    let document =
        r#"{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"no table"}"#;
    let server = Server::start(vec![Reply::ok(""), Reply::new(400, document)]);
    let answer = invoke(&function(&server.url, &server.url).await).await;
    assert_eq!(answer["statusCode"], 502);
    assert_eq!(
        answer["body"],
        r#"{"error":{"service":"dynamodb","code":"ResourceNotFoundException","message":"no table"}}"#
    );
    assert_eq!(steps(&answer["headers"]), ["s3", "ddb", "total"]);
}

#[tokio::test]
async fn an_error_without_a_document_is_named_by_its_status() {
    let s3 = Server::start(vec![Reply::new(503, "")]);
    assert_eq!(
        invoke(&function(&s3.url, &s3.url).await).await["body"],
        r#"{"error":{"service":"s3","code":"503","message":""}}"#
    );
    let dynamodb = Server::start(vec![Reply::ok(""), Reply::new(500, "")]);
    assert_eq!(
        invoke(&function(&dynamodb.url, &dynamodb.url).await).await["body"],
        r#"{"error":{"service":"dynamodb","code":"500","message":""}}"#
    );
}

#[tokio::test]
async fn a_refused_connection_is_a_502() {
    let nobody = Server::start(vec![]).stop();
    assert_eq!(
        invoke(&function(&nobody, &nobody).await).await["body"],
        r#"{"error":{"service":"s3","code":"NoAnswer","message":"no answer could be read"}}"#
    );
}

#[tokio::test]
async fn a_server_that_hangs_up_is_a_502() {
    let server = Server::start(vec![Reply::ok(""), Reply::hang_up()]);
    assert_eq!(
        invoke(&function(&server.url, &server.url).await).await["body"],
        r#"{"error":{"service":"dynamodb","code":"NoAnswer","message":"no answer could be read"}}"#
    );
}

#[tokio::test]
async fn a_silent_server_is_a_502_after_the_timeout() {
    let server = Server::start(vec![Reply::silence()]);
    assert_eq!(
        invoke(&function(&server.url, &server.url).await).await["body"],
        r#"{"error":{"service":"s3","code":"Timeout","message":"no answer in time"}}"#
    );
}

/// The names in `server-timing`, each of which must carry a number of ms.
fn steps(headers: &Value) -> Vec<&str> {
    let entries = headers["server-timing"].as_str().unwrap().split(", ");
    let step = |entry: &'_ str| {
        let (name, ms) = entry.split_once(";dur=").expect("name;dur=ms");
        assert!(ms.parse::<f64>().unwrap() > 0.0 && ms.split_once('.').unwrap().1.len() == 3);
        name.len()
    };
    entries.map(|entry| &entry[..step(entry)]).collect()
}
