import type { PairResult } from '../result.ts';

/** I/O waits that stand for networks: same zone, region with TLS, busy service. Scenarios, not measurements. */
const FLOORS_MS = [5, 10, 25];

/** What the ratio of two Duration p50s (ms) would be if both arms waited this much longer for their services. */
export function ioFloor(baseMs: number | null, headMs: number | null): PairResult['ioFloor'] {
  return FLOORS_MS.map((floorMs) => ({
    floorMs,
    ratio: baseMs === null || headMs === null ? null : (baseMs + floorMs) / (headMs + floorMs),
  }));
}
