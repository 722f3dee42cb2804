/** Three accounts of the same requests, each by somebody else: they have to agree to the unit. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import type { Result } from '../src/result.ts';
import { LOAD, type Sandbox, VARIANTS } from './sandbox.ts';

/** k6's own account. */
export interface Sent {
  readonly requests: number;
  readonly dropped: number;
}

export interface Accounts {
  readonly sent: Sent;
  /** The result's: all requests, those that failed, those that were not sent. */
  readonly told: {
    readonly requests: number;
    readonly errors: number;
    readonly dropped: number;
    /** Invocations of requests that k6 interrupted, which it counts nowhere. */
    readonly lost: number;
  };
  /** Ids of requests that succeeded, by the samples; null where a result has none beside it. */
  readonly succeeded: readonly string[] | null;
  readonly failed: number | null;
  /** Ids of requests that functions say they were given. */
  readonly invoked: readonly string[];
}

/** What k6 wrote of the blocks that the result is about. */
export function readSent(csv: string, blocks: number): Sent {
  const totals = new Map<string, number>();
  for (const line of csv.split('\n')) {
    const [metric = '', , value = '0', scenario = ''] = line.split(',');
    if (Number.parseInt(scenario, 10) < blocks) totals.set(metric, (totals.get(metric) ?? 0) + Number(value));
  }
  const of = (metric: string) => totals.get(metric) ?? 0;
  // Signatures are asked of the product, not of a function.
  return { requests: of('http_reqs') - of('signatures'), dropped: of('dropped_iterations') };
}

export async function accountsOf(result: Result, sandbox: Sandbox): Promise<Accounts> {
  const sum = (value: (variant: Result['variants'][number]) => number) =>
    result.variants.reduce((total, variant) => total + value(variant), 0);
  const warned = (wanted: string, of: string) =>
    Number(result.warnings.find(({ code }) => code === wanted)?.data[of] ?? 0);
  const samples = await samplesIn(sandbox);
  const ok = samples?.filter(({ status }) => Number(status) >= 200 && Number(status) < 300) ?? null;
  return {
    sent: readSent(readFileSync(sandbox.witness, 'utf8'), result.design.blocks),
    told: {
      requests: sum(({ requests }) => requests),
      errors: sum(({ errors }) => errors),
      dropped: sum(({ dropped }) => dropped) + warned('warm-up-cut', 'requests'),
      lost: warned('requests-lost', 'invocations'),
    },
    succeeded: ok?.map(({ request_id }) => String(request_id)) ?? null,
    failed: samples === null ? null : samples.length - (ok?.length ?? 0),
    invoked: readFileSync(sandbox.ledger, 'utf8')
      .split('\n')
      .flatMap((line) => line.split(' ')[1] ?? []),
  };
}

async function samplesIn({ out }: Sandbox): Promise<Record<string, unknown>[] | null> {
  const path = join(out, 'samples.parquet');
  if (!existsSync(path)) return null;
  const bytes = readFileSync(path);
  return parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) });
}

/** Requests of the pilots, which no result counts; the first asks on AWS whether the load is let in. */
const PILOTS = VARIANTS.length * (1 + LOAD.environments * (1 + LOAD.warmup) + 20);

/** In what the accounts contradict each other; empty when they agree. */
export function disagreements({ sent, told, succeeded, failed, invoked }: Accounts): string[] {
  const found: string[] = [];
  const differ = (what: string, a: number, b: number) => {
    if (a !== b) found.push(`${what}: ${a} against ${b}`);
  };
  differ('requests, k6 against the result', sent.requests, told.requests);
  differ('not sent, k6 against the result', sent.dropped, told.dropped);
  const known = new Set(invoked);
  differ('invocations, and those that are not doubled', invoked.length, known.size);
  if (succeeded === null || failed === null) return found;
  differ('ok + errors, samples against the result', succeeded.length + failed, told.requests);
  differ('errors, samples against the result', failed, told.errors);
  differ(
    'ok by the samples, and by the functions',
    succeeded.length,
    succeeded.filter((id) => known.has(id)).length,
  );
  const unclaimed = invoked.length - succeeded.length;
  if (unclaimed > PILOTS + failed + told.lost)
    found.push(`${unclaimed} invocations that no sample and no pilot accounts for`);
  return found;
}

/** `164 = 150 ok + 10 errors + 4 not sent`, the left side by k6. */
export function equation({ sent, told }: Accounts): string {
  const { requests, errors, dropped, lost } = told;
  const also = lost === 0 ? '' : `; ${lost} lost by k6, and told`;
  return `${sent.requests + sent.dropped} = ${requests - errors} ok + ${errors} errors + ${dropped} not sent${also}`;
}
