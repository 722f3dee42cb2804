import type { Architecture, SlotSamples } from '../model.ts';
import type { Cost } from '../result.ts';
import { LOG_BYTES_PER_INVOCATION, PRICES, type PriceTable } from './cost/prices.ts';
import { mean } from './quantile.ts';
import type { Bill } from './slot-statistics.ts';

const MILLION = 1e6;

/** What decides a bill besides how long the function runs. */
export interface BillTerms {
  readonly memoryMb: number;
  readonly architecture: Architecture;
  readonly region: string;
  /** Share of invocations taken as cold, 0..1. */
  readonly coldShare: number;
  /** Mean Billed Duration of cold invocations, ms, init or restore included (init billed since 2025-08-01); null when none was seen. */
  readonly coldBilledMs: number | null;
  /** What an invocation pays for besides Lambda: one PutObject, one PutItem, where the run's functions make them. */
  readonly calls: { readonly s3: boolean; readonly dynamodb: boolean };
  /** Whether its environments are restored from a snapshot that is charged for (`chargesForSnapshots`). */
  readonly snapshots: boolean;
}

/** The whole bill as a function of warm Billed Duration; null where the region has no prices. */
export function billOf(terms: BillTerms): Bill {
  const prices = pricesOf(terms);
  return (billedMs) => (prices === undefined ? null : components(billedMs, terms, prices).total);
}

/** Every component of the cost, or null when there is no price for the region or no warm invocation (billedMs null). */
export function costOf(billedMs: number | null, terms: BillTerms): Cost | null {
  const prices = pricesOf(terms);
  if (prices === undefined || billedMs === null) return null;
  const { keptGbSecond } = snapshotPrices(terms, prices);
  return {
    currency: 'USD',
    region: terms.region,
    pricesDated: prices.dated,
    pricesSource: prices.source,
    coldShare: terms.coldShare,
    perMillion: components(billedMs, terms, prices),
    ...(terms.snapshots && { snapshotPerHour: gigabytes(terms) * 3600 * keptGbSecond }),
  };
}

/** Undefined where a component has no price. */
function pricesOf({ region, snapshots }: BillTerms): PriceTable | undefined {
  const prices = PRICES[region];
  return snapshots && prices?.snapshots === null ? undefined : prices;
}

const NO_SNAPSHOTS = { keptGbSecond: 0, restoredGb: 0 };

function snapshotPrices({ snapshots }: BillTerms, prices: PriceTable): NonNullable<PriceTable['snapshots']> {
  return (snapshots ? prices.snapshots : null) ?? NO_SNAPSHOTS;
}

const gigabytes = ({ memoryMb }: BillTerms): number => memoryMb / 1024;

/** Billed Duration of the first invocations of environments, ms, as far as it is known. */
export function coldBilled(slots: readonly SlotSamples[]): number[] {
  return slots
    .flatMap((slot) => slot.environments.map(({ firstBilledMs }) => firstBilledMs))
    .filter((value) => value !== null);
}

/** The terms of a variant of whose cold invocations these were billed, ms. */
export function withCold(terms: Omit<BillTerms, 'coldBilledMs'>, billed: readonly number[]): BillTerms {
  return { ...terms, coldBilledMs: billed.length === 0 ? null : mean(billed) };
}

function components(billedMs: number, terms: BillTerms, prices: PriceTable): Cost['perMillion'] {
  const perMs = (gigabytes(terms) / 1000) * prices.gbSecond[terms.architecture];
  const compute = MILLION * billedMs * perMs;
  const restore = gigabytes(terms) * snapshotPrices(terms, prices).restoredGb;
  const init = coldSurcharge(billedMs, terms, { perMs, restore });
  const requests = MILLION * prices.lambdaRequest;
  const s3 = terms.calls.s3 ? MILLION * prices.s3Put : 0;
  const dynamodb = terms.calls.dynamodb ? MILLION * prices.dynamodbWriteUnit : 0;
  const logs = ((MILLION * LOG_BYTES_PER_INVOCATION) / 1e9) * prices.logsGb;
  const lambda = compute + (init ?? 0) + requests;
  return { compute, init, requests, s3, dynamodb, logs, lambda, total: lambda + s3 + dynamodb + logs };
}

/** What the cold ones cost beyond a warm invocation; null when no cold one was billed in the run. */
function coldSurcharge(
  billedMs: number,
  { coldShare, coldBilledMs }: BillTerms,
  { perMs, restore }: { readonly perMs: number; readonly restore: number },
): number | null {
  if (coldShare === 0) return 0;
  if (coldBilledMs === null) return null;
  const cold = MILLION * coldShare;
  return cold * Math.max(0, coldBilledMs - billedMs) * perMs + cold * restore;
}
