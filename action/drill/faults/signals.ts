/** A person or the system ends the run, in each of its stages. */
import {
  type Ending,
  type Expected,
  type Fault,
  GOES_ON,
  INTERRUPTED,
  KILLED,
  type Stage,
} from '../fault.ts';
import { building, deploying, k6Starts, loaded, loading, reporting, writtenDown } from '../moments.ts';

interface Place extends Pick<Fault, 'moment' | 'ground'> {
  readonly stage: Stage;
  readonly words: string;
  /** So late that the run may be over before it hears of it. */
  readonly late?: boolean;
}

const PLACES: readonly Place[] = [
  { stage: 'build', words: 'in the build', moment: building, ground: { slowBuild: true } },
  { stage: 'deploy', words: 'in deployment', moment: deploying },
  { stage: 'load', words: 'while k6 waits', moment: k6Starts },
  { stage: 'load', words: 'under load', moment: loading },
  { stage: 'collect', words: 'when the load is over', moment: loaded, late: true },
  { stage: 'report', words: 'when the report is written', moment: reporting, late: true },
];

type Name = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGKILL';

const EXPECTED: Readonly<Record<Name, Expected>> = {
  SIGINT: { endings: INTERRUPTED, says: /InterruptedError: .*(Interrupted by SIGINT|was interrupted)/ },
  SIGTERM: { endings: INTERRUPTED, says: /InterruptedError: .*(Interrupted by SIGTERM|was interrupted)/ },
  SIGHUP: { endings: INTERRUPTED, says: /InterruptedError: .*(Interrupted by SIGHUP|was interrupted)/ },
  SIGKILL: { endings: KILLED, says: /^/, cleanedBy: ['the next run'] },
};

/** Whoever is too late finds a whole result, or one that was killed in the middle of its charts, or a run that has ended. */
function latest(expected: Expected): Expected {
  const killed = (['whole', 'unrendered'] as const).map((result): Ending => ({ exit: 'SIGKILL', result }));
  const late = expected === EXPECTED.SIGKILL ? [...killed, ...GOES_ON] : GOES_ON;
  return { ...expected, endings: [...expected.endings, ...late], says: /^/ };
}

function faultOf(name: Name, { stage, words, moment, ground, late = false }: Place): Fault {
  return {
    ...{ name: `${name} ${words}`, stage, moment, ...(ground !== undefined && { ground }) },
    short: `${name} ${words}` === 'SIGKILL under load' || `${name} ${words}` === 'SIGTERM in deployment',
    inject: ({ subject }) => subject.kill(name),
    expected: late ? latest(EXPECTED[name]) : EXPECTED[name],
  };
}

export const signals: readonly Fault[] = [
  ...(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const).flatMap((name) =>
    PLACES.map((place) => faultOf(name, place)),
  ),
  {
    ...{ name: "a terminal's Ctrl-C under load, k6 hears it too", stage: 'load', moment: loading },
    inject: ({ subject }) => subject.kill('SIGINT', true),
    expected: EXPECTED.SIGINT,
  },
  {
    ...{ name: 'SIGKILL after a minute of load', stage: 'load', ground: { blocks: 20 }, moment: writtenDown },
    inject: ({ subject }) => subject.kill('SIGKILL'),
    expected: {
      endings: [{ exit: 'SIGKILL', result: 'partial' }],
      ...{ says: /this is partial, \d+ of \d+ min/, cleanedBy: ['the next run'] },
    },
  },
];
