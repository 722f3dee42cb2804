/** What the machine under a run can lack. */
import { readdirSync } from 'node:fs';
import { execa } from 'execa';
import { FAILS, type Fault, GOES_ON, NOT_TRUSTED, type Scene } from '../fault.ts';
import { atOnce, deploying, loading } from '../moments.ts';

const notRoot = (): string | null =>
  process.getuid?.() === 0 ? null : 'a small file system can be mounted by root only';

/** Lets it have no more descriptors than it has just now. */
async function noMoreDescriptors({ subject }: Scene): Promise<void> {
  const open = readdirSync(`/proc/${subject.pid}/fd`).length;
  await execa('prlimit', ['--pid', String(subject.pid), `--nofile=${open}:${open}`]);
}

const FULL = /PublishError: .* could not be written: .*ENOSPC/;

export const machine: readonly Fault[] = [
  {
    ...{ name: 'disk full for the journal', stage: 'load', ground: { diskBytes: 12_288 }, moment: atOnce },
    ...{ inject: () => {}, impossible: notRoot, expected: { endings: FAILS, says: FULL } },
  },
  {
    ...{ name: 'disk full for the result', stage: 'report', ground: { diskBytes: 57_344 }, moment: atOnce },
    ...{ inject: () => {}, impossible: notRoot, expected: { endings: FAILS, says: FULL } },
  },
  {
    ...{ name: 'disk full for the charts', stage: 'report', ground: { diskBytes: 98_304 }, moment: atOnce },
    ...{ inject: () => {}, impossible: notRoot },
    expected: { endings: [{ exit: 1, result: 'unrendered' }], says: FULL },
  },
  {
    ...{ name: 'no more file descriptors in deployment', stage: 'deploy', moment: deploying },
    inject: noMoreDescriptors,
    expected: { endings: FAILS, says: /EMFILE/ },
  },
  {
    ...{
      name: 'no more file descriptors under load',
      stage: 'load',
      moment: loading,
      inject: noMoreDescriptors,
    },
    expected: { endings: [...FAILS, ...NOT_TRUSTED], says: /EMFILE|gate failed: errors/ },
  },
  {
    ...{
      name: 'clock set forward by an hour',
      stage: 'load',
      ground: { clockStepMs: 3_600_000 },
      moment: loading,
    },
    inject: ({ subject }) => subject.kill('SIGUSR2'),
    expected: { endings: GOES_ON, says: /clock of this machine was moved by 3(599|600)\d{3} ms/ },
  },
  {
    ...{
      name: 'clock set back by an hour',
      stage: 'load',
      ground: { clockStepMs: -3_600_000 },
      moment: loading,
    },
    inject: ({ subject }) => subject.kill('SIGUSR2'),
    expected: { endings: GOES_ON, says: /clock of this machine was moved by -3(599|600)\d{3} ms/ },
  },
];
