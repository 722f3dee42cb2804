import { ConfigError } from '../errors.ts';
import type { CompareInput } from './compare.ts';

/** Beyond this the exact test would take minutes. Two hours of one-minute blocks are 120. */
export const MAX_BLOCKS = 1000;

/** Everything that would make a comparison meaningless rather than merely inconclusive; each fault names its remedy. */
export function checkInput({ config, collected }: CompareInput): void {
  const names = config.variants.map((variant) => variant.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new ConfigError(`Two variants are named "${twice}".`, 'Give every variant a name of its own.');
  for (const { base, head } of config.pairs) checkPair(base, head, names);
  checkSlots(collected.slots, names);
}

function checkPair(base: string, head: string, names: readonly string[]): void {
  const unknown = [base, head].find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new ConfigError(
      `The pair ${head} against ${base} names "${unknown}", which is no variant.`,
      `Compare variants of this run: ${names.join(', ')}.`,
    );
  if (base === head)
    throw new ConfigError(
      `The pair compares "${base}" with itself.`,
      'For a control, deploy the same artefact under a second name.',
    );
}

/** No run of ours is like that; a journal that was edited or damaged may be. */
function contradicting(fact: string): ConfigError {
  return new ConfigError(
    `The run contradicts itself. ${fact}`,
    'Give the journal of one run, as it was left.',
  );
}

function checkSlots(slots: CompareInput['collected']['slots'], names: readonly string[]): void {
  const seen = new Set<string>();
  const blocks = new Set<number>();
  for (const { block, variant } of slots) {
    const slot = `block ${block} of ${variant}`;
    if (!names.includes(variant))
      throw contradicting(`There are samples of ${slot}, which is no variant of it.`);
    if (seen.has(slot)) throw contradicting(`Two slots hold ${slot}.`);
    seen.add(slot);
    blocks.add(block);
  }
  if (blocks.size > MAX_BLOCKS)
    throw new ConfigError(
      `The run has ${blocks.size} blocks, more than the ${MAX_BLOCKS} that the exact test can hold.`,
      'Make slots longer instead: a block needs only enough requests for its quantiles.',
    );
}
