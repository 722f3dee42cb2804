// The one entry of every npm script. Needs nothing but Node: installs the packages of package-lock.json when they are
// missing or older than it, then runs the command from its TypeScript source in this process. `npm run bench` starts it
// with a young generation of 4 MB, so that the memory of a soak is what it keeps, and not what waits to be collected.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = [20, 20];
const COMMANDS = {
  bench: 'action/src/cli.ts',
  init: 'action/src/commands/init.ts',
  bundle: 'action/bundle.ts',
  report: 'action/src/commands/report.ts',
  import: 'action/src/commands/import.ts',
  merge: 'action/src/commands/merge.ts',
  'k6-operator': 'action/src/commands/k6-operator.ts',
  vectors: 'action/src/commands/vectors.ts',
  schemas: 'action/src/commands/schemas.ts',
  wasm: 'action/src/commands/wasm.ts',
  benchmark: 'action/benchmarks/benchmark.ts',
  site: 'action/src/commands/site.ts',
  'publish-artifact': 'action/src/commands/publish-artifact.ts',
  rerun: 'action/src/commands/rerun.ts',
  'benchmark:local-cloud': 'action/benchmarks/local-cloud.ts',
  'benchmark:calibration': 'action/benchmarks/calibration.ts',
  'benchmark:compare': 'action/benchmarks/compare.ts',
  doctor: 'action/src/commands/doctor.ts',
  drill: 'action/drill/drill.ts',
  janitor: 'action/src/commands/janitor.ts',
  'setup:aws': 'action/src/commands/setup-aws.ts',
  test: 'action/test/run.ts',
  fuzz: 'action/fuzz/fuzz.ts',
};
/** Only installs the packages, for what runs them without this file. */
const PACKAGES = 'packages';
const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @param {string} fact @param {string} remedy */
function fail(fact, remedy) {
  process.stderr.write(`\n${fact}\n${remedy}\n`);
  process.exit(1);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldMajor = 0, oldMinor = 0] = OLDEST_NODE;
  if (major > oldMajor || (major === oldMajor && minor >= oldMinor)) return;
  fail(
    `Node ${process.versions.node} is too old.`,
    `Install Node ${OLDEST_NODE.join('.')} or newer (24 is what we test with).`,
  );
}

function installPackages() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, '.cache', 'packages.sha256');
  if (existsSync(join(root, 'node_modules')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === lock)
    return;
  // First, so that packages of which an interrupted npm left half are never taken for whole.
  rmSync(stamp, { force: true });
  process.stderr.write('Installing npm packages (once) ...\n');
  // stdout stays clean for --json.
  const npm = spawnSync('npm', ['ci', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0)
    fail(
      'npm ci failed; its message is above.',
      'Check that npm reaches its registry, then run the command again.',
    );
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, lock);
}

const [command = '', ...argv] = process.argv.slice(2);
const entry = COMMANDS[/** @type {keyof typeof COMMANDS} */ (command)];
if (entry === undefined && command !== PACKAGES)
  fail(`Unknown command "${command}".`, `There are ${[...Object.keys(COMMANDS), PACKAGES].join(', ')}.`);
checkNode();
installPackages();
if (command !== PACKAGES) {
  const { register } = await import('tsx/esm/api');
  register();
  const { main } = await import(join(root, entry));
  process.exitCode = await main(argv, { root, cwd: process.env.INIT_CWD ?? process.cwd() });
}
