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
];
export function metricOf(id) {
  const metric = METRICS.find((candidate) => candidate.id === id);
  if (metric === undefined)
    throw new RangeError(`no metric "${id}"; there are ${METRICS.map((m) => m.id).join(', ')}`);
  return metric;
}
