import type { Arm } from './arm.ts';
import type { Interval } from './hodges-lehmann.ts';
import { tTwoSided } from './student-t.ts';
import { type Welch, welch } from './welch.ts';

/**
 * What two bills differ by because cold starts, which are in every block's bill alike and so in no scatter of blocks, are
 * few and differ: Welch's interval over ln of the bill as each of them would make it. Null where an arm has a single one.
 */
export function coldBills(base: Arm, head: Arm, level: number): Welch | null {
  return welch(logsOf(base), logsOf(head), level);
}

function logsOf({ bill, coldBills, means }: Arm): number[] {
  const billed = means.billedMs ?? 0;
  // A bill without cold starts in it is not made uncertain by them.
  const bills = coldBills.length === 0 ? [bill, bill] : coldBills;
  return bills.map((each) => Math.log(each(billed) ?? Number.NaN)).filter(Number.isFinite);
}

const halfOf = ({ lo, hi }: { readonly lo: number; readonly hi: number }): number => (hi - lo) / 2;

/** Half-widths add in quadrature, as those of blocks and of environments do. */
export function widened({ lo, hi }: Interval, estimate: number, cold: Welch): Interval {
  if (lo === null || hi === null) return { lo, hi };
  const half = halfOf(cold);
  return { lo: estimate - Math.hypot(estimate - lo, half), hi: estimate + Math.hypot(hi - estimate, half) };
}

/** p of the wider interval, if it is larger than that of the blocks. */
export function weakened(
  p: number | null,
  { lo, hi }: Interval,
  estimate: number,
  cold: Welch,
): number | null {
  const half = halfOf(cold);
  if (p === null || lo === null || hi === null || half === 0) return p;
  const t = (cold.t * estimate) / Math.hypot(halfOf({ lo, hi }), half);
  return Math.max(p, tTwoSided(t, cold.df));
}
