import type { Invocation, Sample, WarmSamples } from '../model.ts';

/** Gathers the parallel arrays of a slot's warm requests; what it was given may be forgotten. */
export class WarmCollector {
  readonly #environment: number[] = [];
  readonly #columns = {
    ...{
      endMs: [] as number[],
      clientMs: [] as number[],
      durationMs: [] as number[],
      billedMs: [] as number[],
    },
    ...{ cpuMs: [] as number[], s3Ms: [] as number[], dynamodbMs: [] as number[], handlerMs: [] as number[] },
  };
  /** Columns that lack a value: a parallel array has no holes, so they are not told. */
  readonly #incomplete = new Set<string>();

  add(environment: number, sample: Sample, record: Invocation): void {
    const columns = this.#columns;
    this.#environment.push(environment);
    columns.endMs.push(sample.endMs);
    columns.clientMs.push(sample.clientMs);
    columns.durationMs.push(record.durationMs);
    columns.billedMs.push(record.billedDurationMs);
    this.#optional('cpuMs', record.cpuMs);
    this.#optional('s3Ms', sample.s3Ms);
    this.#optional('dynamodbMs', sample.dynamodbMs);
    this.#optional('handlerMs', sample.handlerMs);
  }

  #optional(name: 'cpuMs' | 's3Ms' | 'dynamodbMs' | 'handlerMs', value: number | null): void {
    if (value === null) this.#incomplete.add(name);
    else this.#columns[name].push(value);
  }

  finish(): WarmSamples {
    const columns = Object.entries(this.#columns).map(([name, values]) => [
      name,
      Float64Array.from(this.#incomplete.has(name) ? [] : values),
    ]);
    return { environment: Uint16Array.from(this.#environment), ...Object.fromEntries(columns) };
  }
}
