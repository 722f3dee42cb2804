import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BOUNDARY_OF_FUNCTIONS, DEPLOY, RUN, TEARDOWN } from '../action/src/cloud/aws/permissions.ts';

it('lists in the README exactly the actions that the roles have', () => {
  const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');
  const section = readme.slice(readme.indexOf('| actions | on | for |'), readme.indexOf('## What was shown'));
  const listed = [...section.matchAll(/`([a-z0-9]+:[A-Z]\w+)`/g)].map(([, action]) => action);
  const granted = [...TEARDOWN, ...RUN, ...DEPLOY, ...BOUNDARY_OF_FUNCTIONS].flatMap(
    ({ actions }) => actions,
  );
  expect(listed).toEqual(granted);
});
