import { describe, expect, it } from 'vitest';
import { refreshing } from './refreshing.ts';

/** A clock that is set by hand, and a source of values that live an hour and can be made to fail. */
function world() {
  const state = { nowMs: 0, fetched: 0, failing: false };
  const fetch = async () => {
    if (state.failing) throw new Error('no answer');
    return { name: `value ${++state.fetched}`, expiration: new Date(state.nowMs + 3_600_000) };
  };
  return { state, get: refreshing(fetch, () => state.nowMs) };
}

describe('refreshing', () => {
  it('asks once for all who ask at the same time', async () => {
    const { state, get } = world();
    const values = await Promise.all([get(), get(), get()]);
    expect(state.fetched).toBe(1);
    expect(new Set(values).size).toBe(1);
  });

  it('keeps a value until 300 s before its expiry and then asks again', async () => {
    const { state, get } = world();
    await get();
    state.nowMs = 3_600_000 - 300_001;
    expect((await get()).name).toBe('value 1');
    state.nowMs = 3_600_000 - 300_000;
    expect((await get()).name).toBe('value 2');
  });

  it('keeps a value that does not expire', async () => {
    let fetched = 0;
    const get = refreshing<{ nth: number; expiration?: Date }>(async () => ({ nth: ++fetched }));
    await get();
    expect(await get()).toEqual({ nth: 1 });
  });

  it('gives the old value when a new one is not to be had, as long as a minute is left of it', async () => {
    const { state, get } = world();
    await get();
    state.failing = true;
    state.nowMs = 3_600_000 - 60_001;
    expect((await get()).name).toBe('value 1');
    state.nowMs = 3_600_000 - 60_000;
    await expect(get()).rejects.toThrow('no answer');
  });

  it('tries again after a failure', async () => {
    const { state, get } = world();
    state.failing = true;
    await expect(get()).rejects.toThrow('no answer');
    state.failing = false;
    expect((await get()).name).toBe('value 1');
  });
});
