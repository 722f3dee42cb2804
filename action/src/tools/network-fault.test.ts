import { expect, it } from 'vitest';
import { isNetworkFault } from './network-fault.ts';

// What go, pip, cargo and npm said with their proxy at a closed port, and Go's net package of connections that were cut.
it.each([
  'go: go.k6.io/k6@v1.8.0: Get "https://modules.example/go.k6.io/k6/@v/v1.8.0.info": proxyconnect tcp: dial tcp 127.0.0.1:9: connect: connection refused',
  "WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by 'ProxyError('Cannot connect to proxy.', NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection object at 0x7f76a6d14550>: Failed to establish a new connection: [Errno 111] Connection refused'))': /simple/six/\nERROR: No matching distribution found for six==1.16.0",
  'error: download of config.json failed\n\nCaused by:\n  [7] Could not connect to server (Failed to connect to 127.0.0.1 port 9 after 0 ms: Could not connect to server)',
  "npm error   code: 'ECONNREFUSED',\nnpm error   errno: 'ECONNREFUSED',\nnpm error   syscall: 'connect',",
  'dial tcp: lookup modules.example: no such host',
  'read tcp 10.0.0.1:4431->10.0.0.2:443: read: connection reset by peer',
  'net/http: TLS handshake timeout',
  'unexpected EOF',
])('%s', (words) => {
  expect(isNetworkFault(words)).toBe(true);
});

it.each([
  'error[E0308]: mismatched types',
  'error[E0425]: cannot find value `x`\n  |     println!("connection refused", x);\n\nerror: could not compile `fn` (bin "fn")',
  '# example.com/fn\n./main.go:3:15: undefined: ECONNREFUSED',
  `warning: spurious network error (2 tries remaining)\n${'  Downloaded a crate\n'.repeat(12)}error: disk full`,
  'go: go.k6.io/k6@v1.999.0: invalid version: unknown revision v1.999.0',
  'error: could not find `dynoxide-rs` in registry `crates-io` with version `=9.9.9`',
  'ERROR: No matching distribution found for maturin==9.9.9',
  'npm error code ETARGET\nnpm error notarget No matching version found for esbuild@99.0.0.',
  'write /cache/k6: no space left on device',
])('and not: %s', (words) => {
  expect(isNetworkFault(words)).toBe(false);
});
