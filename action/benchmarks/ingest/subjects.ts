import { join } from 'node:path';
import { pythonTool } from '../../src/tools/catalogue.ts';
import type { Tool } from '../../src/tools/tool.ts';

/** `quarter` is the first quarter of `json`: what memory does when a file grows. */
export type File = 'json' | 'quarter' | 'csv' | 'lean';

/** One way of getting the number of requests and three quantiles of their latency out of a file. */
export interface Subject {
  readonly name: string;
  readonly file: File;
  readonly command: (path: string) => readonly string[];
  /** Whether it prints `requests p50 p95 p99`, which must then be the same for all. */
  readonly answers: boolean;
}

/** Either needs Python 3.11, which is the oldest that we install tools with (`tools/toolchains.ts`). */
export const peerVersions = { duckdb: '2.0.1', pandas: '3.1.1' } as const;

export const peers: readonly Tool[] = Object.entries(peerVersions).map(([name, version]) => ({
  ...pythonTool(name, version),
  binary: 'bin/python',
  verify: (binary) => [binary, '-c', `import ${name}; print(${name}.__version__)`],
  expect: version,
}));

export interface Means {
  /** Folder of our own bundled readers. */
  readonly bundles: string;
  /** Pythons that have them. */
  readonly duckdb: string;
  readonly pandas: string;
  /** Null where it is not installed. */
  readonly jq: string | null;
}

export function subjects({ bundles, duckdb, pandas, jq }: Means): Subject[] {
  const ours = (kind: string) => (path: string) => [process.execPath, join(bundles, 'read.js'), kind, path];
  const python = (binary: string, code: string) => (path: string) => [binary, '-c', code, path];
  const wc = (path: string) => ['wc', '-l', path];
  return [
    { name: 'wc -l (the floor)', file: 'json', command: wc, answers: false },
    { name: 'ours', file: 'json', command: ours('k6'), answers: true },
    { name: 'DuckDB read_json', file: 'json', command: python(duckdb, DUCKDB_JSON), answers: true },
    ...(jq === null
      ? []
      : [{ name: 'jq, values only', file: 'json', command: jqCommand(jq), answers: false } as const]),
    { name: 'pandas read_json in chunks', file: 'json', command: python(pandas, PANDAS_JSON), answers: true },
    { name: 'ours', file: 'quarter', command: ours('k6'), answers: true },
    { name: 'wc -l (the floor)', file: 'csv', command: wc, answers: false },
    { name: 'ours', file: 'csv', command: ours('k6'), answers: true },
    {
      name: 'DuckDB read_csv',
      file: 'csv',
      command: python(duckdb, duckdbCsv("expected_response = 'true'")),
      answers: true,
    },
    {
      name: 'pandas read_csv in chunks',
      file: 'csv',
      command: python(pandas, pandasCsv('expected_response')),
      answers: true,
    },
    { name: 'wc -l (the floor)', file: 'lean', command: wc, answers: false },
    { name: 'ours, one metric', file: 'lean', command: ours('lean-one'), answers: true },
    { name: 'ours, all metrics', file: 'lean', command: ours('lean-all'), answers: true },
    {
      name: 'DuckDB read_csv, one metric',
      file: 'lean',
      command: python(duckdb, duckdbCsv('true')),
      answers: true,
    },
    {
      name: 'pandas read_csv in chunks, one metric',
      file: 'lean',
      command: python(pandas, pandasCsv(null)),
      answers: true,
    },
  ];
}

const jqCommand = (jq: string) => (path: string) => [
  jq,
  'select(.metric == "http_req_duration" and .type == "Point") | .data.value',
  path,
];

const DUCKDB_PRINT = `
count, quantiles = duckdb.sql(query).fetchall()[0]
print(count, *quantiles)`;

const DUCKDB_JSON = `
import duckdb, sys
query = f"""
  select count(*), quantile_cont(data.value, [0.5, 0.95, 0.99]) filter (where data.tags.expected_response = 'true')
  from read_json('{sys.argv[1]}', format = 'newline_delimited', columns = {{
    metric: 'VARCHAR', type: 'VARCHAR', data: 'STRUCT("value" DOUBLE, tags STRUCT(expected_response VARCHAR))'}})
  where metric = 'http_req_duration' and type = 'Point'"""
${DUCKDB_PRINT}`;

const duckdbCsv = (succeeded: string) => `
import duckdb, sys
query = f"""
  select count(*), quantile_cont(metric_value, [0.5, 0.95, 0.99]) filter (where ${succeeded})
  from read_csv('{sys.argv[1]}', all_varchar = false, types = {{'metric_value': 'DOUBLE'${succeeded === 'true' ? '' : ", 'expected_response': 'VARCHAR'"}}})
  where metric_name = 'http_req_duration'"""
${DUCKDB_PRINT}`;

const PANDAS_PRINT = `
values = pandas.concat(parts)
print(count, *values.quantile([0.5, 0.95, 0.99]))`;

const PANDAS_JSON = `
import pandas, sys
parts, count = [], 0
for chunk in pandas.read_json(sys.argv[1], lines=True, chunksize=100_000):
    data = chunk[(chunk.metric == "http_req_duration") & (chunk.type == "Point")].data
    count += len(data)
    parts.append(data[data.map(lambda d: d["tags"]["expected_response"] == "true")].map(lambda d: d["value"]))
${PANDAS_PRINT}`;

const pandasCsv = (succeeded: string | null) => `
import pandas, sys
parts, count = [], 0
columns = ["metric_name", "metric_value"${succeeded === null ? '' : `, "${succeeded}"`}]
for chunk in pandas.read_csv(sys.argv[1], usecols=columns, dtype=str, chunksize=500_000):
    data = chunk[chunk.metric_name == "http_req_duration"]
    count += len(data)
    parts.append(data${succeeded === null ? '' : `[data.${succeeded} == "true"]`}.metric_value.astype(float))
${PANDAS_PRINT}`;
