import type { Invocation, Sample, WarmSamples } from '../model.ts';

/** Gathers the parallel arrays of a slot's warm requests. */
export class WarmCollector {
  readonly #environment: number[] = [];
  readonly #samples: Sample[] = [];
  readonly #records: Invocation[] = [];

  add(environment: number, sample: Sample, record: Invocation): void {
    this.#environment.push(environment);
    this.#samples.push(sample);
    this.#records.push(record);
  }

  finish(): WarmSamples {
    const [samples, records] = [this.#samples, this.#records];
    return {
      environment: Uint16Array.from(this.#environment),
      endMs: Float64Array.from(samples, (sample) => sample.endMs),
      clientMs: Float64Array.from(samples, (sample) => sample.clientMs),
      durationMs: Float64Array.from(records, (record) => record.durationMs),
      billedMs: Float64Array.from(records, (record) => record.billedDurationMs),
      cpuMs: complete(records, (record) => record.cpuMs),
      s3Ms: complete(samples, (sample) => sample.s3Ms),
      dynamodbMs: complete(samples, (sample) => sample.dynamodbMs),
      handlerMs: complete(samples, (sample) => sample.handlerMs),
    };
  }
}

/** All values, or none when one is missing: a parallel array has no holes. */
function complete<T>(items: readonly T[], value: (item: T) => number | null): Float64Array {
  const values = new Float64Array(items.length);
  for (const [index, item] of items.entries()) {
    const one = value(item);
    if (one === null) return new Float64Array(0);
    values[index] = one;
  }
  return values;
}
