/** When a fault strikes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Scene } from './fault.ts';
import { pidOf } from './processes.ts';

type Moment = (scene: Scene) => Promise<unknown>;

export const building: Moment = ({ subject }) => subject.said(/build one .*sleep/);

/** S3 is up, DynamoDB perhaps, and no function yet. */
export const deploying: Moment = ({ subject }) => subject.said(/S3 \(gofakes3\) at/);

/** k6 has been started and waits for its release. */
export const k6Starts: Moment = ({ subject, sandbox }) =>
  subject.until(() => pidOf('k6', sandbox.folder) !== null, 'k6 started');

/** In the first turns: two variants take 2.6 s to open. */
export const loading: Moment = async ({ subject }) => {
  await subject.said(/ slots, /);
  await sleep(3500);
};

/** The variant was called just now. */
export const serving =
  (variant: string): Moment =>
  async ({ subject, sandbox }) => {
    await subject.said(/ slots, /);
    const calls = () =>
      readFileSync(sandbox.ledger, 'utf8')
        .split('\n')
        .filter((line) => line.startsWith(variant));
    const before = calls().length;
    await subject.until(() => calls().length > before + 5, `${variant} was under load`);
  };

/** k6 has ended: what it sent is put together and compared. */
export const loaded: Moment = async ({ subject, sandbox }) => {
  await subject.said(/ slots, /);
  await subject.until(() => pidOf('k6', sandbox.folder) === null, 'k6 ended');
};

/** The samples are there, and the result is not yet, or is just being written. */
export const reporting: Moment = ({ subject, sandbox }) =>
  subject.wrote(join(sandbox.out, 'samples.parquet'));

/** A minute of a run has been written down. */
export const writtenDown: Moment = ({ subject, sandbox }) =>
  subject.wrote(join(sandbox.out, 'journal', 'load.json'));

export const atOnce: Moment = async () => {};
