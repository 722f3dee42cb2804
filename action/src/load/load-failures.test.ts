import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { scripted } from '../cloud/scripted.ts';
import { DeployError, InterruptedError, LoadError } from '../errors.ts';
import { configOf, processesOf, QUICK, workbench } from './load.fixture.ts';
import { load } from './load.ts';

const { workDir, journalDir, means } = workbench();

describe('a load that cannot go on', () => {
  it('names a variant that answers the pilot with an error, and measures nothing', async () => {
    await using deployment = await scripted({ good: QUICK, bad: { ...QUICK, answer: () => 502 } });
    const failure = await load(configOf(['good', 'bad']), deployment, means()).catch((error) => error);
    expect(failure).toBeInstanceOf(DeployError);
    expect(failure.message).toBe('Variant "bad" answered HTTP 502, body {}.');
    expect(failure.remedy).toMatch(/handler/);
  });

  it('names a variant that answers the pilot with rubbish', async () => {
    await using deployment = await scripted({ bad: { ...QUICK, answer: () => 'garbage' } });
    await expect(load(configOf(['bad']), deployment, means())).rejects.toThrow(
      /^Variant "bad" gave no response: /,
    );
  });

  it('says so when k6 is not there', async () => {
    await using deployment = await scripted({ a: QUICK });
    const failure = await load(configOf(['a']), deployment, means({ k6: '/nowhere/k6' })).catch(
      (error) => error,
    );
    expect(failure).toBeInstanceOf(LoadError);
    expect(failure.message).toMatch(/^k6 could not be started from \/nowhere\/k6: .*ENOENT/);
  });

  it('shows what k6 said when it refuses to begin', async () => {
    await using deployment = await scripted({ a: QUICK });
    const refused = configOf(['a'], { environments: -1 });
    const failure = await load(refused, deployment, means()).catch((error) => error);
    expect(failure).toBeInstanceOf(LoadError);
    expect(failure.message).toMatch(/^k6 ended with exit code 104 .* Its last words:\n.*number of VUs/s);
  });

  it('fails when k6 is killed in the middle', async () => {
    await using deployment = await scripted({ a: QUICK });
    const kill = () => setTimeout(() => process.kill(processesOf(workDir)[0]!, 'SIGKILL'), 500);
    const failure = await load(configOf(['a']), deployment, means({}, kill)).catch((error) => error);
    expect(failure).toBeInstanceOf(LoadError);
    expect(failure.message).toMatch(/^k6 ended by signal SIGKILL before the load was over/);
  }, 60_000);

  it('fails with the deployment’s own error when environments cannot be replaced', async () => {
    await using deployment = await scripted({ a: QUICK });
    let calls = 0;
    const freshEnvironments = async () => {
      if (++calls > 2) throw new DeployError('The platform is gone.', 'Bring it back.');
    };
    const broken = { ...deployment, freshEnvironments };
    await expect(load(configOf(['a']), broken, means())).rejects.toThrow('The platform is gone.');
  }, 60_000);

  it('ends at once when it is interrupted', async () => {
    await using deployment = await scripted({ a: QUICK });
    const interrupt = new AbortController();
    const { signal } = interrupt;
    const stop = () => setTimeout(() => interrupt.abort(), 300);
    const failure = await load(configOf(['a']), deployment, means({ signal }, stop)).catch((error) => error);
    expect(failure).toBeInstanceOf(InterruptedError);
  }, 60_000);

  it('is interrupted in the pilot too', async () => {
    await using deployment = await scripted({ a: { ...QUICK, answer: () => 'hang' } });
    const signal = AbortSignal.timeout(200);
    await expect(load(configOf(['a']), deployment, means({ signal }))).rejects.toThrow(InterruptedError);
  });

  it('leaves no k6 behind when the pipeline itself is killed', async () => {
    await using deployment = await scripted({ a: QUICK });
    const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
    const source = `
      import { load } from ${url('./load.ts')};
      import { Journal } from ${url('./journal.ts')};
      const deployment = { endpoints: new Map([['a', ${JSON.stringify(deployment.endpoints.get('a'))}]]), async freshEnvironments() {} };
      const progress = { line: (scope, message) => console.log(message) };
      const signal = new AbortController().signal;
      await load(${JSON.stringify(configOf(['a'], { blocks: 60 }))}, deployment, { k6: ${JSON.stringify(means().k6)}, progress, signal, workDir: ${JSON.stringify(workDir)}, journal: new Journal(${JSON.stringify(journalDir)}), looks: null });`;
    const pipeline = execa(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source], {
      reject: false,
    });
    await new Promise<void>((resolve, reject) => {
      pipeline.stdout.on('data', (text) => String(text).includes('slots, ') && resolve());
      pipeline.then(({ stderr }) => reject(new Error(stderr)));
    });
    expect(processesOf(workDir)).toHaveLength(1);
    pipeline.kill('SIGKILL');
    await pipeline;
    while (processesOf(workDir).length > 0) await sleep(100);
    for (const left of readdirSync(workDir)) rmSync(join(workDir, left), { recursive: true });
  }, 60_000);
});
