import { expect, it } from 'vitest';
import { isNetworkFault } from './network-fault.ts';

// What each said with its proxy at a closed port, or a connection cut in the middle.
it.each([
  'go: go.k6.io/k6@v1.8.1: Get "https://proxy.example/go.k6.io/k6/@v/v1.8.1.info": proxyconnect tcp: dial tcp 127.0.0.1:9: connect: connection refused',
  'go: module lookup: dial tcp: lookup proxy.example: no such host',
  'go: github.com/x/y@v1.0.0: reading https://proxy.example/x.zip: 502 Bad Gateway server response: HTTP 502',
  'go: download: read tcp 10.0.0.1:4431->10.0.0.2:443: read: connection reset by peer',
  'go: net/http: TLS handshake timeout',
  'go: verifying module: unexpected EOF',
])('%s', (words) => {
  expect(isNetworkFault(words)).toBe(true);
});

it.each([
  'error[E0308]: mismatched types',
  'go: go.k6.io/k6@v1.999.0: invalid version: unknown revision v1.999.0',
  'error: could not find `dynoxide-rs` in registry `crates-io` with version `=9.9.9`',
  'ERROR: No matching distribution found for maturin==9.9.9',
  'npm error code ETARGET\nnpm error notarget No matching version found for esbuild@99.0.0.',
  'No space left on device',
])('and not: %s', (words) => {
  expect(isNetworkFault(words)).toBe(false);
});
