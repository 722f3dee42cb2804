import { describe, expect, it } from 'vitest';
import { unzip, zipDeterministically } from './deterministic-zip.ts';

const entry = (path: string, executable = false) => ({ path, data: Buffer.from(path), executable });

/** The uncompressed size in the central directory (APPNOTE 4.3.12, offset 24). */
function claim(zip: Buffer, bytes: number): void {
  zip.writeUInt32LE(bytes, zip.indexOf(Buffer.from('PK\x01\x02', 'latin1')) + 24);
}

describe('a deterministic zip', () => {
  it('has the same bytes whatever the order of its entries', () => {
    const forward = zipDeterministically([entry('a'), entry('b/c'), entry('b.txt')]);
    const backward = zipDeterministically([entry('b.txt'), entry('b/c'), entry('a')]);
    expect(Buffer.compare(forward, backward)).toBe(0);
  });

  it('has the same bytes in every time zone', () => {
    const zone = process.env.TZ;
    const zips = ['America/Los_Angeles', 'Asia/Tokyo'].map((name) => {
      process.env.TZ = name;
      return Buffer.from(zipDeterministically([entry('a')]));
    });
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
    expect(zips[0]!.equals(zips[1]!)).toBe(true);
  });

  it('keeps content and the executable bit', () => {
    const zip = Buffer.from(zipDeterministically([entry('bootstrap', true)]));
    expect(Buffer.from(unzip(zip).bootstrap!).toString()).toBe('bootstrap');
    const central = zip.indexOf(Buffer.from('PK\x01\x02', 'latin1'));
    expect(zip.readUInt32LE(central + 38) >>> 16).toBe(0o100755);
  });

  it('is no package of more than Lambda unpacks, however small it is', () => {
    const bomb = Buffer.from(zipDeterministically([entry('a'), entry('b')]));
    claim(bomb, 251 * 2 ** 20);
    expect(() => unzip(bomb)).toThrow(/more than 250 MB unpacked/);
  });

  it('cannot say that it is small when it is not', () => {
    const liar = Buffer.from(
      zipDeterministically([{ path: 'zeros', data: new Uint8Array(10_000), executable: false }]),
    );
    claim(liar, 10);
    expect(unzip(liar).zeros?.length).toBe(10);
  });
});
