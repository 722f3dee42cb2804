/**
 * The process that faults are done to: `npm run bench` itself, in a place of its own. Started by `subject-process.ts`.
 * Its clock, the only thing that is not the product's, moves by CLOCK_STEP_MS at every SIGUSR2.
 */
import { main } from '../src/cli.ts';

const [place = '', ...argv] = process.argv.slice(2);
const RealDate = Date;
let offsetMs = 0;

class SteppedDate extends RealDate {
  constructor(...given: [] | [number | string]) {
    super(...((given.length === 0 ? [SteppedDate.now()] : given) as [number]));
  }

  static override now(): number {
    return RealDate.now() + offsetMs;
  }
}

const stepMs = Number(process.env.CLOCK_STEP_MS ?? 0);
if (stepMs !== 0) {
  globalThis.Date = SteppedDate as DateConstructor;
  process.on('SIGUSR2', () => {
    offsetMs += stepMs;
  });
}

process.exitCode = await main(argv, { root: place, cwd: place });
