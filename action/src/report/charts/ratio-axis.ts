/** A logarithmic axis of head / base with "the same" in it; smaller is better for every metric, so left is better. */
import { scaleLinear } from 'd3-scale';
import { extentOf } from '../extent.ts';
import { given } from '../units.ts';
import type { Scale, Tick } from './axis.ts';
import { widthOf } from './frame.ts';

/** Beyond a thousandfold an interval is cut at the edge. */
const LARGEST = Math.log(1000);
/** Never so fine that noise fills the picture. */
const SMALLEST = Math.log(1.1);

/** Of ln ratios: wide enough for all of them, 0 included. */
export function ratioScale(logs: readonly number[], range: readonly [number, number]): Scale {
  const [least, most] = extentOf([0, ...logs]);
  const [from, to] = [Math.max(-LARGEST, least), Math.min(LARGEST, most)];
  const widened = Math.max(0, SMALLEST - (to - from)) / 2;
  const air = (to - from) * 0.06 + widened;
  return scaleLinear([from - air, to + air], range).clamp(true);
}

const FACTORS = [1.1, 1.2, 1.5, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000];
const PERCENTS = [0.5, 1, 2, 5, 10, 20];
/** `same` first: what stands in the list first keeps its place when there is no room for all. */
const ORDER = [2, 10, 5, 3, 20, 1.5, 100, 50, 1.2, 1.1, 1000, 200, 500];

/** In words, as the tables say it: `2x less`, `same`, `5 % more`. */
export function ratioTicks(scale: Scale): Tick[] {
  const [from = 0, to = 0] = scale.domain();
  const coarse = to - from > Math.log(1.6);
  const candidates = coarse ? factorTicks() : percentTicks();
  const placed: Tick[] = [];
  for (const tick of [{ at: 0, text: 'same' }, ...candidates]) {
    if (tick.at < from || tick.at > to) continue;
    if (placed.every((other) => !collide(scale, tick, other))) placed.push(tick);
  }
  return placed.sort((a, b) => a.at - b.at);
}

function factorTicks(): Tick[] {
  return [...FACTORS]
    .sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b))
    .flatMap((times) => [
      { at: -Math.log(times), text: `${given(times)}x less` },
      { at: Math.log(times), text: `${given(times)}x more` },
    ]);
}

function percentTicks(): Tick[] {
  return PERCENTS.toReversed().flatMap((percent) => [
    { at: Math.log1p(-percent / 100), text: `${given(percent)} % less` },
    { at: Math.log1p(percent / 100), text: `${given(percent)} % more` },
  ]);
}

function collide(scale: Scale, a: Tick, b: Tick): boolean {
  return Math.abs(scale(a.at) - scale(b.at)) < (widthOf(a.text, 13) + widthOf(b.text, 13)) / 2 + 10;
}
