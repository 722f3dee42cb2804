import { describe, expect, it } from 'vitest';
import { functionsSeen, type TextFile } from './seen.ts';

const seen = (...files: TextFile[]) => functionsSeen(files, new Set(files.map(({ path }) => path)));

describe('a Python handler', () => {
  it.each([
    'def lambda_handler(event, context):',
    'def lambda_handler(event: dict, context: LambdaContext) -> dict:',
    'def lambda_handler(event: dict[str, Any], context):',
    'def lambda_handler(event: Dict[str, List[Dict[str, int]]], context: "LambdaContext"):',
    'def lambda_handler(\n    event: dict[str, Any],\n    context: LambdaContext,\n) -> dict:',
    'def lambda_handler(event = {}, context = None):',
    'async def lambda_handler(_event, _context):',
  ])('is seen in %j', (text) => {
    expect(seen({ path: 'app.py', text })).toMatchObject([{ handler: 'app.lambda_handler' }]);
  });

  it.each([
    'def lambda_handler(event):',
    'def lambda_handler(event: dict[str, Any]):',
    'def lambda_handler(event: Tuple[int, Dict[str, int]]) -> None:',
    '    def lambda_handler(self, event):',
    'def handle(event, context):',
  ])('is not seen in %j', (text) => {
    expect(seen({ path: 'app.py', text })).toEqual([]);
  });

  it.each(['def handler(a: ', 'def handler(a:[', '[[x]', '[x]', ' ', '\n', 'def handler'])(
    'is looked for in a time that grows with the file, not faster: %j again and again',
    (part) => {
      const start = performance.now();
      seen({ path: 'app.py', text: `def handler(a: ${part.repeat(200_000)}` });
      expect(performance.now() - start).toBeLessThan(5000);
    },
  );
});
