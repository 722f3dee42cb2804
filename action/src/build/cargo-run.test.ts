import { expect, it } from 'vitest';
import { targetFolder } from './cargo-run.ts';
import type { BuildContext } from './recipe.ts';

const context = (env: BuildContext['env']): BuildContext => ({
  platform: { architecture: 'x86_64', python: null, node: null },
  ...{ tools: {}, cacheDir: '/cache', env, say: () => {}, signal: new AbortController().signal },
});

it('compiles with the variables of a build in a folder of their own, whatever their order', () => {
  const folder = (env: BuildContext['env']) => targetFolder(context(env));
  expect(folder({})).toBe('/cache/build/cargo');
  const both = folder({ A: '1', B: '2' });
  expect(both).toMatch(/^\/cache\/build\/cargo-[0-9a-f]{12}$/);
  expect(folder({ B: '2', A: '1' })).toBe(both);
  expect(folder({ A: '1', B: '3' })).not.toBe(both);
});
