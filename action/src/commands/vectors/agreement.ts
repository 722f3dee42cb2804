export interface Outcome {
  readonly name: string;
  readonly kind: 'passed' | 'failed' | 'skipped';
  readonly detail: string;
}

export function outcome(name: string, got: unknown, want: unknown, tolerance: number): Outcome {
  if (agrees(got, want, tolerance)) return { name, kind: 'passed', detail: '' };
  return { name, kind: 'failed', detail: `got ${JSON.stringify(got)}, want ${JSON.stringify(want)}` };
}

/** Numbers agree within tolerance x max(1, |want|); null stands for an infinite bound; objects by key. */
export function agrees(got: unknown, want: unknown, tolerance: number): boolean {
  if (typeof want === 'number')
    return typeof got === 'number' && Math.abs(got - want) <= tolerance * Math.max(1, Math.abs(want));
  if (want === null || typeof want !== 'object') return got === want;
  if (got === null || typeof got !== 'object') return false;
  const keys = Object.keys(want);
  const sameSize = !Array.isArray(want) || (got as unknown[]).length === want.length;
  return sameSize && keys.every((key) => agrees((got as never)[key], (want as never)[key], tolerance));
}
