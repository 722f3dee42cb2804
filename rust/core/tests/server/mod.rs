//! A small HTTP server that gives scripted replies, one a request, and keeps what it was asked.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

#[derive(Clone)]
pub struct Reply(Kind);

#[derive(Clone)]
enum Kind {
    Answer(u16, String),
    HangUp,
    Silence,
}

impl Reply {
    pub fn ok(body: &str) -> Self {
        Self::new(200, body)
    }
    pub fn new(status: u16, body: &str) -> Self {
        Self(Kind::Answer(status, body.into()))
    }
    pub fn hang_up() -> Self {
        Self(Kind::HangUp)
    }
    pub fn silence() -> Self {
        Self(Kind::Silence)
    }
}

#[derive(Clone)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub body: String,
    headers: HashMap<String, String>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

#[derive(Default)]
struct Script {
    replies: Mutex<Vec<Reply>>,
    requests: Mutex<Vec<Request>>,
    stopping: AtomicBool,
}

pub struct Server {
    pub url: String,
    script: Arc<Script>,
    accepting: Option<JoinHandle<()>>,
}

impl Server {
    pub fn start(replies: Vec<Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("address"));
        let script = Arc::new(Script {
            replies: Mutex::new(replies.into_iter().rev().collect()),
            ..Script::default()
        });
        let shared = script.clone();
        let accepting = Some(thread::spawn(move || accept(&listener, &shared)));
        Self {
            url,
            script,
            accepting,
        }
    }

    pub fn requests(&self) -> Vec<Request> {
        self.script.requests.lock().unwrap().clone()
    }

    /// Closes the port and gives its address, where now nobody listens.
    pub fn stop(mut self) -> String {
        self.close();
        self.url.clone()
    }

    fn close(&mut self) {
        let Some(accepting) = self.accepting.take() else {
            return;
        };
        self.script.stopping.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.url.trim_start_matches("http://"));
        let _ = accepting.join();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.close();
    }
}

fn accept(listener: &TcpListener, script: &Arc<Script>) {
    for stream in listener.incoming().map_while(Result::ok) {
        if script.stopping.load(Ordering::SeqCst) {
            return;
        }
        let script = script.clone();
        thread::spawn(move || serve(stream, &script));
    }
}

fn serve(mut stream: TcpStream, script: &Script) {
    let mut reader = BufReader::new(stream.try_clone().expect("stream"));
    while let Some(request) = read_request(&mut reader) {
        script.requests.lock().unwrap().push(request);
        match script.replies.lock().unwrap().pop().map(|reply| reply.0) {
            Some(Kind::Answer(status, body)) => {
                let length = body.len();
                let reply = format!("HTTP/1.1 {status} Scripted\r\ncontent-length: {length}\r\n\r\n{body}");
                stream.write_all(reply.as_bytes()).expect("reply");
            }
            Some(Kind::Silence) => continue, // reads on, which ends when the client gives up
            Some(Kind::HangUp) | None => return,
        }
    }
}

fn read_request(reader: &mut impl BufRead) -> Option<Request> {
    let mut lines = vec![];
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            text => lines.push(text.to_owned()),
        }
    }
    let mut start = lines.first()?.split(' ').map(str::to_owned);
    let pairs = lines[1..].iter().filter_map(|line| line.split_once(": "));
    let headers: HashMap<_, _> = pairs.map(|(k, v)| (k.to_lowercase(), v.to_owned())).collect();
    let length = headers.get("content-length").map_or(0, |n| n.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request {
        method: start.next()?,
        path: start.next()?,
        body: String::from_utf8(body).ok()?,
        headers,
    })
}
