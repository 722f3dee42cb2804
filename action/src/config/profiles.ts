import type { Profile, Stage } from '../model.ts';

export const PROFILE_NAMES = [
  'smoke',
  'pr',
  'thorough',
  'soak',
  'cold',
] as const satisfies readonly Profile['name'][];
export type ProfileName = (typeof PROFILE_NAMES)[number];

const STEADY: readonly Stage[] = [{ share: 1, rate: 1, shape: 'hold' }];

/** Two hours of a working day: traffic comes up within three minutes, stays, doubles for twelve, and settles. */
const SOAK: readonly Stage[] = [
  { share: 0.025, rate: 1, shape: 'ramp' },
  { share: 0.475, rate: 1, shape: 'hold' },
  { share: 0.1, rate: 2, shape: 'hold' },
  { share: 0.4, rate: 1, shape: 'hold' },
];

const COMMON = { freshEnvironments: true, environments: 4, warmupInvocations: 10, rate: 'auto' } as const;

const SOAK_BLOCK_SECONDS = 60;

/**
 * Whether a run is of cold starts alone: every slot is one request to environments that were just replaced, and there is
 * no measured window.
 */
export function isCold({ name }: Pick<Profile, 'name'>): boolean {
  return name === 'cold';
}

/** Metrics that decide: p50, p95, mean, cold start, memory. */
export const GATES_OF_A_PAIR = 5;

/**
 * The fewest blocks with which a difference can be called: the smallest p of the signed-rank test is 2 / 2^n, and Holm
 * multiplies it by the number of metrics that decide, of all pairs together.
 */
export function fewestBlocks(gates: number): number {
  return Math.ceil(Math.log2((2 * gates) / 0.05));
}

/**
 * The layouts of a run by name. Block counts come from the paired test (Wilcoxon signed-rank on blocks): a smoke run has
 * the fewest that can still be significant after Holm's correction, 8 for one pair; 30 find 3-5 % at p50 in simulation,
 * where environments differ by 2 %. What a real machine allows, `npm run benchmark:calibration` measures.
 *
 * @param variantCount shapes `soak`, whose blocks last one minute however many variants share it.
 * @param pairCount shapes `smoke`, whose verdicts are corrected together.
 */
export function profileNamed(name: ProfileName, variantCount: number, pairCount = 1): Profile {
  switch (name) {
    case 'smoke':
      return {
        ...COMMON,
        name,
        blocks: fewestBlocks(GATES_OF_A_PAIR * pairCount),
        slotSeconds: 2.5,
        stages: STEADY,
      };
    case 'pr':
      return { ...COMMON, name, blocks: 30, slotSeconds: 5, stages: STEADY };
    case 'thorough':
      return { ...COMMON, name, blocks: 60, slotSeconds: 5, stages: STEADY };
    case 'soak':
      return {
        ...COMMON,
        name,
        blocks: 120,
        slotSeconds: SOAK_BLOCK_SECONDS / variantCount,
        freshEnvironments: false,
        stages: SOAK,
      };
    case 'cold':
      return {
        ...{ name, blocks: 60, slotSeconds: 1.3, freshEnvironments: true, stages: STEADY },
        ...{ environments: 1, warmupInvocations: 0, rate: 1 },
      };
  }
}
