/** The metrics as data: what is measured, its unit, its practical margin, and whether it decides. */
export interface Metric {
  readonly id: string;
  readonly label: string;
  readonly unit: 'ms' | 'MB' | 'USD';
  /** Smaller is better for all of them. Practical margin as a fraction: 2 % for p50, means and memory, else 5 %. */
  readonly margin: number;
  /** `gate` metrics decide the verdict and share one Holm family over all pairs; `detail` ones have a family of their own. */
  readonly family: 'gate' | 'detail';
}

export const METRICS = [
  { id: 'duration.p50', label: 'Duration p50', unit: 'ms', margin: 0.02, family: 'gate' },
  { id: 'duration.p95', label: 'Duration p95', unit: 'ms', margin: 0.05, family: 'gate' },
  { id: 'billed.mean', label: 'Billed Duration, mean', unit: 'ms', margin: 0.02, family: 'gate' },
  { id: 'cold.total', label: 'Cold start (init + first call)', unit: 'ms', margin: 0.05, family: 'gate' },
  { id: 'memory.max', label: 'Max Memory Used', unit: 'MB', margin: 0.02, family: 'gate' },
  { id: 'duration.p90', label: 'Duration p90', unit: 'ms', margin: 0.05, family: 'detail' },
  { id: 'duration.p99', label: 'Duration p99', unit: 'ms', margin: 0.05, family: 'detail' },
  { id: 'client.p50', label: 'Client latency p50', unit: 'ms', margin: 0.02, family: 'detail' },
  { id: 'client.p90', label: 'Client latency p90', unit: 'ms', margin: 0.05, family: 'detail' },
  { id: 'client.p95', label: 'Client latency p95', unit: 'ms', margin: 0.05, family: 'detail' },
  { id: 'client.p99', label: 'Client latency p99', unit: 'ms', margin: 0.05, family: 'detail' },
  { id: 'cpu.mean', label: 'Function CPU per invocation', unit: 'ms', margin: 0.02, family: 'detail' },
  { id: 'cold.init', label: 'Init Duration', unit: 'ms', margin: 0.05, family: 'detail' },
  { id: 'cost.total', label: 'Whole bill per million', unit: 'USD', margin: 0.02, family: 'detail' },
] as const satisfies readonly Metric[];

export type MetricId = (typeof METRICS)[number]['id'];
