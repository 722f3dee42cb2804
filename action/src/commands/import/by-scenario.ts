import { readScenarioName } from '../../load/scenarios.ts';
import { ClientSeries } from './client-series.ts';
import type { Sink } from './sink.ts';

/** The longest of our loads has fewer: 1000 blocks of ten variants, an opening and a window each. */
const MOST_SCENARIOS = 20_000;

/** Sorts requests by the k6 scenario that sent them. */
export class ByScenario implements Sink {
  /** In order of first appearance; `''` is that of requests that do not tell theirs. */
  readonly scenarios = new Map<string, ClientSeries>();
  /** Rows come scenario by scenario: it is looked up once for many. */
  #name = '';
  #series = new ClientSeries();

  request(endMs: number, clientMs: number, succeeded: boolean, scenario: string): void {
    this.#of(scenario).request(endMs, clientMs, succeeded);
  }

  dropped(endMs: number, count: number, scenario: string): void {
    this.#of(scenario).dropped(endMs, count);
  }

  #of(scenario: string): ClientSeries {
    if (scenario === this.#name && this.scenarios.size > 0) return this.#series;
    const name = this.scenarios.size < MOST_SCENARIOS || this.scenarios.has(scenario) ? scenario : '';
    const series = this.scenarios.get(name) ?? new ClientSeries();
    this.scenarios.set(name, series);
    this.#name = scenario;
    this.#series = series;
    return series;
  }

  /** All of them in one. */
  get together(): ClientSeries {
    const [first, ...others] = this.scenarios.values();
    if (first !== undefined && others.length === 0) return first;
    const all = new ClientSeries();
    for (const series of this.scenarios.values()) all.take(series);
    return all;
  }
}

/** Whether the load was laid out by `load/scenarios.ts`, whose scenario names tell block, phase and variant. */
export function isLaidOutByUs(scenarios: ReadonlyMap<string, unknown>): boolean {
  return scenarios.size > 0 && [...scenarios.keys()].every((name) => readScenarioName(name) !== null);
}
