import { ConfigError } from '../../errors.ts';
import type { Architecture } from '../../model.ts';
import { LOG_BYTES_PER_INVOCATION, PRICES, type PriceTable } from './prices.ts';

/** What one variant will do in a run. */
export interface PlannedVariant {
  readonly name: string;
  readonly memoryMb: number;
  readonly architecture: Architecture;
  readonly timeoutSeconds: number;
  /** Cold ones included. */
  readonly invocations: number;
  readonly coldStarts: number;
  /** Seconds that snapshots of it are kept, one after another; 0 where none is taken, or none is charged for. */
  readonly snapshotSeconds: number;
}

export interface PlannedRun {
  readonly region: string;
  readonly variants: readonly PlannedVariant[];
}

/** USD. Storage of a run lasts hours and is left out: below a cent. Function URLs and CloudFormation are free. */
export interface Estimate {
  readonly region: string;
  readonly pricesDated: string;
  readonly pricesSource: string;
  readonly invocations: number;
  readonly components: Readonly<Record<Component, number>>;
  readonly total: number;
  /** If every invocation ran into its timeout. */
  readonly ceiling: number;
}

export const COMPONENTS = ['compute', 'init', 'snapshots', 'requests', 's3', 'dynamodb', 'logs'] as const;
export type Component = (typeof COMPONENTS)[number];

/** Before a run nobody knows how long its functions take: assumptions, not measurements, and generous ones. */
const ASSUMED_BILLED_MS = { warm: 100, cold: 2000 };

/**
 * What a run will cost, by component. Init is billed like any other time (since 2025-08-01).
 *
 * @throws ConfigError when the region has no prices, or none of something that the run needs.
 */
export function estimate({ region, variants }: PlannedRun): Estimate {
  const prices = PRICES[region];
  if (prices === undefined) throw noPrices(region);
  const sum = (of: (variant: PlannedVariant) => number) =>
    variants.reduce((total, one) => total + of(one), 0);
  const invocations = sum((variant) => variant.invocations);
  const components = {
    compute: sum((variant) => computeUsd(variant, variant.invocations * ASSUMED_BILLED_MS.warm, prices)),
    init: sum((variant) => computeUsd(variant, variant.coldStarts * EXTRA_COLD_MS, prices)),
    snapshots: sum((variant) => snapshotUsd(variant, prices, region)),
    requests: invocations * prices.lambdaRequest,
    s3: invocations * prices.s3Put,
    dynamodb: invocations * prices.dynamodbWriteUnit,
    logs: ((invocations * LOG_BYTES_PER_INVOCATION) / 1e9) * prices.logsGb,
  };
  const total = COMPONENTS.reduce((all, component) => all + components[component], 0);
  const longest = sum((variant) =>
    computeUsd(variant, variant.invocations * variant.timeoutSeconds * 1000, prices),
  );
  const ceiling = Math.max(total, total - components.compute - components.init + longest);
  const { dated: pricesDated, source: pricesSource } = prices;
  return { region, pricesDated, pricesSource, invocations, components, total, ceiling };
}

const EXTRA_COLD_MS = ASSUMED_BILLED_MS.cold - ASSUMED_BILLED_MS.warm;

function computeUsd(
  { memoryMb, architecture }: PlannedVariant,
  billedMs: number,
  prices: PriceTable,
): number {
  return (memoryMb / 1024) * (billedMs / 1000) * prices.gbSecond[architecture];
}

/** To keep snapshots, and to restore one at every cold start. */
function snapshotUsd(
  { memoryMb, snapshotSeconds, coldStarts }: PlannedVariant,
  { snapshots }: PriceTable,
  region: string,
): number {
  if (snapshotSeconds === 0) return 0;
  if (snapshots === null) throw noSnapshotPrices(region);
  return (memoryMb / 1024) * (snapshotSeconds * snapshots.keptGbSecond + coldStarts * snapshots.restoredGb);
}

function noSnapshotPrices(region: string): ConfigError {
  const known = Object.keys(PRICES).filter((each) => PRICES[each]?.snapshots !== null);
  return new ConfigError(
    `There is no price of SnapStart for ${region}, so what the run would cost cannot be told.`,
    `Choose one of ${known.join(', ')}, leave out the variants with snapStart (--variants), or add the price with its source to compare/cost/prices.ts.`,
  );
}

function noPrices(region: string): ConfigError {
  return new ConfigError(
    `There is no price table for ${region}, so what the run would cost cannot be told.`,
    `Choose one of ${Object.keys(PRICES).join(', ')}, or add ${region} with its source to compare/cost/prices.ts.`,
  );
}

/** The estimate in two lines, with everything in it. */
export function describe(estimate: Estimate): string {
  const parts = COMPONENTS.map((component) => `${component} ${usd(estimate.components[component])}`).join(
    ', ',
  );
  return [
    `about ${usd(estimate.total)} for ${estimate.invocations} invocations in ${estimate.region}: ${parts}`,
    `assumed ${ASSUMED_BILLED_MS.warm} ms billed warm, ${ASSUMED_BILLED_MS.cold} ms cold; at most ${usd(estimate.ceiling)}, if every ` +
      `invocation timed out; prices dated ${estimate.pricesDated}`,
  ].join('\n');
}

/**
 * Refuses a run that is estimated above the budget. Call it before anything is deployed.
 *
 * @param budgetUsd null for no limit.
 * @throws ConfigError when the budget is no amount or too small.
 */
export function checkBudget(estimate: Estimate, budgetUsd: number | null): void {
  if (budgetUsd === null) return;
  if (!Number.isFinite(budgetUsd) || budgetUsd < 0) {
    throw new ConfigError(
      `budget-usd is ${budgetUsd}, which is no amount of money.`,
      'Give a number of dollars, such as 1.50.',
    );
  }
  if (estimate.total <= budgetUsd) return;
  throw new ConfigError(
    `The run is estimated at ${usd(estimate.total)} and the budget is ${usd(budgetUsd)}; nothing was deployed.\n${describe(estimate)}`,
    `Raise budget-usd to ${(Math.ceil(estimate.total * 100) / 100).toFixed(2)}, or choose a shorter profile, a lower rate, fewer variants or less memory.`,
  );
}

/** Cents, and more digits where they are all there is. */
function usd(amount: number): string {
  return `$${amount === 0 || amount >= 0.1 ? amount.toFixed(2) : amount.toPrecision(2)}`;
}
