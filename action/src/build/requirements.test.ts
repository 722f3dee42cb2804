import { describe, expect, it } from 'vitest';
import { workshop } from './fixture.ts';
import { keptRequirements } from './requirements.ts';

/** How often pip is asked when the same text comes twice. */
async function installs(text: string): Promise<number> {
  await using shop = await workshop();
  let count = 0;
  const install = async () => void count++;
  for (let call = 0; call < 2; call++)
    await keptRequirements(text, [], { cacheDir: shop.cacheDir, env: {} }, install);
  return count;
}

describe('requirements', () => {
  it.each([
    'six==1.17.0',
    'six==1.17.0 \\\n    --hash=sha256:ab \\\n    --hash sha256:cd\n    # via -r other/requirements.in',
    'six @ https://example.com/six-1.17.0-py2.py3-none-any.whl',
    'six@https://example.com/six.zip',
    'https://example.com/six.tar.gz',
    'six @ git+https://example.com/six.git@main',
    'six; python_version < "3.14"  # not vendor/six, nor file:six',
    'backports.tarfile==1.2.0',
  ])('are installed once where all that is asked for is in their text: %s', async (text) => {
    expect(await installs(`boto3==1.40.0\n${text}\n`)).toBe(1);
  });

  it.each([
    ...['-r base.txt', '--requirement=base.txt', '-c base.txt', '-e .', '--find-links wheels'],
    ...['.', './vendor/six', '../six', '/opt/six', '.[extra]', 'vendor/six', 'vendor/six[extra]'],
    ...['vendor/six-1.17.0-py2.py3-none-any.whl', 'six-1.17.0-py2.py3-none-any.whl', 'six-1.17.0.tar.gz'],
    ...['six @ file:vendor/six.whl', 'six@file:///opt/six.zip', 'file:///opt/six', 'git+file:///opt/six'],
    'six==1.17.0 --hash=sha256:ab\nvendor/other.whl --hash=sha256:cd',
  ])('are installed anew where they name what lies elsewhere: %s', async (text) => {
    expect(await installs(`boto3==1.40.0\n  ${text}\n`)).toBe(2);
  });
});
