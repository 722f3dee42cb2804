import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Signer } from '../cloud/cloud.ts';
import { listen } from '../loopback.ts';
import type { LoadRequest } from '../model.ts';

/** Disposing of it ends the server. */
export interface SignatureServer extends AsyncDisposable {
  /** What the load generator's process needs in its environment, and no other process should get. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Hands signatures of the given URLs to `signature.js` in k6, which can neither import a signer nor be given new
 * variables once it runs. Listens on loopback only, and answers nobody who does not know its random path.
 */
export async function serveSignatures(
  signer: Signer,
  urls: readonly string[],
  signed: LoadRequest,
): Promise<SignatureServer> {
  const path = `/${randomBytes(16).toString('hex')}`;
  const server = createServer(
    (request, response) => void answer(request, response, { path, signer, urls, signed }),
  );
  const port = await listen(server);
  return {
    environment: { SIGNATURES: `http://127.0.0.1:${port}${path}` },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Means {
  readonly path: string;
  readonly signer: Signer;
  readonly urls: readonly string[];
  readonly signed: LoadRequest;
}

async function answer(request: IncomingMessage, response: ServerResponse, means: Means): Promise<void> {
  const [path, query] = (request.url ?? '').split('?');
  const url = new URLSearchParams(query).get('url') ?? '';
  if (path !== means.path || !means.urls.includes(url)) {
    response.writeHead(404).end();
    return;
  }
  try {
    response.end(JSON.stringify(await means.signer.headers(url, means.signed)));
  } catch (error) {
    response.writeHead(503).end(error instanceof Error ? error.message : String(error));
  }
}
