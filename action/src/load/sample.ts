import type { Sample } from '../model.ts';
import type { Row } from './csv.ts';
import { readScenarioName } from './scenarios.ts';

const PREFIX = Buffer.from('request=');
const BAR = 124;

type Place = Pick<Sample, 'block' | 'variant' | 'phase'>;

/**
 * Makes samples of the rows that `scenario.js` writes:
 * `request=<status>|<request id>|<environment id>|<invocation>|<server-timing>`, ids URI-encoded.
 * Strings that repeat (environments, variants) are shared, because a soak keeps about a million samples.
 */
export class SampleReader {
  readonly #places = new Map<string, Place | null>();
  readonly #environments = new Map<string, string>();

  /** @returns null when the row is not of that layout. */
  read(row: Row): Sample | null {
    const place = this.place(row.scenario);
    const bars = barsOf(row.metadata);
    if (place === null || bars === null) return null;
    const status = Number(row.metadata.toString('latin1', PREFIX.length, bars[0]));
    if (!Number.isInteger(status)) return null;
    const text = (field: 0 | 1 | 2) =>
      decoded(row.metadata.toString('latin1', bars[field]! + 1, bars[field + 1]));
    const invocation = Number(text(2));
    return {
      ...place,
      endMs: row.timeUs / 1000,
      clientMs: row.value,
      status,
      requestId: text(0),
      environmentId: this.#shared(text(1)),
      invocation: Number.isInteger(invocation) && invocation > 0 ? invocation : 0,
      ...serverTiming(row.metadata.toString('latin1', bars[3]! + 1)),
    };
  }

  /** Block, variant and phase of a scenario; null when it is not one of ours. */
  place(scenario: string): Place | null {
    let place = this.#places.get(scenario);
    if (place === undefined) {
      place = readScenarioName(scenario);
      this.#places.set(scenario, place);
    }
    return place;
  }

  #shared(id: string): string {
    const known = this.#environments.get(id);
    if (known === undefined) this.#environments.set(id, id);
    return known ?? id;
  }
}

/** Positions of the first four bars, or null when the metadata is not ours. */
function barsOf(metadata: Buffer): readonly number[] | null {
  if (metadata.length < PREFIX.length || PREFIX.compare(metadata, 0, PREFIX.length) !== 0) return null;
  const bars: number[] = [];
  let bar = metadata.indexOf(BAR);
  while (bar !== -1 && bars.length < 4) {
    bars.push(bar);
    bar = metadata.indexOf(BAR, bar + 1);
  }
  return bars.length === 4 ? bars : null;
}

function decoded(text: string): string {
  return text.includes('%') ? decodeURIComponent(text) : text;
}

/** `s3;dur=1.2, ddb;dur=3.4, total;dur=5.6` (Server-Timing, W3C); what is absent or no number is null. */
function serverTiming(header: string): Pick<Sample, 's3Ms' | 'dynamodbMs' | 'handlerMs'> {
  const parts: Record<string, number> = {};
  for (const entry of header === '' ? [] : header.split(',')) {
    const [name, ...attributes] = entry.trim().split(';');
    const duration = attributes
      .map((attribute) => attribute.trim())
      .find((attribute) => attribute.startsWith('dur='));
    const ms = Number(duration?.slice('dur='.length) || Number.NaN);
    if (name !== undefined && Number.isFinite(ms)) parts[name] = ms;
  }
  return { s3Ms: parts.s3 ?? null, dynamodbMs: parts.ddb ?? null, handlerMs: parts.total ?? null };
}
