// @ts-check
// Starts a Node function as Lambda does: `node bootstrap.mjs <aws-lambda-ric> <task root> <handler>`. The client is AWS's
// own; only its native addon, which takes autotools and cmake to build, is replaced by `rapid-client.cjs`.
import Module from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const standIn = fileURLToPath(new URL('./rapid-client.cjs', import.meta.url));
const loader = /** @type {{ _resolveFilename(request: string, ...rest: unknown[]): string }} */ (
  /** @type {unknown} */ (Module)
);
const resolveFilename = loader._resolveFilename;
loader._resolveFilename = (request, ...rest) =>
  request === './rapid-client.node' ? standIn : resolveFilename(request, ...rest);

const [, , client = '', taskRoot = '', handler = ''] = process.argv;
const { run } = await import(pathToFileURL(client).href);
await run(taskRoot, handler);
