import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { stringify } from 'yaml';
import { run } from '../command.ts';
import { parseArguments } from '../config/arguments.ts';
import { resolveConfig } from '../config/config.ts';
import { isCold } from '../config/profiles.ts';
import { ConfigError } from '../errors.ts';
import { type ConfigMap, manifest, SCRIPTS } from '../load/manifest.ts';
import type { Config } from '../model.ts';
import { parseOptions } from '../options.ts';
import { writeWhole } from '../publish/files.ts';

const USAGE = `Usage: npm run k6-operator -- --url NAME=URL --url NAME=URL [options]

  Writes a ConfigMap and a TestRun for k6-operator (Kubernetes) that send the load of a profile from several pods.
  --url NAME=URL    where a variant of the config answers, to requests that nobody signs; once for each
  --pods N          pods that share the load (default: 3)
  --rate N          requests per second of all pods together, if the config does not say
  --profile, --config, --seed, --variants   as of npm run bench
  --out DIR         folder for k6-operator.yaml (default: the current one)`;

const NEXT = `Apply it with kubectl apply --server-side, and follow the log of each pod from its start
(kubectl logs --follow POD > POD.csv): of a longer one Kubernetes keeps the newest 10 MB, some thousand requests.
When the pods have ended, compare the variants with npm run import -- POD.csv ...`;

/** Kubernetes refuses larger ones. */
const MOST_BYTES = 1024 * 1024;

/** As Kubernetes counts it. */
function sizeOf({ data }: ConfigMap): number {
  return Object.entries(data)
    .flat()
    .reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

const OWN = {
  url: { type: 'string', multiple: true },
  pods: { type: 'string', default: '3' },
  rate: { type: 'string' },
  out: { type: 'string', default: '.' },
} as const;
const SHARED = {
  profile: { type: 'string' },
  config: { type: 'string' },
  seed: { type: 'string' },
  variants: { type: 'string' },
} as const;

/** The entry of `npm run k6-operator`. Resolves to the exit code. */
export function main(argv: readonly string[], place: { root: string; cwd: string }): Promise<number> {
  return run(async () => {
    const { values } = parseOptions(argv, { options: { ...OWN, ...SHARED } }, USAGE);
    const shared = Object.keys(SHARED).flatMap((name) => {
      const value = values[name as keyof typeof SHARED];
      return value === undefined ? [] : [`--${name}`, value];
    });
    const config = resolveConfig(parseArguments(shared), { ...place, now: new Date() });
    if (isCold(config.profile))
      throw new ConfigError(
        'Nobody replaces environments in a cluster, and --profile cold is about new ones.',
        'Choose another profile.',
      );
    const documents = manifest({
      config,
      endpoints: endpointsOf(values.url ?? [], config),
      rate: rateOf(values.rate, config),
      pods: positive('--pods', values.pods),
      scripts: Object.fromEntries(
        SCRIPTS.map((name) => [name, readFileSync(new URL(`../load/${name}`, import.meta.url), 'utf8')]),
      ),
    });
    const bytes = sizeOf(documents[0]);
    if (bytes > MOST_BYTES)
      throw new ConfigError(
        `The plan of this load takes ${bytes} bytes, and a ConfigMap holds ${MOST_BYTES}.`,
        'Give fewer blocks or variants.',
      );
    const folder = resolve(place.cwd, values.out);
    await writeWhole(
      folder,
      'k6-operator.yaml',
      documents.map((document) => stringify(document)).join('---\n'),
    );
    process.stderr.write(`Wrote ${resolve(folder, 'k6-operator.yaml')}\n${NEXT}\n`);
    return 0;
  });
}

function endpointsOf(urls: readonly string[], { variants }: Config): Map<string, string> {
  const given = new Map(urls.map((url) => [url.split('=')[0]!, url.slice(url.indexOf('=') + 1)]));
  const names = variants.map(({ name }) => name);
  const wrong = names.filter((name) => !URL.canParse(given.get(name) ?? ''));
  const unknown = [...given.keys()].filter((name) => !names.includes(name));
  if (wrong.length + unknown.length === 0) return given;
  throw new ConfigError(
    `Each variant needs one --url NAME=URL; missing or no URL: ${wrong.join(', ') || 'none'}; unknown: ${unknown.join(', ') || 'none'}.`,
    USAGE,
  );
}

function rateOf(given: string | undefined, { profile }: Config): number {
  if (given !== undefined) return positive('--rate', given);
  if (profile.rate !== 'auto') return profile.rate;
  throw new ConfigError(
    'There is no pilot in a cluster that could choose a rate.',
    'Give --rate N, or set load.rate in the config.',
  );
}

function positive(option: string, text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new ConfigError(`${option} "${text}" is not a whole number from 1 to 99999.`, USAGE);
}
