import type { SlotSamples } from '../model.ts';
import type { Cost } from '../result.ts';
import { LOG_BYTES_PER_INVOCATION, PRICES, type PriceTable } from './prices.ts';
import { meanOf, usable } from './slot-statistics.ts';

const MILLION = 1e6;

/** The whole bill of a million invocations, USD, from the mean warm Billed Duration, ms. */
export type Bill = (warmBilledMs: number) => number;

/** What decides a bill besides how long the function runs. */
export interface BillTerms {
  readonly memoryMb: number;
  readonly architecture: string;
  readonly region: string;
  readonly coldShare: number;
  /** Mean Billed Duration of cold invocations, ms, init included (billed since 2025-08-01); null when none was seen. */
  readonly coldBilledMs: number | null;
}

/** The bill as a function of warm Billed Duration; NaN-free: 0 where the region has no prices. */
export function billOf(terms: BillTerms): Bill {
  const prices = PRICES[terms.region];
  return (warmBilledMs) => (prices === undefined ? 0 : components(warmBilledMs, terms, prices).total);
}

/** Every component of the cost, or null when there is no price for the region or no warm invocation. */
export function costOf(slots: readonly SlotSamples[], terms: BillTerms): Cost | null {
  const prices = PRICES[terms.region];
  const billed = usable(slots.flatMap((slot) => Array.from(slot.warm.billedMs)));
  if (prices === undefined || billed.length === 0) return null;
  return {
    currency: 'USD',
    region: terms.region,
    pricesDated: prices.dated,
    pricesSource: prices.source,
    coldShare: terms.coldShare,
    perMillion: components(meanOf(billed), terms, prices),
  };
}

/** Mean Billed Duration of the first invocations of environments, ms; null when none is known. */
export function coldBilledMs(slots: readonly SlotSamples[]): number | null {
  const billed = slots.flatMap((slot) =>
    slot.environments.map((environment) => environment.firstBilledMs ?? Number.NaN),
  );
  const values = usable(billed);
  return values.length === 0 ? null : meanOf(values);
}

function components(warmBilledMs: number, terms: BillTerms, prices: PriceTable): Cost['perMillion'] {
  const perMs =
    (terms.memoryMb / 1024 / 1000) * prices.gbSecond[terms.architecture === 'arm64' ? 'arm64' : 'x86_64'];
  const compute = MILLION * warmBilledMs * perMs;
  const init =
    MILLION * terms.coldShare * Math.max(0, (terms.coldBilledMs ?? warmBilledMs) - warmBilledMs) * perMs;
  const requests = MILLION * prices.lambdaRequest;
  const s3 = MILLION * prices.s3Put;
  const dynamodb = MILLION * prices.dynamodbWriteUnit;
  const logs = ((MILLION * LOG_BYTES_PER_INVOCATION) / 1e9) * prices.logsGb;
  const lambda = compute + init + requests;
  return { compute, init, requests, s3, dynamodb, logs, lambda, total: lambda + s3 + dynamodb + logs };
}
