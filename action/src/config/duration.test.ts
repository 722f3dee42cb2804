import { describe, expect, it } from 'vitest';
import { parseArguments } from './arguments.ts';
import { faultOf, resolved, TWO } from './config.fixture.ts';

describe('a duration', () => {
  it('is minutes of a soak, and whole blocks of any other profile', () => {
    expect(resolved(TWO, '--profile', 'soak', '--duration', '1h30m').profile.blocks).toBe(90);
    expect(resolved(TWO, '--duration', '204s').profile).toMatchObject({ blocks: 20, slotSeconds: 5 });
    expect(resolved(TWO, '--duration', '200s', '--base', 'main').profile.blocks).toBe(10);
    expect(resolved(TWO, '--profile', 'soak').profile.blocks).toBe(120);
  });

  it('goes before the blocks of the config', () => {
    const config = resolved(`${TWO}load: { blocks: 30, slotSeconds: 10 }\n`, '--duration', '5m');
    expect(config.profile).toMatchObject({ blocks: 15, slotSeconds: 10 });
  });

  it('is refused where it gives no verdict or more blocks than the test can hold, with what is allowed', () => {
    const short = faultOf(() => resolved(TWO, '--profile', 'soak', '--duration', '7m'));
    expect(short.message).toBe('--duration 7m makes 7 blocks of 1m; a run has 8 to 1000.');
    expect(short.remedy).toContain('give 8m to 16h40m,');
    const long = faultOf(() => resolved(TWO, '--duration', '3h'));
    expect(long.message).toContain('makes 1080 blocks of 10s');
    expect(long.remedy).toContain('set load.slotSeconds');
    const cold = faultOf(() => resolved(TWO, '--profile', 'cold', '--duration', '2h'));
    expect(cold.remedy).toMatch(/or another profile\.$/);
  });

  it('is a length of time', () => {
    for (const wrong of ['', '2', 'h', '2 h', '-1h', '1.5h', '30m1h', '2H', '1e3s'])
      expect(faultOf(() => parseArguments([`--duration=${wrong}`])).message).toBe(
        `--duration "${wrong}" is no length of time such as 2h, 90m, 1h30m or 45s.`,
      );
    expect(parseArguments(['--duration', '2h']).durationMs).toBe(7_200_000);
    expect(parseArguments(['--duration', '1h1m1s']).durationMs).toBe(3_661_000);
  });

  it('is at most four hours on AWS, where what was deployed has an end', () => {
    const aws = ['--target', 'aws', '--duration'];
    expect(faultOf(() => parseArguments([...aws, '4h1m'])).message).toContain('deleted 8h after it began');
    expect(parseArguments([...aws, '4h']).durationMs).toBe(14_400_000);
    expect(parseArguments(['--duration', '5h']).durationMs).toBe(18_000_000);
  });

  it('is at most four hours on AWS, also where blocks and slots of the config make it', () => {
    const aws = (load: string, ...argv: string[]) =>
      resolved(`${TWO}load: ${load}\n`, '--target', 'aws', ...argv);
    const fault = faultOf(() => aws('{ blocks: 241, slotSeconds: 30 }'));
    expect(fault.message).toBe(
      'A load of 4h1m is longer than 4h, and what a run deploys on AWS is deleted 8h after it began.',
    );
    expect(fault.remedy).toContain('load.blocks');
    expect(aws('{ blocks: 240, slotSeconds: 30 }').profile.blocks).toBe(240);
    expect(faultOf(() => aws('{ blocks: 121, slotSeconds: 30 }', '--base', 'main')).message).toContain(
      '4h2m',
    );
    expect(aws('{ blocks: 999, slotSeconds: 16 }', '--duration', '4h').profile.blocks).toBe(450);
    expect(aws('{ blocks: 240 }', '--profile', 'soak').profile.blocks).toBe(240);
    expect(resolved(`${TWO}load: { blocks: 241, slotSeconds: 30 }\n`).profile.blocks).toBe(241);
  });
});
