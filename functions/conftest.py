"""A small HTTP server that gives scripted replies, one a request, and keeps what it was asked."""

import importlib
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

SILENCE, HANG_UP = "silence", "hang up"


class Scripted(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def reply(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        request = {"method": self.command, "path": self.path, "headers": self.headers, "body": body}
        self.server.requests.append({**request, "client": self.client_address})
        reply = self.server.replies.pop(0)
        if reply == SILENCE:
            self.rfile.read(1)  # ends when the client gives up
        if reply in (SILENCE, HANG_UP):
            self.close_connection = True
            return
        status, document = reply
        self.send_response(status)
        self.send_header("content-length", str(len(document.encode())))
        self.end_headers()
        self.wfile.write(document.encode())

    do_HEAD = do_PUT = do_POST = reply

    def log_message(self, *_):
        pass


@pytest.fixture
def serve():
    """serve(*replies) starts a server and gives it; a reply is (status, document), SILENCE or HANG_UP."""
    servers = []

    def start(*replies):
        server = ThreadingHTTPServer(("127.0.0.1", 0), Scripted)
        server.replies, server.requests = list(replies), []
        server.url = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, args=(0.01,)).start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


# Every shape of the function; HANDLERS chooses others, in HANDLER_FOLDER instead of this folder.
@pytest.fixture(params=os.environ.get("HANDLERS", "handler boto3_resource").split())
def load(monkeypatch, request):
    """load(url) imports the handler as init does, with S3 and DynamoDB at the url; variables can be overridden."""

    if folder := os.environ.get("HANDLER_FOLDER"):
        monkeypatch.syspath_prepend(folder)

    def start(url="http://127.0.0.1:1", **variables):
        defaults = {
            "AWS_ENDPOINT_URL_S3": url,
            "AWS_ENDPOINT_URL_DYNAMODB": url,
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "S3_BUCKET_NAME": "bucket",
            "DYNAMODB_TABLE": "table",
        }
        for name, value in {**defaults, **variables}.items():
            monkeypatch.setenv(name, value)
        for module in (request.param, "handler"):  # `primed` imports `handler`
            sys.modules.pop(module, None)
        return importlib.import_module(request.param).handler

    return start
