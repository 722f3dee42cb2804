import type { Sample } from '../model.ts';
import { decimal, type Row } from './csv.ts';
import { readScenarioName } from './scenarios.ts';

const PREFIX = Buffer.from('request=');
const BAR = 124;

type Place = Pick<Sample, 'block' | 'variant' | 'phase'>;

/**
 * Makes samples of the rows that `scenario.js` writes:
 * `request=<status>|<request id>|<environment id>|<invocation>|<server-timing>`, ids URI-encoded.
 * Strings that repeat (environments, variants) are shared.
 */
export class SampleReader {
  readonly #places = new Map<string, Place | null>();
  readonly #environments = new Map<string, string>();

  /** @returns null when the row is not of that layout. */
  read(row: Row): Sample | null {
    const place = this.place(row.scenario);
    const { metadata } = row;
    const [first, second, third, fourth] = barsOf(metadata);
    if (place === null || fourth === -1) return null;
    const status = decimal(metadata, PREFIX.length, first);
    if (!isStatus(status)) return null;
    const invocation = decimal(metadata, third + 1, fourth);
    const parts = serverTiming(metadata.toString('latin1', fourth + 1));
    // Field by field: spreading the parts into it costs five times as much.
    return {
      block: place.block,
      variant: place.variant,
      phase: place.phase,
      endMs: row.timeUs / 1000,
      clientMs: row.value,
      status,
      requestId: decoded(metadata.toString('latin1', first + 1, second)),
      environmentId: this.#shared(decoded(metadata.toString('latin1', second + 1, third))),
      invocation: Number.isInteger(invocation) && invocation > 0 ? invocation : 0,
      s3Ms: parts.get('s3') ?? null,
      dynamodbMs: parts.get('ddb') ?? null,
      handlerMs: parts.get('total') ?? null,
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

type Bars = readonly [number, number, number, number];

/** Positions of the first four bars; the last is -1 when the metadata is not ours. */
function barsOf(metadata: Buffer): Bars {
  if (metadata.length < PREFIX.length || PREFIX.compare(metadata, 0, PREFIX.length) !== 0)
    return [-1, -1, -1, -1];
  const first = metadata.indexOf(BAR);
  const second = first === -1 ? -1 : metadata.indexOf(BAR, first + 1);
  const third = second === -1 ? -1 : metadata.indexOf(BAR, second + 1);
  return [first, second, third, third === -1 ? -1 : metadata.indexOf(BAR, third + 1)];
}

/** 0 is k6's for a request without a response. */
function isStatus(status: number): boolean {
  return Number.isInteger(status) && (status === 0 || (status >= 100 && status <= 999));
}

function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A row that lost its middle; it stays as it is and matches no platform record.
  }
}

/** `s3;dur=1.2, ddb;dur=3.4, total;dur=5.6` (W3C Server-Timing): ms by name; what is no number is left out. */
function serverTiming(header: string): Map<string, number> {
  const parts = new Map<string, number>();
  for (const [, name, digits] of header.matchAll(ENTRY)) {
    const ms = Number(digits);
    if (ms <= Number.MAX_SAFE_INTEGER) parts.set(name!, ms);
  }
  return parts;
}

const ENTRY = /(?:^|,)\s*([\w-]+)(?:;[^,;]*)*?;\s*dur=(\d+(?:\.\d+)?)(?![^,;\s])/g;
