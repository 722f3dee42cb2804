import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, describe, expect, it } from 'vitest';
import { PublishError } from '../errors.ts';
import type { Invocation, Sample } from '../model.ts';
import { writeSamples } from './samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'duel-samples-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

function sample(index: number): Sample {
  return {
    ...{ block: index % 3, variant: index % 2 === 0 ? 'a' : 'b', phase: index < 4 ? 'warm-up' : 'measured' },
    ...{ endMs: 1_795_516_008_147.499 + index, clientMs: 1.25 * index, status: index % 50 === 0 ? 0 : 200 },
    ...{ requestId: `r-${index}`, environmentId: 'e', invocation: index, s3Ms: index % 7 === 0 ? null : 0.5 },
    ...{ dynamodbMs: null, handlerMs: 3.5 },
  };
}

const record = (index: number) =>
  ({
    ...{ requestId: `r-${index}`, durationMs: index / 3, billedDurationMs: Math.ceil(index / 3) },
    ...{ initDurationMs: index === 0 ? 90 : null, maxMemoryUsedMb: 40, cpuMs: null },
  }) as Invocation;

async function read(): Promise<Record<string, unknown>[]> {
  const bytes = readFileSync(join(folder, 'samples.parquet'));
  return parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) });
}

describe('samples.parquet', () => {
  it('holds every request with its platform record, exactly, and null where there is none', async () => {
    const samples = Array.from({ length: 120 }, (_, index) => sample(index));
    await writeSamples(folder, { samples }, [0, 1, 2].map(record));
    const rows = await read();
    expect(rows).toHaveLength(120);
    for (const [index, row] of rows.entries()) {
      const { block, variant, phase, endMs, clientMs, status, requestId, s3Ms } = sample(index);
      expect(row).toMatchObject({ block, variant, phase, status, end_ms: endMs, client_ms: clientMs });
      expect(row).toMatchObject({ request_id: requestId, s3_ms: s3Ms, dynamodb_ms: null, handler_ms: 3.5 });
      expect(row.duration_ms).toBe(index < 3 ? index / 3 : null);
      expect(row.init_ms).toBe(index === 0 ? 90 : null);
    }
    expect(readdirSync(folder)).toEqual(['samples.parquet']);
  });

  it('writes groups of rows as they come, and takes less than 100 bytes a request', async () => {
    let taken = 0;
    const sizes: number[] = [];
    function* samples() {
      for (; taken < 120_000; taken++) {
        if (taken % 60_000 === 59_999) sizes.push(drafted());
        yield sample(taken);
      }
    }
    await writeSamples(folder, { samples: samples() }, []);
    expect(sizes.at(-1)).toBeGreaterThan(0);
    expect(await read()).toHaveLength(120_000);
    expect(statSync(join(folder, 'samples.parquet')).size / 120_000).toBeLessThan(100);
  });

  it('names the file and a remedy when it cannot be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(writeSamples(join(folder, 'file'), { samples: [] }, [])).rejects.toThrow(PublishError);
  });
});

/** Bytes of the file that is being written. */
function drafted(): number {
  const draft = readdirSync(folder).find((name) => name.endsWith('.part'));
  return draft === undefined ? 0 : statSync(join(folder, draft)).size;
}
