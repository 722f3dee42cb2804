import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jsonSchemas } from './schemas.ts';

describe('the published JSON Schemas', () => {
  it.each(Object.entries(jsonSchemas()))(
    '%s is what the program checks with (else: npm run schemas)',
    (name, content) => {
      expect(readFileSync(join(import.meta.dirname, '../..', name), 'utf8')).toBe(content);
    },
  );
});
