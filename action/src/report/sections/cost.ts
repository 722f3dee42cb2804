/** The whole bill, because a function's compute is rarely most of it. */
import type { Cost, Result, VariantResult } from '../../result.ts';
import { type Block, heading, paragraph, picture } from '../blocks.ts';
import { costChart } from '../charts/cost.ts';
import { givenPercent } from '../units.ts';
import { variantTable } from '../variant-table.ts';
import { isLocal, listed } from '../words.ts';
import { snapshotCosts } from './snap-start.ts';

const COMPONENTS: readonly (readonly [keyof Cost['perMillion'], string])[] = [
  ['compute', 'Compute'],
  ['init', 'Cold starts'],
  ['requests', 'Requests'],
  ['lambda', 'Lambda in all'],
  ['s3', 'S3'],
  ['dynamodb', 'DynamoDB'],
  ['logs', 'Logs'],
  ['total', 'Whole bill'],
];

export function costSection(result: Result): Block[] {
  const priced = result.variants.filter((variant) => variant.cost !== null);
  if (priced.length === 0) return [];
  return [
    heading(2, 'Cost per million invocations'),
    ...costChart(result).map(picture),
    costTable(priced),
    ...assumptions(priced).map(paragraph),
    ...(isLocal(result) ? [paragraph(LOCAL)] : []),
    ...snapshotCosts(priced),
  ];
}

const LOCAL =
  'Billed Duration is that of the local cloud. On AWS the wait for other services is billed, too, and makes compute dearer for every variant.';

function costTable(variants: readonly VariantResult[]): Block {
  // Of what nobody pays for, the assumptions speak.
  const paid = COMPONENTS.filter(([component]) =>
    variants.some(({ cost }) => cost?.perMillion[component] !== 0),
  );
  return variantTable(
    variants,
    paid.map(([component, name]) => ({
      name,
      quantity: 'USD' as const,
      value: ({ cost }: VariantResult) => cost?.perMillion[component],
    })),
  );
}

/** What was assumed, once for all variants that share it. */
function assumptions(variants: readonly VariantResult[]): string[] {
  const sentences = variants.flatMap(({ cost }) => (cost === null ? [] : [assumption(cost)]));
  return [...new Set(sentences)];
}

function assumption(cost: Cost): string {
  return `Prices of ${cost.region}, dated ${cost.pricesDated}, from ${cost.pricesSource}, before any free tier; ${givenPercent(cost.coldShare)} of invocations taken as cold. Compute is Billed Duration times memory. ${othersOf(cost)} Prices of all but Lambda's time do not depend on the function's language.`;
}

/** No call is for nothing: a price of 0 says that none was seen. */
function othersOf({ perMillion }: Cost): string {
  const seen = [
    ...(perMillion.s3 > 0 ? ['one PUT to S3'] : []),
    ...(perMillion.dynamodb > 0 ? ['one write to DynamoDB'] : []),
  ];
  const unseen = [...(perMillion.s3 > 0 ? [] : ['S3']), ...(perMillion.dynamodb > 0 ? [] : ['DynamoDB'])];
  return [
    seen.length === 0 ? '' : `Every invocation pays for ${listed(seen)}.`,
    unseen.length === 0
      ? ''
      : `No call to ${listed(unseen)} is in it, because no slot's responses all timed one.`,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}
