import type { Config } from '../model.ts';
import { GET_ROOT } from './request.ts';
import { k6Options } from './scenarios.ts';
import { schedule, USUAL_TIMING } from './schedule.ts';

export interface ManifestInput {
  readonly config: Pick<Config, 'profile' | 'request' | 'variants' | 'seed'>;
  /** URL per variant. */
  readonly endpoints: ReadonlyMap<string, string>;
  /** Requests per second of all pods together. */
  readonly rate: number;
  readonly pods: number;
  /** Text of `scenario.js` and of what it imports, by name. */
  readonly scripts: Readonly<Record<string, string>>;
}

export interface ConfigMap {
  readonly apiVersion: 'v1';
  readonly kind: 'ConfigMap';
  readonly metadata: { readonly name: string };
  /** Files by name. */
  readonly data: Readonly<Record<string, string>>;
}

export interface TestRun {
  readonly apiVersion: 'k6.io/v1alpha1';
  readonly kind: 'TestRun';
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly parallelism: number;
    readonly script: { readonly configMap: { readonly name: string; readonly file: string } };
    readonly arguments: string;
    readonly runner: { readonly env: readonly { readonly name: string; readonly value: string }[] };
  };
}

/** What a pod must have; both lie beside this file. */
export const SCRIPTS = ['scenario.js', 'signature.js'];

const NAME = 'lambda-duel';
const TIMEOUT_SECONDS = 30;

/**
 * A ConfigMap with the script and k6's options, and a k6-operator TestRun (`k6.io/v1alpha1`) that runs them in several
 * pods: the operator gives each pod its execution segment and starts all at once. Nobody replaces environments in a
 * cluster, so only the first block opens with a burst, and turns overlap by as much as pods begin apart. Each pod's log is
 * k6's CSV: `npm run import`, given those of all pods, compares the variants.
 */
export function manifest({ config, endpoints, rate, pods, scripts }: ManifestInput): [ConfigMap, TestRun] {
  const profile = { ...config.profile, freshEnvironments: false };
  const names = config.variants.map(({ name }) => name);
  const slots = schedule(profile, names, rate, config.seed);
  const users = Math.max(10, ...slots.map((slot) => slot.rate));
  const virtualUsers = Math.ceil(users / pods) * pods;
  const options = k6Options(slots, {
    request: config.request ?? GET_ROOT,
    ...{ profile, deployment: { endpoints }, timing: USUAL_TIMING, timeoutSeconds: TIMEOUT_SECONDS },
    ...{ virtualUsers },
  });
  // What npm run import tells failed requests by.
  const systemTags = ['expected_response', 'scenario', 'status'] as typeof options.systemTags & string[];
  const files = { ...scripts, 'options.json': JSON.stringify({ ...options, systemTags }) };
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: NAME }, data: files },
    {
      apiVersion: 'k6.io/v1alpha1',
      kind: 'TestRun',
      metadata: { name: NAME },
      spec: {
        parallelism: pods,
        script: { configMap: { name: NAME, file: 'scenario.js' } },
        arguments: ARGUMENTS.join(' '),
        runner: { env: [{ name: 'K6_NO_USAGE_REPORT', value: 'true' }] },
      },
    },
  ];
}

/** The operator mounts the ConfigMap's files into /test. */
const ARGUMENTS = [
  ...['--config', '/test/options.json', '--quiet', '--log-output', 'none'],
  ...['--summary-mode=disabled', '--no-thresholds', '--out', 'csv=fileName=-,timeFormat=unix_micro'],
];
