// @ts-check
// The interface of aws-lambda-ric's native addon (its src/rapid-client.cc), over node:http.
const { spawnSync } = require('node:child_process');
const { Agent, request } = require('node:http');

const [hostname, port] = String(process.env.AWS_LAMBDA_RUNTIME_API).split(':');
const agent = new Agent({ keepAlive: true, maxSockets: 1, noDelay: true });
const VERSION = '/2018-06-01/runtime/invocation';

/** @typedef {{ path: string, body: string, headers: Record<string, string> }} Post */
/** What has not reached the Runtime API yet. @type {Post | null} */
let unsent = null;
/** @type {Promise<unknown>} */
let sent = Promise.resolve();

/** The next event: `{ bodyJson, headers }`. */
exports.next = async () => {
  await sent;
  const { body, headers } = await call('GET', `${VERSION}/next`);
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return { bodyJson: body, headers: { ...headers, 'lambda-runtime-deadline-ms': deadline } };
};

/** @param {string} id @param {string} body */
exports.done = (id, body) => post({ path: `${VERSION}/${id}/response`, body, headers: {} });

/** @param {string} id @param {string} body @param {string} cause */
exports.error = (id, body, cause) => {
  const { errorType = 'Unknown' } = JSON.parse(body);
  const headers = {
    'lambda-runtime-function-error-type': errorType,
    'lambda-runtime-function-xray-error-cause': cause,
  };
  post({ path: `${VERSION}/${id}/error`, body, headers });
};

/** The addon sends before it returns; here `next` waits for it instead. @param {Post} message */
function post(message) {
  unsent = message;
  sent = call('POST', message.path, message).then(() => {
    unsent = null;
  });
}

// After an uncaught exception the client exits at once: a second process says for us why.
process.on('exit', () => {
  if (unsent === null) return;
  const script = `const [,path,body,headers]=process.argv;require('node:http').request({hostname:'${hostname}',port:${port},path,method:'POST',headers:JSON.parse(headers)}).end(body)`;
  spawnSync(process.execPath, ['-e', script, unsent.path, unsent.body, JSON.stringify(unsent.headers)]);
});

/**
 * @param {string} method @param {string} path @param {{ body: string, headers: Record<string, string> }} [message]
 * @returns {Promise<{ body: string, headers: import('node:http').IncomingHttpHeaders }>}
 */
function call(method, path, { body = '', headers = {} } = { body: '', headers: {} }) {
  const length = method === 'POST' ? { 'content-length': String(Buffer.byteLength(body)) } : {};
  return new Promise((resolve, reject) => {
    const options = { agent, hostname, port, method, path, headers: { ...headers, ...length } };
    const outgoing = request(options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ body: text, headers: response.headers }));
    });
    outgoing.on('error', reject).end(body);
  });
}
