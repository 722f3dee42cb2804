import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LoadError } from '../errors.ts';
import { CsvScanner, type Row } from './csv.ts';

const HEADER = 'metric_name,timestamp,metric_value,scenario,extra_tags,metadata';
const ROW =
  'client,1795516008147499,5.630297,0_warm-up_a,,"request=200|7f|env-1|1|s3;dur=1.25, total;dur=4.75"';
const OTHER = 'http_req_duration,1795516008147148,5.630297,0_warm-up_a,,';

function scan(chunks: readonly (string | Buffer)[], metrics: readonly string[] = ['client']) {
  const rows: { metric: string; timeUs: number; value: number; scenario: string; metadata: string }[] = [];
  const scanner = new CsvScanner(metrics, (row) =>
    rows.push({ ...plain(row), metadata: row.metadata.toString() }),
  );
  for (const chunk of chunks) scanner.push(Buffer.from(chunk));
  scanner.end();
  return { rows, unreadable: scanner.unreadable };
}

/** A row without the line it was read from. */
function plain({ line: _, ...row }: Row) {
  return row;
}

const READ = {
  metric: 'client',
  timeUs: 1795516008147499,
  value: 5.630297,
  scenario: '0_warm-up_a',
  metadata: 'request=200|7f|env-1|1|s3;dur=1.25, total;dur=4.75',
};

describe('CsvScanner', () => {
  it('reads the rows that are asked for and passes over the others', () => {
    expect(scan([`${HEADER}\n${OTHER}\n${ROW}\n${OTHER}\n`])).toEqual({ rows: [READ], unreadable: 0 });
  });

  it('tells metrics apart that begin alike', () => {
    const text = ['http_reqs,1,1.000000,s,,', 'http_req_failed,1,0.000000,s,,', 'http_reqsx,1,1,s,,'].join(
      '\n',
    );
    expect(scan([`${text}\n`], ['http_reqs']).rows.map((row) => row.metric)).toEqual(['http_reqs']);
  });

  it('reads the same however the bytes are cut into chunks', () => {
    const bytes = Buffer.from(`${HEADER}\r\n${ROW}\r\n${OTHER}\n${ROW}\n`);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 8 }), (cuts) => {
        const ends = [...cuts, bytes.length].sort((a, b) => a - b);
        const chunks = ends.map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end));
        expect(scan(chunks)).toEqual({ rows: [READ, READ], unreadable: 0 });
      }),
    );
  });

  it.each([
    ['an unknown metric', 'something,1,1,s,,'],
    ['an empty line', ''],
    ['binary rubbish', '\u0000\u0001\u0002\u0003\u0004'],
    ['a row with too few fields', 'client,1,1.5'],
    ['a row with too many fields', 'client,1,1.5,s,,m,x'],
    ['a quote that is not closed', 'client,1,1.5,s,,"m'],
    ['a value that is no number', 'client,1,1.5x,s,,m'],
    ['an empty value', 'client,1,,s,,m'],
    ['a value with two points', 'client,1,1.5.2,s,,m'],
    ['a value with nothing before its point', 'client,1,.5,s,,m'],
    ['a negative value', 'client,1,-1,s,,m'],
    ['NaN', 'client,1,NaN,s,,m'],
    ['a timestamp that is no integer', 'client,1.5,1,s,,m'],
    ['a value of more digits than are exact', `client,1,${'9'.repeat(400)},s,,m`],
    ['a value of more decimals than are exact', `client,1,1.${'0'.repeat(400)},s,,m`],
  ])('counts %s as unreadable and reads on', (_, line) => {
    expect(scan([`${line}\n${ROW}\n`])).toEqual({ rows: [READ], unreadable: 1 });
  });

  it('counts a last line without its end as unreadable, because it may have been cut short', () => {
    expect(scan([`${ROW}\n${ROW}`])).toEqual({ rows: [READ], unreadable: 1 });
  });

  it('gives up a line of more than 64 KiB without keeping it, and reads on', () => {
    const huge = Array.from({ length: 100 }, () => 'x'.repeat(10_000));
    expect(scan(['client,', ...huge, `\n${ROW}\n`])).toEqual({ rows: [READ], unreadable: 1 });
    expect(scan([`client,${huge.join('')}\n${ROW}\n`])).toEqual({ rows: [READ], unreadable: 1 });
  });

  it('takes quotes off quoted fields and halves doubled ones', () => {
    const [row] = scan(['client,1,2,"a,b","x=""y""","k=""v"",w"\n']).rows;
    expect(row).toMatchObject({ scenario: 'a,b', metadata: 'k="v",w' });
  });

  it('reads values exactly as the JavaScript parser does', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(999_999), (whole, micro) => {
        const text = `${whole}.${String(micro).padStart(6, '0')}`;
        expect(scan([`client,1,${text},s,,m\n`]).rows[0]?.value).toBe(Number(text));
      }),
    );
  });

  it('refuses a header with other columns, because every row would be misread', () => {
    expect(() => scan(['metric_name,timestamp,metric_value,group,scenario\n'])).toThrow(LoadError);
  });

  it('accounts for every line however rows are damaged: it is a row that was read, or it is counted', () => {
    const damage = fc.oneof(
      fc.record({ cut: fc.nat(ROW.length - 1) }).map(
        ({ cut }) =>
          (row: string) =>
            row.slice(0, cut),
      ),
      fc.constant((row: string) => `${row}\r`),
      fc.constant((row: string) => row + 'x'.repeat(70_000)),
      fc
        .record({
          at: fc.nat(ROW.length - 1),
          junk: fc.constantFrom('"', ',', '\u0000', 'NaN', '-', '1e9', '.'),
        })
        .map(
          ({ at, junk }) =>
            (row: string) =>
              row.slice(0, at) + junk + row.slice(at),
        ),
      fc.constant((row: string) => row),
    );
    fc.assert(
      fc.property(fc.array(damage, { maxLength: 12 }), fc.integer({ min: 100, max: 9000 }), (kinds, size) => {
        const bytes = Buffer.from(kinds.map((kind) => `${kind(ROW)}\n`).join(''));
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
          bytes.subarray(i * size, (i + 1) * size),
        );
        const { rows, unreadable } = scan(chunks);
        expect(rows.length + unreadable).toBe(kinds.length);
        for (const { timeUs, value } of rows) expect([timeUs, value].every(Number.isFinite)).toBe(true);
      }),
    );
  });

  it('counts a row that was cut within its name', () => {
    expect(scan(['clie\n', 'client\n', `${ROW}\n`])).toEqual({ rows: [READ], unreadable: 2 });
  });
});
