import { createServer, type Server, type Socket } from 'node:net';

/** As much of an HTTP request as the Runtime API asks for. */
export interface RuntimeRequest {
  /** E.g. `/2018-06-01/runtime/invocation/next`. */
  readonly path: string;
  readonly body: Buffer;
  header(name: string): string | undefined;
  /** `head` are more header lines, each ended by CRLF. */
  reply(status: string, head: string, body: string): void;
}

const endOfHead = Buffer.from('\r\n\r\n');
/** A response may be 6 MB; one that is a little over it is to be told so, one that is far over it to be cut. */
const bufferLimitBytes = 32 * 1024 * 1024;

/**
 * An HTTP/1.1 server for runtime clients only: no pipelining, no TLS, one write a reply. Node's own server takes
 * 20 us more a request (measured), two requests an invocation, in CPU and in latency.
 */
export function runtimeServer(answer: (request: RuntimeRequest) => void): Server {
  return createServer({ noDelay: true }, (socket) => new Connection(socket, answer));
}

class Connection {
  readonly #socket: Socket;
  readonly #answer: (request: RuntimeRequest) => void;
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** Bytes that must be there before another look is worth its while. */
  #wanted = 0;
  #continued = false;

  constructor(socket: Socket, answer: (request: RuntimeRequest) => void) {
    this.#socket = socket;
    this.#answer = answer;
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', () => {}); // the process at the other end was killed
  }

  #receive(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes > bufferLimitBytes) this.#socket.destroy();
    else if (this.#bytes >= this.#wanted) this.#look();
  }

  #look(): void {
    const data = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
    this.#chunks = [data];
    const end = data.indexOf(endOfHead);
    if (end < 0) return;
    const head = data.toString('latin1', 0, end);
    const body = this.#body(head, data, end + endOfHead.length);
    if (body === 'malformed') {
      this.#socket.destroy();
      return;
    }
    if (body === null) {
      this.#promptBody(head);
      return;
    }
    this.#chunks = [];
    this.#bytes = 0;
    this.#wanted = 0;
    this.#continued = false;
    this.#answer(new Request(this.#socket, head, body));
  }

  /** null while it is not all there. */
  #body(head: string, data: Buffer, start: number): Body {
    if (/^transfer-encoding: *chunked/im.test(head)) return unchunk(data, start);
    const given = field(head, 'content-length') ?? '0';
    if (!/^\d{1,15}$/.test(given)) return 'malformed';
    const length = Number(given);
    this.#wanted = start + length;
    return data.length < this.#wanted ? null : data.subarray(start, this.#wanted);
  }

  #promptBody(head: string): void {
    if (this.#continued || !/^expect: *100-continue/im.test(head)) return;
    this.#continued = true;
    this.#socket.write('HTTP/1.1 100 Continue\r\n\r\n');
  }
}

class Request implements RuntimeRequest {
  readonly path: string;
  readonly body: Buffer;
  readonly #socket: Socket;
  readonly #head: string;

  constructor(socket: Socket, head: string, body: Buffer) {
    this.#socket = socket;
    this.#head = head;
    this.body = body;
    const from = head.indexOf(' ') + 1;
    this.path = head.slice(from, head.indexOf(' ', from));
  }

  header(name: string): string | undefined {
    return field(this.#head, name);
  }

  reply(status: string, head: string, body: string): void {
    const bytes = Buffer.byteLength(body);
    const text = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\n${head}content-length: ${bytes}\r\n\r\n${body}`;
    this.#socket.write(text, bytes === body.length ? 'latin1' : 'utf8');
  }
}

function field(head: string, name: string): string | undefined {
  const lower = head.toLowerCase();
  const at = lower.indexOf(`\r\n${name}:`);
  if (at < 0) return undefined;
  const from = at + name.length + 3;
  const end = head.indexOf('\r\n', from);
  return head.slice(from, end < 0 ? head.length : end).trim();
}

/** null while it is not all there; whoever sends what HTTP does not allow is hung up on. */
type Body = Buffer | null | 'malformed';

/** Joins the chunks of a body (RFC 9112, 7.1); null while the last one is missing. */
function unchunk(data: Buffer, start: number): Body {
  const parts: Buffer[] = [];
  for (let at = start; ; ) {
    const line = data.indexOf('\r\n', at);
    if (line < 0) return null;
    const digits = /^([0-9a-f]{1,8}) *(?:;|$)/i.exec(data.toString('latin1', at, line))?.[1];
    if (digits === undefined) return 'malformed';
    const size = Number.parseInt(digits, 16);
    if (size === 0) return data.indexOf('\r\n', line + 2) < 0 ? null : Buffer.concat(parts);
    at = line + 2 + size + 2;
    if (data.length < at) return null;
    parts.push(data.subarray(line + 2, line + 2 + size));
  }
}
